"""How people come: the opening caseload and new people, as in `stepdown.simulation.reference`, compiled."""

from __future__ import annotations

import math

from stepdown.simulation.compiled.arrivals import (
    area_of,
    await_arrival,
    dies_on,
    entered_day,
    resident_of,
    source_of,
    stream_of,
    tenure_of,
    tier_of_mover,
)
from stepdown.simulation.compiled.clock import KIND, at
from stepdown.simulation.compiled.draws import new_luck
from stepdown.simulation.compiled.housing import never_full
from stepdown.simulation.compiled.layout import NOWHERE
from stepdown.simulation.compiled.memory import PLAIN, Record, World, compiled, integer_at
from stepdown.simulation.compiled.moves import enter
from stepdown.simulation.compiled.people import (
    is_identified,
    new_person,
    person_of,
    route_of,
    scheme_of,
    setting_of,
    stay_of,
)
from stepdown.simulation.compiled.story import NOTICE, until_identified, until_moved, until_ready_and_prepared


@compiled
def begin_notices(world: World) -> None:
    """Note when schemes close whose residents are then to move on."""
    for scheme in range(world.number_of_schemes):
        at(world, scheme_of(world, scheme).residents_move_on_day, KIND.MAXIMUM, NOTICE.CLOSING, scheme)


@compiled
def begin_with_residents(world: World) -> None:
    """Begin with the people who live here already; all live here before anybody's story goes on."""
    for position in range(world.number_of_residents):
        begin_with(world, resident_of(world, position))
    for number in range(1, world.people_used):
        person = person_of(world, number)
        stay = stay_of(world, person.stay)
        if not is_identified(stay):
            until_identified(world, person)
        elif math.isnan(stay.listed_day):
            until_ready_and_prepared(world, person)
        else:
            until_moved(world, person)


@compiled
def begin_with(world: World, resident: Record) -> None:
    """Begin with somebody who lives here already, and may be ready to move or on a waiting list."""
    luck = new_luck(world, resident.source, resident.number)
    entered = entered_day(world, resident, luck)
    person = appear(world, luck, resident.group, resident.area, resident.scheme, entered, PLAIN.TRUE)
    if resident.listed_for != NOWHERE:
        stay = stay_of(world, person.stay)
        setting = setting_of(world, stay.setting)
        stay.route = route_to(world, setting.routes_from, setting.routes_until, resident.listed_for, person.group)
        if stay.route == NOWHERE:
            first, until = setting.at_maximum_from, setting.at_maximum_until
            stay.route = route_to(world, first, until, resident.listed_for, person.group)
        stay.due = stay.identified_day = resident.ready if math.isnan(resident.listed) else resident.listed
        stay.prepared_day = stay.listed_day = resident.listed


@compiled
def route_to(world: World, first: int, until: int, to: int, group: int) -> int:
    """Return the first route of a group to a setting, or `NOWHERE`."""
    for position in range(first, until):
        route = route_of(world, position)
        if route.to == to and integer_at(world.integers, route.for_group + group):
            return position
    return NOWHERE


@compiled
def let_person_come(world: World, position: int) -> None:
    """Let the next person of a source come."""
    source = source_of(world, position)
    luck = new_luck(world, source.code, stream_of(world, position).number)
    await_arrival(world, position)
    scheme = never_full(world, source.setting)
    until_identified(world, appear(world, luck, source.group, source.area, scheme, world.now, PLAIN.FALSE))


@compiled
def appear(world: World, luck: int, group: int, area: int, scheme: int, entered: float, opening: bool) -> Record:
    """Let a person appear in a scheme, and begin their death clock."""
    area = area_of(world, area, luck)
    person = new_person(world, luck, group, area, tier_of_mover(world, luck), tenure_of(world, luck))
    enter(world, person, scheme, entered, opening)
    at(world, dies_on(world, group, entered, luck), KIND.DEATH, person.number, PLAIN.NONE)
    return person
