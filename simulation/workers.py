"""Workers on this machine: this process alone, or several processes that are ended with it."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import BrokenExecutor, as_completed, wait
from contextlib import contextmanager
from typing import Any, Generic, TypeVar

from loky import ProcessPoolExecutor

from stepdown.simulation.replicate import Task, Work, WorkerDiedError

Made = TypeVar("Made")

WORTH_STARTING = 3.0
"""Seconds of work for which it is worth to start processes: each needs one or two to begin."""

_begun: list[Work[Any]] = []
"""The work of this process, where it is a worker."""


class LocalWorkers(Generic[Made]):
    """Carries tasks out in several processes, or in this one where that is quicker; use it within ``with``.

    Parameters
    ----------
    work
        What is done for each task.
    jobs
        Processes; 1 stays in this one.

    Attributes
    ----------
    pool
        The processes, once there are some; they may do other work, too.
    """

    def __init__(self, work: Work[Made], jobs: int) -> None:
        self._work = work
        self._jobs = jobs
        self.pool: ProcessPoolExecutor | None = None
        self._size = 0

    def __enter__(self) -> LocalWorkers[Made]:
        """Start nothing yet."""
        return self

    def __exit__(self, *error: object) -> None:
        """End the processes."""
        self._end()

    def carry_out(self, tasks: Sequence[Task]) -> Generator[tuple[Task, Made], None, None]:
        """Yield each task with what was made of it; see `stepdown.simulation.replicate.Workers`."""
        if self.pool is None and (self._jobs == 1 or self._seconds(tasks) < WORTH_STARTING):
            for task in tasks:
                yield task, self._work(task)
        else:
            yield from self._share_out(tasks)

    def _seconds(self, tasks: Sequence[Task]) -> float:
        """Say how long tasks would take here; what has to be compiled first is compiled by two processes at once."""
        if self._work.is_compiled():
            return self._work.seconds(tasks)
        with _ctrl_c_ignored():
            beside = self._begun_for(1).submit(_compile_beside)
        seconds = self._work.seconds(tasks)
        wait([beside])  # whatever became of it: what it did not compile is compiled where it is needed
        self._end()
        return seconds

    def _share_out(self, tasks: Sequence[Task]) -> Generator[tuple[Task, Made], None, None]:
        try:
            with _ctrl_c_ignored():
                pool = self._begun_for(len(tasks))
                futures = {pool.submit(_carry_out, task): task for task in tasks}
            for future in as_completed(set(futures)):
                yield futures.pop(future), future.result()
        except BrokenExecutor:
            self._end()
            raise WorkerDiedError("a process that simulated has died") from None

    def _begun_for(self, tasks: int) -> ProcessPoolExecutor:
        """Return processes, no more of them than there are tasks to do at once."""
        wanted = min(self._jobs, tasks)
        if self.pool is None or self._size < wanted:
            self._end()
            self._size = wanted
            self.pool = ProcessPoolExecutor(wanted, initializer=_begin, initargs=(self._work, os.getpid()))
        return self.pool

    def _end(self) -> None:
        if self.pool is not None:
            self.pool.shutdown(kill_workers=True)
            self.pool = None


def _begin(work: Work[Any], parent: int) -> None:
    """Begin a worker's life: it is sent the work once, leaves Ctrl-C to its parent, and does not outlive it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _begun.append(work)
    if os.name == "posix":  # elsewhere a process keeps the number of a parent that has gone
        threading.Thread(target=_end_with, args=(parent,), daemon=True).start()


def _end_with(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(0.5)
    os._exit(1)


def _carry_out(task: Task) -> Any:
    return _begun[0](task)


def _compile_beside() -> None:
    _begun[0].compile_beside()


@contextmanager
def _ctrl_c_ignored() -> Iterator[None]:
    """Let processes that begin meanwhile ignore Ctrl-C for good: this one hears it, and ends them without a word."""
    if threading.current_thread() is not threading.main_thread():  # signals belong to the main thread
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
