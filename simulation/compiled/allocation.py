"""Allocation of places: at the end of each instant people move until nobody can.

`stepdown.simulation.allocation`, compiled.
"""

from __future__ import annotations

from stepdown.simulation.compiled.facts import BY_SCHEME
from stepdown.simulation.compiled.housing import list_of, look_at
from stepdown.simulation.compiled.layout import NOWHERE
from stepdown.simulation.compiled.memory import PLAIN, Record, World, compiled
from stepdown.simulation.compiled.moves import move
from stepdown.simulation.compiled.people import person_of, setting_of, stay_of
from stepdown.simulation.compiled.rings import find_ring, ring_of
from stepdown.simulation.compiled.waiting import (
    bind_all,
    first_of_kind,
    foremost,
    free_scheme,
    has_free_scheme,
    join,
)


@compiled
def begin_allocation(world: World) -> None:
    """Begin with empty lists."""
    for setting in range(world.number_of_settings):
        list_of(world, setting).length = 0
        list_of(world, setting).to_look_at = False
    world.lists_to_look_at = 0
    world.lowest_to_look_at = world.number_of_settings
    world.newly_listed = NOWHERE
    world.allocate_due = False


@compiled
def put_on_list(world: World, person: Record, setting: int) -> None:
    """Put a person on the list of a setting."""
    join(world, person, setting)
    stay_of(world, person.stay).newly_listed_after = world.newly_listed
    world.newly_listed = person.stay
    look_at(world, setting)


@compiled
def let_people_move(world: World) -> None:
    """Let people move until nobody can: one at a time, settings in their declared order, then rings."""
    while admit_one(world) or exchange(world):
        pass


@compiled
def admit_one(world: World) -> bool:
    """Admit somebody to the first setting that can take somebody, and return whether there was one."""
    while world.lists_to_look_at > 0:
        setting = world.lowest_to_look_at
        waiting = list_of(world, setting)
        if waiting.to_look_at:
            if waiting.length > 0 and admit_first(world, setting):
                return True
            waiting.to_look_at = False
            world.lists_to_look_at -= 1
        world.lowest_to_look_at = setting + 1
    world.lowest_to_look_at = world.number_of_settings
    return False


@compiled
def admit_first(world: World, wanted: int) -> bool:
    """Admit the first person on the list whom a free place suits; pass over those before them."""
    setting = setting_of(world, wanted)
    if setting.access == BY_SCHEME:
        bind_all(world, wanted)
    best = PLAIN.NOWHERE
    for kind in range(setting.kinds):
        first = first_of_kind(world, setting, kind)
        if first != NOWHERE and has_free_scheme(world, setting, kind):
            best = foremost(world, best, first)
    if best == NOWHERE:
        return False
    person = person_of(world, best)
    move(world, person, free_scheme(world, person, setting), PLAIN.FALSE)
    return True


@compiled
def exchange(world: World) -> bool:
    """Let the people of a ring exchange their places, and return whether there was one."""
    length = find_ring(world)
    for position in range(length):
        scheme = ring_of(world, position).path
        move(world, person_of(world, ring_of(world, scheme).claim), scheme, PLAIN.TRUE)
    return length > 0
