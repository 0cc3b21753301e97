"""Kaplan-Meier: how long things take, when some of them have not ended and some had begun before anybody looked.

S(t) = Π over times s ≤ t of (1 - ended(s) / at risk(s)). Somebody is at risk of ending at s from the time they had
already waited when observation began (delayed entry) until their own end, both included. Kaplan and Meier (1958); with
delayed entry, Lynden-Bell (1971) and Tsai, Jewell and Wang (1987).

With delayed entry very few may be at risk at some time, and a curve that reaches zero there stays at zero. Waits of
people who came within the window are at risk from nothing on, which keeps the beginning of the curve full.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from stepdown.outputs.measures.intervals import Booleans, Floats, Integers

ROUNDING = 1e-9
"""A share within this distance of a percentile counts as reaching it: products of fractions are not exact."""


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
        if np.isnan(self.longest):
            return np.nan
        knots = np.concatenate([[0.0], self.times, [self.longest]])
        return float(np.sum(np.diff(knots) * np.append(1.0, self.survival)))

    @property
    def share_beyond(self) -> float:
        """Share that lasts longer than the longest observation; above 0, the mean is only a lower bound."""
        if np.isnan(self.longest):
            return np.nan
        return float(self.survival[-1]) if len(self.survival) else 1.0

    @property
    def median(self) -> float:
        """Time by which half have ended; NaN if the curve does not come down so far."""
        return self.percentile(50)

    def percentile(self, percent: float) -> float:
        """Return the time by which so many percent have ended; NaN if the curve does not come down so far."""
        reached = np.flatnonzero(self.survival <= 1 - percent / 100 + ROUNDING)
        return float(self.times[reached[0]]) if reached.size else np.nan

    def share_within(self, target: float) -> float:
        """Return the share that ends within the target, 1 - S(target); NaN if nobody was observed for so long.

        Where the curve has come down to nothing, everybody ends within any longer target.
        """
        last = np.searchsorted(self.times, target, "right") - 1
        lasting = float(self.survival[last]) if last >= 0 else 1.0
        known = target <= self.longest or (lasting <= ROUNDING and not np.isnan(target))
        return 1 - lasting if known else np.nan


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
    if not len(duration):
        return Curve(np.empty(0), np.empty(0), np.nan)
    weight = np.ones(len(duration)) if count is None else count.astype(np.float64)
    order = np.argsort(duration, kind="stable")
    times, first = np.unique(duration[order], return_index=True)
    ended = np.add.reduceat((weight * completed)[order], first)
    gone = np.append(0.0, np.cumsum(weight[order]))[first]
    at_risk = weight.sum() - gone
    if entry is not None:
        at_risk -= _not_yet_entered(entry, weight, times)
    events = ended > 0
    survival = np.cumprod(1 - ended[events] / at_risk[events])
    return Curve(times[events], survival, float(times[-1]))


def _not_yet_entered(entry: Floats, weight: Floats, times: Floats) -> Floats:
    late = np.flatnonzero(entry > 0)
    late = late[np.argsort(entry[late])]
    entered = np.append(0.0, np.cumsum(weight[late]))
    return np.asarray(entered[-1] - entered[np.searchsorted(entry[late], times, "right")])


def curves(
    group: Integers,
    groups: int,
    duration: Floats,
    completed: Booleans,
    entry: Floats | None = None,
    count: Integers | None = None,
) -> Iterator[Curve]:
    """Yield the survival curve of each group in turn; ``group`` (observations,) numbers the groups from 0."""
    order = np.argsort(group, kind="stable")
    bounds = np.searchsorted(group[order], np.arange(groups + 1))
    for low, high in itertools.pairwise(bounds):
        rows = order[low:high]
        yield kaplan_meier(
            duration[rows],
            completed[rows],
            None if entry is None else entry[rows],
            None if count is None else count[rows],
        )
