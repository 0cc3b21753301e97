"""One run from beginning to end: simulate, write, and name the folder."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from stepdown.outputs.activity_files import join_activity
from stepdown.outputs.batch_files import BatchFiles, Finished
from stepdown.outputs.board import compare_options
from stepdown.outputs.doubt import doubt_apart
from stepdown.outputs.experiment import Plan, Results
from stepdown.outputs.progress import progress_bar
from stepdown.outputs.rounds import run_options
from stepdown.outputs.run_files import ACTIVITY, ACTIVITY_ENDING, file_names
from stepdown.outputs.run_folder import write_results
from stepdown.outputs.table_files import Form, TablesWriter
from stepdown.outputs.unfinished import asked_of, unfinished_run
from stepdown.outputs.work import Work, work_of
from stepdown.scenarios.loader import Study
from stepdown.simulation.replicate import tasks_of
from stepdown.simulation.workers import LocalWorkers

if TYPE_CHECKING:
    from stepdown.simulation.cluster import ClusterWorkers


@dataclass(frozen=True)
class Means:
    """By whom a run is carried out, which never shows in its results.

    Attributes
    ----------
    jobs
        Processes on this machine; 1 stays in this one.
    cluster
        The address of a Dask scheduler whose workers do it instead.
    resume
        Go on with a run that was stopped.
    """

    jobs: int = 1
    cluster: str | None = None
    resume: bool = False


@dataclass(frozen=True)
class Output:
    """Where results go.

    Attributes
    ----------
    folder, form
        Where the run's folder goes, and the form of its tables.
    command
        What was typed.
    quiet
        Show no progress.
    """

    folder: Path
    form: Form
    command: str
    quiet: bool = False


def run_study(
    study: Study,
    options: Sequence[str],
    settings: Sequence[str],
    with_comparison: bool,
    plan: Plan,
    means: Means,
    output: Output,
) -> tuple[Results, pd.DataFrame, Path]:
    """Run options of a study into a new folder.

    Parameters
    ----------
    study, options, settings
        What to run, and what was set on the command line.
    with_comparison
        Whether to compare the options, carry-on among them.
    plan, means, output
        What is run of each option, by whom, and where it goes.

    Returns
    -------
    (Results, pd.DataFrame, Path)
        What is kept of the run, the comparison (or an empty table), and the folder, which is complete.
    """
    work = work_of(study, options, plan)
    asked = asked_of(study, options, settings, plan.seed, plan.detail)
    name = f"{study.name}-{dt.datetime.now():%Y-%m-%d-%H%M%S}"
    with (
        unfinished_run(output.folder, name, asked, means.resume, output.command) as run,
        _workers(work, means) as workers,
    ):
        with progress_bar(output.quiet) as progress:
            results = run_options(study, work, workers, run.batches, progress)
            if with_comparison:
                results = replace(results, doubt=doubt_apart(study, work, results.summary, means.jobs, progress))
        rows = compare_options(results) if with_comparison else pd.DataFrame()
        _write_tables(work, run.batches, results.runs, run.results / "tables", output.form)
        _write_activity(work, run.batches, results.runs, run.results)
        write_results(run.results, results, rows, settings, output.command, output.form, workers.pool)
    return results, rows, run.final


def _workers(work: Work, means: Means) -> LocalWorkers[Finished] | ClusterWorkers[Finished]:
    if means.cluster is None:
        return LocalWorkers(work, means.jobs)
    from stepdown.simulation.cluster import ClusterWorkers  # noqa: PLC0415 - an extra that may not be installed

    return ClusterWorkers(work, means.cluster)


def _write_tables(work: Work, batches: BatchFiles, runs: int, folder: Path, form: Form) -> None:
    with TablesWriter(folder, form) as writer:
        for task in tasks_of(work.networks, runs):
            if work.kept_in_detail(task):
                writer.add_files(batches.folder(task))


def _write_activity(work: Work, batches: BatchFiles, runs: int, folder: Path) -> None:
    names = file_names(work.networks, ACTIVITY_ENDING)
    for option in work.networks:
        join_activity([batches.activity(task) for task in tasks_of([option], runs)], folder / ACTIVITY / names[option])
