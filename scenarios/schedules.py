"""Values and rates that change over time, in days since the start."""

from __future__ import annotations

import datetime as dt
import math
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Generic, TypeVar

from stepdown.scenarios.quantities import DAYS_PER_YEAR, Timeline

Value = TypeVar("Value")


@dataclass(frozen=True)
class Schedule(Generic[Value]):
    """A value that changes on given days.

    Attributes
    ----------
    days
        The days from which each value holds, rising; the first is minus infinity.
    values
        The values, one for each day.
    """

    days: tuple[float, ...]
    values: tuple[Value, ...]

    def at(self, day: float) -> Value:
        """Return the value in force on that day (on the day of a change, the new one)."""
        return self.values[bisect_right(self.days, day) - 1]

    def pieces(self) -> Iterable[tuple[float, float, Value]]:
        """Yield ``(from day, until day, value)`` for each value, in order."""
        return zip(self.days, (*self.days[1:], math.inf), self.values, strict=True)


def schedule(timeline: Timeline[Value], start: dt.date) -> Schedule[Value]:
    """Return a timeline's dates as days since the start."""
    days = (-math.inf, *(float((date - start).days) for date, _ in timeline.changes))
    return Schedule(days, timeline.values())


@dataclass(frozen=True)
class Intensity:
    """How many events a day are to be expected, in pieces of constant rate.

    Attributes
    ----------
    days
        The day on which each piece begins, rising; the last piece never ends.
    rates
        Events a day in each piece.
    totals
        Expected events from the first day until each piece begins.
    """

    days: tuple[float, ...]
    rates: tuple[float, ...]
    totals: tuple[float, ...]

    def expected_by(self, day: float) -> float:
        """Return the expected number of events from the first day until that day."""
        piece = max(bisect_right(self.days, day) - 1, 0)
        return self.totals[piece] + self.rates[piece] * (day - self.days[piece])

    def day_when(self, expected: float) -> float:
        """Return the day by which so many events are expected; infinity if that never comes.

        A Poisson process of this intensity has its events where the sums of unit exponential gaps are expected
        (time change): a change of rate moves the events earlier or later and leaves them themselves.
        """
        piece = bisect_right(self.totals, expected) - 1
        if self.rates[piece] == 0:
            # Right at the end of what can be expected before a pause or for ever: the day the rate stopped.
            return self.days[piece] if self.totals[piece] == expected else math.inf
        return self.days[piece] + (expected - self.totals[piece]) / self.rates[piece]


def intensity(days: Iterable[float], rates_per_year: Iterable[float]) -> Intensity:
    """Return the intensity of pieces that begin on the given days with the given rates a year."""
    starts, rates = list(days), [rate / DAYS_PER_YEAR for rate in rates_per_year]
    totals = [0.0]
    for (begin, end), rate in zip(pairwise(starts), rates, strict=False):
        totals.append(totals[-1] + rate * (end - begin))
    return Intensity(tuple(starts), tuple(rates), tuple(totals))


def yearly_intensity(
    timeline: Timeline[float],
    start: dt.date,
    opening_day: float,
    end_day: float,
    growth: float = 0.0,
    season: tuple[float, ...] = (),
) -> Intensity:
    """Return the intensity of a yearly rate with its changes, growth and season.

    Parameters
    ----------
    timeline
        Events a year.
    start
        The date of day 0.
    opening_day, end_day
        The first and the last day that are simulated.
    growth
        Growth of the rate, in a step on each anniversary of the start.
    season
        Twelve factors, January to December; none means no season.
    """
    rates = schedule(timeline, start)
    breaks = {opening_day, *(day for day in rates.days if day > opening_day)}
    if growth:
        breaks |= {float((anniversary(start, years) - start).days) for years in range(1, int(end_day / 365) + 2)}
    if season:
        breaks |= {day for day in _months(start, opening_day, end_day) if day > opening_day}

    def rate(day: float) -> float:
        factor = (1 + growth) ** max(_whole_years(start, day), 0)
        return rates.at(day) * factor * (season[_date(start, day).month - 1] if season else 1.0)

    days = sorted(breaks)
    return intensity(days, map(rate, days))


def anniversary(start: dt.date, years: int) -> dt.date:
    """Return the date so many years after the start; 29 February counts as the 28th where need be."""
    try:
        return start.replace(year=start.year + years)
    except ValueError:
        return start.replace(year=start.year + years, day=28)


def end_of(start: dt.date, years: float) -> dt.date:
    """Return the date on which so many years end: whole ones follow the calendar."""
    if years == int(years):
        return anniversary(start, int(years))
    return start + dt.timedelta(days=round(years * DAYS_PER_YEAR))


def _date(start: dt.date, day: float) -> dt.date:
    return start + dt.timedelta(days=math.floor(day))


def _whole_years(start: dt.date, day: float) -> int:
    date = _date(start, day)
    years = date.year - start.year
    return years if anniversary(start, years) <= date else years - 1


def _months(start: dt.date, opening_day: float, end_day: float) -> Iterable[float]:
    """Yield the days on which a month begins, from the opening to the end."""
    first, last = _date(start, opening_day), _date(start, end_day)
    for month in range(first.year * 12 + first.month - 1, last.year * 12 + last.month + 1):
        yield float((dt.date(month // 12, month % 12 + 1, 1) - start).days)


def financial_years(start: dt.date, opening_day: float, end_day: float) -> list[float]:
    """Return the days on which a financial year begins (1 April), from the opening (itself included) to the end."""
    first, last = _date(start, opening_day), _date(start, end_day)
    aprils = [float((dt.date(year, 4, 1) - start).days) for year in range(first.year, last.year + 1)]
    return [opening_day, *(day for day in aprils if opening_day < day <= end_day)]
