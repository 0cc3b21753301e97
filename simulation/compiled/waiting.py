"""Waiting lists: who is listed for which setting, in which order, and which schemes suit them.

`stepdown.simulation.waiting`, compiled. A setting's list is kept as queues: one for each kind of people (whom the same
schemes suit; where access is by scheme, those bound to each scheme, and the unbound) and each rank of priority, each
in the order (listed day, person number). So the first person whom a free place suits is the first of some queue.
People join at the end, but for those who have been listed for a while: their place is sought from the end.
"""

from __future__ import annotations

import math

from stepdown.simulation.compiled.draws import PURPOSE, choice_of, choose, come_to, draw
from stepdown.simulation.compiled.facts import BY_SCHEME, OWN_AREA_FIRST
from stepdown.simulation.compiled.housing import free, house_of, list_of, will_open
from stepdown.simulation.compiled.layout import NOWHERE, QUEUE
from stepdown.simulation.compiled.memory import Record, World, accessor, compiled, integer_at
from stepdown.simulation.compiled.people import person_of, route_of, scheme_of, setting_of, stay_of

queue_of = accessor("queues", QUEUE)


@compiled
def join(world: World, person: Record, wanted: int) -> None:
    """Put a person on the list of a setting."""
    stay, setting = stay_of(world, person.stay), setting_of(world, wanted)
    stay.listed_for = wanted
    stay.bound_to = NOWHERE
    person.rank = integer_at(world.integers, setting.priority + stay.setting * world.number_of_groups + person.group)
    list_of(world, wanted).length += 1
    house_of(world, stay.scheme).listed += 1
    if setting.access == BY_SCHEME:
        person.kind = unbound_kind(setting)
    else:
        person.kind = integer_at(world.integers, setting.kind_of + person.group * world.number_of_areas + person.area)
    enqueue(world, setting, person)
    bind(world, person)


@compiled
def unlist(world: World, person: Record) -> None:
    """Take a person off the list that they are on."""
    stay = stay_of(world, person.stay)
    list_of(world, stay.listed_for).length -= 1
    house_of(world, stay.scheme).listed -= 1
    dequeue(world, setting_of(world, stay.listed_for), person)
    stay.listed_for = NOWHERE


@compiled
def unbound_kind(setting: Record) -> int:
    """Return the kind of those who are bound to no scheme yet: it comes after the schemes' own."""
    return setting.schemes_until - setting.schemes_from


@compiled
def queue_for(world: World, setting: Record, kind: int, rank: int) -> Record:
    """Return the queue of a kind of people of a rank."""
    return queue_of(world, setting.queues + kind * setting.ranks + rank)


@compiled
def enqueue(world: World, setting: Record, person: Record) -> None:
    """Put a person into their queue, at their place."""
    queue = queue_for(world, setting, person.kind, person.rank)
    listed = stay_of(world, person.stay).listed_day
    before = queue.last
    while before != NOWHERE and is_later(world, before, listed, person.number):
        before = person_of(world, before).before
    after = queue.first if before == NOWHERE else person_of(world, before).after
    person.before, person.after = before, after
    if before == NOWHERE:
        queue.first = person.number
    else:
        person_of(world, before).after = person.number
    if after == NOWHERE:
        queue.last = person.number
    else:
        person_of(world, after).before = person.number


@compiled
def dequeue(world: World, setting: Record, person: Record) -> None:
    """Take a person out of their queue."""
    queue = queue_for(world, setting, person.kind, person.rank)
    before, after = person.before, person.after
    if before == NOWHERE:
        queue.first = after
    else:
        person_of(world, before).after = after
    if after == NOWHERE:
        queue.last = before
    else:
        person_of(world, after).before = before


@compiled
def is_later(world: World, number: int, listed: float, other: int) -> bool:
    """Whether a person of the same rank stands behind another, given by listed day and number."""
    day = stay_of(world, person_of(world, number).stay).listed_day
    return day > listed or (day == listed and number > other)


@compiled
def foremost(world: World, one: int, other: int) -> int:
    """Return which of two people stands before the other on their list; either may be `NOWHERE`."""
    if NOWHERE in (one, other):
        return one if other == NOWHERE else other
    person, second = person_of(world, one), person_of(world, other)
    if person.rank != second.rank:
        return one if person.rank < second.rank else other
    return other if is_later(world, one, stay_of(world, second.stay).listed_day, other) else one


@compiled
def first_of_kind(world: World, setting: Record, kind: int) -> int:
    """Return the first person of a kind, or `NOWHERE`."""
    for rank in range(setting.ranks):
        first = queue_for(world, setting, kind, rank).first
        if first != NOWHERE:
            return first
    return NOWHERE


@compiled
def next_of_kind(world: World, setting: Record, person: Record) -> int:
    """Return who stands behind a person among those of their kind, or `NOWHERE`."""
    if person.after != NOWHERE:
        return person.after
    for rank in range(person.rank + 1, setting.ranks):
        first = queue_for(world, setting, person.kind, rank).first
        if first != NOWHERE:
            return first
    return NOWHERE


