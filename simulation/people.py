"""People, their stays, and the cases that are worked on for them."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import simpy

from stepdown.scenarios.network import NOWHERE, Route
from stepdown.simulation.draws import Luck

NEVER = math.inf
UNKNOWN = math.nan


@dataclass(eq=False)
class Stay:
    """One person's time in one scheme, as it comes to be known.

    Attributes
    ----------
    due
        The day on which the person is ready to go, whether anybody knows it or not.
    limit
        The day on which they must move on if they are not ready before; infinity if never.
    left_for
        The setting or exit that they left for.
    bound_to, unbound_from
        The scheme that they wait for, where access is by scheme; the one that they waited for until it closed.
    place
        Happens when a place is found; its value says whether the person moves (or has left for good).
    notice
        Happens when the scheme closes and its residents are to move on.
    """

    setting: int
    scheme: int
    visit: int
    opening: bool
    entered_day: float
    due: float = NEVER
    limit: float = NEVER
    route: Route | None = None
    identified_day: float = UNKNOWN
    prepared_day: float = UNKNOWN
    listed_day: float = UNKNOWN
    left_day: float = UNKNOWN
    left_for: int | None = None
    reason: str | None = None
    case: Case | None = None
    listed_for: int = NOWHERE
    bound_to: int = NOWHERE
    unbound_from: int = NOWHERE
    place: simpy.Event | None = None
    notice: simpy.Event | None = None

    @property
    def identified(self) -> bool:
        """Whether it is known that the person is to move on."""
        return not math.isnan(self.identified_day)

    @property
    def listed(self) -> bool:
        """Whether the person is on a waiting list."""
        return self.listed_for != NOWHERE


@dataclass(eq=False)
class Person:
    """An adult who lives somewhere.

    Attributes
    ----------
    number
        Order of appearance in this replication, from 1.
    tier
        The adaptations that their next home needs; `NOWHERE` for none.
    """

    number: int
    luck: Luck
    group: int
    area: int
    tier: int
    tenure: int
    stay: Stay = field(init=False)
    gone: bool = False


@dataclass(eq=False)
class Job:
    """One step of one case."""

    case: Case
    step: int
    queued_day: float
    visit: int
    rank: int
    done: simpy.Event
    tier: int = NOWHERE
    started_day: float = UNKNOWN
    finished_day: float = UNKNOWN
    outcome: str | None = None
    amount: float = UNKNOWN

    @property
    def order(self) -> tuple[int, float, int, int]:
        """Its place in the queue; the visit tells apart one case's steps that share a desk."""
        return self.rank, self.queued_day, self.case.number, self.visit


@dataclass(eq=False)
class Case:
    """A person's move, or an adaptation for somebody in the wider community.

    Attributes
    ----------
    prepared
        Happens when all its steps are done.
    open_jobs
        The steps that it is in now.
    """

    number: int
    luck: Luck
    person: Person | None
    tier: int
    tenure: int
    prepared: simpy.Event
    open_jobs: list[Job] = field(default_factory=list)
