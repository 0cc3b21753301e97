"""From a scenario's steps and adaptations to those of a network."""

from __future__ import annotations

import datetime as dt
import math
from functools import partial

from stepdown.scenarios import network as n
from stepdown.scenarios import schema as s
from stepdown.scenarios.quantities import Timeline
from stepdown.scenarios.schedules import financial_years, schedule, yearly_intensity
from stepdown.scenarios.schema_steps import Delay, Grant, Lettings, Panel, Queue, Team, Tier


def compile_steps(
    scenario: s.Scenario, opening_day: float, end_day: float, names: tuple[str, ...]
) -> tuple[n.AnyStep, ...]:
    """Return the steps in their declared order."""
    return tuple(
        _step(name, step.kind, partial(_priority, names=names), scenario.start, opening_day, end_day)
        for name, step in scenario.steps.items()
    )


def _step(
    name: str,
    kind: Delay | Team | Panel | Lettings | Grant,
    priority: partial[tuple[int, ...]],
    start: dt.date,
    opening_day: float,
    end_day: float,
) -> n.AnyStep:
    step_code = n.code("step", name)
    classes = priority(kind.priority if isinstance(kind, Queue) else ())
    match kind:
        case Delay():
            return n.DelayRule(name, step_code, classes, kind.takes)
        case Team():
            return n.TeamRule(name, step_code, classes, schedule(kind.workers, start), kind.takes)
        case Panel():
            cases = kind.cases_per_meeting.map(float) if kind.cases_per_meeting else Timeline(math.inf)
            meetings = schedule(kind.meets_every, start)
            return n.PanelRule(
                name, step_code, classes, meetings, schedule(cases, start), schedule(kind.approves, start)
            )
        case Lettings():
            homes = yearly_intensity(kind.per_year, start, opening_day, end_day)
            return n.LettingsRule(name, step_code, classes, homes, kind.kept_for)
        case Grant():
            return n.GrantRule(name, step_code, classes, _budgets(kind, start, opening_day, end_day), kind.amount)


def _priority(listed: tuple[str, ...], names: tuple[str, ...]) -> tuple[int, ...]:
    rank = {name: position for position, name in enumerate(listed)}
    return tuple(rank.get(name, len(listed)) for name in names)


def _budgets(grant: Grant, start: dt.date, opening_day: float, end_day: float) -> tuple[tuple[float, float], ...]:
    """Return each financial year's first day and money; a year that has begun before the opening has its share left."""
    years = []
    for day in financial_years(start, opening_day, end_day):
        date = start + dt.timedelta(days=math.floor(day))
        april = dt.date(date.year if date.month >= 4 else date.year - 1, 4, 1)
        following = dt.date(april.year + 1, 4, 1)
        left = (following - date).days / (following - april).days
        years.append((day, grant.per_year.on(april) * left))
    return tuple(years)


def compile_adaptations(
    scenario: s.Scenario, opening_day: float, end_day: float, steps: dict[str, int]
) -> n.Adaptations | None:
    """Return the adaptations, or None for a scenario without them."""
    adaptations = scenario.adaptations
    if adaptations is None:
        return None
    community = adaptations.community
    return n.Adaptations(
        code=n.code("adaptations", ""),
        tiers=tuple(
            _tier(name, tier, tuple(adaptations.tenures), steps, scenario.start)
            for name, tier in adaptations.tiers.items()
        ),
        tenures=tuple(adaptations.tenures),
        tenure_shares=tuple(adaptations.tenures.values()),
        mover_shares=tuple(adaptations.movers.get(name, 0.0) for name in adaptations.tiers),
        community_shares=tuple(tier.share for tier in adaptations.tiers.values()),
        community=yearly_intensity(
            community.per_year, scenario.start, opening_day, end_day, community.growth, community.season
        )
        if community
        else None,
    )


def _tier(name: str, tier: Tier, tenures: tuple[str, ...], steps: dict[str, int], start: dt.date) -> n.Tier:
    by_tenure = tuple(
        tuple(tuple(steps[step] for step in stage) for stage in tier.steps_by_tenure.get(tenure, tier.steps))
        for tenure in tenures
    )
    rehousing = tier.rehousing_step or (tier.steps[0][0] if tier.steps else None)
    return n.Tier(
        name=name,
        steps=by_tenure,
        rehoused_first=schedule(tier.rehoused_first, start),
        rehousing_step=steps[rehousing] if rehousing else n.NOWHERE,
    )
