"""How stays begin and end: the parts of `stepdown.simulation.reference` that allocation needs, compiled."""

from __future__ import annotations

from stepdown.simulation.compiled.clock import REACTION_KIND, then
from stepdown.simulation.compiled.draws import PURPOSE, come_to
from stepdown.simulation.compiled.housing import move_in, move_out
from stepdown.simulation.compiled.memory import PLAIN, Record, World, compiled
from stepdown.simulation.compiled.people import new_stay, scheme_of, stay_of
from stepdown.simulation.compiled.waiting import unlist


@compiled
def enter(world: World, person: Record, scheme: int, day: float, opening: bool) -> None:
    """Begin a stay."""
    visit = come_to(world, person.luck, scheme_of(world, scheme).setting, PURPOSE.VISIT)
    new_stay(world, person, scheme, visit, day, opening)
    move_in(world, person, scheme)


@compiled
def end_stay(world: World, person: Record, to: int, exchanged: bool) -> None:
    """End a stay and vacate its place."""
    stay = stay_of(world, person.stay)
    stay.left_day = world.now
    stay.left_for = to
    move_out(world, person, exchanged)


@compiled
def move(world: World, person: Record, scheme: int, exchanged: bool) -> None:
    """Move to a place that was allocated; the person's story goes on after this."""
    unlist(world, person)
    end_stay(world, person, scheme_of(world, scheme).setting, exchanged)
    enter(world, person, scheme, world.now, PLAIN.FALSE)
    then(world, REACTION_KIND.MOVED, person.number)


@compiled
def leave(world: World, person: Record, to: int) -> None:
    """Leave for good."""
    person.gone = True
    end_stay(world, person, to, PLAIN.FALSE)
