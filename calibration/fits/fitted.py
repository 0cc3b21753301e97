"""A family fitted to durations: the best of several by AIC, its estimates, draws, and what to be wary of."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from stepdown.calibration.fits.durations import Durations
from stepdown.calibration.fits.estimates import (
    DRAWS,
    FEW,
    SEED_OF_INTERVALS,
    TOO_FEW,
    Estimate,
    Unfitted,
    estimated,
    generator,
)
from stepdown.calibration.fits.families import FAMILIES, Family, written
from stepdown.calibration.fits.likelihood import Maximum, family_draws, log_likelihood, maximum, within_reason
from stepdown.outputs.measures.intervals import Floats
from stepdown.scenarios.distributions import Distribution

ALIKE = 2.0
"""Families whose AIC differs by less fit as well as one another."""


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
class Candidate:
    """A family that could be fitted, and the maximum of its likelihood."""

    family: Family
    top: Maximum


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
        By name, with intervals within the family: the parameters that a scenario states, and 'mean', 'median', 'p90',
        all in days but 'shape'.
    averaged
        'mean', 'median' and 'p90' with intervals that take in what is not known about the family: each counts by its
        Akaike weight.
    comparison
        All families, in the order in which they are tried.
    candidates
        Those of them that could be fitted.
    warnings
        What to be wary of: sentences without any count.
    stands_in
        Whether too few ended for a fit, and an exponential stands in.
    """

    durations: Durations
    family: Family
    top: Maximum
    estimates: Mapping[str, Estimate]
    averaged: Mapping[str, Estimate]
    comparison: tuple[Compared, ...]
    candidates: tuple[Candidate, ...]
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

    def draws(self, count: int, seed: int) -> dict[str, Floats]:
        """Return joint draws of the parameters that a scenario states, by name, each of shape (count,)."""
        raw = _raw(self.durations, self.family, self.top, self.stands_in, count, seed)
        return dict(zip(self.family.parameters, self.family.values(raw), strict=True))

    def written_draws(self, count: int, seed: int) -> list[dict[str, dict[str, str | float]]]:
        """Return draws of the whole distribution as a scenario file states it: of each family by its Akaike weight."""
        rows = []
        for one, raw in _of_each(self.durations, self.candidates, self.stands_in, count, seed):
            values = zip(*one.family.values(raw), strict=True)
            rows += [written(one.family, dict(zip(one.family.parameters, row, strict=True))) for row in values]
        order = generator(seed, *self.durations.address, "order of families").permutation(count)
        return [rows[at] for at in order]


def fit_durations(durations: Durations, families: Sequence[Family] = FAMILIES) -> DurationFit | Unfitted:
    """Return the family that fits durations best by AIC, or why none was fitted.

    Families within 2 of the lowest AIC fit as well as one another, and differ in the tail, which hardly anybody lived
    to show: of these the one with the middle mean is taken (of two, the shorter). Where fewer than `TOO_FEW` have
    ended, an exponential stands in, whose rate has the posterior Gamma(ended + ½, days observed).
    """
    reason = _why_not(durations)
    if reason is not None:
        return reason
    if durations.ended.sum() < TOO_FEW:
        return _stand_in(durations)
    tried = [Candidate(family, fit_family(family, durations)) for family in families]
    comparison = tuple(_compared(one, durations) for one in tried)
    usable = tuple(one for one, row in zip(tried, comparison, strict=True) if not row.why_not)
    if not usable:
        reasons = sorted({row.why_not for row in comparison})
        return _unfitted(durations, f"no family could be fitted: {'; '.join(reasons)}")
    warnings = _warnings(durations, comparison)
    return _described(durations, _middle(usable), usable, comparison, warnings)


