"""Places: who lives in which scheme, what is free, and what is being turned around."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from stepdown.scenarios.network import Network
from stepdown.scenarios.quantities import UNLIMITED
from stepdown.simulation.clock import Clock, Kind
from stepdown.simulation.draws import Purpose
from stepdown.simulation.people import Person


class Housing:
    """The places of all schemes.

    Parameters
    ----------
    network
        The network.
    clock
        The clock.
    freed
        Called with a setting when it may have a free place that it had not.
    closed
        Called with a scheme when it has no places any more.
    """

    def __init__(
        self, network: Network, clock: Clock, freed: Callable[[int], None], closed: Callable[[int], None]
    ) -> None:
        self._network = network
        self._clock = clock
        self._freed = freed
        self._closed = closed
        self.places = [scheme.places.at(clock.now) for scheme in network.schemes]
        self.residents: list[dict[int, Person]] = [{} for _ in network.schemes]
        self.turning_around = [0] * len(network.schemes)
        for position, scheme in enumerate(network.schemes):
            for day, places in zip(scheme.places.days, scheme.places.values, strict=True):
                if day > clock.now:
                    clock.call(day, Kind.PLACES, position, partial(self._change, position, places))

    def free(self, scheme: int) -> float:
        """Return the places that can be let now; below 0 while a scheme that shrank is still overfull."""
        return self.places[scheme] - len(self.residents[scheme]) - self.turning_around[scheme]

    def never_full(self, setting: int) -> int:
        """Return the first scheme of a setting that has unlimited places now."""
        return next(scheme for scheme in self._network.settings[setting].schemes if self.places[scheme] == UNLIMITED)

    def will_open(self, scheme: int) -> bool:
        """Whether a scheme has places, or will have some."""
        schedule = self._network.schemes[scheme].places
        later = (places for day, places in zip(schedule.days, schedule.values, strict=True) if day > self._clock.now)
        return self.places[scheme] > 0 or any(places > 0 for places in later)

    def enter(self, person: Person, scheme: int) -> None:
        """Let a person live in a scheme."""
        self.residents[scheme][person.number] = person

    def leave(self, person: Person, exchanged: bool = False) -> None:
        """Vacate the place where a person lives; it may need time before it can be let again.

        Parameters
        ----------
        person
            Who leaves.
        exchanged
            Whether somebody else moves in at the same moment, so that there is nothing to turn around.
        """
        stay = person.stay
        scheme = stay.scheme
        del self.residents[scheme][person.number]
        if exchanged or self.places[scheme] == UNLIMITED:
            return
        turnaround = self._network.schemes[scheme].turnaround
        # A place above a number that has shrunk is gone once it is vacant: nothing is turned around.
        if turnaround is not None and self.free(scheme) > 0:
            code = self._network.settings[stay.setting].code
            days = turnaround.quantile(person.luck.draw(Purpose.TURNAROUND, code, stay.visit))
            self.turning_around[scheme] += 1
            self._clock.call(self._clock.now + days, Kind.TURNED_AROUND, scheme, lambda: self._turned_around(scheme))
        else:
            self._freed(stay.setting)

    def _turned_around(self, scheme: int) -> None:
        self.turning_around[scheme] -= 1
        self._freed(self._network.schemes[scheme].setting)

    def _change(self, scheme: int, places: float) -> None:
        self.places[scheme] = places
        self._freed(self._network.schemes[scheme].setting)
        if places == 0:
            self._closed(scheme)
