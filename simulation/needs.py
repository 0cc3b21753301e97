"""What a stay is for: the route that a person will take, and when they are ready for it."""

from __future__ import annotations

import math

from stepdown.scenarios.distributions import residual
from stepdown.scenarios.network import Route, Setting
from stepdown.simulation.draws import Luck, Purpose, choose, total


def draw_need(
    setting: Setting, group: int, luck: Luck, visit: int, entered: float, now: float
) -> tuple[Route | None, float]:
    """Draw a route and the day of readiness for a stay.

    For somebody who is already there, both are drawn conditional on the time stayed: a route counts by its share times
    its probability of lasting that long. Where no route can have lasted so long, routes count by their shares and the
    person is ready now.

    Parameters
    ----------
    setting, group
        Where they live, and their group's position.
    luck, visit
        The person's draws, and which of their stays in this setting it is.
    entered, now
        When the stay began, and the present day; they differ for the opening caseload.

    Returns
    -------
    Route or None, float
        None and infinity where no route leads on for this group.
    """
    routes = [route for route in setting.routes if route.for_group[group]]
    if not routes:
        return None, math.inf
    stayed = max(now - entered, 0.0)
    shares = [route.share.at(entered) for route in routes]
    lasting = [_survival(route, stayed) for route in routes]
    weights = [share * still for share, still in zip(shares, lasting, strict=True)]
    route = routes[choose(weights if total(weights) > 0 else shares, luck.draw(Purpose.ROUTE, setting.code, visit))]
    assert route.ready_after is not None
    needed = residual(route.ready_after, stayed, luck.draw(Purpose.READY, setting.code, visit))
    return route, max(entered + needed, now)


def _survival(route: Route, stayed: float) -> float:
    assert route.ready_after is not None
    return route.ready_after.survival(stayed) if stayed > 0 else 1.0


def draw_route_at_limit(setting: Setting, group: int, luck: Luck, visit: int, day: float) -> Route:
    """Draw where somebody goes who must move on: by the routes for the maximum stay, or else by the setting's own."""
    routes = [route for route in setting.at_maximum_routes or setting.routes if route.for_group[group]]
    shares = [route.share.at(day) for route in routes]
    return routes[choose(shares, luck.draw(Purpose.ROUTE_AT_MAXIMUM, setting.code, visit))]
