"""Running options of a study within a test, without a folder of results."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from stepdown.outputs.batch_files import BatchFiles
from stepdown.outputs.experiment import Plan, Results
from stepdown.outputs.rounds import run_options
from stepdown.outputs.stopping import Stopping, fixed
from stepdown.outputs.table_files import read_tables
from stepdown.outputs.work import work_of
from stepdown.scenarios.loader import Study
from stepdown.simulation.replicate import tasks_of
from stepdown.simulation.tables import Tables, concatenate
from stepdown.simulation.workers import LocalWorkers


def ran(
    study: Study, options: Sequence[str], stopping: Stopping | int, jobs: int = 1, seed: int = 1
) -> tuple[Results, Tables, list[tuple[int, int]]]:
    """Run options of a study; return what is kept of them, their tables, and what progress was told."""
    told: list[tuple[int, int]] = []
    plan = Plan(fixed(stopping) if isinstance(stopping, int) else stopping, seed)
    work = work_of(study, options, plan)
    with TemporaryDirectory() as folder, LocalWorkers(work, jobs) as workers:
        batches = BatchFiles(Path(folder), options)
        results = run_options(study, work, workers, batches, lambda *said: told.append(said))
        tables = concatenate([read_tables(batches.folder(task)) for task in tasks_of(options, results.runs)])
    places = tables.places.drop_duplicates(ignore_index=True)  # each batch has those of its option
    return results, tables._replace(places=places), told
