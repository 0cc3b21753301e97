"""Where a margin turns from above 0 to below it: first on a grid, then between two neighbours of it by bracketing.

A margin has a value in every run, with the same luck at every value of the input. The bracketing method is Brent's,
which halves where it cannot do better and is exact at once where the margin is a straight line, as it is in a price.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from scipy import optimize

from stepdown.outputs.compare import describe_runs
from stepdown.outputs.measures.intervals import Floats

Margins = Callable[[Sequence[float]], Sequence[Floats]]
"""Returns for each value of an input the margin of every run: above 0 what is asked holds."""

ERRORS = 3.0
"""So many standard errors make it plain that a margin goes the other way."""

LEAST = 1e-9
"""A margin that moves by less than this share of the largest does not move."""


class Point(NamedTuple):
    """The margins of all runs at one value of an input."""

    value: float
    margins: Floats

    @property
    def mean(self) -> float:
        """The mean margin; missing values of runs are left out."""
        return describe_runs(self.margins)["mean"]

    @property
    def holds(self) -> bool:
        """Whether what is asked holds on average."""
        return self.mean > 0


class Crossing(NamedTuple):
    """Where it turns.

    Attributes
    ----------
    value
        The value at which the mean margin is 0; of whole numbers the first on the other side of today's.
    half_width
        How far the end of its 95% interval lies from it: the interval of the margin by its slope there. Missing for
        one run alone.
    holds_above
        Whether it holds above the value, and not below it.
    """

    value: float
    half_width: float
    holds_above: bool

    @property
    def interval(self) -> tuple[float, float] | None:
        """The 95% interval of the value, which is never below 0; None for one run alone."""
        if not math.isfinite(self.half_width):
            return None
        return max(self.value - self.half_width, 0.0), self.value + self.half_width


class Search(NamedTuple):
    """What was found.

    Attributes
    ----------
    today
        The margins as the input is now.
    points
        The grid, in the order of its values.
    crossing
        The turn that is nearest to today's value; None where there is none.
    """

    today: Point
    points: tuple[Point, ...]
    crossing: Crossing | None

    @property
    def matters(self) -> bool:
        """Whether the input makes any difference."""
        largest = max(float(np.nanmax(np.abs(point.margins), initial=0.0)) for point in self.points)
        return any(
            float(np.nanmax(np.abs(b.margins - a.margins), initial=0.0)) > LEAST * largest
            for a, b in pairwise(self.points)
        )

    @property
    def monotone(self) -> bool:
        """Whether the margin goes one way over the grid, as far as can be told from so many runs."""
        turns = {_direction(a, b) for a, b in pairwise(self.points)}
        return not {-1, 1} <= turns


def search(
    margins: Margins, today: float, low: float, high: float, points: int, whole: bool, tolerance: float
) -> Search:
    """Look for the turn that is nearest to today's value.

    Parameters
    ----------
    margins
        What is asked, in every run.
    today, low, high
        The value now, and the range to look in.
    points
        Points of the grid, beside today's value.
    whole
        Whether only whole numbers will do.
    tolerance
        How near to the turn is near enough, as a share of the range.
    """
    grid = np.linspace(low, high, points)
    values = {float(round(value)) for value in grid} if whole else {float(value) for value in grid}
    asked = sorted(values | {today})
    known = {value: Point(value, found) for value, found in zip(asked, margins(asked), strict=True)}
    tried = tuple(known[value] for value in asked if low <= value <= high)

    def at(value: float) -> Point:
        if value not in known:
            known[value] = Point(value, margins([value])[0])
        return known[value]

    # Where an option comes to be carry-on itself, its margins are nothing: there it neither holds nor fails.
    telling = [point for point in tried if point.margins.any()]
    brackets = [(a, b) for a, b in pairwise(telling) if a.holds != b.holds]
    above = [pair for pair in brackets if pair[1].value > today][:1]
    below = [pair for pair in brackets if pair[0].value < today][-1:]
    found = [_solve(at, a, b, today, whole, tolerance * (high - low)) for a, b in (*below, *above)]
    nearest = min(found, key=lambda crossing: abs(crossing.value - today), default=None)
    return Search(known[today], tried, nearest)


def _solve(at: Callable[[float], Point], a: Point, b: Point, today: float, whole: bool, within: float) -> Crossing:
    slope = (b.mean - a.mean) / (b.value - a.value)
    if whole:
        value = _first_whole(at, a, b, today)
    else:
        # Never finer than numbers are.
        relative = 4 * np.finfo(np.float64).eps
        value = float(optimize.brentq(lambda x: at(float(x)).mean, a.value, b.value, xtol=within, rtol=relative))
    said = describe_runs(at(value).margins)
    return Crossing(value, (said["high"] - said["mean"]) / abs(slope) if slope else math.nan, b.holds)


def _first_whole(at: Callable[[float], Point], a: Point, b: Point, today: float) -> float:
    """Halve until two whole numbers are neighbours; return the one that is further from today's."""
    low, high = a, b
    while high.value - low.value > 1:
        middle = at(float((low.value + high.value) // 2))
        low, high = (middle, high) if middle.holds == low.holds else (low, middle)
    return high.value if high.value > today else low.value


def _direction(a: Point, b: Point) -> int:
    """Return 1 if the margin plainly rises from one point to the next, -1 if it falls, else 0."""
    said = describe_runs(b.margins - a.margins)
    if not said["runs"]:
        return 0
    both = np.concatenate([a.margins, b.margins])
    error = (
        np.nan_to_num((b.margins - a.margins)[~np.isnan(b.margins - a.margins)].std(ddof=1))
        if said["runs"] > 1
        else 0.0
    )
    least = max(ERRORS * float(error) / math.sqrt(said["runs"]), LEAST * float(np.nanmax(np.abs(both))))
    return 0 if abs(said["mean"]) <= least else int(np.sign(said["mean"]))
