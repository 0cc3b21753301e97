"""Random draws by address: who it is for, where, which time, and what for; and on nothing else.

A draw is the first word of the Philox4x64-10 block (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC11)
whose key is (seed, replication) and whose counter is (number, source, place, visit and purpose). Distinct addresses are
distinct blocks of one well-studied generator, so nothing can collide, and no draw depends on another having been made.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum, unique

import numpy as np


@unique
class Purpose(IntEnum):
    """What a draw decides. One address serves one purpose."""

    GAP = 1
    """Unit exponential time between one arrival, case or home and the next."""
    AREA = 2
    TIER = 3
    TENURE = 4
    DEATH = 5
    TIME_STAYED = 6
    ROUTE = 7
    READY = 8
    ROUTE_AT_MAXIMUM = 9
    SCHEME = 10
    GIVE_UP = 11
    TURNAROUND = 12
    TAKES = 13
    APPROVES = 14
    AMOUNT = 15
    REHOUSED = 16


_PURPOSES = 256
_SCALE = 2.0**-53


class Draws:
    """All the uniform draws of one replication.

    Parameters
    ----------
    seed
        From 0 to 2**64 - 1; the same in all options and replications of a run.
    replication
        Which history this is.
    """

    def __init__(self, seed: int, replication: int) -> None:
        self._generator = np.random.Philox(key=np.array([seed, replication], dtype=np.uint64))
        self._state = self._generator.state
        self._counter = self._state["state"]["counter"]

    def uniform(self, source: int, number: int, place: int, visit: int, purpose: Purpose) -> float:
        """Return the draw at an address, strictly between 0 and 1.

        Parameters
        ----------
        source
            Code of the demand source (or whatever else has luck of its own).
        number
            Number within the source, from 1.
        place
            Code of the setting or step; 0 where there is none.
        visit
            How many times the person has come to it.
        purpose
            What is decided.
        """
        counter = self._counter
        counter[0] = number - 1  # the generator counts one up before it makes a block
        counter[1] = source
        counter[2] = place
        counter[3] = visit * _PURPOSES + purpose
        self._generator.state = self._state
        return ((self._generator.random_raw() >> 11) + 0.5) * _SCALE


class Luck:
    """The draws of one person, household or stream of homes, and how often they have come to each place.

    Parameters
    ----------
    draws
        The replication's draws.
    source, number
        The first two parts of every address.
    """

    __slots__ = ("_draws", "_times", "number", "source")

    def __init__(self, draws: Draws, source: int, number: int) -> None:
        self._draws = draws
        self.source = source
        self.number = number
        self._times: dict[tuple[int, int], int] = {}

    def draw(self, purpose: Purpose, place: int = 0, visit: int = 1) -> float:
        """Return the draw for a purpose at a place on a visit."""
        return self._draws.uniform(self.source, self.number, place, visit, purpose)

    def come_to(self, place: int, purpose: int = 0) -> int:
        """Count one more coming to a place (for a purpose, where visits do not say it) and return which it is."""
        times = self._times.get((place, purpose), 0) + 1
        self._times[place, purpose] = times
        return times


def total(shares: Iterable[float]) -> float:
    """Return the sum of shares, added from the first to the last.

    Python's own `sum` corrects its rounding from version 3.12 on, and results must not depend on the version.
    """
    added = 0.0
    for share in shares:
        added += share
    return added


def choose(shares: tuple[float, ...] | list[float], draw: float) -> int:
    """Return the position of the share that a draw falls into; shares need not add up to 1.

    Returns
    -------
    int
        The position; where rounding leaves the draw beyond the last share, the last position with a share above 0.
    """
    rest = draw * total(shares)
    chosen = -1
    for position, share in enumerate(shares):
        if share > 0:
            chosen = position
            if rest < share:
                return position
            rest -= share
    return chosen
