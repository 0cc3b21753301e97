"""Who comes when: random and replayed arrivals, the opening caseload, and what each person is like.

None of this depends on what happens to anybody, so it is settled before a replication begins.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import count

from stepdown.scenarios.network import NOWHERE, Adaptations, Network, Resident
from stepdown.scenarios.schedules import Intensity
from stepdown.simulation.draws import Draws, Luck, Purpose, choose, total


@dataclass(frozen=True)
class Arrival:
    """Somebody new, or a case of the wider community."""

    day: float
    source: int
    number: int


def random_days(intensity: Intensity, draws: Draws, source: int) -> Iterable[float]:
    """Yield the days of a Poisson process, in order, for as long as it has any.

    Unit exponential gaps are added up and turned into days by the intensity (time change), so that the n-th event is
    itself whatever the rate.
    """
    expected = 0.0
    for number in count(1):
        expected += unit_exponential(draws.uniform(source, number, 0, 1, Purpose.GAP))
        day = intensity.day_when(expected)
        if day == math.inf:
            return
        yield day


def unit_exponential(draw: float) -> float:
    """Return the exponential of mean 1 at a uniform draw."""
    return -math.log1p(-draw)


def all_arrivals(network: Network, draws: Draws) -> list[Arrival]:
    """Return everybody who will come, in the order (day, source, number); ``source`` is a position."""
    arrivals = []
    for position, source in enumerate(network.sources):
        days = source.days if source.arrivals is None else random_days(source.arrivals, draws, source.code)
        for number, day in enumerate(days, 1):
            if day >= network.end_day:
                break
            if day >= network.opening_day:
                arrivals.append(Arrival(day, position, number))
    return sorted(arrivals, key=lambda arrival: (arrival.day, arrival.source, arrival.number))


def community_cases(network: Network, draws: Draws) -> Iterable[Arrival]:
    """Yield the adaptations that the wider community will ask for, in order."""
    adaptations = network.adaptations
    if adaptations is None or adaptations.community is None:
        return
    for number, day in enumerate(random_days(adaptations.community, draws, adaptations.code), 1):
        if day >= network.end_day:
            return
        yield Arrival(day, adaptations.code, number)


def entered_day(network: Network, resident: Resident, luck: Luck) -> float:
    """Return the day, before the start, on which a resident of the opening caseload came."""
    if not math.isnan(resident.entered):
        return resident.entered
    stayed = network.time_stayed[resident.setting, resident.group]
    return -stayed.quantile(luck.draw(Purpose.TIME_STAYED))


def area_of(network: Network, given: int, luck: Luck) -> int:
    """Return a person's area: the given one, else drawn."""
    return given if given != NOWHERE else choose(network.area_shares, luck.draw(Purpose.AREA))


def tier_of_mover(adaptations: Adaptations | None, luck: Luck) -> int:
    """Return the adaptations that a person's next home will need, or `NOWHERE`."""
    if adaptations is None:
        return NOWHERE
    tier = choose(shares_of_movers(adaptations), luck.draw(Purpose.TIER, adaptations.code))
    return tier if tier < len(adaptations.tiers) else NOWHERE


def shares_of_movers(adaptations: Adaptations) -> tuple[float, ...]:
    """Return the shares of those who move by tier, and last of those who need no adaptation."""
    return *adaptations.mover_shares, max(1 - total(adaptations.mover_shares), 0.0)


def tier_of_household(adaptations: Adaptations, luck: Luck) -> int:
    """Return the tier of a case of the wider community."""
    return choose(adaptations.community_shares, luck.draw(Purpose.TIER, adaptations.code))


def tenure_of(adaptations: Adaptations | None, luck: Luck) -> int:
    """Return the tenure of a home, or `NOWHERE` in a scenario without adaptations."""
    if adaptations is None:
        return NOWHERE
    return choose(adaptations.tenure_shares, luck.draw(Purpose.TENURE, adaptations.code))


def dies_on(network: Network, group: int, day: float, luck: Luck) -> float:
    """Return the day on which somebody who came on a day will die; infinity if their group does not."""
    deaths = network.deaths[group]
    came = max(day, network.opening_day)
    return deaths.day_when(deaths.expected_by(came) + unit_exponential(luck.draw(Purpose.DEATH)))
