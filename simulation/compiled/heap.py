"""The heap of alarms: what is to happen, the first of all at the top.

An alarm is two words, its day and its tag, that are compared as one number of 128 bits: the processor then has nothing
to guess in finding the first of four, and where days are equal the tags decide. The four below an alarm fill one line
of the processor's cache.
"""

from __future__ import annotations

import math
from typing import Any

from llvmlite import ir
from numba import types

from stepdown.simulation.compiled.layout import ALARM
from stepdown.simulation.compiled.memory import (
    Record,
    World,
    accessor,
    appender,
    compiled,
    constants,
    generated,
    inlined,
    table_in,
)

alarm_of = accessor("alarms", ALARM)
new_alarm_row = appender("alarms", ALARM)

BRANCHES = 4
"""Alarms below each in the heap: they lie side by side, and a large heap has half the levels that two would give."""

PLACE = constants("PLACE", NEW=0, TOP=3, BELOW_TOP=BRANCHES)
"""Where the first alarm of all lies (thus the four below any alarm begin at a multiple of four), and one whose place is
sought."""

AFTER_ALL = constants("AFTER_ALL", TAG=2**63 - 1)
"""With a day of infinity, this is an alarm that comes after all others."""

WORD, PAIR = ir.IntType(64), ir.IntType(128)


@generated
def key_of(_: Any, day: Any) -> Any:
    """Return the whole number that stands to others as the day stands to other days."""

    def generate(_: Any, builder: Any, __: Any, arguments: Any) -> Any:
        return _turned(builder, builder.bitcast(arguments[0], WORD))

    return types.int64(types.float64), generate


@generated
def day_of(_: Any, key: Any) -> Any:
    """Return the day of a key."""

    def generate(_: Any, builder: Any, __: Any, arguments: Any) -> Any:
        return builder.bitcast(_turned(builder, arguments[0]), ir.DoubleType())

    return types.float64(types.int64), generate


def _turned(builder: Any, bits: Any) -> Any:
    """Turn round what follows the sign of a number below 0: as bits, the lower of these are the greater."""
    return builder.xor(bits, builder.lshr(builder.ashr(bits, ir.Constant(WORD, 63)), ir.Constant(WORD, 1)))


@generated
def comes_before(_: Any, world: Any, one: Any, other: Any) -> Any:
    """Return 1 if the alarm at a position comes before the one at another, else 0: to calculate with, not to branch."""

    def generate(_: Any, builder: Any, __: Any, arguments: Any) -> Any:
        record, *positions = arguments
        alarms = builder.inttoptr(table_in(builder, world, record, "alarms"), PAIR.as_pointer())
        alarm, second = (builder.load(builder.gep(alarms, [position])) for position in positions)
        return builder.zext(builder.icmp_signed("<", alarm, second), WORD)

    return types.int64(world, types.int64, types.int64), generate


@compiled
def put(world: World, position: int, key: int, tag: int) -> None:
    """Write an alarm at a position."""
    alarm = alarm_of(world, position)
    alarm.key = key
    alarm.tag = tag


@compiled
def put_from(world: World, position: int, other: int) -> None:
    """Write the alarm of another position at this one."""
    alarm = alarm_of(world, other)
    put(world, position, alarm.key, alarm.tag)


@inlined
def begin_heap(world: World) -> None:
    """Begin with no alarm."""
    world.alarms_used = PLACE.TOP
    world.top_is_open = False
    for position in range(PLACE.TOP, 2 * BRANCHES):
        put(world, position, key_of(math.inf), AFTER_ALL.TAG)


@inlined
def add(world: World, key: int, tag: int) -> None:
    """Add an alarm; it takes the place at the top, if that is open, and sinks from there."""
    put(world, PLACE.NEW, key, tag)
    if world.top_is_open:
        world.top_is_open = False
        sink(world)
    else:
        rise(world)


@inlined
def rise(world: World) -> None:
    """Let the new alarm rise from the end to its place."""
    position = new_alarm_row(world)
    if position % BRANCHES == 0:
        for beside in range(position + 1, position + BRANCHES):
            put(world, beside, key_of(math.inf), AFTER_ALL.TAG)
    while position > PLACE.TOP:
        above = position // BRANCHES + PLACE.TOP - 1
        if not comes_before(world, PLACE.NEW, above):
            break
        put_from(world, position, above)
        position = above
    put_from(world, position, PLACE.NEW)


@compiled
def first_of_four(world: World, position: int) -> int:
    """Return which of four positions, from one on, holds the alarm that comes first."""
    left = comes_before(world, position + 1, position)
    right = comes_before(world, position + 3, position + 2)
    farther = comes_before(world, position + 2 + right, position + left)
    return position + 2 * farther + ((left + 2 * right) >> farther & 1)


@compiled
def sink(world: World) -> None:
    """Let the new alarm sink from the top to its place."""
    position, below = PLACE.TOP, PLACE.BELOW_TOP
    while below < world.alarms_used:
        first = first_of_four(world, below)
        if comes_before(world, PLACE.NEW, first):
            break
        put_from(world, position, first)
        position, below = first, BRANCHES * (first - PLACE.TOP + 1)
    put_from(world, position, PLACE.NEW)


@inlined
def close_top(world: World) -> None:
    """Let the last alarm take the place at the top, and sink from there."""
    world.top_is_open = False
    world.alarms_used -= 1
    put_from(world, PLACE.NEW, world.alarms_used)
    put(world, world.alarms_used, key_of(math.inf), AFTER_ALL.TAG)
    if world.alarms_used > PLACE.TOP:
        sink(world)


@compiled
def next_day(world: World) -> float:
    """Return the day of the first alarm of all; infinity if there is none."""
    first = first_of_four(world, PLACE.BELOW_TOP) if world.top_is_open else PLACE.TOP
    return day_of(alarm_of(world, first).key)


@inlined
def take_first(world: World) -> Record:
    """Take the first alarm of all; its place stays open for the next that is added."""
    if world.top_is_open:
        close_top(world)
    world.top_is_open = True
    return alarm_of(world, PLACE.TOP)
