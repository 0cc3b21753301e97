"""What must be done before a move: steps, and adaptations of homes."""

from __future__ import annotations

from typing import Any

from pydantic import model_validator

from stepdown.scenarios.fields import (
    Amount,
    CountTimeline,
    Days,
    Duration,
    Growth,
    IntervalTimeline,
    MoneyTimeline,
    Multiplier,
    Part,
    RateTimeline,
    Requires,
    Several,
    Share,
    ShareTimeline,
)
from stepdown.scenarios.quantities import Timeline

ADAPTATION = "adaptation"
"""The step that every scenario with adaptations has: the person's own tier of adaptations."""


class Delay(Part):
    """Time that passes and that nobody works on."""

    takes: Duration
    """How long it takes."""


class Queue(Part):
    """A step that cases queue for."""

    priority: Several[str] = ()
    """Settings, groups, tiers, or 'community', whose cases come first, in order; the rest come last."""


class Team(Queue):
    """A queue with workers who each take one case at a time."""

    workers: CountTimeline
    """Cases that can be worked on at once; one value, or values from dates."""
    takes: Duration
    """How long a worker is taken up by one case."""


class Panel(Queue):
    """A meeting that approves cases."""

    meets_every: IntervalTimeline
    """Interval between meetings, from the start date on; when it changes, a new series begins on that date."""
    cases_per_meeting: CountTimeline | None = None
    """The most cases that one meeting considers; no limit if not given."""
    approves: ShareTimeline = Timeline(1.0)
    """The probability that a case is approved; one that is not waits for the next meeting."""


class Lettings(Queue):
    """Homes that become available at random, each for the first case waiting."""

    per_year: RateTimeline
    """Homes a year."""
    kept_for: Days = 0.0
    """How long an unclaimed home is kept before it is lost."""


class Grant(Queue):
    """A yearly budget. A case that finds too little waits for the next financial year."""

    per_year: MoneyTimeline
    """Money for each financial year, April to March; the value on 1 April counts, a part-year has its share."""
    amount: Amount
    """What a case needs."""
    payer: str | None = None
    """Who pays it. Without a payer the money limits cases but is not counted as a cost."""


class Step(Part):
    """Something that must be done before a move: exactly one kind."""

    delay: Delay | None = None
    """Time that passes."""
    team: Team | None = None
    """A queue with workers."""
    panel: Panel | None = None
    """A meeting that approves cases."""
    lettings: Lettings | None = None
    """Homes that come at random."""
    grant: Grant | None = None
    """A yearly budget."""

    @model_validator(mode="before")
    @classmethod
    def _one_kind(cls, raw: Any) -> Any:
        if isinstance(raw, dict) and sum(raw.get(kind) is not None for kind in cls.model_fields) != 1:
            raise ValueError(f"a step has exactly one kind: {', '.join(cls.model_fields)}")
        return raw

    @property
    def kind(self) -> Delay | Team | Panel | Lettings | Grant:
        """The one kind that it is."""
        kinds = (self.delay, self.team, self.panel, self.lettings, self.grant)
        return next(kind for kind in kinds if kind is not None)


class Tier(Part):
    """A tier of adaptations, such as minor or complex."""

    share: Share
    """The proportion of the community's cases that belong to it."""
    steps: Requires
    """Its steps in sequence; a nested list is done side by side."""
    steps_by_tenure: dict[str, Requires] = {}
    """Other steps for some tenures."""
    rehoused_first: ShareTimeline = Timeline(0.0)
    """The probability that the case ends without works after the rehousing step."""
    rehousing_step: str | None = None
    """The step after which that is known; the first step if not given."""


class Community(Part):
    """Adaptations for people who live in the wider community."""

    per_year: RateTimeline
    """New cases a year, at random moments."""
    growth: Growth = 0.0
    """Growth of the rate, in a step on each anniversary of the start."""
    season: Several[Multiplier] = ()
    """Twelve factors on the rate, January to December."""


class Adaptations(Part):
    """Changes to homes, for people who move and for the wider community."""

    tiers: dict[str, Tier]
    """The tiers, by name."""
    tenures: dict[str, Share] = {"any": 1.0}
    """The proportion of homes in each tenure."""
    movers: dict[str, Share] = {}
    """The proportion of people who need each tier when they move; the rest need none."""
    community: Community | None = None
    """Cases of people who do not move through the settings but share the teams."""
