"""SimPy's clock, with days as they are stated and a fixed order within each instant.

SimPy orders the events of one instant by priority and then by when they were scheduled. Here an alarm's priority is its
kind and the number of the person, case, scheme or step that it concerns, so that the order never depends on how the
program came to schedule it. What an alarm sets off (SimPy's priorities 0 and 1) happens before the next alarm.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import IntEnum, unique
from heapq import heappush

import simpy

from stepdown.scenarios.errors import RunError

_NUMBERS = 2**48

STANDSTILL = 5_000_000
"""Events within one instant after which it must be a circle: far more than a million people who come on one day."""


@unique
class Kind(IntEnum):
    """What happens first within one instant: the events in this order, then the work, then the places."""

    PLACES = 1
    """A scheme opens, grows, shrinks or closes."""
    TURNED_AROUND = 2
    """A vacated place can be let again."""
    WORKERS = 3
    """A team's workers, or a grant's money, change."""
    DEATH = 4
    ARRIVAL = 5
    CASE_ARRIVAL = 6
    GIVE_UP = 7
    MAXIMUM = 8
    READY = 9
    IDENTIFIED = 10
    STEP = 11
    """Work on a case is finished."""
    HOME = 12
    MEETING = 13
    HAND_OUT = 14
    """Steps take on the cases that wait for them."""
    ALLOCATE = 15
    """Places are allocated until nobody can move."""


class Alarm(simpy.Event):
    """Something that is certain to happen on a day."""

    def __init__(self, clock: Clock, day: float, kind: Kind, number: int) -> None:
        super().__init__(clock)
        self._ok = True
        self._value = None
        # The day itself is the key: SimPy's own scheduling adds a delay to the present, which rounds.
        heappush(clock._queue, (day, kind * _NUMBERS + number, next(clock._eid), self))  # type: ignore[misc]  # SimPy's own type for the priority is narrower


class Clock(simpy.Environment):
    """SimPy's environment with alarms; time is in days since the start."""

    def __init__(self, opening_day: float) -> None:
        super().__init__(opening_day)
        self.opening_day = opening_day
        self._due: set[Kind] = set()

    def at(self, day: float, kind: Kind, number: int) -> Alarm:
        """Return an alarm for a day; for one that has passed, now."""
        # Adding 0.0 turns -0.0, the same day with other bits, into 0.0.
        return Alarm(self, max(day, self.now) + 0.0, kind, number)

    def call(self, day: float, kind: Kind, number: int, action: Callable[[], None]) -> None:
        """Have something done on a day."""
        self.at(day, kind, number).callbacks.append(lambda _: action())

    def before_the_instant_ends(self, kind: Kind, action: Callable[[], None]) -> None:
        """Have something done once in this instant, after its events."""
        if kind in self._due:
            return
        self._due.add(kind)

        def act() -> None:
            self._due.discard(kind)
            action()

        self.call(self.now, kind, 0, act)

    def run_until(self, day: float) -> None:
        """Let everything happen that happens before a day.

        Raises
        ------
        RunError
            If time stands still: people go round in a circle within one instant.
        """
        instant, happened = self.now, 0
        while self._queue and self._queue[0][0] < day:
            self.step()
            happened = happened + 1 if self.now == instant else 0
            instant = self.now
            if happened > STANDSTILL:
                raise standstill(instant)


def standstill(day: float) -> RunError:
    """Return the error of a day on which time stands still."""
    return RunError(
        f"time stands still on day {day:g}: people go round in a circle of routes that take no time. "
        "Give one of these routes a time in `ready_after`"
    )
