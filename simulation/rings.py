"""Rings of exchange: people in full schemes who would fill each other's places change places together.

First the rule: where the first person who suits each of some full schemes lives in another of them, all the way round,
they exchange. Then the promise that the model never deadlocks: schemes in which everybody waits, and only for a place
among those same schemes, could never free a place by themselves; there the first people of each list *who live in these
schemes* exchange, although somebody from elsewhere may stand before them and waits on as they would have.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from stepdown.scenarios.network import Network, Route
from stepdown.scenarios.quantities import UNLIMITED
from stepdown.simulation.housing import Housing
from stepdown.simulation.people import Person
from stepdown.simulation.waiting import WaitingLists

Ring = list[tuple[Person, int]]
"""People, each with the scheme that they move to."""


class Rings:
    """Finds rings of exchange.

    Parameters
    ----------
    network, housing, waiting
        The network, its places and its waiting lists.
    """

    def __init__(self, network: Network, housing: Housing, waiting: WaitingLists) -> None:
        self._network = network
        self._housing = housing
        self._waiting = waiting
        self._settings = settings_in_circles(network)

    def find(self) -> Ring:
        """Return one ring, or nothing if there is none."""
        if not any(self._waiting.length(setting) for setting in self._settings):
            return []
        full = [scheme for setting in self._settings for scheme in self._full_schemes(setting)]
        return _ring(self._claims(full, lambda _: True)) or self._ring_of_the_stuck(full)

    def _full_schemes(self, setting: int) -> Iterable[int]:
        """Yield the schemes in which an exchange would keep the number of residents within the places."""
        for scheme in self._network.settings[setting].schemes:
            if self._housing.places[scheme] < UNLIMITED and self._housing.free(scheme) == 0:
                yield scheme

    def _claims(self, schemes: list[int], allowed: Callable[[Person], bool]) -> dict[int, Person]:
        """Return the first person listed who suits each scheme, where that person lives in one of these schemes."""
        claims = {}
        for scheme in schemes:
            setting = self._network.schemes[scheme].setting
            suiting = (p for p in self._waiting.on(setting) if allowed(p) and self._waiting.suits(p, scheme))
            first = next(suiting, None)
            if first is not None and first.stay.scheme in schemes:
                claims[scheme] = first
        return claims

    def _ring_of_the_stuck(self, full: list[int]) -> Ring:
        stuck = self._stuck(full)
        while stuck:
            claims = self._claims(stuck, lambda person: person.stay.scheme in stuck)  # noqa: B023 - used at once
            if len(claims) == len(stuck):
                return _ring(claims)
            stuck = list(claims)  # a scheme that nobody here waits for is in no ring
        return []

    def _stuck(self, full: list[int]) -> list[int]:
        """Return the schemes whose residents all wait, and only for places among these schemes."""
        stuck = [scheme for scheme in full if self._all_wait(scheme)]
        while True:
            still = [scheme for scheme in stuck if all(self._waits_only_for(p, stuck) for p in self._people(scheme))]
            if still == stuck:
                return stuck
            stuck = still

    def _people(self, scheme: int) -> Iterable[Person]:
        return self._housing.residents[scheme].values()

    def _all_wait(self, scheme: int) -> bool:
        return (
            self._housing.turning_around[scheme] == 0
            and bool(self._housing.residents[scheme])
            and all(person.stay.listed for person in self._people(scheme))
        )

    def _waits_only_for(self, person: Person, schemes: list[int]) -> bool:
        wanted = self._network.settings[person.stay.listed_for].schemes
        return all(scheme in schemes for scheme in wanted if self._waiting.suits(person, scheme))


def _ring(claims: dict[int, Person]) -> Ring:
    """Follow each scheme to the home of the person who claims it until a scheme comes up again."""
    for start in claims:
        ring: Ring = []
        scheme = start
        while scheme in claims and all(scheme != seen for _, seen in ring):
            ring.append((claims[scheme], scheme))
            scheme = claims[scheme].stay.scheme
        if scheme == start and ring:
            return ring
    return []


def settings_in_circles(network: Network) -> tuple[int, ...]:
    """Return the limited settings from which routes lead, through limited settings, back to themselves."""
    leads_to = {
        position: {to for route in (*setting.routes, *setting.at_maximum_routes) for to in _destinations(route)}
        for position, setting in enumerate(network.settings)
        if setting.limited
    }
    for resident in network.residents:
        if resident.listed_for >= 0 and resident.setting in leads_to:
            leads_to[resident.setting].add(resident.listed_for)
    return tuple(setting for setting in leads_to if _returns(setting, leads_to))


def _destinations(route: Route) -> Iterable[int]:
    yield route.to
    if route.gives_up is not None:
        yield route.gives_up.to


def _returns(setting: int, leads_to: dict[int, set[int]]) -> bool:
    reached: set[int] = set()
    coming = {setting}
    while coming:
        coming = {to for at in coming for to in leads_to[at] if to in leads_to} - reached
        reached |= coming
    return setting in reached
