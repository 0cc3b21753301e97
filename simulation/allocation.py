"""Allocation of places: at the end of each instant people move until nobody can."""

from __future__ import annotations

from collections.abc import Callable

from stepdown.scenarios.network import NOWHERE, Network
from stepdown.simulation.clock import Clock, Kind
from stepdown.simulation.housing import Housing
from stepdown.simulation.people import Person
from stepdown.simulation.rings import Rings
from stepdown.simulation.waiting import WaitingLists


class Allocation:
    """Brings listed people and free places together.

    Parameters
    ----------
    network, clock
        The network and its clock.
    move
        Called to move a person to a scheme; the last argument says whether places are exchanged.
    passed_over
        Called once for each newly listed person whom an allocation has passed over.
    """

    def __init__(
        self,
        network: Network,
        clock: Clock,
        move: Callable[[Person, int, bool], None],
        passed_over: Callable[[Person], None],
    ) -> None:
        self._network = network
        self._clock = clock
        self._move = move
        self._passed_over = passed_over
        self.housing = Housing(network, clock, self.look_at, self._closed)
        self.waiting = WaitingLists(network, self.housing)
        self._rings = Rings(network, self.housing, self.waiting)
        self._to_look_at: set[int] = set()
        self._newly_listed: list[Person] = []

    def list(self, person: Person, setting: int) -> None:
        """Put a person on the list of a setting."""
        self.waiting.join(person, setting)
        self._newly_listed.append(person)
        self.look_at(setting)

    def look_at(self, setting: int) -> None:
        """Have places of a setting allocated before the instant ends."""
        self._to_look_at.add(setting)
        self._clock.before_the_instant_ends(Kind.ALLOCATE, self._allocate)

    def _allocate(self) -> None:
        """Let people move until nobody can: one at a time, settings in their declared order, then rings."""
        while self._admit_one() or self._exchange():
            pass
        newly_listed, self._newly_listed = self._newly_listed, []
        for person in newly_listed:
            if person.stay.listed:
                self._passed_over(person)

    def _admit_one(self) -> bool:
        while self._to_look_at:
            setting = min(self._to_look_at)
            if self._admit_first(setting):
                return True
            self._to_look_at.discard(setting)
        return False

    def _admit_first(self, setting: int) -> bool:
        """Admit the first person on the list whom a free place suits; pass over those before them."""
        if self._network.settings[setting].access == "by_scheme":
            for person in self.waiting.on(setting):
                self.waiting.bind(person)
        if all(self.housing.free(scheme) <= 0 for scheme in self._network.settings[setting].schemes):
            return False
        for person in self.waiting.on(setting):
            scheme = self.waiting.free_scheme(person, setting)
            if scheme != NOWHERE:
                self._move(person, scheme, False)
                return True
        return False

    def _exchange(self) -> bool:
        ring = self._rings.find()
        for person, scheme in ring:
            self._move(person, scheme, True)
        return bool(ring)

    def _closed(self, scheme: int) -> None:
        self.waiting.unbind(scheme)
