"""Where people live and how they move on: settings, schemes, routes, and who is there at the start."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from stepdown.scenarios.fields import (
    Count,
    Date,
    Days,
    Duration,
    Growth,
    LimitTimeline,
    Multiplier,
    Part,
    PlacesTimeline,
    RateTimeline,
    Requires,
    RuleTimeline,
    Several,
    ShareTimeline,
)
from stepdown.scenarios.quantities import Timeline


class Group(Part):
    """A client group, such as people with learning disabilities."""

    deaths_per_1000_per_year: RateTimeline = Timeline(0.0)
    """Deaths a year among a thousand people, in any setting."""


class Scheme(Part):
    """One building or service within a setting."""

    places: PlacesTimeline | None = None
    """Places: a whole number or 'unlimited'; one value, or values from dates."""
    area: str | None = None
    """The area that it stands in."""
    opens: Date | None = None
    """There are no places before this date."""
    closes: Date | None = None
    """From this date places go as they fall vacant; nobody is evicted."""
    residents: Literal["stay", "move_on"] = "stay"
    """When it closes: residents stay until their own time comes, or count as ready to move on at once."""
    accepts: Several[str] = ()
    """The groups or areas that it accepts; everybody if none is named."""
    turnaround: Duration | None = None
    """Time that a vacated place needs before it can be let again."""


class GivesUp(Part):
    """When somebody on a waiting list stops waiting, and what they do then."""

    after: Duration
    """Time on the list after an allocation has first passed them over; '0 days' means turned away if full."""
    to: str
    """The setting or exit that they go to instead."""


class Onward(Part):
    """Where a stay may lead once the maximum stay has been reached."""

    to: str
    """A setting or a declared exit."""
    share: ShareTimeline
    """The proportion of people who take this route; the shares of a setting's routes add up to 100%."""
    requires: Requires = ()
    """Steps to be done first, in sequence; a nested list is done side by side."""
    scheme: str | None = None
    """The scheme that people are bound to, where the destination's access is by_scheme."""
    groups: Several[str] = ()
    """The groups that this route is for; everybody if none is named. Shares add up to 100% within each group."""
    gives_up: GivesUp | None = None
    """When somebody listed on this route stops waiting."""


class Route(Onward):
    """Where a stay may lead, and the time it takes to become ready for it."""

    ready_after: Duration
    """Time from entering until ready for this route."""
    start_early: Days = 0.0
    """Preparation may begin this long before readiness."""


class Setting(Scheme):
    """Where people live. A setting without schemes is one scheme of its own name."""

    level: int | None = None
    """How much support it gives: a move to a lower level is a step-down. Without levels, settings are
    declared from the most support to the least."""
    schemes: dict[str, Scheme] = {}
    """The buildings or services within it, by name."""
    maximum_stay: LimitTimeline = Timeline(None)
    """Longest intended stay; days lived beyond it are over-stay."""
    at_maximum: RuleTimeline | None = None
    """At the maximum stay: 'move_on' makes people count as ready, 'extend' changes nothing."""
    at_maximum_routes: Several[Onward] = ()
    """Where people go who reach the maximum stay; the setting's own routes if none is given."""
    review_every: LimitTimeline = Timeline(None)
    """Nobody knows that a person is ready until the next review, counted from admission."""
    access: Literal["single", "by_scheme", "by_area", "own_area_first"] = "single"
    """How its waiting list is read: one pooled list, one list a scheme, own area only, or own area preferred."""
    priority: Several[str] = ()
    """Settings and groups whose people come first, in order; the rest come last."""


class Source(Part):
    """A stream of new people."""

    name: str | None = None
    """What the source is called; its setting and group if not given. Names address its people's luck."""
    from_: str = Field(alias="from")
    """The setting in which its people appear; it must be unlimited."""
    group: str | None = None
    """The group that they belong to; not needed where there is only one."""
    area: str | None = None
    """The area that they belong to; drawn from the areas' shares if not given."""
    per_year: RateTimeline | None = None
    """New people a year, at random moments."""
    growth: Growth = 0.0
    """Growth of the rate, in a step on each anniversary of the start."""
    season: Several[Multiplier] = ()
    """Twelve factors on the rate, January to December."""
    dates: Several[Date] = ()
    """Dates to replay instead of a rate; or the name of a CSV file with a column 'date'."""


class Resident(Part):
    """Somebody, or a number of people, who live in a setting at the start."""

    people: Count | None = None
    """A number of people: their time already stayed is drawn, or with `admitted` they all came on that date. Without
    `people` it is one person, with `admitted`."""
    admitted: Date | None = None
    """The date on which this person, or all of these people, came."""
    scheme: str | None = None
    """The scheme that they live in; schemes are filled evenly if not given."""
    group: str | None = None
    """Their group; not needed where there is only one."""
    area: str | None = None
    """Their area; drawn from the areas' shares if not given."""
    listed: Date | None = None
    """Since when this person has, or these people have, been on a waiting list."""
    ready: Date | None = None
    """Instead of `listed`: since when they have been ready, and known to be. What the route requires is done from the
    start on; where it requires nothing, they have been on the list since then."""
    for_: str | None = Field(default=None, alias="for")
    """The setting whose list that is, or for which they are ready."""
