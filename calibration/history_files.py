"""A history in a folder of its own: one Parquet file a table, and what it is about as JSON.

Its rows are about single people, though under codes for names: the folder is made for its owner alone.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

import pandas as pd

from stepdown.calibration.history import TABLES, CouncilHistory, Finding, typed
from stepdown.calibration.new_folders import new_folder
from stepdown.scenarios.errors import RunError

ABOUT = "history.json"
"""The file that makes a folder a history."""

VERSION = 1
"""Of the form of these files."""


def write_history(history: CouncilHistory, folder: Path, papers: Mapping[str, str] | None = None) -> None:
    """Write a history into a new folder, which is there when it is complete.

    Parameters
    ----------
    history
        The history.
    folder
        A folder that is not there yet, or is empty.
    papers
        Texts that are kept beside it, by the names of their files.

    Raises
    ------
    RunError
        If the folder is there already, and holds anything.
    """
    with new_folder(folder) as beside:
        for name in TABLES:
            getattr(history, name).to_parquet(beside / f"{name}.parquet", index=False)
        about = {
            "version": VERSION,
            "name": history.name,
            "begins": history.begins.isoformat(),
            "ends": history.ends.isoformat(),
            "simulated": history.simulated,
            "source": history.source,
            "findings": [asdict(finding) for finding in history.findings],
        }
        (beside / ABOUT).write_text(json.dumps(about, indent=1) + "\n", encoding="utf-8")
        for name, text in (papers or {}).items():
            (beside / name).write_text(text, encoding="utf-8")


def read_history(folder: Path) -> CouncilHistory:
    """Read a history that `write_history` wrote.

    Raises
    ------
    RunError
        If there is none in the folder, or it cannot be read.
    """
    if not (folder / ABOUT).is_file():
        raise RunError(f"{folder} holds no history: there is no {ABOUT} in it. Make one with 'stepdown import'")
    try:
        about = json.loads((folder / ABOUT).read_text(encoding="utf-8"))
        if about["version"] != VERSION:
            raise RunError(f"{folder} was written by another version of stepdown. Import the records again")
        tables = {name: typed(pd.read_parquet(folder / f"{name}.parquet"), columns) for name, columns in TABLES.items()}
        return CouncilHistory(
            name=about["name"],
            begins=dt.date.fromisoformat(about["begins"]),
            ends=dt.date.fromisoformat(about["ends"]),
            simulated=about["simulated"],
            source=about["source"],
            findings=tuple(Finding(**finding) for finding in about["findings"]),
            **tables,
        )
    except (KeyError, TypeError, ValueError, OSError) as error:
        raise RunError(f"{folder} is not as 'stepdown import' left it ({type(error).__name__}). Import again") from None
