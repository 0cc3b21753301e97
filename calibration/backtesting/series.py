"""What is forecast: how many people live in each setting and wait in it, and how many come and go, period by period."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd

from stepdown.calibration.history import CouncilHistory
from stepdown.calibration.matching.records import Stays

Numbers = np.ndarray[Any, np.dtype[np.float64]]

Kind = Literal["people", "waiting", "entries", "departures"]

SAYS: dict[Kind, str] = {
    "people": "people in {} at the end",
    "waiting": "people ready to leave {} at the end",
    "entries": "people who came into {}",
    "departures": "people who left {}",
}
"""What is counted in each period."""

LEVELS: tuple[Kind, ...] = ("people", "waiting")
"""Those that are counted at the end of a period; the others within it."""


@dataclass(frozen=True)
class Series:
    """One thing that is counted.

    Attributes
    ----------
    kind, setting
        What, and where.
    """

    kind: Kind
    setting: str

    @property
    def name(self) -> str:
        """What it is, in words."""
        return SAYS[self.kind].format(self.setting)

    @property
    def is_level(self) -> bool:
        """Whether it is counted at the end of a period, and not within it."""
        return self.kind in LEVELS


def series_of(history: CouncilHistory, settings: Sequence[str]) -> tuple[Series, ...]:
    """Return what can be counted of a history: people who wait only where somebody wrote down who was ready."""
    stays = history.stays
    recorded = [name for name in settings if (stays["setting"] == name).any()]
    with_ready = {name for name in recorded if stays.loc[stays["setting"] == name, "ready"].notna().any()}
    return tuple(Series(kind, name) for name in recorded for kind in SAYS if kind != "waiting" or name in with_ready)


def periods(begins: dt.date, ends: dt.date, months: int) -> tuple[dt.date, ...]:
    """Return the dates at which whole periods of so many months begin and end, from a date on.

    Parameters
    ----------
    begins, ends
        The first period begins on the first date, and the last ends on the second or before it.
    months
        Length of a period.
    """
    first = pd.Timestamp(begins)
    edges = [first]
    while (edge := first + pd.DateOffset(months=months * len(edges))) <= pd.Timestamp(ends):
        edges.append(edge)
    return tuple(edge.date() for edge in edges)


def counted(stays: Stays, settings: Sequence[str], series: Sequence[Series], edges: Numbers) -> Numbers:
    """Count what happened in each period.

    Parameters
    ----------
    stays
        The stays, by positions of settings and days.
    settings
        The settings' names by their positions.
    series
        What is counted.
    edges
        Shape (periods + 1,): the days on which periods begin and end; what happens on a day belongs to the period that
        begins on it.

    Returns
    -------
    np.ndarray
        Shape (series, periods).
    """
    found = np.empty((len(series), len(edges) - 1))
    for row, one in enumerate(series):
        mine = stays.setting == list(settings).index(one.setting)
        entered, ready, left = (_before(column[mine], edges) for column in (stays.entered, stays.ready, stays.left))
        if one.kind == "people":
            found[row] = (entered - left)[1:]
        elif one.kind == "waiting":
            moved = _before(stays.left[mine & ~np.isnan(stays.ready)], edges)
            found[row] = (ready - moved)[1:]
        else:
            found[row] = np.diff(entered if one.kind == "entries" else left)
    return found


def _before(days: Numbers, edges: Numbers) -> Numbers:
    """Return how many of some days lie before each edge; those that are missing never come."""
    return np.searchsorted(np.sort(days), edges).astype(np.float64)
