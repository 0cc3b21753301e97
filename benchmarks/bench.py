"""Measure stepdown and print tables: `make bench` for everything, `make bench ONLY=ciw` for a part.

Everything together is also written to docs/benchmarks.md. Linux only, because memory is read from /proc.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

from against_ciw import against_ciw
from both_engines import both_engines
from growth import growth
from machine import machine
from report import Section
from starting import starting
from whole_run import whole_run

DOCUMENT = Path(__file__).parents[1] / "docs" / "benchmarks.md"

PARTS: dict[str, Callable[[], Section]] = {
    "engines": both_engines,
    "ciw": against_ciw,
    "growth": growth,
    "whole": whole_run,
    "start": starting,
}

HEAD = """\
# Benchmarks

Written by `make bench`, in one go, on the machine below; `make bench ONLY=ciw` prints a part (`engines`, `ciw`,
`growth`, `whole`, `start`) and writes nothing. The programs are in [benchmarks](../benchmarks). Time on a core is of
one core; it still depends on what else the machine does, because cores share their caches and their clock. So what is
compared takes turns, and the least of the repetitions is shown first: figures from one table may be compared, figures
from different machines may not.
"""


def main() -> None:
    """Measure what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", choices=PARTS, help="print this part, and write no document")
    only = parser.parse_args().only
    parts = [f"{HEAD}\n{machine().markdown()}\n"]
    print(parts[0], flush=True)
    for name, measure in PARTS.items():
        if only in (None, name):
            parts.append(measure().markdown())
            print(parts[-1], flush=True)
    if only is None:
        beside = DOCUMENT.with_suffix(".unfinished")
        beside.write_text("\n".join(parts), encoding="utf-8", newline="\n")
        beside.rename(DOCUMENT)


if __name__ == "__main__":
    main()
