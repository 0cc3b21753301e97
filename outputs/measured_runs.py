"""Runs of which one measure is kept and nothing else: there is no folder, and no table is left."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from stepdown.outputs.measures.history import History, read_history
from stepdown.outputs.measures.runs import find_runs
from stepdown.outputs.work import Work
from stepdown.simulation.replicate import Task, replicate, tasks_of
from stepdown.simulation.workers import LocalWorkers

Kept = TypeVar("Kept")

Progress = Callable[[int, int], None]
"""Called with the replications that are finished, and those that are to be made, all options together."""


@dataclass(frozen=True)
class MeasuringWork(Generic[Kept]):
    """What workers do: simulate the replications of a task, and keep what a measure says of them."""

    work: Work
    measure: Callable[[History], Kept]

    def __call__(self, task: Task) -> Kept:
        """Carry out one task."""
        tables, work = self.work.simulate(task), self.work
        runs = find_runs(tables, [(task.option, replication) for replication in task.replications])
        return self.measure(read_history(tables, work.scenarios[task.option], work.window, runs))

    def seconds(self, tasks: Sequence[Task]) -> float:
        """Say about how long tasks would take in this process."""
        return self.work.seconds(tasks)

    def is_compiled(self) -> bool:
        """Whether this machine has compiled everything before."""
        return self.work.is_compiled()

    def compile_beside(self) -> None:
        """Compile all measures, and not only this one: once the engine is there, they count as compiled."""
        self.work.compile_beside()


def measure_runs(
    work: Work, runs: int, measure: Callable[[History], Kept], jobs: int, progress: Progress
) -> dict[str, list[Kept]]:
    """Simulate replications of every option of some work, and keep what a measure says of them.

    Parameters
    ----------
    work, runs
        What is simulated, and how many replications of each option.
    measure
        A function of a module, because it goes to other processes.
    jobs
        Processes; 1 stays in this one.
    progress
        Told how far it is.

    Returns
    -------
    dict
        By option, what is kept of each batch, in the order of the replications, whoever was finished first.
    """
    found: dict[Task, Kept] = {}
    tasks = tasks_of(work.networks, runs)
    with LocalWorkers(MeasuringWork(work, measure), jobs) as workers:
        for task, kept in replicate(tasks, workers):
            found[task] = kept
            progress(sum(len(task.replications) for task in found), runs * len(work.networks))
    return {option: [found[task] for task in tasks if task.option == option] for option in work.networks}
