"""Laws about places that hold in every world: they are never exceeded by admission, and never kept from who waits."""

from __future__ import annotations

import math
from collections.abc import Iterator

import pandas as pd
import pytest
from hypothesis import given
from networks import network_of, scenarios, thorough

from stepdown.scenarios.distributions import Fixed
from stepdown.scenarios.network import Network, Scheme
from stepdown.simulation.reference import simulate
from stepdown.simulation.tables import AND

pytestmark = pytest.mark.properties


def world(data):
    """Return a world made ready to run, and its people's stays with infinity for what has not come."""
    network = network_of(data)
    stays = simulate(network, option="x", seed=5, replication=0).stays
    days = [column for column in stays.columns if column.endswith("_day")]
    return network, stays.assign(**{day: stays[day].fillna(math.inf) for day in days})


def instants(network: Network, stays: pd.DataFrame) -> list[float]:
    """Return the days on which anything may have changed for places or lists."""
    moments = {day for column in ("entered_day", "listed_day", "left_day") for day in stays[column]}
    moments |= {day for scheme in network.schemes for day in scheme.places.days}
    return sorted(day for day in moments | {network.opening_day} if network.opening_day <= day < network.end_day)


def residents(stays: pd.DataFrame, scheme: str, day: float) -> int:
    """Return how many live in a scheme at the end of an instant."""
    return int(((stays.scheme == scheme) & (stays.entered_day <= day) & (stays.left_day > day)).sum())


@thorough
@given(scenarios())
def test_no_admission_exceeds_the_places(data):
    network, stays = world(data)
    for scheme in network.schemes:
        own = stays[(stays.scheme == scheme.name) & ~stays.opening]
        for day in own.entered_day.unique():
            # In a ring somebody leaves for everybody who comes: then residents do not rise.
            left = ((stays.scheme == scheme.name) & (stays.left_day == day) & (stays.entered_day < day)).sum()
            after = residents(stays, scheme.name, day)
            before = after - (own.entered_day == day).sum() + left
            assert after <= max(scheme.places.at(day), before if left else 0)


def turned_around_for(scheme: Scheme) -> float | None:
    """Return the days of a scheme's turnaround, if they are always the same and no place ever comes or goes."""
    if len(scheme.places.days) > 1 or math.isinf(scheme.places.at(0)):
        return None
    if scheme.turnaround is None:
        return 0.0
    return scheme.turnaround.value if isinstance(scheme.turnaround, Fixed) else None


@thorough
@given(scenarios())
def test_places_that_are_turned_around_are_not_lived_in(data):
    network, stays = world(data)
    for scheme in network.schemes:
        days = turned_around_for(scheme)
        own = stays[stays.scheme == scheme.name]
        if not days or own.opening.sum() > scheme.places.at(0):
            continue
        left = own.left_day[own.left_day < math.inf]
        for day in own.entered_day[~own.opening].unique():
            # Whoever left in this very instant may have left in a ring, which waives the turnaround.
            vacated = sum(
                left.eq(on).sum() - own.entered_day.eq(on).sum() for on in left.unique() if day - days < on < day
            )
            assert residents(stays, scheme.name, day) + vacated <= scheme.places.at(0)


def suits(scheme: Scheme, access: str, group: int, area: int) -> bool:
    """Whether a scheme's place may be taken, apart from being bound to another scheme."""
    if not (scheme.accepts_group[group] and scheme.accepts_area[area]):
        return False
    return access != "by_area" or scheme.area == area


def waits(network: Network, stays: pd.DataFrame) -> Iterator[tuple[int, int, float, float, pd.Series]]:
    """Yield person, setting, first and last day of every wait on a list, with the stay in which it was spent."""
    names = {setting.name: position for position, setting in enumerate(network.settings)}
    for _, stay in stays.iterrows():
        reasons = dict(part.partition(":")[::2] for part in str(stay.reason).split(AND))
        if "gave_up" in reasons:
            joined_another = stay.to in names or "died" in reasons
            given_up = stay.listed_day if joined_another else stay.left_day
            yield stay.person, names[reasons["gave_up"]], max(stay.ready_day, stay.prepared_day), given_up, stay
        wanted = reasons.get("died", stay.to)
        if wanted in names and stay.listed_day < math.inf:
            yield stay.person, names[wanted], stay.listed_day, stay.left_day, stay


@thorough
@given(scenarios())
def test_nobody_waits_while_a_place_that_suits_them_is_free(data):
    network, stays = world(data)
    moments = instants(network, stays)
    for _, setting, since, until, stay in waits(network, stays):
        rules = network.settings[setting]
        group, area = network.groups.index(stay.group), network.areas.index(stay.area)
        for position in rules.schemes:
            scheme = network.schemes[position]
            bound = rules.access == "by_scheme" and len(rules.schemes) > 1
            if bound or scheme.turnaround is not None or not suits(scheme, rules.access, group, area):
                continue
            for day in moments:
                if since <= day < until:
                    free = scheme.places.at(day) - residents(stays, scheme.name, day)
                    assert free <= 0, f"person {stay.person} waits for {scheme.name} on day {day}"


@thorough
@given(scenarios())
def test_nobody_is_admitted_before_somebody_ahead_of_them_whom_the_place_suits(data):
    network, stays = world(data)
    lists: dict[int, list[tuple[int, float, int, float, pd.Series]]] = {}
    for person, setting, since, until, stay in waits(network, stays):
        home = next(at for at, place in enumerate(network.settings) if place.name == stay.setting)
        rank = network.settings[setting].priority[home][network.groups.index(stay.group)]
        lists.setdefault(setting, []).append((rank, since, person, until, stay))
    for setting, waiting in lists.items():
        rules = network.settings[setting]
        if rules.access == "by_scheme":
            continue
        for rank, since, person, until, stay in waiting:
            if until == math.inf or stay.to != rules.name:
                continue
            taken = stays[(stays.person == person) & (stays.entered_day == until) & (stays.setting == rules.name)]
            scheme = next(s for s in network.schemes if s.name == taken.scheme.iloc[0])
            if ((stays.scheme == scheme.name) & (stays.left_day == until)).any():
                continue  # perhaps a ring, in which the first of those who live in it go
            for other_rank, other_since, other, other_until, other_stay in waiting:
                # Whoever was listed in this very instant may have given up another list after the allocation.
                if other_since < until < other_until and (other_rank, other_since, other) < (rank, since, person):
                    group = network.groups.index(other_stay.group)
                    area = network.areas.index(other_stay.area)
                    assert not suits(scheme, rules.access, group, area)
