"""Waiting lists: who is listed for which setting, in which order, and which schemes suit them."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterable

from stepdown.scenarios.network import NOWHERE, Network
from stepdown.simulation.draws import Purpose, choose
from stepdown.simulation.housing import Housing
from stepdown.simulation.people import Person

Entry = tuple[int, float, int, Person]
"""Priority class, listed day, person number: the order of a list."""


class WaitingLists:
    """One list for each setting."""

    def __init__(self, network: Network, housing: Housing) -> None:
        self._network = network
        self._housing = housing
        self._lists: list[list[Entry]] = [[] for _ in network.settings]
        self._entries: dict[int, Entry] = {}

    def join(self, person: Person, setting: int) -> None:
        """Put a person on the list of a setting."""
        stay = person.stay
        stay.listed_for = setting
        stay.bound_to = NOWHERE
        rank = self._network.settings[setting].priority[stay.setting][person.group]
        entry = (rank, stay.listed_day, person.number, person)
        insort(self._lists[setting], entry)
        self._entries[person.number] = entry
        self.bind(person)

    def leave(self, person: Person) -> None:
        """Take a person off the list that they are on."""
        waiting = self._lists[person.stay.listed_for]
        del waiting[bisect_left(waiting, self._entries.pop(person.number))]
        person.stay.listed_for = NOWHERE

    def length(self, setting: int) -> int:
        """Return how many people are listed for a setting."""
        return len(self._lists[setting])

    def on(self, setting: int) -> Iterable[Person]:
        """Return the people listed for a setting, in order."""
        return (person for *_, person in self._lists[setting])

    def suits(self, person: Person, scheme: int) -> bool:
        """Whether a listed person may live in a scheme of the setting that they are listed for."""
        if not self._accepts(scheme, person):
            return False
        building = self._network.schemes[scheme]
        match self._network.settings[building.setting].access:
            case "by_scheme":
                return person.stay.bound_to == scheme
            case "by_area":
                return building.area == person.area
            case _:
                return True

    def free_scheme(self, person: Person, setting: int) -> int:
        """Return the first scheme with a free place that suits, one's own area first if that is the rule."""
        suiting = [
            scheme
            for scheme in self._network.settings[setting].schemes
            if self._housing.free(scheme) > 0 and self.suits(person, scheme)
        ]
        if self._network.settings[setting].access == "own_area_first":
            suiting.sort(key=lambda scheme: self._network.schemes[scheme].area != person.area)
        return suiting[0] if suiting else NOWHERE

    def bind(self, person: Person) -> None:
        """Bind a person to one scheme, where access is by scheme: the route's, else by the places that are open.

        A scheme that the route names does not count if it has closed for good or does not accept the person. While no
        scheme that suits has places, the person stays unbound.
        """
        stay = person.stay
        setting = self._network.settings[stay.listed_for]
        if setting.access != "by_scheme" or stay.bound_to != NOWHERE:
            return
        route = stay.route
        named = route.scheme if route is not None and route.to == stay.listed_for else NOWHERE
        if (
            named not in {NOWHERE, stay.unbound_from}
            and self._accepts(named, person)
            and self._housing.will_open(named)
        ):
            stay.bound_to = named
            return
        schemes = [scheme for scheme in setting.schemes if self._accepts(scheme, person)]
        shares = [self._housing.places[scheme] for scheme in schemes]
        if any(shares):
            times = person.luck.come_to(setting.code, Purpose.SCHEME)
            stay.bound_to = schemes[choose(_finite(shares), person.luck.draw(Purpose.SCHEME, setting.code, times))]

    def _accepts(self, scheme: int, person: Person) -> bool:
        building = self._network.schemes[scheme]
        return building.accepts_group[person.group] and building.accepts_area[person.area]

    def unbind(self, scheme: int) -> None:
        """Free the people who wait for a scheme that has closed, to be bound to another."""
        for person in self.on(self._network.schemes[scheme].setting):
            if person.stay.bound_to == scheme:
                person.stay.bound_to = NOWHERE
                person.stay.unbound_from = scheme


def _finite(places: list[float]) -> list[float]:
    """Where some scheme is unlimited, the choice is between the unlimited ones."""
    unlimited = [float(number == float("inf")) for number in places]
    return unlimited if any(unlimited) else places