def _middle(usable: Sequence[Candidate]) -> Candidate:
    lowest = min(one.top.aic for one in usable)
    close = [one for one in usable if one.top.aic < lowest + ALIKE]
    return sorted(close, key=lambda one: float(one.family.mean(one.top.point)))[(len(close) - 1) // 2]


def _described(
    durations: Durations,
    chosen: Candidate,
    usable: tuple[Candidate, ...],
    comparison: tuple[Compared, ...],
    warnings: tuple[str, ...],
    stands_in: bool = False,
) -> DurationFit:
    family, top = chosen.family, chosen.top
    estimates = estimates_of(family, top.point, _raw(durations, family, top, stands_in, DRAWS, SEED_OF_INTERVALS))
    drawn = [
        _measures(one.family, raw) for one, raw in _of_each(durations, usable, stands_in, DRAWS, SEED_OF_INTERVALS)
    ]
    averaged = {
        name: estimated(estimates[name].value, np.concatenate([np.atleast_1d(draws[name]) for draws in drawn]))
        for name in drawn[0]
    }
    return DurationFit(durations, family, top, estimates, averaged, comparison, usable, warnings, stands_in)


def _of_each(
    durations: Durations, candidates: Sequence[Candidate], stands_in: bool, count: int, seed: int
) -> Iterator[tuple[Candidate, Floats]]:
    """Yield each family that has any draws, and its draws, as many as its Akaike weight says."""
    lowest = min(one.top.aic for one in candidates)
    weights = np.array([math.exp((lowest - one.top.aic) / 2) for one in candidates])
    ends = np.round(np.cumsum(weights) / weights.sum() * count).astype(np.int64)
    for one, number in zip(candidates, np.diff(ends, prepend=0), strict=True):
        if number:
            yield one, _raw(durations, one.family, one.top, stands_in, int(number), seed)


def _raw(durations: Durations, family: Family, top: Maximum, stands_in: bool, count: int, seed: int) -> Floats:
    """Return draws on the unconstrained scale, shape (parameters, count)."""
    if not stands_in:
        return family_draws(family, top, durations, count, seed)
    rng = generator(seed, *durations.address, "stand-in")
    return np.log(durations.exposure / rng.gamma(durations.ended.sum() + 0.5, size=(1, count)))


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
    found = _parameters(family, at) | _measures(family, at)
    drawn = _parameters(family, raw) | _measures(family, raw)
    return {name: estimated(float(value), drawn[name]) for name, value in found.items()}


def _parameters(family: Family, at: Floats) -> dict[str, Floats]:
    return dict(zip(family.parameters, family.values(at), strict=True))


def _measures(family: Family, at: Floats) -> dict[str, Floats]:
    return {"mean": family.mean(at), "median": family.quantile(at, 0.5), "p90": family.quantile(at, 0.9)}


def _why_not(durations: Durations) -> Unfitted | None:
    ended = durations.ended
    if not durations.n:
        return _unfitted(durations, "nothing was seen in the time that the records cover")
    if not ended.any():
        return _unfitted(durations, "none has ended: nothing says how long they last")
    times = durations.seen[ended]
    # A fixed time of some hours over a week is recorded as one number of days or the next.
    alike = 1 if times.mean() >= 7 else 0
    if ended.sum() >= TOO_FEW and np.ptp(times) <= alike:
        why = "all that ended lasted the same number of days: the duration is fixed"
        return _unfitted(durations, why, float(times.mean()))
    return None


def _unfitted(durations: Durations, why: str, constant: float | None = None) -> Unfitted:
    return Unfitted(why, durations.n, int(durations.ended.sum()), constant)


def _stand_in(durations: Durations) -> DurationFit:
    family, ended = FAMILIES[0], int(durations.ended.sum())
    at = np.array([math.log(durations.exposure / ended)])
    top = Maximum(at, np.array([[1 / ended]]), float(log_likelihood(family, at, durations)), converged=True)
    one = Candidate(family, top)
    why = f"fewer than {TOO_FEW} have ended: an exponential of all the days that were observed stands in for a fit"
    return _described(durations, one, (one,), (_compared(one, durations),), (why,), stands_in=True)


def _compared(one: Candidate, durations: Durations) -> Compared:
    family, top = one.family, one.top
    if not top.converged:
        return Compared(family.name, math.nan, math.nan, math.nan, "the likelihood has no clear maximum")
    if not within_reason(family, top.point, durations):
        return Compared(family.name, top.aic, math.inf, math.nan, "the mean is infinite, or far beyond what was seen")
    mean = float(family.mean(top.point))
    return Compared(family.name, top.aic, mean, float(family.quantile(top.point, 0.5)))


def _warnings(durations: Durations, comparison: tuple[Compared, ...]) -> tuple[str, ...]:
    said = []
    ended = durations.ended
    if ended.sum() < FEW:
        said.append(f"fewer than {FEW} have ended: the true values may lie far from these")
    if ended.mean() < 0.25:
        said.append("fewer than one in four have ended: the long stays are told by the family and not by the records")
    if durations.left_out > 0.25 * durations.n:
        said.append("many were over before the records began, and say nothing")
    lowest = min(row.aic for row in comparison if not row.why_not)
    close = [row.family for row in comparison if not row.why_not and row.aic < ALIKE + lowest]
    means = [row.mean for row in comparison if row.family in close]
    if max(means) > 1.25 * min(means):
        said.append(f"the records hardly tell {' from '.join(close)}, and their means differ by a quarter or more")
    said += [f"{row.family}: {row.why_not}" for row in comparison if row.why_not]
    return tuple(said)
