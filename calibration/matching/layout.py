"""Which targets there are for a study and a council's records: whose names, over which years, up to which length."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from stepdown.calibration.history import CouncilHistory
from stepdown.scenarios.errors import RunError
from stepdown.scenarios.quantities import DAYS_PER_YEAR
from stepdown.scenarios.schema import DIED, Scenario

RECORDED = {
    "stays": "stays",
    "ready": "dates on which people were ready to move on",
    "requests": "requests for places",
    "steps": "dates of steps",
}
"""What records may hold, and what it is called."""


@dataclass(frozen=True)
class Layout:
    """The names and the time that targets are about.

    Attributes
    ----------
    settings
        Those that the records mention, in the scenario's order: only stays in these are counted.
    destinations
        Where a stay may be seen to lead: these settings, and the exits that the records mention.
    steps
        The scenario's steps.
    days
        How many days of the records are compared.
    settling
        How many days of the records before these are simulated, but not compared.
    years
        In how many equal parts of about a year these are told apart.
    horizons
        For each setting, the longest time that anybody is seen to have stayed, in days: curves are drawn so far.
    recorded
        What the council's records hold: keys of `RECORDED`.
    """

    settings: tuple[str, ...]
    destinations: tuple[str, ...]
    steps: tuple[str, ...]
    days: int
    settling: int
    years: int
    horizons: tuple[float, ...]
    recorded: frozenset[str]

    @property
    def lacking(self) -> tuple[str, ...]:
        """What the records do not hold, and others might."""
        return tuple(name for name in RECORDED if name not in self.recorded and (name != "steps" or self.steps))


def layout_of(scenario: Scenario, history: CouncilHistory, settling: int = 0) -> Layout:
    """Return what targets there are.

    Parameters
    ----------
    scenario, history
        The study's carry-on, and the records.
    settling
        How many of the first days of the records are left out.

    Raises
    ------
    RunError
        If no stay is in a setting of the scenario.
    """
    seen = set(history.stays["setting"].astype("str"))
    settings = tuple(name for name in scenario.settings if name in seen)
    if not settings:
        raise RunError(
            f"the history has stays in {', '.join(sorted(seen)) or 'no setting'}, and the study has the settings "
            f"{', '.join(scenario.settings)}: none is the same. Name them alike in the mapping, and import again"
        )
    led_to = set(history.stays["to"].dropna().astype("str"))
    exits = tuple(name for name in dict.fromkeys((DIED, *scenario.exits)) if name in led_to)
    return Layout(
        settings=settings,
        destinations=(*settings, *exits),
        steps=tuple(scenario.steps),
        days=history.days - settling,
        settling=settling,
        years=max(1, round((history.days - settling) / DAYS_PER_YEAR)),
        horizons=tuple(_longest(history, name) for name in settings),
        recorded=frozenset(_recorded(history, scenario)),
    )


def _longest(history: CouncilHistory, setting: str) -> float:
    stays = history.stays[history.stays["setting"] == setting]
    ended = stays["left"].fillna(pd.Timestamp(history.ends))
    return float(max((ended - stays["entered"]).dt.days.max(), 1))


def _recorded(history: CouncilHistory, scenario: Scenario) -> set[str]:
    found = {"stays"}
    if history.stays["ready"].notna().any():
        found.add("ready")
    if history.requests["to"].isin(list(scenario.settings)).any():
        found.add("requests")
    if history.steps["step"].isin(list(scenario.steps)).any():
        found.add("steps")
    return found


def codes(names: pd.Series, known: tuple[str, ...]) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Return where each name stands among those that are known; -1 for others and for what is missing."""
    return np.asarray(pd.Index(list(known)).get_indexer(pd.Index(names.astype("object"))), dtype=np.int64)
