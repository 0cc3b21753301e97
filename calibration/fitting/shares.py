"""Shares of routes as they are fitted, written so that they add up to 100% in the scenario and in every draw."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from stepdown.calibration.fits.durations import Durations
from stepdown.calibration.fits.estimates import Estimate, Share, generator
from stepdown.calibration.fits.routes import RouteFit
from stepdown.calibration.fitting import written_values as w
from stepdown.calibration.fitting.results import Asked, FittedValue, Kept, Part
from stepdown.calibration.fitting.units import Unit, destinations, routes_of
from stepdown.calibration.study_folder import Stated
from stepdown.outputs.measures.intervals import Floats
from stepdown.scenarios.schema import Route


@dataclass(frozen=True)
class Shares:
    """Shares of destinations.

    Attributes
    ----------
    counts
        How many are known to have gone where.
    estimates
        The share of each destination.
    draws
        By destination, each of shape (draws,); they add up to 1.
    """

    counts: Mapping[str, int]
    estimates: Mapping[str, Estimate]
    draws: Mapping[str, Floats]


def shares_of_fit(fit: RouteFit, draws: Mapping[str, Floats]) -> Shares:
    """Return the shares of a fit."""
    return Shares(fit.counts, fit.shares, draws)


def shares_of_counts(durations: Durations, declared: Sequence[str], draws: int, seed: int) -> Shares:
    """Return shares by counts alone, where times were not fitted: their posterior under Jeffreys' prior."""
    seen = destinations(durations)
    counts = {to: seen.get(to, 0) for to in declared}
    total = sum(counts.values())
    rng = generator(seed, *durations.address, "routes")
    drawn = rng.dirichlet([count + 0.5 for count in counts.values()], draws)
    estimates = {to: Share(count, total).estimate for to, count in counts.items()}
    return Shares(counts, estimates, dict(zip(counts, drawn.T, strict=True)))


def fit_shares(asked: Asked, unit: Unit, name: str, found: Shares, source: str) -> Part:
    """Return the shares of a unit's routes as the scenario has them.

    Several routes to one destination, between which records do not tell, share what was fitted as the study has it.
    """
    routes = routes_of(asked.scenario, unit)
    if len(routes) == 1:
        return Part()
    if any(route.share.changes for route in routes.values()):
        why = "the study has values from dates, which past records cannot replace"
        return Part(kept=(Kept(f"shares of the routes out of {name}", why),))
    parts = _parts(routes)
    raw = w.shares(np.array([found.estimates[route.to].value * parts[at] for at, route in routes.items()]))
    draws = np.array([found.draws[route.to] * parts[at] for at, route in routes.items()])
    raw_draws = [w.shares(row) for row in draws.T]
    quality = w.quality_of(sum(found.counts.values()))
    made = []
    for number, (at, route) in enumerate(routes.items()):
        value, estimate = float(raw[number][:-1]) / 100, found.estimates[route.to]
        low, high = estimate.low * parts[at], estimate.high * parts[at]
        stated = Stated(raw[number], w.share(min(low, value)), w.share(max(high, value)), source, quality)
        path = ("routes", unit.setting, at, "share")
        made.append(FittedValue(path, f"{name} to {route.to}: share", stated, [row[number] for row in raw_draws]))
    twice = sorted({route.to for at, route in routes.items() if parts[at] < 1})
    note = "the study has several routes to {}, between which records do not tell; they share it as they did before"
    return Part(found=tuple(made), notes=tuple(f"{name}: {note.format(to)}" for to in twice))


def _parts(routes: Mapping[int, Route]) -> dict[int, float]:
    """Return which part of all who go somewhere takes each route to it: as the study has it, else the same."""
    parts = {}
    for at, route in routes.items():
        beside = {other: one.share.first for other, one in routes.items() if one.to == route.to}
        total = sum(beside.values())
        parts[at] = beside[at] / total if total else 1 / len(beside)
    return parts
