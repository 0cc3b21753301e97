"""Shares of routes and times until ready, fitted to the stays of each setting."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from stepdown.calibration.fits.durations import stayed_on
from stepdown.calibration.fits.estimates import Unfitted
from stepdown.calibration.fits.families import FAMILIES
from stepdown.calibration.fits.routes import RouteDraws, RouteFit, fit_routes
from stepdown.calibration.fitting import written_values as w
from stepdown.calibration.fitting.results import Asked, FittedValue, Kept, Leaving, Part, Unknown, joined
from stepdown.calibration.fitting.shares import fit_shares, shares_of_counts, shares_of_fit
from stepdown.calibration.fitting.units import (
    Unit,
    durations_of,
    may_be_blocked,
    reading_of,
    records_of,
    routes_of,
    rules_of,
    units_of,
)
from stepdown.outputs.measures.intervals import Floats
from stepdown.outputs.words.wording import say_duration, say_list, say_share
from stepdown.scenarios.schema import Route

LEAST_NEED, MOST_NEED = 0.3, 0.975
"""Where recorded stays contain blocked time, the need behind them is thought to last at least this share of their mean,
and at most as long as this share of its draws."""


LEAST_SHARE = 0.1
"""Of routes that fewer take, the need is not looked for: it hardly matters, and the records could not show it."""


def fit_leaving(asked: Asked, setting: str) -> tuple[Part, tuple[Leaving, ...]]:
    """Fit the routes out of a setting."""
    what = f"routes out of {setting}"
    if setting not in set(asked.history.stays["setting"]):
        return Part(kept=(Kept(what, "nobody in the records ever lived there"),)), ()
    fitted = [_fit_unit(asked, unit) for unit in units_of(asked.scenario, setting)]
    return joined([part for part, _ in fitted]), tuple(leaving for _, leaving in fitted)


def _fit_unit(asked: Asked, unit: Unit) -> tuple[Part, Leaving]:
    history, scenario = asked.history, asked.scenario
    durations = durations_of(history, scenario, unit)
    routes = routes_of(scenario, unit)
    needs = reading_of(history, unit) == "needs"
    blocked = not needs and any(may_be_blocked(scenario, unit, route) for route in routes.values())
    families = [family for family in FAMILIES if not blocked or "mean" in family.parameters]
    fit = fit_routes(durations, tuple(dict.fromkeys(route.to for route in routes.values())), families)
    limit = rules_of(scenario, unit).maximum_stay
    reached = None if limit is None else stayed_on(records_of(history, unit), unit.setting, None, limit)
    usable = None if isinstance(fit, Unfitted) else fit
    leaving = Leaving(unit.setting, unit.groups, durations, needs, blocked, usable, reached)
    ended = int(durations.ended.sum())
    if isinstance(fit, Unfitted) or asked.disclosure.number(ended) is None:
        return _unfitted(asked, unit, leaving, fit), replace(leaving, fit=None)
    drawn = fit.draws(asked.draws, asked.seed)
    shares = shares_of_fit(fit, drawn.shares)
    parts = [
        fit_shares(asked, unit, leaving.name, shares, _source(asked, leaving)),
        *_times(asked, unit, leaving, fit, drawn),
        _limit(asked, leaving),
    ]
    warned = Part(warnings=tuple(f"{leaving.name}: {warning}" for warning in fit.warnings))
    return joined([*parts, warned]), leaving


def _unfitted(asked: Asked, unit: Unit, leaving: Leaving, fit: RouteFit | Unfitted) -> Part:
    """Return what keeps the study's values; where all took the same time, as where it is none, shares are fitted."""
    durations = leaving.durations
    what = f"routes out of {leaving.name}"
    if not isinstance(fit, Unfitted):
        return Part(kept=(Kept(what, "too few have left for values that give nobody away"),))
    if fit.constant is None:
        return Part(kept=(Kept(what, fit.why if fit.ended else "nobody in the records has left"),))
    declared = tuple(dict.fromkeys(route.to for route in routes_of(asked.scenario, unit).values()))
    shares = shares_of_counts(durations, declared, asked.draws, asked.seed)
    kept = Part(kept=(Kept(f"times of {what}", "all that ended took the same number of days, and need no fit"),))
    if asked.disclosure.number(fit.ended) is None or not sum(shares.counts.values()):
        return kept
    return joined([kept, fit_shares(asked, unit, leaving.name, shares, _source(asked, leaving))])


