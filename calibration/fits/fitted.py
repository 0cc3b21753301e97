"""A family fitted to durations: the best of several by AIC, its estimates, draws, and what to be wary of."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from stepdown.calibration.fits.durations import Durations
from stepdown.calibration.fits.estimates import DRAWS, FEW, TOO_FEW, Estimate, Unfitted, estimated, generator
from stepdown.calibration.fits.families import FAMILIES, Family, written
from stepdown.calibration.fits.likelihood import Maximum, family_draws, log_likelihood, maximum
from stepdown.outputs.measures.intervals import Floats
from stepdown.scenarios.distributions import Distribution

_BEYOND_REASON = 20.0
"""A mean so many times as long as anything that was seen is no estimate."""

_SEED_OF_INTERVALS = 0
"""Intervals are the same whatever the seed of draws."""


@dataclass(frozen=True)
class Compared:
    """One family beside others.

    Attributes
    ----------
    family
        Its name.
    aic
        Akaike's criterion, the lower the better; NaN if the fit failed.
    mean, median
        In days; NaN if the fit failed.
    why_not
        Why it cannot be used, as a sentence; empty if it can.
    """

    family: str
    aic: float
    mean: float
    median: float
    why_not: str = ""


@dataclass(frozen=True)
class DurationFit:
    """A family fitted to durations.

    Attributes
    ----------
    durations
        What it was fitted to: ``n``, ``ended``, ``window``, ``address``.
    family
        The family that was chosen.
    top
        The maximum of its likelihood.
    estimates
        By name, with intervals: the parameters that a scenario states, and 'mean', 'median', 'p90', all in days but
        'shape'.
    comparison
        All families, in the order in which they are tried.
    warnings
        What to be wary of: sentences without any count.
    stands_in
        Whether too few ended for a fit, and an exponential stands in.
    """

    durations: Durations
    family: Family
    top: Maximum
    estimates: Mapping[str, Estimate]
    comparison: tuple[Compared, ...]
    warnings: tuple[str, ...]
    stands_in: bool = False

    @property
    def distribution(self) -> Distribution:
        """The distribution that the model draws from."""
        return self.family.distribution(self.top.point)

    @property
    def written(self) -> dict[str, dict[str, str | float]]:
        """The distribution as a scenario file states it."""
        return written(self.family, {name: self.estimates[name].value for name in self.family.parameters})

    def raw_draws(self, count: int, seed: int) -> Floats:
        """Return draws on the unconstrained scale, shape (parameters, count)."""
        if self.stands_in:
            return _stand_in_draws(self.durations, count, seed)
        return family_draws(self.family, self.top, self.durations, count, seed)

    def draws(self, count: int, seed: int) -> dict[str, Floats]:
        """Return joint draws of the parameters that a scenario states, by name, each of shape (count,)."""
        values = self.family.values(self.raw_draws(count, seed))
        return dict(zip(self.family.parameters, values, strict=True))


def fit_durations(durations: Durations, families: Sequence[Family] = FAMILIES) -> DurationFit | Unfitted:
    """Return the family that fits durations best by AIC, or why none was fitted.

    Where fewer than `TOO_FEW` have ended, an exponential stands in, whose rate has the posterior Gamma(ended + ½, days
    observed).
    """
    reason = _why_not(durations)
    if reason is not None:
        return reason
    if durations.ended.sum() < TOO_FEW:
        return _stand_in(durations)
    tried = [(family, fit_family(family, durations)) for family in families]
    comparison = tuple(_compared(family, top, durations) for family, top in tried)
    usable = [(top.aic, family, top) for (family, top), row in zip(tried, comparison, strict=True) if not row.why_not]
    if not usable:
        return _unfitted(
            durations, "no family could be fitted: " + "; ".join(sorted({row.why_not for row in comparison}))
        )
    _, family, top = min(usable, key=lambda row: row[0])
    raw = family_draws(family, top, durations, DRAWS, _SEED_OF_INTERVALS)
    return DurationFit(
        durations, family, top, estimates_of(family, top.point, raw), comparison, _warnings(durations, comparison)
    )


def fit_family(family: Family, durations: Durations) -> Maximum:
    """Return the maximum of one family's likelihood."""
    times = durations.seen[durations.ended]
    return maximum(lambda at: float(log_likelihood(family, at, durations)), family.start(times))


