"""Finished tasks on disk, so that a run that is stopped can go on, and memory does not grow with the number of runs."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import pandas as pd

from stepdown.outputs.summary import Summary
from stepdown.outputs.summary_files import read_summary, write_summary
from stepdown.outputs.table_files import write_tables
from stepdown.scenarios.errors import RunError
from stepdown.simulation.replicate import Task
from stepdown.simulation.tables import Tables

SUMMARY = "summary"


class Finished(NamedTuple):
    """What a worker made of a task.

    Attributes
    ----------
    files
        The contents of its files by name: a worker writes them, so that the process that collects them is not held up.
    main
        The main measures: `stepdown.outputs.precision.main_measures`.
    """

    files: dict[str, bytes]
    main: pd.DataFrame


def as_files(summary: Summary, tables: Tables | None) -> dict[str, bytes]:
    """Return the contents of the files of a task: its summary, and its tables if they are to be kept."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        write_summary(summary, folder / SUMMARY)
        if tables is not None:
            write_tables(tables, folder)
        return {file.name: file.read_bytes() for file in folder.iterdir()}


class BatchFiles:
    """The finished tasks of one run, each in a folder of its own that is complete or not there.

    Parameters
    ----------
    folder
        Where they lie; made if need be.
    options
        The options of the run, in order: a task's folder has the number of its option, whatever that is called.
    """

    def __init__(self, folder: Path, options: Sequence[str]) -> None:
        self._folder = folder
        self._options = tuple(options)
        folder.mkdir(parents=True, exist_ok=True)

    def add(self, task: Task, files: dict[str, bytes]) -> None:
        """Keep what was made of a task."""
        final = self.folder(task)
        partial = final.with_name(f"{final.name}.unfinished")
        for old in (partial, final):
            shutil.rmtree(old, ignore_errors=True)
        partial.mkdir()
        for name, contents in files.items():
            (partial / name).write_bytes(contents)
        partial.rename(final)

    def summary(self, task: Task) -> Summary:
        """Return the summary of a task that is kept."""
        return read_summary(self.folder(task) / SUMMARY)

    def kept(self, task: Task) -> Summary | None:
        """Return the summary of a task; None if it is not kept, or was cut off when the machine lost power."""
        try:
            return self.summary(task) if self.folder(task).is_dir() else None
        except RunError:
            return None

    def runs(self) -> int:
        """Return the number of runs that are kept, all options together."""
        spans = [folder.name.split("-") for folder in self._folder.iterdir() if folder.suffix != ".unfinished"]
        return sum(int(beyond) - int(first) for _, first, beyond in spans)

    def folder(self, task: Task) -> Path:
        """Return where a task is kept, with its tables if it has any."""
        return self._folder / f"{self._options.index(task.option)}-{task.first}-{task.beyond}"
