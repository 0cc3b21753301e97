"""Who leaves a setting by the same routes, and what a study says of them: what is fitted together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from stepdown.calibration.disclosure import NEAREST
from stepdown.calibration.fits.durations import Durations, Reading, Rules, known_ready, stays_of
from stepdown.calibration.history import CouncilHistory
from stepdown.scenarios.check_places import is_always_open, schemes_in
from stepdown.scenarios.schema import Route, Scenario

READY_IS_RECORDED = 0.8
"""Needs are fitted where at least so many of those who left had been written down as ready; else recorded stays."""


@dataclass(frozen=True)
class Unit:
    """People of some groups in a setting, who all have the same routes out of it.

    Attributes
    ----------
    setting
        Where they live.
    groups
        Their groups; none if everybody has the same routes.
    routes
        The positions of their routes in the study's list.
    """

    setting: str
    groups: tuple[str, ...]
    routes: tuple[int, ...]


def units_of(scenario: Scenario, setting: str) -> list[Unit]:
    """Return the units of a setting, whose routes must have been written apart: see `with_routes_apart`."""
    everybody = not any(route.groups for route in scenario.routes.get(setting, ()))
    by_routes = _groups_by_routes(scenario, setting)
    return [Unit(setting, () if everybody else tuple(groups), own) for own, groups in by_routes.items()]


def _groups_by_routes(scenario: Scenario, setting: str) -> dict[tuple[int, ...], list[str]]:
    by_routes: dict[tuple[int, ...], list[str]] = {}
    for group in scenario.groups:
        routes = enumerate(scenario.routes.get(setting, ()))
        own = tuple(at for at, route in routes if not route.groups or group in route.groups)
        if own:
            by_routes.setdefault(own, []).append(group)
    return by_routes


def with_routes_apart(data: Mapping[str, Any], scenario: Scenario) -> tuple[dict[str, Any], list[str]]:
    """Return the data of a scenario in which no route is of groups that also have different ones, and what was done.

    Where groups share some of their routes and not others, each has shares of its own, and so a copy of each route.
    """
    routes, notes = dict(data.get("routes", {})), []
    for setting in scenario.routes:
        by_routes = _groups_by_routes(scenario, setting)
        positions = [at for own in by_routes for at in own]
        if len(positions) > len(set(positions)):
            listed = routes[setting]
            routes[setting] = [{**listed[at], "groups": groups} for own, groups in by_routes.items() for at in own]
            notes.append(f"{setting}: routes that groups shared are written apart, as each has shares of its own")
    return {**data, "routes": routes} if notes else dict(data), notes


def records_of(history: CouncilHistory, unit: Unit) -> CouncilHistory:
    """Return the records of a unit's people."""
    if not unit.groups:
        return history
    return replace(history, stays=history.stays[history.stays["group"].isin(unit.groups)])


def reading_of(history: CouncilHistory, unit: Unit) -> Reading:
    """Return what is fitted: needs where readiness was written down, else recorded stays."""
    ready = known_ready(records_of(history, unit), unit.setting)
    return "needs" if ready.of and ready.yes / ready.of >= READY_IS_RECORDED else "stays"


def durations_of(history: CouncilHistory, scenario: Scenario, unit: Unit) -> Durations:
    """Return how long the people of a unit stay, or need to, and where that led.

    Somebody who moves within the setting goes on staying there, and is censored. Where fewer than five went is not told
    apart from not knowing it: their time counts, and nobody's privacy hangs on a share.
    """
    records = records_of(history, unit)
    durations = stays_of(records, unit.setting, reading=reading_of(history, unit), rules=rules_of(scenario, unit))
    durations = replace(durations, address=(unit.setting, ",".join(unit.groups), durations.address[-1]))
    within = durations.route == unit.setting
    durations = replace(
        durations,
        at_least=np.where(within & durations.ended, durations.at_most, durations.at_least),
        at_most=np.where(within, np.inf, durations.at_most),
        route=np.where(within, "", durations.route),
    )
    declared = {route.to for route in routes_of(scenario, unit).values()}
    rare = [to for to, count in destinations(durations).items() if to not in declared and count < NEAREST]
    return replace(durations, route=np.where(np.isin(durations.route, rare), "", durations.route))


def rules_of(scenario: Scenario, unit: Unit) -> Rules:
    """Return what the policy of a unit's setting hides from its records."""
    setting = scenario.settings[unit.setting]
    limit = setting.maximum_stay.on(scenario.start)
    enforced = setting.at_maximum is not None and setting.at_maximum.on(scenario.start) == "move_on"
    early = max((route.start_early for route in routes_of(scenario, unit).values()), default=0.0)
    return Rules(setting.review_every.on(scenario.start), early, limit, enforced)


def routes_of(scenario: Scenario, unit: Unit) -> Mapping[int, Route]:
    """Return the routes of a unit by their positions."""
    return {at: scenario.routes[unit.setting][at] for at in unit.routes}


def destinations(durations: Durations) -> dict[str, int]:
    """Return how many are known to have gone where, by name."""
    names, counts = np.unique(durations.route[durations.ended], return_counts=True)
    return {str(name): int(count) for name, count in zip(names, counts, strict=True) if name}


def may_be_blocked(scenario: Scenario, unit: Unit, route: Route) -> bool:
    """Whether somebody who is ready for a route may still have to stay: for a review, for steps, or for a place."""
    reviewed = scenario.settings[unit.setting].review_every.on(scenario.start) is not None
    return reviewed or bool(route.requires) or (route.to in scenario.settings and is_limited(scenario, route.to))


def is_limited(scenario: Scenario, setting: str) -> bool:
    """Whether a setting's places may run out."""
    return not any(map(is_always_open, schemes_in(scenario.settings[setting], setting).values()))


def seen_elsewhere(history: CouncilHistory, scenario: Scenario, unit: Unit) -> list[str]:
    """Return where at least five people went by no route of the study, by name."""
    declared = {route.to for route in routes_of(scenario, unit).values()}
    return [to for to in destinations(durations_of(history, scenario, unit)) if to not in declared]


def with_seen_routes(
    data: Mapping[str, Any], scenario: Scenario, seen: Mapping[Unit, list[str]]
) -> tuple[dict[str, Any], list[str]]:
    """Return the data of a scenario with routes to where people went, and a sentence about each.

    A destination that is no setting becomes an exit. The new routes have no share yet, and need no steps.
    """
    routes = {setting: list(listed) for setting, listed in data.get("routes", {}).items()}
    exits, notes = list(data.get("exits", ["left"])), []
    for unit, places in seen.items():
        like = routes[unit.setting][unit.routes[0]]["ready_after"]
        for to in places:
            groups = {"groups": list(unit.groups)} if unit.groups else {}
            routes[unit.setting].append({"to": to, "share": "0%", "ready_after": like, **groups})
            notes.append(f"{unit.setting}: people also went to {to}; a route to it was added, which needs no steps")
            if to not in scenario.settings and to not in exits:
                exits.append(to)
                notes.append(f"{to} is no setting of the study, and was added as an exit")
    return ({**data, "routes": routes, "exits": exits} if notes else dict(data)), notes
