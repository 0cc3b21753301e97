"""The clock: alarms, and what they set off: `stepdown.simulation.clock`, compiled.

What an alarm sets off (SimPy's events of the present instant, in the order in which they are triggered) waits in a
line of reactions, and happens before the next alarm.
"""

from __future__ import annotations

from stepdown.simulation.clock import Kind
from stepdown.simulation.compiled.heap import add, day_of, key_of, take_first
from stepdown.simulation.compiled.layout import NOWHERE, REACTION
from stepdown.simulation.compiled.memory import World, accessor, appender, compiled, constants, inlined, larger

KIND = constants("KIND", **{kind.name: int(kind) for kind in Kind})
"""The kinds of alarm."""

REACTION_KIND = constants(
    "REACTION_KIND",
    JOB_DONE=0,
    STRAND_DONE=1,
    ADAPTATION_STAGE_DONE=2,
    STAGE_DONE=3,
    PREPARED=4,
    NOTICED=5,
    MOVED=6,
)
"""What an alarm may set off."""

reaction_of = accessor("reactions", REACTION)
new_reaction_row = appender("reactions", REACTION)

NUMBERS, DETAILS = 2**31, 2**27
"""An alarm's tag says its kind, the number that it concerns, and a detail, which are below these. It decides the order
within an instant: alarms of the same day and tag are of the same effect, whichever rings first."""


@compiled
def at(world: World, day: float, kind: int, number: int, detail: int) -> None:
    """Set an alarm for a day (for one that has passed, now); what is for the end or later will not happen."""
    if day < world.end_day:
        day = larger(day, world.now) + 0.0  # adding 0.0 turns -0.0, the same day with other bits, into 0.0
        add(world, key_of(day), (kind * NUMBERS + number) * DETAILS + detail)


@compiled
def kind_of(tag: int) -> int:
    """Return an alarm's kind."""
    return tag // (NUMBERS * DETAILS)


@compiled
def number_of(tag: int) -> int:
    """Return the number of the person, case, scheme or step that an alarm concerns."""
    return tag // DETAILS % NUMBERS


@inlined
def next_alarm(world: World) -> None:
    """Take the first alarm of all; the clock now shows its day."""
    first = take_first(world)
    day, tag = day_of(first.key), first.tag
    if day != world.now:
        world.happened = 0
    world.now = day
    world.kind = kind_of(tag)
    world.number = number_of(tag)
    world.detail = tag % DETAILS


@compiled
def then(world: World, kind: int, who: int) -> None:
    """Let something happen after what has been set off before, and before the next alarm."""
    reaction = reaction_of(world, new_reaction_row(world))
    reaction.kind = kind
    reaction.who = who


@inlined
def next_reaction(world: World) -> int:
    """Return the position of the next thing that was set off, or `NOWHERE`."""
    position = world.next_reaction
    if position == world.reactions_used:
        world.next_reaction = world.reactions_used = 0
        return NOWHERE
    world.next_reaction = position + 1
    return position
