"""Values and rates that change over time: `stepdown.scenarios.schedules`, compiled."""

from __future__ import annotations

import math

from stepdown.simulation.compiled.layout import INTENSITY, SCHEDULE
from stepdown.simulation.compiled.memory import Record, World, accessor, compiled, number_at

schedule_of = accessor("schedules", SCHEDULE)
intensity_of = accessor("intensities", INTENSITY)


@compiled
def bisect_right(world: World, first: int, length: int, value: float) -> int:
    """Return how many of the rising numbers are at most the value."""
    low, high = 0, length
    while low < high:
        middle = (low + high) // 2
        if value < number_at(world.numbers, first + middle):
            high = middle
        else:
            low = middle + 1
    return low


@compiled
def piece_at(world: World, schedule: Record, day: float) -> int:
    """Return which piece of a schedule is in force on a day."""
    return 0 if schedule.length == 1 else bisect_right(world, schedule.days, schedule.length, day) - 1


@compiled
def piece_from(world: World, schedule: Record, piece: int) -> float:
    """Return the day on which a piece begins; infinity for the one after the last."""
    return number_at(world.numbers, schedule.days + piece) if piece < schedule.length else math.inf


@compiled
def piece_value(world: World, schedule: Record, piece: int) -> float:
    """Return the value of a piece."""
    return number_at(world.numbers, schedule.values + piece)


@compiled
def value_at(world: World, position: int, day: float) -> float:
    """Return a schedule's value in force on that day (on the day of a change, the new one)."""
    schedule = schedule_of(world, position)
    return piece_value(world, schedule, piece_at(world, schedule, day))


@compiled
def expected_by(world: World, intensity: Record, day: float) -> float:
    """Return the expected number of events from the first day until that day."""
    piece = max(bisect_right(world, intensity.days, intensity.length, day) - 1, 0)
    since = number_at(world.numbers, intensity.days + piece)
    rate = number_at(world.numbers, intensity.rates + piece)
    return number_at(world.numbers, intensity.totals + piece) + rate * (day - since)


@compiled
def day_when(world: World, intensity: Record, expected: float) -> float:
    """Return the day by which so many events are expected; infinity if that never comes."""
    piece = bisect_right(world, intensity.totals, intensity.length, expected) - 1
    since = number_at(world.numbers, intensity.days + piece)
    rate = number_at(world.numbers, intensity.rates + piece)
    total = number_at(world.numbers, intensity.totals + piece)
    if rate == 0:
        return since if total == expected else math.inf
    return since + (expected - total) / rate
