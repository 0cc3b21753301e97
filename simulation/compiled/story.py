"""Every person's story: `stepdown.simulation.reference`, compiled.

entered --> ready --> identified --> prepared --> listed --> moved

Where the reference waits, here a function ends; the alarm, or what else it waits for, calls the one that goes on.
"""

from __future__ import annotations

import math

from stepdown.simulation.compiled.allocation import put_on_list
from stepdown.simulation.compiled.casework import abandon, open_case
from stepdown.simulation.compiled.clock import KIND, REACTION_KIND, at, then
from stepdown.simulation.compiled.draws import PURPOSE, come_to, drawn
from stepdown.simulation.compiled.layout import NOWHERE
from stepdown.simulation.compiled.memory import PLAIN, Record, World, compiled, constants, inlined, larger
from stepdown.simulation.compiled.moves import leave
from stepdown.simulation.compiled.needs import draw_need, draw_route_at_limit, first_review, limit_day
from stepdown.simulation.compiled.people import (
    CAUSE,
    NEVER,
    UNKNOWN,
    case_of,
    is_identified,
    is_listed,
    person_of,
    route_of,
    scheme_of,
    setting_of,
    stay_of,
)
from stepdown.simulation.compiled.waiting import unlist

NOTICE = constants("NOTICE", CLOSING=0)
"""The number of an alarm of the maximum stay that concerns a scheme's closing, and nobody's own."""


# The story of one person ----------------------------------------------------------------------------------------------


@compiled
def until_identified(world: World, person: Record) -> None:
    """Live here until somebody knows that the person is, or soon will be, ready to move on."""
    stay = stay_of(world, person.stay)
    setting = setting_of(world, stay.setting)
    stay.route, stay.due = draw_need(world, setting, person.group, person.luck, stay.visit, stay.entered_day)
    limit = limit_day(world, setting, stay.entered_day)
    stay.limit = limit if limit < stay.due else NEVER
    early = route_of(world, stay.route).start_early if stay.route != NOWHERE else 0.0
    stay.review = first_review(world, setting, stay.entered_day, larger(stay.entered_day, stay.due - early))
    if stay.limit <= stay.review:
        wait(world, person, stay.limit, KIND.MAXIMUM)
    else:
        wait(world, person, stay.review, KIND.IDENTIFIED)


@inlined
def identified(world: World, person: Record) -> None:
    """Go on when a review, or the day itself, has shown that the person is to move on."""
    stay = stay_of(world, person.stay)
    stay.identified_day = stay.review
    until_ready_and_prepared(world, person)


@compiled
def until_ready_and_prepared(world: World, person: Record) -> None:
    """Do what the move requires; it may have begun before the person is ready."""
    stay = stay_of(world, person.stay)
    prepare(world, person)
    if stay.due <= world.now:
        until_prepared(world, person)
    elif stay.limit < stay.due:
        wait(world, person, stay.limit, KIND.MAXIMUM)
    else:
        wait(world, person, stay.due, KIND.READY)


@compiled
def until_prepared(world: World, person: Record) -> None:
    """Wait for the case, if there is one that is not prepared yet."""
    stay = stay_of(world, person.stay)
    person.waits_for_case = stay.case != NOWHERE and not case_of(world, stay.case).prepared
    if not person.waits_for_case:
        until_moved(world, person)


@compiled
def prepared(world: World, number: int) -> None:
    """Go on when a case is prepared, if somebody waits for it."""
    case = case_of(world, number)
    case.prepared = True
    if case.person != NOWHERE:
        person = person_of(world, case.person)
        if person.waits_for_case and stay_of(world, person.stay).case == number:
            person.waits_for_case = False
            until_moved(world, person)


@compiled
def until_moved(world: World, person: Record) -> None:
    """Leave at once by an exit, or wait on the list for a place."""
    stay = stay_of(world, person.stay)
    stay.listed_day = larger(stay.due, stay.prepared_day)
    to = route_of(world, stay.route).to
    if to < 0:
        leave(world, person, to)
    else:
        put_on_list(world, person, to)


@compiled
def wait(world: World, person: Record, day: float, kind: int) -> None:
    """Wait for a day, and heed a notice that the scheme closes."""
    person.waits_for_alarm = True
    at(world, day, kind, person.number, new_alarm(person))
    person.heeds_notice = scheme_of(world, stay_of(world, person.stay).scheme).residents_move_on_day < math.inf


@compiled
def new_alarm(person: Record) -> int:
    """Return which of the person's alarms the next one is."""
    person.alarms += 1
    return person.alarms


