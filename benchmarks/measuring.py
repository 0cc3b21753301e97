"""Measures time of one core and memory: in turns, in this process, and in processes of their own."""

from __future__ import annotations

import json
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

import psutil

HERE = Path(__file__).parent
PROGRAM = str(Path(sys.executable).with_name("stepdown"))
"""The command line that is measured: that of the environment of this Python."""

GLANCE = 0.1
"""Seconds between looks at the processes of a command."""


@dataclass(frozen=True)
class Times:
    """Seconds of repetitions of the same work."""

    seconds: tuple[float, ...]

    @property
    def least(self) -> float:
        """The least disturbed repetition."""
        return min(self.seconds)

    @property
    def median(self) -> float:
        """The ordinary repetition."""
        return statistics.median(self.seconds)


def in_turns(works: Mapping[str, Callable[[], object]], repetitions: int) -> dict[str, Times]:
    """Time works of this process, in turns, so that what disturbs the machine disturbs all of them.

    Time is that which the process spent on a core, not that on the clock. Each work should have been done once before.
    """
    seconds: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(repetitions):
        for name, work in works.items():
            begun = time.process_time()
            work()
            seconds[name].append(time.process_time() - begun)
    return {name: Times(tuple(each)) for name, each in seconds.items()}


def peak_memory() -> int:
    """Return the most memory in bytes that this process has had so far.

    Not `ru_maxrss` of `getrusage`: on Linux that of a new process begins with what its parent had.
    """
    return _peak_of("self")


def _peak_of(process: int | str) -> int:
    lines = Path(f"/proc/{process}/status").read_text(encoding="utf-8").splitlines()
    (peak,) = (line.split()[1] for line in lines if line.startswith("VmHWM:"))
    return int(peak) * 1024


def in_fresh_process(script: str, *arguments: object) -> Any:
    """Run a script that lies here in a process of its own, and return what it prints as JSON."""
    command = [sys.executable, str(HERE / script), *map(str, arguments)]
    return json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE, encoding="utf-8").stdout)


@dataclass(frozen=True)
class Course:
    """How a command ran, with all the processes that it started.

    Attributes
    ----------
    seconds, core_seconds
        Time on the clock, and time on cores of all processes together.
    peak
        The most memory in bytes that its first process had.
    peak_together
        The most that all had at one look; what processes share counts once.
    """

    seconds: float
    core_seconds: float
    peak: int
    peak_together: int


def run_command(words: Sequence[str], folder: Path, environment: Mapping[str, str] | None = None) -> Course:
    """Run a command in a folder, and look at its processes while it runs.

    Raises
    ------
    RuntimeError
        If it fails.
    """
    before, begun = _core_seconds_of_children(), time.perf_counter()
    peak = together = 0
    with TemporaryFile("w+") as said:
        running = subprocess.Popen(words, cwd=folder, env=environment, stdout=subprocess.DEVNULL, stderr=said)
        while running.poll() is None:
            with suppress(psutil.Error, OSError, ValueError):  # it has ended in the meantime
                peak = max(peak, _peak_of(running.pid))
                together = max(together, _memory_together(running.pid))
            with suppress(subprocess.TimeoutExpired):
                running.wait(GLANCE)
        seconds = time.perf_counter() - begun
        said.seek(0)
        if running.returncode != 0:
            raise RuntimeError(f"{' '.join(words)} ended with {running.returncode}: {said.read()}")
    return Course(seconds, _core_seconds_of_children() - before, peak, together)


def _core_seconds_of_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _memory_together(pid: int) -> int:
    first = psutil.Process(pid)
    total = 0
    for process in (first, *first.children(recursive=True)):
        with suppress(psutil.Error):
            total += process.memory_full_info().pss
    return total
