"""Rounds of runs: options are simulated until there are enough replications, and what is kept of them is joined."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import pandas as pd

from stepdown.outputs.batch_files import BatchFiles, Finished
from stepdown.outputs.experiment import Results
from stepdown.outputs.measures.load import load_check
from stepdown.outputs.precision import main_measures
from stepdown.outputs.summary import Summary, join_summaries
from stepdown.outputs.work import Work
from stepdown.scenarios.loader import Study
from stepdown.simulation.replicate import Task, Workers, replicate, tasks_of

Progress = Callable[[int, int], None]
"""Called with the replications that are finished, and those that are expected so far, all options together."""


def run_options(
    study: Study, work: Work, workers: Workers[Finished], batches: BatchFiles, progress: Progress
) -> Results:
    """Simulate options until there are enough replications, and summarise them.

    Parameters
    ----------
    study
        What is run.
    work, workers
        What is done for each batch of replications, and who does it.
    batches
        Where finished batches are kept; those that are there already are not made again.
    progress
        Told how far it is.
    """
    rounds = _Rounds(work, workers, batches, progress)
    stopping, runs, wanted = work.plan.stopping, 0, work.plan.stopping.fewest
    while runs < wanted:
        rounds.make(tasks_of(work.networks, wanted, runs))
        stopping, runs = stopping.looked_at(rounds.values()), wanted
        wanted = stopping.next_runs(runs)
    loads = {option: load_check(network) for option, network in work.networks.items()}
    plan = replace(work.plan, stopping=stopping)
    return Results(study, tuple(work.networks), runs, plan, work.window, rounds.summary(runs), loads)


class _Rounds:
    """The replications so far: their main measures at hand, everything else on disk."""

    def __init__(self, work: Work, workers: Workers[Finished], batches: BatchFiles, progress: Progress) -> None:
        self._work = work
        self._workers = workers
        self._batches = batches
        self._progress = progress
        self._main: dict[Task, pd.DataFrame] = {}
        self._finished = self._expected = 0

    def make(self, tasks: Sequence[Task]) -> None:
        """Make one round: all of its tasks that are not kept already."""
        self._expected += sum(len(task.replications) for task in tasks)
        missing = []
        for task in tasks:
            kept = self._batches.kept(task)
            if kept is None:
                missing.append(task)
            else:
                self._note(task, main_measures(kept, self._work.window))
        for task, finished in replicate(missing, self._workers):
            self._batches.add(task, finished.files)
            self._note(task, finished.main)

    def _note(self, task: Task, main: pd.DataFrame) -> None:
        self._main[task] = main
        self._finished += len(task.replications)
        self._progress(self._finished, self._expected)

    def values(self) -> dict[str, pd.DataFrame]:
        """Return the main measures of all replications by option, in order."""
        by_option: dict[str, list[Task]] = {option: [] for option in self._work.networks}
        for task in sorted(self._main, key=lambda task: task.first):
            by_option[task.option].append(task)
        return {option: pd.concat([self._main[task] for task in tasks]) for option, tasks in by_option.items()}

    def summary(self, runs: int) -> Summary:
        """Join what is kept, in the order of options and replications, whatever the order in which it came.

        One option at a time, so that no more than one option's batches are in memory beside what they are joined to.
        """
        joined = (
            join_summaries([self._batches.summary(task) for task in tasks_of([option], runs)])
            for option in self._work.networks
        )
        return Summary(tuple(one for summary in joined for one in summary.options))
