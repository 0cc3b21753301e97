"""Many replications of many options: cut into tasks, carried out by workers, and done again where a worker died."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Protocol, TypeVar

from stepdown.scenarios.errors import RunError, StepdownError

BATCH = 100
"""Replications of a task. Tasks begin at multiples of it, so that files never show how a run was carried out."""

DEATHS = 5
"""So many deaths of workers are not chance."""

Result = TypeVar("Result")
Result_co = TypeVar("Result_co", covariant=True)


@dataclass(frozen=True)
class Task:
    """Some replications of one option: from ``first`` until before ``beyond``."""

    option: str
    first: int
    beyond: int

    @property
    def replications(self) -> range:
        """The numbers of the replications."""
        return range(self.first, self.beyond)


class Work(Protocol[Result_co]):
    """What is done for each task; it is pickled once for each worker."""

    def __call__(self, task: Task) -> Result_co:
        """Carry out one task."""

    def seconds(self, tasks: Sequence[Task]) -> float:
        """Say about how long tasks would take in this process, not counting what has to be compiled for it."""

    def is_compiled(self) -> bool:
        """Whether this machine has compiled everything before."""

    def compile_beside(self) -> None:
        """Compile what `seconds` does not need, while another process is at that."""


class Workers(Protocol[Result_co]):
    """Carry out tasks somewhere: in this process, in several, or on a cluster."""

    def carry_out(self, tasks: Sequence[Task]) -> Generator[tuple[Task, Result_co], None, None]:
        """Yield each task with what was made of it, in whatever order they are finished.

        Raises
        ------
        WorkerDiedError
            If a worker died; tasks that were not yielded are to be handed in again.
        """


class WorkerDiedError(StepdownError):
    """A worker died before it had finished its tasks."""


def tasks_of(options: Iterable[str], runs: int, done: int = 0) -> list[Task]:
    """Return the tasks for the replications from ``done`` (a multiple of `BATCH`) until before ``runs``."""
    return [Task(option, first, min(first + BATCH, runs)) for option in options for first in range(done, runs, BATCH)]


def replicate(tasks: Sequence[Task], workers: Workers[Result]) -> Iterator[tuple[Task, Result]]:
    """Have tasks carried out; yield each with what was made of it, in whatever order they are finished.

    Raises
    ------
    RunError
        If workers die again and again.
    """
    missing = dict.fromkeys(tasks)
    deaths = 0
    while missing:
        try:
            with closing(workers.carry_out(list(missing))) as finished:
                for task, result in finished:
                    del missing[task]
                    yield task, result
        except WorkerDiedError:
            deaths += 1
            if deaths == DEATHS:
                raise RunError(
                    f"workers died {DEATHS} times; the system may have ended them because memory ran out. "
                    "Use fewer processes with --jobs, or keep the tables of fewer runs with --detail"
                ) from None