def estimates_of(family: Family, at: Floats, raw: Floats) -> dict[str, Estimate]:
    """Return the estimates of a family's parameters, and of mean, median and p90, with intervals from draws.

    Parameters
    ----------
    family
        The family.
    at
        Shape (parameters,): the estimate on the unconstrained scale.
    raw
        Shape (parameters, draws): draws of it.
    """
    found = dict(_described(family, at))
    drawn = _described(family, raw)
    return {name: estimated(float(value), drawn[name]) for name, value in found.items()}


def _described(family: Family, at: Floats) -> dict[str, Floats]:
    quantiles = {name: quantile(family, at, share) for name, share in (("median", 0.5), ("p90", 0.9))}
    return dict(zip(family.parameters, family.values(at), strict=True)) | {"mean": family.mean(at)} | quantiles


def quantile(family: Family, at: Floats, share: float) -> Floats:
    """Return the days that a share of durations stays below, of the shape of one parameter.

    By halving an interval of logarithms: any family, any number of draws at once.
    """
    low, high = at[0] - 60.0, at[0] + 60.0
    target = math.log1p(-share)
    for _ in range(60):
        middle = (low + high) / 2
        lasting = family.log_survival(at, np.exp(middle)) > target
        low, high = np.where(lasting, middle, low), np.where(lasting, high, middle)
    return np.asarray(np.exp((low + high) / 2))


def _why_not(durations: Durations) -> Unfitted | None:
    ended = durations.ended
    if not durations.n:
        return _unfitted(durations, "nothing was seen in the time that the records cover")
    if not ended.any():
        return _unfitted(durations, "none has ended: nothing says how long they last")
    times = durations.seen[ended]
    if ended.sum() >= TOO_FEW and np.ptp(times) <= 1:
        why = "all that ended lasted the same number of days: the duration is fixed"
        return _unfitted(durations, why, float(times.mean()))
    return None


def _unfitted(durations: Durations, why: str, constant: float | None = None) -> Unfitted:
    return Unfitted(why, durations.n, int(durations.ended.sum()), constant)


def _stand_in(durations: Durations) -> DurationFit:
    family, ended = FAMILIES[0], int(durations.ended.sum())
    at = np.array([math.log(durations.exposure / ended)])
    top = Maximum(at, np.array([[1 / ended]]), float(log_likelihood(family, at, durations)), converged=True)
    raw = _stand_in_draws(durations, DRAWS, _SEED_OF_INTERVALS)
    why = f"fewer than {TOO_FEW} have ended: an exponential of all the days that were observed stands in for a fit"
    return DurationFit(
        durations,
        family,
        top,
        estimates_of(family, at, raw),
        (_compared(family, top, durations),),
        (why,),
        stands_in=True,
    )


def _stand_in_draws(durations: Durations, count: int, seed: int) -> Floats:
    rng = generator(seed, *durations.address, "stand-in")
    return np.log(durations.exposure / rng.gamma(durations.ended.sum() + 0.5, size=(1, count)))


def _compared(family: Family, top: Maximum, durations: Durations) -> Compared:
    if not top.converged:
        return Compared(family.name, math.nan, math.nan, math.nan, "the likelihood has no clear maximum")
    mean = float(family.mean(top.point))
    if not mean < _BEYOND_REASON * float(durations.seen.max()):
        return Compared(family.name, top.aic, math.inf, math.nan, "the mean is infinite, or far beyond anything seen")
    return Compared(family.name, top.aic, mean, float(quantile(family, top.point, 0.5)))


def _warnings(durations: Durations, comparison: tuple[Compared, ...]) -> tuple[str, ...]:
    said = []
    ended = durations.ended
    if ended.sum() < FEW:
        said.append(f"fewer than {FEW} have ended: the true values may lie far from these")
    if ended.mean() < 0.25:
        said.append("fewer than one in four have ended: the long stays are told by the family and not by the records")
    if durations.left_out > 0.25 * durations.n:
        said.append("many were over before the records began, and say nothing")
    close = [row.family for row in comparison if not row.why_not and row.aic < 2 + min(_aics(comparison))]
    means = [row.mean for row in comparison if row.family in close]
    if max(means) > 1.25 * min(means):
        said.append(f"the records hardly tell {' from '.join(close)}, and their means differ by a quarter or more")
    said += [f"{row.family}: {row.why_not}" for row in comparison if row.why_not]
    return tuple(said)


def _aics(comparison: tuple[Compared, ...]) -> list[float]:
    return [row.aic for row in comparison if not row.why_not]
