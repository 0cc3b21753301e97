"""Runs of one option for what it says of housing need: nothing else is kept of them, and there is no folder."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from stepdown.outputs.experiment import Plan
from stepdown.outputs.measured_runs import measure_runs
from stepdown.outputs.measures.housing_need import HousingNeed, housing_need
from stepdown.outputs.measures.periods import Periods, financial_years
from stepdown.outputs.progress import progress_bar
from stepdown.outputs.stopping import fixed
from stepdown.outputs.work import work_of
from stepdown.scenarios.loader import Study
from stepdown.scenarios.schema import Scenario
from stepdown.simulation.tables import Window


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
    with progress_bar(quiet) as progress:
        parts = measure_runs(work, runs, housing_need, jobs, progress)[option]
    need = HousingNeed(*(np.concatenate(same)[..., :years] for same in zip(*parts, strict=True)))
    return NeedRuns(study, option, runs, seed, engine, work.window, need)
