"""One command in this process, its time shared out among phases, printed as JSON."""

from __future__ import annotations

import json
import sys
import time
from contextlib import redirect_stdout
from io import StringIO

from stopwatch import Stopwatch

STARTING, LOADING, KERNEL, OTHER = "start-up and imports", "loading compiled code", "simulation", "everything else"

WATCHED = {
    "stepdown.scenarios.loader:read_study": "reading the scenario",
    "stepdown.outputs.run_study:work_of": "making networks",
    "stepdown.simulation.compiled.engine:simulate_batch": "tables of the batches",
    "stepdown.simulation.compiled.engine:run": KERNEL,
    "stepdown.outputs.work:summarise": "summarising",
    "stepdown.outputs.work:main_measures": "precision",
    "stepdown.outputs.rounds:main_measures": "precision",
    "stepdown.outputs.stopping:Stopping.looked_at": "precision",
    "stepdown.outputs.work:as_files": "files of the batches",
    "stepdown.outputs.batch_files:BatchFiles.add": "files of the batches",
    "stepdown.outputs.batch_files:BatchFiles.summary": "joining",
    "stepdown.outputs.rounds:join_summaries": "joining",
    "stepdown.outputs.rounds:load_check": "load check",
    "stepdown.outputs.run_study:compare_options": "comparing",
    "stepdown.outputs.run_folder:savings_by_payer": "comparing",
    "stepdown.outputs.board:board_table": "the printed answer",
    "stepdown.outputs.board:sentences": "the printed answer",
    "stepdown.outputs.run_study:_write_tables": "files of the tables that are kept",
    "stepdown.outputs.run_folder:as_yaml": "scenarios and manifest",
    "stepdown.outputs.run_folder:manifest": "scenarios and manifest",
    "stepdown.outputs.run_folder:write_measures": "measure files",
    "stepdown.outputs.run_folder:write_charts": "charts",
}
"""The phase of each function, by where it is looked up when it is called."""


def main(words: list[str]) -> None:
    """Run a command of the command line, and print the time on cores of each phase."""
    stopwatch = Stopwatch()
    for place, phase in WATCHED.items():
        stopwatch.watch(place, phase)
    from stepdown.cli import cli  # noqa: PLC0415 - it is looked up after its parts have come under watch

    started = time.process_time()
    with stopwatch.phase(LOADING):
        _load()
    stopwatch.seconds.clear()
    loaded = time.process_time()
    with stopwatch.phase(OTHER), redirect_stdout(StringIO()):
        cli(words, standalone_mode=False)
    seconds = {STARTING: started, LOADING: loaded - started} | stopwatch.seconds
    print(json.dumps({"seconds": seconds, "total": time.process_time()}))


def _load() -> None:
    """Simulate and summarise once, which loads the compiled code of both."""
    from stepdown.outputs.experiment import Plan  # noqa: PLC0415 - as above
    from stepdown.outputs.stopping import fixed  # noqa: PLC0415
    from stepdown.outputs.work import work_of  # noqa: PLC0415
    from stepdown.scenarios.loader import CARRY_ON, read_study  # noqa: PLC0415
    from stepdown.simulation.replicate import Task  # noqa: PLC0415

    for study in ("orchard-house", "leicester"):
        work_of(read_study(study, ()), [CARRY_ON], Plan(fixed(1)))(Task(CARRY_ON, 0, 1))


if __name__ == "__main__":
    main(sys.argv[1:])
