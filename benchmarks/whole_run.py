"""Where the time and the memory of a whole comparison go."""

from __future__ import annotations

import os
from pathlib import Path
from tempfile import TemporaryDirectory

from measuring import PROGRAM, in_fresh_process, run_command
from phases import KERNEL
from report import Section, Table, figures, megabytes

RUNS = 1000
OPTIONS = 10
"""Those of `leicester`."""

JOBS = os.cpu_count() or 1
LONGER = (1000, 2000, 4000)
FEW = ("--option", "package")

HOW = f"""\
`stepdown compare leicester --runs {RUNS}`: {OPTIONS} options, {RUNS * OPTIONS:,} replications. For the phases it runs
in one process (`--jobs 1`) whose functions are watched from outside; each phase is the time on a core that its
functions took without those of other phases that they called. Compiled code, which this machine has compiled before,
is loaded beforehand, as a phase of its own.

Then the command as it is typed, with {JOBS} processes and with one, each run once: time on the clock; time on cores of
all processes; the most memory of the first process (`VmHWM`), and of all processes together (PSS, looked at ten times a
second, which itself takes a little time from them)."""

FLAT = f"""\
Whether memory stays flat: `stepdown compare leicester {" ".join(FEW)} --runs N --jobs {JOBS}`, two options."""


def whole_run() -> Section:
    """Share out the time of a comparison, and measure it as a whole."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        compare = ["compare", "leicester", "--quiet"]
        asked = [*compare, "--runs", str(RUNS), "--output", str(folder)]
        run_command([PROGRAM, *compare, "--runs", "1"], folder)  # compiles what this machine has not compiled yet
        found = in_fresh_process("phases.py", *asked, "--jobs", "1")
        kernel = found["seconds"][KERNEL]
        tables = [
            _phases(found["seconds"], found["total"]),
            _courses([(jobs, [*asked, "--jobs", str(jobs)]) for jobs in dict.fromkeys((1, JOBS))], folder, kernel),
        ]
        flat = [(runs, [*compare, *FEW, "--runs", str(runs), "--jobs", str(JOBS)]) for runs in LONGER]
        memory = _memory(flat, folder)
    return Section("Where the time of a comparison goes", f"{HOW}\n\n{FLAT}", (*tables, memory))


def _phases(seconds: dict[str, float], total: float) -> Table:
    rows = [
        (phase, f"{spent:.2f}", f"{spent / total:.1%}")
        for phase, spent in sorted(seconds.items(), key=lambda item: -item[1])
    ]
    rows.append(("not watched", *(_rest(seconds, total))))
    return Table(("phase", "seconds on a core", "share"), [*rows, ("total", f"{total:.2f}", "100.0%")])


def _rest(seconds: dict[str, float], total: float) -> tuple[str, str]:
    rest = total - sum(seconds.values())
    return f"{rest:.2f}", f"{rest / total:.1%}"


def _courses(commands: list[tuple[int, list[str]]], folder: Path, kernel: float) -> Table:
    rows = []
    for jobs, words in commands:
        course = run_command([PROGRAM, *words], folder)
        times = (course.seconds, course.core_seconds, course.core_seconds / kernel)
        rows.append((f"{jobs}", *map(figures, times), *map(megabytes, (course.peak, course.peak_together))))
    heads = ("processes", "seconds", "on cores", "on cores / simulation", "MB, first process", "MB, all together")
    return Table(heads, rows)


def _memory(commands: list[tuple[int, list[str]]], folder: Path) -> Table:
    rows = []
    for runs, words in commands:
        course = run_command([PROGRAM, *words, "--output", str(folder)], folder)
        times, memory = (course.seconds, course.core_seconds), (course.peak, course.peak_together)
        rows.append((f"{runs:,}", *map(figures, times), *map(megabytes, memory)))
    return Table(("runs of each option", "seconds", "on cores", "MB, first process", "MB, all together"), rows)
