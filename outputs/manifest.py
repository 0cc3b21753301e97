"""The manifest of a run: everything that is needed to know where its results come from, and to make them again."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from stepdown.outputs.experiment import Results, opening_of
from stepdown.outputs.run_files import ACTIVITY_ENDING, SCENARIO_ENDING, file_names
from stepdown.outputs.stopping import stopping_data
from stepdown.simulation.software import PACKAGES, software


def manifest(results: Results, settings: Iterable[str], command: str, folder: Path) -> dict[str, Any]:
    """Return the manifest of a run whose other files have been written.

    Parameters
    ----------
    results
        The run.
    settings
        What was set on the command line, as ``path=value``.
    command
        The command that made the run.
    folder
        The folder that holds its files.

    Returns
    -------
    dict
        Plain data for JSON: versions, engine, seed, replications, of how many of them the tables are kept, the
        precision that was asked for and reached (where their number was not given), hashes (SHA-256) of inputs and
        outputs, the measured time, how it opened, and the options with their levers, files and load warnings.
    """
    window, study, plan, versions = results.window, results.study, results.plan, software()
    scenarios = {option: study.options[option] for option in results.options}
    scenario_files = file_names(results.options, SCENARIO_ENDING)
    activity_files = file_names(results.options, ACTIVITY_ENDING)
    return {
        "study": study.name,
        "title": study.title,
        "command": command,
        "made": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        "stepdown": versions["stepdown"],
        "python": versions["python"],
        "packages": {name: versions[name] for name in PACKAGES},
        "engine": plan.engine,
        "seed": plan.seed,
        "replications": results.runs,
        "replications_with_tables": results.runs if plan.detail is None else min(plan.detail, results.runs),
        "precision": stopping_data(plan.stopping),
        "set": list(settings),
        "measured": {
            "from": window.start.isoformat(),
            "days": window.days,
            "warm_up_days": abs(window.opening_day),
            "opening": {name: opening_of(option.scenario) for name, option in scenarios.items()},
        },
        "options": {
            name: {
                "about": option.about,
                "levers": list(option.levers),
                "scenario": scenario_files[name],
                "activity": activity_files[name],
                "load": [str(load) for load in results.loads[name]],
                "overloaded": [load.name for load in results.loads[name] if load.overloaded],
            }
            for name, option in scenarios.items()
        },
        "inputs": {str(file): digest(file) for file in study.files},
        "outputs": {file.relative_to(folder).as_posix(): digest(file) for file in _files(folder)},
    }


def digest(file: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal."""
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())
