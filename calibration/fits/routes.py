"""Where stays lead, and how long people take who go there: shares of routes, and a time for all or for each.

In the model a person draws the route first, and then the time until ready by that route. So with shares p and densities
f, who took route k after t counts p_k f_k(t); who goes on after c counts Σ p_k S_k(c), as does, with f in place of S,
who left nobody knows where; and who had stayed e when the records began is divided by Σ p_k S_k(e).

Two models are compared by AIC: one distribution for all routes, and each route its own, which is taken if its AIC is
lower by more than 2. Routes by which fewer than 10 ended share one (with the next rarest, if these are fewer together).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from stepdown.calibration.fits.durations import Durations
from stepdown.calibration.fits.estimates import (
    DRAWS,
    FEW,
    SEED_OF_INTERVALS,
    Estimate,
    Share,
    Unfitted,
    estimated,
    generator,
)
from stepdown.calibration.fits.families import FAMILIES, Family, written
from stepdown.calibration.fits.fitted import ALIKE, DurationFit, estimates_of, fit_durations
from stepdown.calibration.fits.mixtures import Mixture, best_mixture, mixture_draws
from stepdown.outputs.measures.intervals import Floats

ENOUGH_OF_EACH = 10
"""A route may have a distribution of its own if at least so many ended by it."""

RARE = "the rare ones"
"""What stands for the routes that share a distribution in the separate model."""


@dataclass(frozen=True)
class RouteDraws:
    """Joint draws of everything about the routes out of a setting.

    Attributes
    ----------
    shares
        By route, each of shape (draws,); they add up to 1 in every draw.
    parameters
        By route and name of the parameter that a scenario states, each of shape (draws,).
    """

    shares: Mapping[str, Floats]
    parameters: Mapping[str, Mapping[str, Floats]]


@dataclass(frozen=True)
class RouteFit:
    """The routes out of a setting.

    Attributes
    ----------
    durations
        What was fitted to: ``n``, ``ended``, ``window``, ``address``.
    routes
        Those that were declared, in their order, and then others that were seen, by name.
    counts
        How many are known to have gone each way.
    shares
        By route, the estimated share of all who come (not only of those who have left), with intervals from draws.
        What was declared and never seen has its small share by Jeffreys' prior.
    families
        By route, the family of its time; in the separate model a route that was never seen has none.
    estimates
        By route, the estimates of its time: see `DurationFit.estimates`.
    common
        The fit of one distribution to all.
    separate
        The fit of one to each route; None where there is not enough of any two.
    pooled
        The routes that share one in it, under the name `RARE`.
    chosen_separate
        Whether each route has its own.
    aic_common, aic_separate
        Akaike's criterion of both; NaN for what was not tried.
    warnings
        Sentences without any count.
    """

    durations: Durations
    routes: tuple[str, ...]
    counts: Mapping[str, int]
    shares: Mapping[str, Estimate]
    families: Mapping[str, Family]
    estimates: Mapping[str, Mapping[str, Estimate]]
    common: DurationFit
    separate: Mixture | None
    pooled: tuple[str, ...]
    chosen_separate: bool
    aic_common: float
    aic_separate: float
    warnings: tuple[str, ...]

    def written(self, route: str) -> dict[str, dict[str, str | float]]:
        """Return the time by a route as a scenario file states it."""
        family = self.families[route]
        return written(family, {name: self.estimates[route][name].value for name in family.parameters})

    def observed(self, route: str) -> Share:
        """Return the share of a route among those who left for a place that is known, for display."""
        return Share(self.counts[route], sum(self.counts.values()), (*self.durations.address, route))

    def draws(self, count: int, seed: int) -> RouteDraws:
        """Return joint draws, addressed by the seed and by what was fitted."""
        if self.separate is None or not self.chosen_separate:
            parameters = self.common.draws(count, seed)
            return RouteDraws(_dirichlet(self, count, seed), dict.fromkeys(self.routes, parameters))
        shares, raw = _separate_draws(self, self.separate, count, seed)
        named = {
            route: dict(zip(family.parameters, family.values(raw[route]), strict=True))
            for route, family in self.families.items()
        }
        return RouteDraws(_with_unseen(self, shares, count, seed), named)


def fit_routes(
    durations: Durations, declared: Sequence[str] = (), families: Sequence[Family] = FAMILIES
) -> RouteFit | Unfitted:
    """Return the routes of stays, or why none were fitted.

    Parameters
    ----------
    durations
        Stays or needs, with the route of those that ended.
    declared
        The routes that a scenario knows.
    families
        The families to try for their times.
    """
    common = fit_durations(durations, families)
    if isinstance(common, Unfitted):
        return common
    seen = sorted({str(route) for route in durations.route[durations.ended] if route})
    routes = (*declared, *(route for route in seen if route not in declared))
    counts = {route: int((durations.route[durations.ended] == route).sum()) for route in routes}
    taken = tuple(route for route in routes if counts[route])
    if not taken:
        return Unfitted("nobody knows where any of them went", durations.n, int(durations.ended.sum()))
    pooled = _pooled(taken, counts)
    apart = (*(route for route in taken if route not in pooled), *((RARE,) if pooled else ()))
    separate = best_mixture(_labelled(durations, pooled), apart, families) if len(apart) > 1 else None
    aic_common = min(one.top.aic for one in common.candidates) + _aic_of_shares([counts[route] for route in taken])
    within = _aic_of_shares([counts[route] for route in pooled]) if pooled else 0.0
    aic_separate = separate.top.aic + within if separate is not None else float("nan")
    chosen = aic_separate < aic_common - ALIKE
    by_route = dict.fromkeys(routes, common.family)
    if separate is not None and chosen:
        of = dict(zip(apart, separate.families, strict=True))
        by_route = {route: of[RARE if route in pooled else route] for route in taken}
    bare = RouteFit(
        durations,
        routes,
        counts,
        {},
        by_route,
        {},
        common,
        separate,
        pooled,
        chosen,
        aic_common,
        aic_separate,
        (),
    )
    return _estimated(bare)


def _estimated(bare: RouteFit) -> RouteFit:
    """Return a fit with its estimates, their intervals and warnings."""
    drawn = bare.draws(DRAWS, SEED_OF_INTERVALS).shares
    total, routes = sum(bare.counts.values()) + 0.5 * len(bare.routes), bare.routes
    if bare.separate is None or not bare.chosen_separate:
        values = {route: (bare.counts[route] + 0.5) / total for route in routes}
        estimates = dict.fromkeys(routes, bare.common.estimates)
    else:
        values = {route: float(drawn[route].mean()) for route in routes}
        _, raw = _separate_draws(bare, bare.separate, DRAWS, SEED_OF_INTERVALS)
        at = dict(zip(bare.separate.routes, bare.separate.times(bare.separate.top.point), strict=True))
        estimates = {
            route: estimates_of(family, at[RARE if route in bare.pooled else route], raw[route])
            for route, family in bare.families.items()
        }
    shares = {route: estimated(values[route], drawn[route]) for route in routes}
    return replace(bare, shares=shares, estimates=estimates, warnings=_warnings(bare))


def _pooled(taken: Sequence[str], counts: Mapping[str, int]) -> tuple[str, ...]:
    """Return the routes that share a distribution: the rare ones, and the next rarest if they are too few together."""
    pool: list[str] = []
    for route in sorted(taken, key=lambda route: counts[route]):
        if counts[route] >= ENOUGH_OF_EACH and (not pool or sum(counts[one] for one in pool) >= ENOUGH_OF_EACH):
            break
        pool.append(route)
    return tuple(route for route in taken if route in pool)


def _labelled(durations: Durations, pooled: Sequence[str]) -> Durations:
    return replace(durations, route=np.where(np.isin(durations.route, pooled), RARE, durations.route))


def _separate_draws(
    fit: RouteFit, separate: Mixture, count: int, seed: int
) -> tuple[dict[str, Floats], dict[str, Floats]]:
    """Return draws of shares, and of the parameters on the unconstrained scale, by route that was taken.

    Of those who take a rare route, which one has nothing to do with the time, so its share among them is a Dirichlet.
    """
    shares, raw = mixture_draws(separate, _labelled(fit.durations, fit.pooled), count, seed)
    rng = generator(seed, *fit.durations.address, RARE)
    parts = (
        rng.dirichlet([fit.counts[route] + 0.5 for route in fit.pooled], count).T if fit.pooled else np.empty((0, 0))
    )
    among = dict(zip(fit.pooled, parts, strict=True))
    taken = [route for route in fit.routes if fit.counts[route]]
    return (
        {route: shares[RARE] * among[route] if route in among else shares[route] for route in taken},
        {route: raw[RARE] if route in among else raw[route] for route in taken},
    )


def _warnings(fit: RouteFit) -> tuple[str, ...]:
    said = list(fit.common.warnings)
    never = [route for route in fit.routes if not fit.counts[route]]
    if never:
        said.append(f"nobody was seen to go to {', '.join(never)}: its share is what Jeffreys' prior leaves")
    few = [route for route in fit.routes if 0 < fit.counts[route] < ENOUGH_OF_EACH]
    if few and len(fit.routes) > 1:
        said.append(f"too few went to {', '.join(few)} to say what time each of these takes")
    if sum(fit.counts.values()) < FEW:
        said.append(f"fewer than {FEW} left for a place that is known: shares are rough")
    if (fit.durations.route[fit.durations.ended] == "").mean() > 0.1:
        said.append("of more than one in ten who left, nobody knows where they went")
    return tuple(said)


def _aic_of_shares(counts: Sequence[int]) -> float:
    """Return what shares, estimated by the counts, add to the AIC of durations."""
    number = np.array(counts, dtype=np.float64)
    return float(2 * (len(number) - 1) - 2 * (number * np.log(number / number.sum())).sum())


def _dirichlet(fit: RouteFit, count: int, seed: int) -> dict[str, Floats]:
    """Return draws of shares: their posterior under Jeffreys' prior."""
    rng = generator(seed, *fit.durations.address, "routes")
    drawn = rng.dirichlet([fit.counts[route] + 0.5 for route in fit.routes], count)
    return dict(zip(fit.routes, drawn.T, strict=True))


def _with_unseen(fit: RouteFit, shares: Mapping[str, Floats], count: int, seed: int) -> dict[str, Floats]:
    """Return the shares of routes that were taken, made room for those that never were."""
    small = _dirichlet(fit, count, seed)
    never = [route for route in fit.routes if route not in shares]
    left = 1 - np.sum([small[route] for route in never], axis=0) if never else np.ones(count)
    return {route: small[route] if route in never else shares[route] * left for route in fit.routes}
