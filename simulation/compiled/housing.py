"""Places: who lives in which scheme, what is free, and what is being turned around.

`stepdown.simulation.housing`, compiled. The residents of a scheme are chained, in no order.
"""

from __future__ import annotations

import math

from stepdown.simulation.compiled.clock import KIND, at
from stepdown.simulation.compiled.draws import PURPOSE, drawn
from stepdown.simulation.compiled.layout import HOUSE, LIST, NOWHERE
from stepdown.simulation.compiled.memory import PLAIN, Record, World, accessor, compiled, inlined
from stepdown.simulation.compiled.people import person_of, scheme_of, setting_of, stay_of
from stepdown.simulation.compiled.schedules import (
    piece_at,
    piece_from,
    piece_value,
    schedule_of,
    value_at,
)

house_of = accessor("houses", HOUSE)
list_of = accessor("lists", LIST)


@compiled
def begin_housing(world: World) -> None:
    """Open the schemes that are open, and note when their places change."""
    for number in range(world.number_of_schemes):
        house = house_of(world, number)
        house.residents = house.listed = house.turning_around = 0
        house.first_resident = NOWHERE
        house.places = value_at(world, scheme_of(world, number).places, world.now)
        schedule = schedule_of(world, scheme_of(world, number).places)
        for piece in range(schedule.length):
            day = piece_from(world, schedule, piece)
            if world.now < day:
                at(world, day, KIND.PLACES, number, PLAIN.NONE)


@compiled
def look_at(world: World, setting: int) -> None:
    """Have places of a setting allocated before the instant ends."""
    waiting = list_of(world, setting)
    if not waiting.to_look_at:
        waiting.to_look_at = True
        world.lists_to_look_at += 1
    world.lowest_to_look_at = min(world.lowest_to_look_at, setting)
    world.allocate_due = True


@compiled
def free(world: World, scheme: int) -> float:
    """Return the places that can be let now; below 0 while a scheme that shrank is still overfull."""
    house = house_of(world, scheme)
    return house.places - house.residents - house.turning_around


@compiled
def never_full(world: World, setting: int) -> int:
    """Return the first scheme of a setting that has unlimited places now."""
    scheme = setting_of(world, setting).schemes_from
    while house_of(world, scheme).places != math.inf:
        scheme += 1
    return scheme


@compiled
def will_open(world: World, scheme: int) -> bool:
    """Whether a scheme has places, or will have some."""
    if house_of(world, scheme).places > 0:
        return True
    schedule = schedule_of(world, scheme_of(world, scheme).places)
    for piece in range(piece_at(world, schedule, world.now) + 1, schedule.length):
        if piece_value(world, schedule, piece) > 0:
            return True
    return False


@inlined
def move_in(world: World, person: Record, scheme: int) -> None:
    """Let a person live in a scheme."""
    house = house_of(world, scheme)
    house.residents += 1
    person.resident_before = NOWHERE
    person.resident_after = house.first_resident
    if house.first_resident != NOWHERE:
        person_of(world, house.first_resident).resident_before = person.number
    house.first_resident = person.number


@compiled
def move_out(world: World, person: Record, exchanged: bool) -> None:
    """Vacate the place where a person lives; it may need time before it can be let again."""
    stay = stay_of(world, person.stay)
    scheme = stay.scheme
    house = house_of(world, scheme)
    remove_resident(world, house, person)
    if exchanged or house.places == math.inf:
        return
    turnaround = scheme_of(world, scheme).turnaround
    # A place above a number that has shrunk is gone once it is vacant: nothing is turned around.
    if turnaround != NOWHERE and free(world, scheme) > 0:
        code = setting_of(world, stay.setting).code
        days = drawn(world, turnaround, person.luck, PURPOSE.TURNAROUND, code, stay.visit)
        house.turning_around += 1
        at(world, world.now + days, KIND.TURNED_AROUND, scheme, PLAIN.NONE)
    else:
        look_at(world, stay.setting)


@inlined
def remove_resident(world: World, house: Record, person: Record) -> None:
    """Take a person out of the chain of a scheme's residents."""
    house.residents -= 1
    before, after = person.resident_before, person.resident_after
    if before == NOWHERE:
        house.first_resident = after
    else:
        person_of(world, before).resident_after = after
    if after != NOWHERE:
        person_of(world, after).resident_before = before


@inlined
def turned_around(world: World, scheme: int) -> None:
    """Let a place be let again."""
    house_of(world, scheme).turning_around -= 1
    look_at(world, scheme_of(world, scheme).setting)


@compiled
def change_places(world: World, scheme: int) -> bool:
    """Give a scheme the places that it has from now on, and return whether it has closed."""
    house = house_of(world, scheme)
    house.places = value_at(world, scheme_of(world, scheme).places, world.now)
    look_at(world, scheme_of(world, scheme).setting)
    return house.places == 0
