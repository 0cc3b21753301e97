"""Whether shares add up, at every date on which one of them changes."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator, Mapping, Sequence

from stepdown.scenarios.schema import Onward, Scenario, Setting
from stepdown.scenarios.trees import KeyPath, Problem

TOLERANCE = 1e-6
"""How far from 100% a sum may be; shares such as 33.3333% are rounded."""


def check_shares(scenario: Scenario) -> Iterator[Problem]:
    """Yield every set of shares that does not add up."""
    for name, routes in scenario.routes.items():
        if name in scenario.settings:
            groups = _groups_in(scenario, scenario.settings[name])
            yield from _routes(("routes", name), routes, groups)
    for name, setting in scenario.settings.items():
        if setting.at_maximum_routes:
            path = ("settings", name, "at_maximum_routes")
            yield from _routes(path, setting.at_maximum_routes, _groups_in(scenario, setting))
    yield from _whole(("areas",), scenario.areas)
    if scenario.adaptations is not None:
        adaptations = scenario.adaptations
        yield from _whole(("adaptations", "tiers"), {name: tier.share for name, tier in adaptations.tiers.items()})
        yield from _whole(("adaptations", "tenures"), adaptations.tenures)
        if (movers := math.fsum(adaptations.movers.values())) > 1 + TOLERANCE:
            yield Problem(("adaptations", "movers"), f"the shares add up to {_percent(movers)}, more than 100%")


def _groups_in(scenario: Scenario, setting: Setting) -> list[str]:
    """Return the groups that can live in a setting; the others need no routes from it."""
    accepted = [set(part.accepts) & scenario.groups.keys() for part in setting.schemes.values() or [setting]]
    return [group for group in scenario.groups if any(not groups or group in groups for groups in accepted)]


def _routes(path: KeyPath, routes: Sequence[Onward], groups: Sequence[str]) -> Iterator[Problem]:
    told = set()
    for group in groups:
        open_to = [route for route in routes if not route.groups or group in route.groups]
        for date, total in _sums(open_to):
            whose = f" for {group}" if len(open_to) < len(routes) else ""
            since = f" from {date}" if date > dt.date.min else ""
            rule = f"the shares of the routes{whose}{since} add up to {_percent(total)}"
            if abs(total - 1) > TOLERANCE and rule not in told:
                told.add(rule)
                yield Problem(path, rule, "They must add up to 100%, for each group and on every date.", at_key=True)


def _sums(routes: Sequence[Onward]) -> Iterator[tuple[dt.date, float]]:
    dates = {date for route in routes for date, _ in route.share.changes}
    for date in [dt.date.min, *sorted(dates)]:
        yield date, math.fsum(route.share.on(date) for route in routes)


def _whole(path: KeyPath, shares: Mapping[str, float]) -> Iterator[Problem]:
    total = math.fsum(shares.values())
    if abs(total - 1) > TOLERANCE:
        yield Problem(path, f"the shares add up to {_percent(total)}", "They must add up to 100%.", at_key=True)


def _percent(share: float) -> str:
    return f"{round(share * 100, 4):g}%"
