"""Months, financial years and years since the start, as periods of days; and values from dates as values from days.

Periods follow the calendar. A window that was counted in years of 365.25 days may end a few hours into a new month; a
last period shorter than a day is counted with the one before, because nobody wants a financial year of six hours.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np

from stepdown.outputs.measures.intervals import Booleans, Floats, Integers, bins_of
from stepdown.scenarios.financial_years import days_of_financial_year, financial_year
from stepdown.scenarios.quantities import Timeline
from stepdown.scenarios.schedules import anniversary
from stepdown.simulation.tables import Window


class Periods(NamedTuple):
    """Periods that follow one another from day 0 to the end of the window.

    Attributes
    ----------
    edges
        Shape (periods + 1,): the days on which they begin, and the end.
    labels
        Shape (periods,): their names.
    """

    edges: Floats
    labels: tuple[str, ...]

    @property
    def lengths(self) -> Floats:
        """Days in each period."""
        return np.diff(self.edges)

    @property
    def whole_years(self) -> Booleans:
        """Whether each period is a year, and not a part of one that the window cuts off."""
        return self.lengths >= 365

    def of(self, days: Floats) -> Integers:
        """Return the number of the period in which each day falls; days must lie within the window."""
        return np.minimum(bins_of(days, self.edges), len(self.labels) - 1)


def months(window: Window) -> Periods:
    """Return the calendar months of the window, labelled such as ``2026-04``."""
    return _calendar(window, lambda date: f"{date.year}-{date.month:02d}")


def financial_years(window: Window) -> Periods:
    """Return the financial years of the window, April to March, labelled such as ``2026/27``."""
    return _calendar(window, financial_year)


def parts_of_financial_years(window: Window) -> Floats:
    """Return the part of each financial year that lies within the window, shape (years,): 1 for a full one."""
    measured = financial_years(window)
    return np.asarray(measured.lengths / [days_of_financial_year(label) for label in measured.labels])


def years(window: Window) -> Periods:
    """Return years since the start, from anniversary to anniversary, labelled ``1``, ``2`` and so on."""
    begins = [0.0]
    while (day := day_of(anniversary(window.start, len(begins)), window.start)) < window.days:
        begins.append(day)
    return _periods(np.array(begins), [str(number + 1) for number in range(len(begins))], window.days)


def financial_year_of_month(label: str) -> str:
    """Return the financial year of a month labelled such as ``2026-04``."""
    return financial_year(dt.date(int(label[:4]), int(label[5:7]), 1))


def day_of(date: dt.date, start: dt.date) -> float:
    """Return the day, counted from the start, on which a date begins."""
    return float((date - start).days)


class Steps(NamedTuple):
    """A value that changes on certain days.

    Attributes
    ----------
    days
        Shape (values,): the day from which each value holds; the first is minus infinity.
    values
        Shape (values,): the values; NaN where there is none.
    """

    days: Floats
    values: Floats

    def at(self, moments: Floats) -> Floats:
        """Return the value in force at each moment."""
        return np.asarray(self.values[np.searchsorted(self.days, moments, "right") - 1], dtype=np.float64)


def steps(timeline: Timeline[Any], start: dt.date) -> Steps:
    """Return values from dates as values from days; the first holds from the beginning of time."""
    days = [-np.inf, *(day_of(date, start) for date, _ in timeline.changes)]
    values = [np.nan if value is None else float(value) for value in timeline.values()]
    return Steps(np.array(days), np.array(values))


def refine(periods: Periods, moments: Sequence[float]) -> Floats:
    """Return the edges of the periods and the moments that fall within them, in order, shape (bins + 1,)."""
    inside = [moment for moment in moments if 0 < moment < periods.edges[-1]]
    return np.unique(np.concatenate([periods.edges, np.array(inside, dtype=np.float64)]))


def _calendar(window: Window, label: Callable[[dt.date], str]) -> Periods:
    begins, labels = [0.0], [label(window.start)]
    first = window.start.replace(day=1)
    while True:
        first = (first + dt.timedelta(days=32)).replace(day=1)
        day = day_of(first, window.start)
        if day >= window.days:
            return _periods(np.array(begins), labels, window.days)
        if label(first) != labels[-1]:
            begins.append(day)
            labels.append(label(first))


def _periods(begins: Floats, labels: list[str], days: float) -> Periods:
    if len(labels) > 1 and days - begins[-1] < 1:
        begins, labels = begins[:-1], labels[:-1]
    return Periods(np.append(begins, days), tuple(labels))
