"""Families of distributions, parametrised the way people know them.

Durations are in days and amounts in pounds. The simulation uses a distribution only through ``quantile``: one uniform
number in, one duration out, so that the same luck gives a comparable duration whatever the parameters.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Protocol

import numpy as np
from scipy import special

from stepdown.scenarios.quantile_curves import beta_quantile, log_gamma_quantile

Floats = np.ndarray[Any, np.dtype[np.float64]]


class Distribution(Protocol):
    """What every family offers."""

    def quantile(self, share: float) -> float:
        """Return the value that the given share (between 0 and 1, both excluded) of draws stays below."""

    def survival(self, value: float) -> float:
        """Return the probability that a draw is greater than the value."""

    def survivals(self, values: Floats) -> Floats:
        """Return `survival` of many values at once, to the rounding of the last digits."""

    @property
    def mean(self) -> float:
        """The mean of the draws."""


@dataclass(frozen=True)
class Fixed:
    """Always the same value."""

    value: float

    def quantile(self, share: float) -> float:
        """Return the value itself."""
        return self.value

    def survival(self, value: float) -> float:
        """Return 1 before the value and 0 from it on."""
        return 1.0 if value < self.value else 0.0

    def survivals(self, values: Floats) -> Floats:
        """Return the probability of lasting longer than each value."""
        return np.where(values < self.value, 1.0, 0.0)

    @property
    def mean(self) -> float:
        """The value itself."""
        return self.value


@dataclass(frozen=True)
class Weibull:
    """Weibull; shape 1 is the exponential: S(t) = exp(-(t / scale) ** shape)."""

    scale: float
    shape: float

    def quantile(self, share: float) -> float:
        """Return scale (-log(1 - share)) ** (1 / shape)."""
        exponential = -math.log1p(-share)
        return self.scale * (exponential if self.shape == 1 else exponential ** (1 / self.shape))

    def survival(self, value: float) -> float:
        """Return the probability of lasting longer."""
        return math.exp(-((value / self.scale) ** self.shape)) if value > 0 else 1.0

    def survivals(self, values: Floats) -> Floats:
        """Return the probability of lasting longer than each value."""
        return np.exp(-((np.maximum(values, 0.0) / self.scale) ** self.shape))

    @property
    def mean(self) -> float:
        """Scale times gamma(1 + 1 / shape)."""
        return self.scale * math.gamma(1 + 1 / self.shape)


@dataclass(frozen=True)
class Lognormal:
    """Log of the value is normal with mean ``mu`` and standard deviation ``sigma``."""

    mu: float
    sigma: float

    def quantile(self, share: float) -> float:
        """Return exp(mu + sigma z)."""
        return math.exp(self.mu + self.sigma * float(special.ndtri(share)))

    def survival(self, value: float) -> float:
        """Return the probability of lasting longer."""
        return float(special.ndtr((self.mu - math.log(value)) / self.sigma)) if value > 0 else 1.0

    def survivals(self, values: Floats) -> Floats:
        """Return the probability of lasting longer than each value."""
        with np.errstate(divide="ignore"):  # the logarithm of nothing is minus infinity, which is survived
            logs = np.log(np.maximum(values, 0.0))
        return np.asarray(special.ndtr((self.mu - logs) / self.sigma))

    @property
    def mean(self) -> float:
        """Exp(mu + sigma squared / 2)."""
        return math.exp(self.mu + self.sigma**2 / 2)


@dataclass(frozen=True)
class Gamma:
    """Gamma with a shape and a scale; mean = shape times scale."""

    shape: float
    scale: float

    def quantile(self, share: float) -> float:
        """Return the inverse of the regularised incomplete gamma function, scaled."""
        return self.scale * math.exp(log_gamma_quantile(self.shape).at(share))

    def survival(self, value: float) -> float:
        """Return the probability of lasting longer."""
        return float(special.gammaincc(self.shape, value / self.scale)) if value > 0 else 1.0

    def survivals(self, values: Floats) -> Floats:
        """Return the probability of lasting longer than each value."""
        return np.asarray(special.gammaincc(self.shape, np.maximum(values, 0.0) / self.scale))

    @property
    def mean(self) -> float:
        """Shape times scale."""
        return self.shape * self.scale


@dataclass(frozen=True)
class Triangular:
    """Triangular between ``low`` and ``high`` with its peak at ``mode``."""

    low: float
    mode: float
    high: float

    def quantile(self, share: float) -> float:
        """Return the inverse of the two quadratic pieces."""
        width = self.high - self.low
        if share * width <= self.mode - self.low:
            return self.low + math.sqrt(share * width * (self.mode - self.low))
        return self.high - math.sqrt((1 - share) * width * (self.high - self.mode))

    def survival(self, value: float) -> float:
        """Return the probability of a greater value."""
        width = self.high - self.low
        if value <= self.low:
            return 1.0
        if value >= self.high:
            return 0.0
        if value < self.mode:
            return 1 - (value - self.low) * (value - self.low) / (width * (self.mode - self.low))
        return (self.high - value) * (self.high - value) / (width * (self.high - self.mode))

    def survivals(self, values: Floats) -> Floats:
        """Return the probability of lasting longer than each value."""
        width, inside = self.high - self.low, np.clip(values, self.low, self.high)
        rising, falling = width * (self.mode - self.low), width * (self.high - self.mode)
        before = 1 - (inside - self.low) ** 2 / (rising or 1.0)
        return np.where(inside < self.mode, before, (self.high - inside) ** 2 / (falling or 1.0))

    @property
    def mean(self) -> float:
        """The mean of the three corners."""
        return (self.low + self.mode + self.high) / 3


@dataclass(frozen=True)
class Pert:
    """PERT: a beta distribution on ``low`` to ``high`` with mean (low + 4 mode + high) / 6."""

    low: float
    mode: float
    high: float

    @property
    def shapes(self) -> tuple[float, float]:
        """The shapes of the beta distribution, for its rise and for its fall."""
        width = self.high - self.low
        return 1 + 4 * (self.mode - self.low) / width, 1 + 4 * (self.high - self.mode) / width

    def quantile(self, share: float) -> float:
        """Return the inverse of the regularised incomplete beta function, stretched."""
        position = min(max(beta_quantile(*self.shapes).at(share), 0.0), 1.0)
        return self.low + (self.high - self.low) * position

    def survival(self, value: float) -> float:
        """Return the probability of a greater value."""
        position = min(max((value - self.low) / (self.high - self.low), 0.0), 1.0)
        return float(special.betaincc(*self.shapes, position))

    def survivals(self, values: Floats) -> Floats:
        """Return the probability of lasting longer than each value."""
        positions = np.clip((values - self.low) / (self.high - self.low), 0.0, 1.0)
        return np.asarray(special.betaincc(*self.shapes, positions))

    @property
    def mean(self) -> float:
        """(low + 4 mode + high) / 6."""
        return (self.low + 4 * self.mode + self.high) / 6


@dataclass(frozen=True)
class Empirical:
    """Straight lines between known quantiles; ``shares`` rises from 0 to 1, ``values`` never falls.

    A uniform distribution is the case of two points.
    """

    shares: tuple[float, ...]
    values: tuple[float, ...]

    def quantile(self, share: float) -> float:
        """Return the value on the line between the neighbouring quantiles."""
        after = min(max(bisect_right(self.shares, share), 1), len(self.shares) - 1)
        low, high = self.shares[after - 1], self.shares[after]
        return self.values[after - 1] + (self.values[after] - self.values[after - 1]) * (share - low) / (high - low)

    def survival(self, value: float) -> float:
        """Return the share above the value; at a jump, the share strictly above."""
        if value < self.values[0]:
            return 1.0
        after = bisect_right(self.values, value)
        if after == len(self.values):
            return 0.0
        low, high = self.values[after - 1], self.values[after]
        share = self.shares[after - 1] + (self.shares[after] - self.shares[after - 1]) * (value - low) / (high - low)
        return 1 - share

    def survivals(self, values: Floats) -> Floats:
        """Return the share above each value; at a jump, the share strictly above."""
        shares, known = np.array(self.shares), np.array(self.values)
        after = np.clip(np.searchsorted(known, values, side="right"), 1, len(known) - 1)
        low, high = known[after - 1], known[after]
        # Where the last values are equal, those beyond them are taken care of below.
        along = (values - low) / np.where(high > low, high - low, 1.0)
        within = 1 - (shares[after - 1] + (shares[after] - shares[after - 1]) * along)
        return np.where(values < known[0], 1.0, np.where(values >= known[-1], 0.0, within))

    @property
    def mean(self) -> float:
        """The area under the quantile lines."""
        pieces = zip(pairwise(self.shares), pairwise(self.values), strict=True)
        return sum((after - before) * (low + high) / 2 for (before, after), (low, high) in pieces)


def exponential(mean: float) -> Weibull:
    """Exponential with a given mean: the Weibull of shape 1."""
    return Weibull(scale=mean, shape=1.0)


def uniform(low: float, high: float) -> Empirical:
    """Uniform between two values."""
    return Empirical((0.0, 1.0), (low, high))


def residual(distribution: Distribution, already: float, share: float) -> float:
    """Return the whole duration of something known to have lasted ``already`` and to go on.

    Parameters
    ----------
    distribution
        The distribution of whole durations.
    already
        The time that has passed.
    share
        The uniform draw: the share of those durations longer than ``already`` to stay below.

    Returns
    -------
    float
        At least ``already``; ``already`` itself where no draw could have lasted that long.
    """
    # Nothing is known of what has only just begun: it may yet last no time at all.
    lasting = distribution.survival(already) if already > 0 else 1.0
    if lasting <= 0:
        return already
    below = min(1 - lasting * (1 - share), math.nextafter(1.0, 0.0))
    return max(already, distribution.quantile(below))
