"""How long the command line takes to begin, and how long the very first run takes."""

from __future__ import annotations

import os
from pathlib import Path
from tempfile import TemporaryDirectory

from measuring import PROGRAM, Course, Times, run_command
from report import Section, Table, figures

REPETITIONS = 9
COMMANDS = (["--help"], ["--version"], ["list"], ["check", "orchard-house"])

HOW = f"""\
Each command in {REPETITIONS} fresh processes, one after the other: the least and, in brackets, the median of time on
the clock, and the least of time on cores. The very first run after an installation compiles what the later ones load.
Here Numba keeps it in a folder that is empty before the first run; Python's own compiled files are there already."""


def starting() -> Section:
    """Time the beginning of commands, and the first run."""
    with TemporaryDirectory() as folder:
        return Section("Start-up, and the very first run", HOW, (_commands(Path(folder)), _first_runs(Path(folder))))


def _commands(folder: Path) -> Table:
    rows = []
    for words in COMMANDS:
        courses = [run_command([PROGRAM, *words], folder) for _ in range(REPETITIONS)]
        times = Times(tuple(course.seconds for course in courses))
        least = min(course.core_seconds for course in courses)
        rows.append((f"`stepdown {' '.join(words)}`", f"{times.least:.2f} ({times.median:.2f})", f"{least:.2f}"))
    return Table(("command", "seconds", "on cores"), rows)


def _first_runs(folder: Path) -> Table:
    rows = []
    for words in (["run", "orchard-house", "--runs", "1"], ["compare", "orchard-house"]):
        with TemporaryDirectory() as cache:
            first, second = (_run(words, folder, cache) for _ in range(2))
        rows.append((f"`stepdown {' '.join(words)}`", *_seconds(first), *_seconds(second)))
    return Table(("command", "first run, seconds", "on cores", "second run, seconds", "on cores"), rows)


def _run(words: list[str], folder: Path, cache: str) -> Course:
    return run_command([PROGRAM, *words, "--quiet"], folder, {**os.environ, "NUMBA_CACHE_DIR": cache})


def _seconds(course: Course) -> tuple[str, str]:
    return figures(course.seconds), figures(course.core_seconds)
