"""The clock: alarms in a heap, and what they set off: `stepdown.simulation.clock`, compiled.

What an alarm sets off (SimPy's events of the present instant, in the order in which they are triggered) waits in a
line of reactions, and happens before the next alarm.
"""

from __future__ import annotations

from stepdown.simulation.clock import Kind
from stepdown.simulation.compiled.layout import ALARM, NOWHERE, REACTION
from stepdown.simulation.compiled.memory import Record, World, accessor, appender, compiled, constants, larger

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

alarm_of = accessor("alarms", ALARM)
reaction_of = accessor("reactions", REACTION)
new_alarm_row = appender("alarms", ALARM)
new_reaction_row = appender("reactions", REACTION)

BRANCHES = 4
"""Alarms below each in the heap: they lie side by side, and a large heap has half the levels that two would give."""

KINDS = 2**48
"""An alarm's order within its instant is its kind times this, and the number that it concerns."""


@compiled
def comes_before(alarm: Record, day: float, order: int, serial: int) -> bool:
    """Whether an alarm comes before another, given by its parts."""
    if alarm.day != day:
        return alarm.day < day
    if alarm.order != order:
        return alarm.order < order
    return alarm.serial < serial


@compiled
def put(world: World, position: int, day: float, order: int, serial: int, what: int) -> None:
    """Write an alarm at a position of the heap."""
    alarm = alarm_of(world, position)
    alarm.day = day
    alarm.order = order
    alarm.serial = serial
    alarm.what = what


@compiled
def at(world: World, day: float, kind: int, number: int, what: int) -> int:
    """Set an alarm for a day (for one that has passed, now) and return its serial number."""
    day = larger(day, world.now) + 0.0  # adding 0.0 turns -0.0, the same day with other bits, into 0.0
    order = kind * KINDS + number
    world.serial += 1
    serial = world.serial
    position = new_alarm_row(world)
    while position > 0:
        above = alarm_of(world, (position - 1) // BRANCHES)
        if comes_before(above, day, order, serial):
            break
        put(world, position, above.day, above.order, above.serial, above.what)
        position = (position - 1) // BRANCHES
    put(world, position, day, order, serial, what)
    return serial


@compiled
def first_below(world: World, position: int) -> int:
    """Return the position of the first of the alarms below one in the heap."""
    found = BRANCHES * position + 1
    best = alarm_of(world, found)
    day = best.day  # nearly always the days alone decide
    for below in range(found + 1, min(found + BRANCHES, world.alarms_used)):
        alarm = alarm_of(world, below)
        if alarm.day < day or (alarm.day == day and comes_before(alarm, day, best.order, best.serial)):
            found, best, day = below, alarm, alarm.day
    return found


@compiled
def next_alarm(world: World) -> None:
    """Take the first alarm out of the heap; the clock now shows its day."""
    first = alarm_of(world, 0)
    if first.day != world.now:
        world.happened = 0
    world.now = first.day
    world.order = first.order
    world.alarm = first.serial
    world.what = first.what
    world.alarms_used -= 1
    last = alarm_of(world, world.alarms_used)
    day, order, serial, what = last.day, last.order, last.serial, last.what
    position = 0
    while BRANCHES * position + 1 < world.alarms_used:
        below = first_below(world, position)
        child = alarm_of(world, below)
        if not comes_before(child, day, order, serial):
            break
        put(world, position, child.day, child.order, child.serial, child.what)
        position = below
    put(world, position, day, order, serial, what)


@compiled
def then(world: World, kind: int, who: int) -> None:
    """Let something happen after what has been set off before, and before the next alarm."""
    reaction = reaction_of(world, new_reaction_row(world))
    reaction.kind = kind
    reaction.who = who


@compiled
def next_reaction(world: World) -> int:
    """Return the position of the next thing that was set off, or `NOWHERE`."""
    position = world.next_reaction
    if position == world.reactions_used:
        world.next_reaction = world.reactions_used = 0
        return NOWHERE
    world.next_reaction = position + 1
    return position
