"""How people write quantities: durations with a unit, shares, pounds, dates, and values from dates.

Each parser takes what YAML gave (text, number, map) and returns a plain number, or raises ``ValueError`` that says what
is wrong and what to write. Days are the one unit of time inside the model: a year is 365.25 days, a month a twelfth of
that, a week 7 days.
"""

from __future__ import annotations

import datetime as dt
import itertools
import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

DAYS_PER_YEAR = 365.25
"""A year in days, for durations and yearly rates (dates follow the calendar instead)."""

UNIT_DAYS = {"day": 1.0, "week": 7.0, "month": DAYS_PER_YEAR / 12, "year": DAYS_PER_YEAR}
"""Days in each unit that a duration may be written in."""

UNLIMITED = math.inf
"""The number of places in a setting that is never full."""

Value = TypeVar("Value")

_DURATION = re.compile(r"\s*(\d+(?:\.\d+)?|\.\d+)\s*([a-z]+)\s*", re.IGNORECASE)
_DATE = re.compile(r"\d{4}-\d{1,2}-\d{1,2}")
_MONEY = re.compile(r"\s*£?\s*(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?\s*(k|m|million)?\s*", re.IGNORECASE)


def is_number(raw: object) -> bool:
    """Whether it is an int or a finite float (true and false are not numbers)."""
    return isinstance(raw, int | float) and not isinstance(raw, bool) and math.isfinite(raw)


def parse_duration(raw: object) -> float:
    """Read the days of a duration such as ``18 months`` or ``2.5 years``."""
    if is_number(raw):
        raise ValueError(f"{raw} what? Write '{raw} months' or '{raw} weeks'")
    match = _DURATION.fullmatch(raw) if isinstance(raw, str) else None
    if match is None:
        raise ValueError(f"{raw!r} is not a duration. Write a number and a unit, such as '18 months' or '12 weeks'")
    unit = match.group(2).lower().removesuffix("s")
    if unit not in UNIT_DAYS:
        raise ValueError(f"{raw!r}: {match.group(2)!r} is not a unit of time. Use days, weeks, months or years")
    return float(match.group(1)) * UNIT_DAYS[unit]


def parse_positive_duration(raw: object) -> float:
    """Read the days of a duration that is longer than nothing."""
    days = parse_duration(raw)
    if days <= 0:
        raise ValueError(f"{raw!r} must be longer than nothing")
    return days


def parse_share(raw: object) -> float:
    """Read a proportion from 0 to 1, written ``40%`` or ``0.4``."""
    share = raw
    if isinstance(raw, str) and raw.strip().endswith("%"):
        try:
            share = float(raw.strip()[:-1]) / 100
        except ValueError:
            raise ValueError(f"{raw!r} is not a share. Write '40%' or 0.4") from None
    if not is_number(share):
        raise ValueError(f"{raw!r} is not a share. Write '40%' or 0.4")
    if not 0 <= share <= 1:  # type: ignore[operator]
        hint = f". Did you mean '{raw}%'?" if is_number(raw) and 1 < raw <= 100 else ""  # type: ignore[operator]
        raise ValueError(f"{raw!r} is not between 0% and 100%{hint}")
    return float(share)  # type: ignore[arg-type]


def parse_growth(raw: object) -> float:
    """Read growth a year as a proportion, written ``3%`` or ``-2%``."""
    text = raw.strip() if isinstance(raw, str) else ""
    if not re.fullmatch(r"[+-]?\d+(\.\d+)?%", text):
        raise ValueError(f"{raw!r} is not growth a year. Write '3%' or '-2%'")
    growth = float(text[:-1]) / 100
    if growth <= -1:
        raise ValueError(f"{raw!r}: nothing can shrink by 100% a year or more")
    return growth


def parse_money(raw: object) -> float:
    """Read pounds, written ``1200``, ``£1,200`` or ``£1.5 million``; never negative."""
    if is_number(raw):
        if raw < 0:  # type: ignore[operator]
            raise ValueError(f"{raw!r} is below £0")
        return float(raw)  # type: ignore[arg-type]
    match = _MONEY.fullmatch(raw) if isinstance(raw, str) else None
    if match is None:
        raise ValueError(f"{raw!r} is not an amount of money. Write 1200, '£1,200' or '£1.5 million'")
    scale = {"": 1, "k": 1_000, "m": 1_000_000, "million": 1_000_000}[(match.group(3) or "").lower()]
    return float(match.group(1).replace(",", "") + (match.group(2) or "")) * scale


