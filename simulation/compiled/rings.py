"""Rings of exchange: `stepdown.simulation.rings`, compiled.

The scratch table holds a list of schemes in the order of their settings, and by scheme who claims it and whether it is
in the list.
"""

from __future__ import annotations

import math

from stepdown.simulation.compiled.housing import free, house_of, list_of
from stepdown.simulation.compiled.layout import NOWHERE, RING
from stepdown.simulation.compiled.memory import PLAIN, Record, World, accessor, compiled, integer_at
from stepdown.simulation.compiled.people import person_of, scheme_of, setting_of, stay_of
from stepdown.simulation.compiled.waiting import first_of_kind, foremost, next_of_kind, suits_kind

ring_of = accessor("rings", RING)


@compiled
def find_ring(world: World) -> int:
    """Return how many people are in a ring, whose schemes stand in ``path``; 0 if there is none."""
    if not anybody_waits_in_circles(world):
        return 0
    full = list_full_schemes(world)
    length = ring_among(world, full) if claim(world, full, PLAIN.FALSE) > 0 else 0
    return length if length > 0 else ring_of_the_stuck(world, full)


@compiled
def anybody_waits_in_circles(world: World) -> bool:
    """Whether somebody is listed for a setting from which routes lead back to itself."""
    for position in range(world.circles_from, world.circles_until):
        if list_of(world, integer_at(world.integers, position)).length > 0:
            return True
    return False


@compiled
def list_full_schemes(world: World) -> int:
    """List the schemes in which an exchange would keep residents within the places, and return their number."""
    for scheme in range(world.number_of_schemes):
        ring_of(world, scheme).member = False
    number = 0
    for position in range(world.circles_from, world.circles_until):
        setting = setting_of(world, integer_at(world.integers, position))
        for scheme in range(setting.schemes_from, setting.schemes_until):
            if house_of(world, scheme).places < math.inf and free(world, scheme) == 0:
                ring_of(world, number).scheme = scheme
                ring_of(world, scheme).member = True
                number += 1
    return number


@compiled
def claim(world: World, number: int, among: bool) -> int:
    """Note the first person listed who suits each listed scheme, if they live in one of these; return how many do.

    With ``among``, people who live elsewhere are passed over.
    """
    claims = 0
    for position in range(number):
        scheme = ring_of(world, position).scheme
        first = first_who_suits(world, scheme, among)
        if first != NOWHERE and not ring_of(world, home_of(world, first)).member:
            first = NOWHERE
        ring_of(world, scheme).claim = first
        claims += first != NOWHERE
    return claims


@compiled
def home_of(world: World, number: int) -> int:
    """Return the scheme in which a person lives."""
    return stay_of(world, person_of(world, number).stay).scheme


@compiled
def first_who_suits(world: World, scheme: int, among: bool) -> int:
    """Return the first person listed whom a scheme suits, or `NOWHERE`."""
    setting = setting_of(world, scheme_of(world, scheme).setting)
    best = PLAIN.NOWHERE
    for kind in range(setting.kinds):
        if suits_kind(world, setting, kind, scheme):
            first = first_of_kind(world, setting, kind)
            while among and first != NOWHERE and not ring_of(world, home_of(world, first)).member:
                first = next_of_kind(world, setting, person_of(world, first))
            best = foremost(world, best, first)
    return best


@compiled
def ring_among(world: World, number: int) -> int:
    """Follow each scheme to the home of the person who claims it until a scheme comes up again."""
    for position in range(number):
        start = ring_of(world, position).scheme
        scheme, length = start, 0
        while length < number and ring_of(world, scheme).claim != NOWHERE:
            ring_of(world, length).path = scheme
            length += 1
            scheme = home_of(world, ring_of(world, scheme).claim)
            if scheme == start:
                return length
    return 0


@compiled
def ring_of_the_stuck(world: World, full: int) -> int:
    """Return the length of a ring among schemes in which everybody waits, and only for places among them."""
    stuck = list_stuck_schemes(world, full)
    while stuck > 0:
        if claim(world, stuck, PLAIN.TRUE) == stuck:
            return ring_among(world, stuck)
        kept = 0
        for position in range(stuck):
            scheme = ring_of(world, position).scheme
            if ring_of(world, scheme).claim != NOWHERE:
                ring_of(world, kept).scheme = scheme
                kept += 1
            else:
                ring_of(world, scheme).member = False  # a scheme that nobody here waits for is in no ring
        stuck = kept
    return 0


@compiled
def list_stuck_schemes(world: World, number: int) -> int:
    """Leave in the list the schemes whose residents all wait, and only for places among these schemes."""
    number = keep(world, number, PLAIN.TRUE)
    while True:
        still = keep(world, number, PLAIN.FALSE)
        if still == number:
            return number
        number = still


@compiled
def keep(world: World, number: int, by_waiting: bool) -> int:
    """Take out of the list the schemes in which not all wait, or in which somebody waits for others, too."""
    kept = 0
    for position in range(number):
        scheme = ring_of(world, position).scheme
        if all_wait(world, scheme) if by_waiting else all_wait_only_for_these(world, scheme):
            ring_of(world, kept).scheme = scheme
            kept += 1
        else:
            ring_of(world, scheme).member = False
    return kept


@compiled
def all_wait(world: World, scheme: int) -> bool:
    """Whether a scheme has residents, all of them listed, and no place that is being turned around."""
    house = house_of(world, scheme)
    return house.turning_around == 0 and 0 < house.residents == house.listed


@compiled
def all_wait_only_for_these(world: World, scheme: int) -> bool:
    """Whether only schemes of the list suit a scheme's residents."""
    number = house_of(world, scheme).first_resident
    while number != NOWHERE:
        person = person_of(world, number)
        if not waits_only_for_these(world, person):
            return False
        number = person.resident_after
    return True


@compiled
def waits_only_for_these(world: World, person: Record) -> bool:
    """Whether only schemes of the list suit a listed person."""
    setting = setting_of(world, stay_of(world, person.stay).listed_for)
    for scheme in range(setting.schemes_from, setting.schemes_until):
        if suits_kind(world, setting, person.kind, scheme) and not ring_of(world, scheme).member:
            return False
    return True
