"""Where stays lead, and how long people take who go there: shares of routes, and a time for all or for each.

In the model a person draws the route first, and then the time until ready by that route. So with shares p and densities
f, who took route k after t counts p_k f_k(t); who goes on after c counts Σ p_k S_k(c), as does, with f in place of S,
who left nobody knows where; and who had stayed e when the records began is divided by Σ p_k S_k(e).

Two models are compared by AIC: one distribution for all routes, and each route its own. Each has its own if at least 10
ended by every route that was taken, and the AIC is then lower by more than 2.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

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
"""Routes may each have a distribution of their own if at least so many ended by every one that was taken."""


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
        The fit of one to each route, where there was enough of each; else None.
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
        shares, raw = mixture_draws(self.separate, self.durations, count, seed)
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
    may = len(taken) > 1 and min(counts[route] for route in taken) >= ENOUGH_OF_EACH
    separate = best_mixture(durations, taken, families) if may else None
    aic_common = min(one.top.aic for one in common.candidates) + _aic_of_shares([counts[route] for route in taken])
    aic_separate = separate.top.aic if separate is not None else float("nan")
    chosen = aic_separate < aic_common - ALIKE
    chosen_families = (
        dict(zip(taken, separate.families, strict=True))
        if separate is not None and chosen
        else dict.fromkeys(routes, common.family)
    )
    bare = RouteFit(
        durations, routes, counts, {}, chosen_families, {}, common, separate, chosen, aic_common, aic_separate, ()
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
        _, raw = mixture_draws(bare.separate, bare.durations, DRAWS, SEED_OF_INTERVALS)
        at = dict(zip(bare.families, bare.separate.times(bare.separate.top.point), strict=True))
        estimates = {route: estimates_of(family, at[route], raw[route]) for route, family in bare.families.items()}
    shares = {route: estimated(values[route], drawn[route]) for route in routes}
    kept = {name: getattr(bare, name) for name in bare.__dataclass_fields__}
    return RouteFit(**(kept | {"shares": shares, "estimates": estimates, "warnings": _warnings(bare)}))


def _warnings(fit: RouteFit) -> tuple[str, ...]:
    said = list(fit.common.warnings)
    never = [route for route in fit.routes if not fit.counts[route]]
    if never:
        said.append(f"nobody was seen to go to {', '.join(never)}: its share is what Jeffreys' prior leaves")
    few = [route for route in fit.routes if 0 < fit.counts[route] < ENOUGH_OF_EACH]
    if few and len(fit.routes) > 1:
        said.append(f"too few went to {', '.join(few)} to say whether routes take different times")
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
