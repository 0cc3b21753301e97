"""Random draws by address: `stepdown.simulation.draws`, compiled, with Philox4x64-10 written out."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from stepdown.simulation.compiled.distributions import distribution_of, quantile
from stepdown.simulation.compiled.facts import FIXED
from stepdown.simulation.compiled.layout import CHOICE, COUNT, COUNTS, LUCK, NOWHERE, SLOT
from stepdown.simulation.compiled.memory import Record, World, accessor, appender, compiled, constants, multiply_high
from stepdown.simulation.draws import Purpose

PURPOSE = constants("PURPOSE", VISIT=0, **{purpose.name: int(purpose) for purpose in Purpose})
"""The purposes of draws; `VISIT` counts the visits themselves."""

luck_of = accessor("lucks", LUCK)
word_of = accessor("lucks", SLOT)
WORDS = LUCK.itemsize // SLOT.itemsize
count_of = accessor("counts", COUNT)
choice_of = accessor("choices", CHOICE)
new_luck_row = appender("lucks", LUCK)
new_count_row = appender("counts", COUNT)

# The constants of Salmon et al., "Parallel random numbers: as easy as 1, 2, 3" (SC11).
MULTIPLIERS = np.uint64(0xD2E7470EE14C6C93), np.uint64(0xCA5A826395121157)
KEY_STEPS = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBB67AE8584CAA73B)
ROUNDS = 10

Word = Any
"""An unsigned number of 64 bits."""

NOTHING: Word = np.uint64(0)
"""Stands for no place in an address."""

_PURPOSES = 256
TIMES = 2**32
"""A count that a luck holds itself is the place and purpose times this, and how often."""
_ELEVEN = np.uint64(11)
_SCALE = 2.0**-53


@compiled
def philox(number: Word, source: Word, place: Word, occasion: Word, seed: Word, replication: Word) -> Word:
    """Return the first word of the block at a counter of four words, under a key of two; all are unsigned."""
    for _ in range(ROUNDS):
        high, low = multiply_high(MULTIPLIERS[0], number), MULTIPLIERS[0] * number
        other_high, other_low = multiply_high(MULTIPLIERS[1], place), MULTIPLIERS[1] * place
        number, source = other_high ^ source ^ seed, other_low
        place, occasion = high ^ occasion ^ replication, low
        seed += KEY_STEPS[0]
        replication += KEY_STEPS[1]
    return number


@compiled
def uniform(world: World, source: Word, number: Word, place: Word, visit: int, purpose: int) -> float:
    """Return the draw at an address, strictly between 0 and 1."""
    occasion = np.uint64(visit * _PURPOSES + purpose)
    word = philox(number, source, place, occasion, world.seed, world.replication)
    return (np.float64(word >> _ELEVEN) + 0.5) * _SCALE


@compiled
def unit_exponential(draw: float) -> float:
    """Return the exponential of mean 1 at a uniform draw."""
    return -math.log1p(-draw)


@compiled
def new_luck(world: World, source: int, number: int) -> int:
    """Return the luck of a person or a household: its draws, and how often they have come to each place."""
    position = new_luck_row(world)
    luck = luck_of(world, position)
    luck.source = source
    luck.number = number
    for slot in range(COUNTS):
        slot_of(world, position, slot).count = 0
    luck.more = NOWHERE
    return position


@compiled
def slot_of(world: World, luck: int, slot: int) -> Record:
    """Return one of the counts that a luck holds itself."""
    return word_of(world, (luck + 1) * WORDS - COUNTS + slot)


@compiled
def draw(world: World, luck: int, purpose: int, place: Word, visit: int) -> float:
    """Return somebody's draw for a purpose at a place on a visit."""
    whose = luck_of(world, luck)
    return uniform(world, whose.source, whose.number, place, visit, purpose)


@compiled
def draw_of(world: World, distribution: int, luck: int, purpose: int, place: Word, visit: int) -> float:
    """Return somebody's draw from a distribution; where it has but one value, no draw is needed to tell."""
    if distribution_of(world, distribution).family == FIXED:
        return 0.5
    return draw(world, luck, purpose, place, visit)


@compiled
def drawn(world: World, distribution: int, luck: int, purpose: int, place: Word, visit: int) -> float:
    """Return what somebody draws from a distribution for a purpose at a place on a visit."""
    return quantile(world, distribution, draw_of(world, distribution, luck, purpose, place, visit))


@compiled
def come_to(world: World, luck: int, place: int, purpose: int) -> int:
    """Count one more coming to a place (for a purpose, where visits do not say it) and return which it is.

    Places are counted as settings first, then steps.
    """
    what = place * _PURPOSES + purpose
    for slot in range(COUNTS):
        held = slot_of(world, luck, slot)
        if held.count == 0 or held.count // TIMES == what:
            times = held.count % TIMES + 1
            held.count = what * TIMES + times
            return times
    return come_to_others(world, luck_of(world, luck), what)


@compiled
def come_to_others(world: World, whose: Record, what: int) -> int:
    """Count one more coming among the counts that a luck does not hold itself."""
    position = whose.more
    while position != NOWHERE:
        count = count_of(world, position)
        if count.what == what:
            count.times += 1
            return count.times
        position = count.next
    position = new_count_row(world)
    count = count_of(world, position)
    count.what = what
    count.times = 1
    count.next = whose.more
    whose.more = position
    return 1


@compiled
def choose(world: World, number: int, draw: float) -> int:
    """Return the position of the share that a draw falls into, among the first shares of the scratch table."""
    total = 0.0
    for position in range(number):
        total += choice_of(world, position).share
    rest = draw * total
    chosen = NOWHERE
    for position in range(number):
        share = choice_of(world, position).share
        if share > 0:
            chosen = position
            if rest < share:
                return position
            rest -= share
    return chosen
