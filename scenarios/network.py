"""A scenario made ready to run: names became numbers, dates became days, and nothing can change any more.

Every engine takes the same network. Settings, schemes, groups, areas, tiers, tenures and steps are known by their
position in the network's tuples; a destination of 0 or more is a setting, a negative one the exit ``-1 - destination``.
Each part that takes part in chance has a ``code``: a number made from its name alone, so that adding a part elsewhere
never changes anybody's luck.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import math
from bisect import bisect_right
from dataclasses import dataclass

from stepdown.scenarios.distributions import Distribution, Empirical
from stepdown.scenarios.schedules import Intensity, Schedule

NOWHERE = -1
"""Stands for no scheme, no area, no tier, where a position is expected."""

Stages = tuple[tuple[int, ...], ...]
"""Steps in sequence; those of one stage are done side by side. `ADAPTATION_STEP` stands for the person's own tier."""

ADAPTATION_STEP = -1
"""The step in which a case goes through the steps of its own tier of adaptations."""


def code(kind: str, name: str) -> int:
    """Return the 64-bit number by which draws address a named part."""
    return int.from_bytes(hashlib.blake2b(f"{kind}:{name}".encode(), digest_size=8).digest(), "little")


@dataclass(frozen=True)
class Scheme:
    """One building or service."""

    name: str
    setting: int
    area: int
    accepts_group: tuple[bool, ...]
    accepts_area: tuple[bool, ...]
    places: Schedule[float]
    turnaround: Distribution | None
    residents_move_on_day: float
    """The day on which its residents count as ready because it closes; infinity if never."""


@dataclass(frozen=True)
class GivesUp:
    """When somebody listed on a route stops waiting."""

    after: Distribution
    to: int


@dataclass(frozen=True)
class Route:
    """Where a stay may lead. Routes for the maximum stay have no time to readiness."""

    to: int
    share: Schedule[float]
    requires: Stages
    scheme: int
    for_group: tuple[bool, ...]
    gives_up: GivesUp | None
    ready_after: Distribution | None
    start_early: float


@dataclass(frozen=True)
class Setting:
    """Where people live."""

    name: str
    code: int
    schemes: tuple[int, ...]
    limited: bool
    """Whether any of its schemes is ever limited."""
    maximum_stay: Schedule[float]
    """Days; infinity where there is no limit."""
    enforced: Schedule[bool]
    """Whether people who reach the maximum stay must move on."""
    review_every: Schedule[float]
    """Days; infinity where there is no review."""
    access: str
    priority: tuple[tuple[int, ...], ...]
    """Class of a person on its waiting list, by the setting (rows) and group (columns) that they are in."""
    routes: tuple[Route, ...]
    at_maximum_routes: tuple[Route, ...]

    def limit_day(self, entered: float) -> float:
        """Return the first day on which the stay has reached the maximum that is then in force and enforced."""
        for begin, end, days in self.maximum_stay.pieces():
            for since, until, enforced in self.enforced.pieces():
                reached = max(entered + days, begin, since)
                if enforced and days < math.inf and reached < min(end, until):
                    return reached
        return math.inf

    def first_review(self, entered: float, day: float) -> float:
        """Return the first review at or after a day; that day itself while there are no reviews, or if it never comes.

        Reviews fall at admission plus whole multiples of the interval in force.
        """
        if day == math.inf:
            return day
        piece = bisect_right(self.review_every.days, day) - 1
        for begin, end, interval in list(self.review_every.pieces())[piece:]:
            earliest = max(day, begin)
            if interval == math.inf:
                return earliest
            number = math.ceil((earliest - entered) / interval)
            if entered + (number - 1) * interval >= earliest:  # the division was rounded up past a whole number
                number -= 1
            review = entered + number * interval
            if review < end:
                return max(review, earliest)
        return math.inf


@dataclass(frozen=True)
class StepRule:
    """What every kind of step has."""

    name: str
    code: int
    priority: tuple[int, ...]
    """Class by setting, then group, then tier, then 'community': positions in `Network.priority_names`."""


@dataclass(frozen=True)
class DelayRule(StepRule):
    """Time that passes."""

    takes: Distribution


@dataclass(frozen=True)
class TeamRule(StepRule):
    """A queue with workers."""

    workers: Schedule[int]
    takes: Distribution


@dataclass(frozen=True)
class PanelRule(StepRule):
    """A meeting that approves cases."""

    meetings: Schedule[float]
    """Days between meetings; a new series begins with each change."""
    cases_per_meeting: Schedule[float]
    approves: Schedule[float]


@dataclass(frozen=True)
class LettingsRule(StepRule):
    """Homes that come at random."""

    homes: Intensity
    kept_for: float


@dataclass(frozen=True)
class GrantRule(StepRule):
    """A yearly budget."""

    budgets: tuple[tuple[float, float], ...]
    """Day on which each financial year begins, and its pounds."""
    amount: Distribution


AnyStep = DelayRule | TeamRule | PanelRule | LettingsRule | GrantRule


@dataclass(frozen=True)
class Tier:
    """A tier of adaptations."""

    name: str
    steps: tuple[Stages, ...]
    """Its steps, by tenure."""
    rehoused_first: Schedule[float]
    rehousing_step: int


@dataclass(frozen=True)
class Adaptations:
    """What adaptations need, and whose."""

    code: int
    tiers: tuple[Tier, ...]
    tenures: tuple[str, ...]
    tenure_shares: tuple[float, ...]
    mover_shares: tuple[float, ...]
    """By tier; what is missing to 1 needs no adaptation."""
    community_shares: tuple[float, ...]
    community: Intensity | None


@dataclass(frozen=True)
class Source:
    """A stream of new people: at an intensity, or on given days."""

    name: str
    code: int
    setting: int
    group: int
    area: int
    arrivals: Intensity | None
    days: tuple[float, ...]


@dataclass(frozen=True)
class Resident:
    """Somebody of the opening caseload. ``entered`` is missing (NaN) where the time stayed is to be drawn.

    Who waits for ``listed_for`` is on its list since ``listed``; or is ``ready``, and prepares from the start on.
    """

    setting: int
    scheme: int
    group: int
    area: int
    entered: float
    listed: float
    ready: float
    listed_for: int
    source: int
    number: int


@dataclass(frozen=True)
class Network:
    """Everything that an engine needs to know of a scenario."""

    start: dt.date
    opening_day: float
    end_day: float
    groups: tuple[str, ...]
    deaths: tuple[Intensity, ...]
    areas: tuple[str, ...]
    area_shares: tuple[float, ...]
    exits: tuple[str, ...]
    settings: tuple[Setting, ...]
    schemes: tuple[Scheme, ...]
    steps: tuple[AnyStep, ...]
    adaptations: Adaptations | None
    sources: tuple[Source, ...]
    residents: tuple[Resident, ...]
    time_stayed: dict[tuple[int, int], Empirical]
    """By setting and group, for those settings whose residents' time stayed is drawn."""
    priority_names: tuple[str, ...]
    """What a step's ``priority`` ranks: each setting, group and tier, and 'community'. A name may stand twice."""

    def destination(self, to: int) -> str:
        """Return the name of a destination: a setting or an exit."""
        return self.settings[to].name if to >= 0 else self.exits[-1 - to]
