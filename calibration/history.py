"""A council's past: who lived where from when until when, what was asked for and done, and what it cost.

Everything is known from one date until before another. What began earlier is known only if it was still going on then
(left truncation); what goes on at the end has no end yet (right censoring). Whoever reads a history takes both into
account: lengths of stay from `ended` stays alone are wrong.

Dates are calendar dates without a time of day; a person is a code that means nothing outside of this history.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

import pandas as pd
from pandas.api.types import pandas_dtype

DATE = "datetime64[s]"
"""The type of columns of dates; what has not happened, or is not known, is missing (NaT)."""

STAYS: Mapping[str, str] = {
    "person": "str",
    "group": "category",
    "area": "category",
    "setting": "category",
    "scheme": "category",
    "entered": DATE,
    "ready": DATE,
    "left": DATE,
    "to": "category",
}
"""One row a stay of a person in a scheme of a setting. ``ready`` is the date from which the person could have moved on,
where somebody wrote it down. ``to`` is the setting, or the exit such as 'died' or 'left', that the stay led to; missing
while the stay goes on, and where nobody knows. Scheme and area may be missing."""

REQUESTS: Mapping[str, str] = {
    "person": "str",
    "group": "category",
    "area": "category",
    "requested": DATE,
    "from": "category",
    "to": "category",
}
"""One row a request for a place: where the person was (``from``) and what for (``to``), where that is known."""

STEPS: Mapping[str, str] = {
    "case": "str",
    "person": "str",
    "tier": "category",
    "tenure": "category",
    "step": "category",
    "queued": DATE,
    "started": DATE,
    "finished": DATE,
    "outcome": "category",
}
"""One row for each step of each case, of a person's move or of an adaptation. ``person`` is missing for the wider
community's cases; tier and tenure for what is no adaptation."""

PRICES: Mapping[str, str] = {
    "setting": "category",
    "scheme": "category",
    "group": "category",
    "people": "int64",
    "mean": "float64",
    "low": "float64",
    "high": "float64",
}
"""What places cost, in pounds a person a week: how many people a price is of, their mean, and what one in ten pays less
and more than. Scheme is missing in the row of a whole setting."""

TABLES: Mapping[str, Mapping[str, str]] = {"stays": STAYS, "requests": REQUESTS, "steps": STEPS, "prices": PRICES}
"""The tables of a history, with their columns and types."""


def empty(columns: Mapping[str, str]) -> pd.DataFrame:
    """Return a table without rows."""
    return pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in columns.items()})


def typed(table: pd.DataFrame, columns: Mapping[str, str]) -> pd.DataFrame:
    """Return a table with exactly these columns and types, in this order, and its rows numbered from 0.

    A column that the table has not is missing in every row; categories are those that occur, in alphabetical order.
    """
    made = {}
    for name, kind in columns.items():
        column = table[name] if name in table else pd.Series(pd.NA, index=table.index, dtype="object")
        if kind == "category":
            values = column.astype("object")
            names = sorted(str(value) for value in values.dropna().unique())
            made[name] = values.astype(pd.CategoricalDtype(names))
        else:
            made[name] = column.astype(pandas_dtype(kind))
    return pd.DataFrame(made, columns=list(columns)).reset_index(drop=True)


@dataclass(frozen=True)
class Finding:
    """Something that was noticed, and dealt with, while records were read.

    Attributes
    ----------
    kind
        What was done about it: rows were ``dropped``, several ``joined`` to one, something unknown ``guessed``,
        something written ``mended``, or it was merely ``noted``.
    what
        What it was and what was done, as a sentence without anybody's data.
    rows
        How many rows it concerns.
    """

    kind: Literal["dropped", "joined", "guessed", "mended", "noted"]
    what: str
    rows: int


@dataclass(frozen=True)
class CouncilHistory:
    """What is known of a council's past, from a date until before another.

    Attributes
    ----------
    name
        What it is called in reports and sources.
    begins, ends
        The first day that the records cover, and the first that they do not.
    simulated
        Whether stepdown made it up; else it is about real people, and counts are published rounded.
    source
        Where it came from, in a few words without anybody's data.
    stays, requests, steps, prices
        The tables: see `STAYS`, `REQUESTS`, `STEPS`, `PRICES`. Stays are those that overlap the time covered.
    findings
        What was noticed while the records were read.
    """

    name: str
    begins: dt.date
    ends: dt.date
    simulated: bool
    source: str
    stays: pd.DataFrame
    requests: pd.DataFrame = field(default_factory=lambda: empty(REQUESTS))
    steps: pd.DataFrame = field(default_factory=lambda: empty(STEPS))
    prices: pd.DataFrame = field(default_factory=lambda: empty(PRICES))
    findings: tuple[Finding, ...] = ()

    @property
    def days(self) -> int:
        """How many days the records cover."""
        return (self.ends - self.begins).days

    def residents(self, date: dt.date) -> pd.DataFrame:
        """Return the stays that go on at the beginning of a date, somebody who enters on it not included."""
        at = pd.Timestamp(date)
        return self.stays[(self.stays["entered"] < at) & ~(self.stays["left"] < at)]


def known_on(history: CouncilHistory, date: dt.date) -> CouncilHistory:
    """Return a history as it was known at the beginning of a date: nothing from that date on has happened yet.

    Prices are left as they are: they are of no date.

    Raises
    ------
    ValueError
        If the date is not within the time covered.
    """
    if not history.begins < date <= history.ends:
        raise ValueError(f"{date} is not after {history.begins} and up to {history.ends}")
    at = pd.Timestamp(date)
    stays = history.stays[history.stays["entered"] < at]
    going_on = ~(stays["left"] < at)
    stays = stays.assign(
        left=stays["left"].mask(going_on), to=stays["to"].mask(going_on), ready=_before(stays["ready"], at)
    )
    steps = history.steps[history.steps["queued"] < at]
    unfinished = ~(steps["finished"] < at)
    steps = steps.assign(
        started=_before(steps["started"], at),
        finished=_before(steps["finished"], at),
        outcome=steps["outcome"].mask(unfinished),
    )
    requests = history.requests[history.requests["requested"] < at]
    return replace(
        history, ends=date, stays=typed(stays, STAYS), steps=typed(steps, STEPS), requests=typed(requests, REQUESTS)
    )


def _before(dates: pd.Series, at: pd.Timestamp) -> pd.Series:
    return dates.where(dates < at)
