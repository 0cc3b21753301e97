"""Each route with a time of its own: the likelihood of shares and times together, its maximum, and draws around it."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from stepdown.calibration.fits.durations import Durations
from stepdown.calibration.fits.estimates import generator
from stepdown.calibration.fits.families import FAMILIES, Family
from stepdown.calibration.fits.likelihood import SMALL, Maximum, draws_around, log_contributions, maximum, within_reason
from stepdown.outputs.measures.intervals import Booleans, Floats

_AT_A_TIME = 200_000
"""Numbers that are computed in one go."""


@dataclass(frozen=True)
class Mixture:
    """Shares of routes and the time by each.

    Attributes
    ----------
    routes
        The routes.
    families
        The family of each.
    top
        The maximum: first log (share / first share) of each share but the first, then the parameters of each
        family.
    """

    routes: tuple[str, ...]
    families: tuple[Family, ...]
    top: Maximum

    def times(self, at: Floats) -> tuple[Floats, ...]:
        """Return the parameters of each route's family, each of shape (parameters, ...)."""
        sizes = [len(family.parameters) for family in self.families]
        ends = list(itertools.accumulate(sizes, initial=len(self.routes) - 1))
        return tuple(at[begin:end] for begin, end in itertools.pairwise(ends))

    def sound(self, durations: Durations) -> bool:
        """Whether it is a maximum, and every route's mean is one that what was seen can speak of."""
        each = zip(self.families, self.times(self.top.point), strict=True)
        return self.top.converged and all(within_reason(family, own, durations) for family, own in each)


def log_shares(at: Floats, routes: int) -> Floats:
    """Return the logarithms of the shares, shape (routes, ...)."""
    against_first = np.concatenate([np.zeros_like(at[:1]), at[: routes - 1]])
    return np.asarray(against_first - np.logaddexp.reduce(against_first, axis=0, keepdims=True))


def log_likelihood(mixture: Mixture, at: Floats, durations: Durations) -> Floats:
    """Return the log likelihood of parameters of shape (parameters,) or (parameters, draws)."""
    spread = at[..., np.newaxis]
    shares, times = log_shares(spread, len(mixture.routes)), mixture.times(spread)
    late = durations.entry[durations.entry > 0]
    each = zip(shares, mixture.families, times, _may_be(mixture.routes, durations), strict=True)
    said, before = [], []
    for share, family, own, may in each:
        said.append(np.where(may, share + log_contributions(family, own, durations), -np.inf))
        before.append(share + family.log_survival(own, late))
    return np.asarray(_logsum(said).sum(axis=-1) - _logsum(before).sum(axis=-1))


def best_mixture(
    durations: Durations, routes: tuple[str, ...], families: Sequence[Family] = FAMILIES
) -> Mixture | None:
    """Return the mixture that fits best by AIC: the best family for all, then for each route in turn a better one.

    None where none has a clear maximum.
    """
    best: Mixture | None = None
    for family in families:
        best = _better(best, durations, _fitted(durations, routes, (family,) * len(routes)))
    for at in range(len(routes) if best is not None else 0):
        for family in families:
            assert best is not None
            if family != best.families[at]:
                others = (*best.families[:at], family, *best.families[at + 1 :])
                best = _better(best, durations, _fitted(durations, routes, others, best))
    return best


def mixture_draws(
    mixture: Mixture, durations: Durations, count: int, seed: int
) -> tuple[dict[str, Floats], dict[str, Floats]]:
    """Return draws of the shares, and of the parameters of each route's family on the unconstrained scale, by route."""
    at_once = max(_AT_A_TIME // durations.n, 1)

    def log_of(at: Floats) -> Floats:
        parts = np.array_split(at, max(at.shape[1] // at_once, 1), axis=1)
        likely = np.concatenate([log_likelihood(mixture, part, durations) for part in parts])
        each = zip(mixture.families, mixture.times(at), strict=True)
        sound = np.all([within_reason(family, own, durations) for family, own in each], axis=0)
        return np.where(sound, likely, -np.inf)

    rng = generator(seed, *durations.address, "mixture")
    drawn = draws_around(mixture.top, log_of, bool(durations.ended.sum() < SMALL), count, rng)
    shares = np.exp(log_shares(drawn, len(mixture.routes)))
    return (
        dict(zip(mixture.routes, shares, strict=True)),
        dict(zip(mixture.routes, mixture.times(drawn), strict=True)),
    )


def _may_be(routes: Sequence[str], durations: Durations) -> Booleans:
    """Return which route each may have taken, shape (routes, n): the known one, or any."""
    known = np.isin(durations.route, routes) & durations.ended
    return np.array([~known | (durations.route == route) for route in routes])


def _logsum(parts: Sequence[Floats]) -> Floats:
    return np.asarray(np.logaddexp.reduce(np.stack(np.broadcast_arrays(*parts)), axis=0))


def _fitted(
    durations: Durations, routes: tuple[str, ...], families: tuple[Family, ...], near: Mixture | None = None
) -> Mixture:
    ended = [durations.seen[durations.ended & (durations.route == route)] for route in routes]
    starts = [family.start(times) for family, times in zip(families, ended, strict=True)]
    if near is None:
        shares = np.log([len(times) / len(ended[0]) for times in ended[1:]])
    else:
        shares = near.top.point[: len(routes) - 1]
        old = near.times(near.top.point)
        starts = [
            at if family == was else start
            for family, was, at, start in zip(families, near.families, old, starts, strict=True)
        ]
    bare = Mixture(routes, families, Maximum(np.empty(0), np.empty((0, 0)), -np.inf, converged=False))
    start = np.concatenate([shares, *starts])
    return Mixture(routes, families, maximum(lambda at: float(log_likelihood(bare, at, durations)), start))


def _better(best: Mixture | None, durations: Durations, other: Mixture) -> Mixture | None:
    if not other.sound(durations):
        return best
    return other if best is None or other.top.aic < best.top.aic else best
