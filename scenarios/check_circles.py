"""Circles in which time would stand still."""

from __future__ import annotations

from collections.abc import Iterator

from stepdown.scenarios.schema import Route, Scenario
from stepdown.scenarios.trees import Problem


def check_circles(scenario: Scenario) -> Iterator[Problem]:
    """Yield the settings that people would go round for ever within one instant.

    Everybody in them is ready at once, needs no step, and is led to another of them: nothing ever lets a day pass.
    """
    instant = {
        name
        for name, setting in scenario.settings.items()
        if scenario.routes.get(name) and not any(setting.review_every.values())
        if all(_takes_no_time(route) for route in scenario.routes[name])
    }
    while True:
        closed = {name for name in instant if all(route.to in instant for route in scenario.routes[name])}
        if closed == instant:
            break
        instant = closed
    for name in scenario.settings:
        if name in instant:
            others = ", ".join(sorted(instant - {name}))
            rule = f"people would go round {name} and {others} for ever within one day: all is done after 0 days"
            yield Problem(("routes", name), rule, "Give one of the routes a time in `ready_after`.")


def _takes_no_time(route: Route) -> bool:
    return not route.requires and route.ready_after.survival(0.0) == 0.0
