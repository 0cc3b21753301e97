"""Folders that are there when everything is in them, and that never take the place of anything."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from stepdown.scenarios.errors import RunError


@contextmanager
def new_folder(folder: Path) -> Iterator[Path]:
    """Give a folder to fill, readable by its owner alone, and put it in its place when everything is in it.

    Records, and scenarios with a caseload, may be about single people.

    Raises
    ------
    RunError
        If there is something of that name already that is not an empty folder.
    """
    require_new(folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    beside = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))  # readable by its owner alone
    try:
        yield beside
        if folder.exists():
            folder.rmdir()
        beside.rename(folder)
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def require_new(folder: Path) -> None:
    """Refuse a folder that holds anything, before any work is done for it.

    Raises
    ------
    RunError
        If it does.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise RunError(f"{folder} is there already, and what it holds is not overwritten. Name another with -o")