@inlined
def is_awaited(world: World, person: Record) -> bool:
    """Whether the alarm that rings is the one that the person waits for; the wait is over then."""
    if not person.waits_for_alarm or person.alarms != world.detail:
        return False
    person.waits_for_alarm = False
    person.heeds_notice = False
    return True


@inlined
def limit_reached(world: World, person: Record) -> None:
    """Go on when the maximum stay is reached; a person who is not ready by then counts as ready and identified."""
    must_move_on(world, person, stay_of(world, person.stay).limit, CAUSE.MAXIMUM_STAY)


@compiled
def noticed(world: World, person: Record) -> None:
    """Go on when the scheme closes: the person counts as ready and identified."""
    must_move_on(world, person, world.now, CAUSE.CLOSING)


# What happens to people -----------------------------------------------------------------------------------------------


@compiled
def prepare(world: World, person: Record) -> None:
    """Begin to do what the move requires."""
    stay = stay_of(world, person.stay)
    route = route_of(world, stay.route)
    stay.prepared_day = UNKNOWN
    if route.stages_from == route.stages_until:
        stay.case = NOWHERE
        stay.prepared_day = stay.identified_day
    else:
        stay.case = open_case(world, person, stay.route)


@compiled
def must_move_on(world: World, person: Record, day: float, cause: int) -> None:
    """Count a person as ready and identified from a day on, and let their story go on.

    One who was not ready takes a route drawn anew.
    """
    stay = stay_of(world, person.stay)
    was_identified = is_identified(stay)
    if stay.due > day:
        setting = setting_of(world, stay.setting)
        route = draw_route_at_limit(world, setting, person.group, person.luck, stay.visit, day)
        stay.due = day
        stay.cause = cause
        if route != stay.route:
            stay.route = route
            if was_identified:
                prepare_anew(world, person, day)
    if was_identified:
        until_prepared(world, person)
    else:
        stay.identified_day = day
        until_ready_and_prepared(world, person)


@compiled
def prepare_anew(world: World, person: Record, day: float) -> None:
    """Give up what was prepared early for a route that is not taken, and prepare for the one that is."""
    stay = stay_of(world, person.stay)
    if stay.case != NOWHERE:
        abandon(world, stay.case)
    stay.identified_day = day
    prepare(world, person)


@compiled
def give_notice(world: World, scheme: int) -> None:
    """Tell the residents of a closing scheme that they are to move on."""
    for number in range(1, world.people_used):
        person = person_of(world, number)
        if person.heeds_notice and not person.gone and stay_of(world, person.stay).scheme == scheme:
            person.heeds_notice = False
            person.waits_for_alarm = False
            then(world, REACTION_KIND.NOTICED, number)


@compiled
def start_patience(world: World) -> None:
    """Start the clocks of those whom an allocation has passed over, if their route says that people give up."""
    position = world.newly_listed
    world.newly_listed = NOWHERE
    while position != NOWHERE:
        stay = stay_of(world, position)
        if is_listed(stay) and stay.listed_for == route_of(world, stay.route).to:
            start_patience_of(world, person_of(world, stay.person), route_of(world, stay.route).patience)
        position = stay.newly_listed_after


@compiled
def start_patience_of(world: World, person: Record, patience: int) -> None:
    """Start the clock of one person, if there is one."""
    if patience == NOWHERE:
        return
    stay = stay_of(world, person.stay)
    visit = come_to(world, person.luck, stay.listed_for, PURPOSE.GIVE_UP)
    wanted = setting_of(world, stay.listed_for).code
    day = world.now + drawn(world, patience, person.luck, PURPOSE.GIVE_UP, wanted, visit)
    stay.patience = new_alarm(person)
    at(world, day, KIND.GIVE_UP, person.number, stay.patience)


@compiled
def give_up(world: World, person: Record) -> None:
    """Stop waiting, unless a place has been found: leave by an exit, or go on another list."""
    stay = stay_of(world, person.stay)
    if person.gone or stay.patience != world.detail or not is_listed(stay):
        return
    stay.gave_up = stay.listed_for
    unlist(world, person)
    to = route_of(world, stay.route).gives_up_to
    if to >= 0:
        stay.listed_day = world.now
        put_on_list(world, person, to)
    else:
        leave(world, person, to)


@compiled
def die(world: World, person: Record) -> None:
    """Die; nobody needs the person's case or their place on a list any more."""
    if person.gone:
        return
    stay = stay_of(world, person.stay)
    if is_listed(stay):
        stay.died_listed_for = stay.listed_for
        unlist(world, person)
    stay.died = True
    person.waits_for_alarm = person.heeds_notice = person.waits_for_case = False
    if stay.case != NOWHERE:
        abandon(world, stay.case)
    leave(world, person, PLAIN.DIED_EXIT)
