"""Random quantities for `networks`: durations, shares, values from dates."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any

from picking import Picker

WHOLE_DAYS = ("5 days", "10 days", "1 day", "30 days", "5 days", "10 days")
"""Durations that make events coincide with each other and with dates."""

_SPREAD: tuple[dict[str, Any], ...] = (
    {"exponential": {"mean": "12 days"}},
    {"weibull": {"mean": "20 days", "shape": 1.5}},
    {"weibull": {"mean": "9 days", "shape": 0.6}},
    {"lognormal": {"median": "10 days", "p90": "30 days"}},
    {"gamma": {"mean": "15 days", "sd": "9 days"}},
    {"gamma": {"mean": "6 days", "sd": "9 days"}},
    {"uniform": {"low": "2 days", "high": "20 days"}},
    {"triangular": {"low": "1 day", "mode": "5 days", "high": "25 days"}},
    {"triangular": {"low": "5 days", "mode": "5 days", "high": "10 days"}},
    {"pert": {"low": "1 day", "mode": "5 days", "high": "25 days"}},
    {"quantiles": {"0%": "5 days", "50%": "5 days", "80%": "10 days", "100%": "40 days"}},
)

_LONG: tuple[Any, ...] = ("10000 years", {"exponential": {"mean": "4 months"}})

_NONE: tuple[Any, ...] = ("0 days", "0 days", {"quantiles": {"0%": "0 days", "50%": "0 days", "100%": "20 days"}})


def positive_duration(pick: Picker) -> Any:
    """Draw a distribution of durations that are longer than nothing."""
    return pick.one(WHOLE_DAYS if pick.chance(2) else (*_SPREAD, *_LONG))


def duration(pick: Picker) -> Any:
    """Draw a distribution of durations, some of which may be none."""
    return pick.one(pick.one((WHOLE_DAYS, _NONE, _SPREAD)))


def date(pick: Picker, start: dt.date) -> str:
    """Draw a date around the horizon: before the start, within, and beyond its end."""
    return (start + dt.timedelta(5 * pick.number(-8, 80))).isoformat()


def date_within(pick: Picker, start: dt.date) -> str:
    """Draw a date in the first months, when much goes on."""
    return (start + dt.timedelta(5 * pick.number(1, 24))).isoformat()


def over_time(pick: Picker, value: Callable[[], Any], start: dt.date) -> Any:
    """Draw one value, or values from dates."""
    first = value()
    if not pick.chance(3):
        return first
    changes = {pick.one((date_within, date))(pick, start): value() for _ in range(pick.number(1, 3))}
    return {"from the start": first, **changes}


def one_over_time(pick: Picker, values: Sequence[Any], start: dt.date) -> Any:
    """Draw one of some values, or several of them from dates."""
    return over_time(pick, lambda: pick.one(values), start)


def shares(pick: Picker, start: dt.date) -> list[Any]:
    """Draw shares that add up to 1 on every date."""
    whole = pick.one([(1,), (0.25, 0.75), (0.5, 0.5), (1,), (0, 1), (0.25, 0.25, 0.5)])
    if len(whole) == 2 and pick.chance(3):
        changed = pick.one((date_within, date))(pick, start)
        return [{"from the start": whole[0], changed: whole[1]}, {"from the start": whole[1], changed: whole[0]}]
    return list(whole)
