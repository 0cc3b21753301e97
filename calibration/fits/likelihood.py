"""The likelihood of durations of which some had begun before, and others go on; its maximum, and what lies around it.

Σ log f(t) over those that ended + Σ log S(t) over those that go on - Σ log S(entry): who had begun before the records
is known only for having lasted until then. Where an end is known only to lie between a and b, log (S(a) - S(b))
stands in place of log f(t).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy import optimize

from stepdown.calibration.fits.durations import Durations
from stepdown.calibration.fits.estimates import generator
from stepdown.calibration.fits.families import Family
from stepdown.outputs.measures.intervals import Booleans, Floats

SMALL = 100
"""With fewer ended than this, draws follow the likelihood itself and not its normal approximation."""

BEYOND_REASON = 3.0
"""A mean so many times as long as the longest that was seen, and as the days observed for each that ended (what an
exponential would say), is made of a tail that nobody lived to show: it is no estimate, and no draw."""

_NOTHING = 1e-300
_STEP = 1e-4
_ROUGH = 20
"""Looks at the likelihood, for each parameter, before its slope is followed."""
_PROPOSALS = 2000
_TAILS = 5.0
"""Degrees of freedom of the proposals: their tails are heavier than those of a likelihood."""
_AT_A_TIME = 400_000
"""Numbers that are computed in one go."""


@dataclass(frozen=True)
class Maximum:
    """The maximum of a likelihood.

    Attributes
    ----------
    point
        Shape (parameters,): where it is, on the unconstrained scale.
    covariance
        Shape (parameters, parameters): the inverse of the observed information.
    log_likelihood
        How high it is.
    converged
        Whether it is one: the slope is nothing to speak of, and it falls off on every side.
    """

    point: Floats
    covariance: Floats
    log_likelihood: float
    converged: bool

    @property
    def aic(self) -> float:
        """Twice the parameters less twice the log likelihood; the lower the better."""
        return 2 * len(self.point) - 2 * self.log_likelihood


def log_likelihood(family: Family, at: Floats, durations: Durations) -> Floats:
    """Return the log likelihood.

    Parameters
    ----------
    family
        The family.
    at
        Shape (parameters,) or (parameters, draws).
    durations
        What was seen.

    Returns
    -------
    Floats
        A number, or shape (draws,).
    """
    spread = at[..., np.newaxis]
    late = durations.entry[durations.entry > 0]
    return np.asarray(
        log_contributions(family, spread, durations).sum(axis=-1) - family.log_survival(spread, late).sum(axis=-1)
    )


def log_contributions(family: Family, at: Floats, durations: Durations) -> Floats:
    """Return log f(t), log (S(a) - S(b)) or log S(c) of each duration, without regard to entry; shape (..., n)."""
    ended, exact = durations.ended, durations.at_least == durations.at_most
    shape = np.broadcast_shapes(at[0].shape, (durations.n,))
    said = np.empty(shape)
    said[..., exact] = family.log_density(at, durations.at_least[exact])
    said[..., ~ended] = family.log_survival(at, durations.at_least[~ended])
    between = ended & ~exact
    lasting = family.log_survival(at, durations.at_least[between])
    gone = family.log_survival(at, durations.at_most[between])
    said[..., between] = lasting + np.log(np.maximum(-np.expm1(gone - lasting), _NOTHING))
    return said


def maximum(log_of: Callable[[Floats], float], start: Floats) -> Maximum:
    """Return the maximum of a log likelihood that is looked for from a start."""

    def depth(at: Floats) -> float:
        with np.errstate(all="ignore"):
            value = -log_of(at)
        return value if math.isfinite(value) else 1e100

    rough = optimize.minimize(depth, start, method="Nelder-Mead", options={"maxfev": _ROUGH * len(start), "fatol": 0.1})
    found = optimize.minimize(depth, rough.x, method="BFGS")
    at = np.asarray(found.x, dtype=np.float64)
    curvature = _curvature(depth, at)
    try:
        np.linalg.cholesky(curvature)
        covariance = np.asarray(np.linalg.inv(curvature), dtype=np.float64)
    except np.linalg.LinAlgError:
        return Maximum(at, np.full_like(curvature, np.nan), -depth(at), converged=False)
    at = at - covariance @ _slope(depth, at)
    slope = _slope(depth, at)
    # What another of Newton's steps would add to the log likelihood.
    return Maximum(at, covariance, -depth(at), converged=bool(slope @ covariance @ slope < 1e-4))


def draws_around(
    top: Maximum, log_of: Callable[[Floats], Floats], small: bool, count: int, rng: np.random.Generator
) -> Floats:
    """Return draws of the parameters on the unconstrained scale, shape (parameters, count).

    Parameters
    ----------
    top
        The maximum.
    log_of
        The log likelihood of parameters of shape (parameters, draws).
    small
        Whether there is too little for a normal approximation: then draws from a wide distribution around the maximum
        are drawn again, each as often as the likelihood says (importance resampling; the prior is flat on the
        unconstrained scale).
    count
        How many.
    rng
        The random numbers.
    """
    size = len(top.point)
    root = np.linalg.cholesky(top.covariance)
    if not small:
        return top.point[:, np.newaxis] + root @ rng.standard_normal((size, count))
    normal, stretch = rng.standard_normal((size, _PROPOSALS)), np.sqrt(_TAILS / rng.chisquare(_TAILS, _PROPOSALS))
    steps = normal * stretch
    proposed = top.point[:, np.newaxis] + root @ steps
    log_proposal = -0.5 * (_TAILS + size) * np.log1p((steps**2).sum(axis=0) / _TAILS)
    with np.errstate(all="ignore"):
        weights = np.exp(np.nan_to_num(log_of(proposed) - top.log_likelihood, nan=-np.inf) - log_proposal)
    reached = np.cumsum(weights)
    # One uniform number, evenly spaced: no draw is taken more often than its weight by chance.
    places = (np.arange(count) + rng.uniform()) / count * reached[-1]
    chosen = np.minimum(np.searchsorted(reached, places), _PROPOSALS - 1)
    return proposed[:, rng.permutation(chosen)]


def within_reason(family: Family, at: Floats, durations: Durations) -> Booleans:
    """Return whether parameters have a mean that what was seen can speak of."""
    longest = max(float(durations.seen.max()), durations.exposure / float(durations.ended.sum()))
    return np.asarray(family.mean(at) < BEYOND_REASON * longest)


def family_draws(family: Family, top: Maximum, durations: Durations, count: int, seed: int) -> Floats:
    """Return draws of a family's parameters on the unconstrained scale, shape (parameters, count)."""
    small = bool(durations.ended.sum() < SMALL)
    at_once = max(_AT_A_TIME // max(durations.n, 1), 1)

    def log_of(at: Floats) -> Floats:
        parts = np.array_split(at, max(at.shape[1] // at_once, 1), axis=1)
        likely = np.concatenate([log_likelihood(family, part, durations) for part in parts])
        return np.where(within_reason(family, at, durations), likely, -np.inf)

    return draws_around(top, log_of, small, count, generator(seed, *durations.address, family.name))


def _slope(depth: Callable[[Floats], float], at: Floats) -> Floats:
    steps = np.eye(len(at)) * _STEP
    return np.array([(depth(at + step) - depth(at - step)) / (2 * _STEP) for step in steps])


def _curvature(depth: Callable[[Floats], float], at: Floats) -> Floats:
    """Return the matrix of second derivatives, by central differences with a step that rounding does not blur."""
    wide = 10 * _STEP
    steps = np.eye(len(at)) * wide
    matrix = np.empty((len(at), len(at)))
    for row, one in enumerate(steps):
        for column, other in enumerate(steps[: row + 1]):
            up = depth(at + one + other) + depth(at - one - other)
            down = depth(at + one - other) + depth(at - one + other)
            matrix[row, column] = matrix[column, row] = (up - down) / (4 * wide**2)
    return matrix
