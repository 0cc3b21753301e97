"""A finished run, read back from its folder: what was run, and what happened that somebody pays for."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from stepdown.outputs.activity_files import read_activity
from stepdown.outputs.measures.activity import Activity
from stepdown.outputs.run_files import ACTIVITY, MANIFEST, SCENARIOS, SUMMARY
from stepdown.outputs.summary import Summary
from stepdown.outputs.summary_files import read_summary
from stepdown.scenarios.errors import NotComparableError, RunError
from stepdown.scenarios.loader import CARRY_ON, Option
from stepdown.scenarios.resolved import Resolved, read_resolved
from stepdown.simulation.tables import Window


@dataclass(frozen=True)
class FinishedRun:
    """A finished run.

    Attributes
    ----------
    folder
        Where it lies.
    manifest
        What it says of itself.
    options
        Its options by name, in order, as they were run or with other money laid over them.
    window
        The time that was measured.
    """

    folder: Path
    manifest: Mapping[str, Any]
    options: Mapping[str, Option]
    window: Window

    @property
    def compared(self) -> tuple[str, ...]:
        """The options beside carry-on.

        Raises
        ------
        NotComparableError
            If carry-on was not run, or nothing else was.
        """
        if CARRY_ON not in self.options or len(self.options) < 2:
            raise NotComparableError(
                f"{self.folder} holds {', '.join(self.options)} alone, and savings are differences from {CARRY_ON}: "
                "name a run of `stepdown compare`"
            )
        return tuple(name for name in self.options if name != CARRY_ON)

    def activity(self, option: str) -> Activity:
        """Return what was paid for in all runs of an option."""
        path = self.folder / ACTIVITY / self.manifest["options"][option]["activity"]
        return read_activity(path, option, self.options[option].scenario, self.window)

    def summary(self) -> Summary:
        """Return what was kept of all runs."""
        return read_summary(self.folder / SUMMARY)


def read_run(folder: Path, prices: Path | None = None, settings: Sequence[str] = ()) -> FinishedRun:
    """Read a finished run.

    Parameters
    ----------
    folder
        Its folder.
    prices
        A file that says other things about money, laid over every option.
    settings
        Values to set last, each as ``path=value``; of money alone.

    Raises
    ------
    RunError
        If the folder holds no finished run that this version can read.
    ScenarioError
        If what is said about money is wrong.
    """
    manifest = _manifest(folder)
    resolved = [
        Resolved(folder / SCENARIOS / said["scenario"], name, said["about"], said["levers"])
        for name, said in manifest["options"].items()
    ]
    options = {option.name: option for option in read_resolved(resolved, prices, settings)}
    measured = manifest["measured"]
    start = dt.date.fromisoformat(measured["from"])
    return FinishedRun(folder, manifest, options, Window(start, measured["days"], -measured["warm_up_days"]))


def is_run(folder: Path) -> bool:
    """Whether a folder is that of a finished run."""
    return (folder / MANIFEST).is_file()


def _manifest(folder: Path) -> dict[str, Any]:
    path = folder / MANIFEST
    if not is_run(folder):
        raise RunError(f"{folder} holds no finished run: there is no {MANIFEST}. Name a folder under runs/")
    try:
        manifest = dict(json.loads(path.read_text(encoding="utf-8")))
        if all("activity" in said and "scenario" in said for said in manifest["options"].values()):
            return manifest
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise RunError(f"{path} cannot be read ({error})") from None
    raise RunError(f"{folder} was run by an older version, which did not keep what was paid for. Run it again")
