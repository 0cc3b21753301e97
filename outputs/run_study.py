"""One run from beginning to end: simulate, write, and name the folder."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from stepdown.outputs.board import compare_options
from stepdown.outputs.experiment import Results, run_options
from stepdown.outputs.progress import progress_bar
from stepdown.outputs.run_folder import new_run_folder, write_results
from stepdown.outputs.table_files import Form, TablesWriter
from stepdown.scenarios.loader import Study


def run_study(
    study: Study,
    options: Sequence[str],
    settings: Sequence[str],
    command: str,
    with_comparison: bool,
    quiet: bool,
    runs: int,
    seed: int,
    jobs: int,
    output: Path,
    tables: Form,
) -> tuple[Results, pd.DataFrame, Path]:
    """Run options of a study into a new folder.

    Parameters
    ----------
    study, options
        What to run.
    settings, command
        What was set and typed on the command line, for the manifest.
    with_comparison
        Whether to compare the options, carry-on among them.
    quiet
        Show no progress.
    runs, seed, jobs
        Replications of each option, the address of their chance, and processes.
    output, tables
        Where the folder goes, and the form of its tables.

    Returns
    -------
    (Results, pd.DataFrame, Path)
        What is kept of the run, the comparison (or an empty table), and the folder, which is complete.
    """
    with new_run_folder(output, study) as (partial, final):
        with TablesWriter(partial / "tables", tables) as writer, progress_bar(options, runs, quiet) as progress:
            results = run_options(study, options, runs, seed, jobs, writer.add, progress)
        rows = compare_options(results) if with_comparison else pd.DataFrame()
        write_results(partial, results, rows, settings, command, tables, jobs)
    return results, rows, final
