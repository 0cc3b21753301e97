"""Random quantities for `networks`: durations, shares, values from dates."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from hypothesis import strategies as st

Draw = Any

WHOLE_DAYS = ("1 day", "5 days", "5 days", "10 days", "10 days", "30 days")
"""Durations that make events coincide with each other and with dates."""

_SPREAD: tuple[dict[str, Any], ...] = (
    {"exponential": {"mean": "12 days"}},
    {"weibull": {"mean": "20 days", "shape": 1.5}},
    {"lognormal": {"median": "10 days", "p90": "30 days"}},
    {"gamma": {"mean": "15 days", "sd": "9 days"}},
    {"uniform": {"low": "2 days", "high": "20 days"}},
    {"triangular": {"low": "1 day", "mode": "5 days", "high": "25 days"}},
    {"pert": {"low": "1 day", "mode": "5 days", "high": "25 days"}},
    {"quantiles": {"0%": "5 days", "50%": "5 days", "80%": "10 days", "100%": "40 days"}},
)

_LONG = ("10000 years", {"exponential": {"mean": "4 months"}})


def chance(one_in: int) -> st.SearchStrategy[bool]:
    """Draw whether something happens that happens once in so many times."""
    return st.integers(1, one_in).map(lambda number: number == one_in)


def some(items: Sequence[str]) -> st.SearchStrategy[list[str]]:
    """Draw some of these, each at most once, in any order."""
    return st.lists(st.sampled_from(list(items)), unique=True, max_size=len(items))


def positive_durations() -> st.SearchStrategy[Any]:
    """Draw a distribution of durations that are longer than nothing."""
    return st.one_of(st.sampled_from(WHOLE_DAYS), st.sampled_from((*_SPREAD, *_LONG)))


def durations() -> st.SearchStrategy[Any]:
    """Draw a distribution of durations, some of which may be none."""
    nothing = ("0 days", {"quantiles": {"0%": "0 days", "50%": "0 days", "100%": "20 days"}})
    return st.one_of(st.sampled_from(nothing), st.sampled_from(WHOLE_DAYS), st.sampled_from(_SPREAD))


@st.composite
def dates(draw: Draw, start: dt.date) -> str:
    """Draw a date around the horizon: before the start, within, and beyond its end."""
    return (start + dt.timedelta(5 * draw(st.integers(-8, 80)))).isoformat()


@st.composite
def over_time(draw: Draw, values: st.SearchStrategy[Any], start: dt.date) -> Any:
    """Draw one value, or values from dates."""
    first = draw(values)
    if not draw(chance(3)):
        return first
    changes = {draw(dates(start)): draw(values) for _ in range(draw(st.integers(1, 3)))}
    return {"from the start": first, **changes}


@st.composite
def shares(draw: Draw, start: dt.date) -> list[Any]:
    """Draw shares that add up to 1 on every date."""
    whole = draw(st.sampled_from([(1,), (1,), (0.25, 0.75), (0.5, 0.5), (0, 1), (0.25, 0.25, 0.5)]))
    if len(whole) == 2 and draw(chance(3)):
        changed = draw(dates(start))
        return [{"from the start": whole[0], changed: whole[1]}, {"from the start": whole[1], changed: whole[0]}]
    return list(whole)
