"""What a stay is for, and how long it may last: `stepdown.simulation.needs` and the rules of a setting, compiled."""

from __future__ import annotations

import math

from stepdown.simulation.compiled.distributions import residual, survival
from stepdown.simulation.compiled.draws import PURPOSE, choice_of, choose, draw, draw_of
from stepdown.simulation.compiled.layout import NOWHERE
from stepdown.simulation.compiled.memory import Record, World, compiled, integer_at, larger, smaller
from stepdown.simulation.compiled.people import route_of
from stepdown.simulation.compiled.schedules import piece_at, piece_from, piece_value, schedule_of, value_at


@compiled
def note_routes(world: World, first: int, until: int, group: int, day: float) -> int:
    """Note a group's routes with their shares on a day as choices, and return how many there are."""
    number = 0
    for route in range(first, until):
        if integer_at(world.integers, route_of(world, route).for_group + group):
            choice = choice_of(world, number)
            choice.route = route
            choice.share = value_at(world, route_of(world, route).share, day)
            number += 1
    return number


@compiled
def choose_route(world: World, number: int, luck: int, purpose: int, place: int, visit: int) -> int:
    """Return the route that somebody's draw falls on among the choices; the last where no share is above 0.

    Where there is but one, no draw is needed to tell: draws are by address, so one that is not made changes no other.
    """
    if number == 1:
        return choice_of(world, 0).route
    position = choose(world, number, draw(world, luck, purpose, place, visit))
    return choice_of(world, position if position >= 0 else number - 1).route


@compiled
def weigh_by_survival(world: World, number: int, stayed: float) -> None:
    """Let each route count by its share times its probability of lasting that long, unless none can."""
    total = 0.0
    for position in range(number):
        choice = choice_of(world, position)
        choice.other = choice.share * survival(world, route_of(world, choice.route).ready_after, stayed)
        total += choice.other
    if total > 0:
        for position in range(number):
            choice_of(world, position).share = choice_of(world, position).other


@compiled
def draw_need(world: World, setting: Record, group: int, luck: int, visit: int, entered: float) -> tuple[int, float]:
    """Draw a route and the day of readiness for a stay; `NOWHERE` and infinity where no route leads on."""
    number = note_routes(world, setting.routes_from, setting.routes_until, group, entered)
    if number == 0:
        return NOWHERE, math.inf
    stayed = larger(world.now - entered, 0.0)
    if stayed > 0:
        weigh_by_survival(world, number, stayed)
    route = choose_route(world, number, luck, PURPOSE.ROUTE, setting.code, visit)
    ready_after = route_of(world, route).ready_after
    needed = residual(world, ready_after, stayed, draw_of(world, ready_after, luck, PURPOSE.READY, setting.code, visit))
    return route, larger(entered + needed, world.now)


@compiled
def draw_route_at_limit(world: World, setting: Record, group: int, luck: int, visit: int, day: float) -> int:
    """Draw where somebody goes who must move on: by the routes for the maximum stay, or else by the setting's own."""
    first, until = setting.at_maximum_from, setting.at_maximum_until
    if first == until:
        first, until = setting.routes_from, setting.routes_until
    number = note_routes(world, first, until, group, day)
    return choose_route(world, number, luck, PURPOSE.ROUTE_AT_MAXIMUM, setting.code, visit)


@compiled
def limit_day(world: World, setting: Record, entered: float) -> float:
    """Return the first day on which the stay has reached the maximum that is then in force and enforced."""
    maximum, enforced = schedule_of(world, setting.maximum_stay), schedule_of(world, setting.enforced)
    for piece in range(maximum.length):
        days = piece_value(world, maximum, piece)
        if days == math.inf:
            continue
        begin, end = piece_from(world, maximum, piece), piece_from(world, maximum, piece + 1)
        for rule in range(enforced.length):
            since, until = piece_from(world, enforced, rule), piece_from(world, enforced, rule + 1)
            reached = larger(larger(entered + days, begin), since)
            if piece_value(world, enforced, rule) != 0 and reached < smaller(end, until):
                return reached
    return math.inf


@compiled
def first_review(world: World, setting: Record, entered: float, day: float) -> float:
    """Return the first review at or after a day; that day itself while there are no reviews, or if it never comes."""
    if day == math.inf:
        return day
    intervals = schedule_of(world, setting.review_every)
    for piece in range(piece_at(world, intervals, day), intervals.length):
        interval = piece_value(world, intervals, piece)
        earliest = larger(day, piece_from(world, intervals, piece))
        if interval == math.inf:
            return earliest
        number = math.ceil((earliest - entered) / interval)
        if entered + (number - 1) * interval >= earliest:  # the division was rounded up past a whole number
            number -= 1
        review = entered + number * interval
        if review < piece_from(world, intervals, piece + 1):
            return larger(review, earliest)
    return math.inf
