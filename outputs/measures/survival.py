"""Kaplan-Meier: how long things take, when some of them have not ended and some had begun before anybody looked.

S(t) = Π over times s ≤ t of (1 - ended(s) / at risk(s)). Somebody is at risk of ending at s from the time they had
already waited when observation began (delayed entry) until their own end, both included. Kaplan and Meier (1958); with
delayed entry, Lynden-Bell (1971) and Tsai, Jewell and Wang (1987).

With delayed entry very few may be at risk at some time, and a curve that reaches zero there stays at zero. Waits of
people who came within the window are at risk from nothing on, which keeps the beginning of the curve full.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from stepdown.outputs.measures.compiling import compiled
from stepdown.outputs.measures.intervals import Booleans, Floats, Integers, grouped_in_order

ROUNDING = 1e-9
"""A share within this distance of a percentile counts as reaching it: products of fractions are not exact."""

STATISTICS = (
    "mean_days",
    "median_days",
    "p90_days",
    "longest_days",
    "share_beyond",
    "share_within_target",
)
"""What `statistics` returns of each curve, in this order."""


class Curve(NamedTuple):
    """A survival curve.

    Attributes
    ----------
    times
        Shape (times,): days at which something ended, in order.
    survival
        Shape (times,): the share that lasts longer than each time.
    longest
        The longest observation, completed or not; NaN if there is none.
    """

    times: Floats
    survival: Floats
    longest: float

    @property
    def mean(self) -> float:
        """Mean restricted to the longest observation, ∫ S(t) dt from 0 to it: too short if the curve ends above 0."""
        return _mean(self.times, self.survival, self.longest)

    @property
    def share_beyond(self) -> float:
        """Share that lasts longer than the longest observation; above 0, the mean is only a lower bound."""
        return _share_beyond(self.survival, self.longest)

    @property
    def median(self) -> float:
        """Time by which half have ended; NaN if the curve does not come down so far."""
        return self.percentile(50)

    def percentile(self, percent: float) -> float:
        """Return the time by which so many percent have ended; NaN if the curve does not come down so far."""
        return _percentile(self.times, self.survival, float(percent))

    def share_within(self, target: float) -> float:
        """Return the share that ends within the target, 1 - S(target); NaN if nobody was observed for so long.

        Where the curve has come down to nothing, everybody ends within any longer target.
        """
        return _share_within(self.times, self.survival, self.longest, float(target))


class Observations(NamedTuple):
    """Times of several groups; those that entered late stand apart, because only their number at risk depends on it.

    Attributes
    ----------
    group
        Shape (observations,): the group of each, from 0.
    duration
        Shape (observations,): days until it ended or was last seen.
    completed
        Shape (observations,): whether it ended; else it is censored.
    number
        Shape (observations,): how many observations a row stands for.
    late_group, late_entry, late_number
        Shape (late entries,): for observations that were not at risk from the beginning, the group, the days that had
        passed when they came to be at risk, and how many they are.
    """

    group: Integers
    duration: Floats
    completed: Booleans
    number: Integers
    late_group: Integers
    late_entry: Floats
    late_number: Integers


def with_entries(
    group: Integers, duration: Floats, completed: Booleans, entry: Floats, count: Integers
) -> Observations:
    """Return observations of which each says how many days had passed when it came to be at risk; 0 for most."""
    late = np.flatnonzero(entry > 0)
    return Observations(group, duration, completed, count, group[late], entry[late], count[late])


def statistics(seen: Observations, groups: int, targets: Floats) -> Floats:
    """Return what the survival curve of each group says.

    Parameters
    ----------
    seen
        The observations.
    groups
        How many groups there are.
    targets
        Shape (groups,): days; NaN without a target.

    Returns
    -------
    Floats
        Shape (groups, statistics): `STATISTICS`; NaN for a group without observations.
    """
    return _statistics(
        *grouped_in_order(seen.group, groups, seen.duration),
        seen.duration,
        seen.completed,
        seen.number,
        *grouped_in_order(seen.late_group, groups, seen.late_entry),
        seen.late_entry,
        seen.late_number,
        targets,
    )


def kaplan_meier(
    duration: Floats, completed: Booleans, entry: Floats | None = None, count: Integers | None = None
) -> Curve:
    """Return the survival curve of durations of which some are censored.

    Parameters
    ----------
    duration
        Shape (observations,): days until it ended or was last seen.
    completed
        Shape (observations,): whether it ended; else it is censored.
    entry
        Shape (observations,): days that had passed when observation began; 0 for all if not given.
    count
        Shape (observations,): how many observations a row stands for; 1 if not given.
    """
    number = np.ones(len(duration), dtype=np.int64) if count is None else count
    late = np.flatnonzero(entry > 0) if entry is not None else np.empty(0, dtype=np.int64)
    late_entry = np.empty(0) if entry is None else entry[late]
    order, late_order = np.argsort(duration), np.argsort(late_entry)
    columns = (duration[order], completed[order], number[order], late_entry[late_order], number[late][late_order])
    return Curve(*_curve(*columns))


@compiled
def _curve(
    duration: Floats, completed: Booleans, count: Integers, late_entry: Floats, late_count: Integers
) -> tuple[Floats, Floats, float]:
    """Go through the observations, which are in order from the shortest to the longest."""
    times, survival = np.empty(len(duration)), np.empty(len(duration))
    # All are at risk of ending from the beginning, but for those that enter late.
    at_risk, lasting = count.sum() - late_count.sum(), 1.0
    row, entered, found = 0, 0, 0
    while row < len(duration):
        time = duration[row]
        while entered < len(late_entry) and late_entry[entered] <= time:
            at_risk += late_count[entered]
            entered += 1
        ended, gone = 0, 0
        while row < len(duration) and duration[row] == time:
            gone += count[row]
            ended += count[row] * completed[row]
            row += 1
        if ended > 0:
            lasting *= 1 - ended / at_risk
            times[found], survival[found] = time, lasting
            found += 1
        at_risk -= gone
    longest = duration[-1] if len(duration) else np.nan
    return times[:found], survival[:found], longest


@compiled
def _mean(times: Floats, survival: Floats, longest: float) -> float:
    area, since, lasting = 0.0, 0.0, 1.0
    for at in range(len(times)):
        area += (times[at] - since) * lasting
        since, lasting = times[at], survival[at]
    return area + (longest - since) * lasting


@compiled
def _share_beyond(survival: Floats, longest: float) -> float:
    if np.isnan(longest):
        return np.nan
    lasting: float = survival[-1] if len(survival) else 1.0
    return lasting


@compiled
def _percentile(times: Floats, survival: Floats, percent: float) -> float:
    for at in range(len(times)):
        if survival[at] <= 1 - percent / 100 + ROUNDING:
            days: float = times[at]
            return days
    return np.nan


@compiled
def _share_within(times: Floats, survival: Floats, longest: float, target: float) -> float:
    lasting = 1.0
    for at in range(len(times)):
        if times[at] <= target:
            lasting = survival[at]
    known = target <= longest or (lasting <= ROUNDING and not np.isnan(target))
    return 1 - lasting if known else np.nan


@compiled
def _statistics(
    rows: Integers,
    bounds: Integers,
    duration: Floats,
    completed: Booleans,
    count: Integers,
    late_rows: Integers,
    late_bounds: Integers,
    late_entry: Floats,
    late_count: Integers,
    targets: Floats,
) -> Floats:
    said = np.full((len(targets), len(STATISTICS)), np.nan)
    for group in range(len(targets)):
        here = rows[bounds[group] : bounds[group + 1]]
        late = late_rows[late_bounds[group] : late_bounds[group + 1]]
        if len(here) == 0:
            continue
        times, survival, longest = _curve(
            duration[here], completed[here], count[here], late_entry[late], late_count[late]
        )
        said[group, 0] = _mean(times, survival, longest)
        said[group, 1] = _percentile(times, survival, 50.0)
        said[group, 2] = _percentile(times, survival, 90.0)
        said[group, 3] = longest
        said[group, 4] = _share_beyond(survival, longest)
        said[group, 5] = _share_within(times, survival, longest, targets[group])
    return said
