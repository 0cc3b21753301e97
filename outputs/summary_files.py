"""A summary in one file and back, exactly as it was: plain arrays, and a head in JSON that says what they are.

The form is NumPy's npz, without pickles, so that reading a file can run nothing.
"""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import numpy as np

from stepdown.outputs.sheets import Keys, Numbers, Sheet
from stepdown.outputs.summary_parts import OptionSummary, Sheets, Summary
from stepdown.outputs.tally import Tally
from stepdown.scenarios.errors import RunError

HEAD = "head"
"""The array that holds the head."""


def write_summary(summary: Summary, path: Path) -> None:
    """Write a summary to a file; there is none, or the one that was there, until all is written."""
    arrays: dict[str, Numbers] = {}
    options = [_option_head(one, f"{number}", arrays) for number, one in enumerate(summary.options)]
    arrays[HEAD] = np.frombuffer(json.dumps(options).encode(), dtype=np.uint8)
    partial = path.with_name(f".{path.name}.unfinished")
    with partial.open("wb") as file:
        np.savez(file, allow_pickle=False, **arrays)
    partial.replace(path)


def read_summary(path: Path) -> Summary:
    """Read the summary that `write_summary` wrote.

    Raises
    ------
    RunError
        If the file is no summary.
    """
    try:
        # NumPy does not close a file that it opened and found to be cut off.
        with path.open("rb") as opened, np.load(opened, allow_pickle=False) as file:
            arrays = {name: file[name] for name in file.files}
        options = json.loads(arrays[HEAD].tobytes())
        return Summary(tuple(_option(head, f"{number}", arrays) for number, head in enumerate(options)))
    except (OSError, EOFError, ValueError, KeyError, TypeError, zipfile.BadZipFile) as error:
        raise RunError(f"{path} is not a summary of runs ({error}). Remove it, and run the options again") from None


def _option_head(one: OptionSummary, at: str, arrays: dict[str, Numbers]) -> dict[str, Any]:
    """Return what is told of an option in the head, and put its arrays beside."""
    arrays[f"{at}.replications"] = one.replications
    for name, column in one.times._asdict().items():
        if name != "keys":
            arrays[f"{at}.times.{name}"] = column
    return {
        "option": one.option,
        "sheets": {name: _sheet_head(sheet, f"{at}.{name}", arrays) for name, sheet in one.sheets._asdict().items()},
        "times": _keys_head(one.times.keys, f"{at}.times", arrays),
    }


def _sheet_head(sheet: Sheet, at: str, arrays: dict[str, Numbers]) -> dict[str, Any]:
    arrays[f"{at}.numbers"] = sheet.numbers
    for name, values in sheet.fixed.items():
        arrays[f"{at}.fixed.{name}"] = values
    return {
        "keys": _keys_head(sheet.keys, at, arrays),
        "columns": sheet.columns,
        "scale": sheet.scale,
        "absent": None if np.isnan(sheet.absent) else sheet.absent,
        "fixed": list(sheet.fixed),
        "sparse": sheet.sparse,
    }


def _keys_head(keys: Keys, at: str, arrays: dict[str, Numbers]) -> dict[str, Any]:
    arrays[f"{at}.codes"] = keys.codes
    return {"names": keys.names, "labels": keys.labels}


def _option(head: dict[str, Any], at: str, arrays: dict[str, Numbers]) -> OptionSummary:
    sheets = {name: _sheet(head["sheets"][name], f"{at}.{name}", arrays) for name in Sheets._fields}
    columns = {name: arrays[f"{at}.times.{name}"] for name in Tally._fields if name != "keys"}
    times = Tally(_keys(head["times"], f"{at}.times", arrays), **columns)
    return OptionSummary(head["option"], arrays[f"{at}.replications"], Sheets(**sheets), times)


def _sheet(head: dict[str, Any], at: str, arrays: dict[str, Numbers]) -> Sheet:
    return Sheet(
        _keys(head["keys"], at, arrays),
        tuple(head["columns"]),
        arrays[f"{at}.numbers"],
        head["scale"],
        np.nan if head["absent"] is None else head["absent"],
        {name: arrays[f"{at}.fixed.{name}"] for name in head["fixed"]},
        head["sparse"],
    )


def _keys(head: dict[str, Any], at: str, arrays: dict[str, Numbers]) -> Keys:
    return Keys(tuple(head["names"]), tuple(map(tuple, head["labels"])), arrays[f"{at}.codes"])
