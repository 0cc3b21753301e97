"""The three tables that a run yields; every measure and every cost is a pure function of them.

Days are days since the scenario's start, fractional; a day that had not come by the end of the run is missing (NaN).
People and stays of a warm-up, and of the opening caseload, have negative days.

stays
    One row a stay. ``ready_day`` and so on are the moments of a stay's life. ``visit`` counts the person's stays in
    this setting, from 1. ``opening`` is true for the stay that somebody was in when the run began. ``to`` is where the
    stay led: a setting or an exit; for a stay that has not ended, where the person is preparing or waiting to go
    (missing until they are identified). ``reason`` says what made the stay end, or is about to:

    - ``route``: the person was ready for the route;
    - ``maximum_stay``: the maximum stay was reached;
    - ``closing``: the scheme closed, with ``residents: move_on``;
    - ``gave_up:SETTING``: the person stopped waiting for SETTING. Where they then joined another list, ``listed_day``
      is the day on which they joined it, and the wait for SETTING ran from max(ready_day, prepared_day) until then;
    - ``died``, or ``died:SETTING`` while on the list for SETTING;
    - ``gave_up:SETTING; died:OTHER`` for somebody who gave up, joined another list, and died on it.
case_steps
    One row for each step of each case. ``person`` is missing for the community's cases; ``tier`` and ``tenure`` are
    missing for steps that are no part of an adaptation. ``outcome`` is ``done``, ``rehoused`` (the case ended here
    without works), ``abandoned`` (no longer needed), or missing while it goes on. ``amount`` is pounds, for grants.
places
    One row for each number of places that a scheme had, from a day on; infinity means unlimited.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import pandas as pd

AND = "; "
"""Stands between the parts of a reason that has two."""

STAYS = {
    "option": "category",
    "replication": "int64",
    "person": "int64",
    "group": "category",
    "area": "category",
    "setting": "category",
    "scheme": "category",
    "visit": "int64",
    "opening": "bool",
    "entered_day": "float64",
    "ready_day": "float64",
    "identified_day": "float64",
    "prepared_day": "float64",
    "listed_day": "float64",
    "left_day": "float64",
    "to": "category",
    "reason": "category",
}
"""Columns of the stays table, with their types."""

CASE_STEPS = {
    "option": "category",
    "replication": "int64",
    "case": "int64",
    "person": "Int64",
    "tier": "category",
    "tenure": "category",
    "step": "category",
    "queued_day": "float64",
    "started_day": "float64",
    "finished_day": "float64",
    "outcome": "category",
    "amount": "float64",
}
"""Columns of the case_steps table, with their types."""

PLACES = {"option": "category", "scheme": "category", "from_day": "float64", "places": "float64"}
"""Columns of the places table, with their types."""


class Tables(NamedTuple):
    """What a run yields."""

    stays: pd.DataFrame
    case_steps: pd.DataFrame
    places: pd.DataFrame


@dataclass(frozen=True)
class Window:
    """The time that is measured: from day 0, the start, until the end.

    Attributes
    ----------
    start
        The calendar date of day 0.
    days
        Length of the window in days.
    opening_day
        Day on which the simulation began: 0, or minus the warm-up.
    """

    start: dt.date
    days: float
    opening_day: float = 0.0

    @property
    def years(self) -> float:
        """Length of the window in years of 365.25 days."""
        return self.days / 365.25

    def date(self, day: float) -> dt.date:
        """Return the calendar date on which a day falls."""
        return self.start + dt.timedelta(days=int(day // 1))


def frame(
    rows: Iterable[Sequence[object]],
    columns: dict[str, str],
    categories: Mapping[str, pd.CategoricalDtype] | None = None,
) -> pd.DataFrame:
    """Return rows as a table with the given columns and types.

    Parameters
    ----------
    rows
        Values in the order of the columns; None is missing.
    columns
        Names and types of the columns.
    categories
        For columns of names, those that may stand there. A column that is not given has those that occur.

    Raises
    ------
    ValueError
        If another name stands there.
    """
    table = pd.DataFrame(list(rows), columns=list(columns))
    known = categories or {}
    for column in known.keys() & columns.keys():
        strangers = set(table[column].dropna()) - set(known[column].categories)
        if strangers:
            raise ValueError(f"{column} does not know {sorted(strangers)}")
    return table.astype({column: known.get(column, kind) for column, kind in columns.items()})


def concatenate(parts: Sequence[Tables]) -> Tables:
    """Join the tables of several runs; categories are merged."""
    return Tables(*(_join(list(frames)) for frames in zip(*parts, strict=True)))


def _join(frames: list[pd.DataFrame]) -> pd.DataFrame:
    if all(part.dtypes.equals(frames[0].dtypes) for part in frames):
        return pd.concat(frames, ignore_index=True)
    categories = {
        column: pd.CategoricalDtype(
            pd.Index(pd.concat([part[column].cat.categories.to_series() for part in frames]).unique())
        )
        for column, kind in frames[0].dtypes.items()
        if isinstance(kind, pd.CategoricalDtype)
    }
    return pd.concat([part.astype(categories) for part in frames], ignore_index=True)
