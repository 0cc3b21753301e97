"""Runs of one option for what it says of housing need: nothing else is kept of them, and there is no folder."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from stepdown.outputs.experiment import Plan
from stepdown.outputs.measures.history import read_history
from stepdown.outputs.measures.housing_need import HousingNeed, housing_need
from stepdown.outputs.measures.periods import Periods, financial_years
from stepdown.outputs.measures.runs import find_runs
from stepdown.outputs.progress import progress_bar
from stepdown.outputs.stopping import fixed
from stepdown.outputs.work import Work, work_of
from stepdown.scenarios.loader import Study
from stepdown.scenarios.schema import Scenario
from stepdown.simulation.replicate import Task, replicate, tasks_of
from stepdown.simulation.tables import Window
from stepdown.simulation.workers import LocalWorkers


@dataclass(frozen=True)
class NeedRuns:
    """What the runs of one option say of housing need.

    Attributes
    ----------
    study, option
        What was run.
    runs, seed, engine
        How many replications, the address of their chance, and what simulated them.
    window
        The time that was measured.
    need
        Supply and demand of each run, for the years that were asked for.
    """

    study: Study
    option: str
    runs: int
    seed: int
    engine: str
    window: Window
    need: HousingNeed

    @property
    def scenario(self) -> Scenario:
        """What was simulated."""
        return self.study.options[self.option].scenario

    @property
    def years(self) -> Periods:
        """The financial years that are told of."""
        years, number = financial_years(self.window), self.need.places.shape[-1]
        return Periods(years.edges[: number + 1], years.labels[:number])


@dataclass(frozen=True)
class NeedWork:
    """What workers do: simulate the replications of a task, and keep their supply and demand."""

    work: Work

    def __call__(self, task: Task) -> HousingNeed:
        """Carry out one task."""
        tables, work = self.work.simulate(task), self.work
        runs = find_runs(tables, [(task.option, replication) for replication in task.replications])
        return housing_need(read_history(tables, work.scenarios[task.option], work.window, runs))

    def seconds(self, tasks: Sequence[Task]) -> float:
        """Say about how long tasks would take in this process."""
        return self.work.seconds(tasks)

    def is_compiled(self) -> bool:
        """Whether this machine has compiled everything before."""
        return self.work.is_compiled()

    def compile_beside(self) -> None:
        """Compile all measures, and not only those of need: once the engine is there, they count as compiled."""
        self.work.compile_beside()


def run_needs(
    study: Study, option: str, years: int, runs: int, seed: int, engine: str, jobs: int, quiet: bool
) -> NeedRuns:
    """Simulate an option, and keep its supply and demand.

    Parameters
    ----------
    study, option
        What to run.
    years
        Financial years to tell of, from the first; all that are measured if these are fewer.
    runs, seed, engine
        How many replications, the address of their chance, and what simulates them.
    jobs
        Processes; 1 stays in this one.
    quiet
        Show no progress.
    """
    work = work_of(study, [option], Plan(fixed(runs), seed, engine=engine))
    found: dict[Task, HousingNeed] = {}
    with LocalWorkers(NeedWork(work), jobs) as workers, progress_bar(quiet) as progress:
        for task, need in replicate(tasks_of([option], runs), workers):
            found[task] = HousingNeed(*(amount[..., :years] for amount in need))
            progress(sum(len(task.replications) for task in found), runs)
    # In the order of the replications, whoever was finished first.
    parts = [found[task] for task in tasks_of([option], runs)]
    need = HousingNeed(*(np.concatenate(same) for same in zip(*parts, strict=True)))
    return NeedRuns(study, option, runs, seed, engine, work.window, need)