@compiled
def suits_kind(world: World, setting: Record, kind: int, scheme: int) -> bool:
    """Whether a kind of people may live in a scheme of the setting that they are listed for."""
    position = scheme - setting.schemes_from
    if setting.access == BY_SCHEME:
        return kind == position
    schemes = setting.schemes_until - setting.schemes_from
    return integer_at(world.integers, setting.suits + kind * schemes + position) != 0


@compiled
def has_free_scheme(world: World, setting: Record, kind: int) -> bool:
    """Whether a free place suits a kind of people."""
    for scheme in range(setting.schemes_from, setting.schemes_until):
        if free(world, scheme) > 0 and suits_kind(world, setting, kind, scheme):
            return True
    return False


@compiled
def free_scheme(world: World, person: Record, setting: Record) -> int:
    """Return the first scheme with a free place that suits, one's own area first if that is the rule."""
    found = NOWHERE
    for scheme in range(setting.schemes_from, setting.schemes_until):
        if free(world, scheme) > 0 and suits_kind(world, setting, person.kind, scheme):
            if setting.access != OWN_AREA_FIRST or scheme_of(world, scheme).area == person.area:
                return scheme
            if found == NOWHERE:
                found = scheme
    return found


@compiled
def bind(world: World, person: Record) -> None:
    """Bind a person to one scheme, where access is by scheme: the route's, else by the places that are open."""
    stay = stay_of(world, person.stay)
    setting = setting_of(world, stay.listed_for)
    if setting.access != BY_SCHEME or stay.bound_to != NOWHERE:
        return
    scheme = named_scheme(world, person)
    if scheme == NOWHERE:
        scheme = drawn_scheme(world, person, setting)
    if scheme != NOWHERE:
        dequeue(world, setting, person)
        stay.bound_to = scheme
        person.kind = scheme - setting.schemes_from
        enqueue(world, setting, person)


@compiled
def named_scheme(world: World, person: Record) -> int:
    """Return the scheme that the person's route names, unless it has closed for good or does not accept them."""
    stay = stay_of(world, person.stay)
    if stay.route == NOWHERE or route_of(world, stay.route).to != stay.listed_for:
        return NOWHERE
    named = route_of(world, stay.route).scheme
    if named in (NOWHERE, stay.unbound_from) or not accepts(world, named, person):
        return NOWHERE
    return named if will_open(world, named) else NOWHERE


@compiled
def drawn_scheme(world: World, person: Record, setting: Record) -> int:
    """Draw a scheme in proportion to the places that are open; the unlimited ones alone where there are some."""
    schemes = setting.schemes_until - setting.schemes_from
    unlimited = some = False
    for position in range(schemes):
        scheme = setting.schemes_from + position
        places = house_of(world, scheme).places if accepts(world, scheme, person) else 0.0
        choice_of(world, position).share = places
        some = some or places > 0
        unlimited = unlimited or places == math.inf
    if not some:
        return NOWHERE
    if unlimited:
        for position in range(schemes):
            choice_of(world, position).share = 1.0 if choice_of(world, position).share == math.inf else 0.0
    times = come_to(world, person.luck, stay_of(world, person.stay).listed_for, PURPOSE.SCHEME)
    return setting.schemes_from + choose(world, schemes, draw(world, person.luck, PURPOSE.SCHEME, setting.code, times))


@compiled
def accepts(world: World, scheme: int, person: Record) -> bool:
    """Whether a scheme takes people of the person's group and area."""
    building = scheme_of(world, scheme)
    return (
        integer_at(world.integers, building.accepts_group + person.group) != 0
        and integer_at(world.integers, building.accepts_area + person.area) != 0
    )


@compiled
def bind_all(world: World, wanted: int) -> None:
    """Bind those who are listed for a setting and unbound, in their order."""
    setting = setting_of(world, wanted)
    number = first_of_kind(world, setting, unbound_kind(setting))
    while number != NOWHERE:
        person = person_of(world, number)
        number = next_of_kind(world, setting, person)
        bind(world, person)


@compiled
def unbind(world: World, scheme: int) -> None:
    """Free the people who wait for a scheme that has closed, to be bound to another."""
    setting = setting_of(world, scheme_of(world, scheme).setting)
    if setting.access != BY_SCHEME:
        return
    kind = scheme - setting.schemes_from
    number = first_of_kind(world, setting, kind)
    while number != NOWHERE:
        person = person_of(world, number)
        number = next_of_kind(world, setting, person)
        dequeue(world, setting, person)
        stay_of(world, person.stay).bound_to = NOWHERE
        stay_of(world, person.stay).unbound_from = scheme
        person.kind = unbound_kind(setting)
        enqueue(world, setting, person)
