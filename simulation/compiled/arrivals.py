"""Who comes when, and what each person is like: `stepdown.simulation.arrivals`, compiled.

The reference settles all arrivals beforehand; here each stream's next one is found when the last has come.
"""

from __future__ import annotations

import math

import numpy as np

from stepdown.simulation.compiled.clock import KIND, at
from stepdown.simulation.compiled.distributions import quantile
from stepdown.simulation.compiled.draws import NOTHING, PURPOSE, choice_of, choose, draw, uniform, unit_exponential
from stepdown.simulation.compiled.layout import NOWHERE, RESIDENT, SOURCE, STREAM
from stepdown.simulation.compiled.memory import PLAIN, Record, World, accessor, compiled, integer_at, larger, number_at
from stepdown.simulation.compiled.schedules import day_when, expected_by, intensity_of

source_of = accessor("sources", SOURCE)
resident_of = accessor("residents", RESIDENT)
stream_of = accessor("streams", STREAM)


@compiled
def begin_stream(stream: Record, source: int, intensity: int) -> None:
    """Begin a Poisson process of an intensity, of which nothing has come yet."""
    stream.source = source
    stream.intensity = intensity
    stream.number = 0
    stream.expected = 0.0


@compiled
def advance(world: World, stream: Record) -> float:
    """Go on to the next event of a Poisson process, and return its day; infinity if there is none."""
    stream.number += 1
    gap = uniform(world, stream.source, np.uint64(stream.number), NOTHING, PLAIN.FIRST, PURPOSE.GAP)
    stream.expected += unit_exponential(gap)
    stream.day = day_when(world, intensity_of(world, stream.intensity), stream.expected)
    return stream.day


@compiled
def begin_arrivals(world: World) -> None:
    """Wait for the first person of each source, and for the first case of the community."""
    for position in range(world.number_of_sources):
        source = source_of(world, position)
        begin_stream(stream_of(world, position), source.code, source.arrivals)
        await_arrival(world, position)
    if world.community != NOWHERE:
        begin_stream(community_stream(world), world.adaptations_code, world.community)
        await_case(world)


@compiled
def community_stream(world: World) -> Record:
    """Return the stream of the community's cases: it comes after those of the sources."""
    return stream_of(world, world.number_of_sources)


@compiled
def await_arrival(world: World, position: int) -> None:
    """Wait for the next person of a source."""
    source, stream = source_of(world, position), stream_of(world, position)
    random = source.arrivals != NOWHERE
    day = advance(world, stream) if random else next_listed_day(world, source, stream)
    at(world, day, KIND.ARRIVAL, position, PLAIN.NONE)


@compiled
def next_listed_day(world: World, source: Record, stream: Record) -> float:
    """Go on to the next day of a source with given days; those before the opening are passed by."""
    while source.days_from + stream.number < source.days_until:
        day = number_at(world.numbers, source.days_from + stream.number)
        stream.number += 1
        if day >= world.opening_day:
            return day
    return math.inf


@compiled
def await_case(world: World) -> None:
    """Wait for the next case of the community."""
    day = advance(world, community_stream(world))
    at(world, day, KIND.CASE_ARRIVAL, community_stream(world).number, PLAIN.NONE)


@compiled
def choose_listed(world: World, shares: int, number: int, draw: float) -> int:
    """Return the position that a draw falls on among shares that stand in ``numbers``."""
    for position in range(number):
        choice_of(world, position).share = number_at(world.numbers, shares + position)
    return choose(world, number, draw)


@compiled
def entered_day(world: World, resident: Record, luck: int) -> float:
    """Return the day, before the start, on which a resident of the opening caseload came."""
    if not math.isnan(resident.entered):
        return resident.entered
    return -quantile(world, resident.time_stayed, draw(world, luck, PURPOSE.TIME_STAYED, NOTHING, PLAIN.FIRST))


@compiled
def area_of(world: World, given: int, luck: int) -> int:
    """Return a person's area: the given one, else drawn."""
    if given != NOWHERE:
        return given
    if world.number_of_areas == 1:  # no draw is needed to tell
        return 0
    share = draw(world, luck, PURPOSE.AREA, NOTHING, PLAIN.FIRST)
    return choose_listed(world, world.area_shares, world.number_of_areas, share)


@compiled
def tier_of_mover(world: World, luck: int) -> int:
    """Return the adaptations that a person's next home will need, or `NOWHERE`."""
    if not world.adapts:
        return NOWHERE
    share = draw(world, luck, PURPOSE.TIER, world.adaptations_code, PLAIN.FIRST)
    tier = choose_listed(world, world.mover_shares, world.number_of_tiers + 1, share)
    return tier if tier < world.number_of_tiers else NOWHERE


@compiled
def tier_of_household(world: World, luck: int) -> int:
    """Return the tier of a case of the wider community."""
    share = draw(world, luck, PURPOSE.TIER, world.adaptations_code, PLAIN.FIRST)
    return choose_listed(world, world.community_shares, world.number_of_tiers, share)


@compiled
def tenure_of(world: World, luck: int) -> int:
    """Return the tenure of a home, or `NOWHERE` in a scenario without adaptations."""
    if not world.adapts:
        return NOWHERE
    share = draw(world, luck, PURPOSE.TENURE, world.adaptations_code, PLAIN.FIRST)
    return choose_listed(world, world.tenure_shares, world.number_of_tenures, share)


@compiled
def dies_on(world: World, group: int, day: float, luck: int) -> float:
    """Return the day on which somebody who came on a day will die; infinity if their group does not."""
    deaths = intensity_of(world, integer_at(world.integers, world.deaths + group))
    if deaths.length == 1 and number_at(world.numbers, deaths.rates) == 0:  # no draw is needed to tell
        return math.inf
    came = larger(day, world.opening_day)
    share = draw(world, luck, PURPOSE.DEATH, NOTHING, PLAIN.FIRST)
    return day_when(world, deaths, expected_by(world, deaths, came) + unit_exponential(share))
