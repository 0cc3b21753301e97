"""Files that are there as a whole or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def written_whole(path: Path) -> Iterator[Path]:
    """Give a file to write beside a path, and put it in its place when all is written.

    Until then there is no file, or the one that was there. The folder is made if need be.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.unfinished")
    try:
        yield partial
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