def _source(asked: Asked, leaving: Leaving) -> str:
    kind = "stays until ready" if leaving.needs else "stays"
    durations = leaving.durations
    said = w.source_of(asked.history, asked.disclosure, kind, durations.n, int(durations.ended.sum()))
    return f"{said}; they contain time that people were blocked" if leaving.blocked else said


def _times(asked: Asked, unit: Unit, leaving: Leaving, fit: RouteFit, drawn: RouteDraws) -> Iterator[Part]:
    source = _source(asked, leaving)
    for at, route in routes_of(asked.scenario, unit).items():
        own = route.to in fit.families and route.to in fit.estimates
        family = fit.families[route.to] if own else fit.common.family
        estimates = fit.estimates[route.to] if own else fit.common.estimates
        draws = drawn.parameters[route.to] if own else fit.common.draws(asked.draws, asked.seed)
        point = {name: np.array([estimates[name].value]) for name in family.parameters}
        blocked = leaving.blocked and may_be_blocked(asked.scenario, unit, route)
        if blocked:
            point, draws = w.by_mean(point), w.by_mean(draws)
        events = fit.counts[route.to] if fit.chosen_separate else int(leaving.durations.ended.sum())
        quality = w.quality_of(events, sound=not leaving.blocked)
        path = ("routes", unit.setting, at, "ready_after", family.name)
        values = []
        for name, drawn_values in draws.items():
            write = w.writer_of(name)
            low, high = np.quantile(drawn_values, [0.1, 0.9])
            stated = w.stated(float(point[name][0]), float(low), float(high), write, source, quality)
            what = f"{leaving.name} to {route.to}: ready after ({name})"
            values.append(FittedValue((*path, name), what, stated, [write(float(value)) for value in drawn_values]))
        matters = blocked and fit.shares[route.to].value >= LEAST_SHARE
        unknown = [_need(unit, route, values[0], draws["mean"])] if matters else []
        yield Part(found=tuple(values), unknowns=tuple(unknown))


def _need(unit: Unit, route: Route, mean: FittedValue, drawn: Floats) -> Unknown:
    """Return the need that is hidden in recorded stays: from well below their mean up to the most that it may be."""
    days = float(str(mean.stated.value).split(maxsplit=1)[0])
    why = (
        f"stays in {unit.setting} that led to {route.to} are recorded until people went, and not until they were ready"
    )
    return Unknown(mean.path, w.days(LEAST_NEED * days), w.days(float(np.quantile(drawn, MOST_NEED))), why)


def _limit(asked: Asked, leaving: Leaving) -> Part:
    """Return what records say of those who reached the maximum stay; the rule stays the study's, as it is policy."""
    share, setting = leaving.stayed_on, asked.scenario.settings[leaving.setting]
    limit = setting.maximum_stay.on(asked.scenario.start)
    if share is None or limit is None or not share.of:
        return Part()
    shown = asked.disclosure.share(share.yes, share.of)
    if shown is None:
        return Part()
    rule = setting.at_maximum.on(asked.scenario.start) if setting.at_maximum is not None else "extend"
    said = (
        f"{leaving.name}: of {asked.disclosure.words(share.of)} people who reached the maximum stay of "
        f"{say_duration(limit)}, {say_share(shown, 2)} lived on there; the study says {rule}"
    )
    against = share.estimate.low > 0.5 if rule == "move_on" else share.estimate.high < 0.5
    return Part(warnings=(f"{said}, which the records speak against",)) if against else Part(notes=(said,))


def hidden(asked: Asked, leavings: Sequence[Leaving]) -> Part:
    """Return what is hidden where nobody wrote down when people were ready: blocked time, and the effect of reviews."""
    blocked = [leaving for leaving in leavings if leaving.blocked and leaving.fit is not None]
    if not blocked:
        return Part()
    unknowns: list[Unknown] = []
    for setting in dict.fromkeys(leaving.setting for leaving in blocked):
        every = asked.scenario.settings[setting].review_every
        if every.first is not None and not every.changes:
            why = f"when it became known that people in {setting} were ready is not recorded"
            path = ("settings", setting, "review_every")
            unknowns.append(Unknown(path, w.days(0.5 * every.first), w.days(1.5 * every.first), why))
    warning = (
        f"{say_list([leaving.name for leaving in blocked])}: no dates are recorded on which people were ready, so that "
        "the times fitted contain time that they were blocked, which the model adds once more. 'stepdown calibrate' "
        "finds how long people need"
    )
    return Part(unknowns=tuple(unknowns), warnings=(warning,))