def parse_count(raw: object) -> int:
    """Read a whole number of things, 0 or more."""
    if not is_number(raw) or raw != int(raw) or raw < 0:  # type: ignore[call-overload,operator]
        raise ValueError(f"{raw!r} is not a whole number of 0 or more")
    return int(raw)  # type: ignore[call-overload,no-any-return]


def parse_places(raw: object) -> float:
    """Read a whole number of places, or ``unlimited``."""
    if raw == "unlimited":
        return UNLIMITED
    try:
        return float(parse_count(raw))
    except ValueError:
        raise ValueError(
            f"{raw!r} is not a number of places. Write a whole number such as 13, or 'unlimited'"
        ) from None


def parse_rate(raw: object) -> float:
    """Read events a year, 0 or more."""
    if not is_number(raw) or raw < 0:  # type: ignore[operator]
        raise ValueError(f"{raw!r} is not a rate. Write a number of 0 or more")
    return float(raw)  # type: ignore[arg-type]


def parse_multiplier(raw: object) -> float:
    """Read a factor of 0 or more, such as 1.2 for a fifth more than usual."""
    return parse_rate(raw)


def parse_date(raw: object) -> dt.date:
    """Read a date written year-month-day, such as ``2026-04-01``."""
    if isinstance(raw, dt.date):
        return raw
    try:
        if not isinstance(raw, str) or not _DATE.fullmatch(raw.strip()):
            raise ValueError
        year, month, day = (int(part) for part in raw.strip().split("-"))
        return dt.date(year, month, day)
    except ValueError:
        raise ValueError(f"{raw!r} is not a date. Write year-month-day, such as 2026-04-01") from None


def looks_like_date(raw: object) -> bool:
    """Whether it is written as a date, possible or not."""
    return isinstance(raw, dt.date) or (isinstance(raw, str) and bool(_DATE.fullmatch(raw.strip())))


@dataclass(frozen=True)
class Timeline(Generic[Value]):
    """A value that policy may change on a date.

    Attributes
    ----------
    first
        The value until the first change.
    changes
        ``(date, value)`` pairs in the order of their dates; each holds from that date on.
    since
        The date from which ``first`` was stated; the earliest date of all where it holds from the beginning.
    """

    first: Value
    changes: tuple[tuple[dt.date, Value], ...] = ()
    since: dt.date = dt.date.min

    def on(self, date: dt.date) -> Value:
        """Return the value in force on that date."""
        value = self.first
        for since, changed in self.changes:
            if since > date:
                break
            value = changed
        return value

    def values(self) -> tuple[Value, ...]:
        """Every value that it ever takes, in order."""
        return (self.first, *(value for _, value in self.changes))

    def map(self, function: Callable[[Value], Any]) -> Timeline[Any]:
        """Return the same dates with each value changed by a function."""
        changes = tuple((date, function(value)) for date, value in self.changes)
        return Timeline(function(self.first), changes, self.since)


def parse_timeline(raw: object, parse: Callable[[object], Value]) -> Timeline[Value]:
    """Read one value, or a map of values from dates; the key ``from the start`` may stand for the first date."""
    if not isinstance(raw, dict):
        return Timeline(parse(raw))
    if not raw:
        raise ValueError("values from dates need at least one date, such as {2026-04-01: 3}")
    steps = [(dt.date.min if key == FROM_THE_START else parse_date(key), parse(value)) for key, value in raw.items()]
    steps.sort(key=lambda step: step[0])
    dates = [date for date, _ in steps]
    for earlier, later in itertools.pairwise(dates):
        if earlier == later:
            raise ValueError(f"{later} stands twice; each date may have one value")
    return Timeline(steps[0][1], tuple(steps[1:]), dates[0])


FROM_THE_START = "from the start"
"""The key under which values from dates keep the value that holds until the first date."""
