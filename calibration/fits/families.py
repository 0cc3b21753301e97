"""Families of durations as they are fitted: on an unconstrained scale, and as scenarios write them.

Every family has a location, the logarithm of a time, and all but the exponential have the logarithm of a shape.
Densities and survivals take arrays of parameters of any shape that NumPy can spread over the times.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from scipy import special

from stepdown.outputs.measures.intervals import Floats
from stepdown.scenarios.distributions import Distribution, Gamma, Lognormal, Weibull, exponential

_Z90 = float(special.ndtri(0.9))
_UNDERFLOW = 1e-290


class Family(Protocol):
    """What every family offers. ``at`` is (location, log shape), or (location,) for the exponential."""

    @property
    def name(self) -> str:
        """The name that scenario files use."""

    @property
    def parameters(self) -> tuple[str, ...]:
        """The names of its parameters in scenario files, in order."""

    def start(self, times: Floats) -> Floats:
        """Return where to begin to look, from some durations."""

    def log_density(self, at: Floats, times: Floats) -> Floats:
        """Return log f(t) of times above 0."""

    def log_survival(self, at: Floats, times: Floats) -> Floats:
        """Return log S(t); 0 at time 0."""

    def values(self, at: Floats) -> tuple[Floats, ...]:
        """Return the parameters that scenario files state, each of the shape of one parameter."""

    def mean(self, at: Floats) -> Floats:
        """Return the mean in days; infinite where it is too large to compute."""

    def quantile(self, at: Floats, share: float) -> Floats:
        """Return the days that a share of durations stays below, of the shape of one parameter."""

    def distribution(self, at: Floats) -> Distribution:
        """Return the distribution that the model draws from."""


@dataclass(frozen=True)
class ExponentialFamily:
    """S(t) = exp(-t / mean); the location is log mean."""

    name: str = "exponential"
    parameters: tuple[str, ...] = ("mean",)

    def start(self, times: Floats) -> Floats:
        """Return the log of the mean."""
        return np.array([math.log(times.mean())])

    def log_density(self, at: Floats, times: Floats) -> Floats:
        """Return -t / mean - log mean."""
        return np.asarray(self.log_survival(at, times) - at[0])

    def log_survival(self, at: Floats, times: Floats) -> Floats:
        """Return -t / mean."""
        return np.asarray(-times * np.exp(-at[0]))

    def values(self, at: Floats) -> tuple[Floats, ...]:
        """Return (mean,)."""
        return (self.mean(at),)

    def mean(self, at: Floats) -> Floats:
        """Return the mean."""
        return np.asarray(np.exp(at[0]))

    def quantile(self, at: Floats, share: float) -> Floats:
        """Return -mean log (1 - share)."""
        return np.asarray(-np.exp(at[0]) * math.log1p(-share))

    def distribution(self, at: Floats) -> Distribution:
        """Return the exponential."""
        return exponential(float(self.mean(at)))


@dataclass(frozen=True)
class WeibullFamily:
    """S(t) = exp(-(t / scale)^shape); the location is log scale."""

    name: str = "weibull"
    parameters: tuple[str, ...] = ("mean", "shape")

    def start(self, times: Floats) -> Floats:
        """Return scale and shape from the mean and deviation of log times."""
        logs = np.log(times)
        shape = 1.2 / max(float(logs.std()), 0.1)
        return np.array([logs.mean() + 0.5772 / shape, math.log(shape)])

    def log_density(self, at: Floats, times: Floats) -> Floats:
        """Return log shape - log t + log z - z, with z = (t / scale)^shape."""
        log_z = np.exp(at[1]) * (np.log(times) - at[0])
        return np.asarray(at[1] - np.log(times) + log_z - np.exp(log_z))

    def log_survival(self, at: Floats, times: Floats) -> Floats:
        """Return -(t / scale)^shape."""
        return np.asarray(-np.exp(np.exp(at[1]) * (_log(times) - at[0])))

    def values(self, at: Floats) -> tuple[Floats, ...]:
        """Return (mean, shape)."""
        return self.mean(at), np.asarray(np.exp(at[1]))

    def mean(self, at: Floats) -> Floats:
        """Return scale Γ(1 + 1 / shape)."""
        with np.errstate(over="ignore"):
            return np.asarray(np.exp(at[0] + special.gammaln(1 + np.exp(-at[1]))))

    def quantile(self, at: Floats, share: float) -> Floats:
        """Return scale (-log (1 - share))^(1 / shape)."""
        return np.asarray(np.exp(at[0] + np.exp(-at[1]) * math.log(-math.log1p(-share))))

    def distribution(self, at: Floats) -> Distribution:
        """Return the Weibull."""
        return Weibull(scale=math.exp(at[0]), shape=math.exp(at[1]))


@dataclass(frozen=True)
class LognormalFamily:
    """Log t is normal; the location is its mean, and the log of the shape that of its deviation."""

    name: str = "lognormal"
    parameters: tuple[str, ...] = ("median", "p90")

    def start(self, times: Floats) -> Floats:
        """Return mean and deviation of log times."""
        logs = np.log(times)
        return np.array([logs.mean(), math.log(max(float(logs.std()), 0.1))])

    def log_density(self, at: Floats, times: Floats) -> Floats:
        """Return the normal density of log t, less log t."""
        z = (np.log(times) - at[0]) * np.exp(-at[1])
        return np.asarray(-0.5 * z**2 - at[1] - 0.5 * math.log(2 * math.pi) - np.log(times))

    def log_survival(self, at: Floats, times: Floats) -> Floats:
        """Return the log of the normal distribution function of (mean - log t) / deviation."""
        return np.asarray(special.log_ndtr((at[0] - _log(times)) * np.exp(-at[1])))

    def values(self, at: Floats) -> tuple[Floats, ...]:
        """Return (median, p90)."""
        return np.asarray(np.exp(at[0])), np.asarray(np.exp(at[0] + _Z90 * np.exp(at[1])))

    def mean(self, at: Floats) -> Floats:
        """Return exp(mean + deviation² / 2)."""
        with np.errstate(over="ignore"):
            return np.asarray(np.exp(at[0] + 0.5 * np.exp(2 * at[1])))

    def quantile(self, at: Floats, share: float) -> Floats:
        """Return exp(mean + deviation z)."""
        return np.asarray(np.exp(at[0] + np.exp(at[1]) * special.ndtri(share)))

    def distribution(self, at: Floats) -> Distribution:
        """Return the lognormal."""
        return Lognormal(mu=float(at[0]), sigma=math.exp(at[1]))


@dataclass(frozen=True)
class GammaFamily:
    """Gamma of shape and mean; the location is log mean, which hardly depends on the shape."""

    name: str = "gamma"
    parameters: tuple[str, ...] = ("mean", "sd")

    def start(self, times: Floats) -> Floats:
        """Return the mean, and the shape from log mean - mean log."""
        mean = float(times.mean())
        gap = max(math.log(mean) - float(np.log(times).mean()), 0.005)
        return np.array([math.log(mean), -math.log(2 * gap)])

    def log_density(self, at: Floats, times: Floats) -> Floats:
        """Return (shape - 1) log t - t / scale - shape log scale - log Γ(shape)."""
        shape, log_scale = np.exp(at[1]), at[0] - at[1]
        return np.asarray(
            (shape - 1) * np.log(times) - times * np.exp(-log_scale) - shape * log_scale - special.gammaln(shape)
        )

    def log_survival(self, at: Floats, times: Floats) -> Floats:
        """Return the log of the regularised upper incomplete gamma function; its asymptote where that underflows."""
        shape, x = np.exp(at[1]), times * np.exp(at[1] - at[0])
        share = special.gammaincc(shape, x)
        with np.errstate(divide="ignore", invalid="ignore"):
            tail = (shape - 1) * np.log(x) - x - special.gammaln(shape) - np.log1p(-(shape - 1) / (x + shape))
        return np.asarray(np.where(share > _UNDERFLOW, np.log(np.maximum(share, _UNDERFLOW)), tail))

    def values(self, at: Floats) -> tuple[Floats, ...]:
        """Return (mean, sd)."""
        return self.mean(at), np.asarray(np.exp(at[0] - 0.5 * at[1]))

    def mean(self, at: Floats) -> Floats:
        """Return the mean."""
        return np.asarray(np.exp(at[0]))

    def quantile(self, at: Floats, share: float) -> Floats:
        """Return the inverse of the regularised incomplete gamma function, scaled."""
        return np.asarray(special.gammaincinv(np.exp(at[1]), share) * np.exp(at[0] - at[1]))

    def distribution(self, at: Floats) -> Distribution:
        """Return the gamma."""
        shape = math.exp(at[1])
        return Gamma(shape=shape, scale=math.exp(at[0]) / shape)


FAMILIES: tuple[Family, ...] = (ExponentialFamily(), WeibullFamily(), LognormalFamily(), GammaFamily())
"""The families that are fitted, the simplest first."""


def written(family: Family, values: Mapping[str, float]) -> dict[str, dict[str, str | float]]:
    """Return a distribution as a scenario file states it, such as ``{weibull: {mean: 512.3 days, shape: 1.2}}``."""
    return {
        family.name: {name: values[name] if name == "shape" else in_days(values[name]) for name in family.parameters}
    }


def in_days(days: float) -> str:
    """Return a duration as a scenario file states it, without an exponent and to five digits."""
    text = np.format_float_positional(days, precision=5, unique=False, fractional=False, trim="-")
    return f"{text} days"


def _log(times: Floats) -> Floats:
    """Return log t, very far down at 0, where every survival is 1."""
    return np.log(np.maximum(times, 1e-300))
