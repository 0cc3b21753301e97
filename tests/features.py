"""What a network has, and what really happened in its tables, by name: so that a test can say what it has covered."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import fields, is_dataclass

from features_of_tables import happened

from stepdown.scenarios import distributions
from stepdown.scenarios.network import (
    ADAPTATION_STEP,
    GrantRule,
    LettingsRule,
    Network,
    PanelRule,
    Resident,
    Route,
    Setting,
    TeamRule,
)
from stepdown.scenarios.quantities import UNLIMITED
from stepdown.scenarios.schedules import Schedule
from stepdown.simulation.tables import Tables

FAMILIES = (
    distributions.Fixed,
    distributions.Weibull,
    distributions.Lognormal,
    distributions.Gamma,
    distributions.Triangular,
    distributions.Pert,
    distributions.Empirical,
)


def features_of(network: Network, tables: Tables) -> set[str]:
    """Return the names of what a network has (``has ...``) and of what happened in its tables."""
    return {f"has {name}" for name in has(network)} | set(happened(network, tables))


def has(network: Network) -> Iterator[str]:
    """Yield the names of what a network has."""
    for setting in network.settings:
        yield from _of_setting(network, setting)
    yield from _of_schemes(network)
    yield from _of_steps(network)
    yield from _of_people(network)
    yield from (f"{type(part).__name__} times" for part in _distributions(network.settings))


def _changes(schedule: Schedule) -> bool:
    return len(set(schedule.values)) > 1


def _of_setting(network: Network, setting: Setting) -> Iterator[str]:
    several = len(setting.schemes) > 1
    if setting.limited:
        yield f"access {setting.access}" + (" to several schemes" if several else "")
    for name in ("maximum_stay", "enforced", "review_every"):
        if _changes(getattr(setting, name)):
            yield f"{name} from dates"
    if len({rank for ranks in setting.priority for rank in ranks}) > 1:
        yield "priority on a list"
    if setting.at_maximum_routes:
        yield "routes at the maximum"
    if sum(route.for_group[0] for route in setting.routes) > 1:
        yield "several routes"
    unlimited = [network.schemes[scheme].places.values[0] == UNLIMITED for scheme in setting.schemes]
    if setting.limited and any(unlimited):
        yield "unlimited places that are limited later or elsewhere"
    for route in (*setting.routes, *setting.at_maximum_routes):
        yield from _of_route(route)


def _of_route(route: Route) -> Iterator[str]:
    if _changes(route.share):
        yield "shares from dates"
    if 0 in route.share.values:
        yield "a share of nothing"
    if len(route.requires) > 1:
        yield "steps in stages"
    if any(len(stage) > 1 for stage in route.requires):
        yield "steps side by side"
    if any(ADAPTATION_STEP in stage and len(stage) > 1 for stage in route.requires):
        yield "an adaptation beside another step"
    if route.start_early > 0:
        yield "an early start"
    if route.scheme >= 0:
        yield "a route to one scheme"
    if route.gives_up is not None:
        yield "giving up for " + ("another list" if route.gives_up.to >= 0 else "an exit")
        if route.gives_up.after == distributions.Fixed(0):
            yield "turned away if full"
    if route.ready_after is not None and route.ready_after.quantile(0.4) == 0:
        yield "no time until ready"


def _of_schemes(network: Network) -> Iterator[str]:
    for scheme in network.schemes:
        if _changes(scheme.places):
            yield "places from dates"
        if not all(scheme.accepts_group):
            yield "a scheme for some groups"
        if not all(scheme.accepts_area):
            yield "a scheme for some areas"
        if not all(scheme.accepts_group) and not all(scheme.accepts_area):
            yield "a scheme for some groups of some areas"
        if scheme.turnaround is not None:
            yield "turnaround"
        if scheme.residents_move_on_day < network.end_day:
            yield "residents who must move on"


def _of_steps(network: Network) -> Iterator[str]:
    for rule in network.steps:
        yield f"step {type(rule).__name__.removesuffix('Rule').lower()}"
        if len(set(rule.priority)) > 1:
            yield "priority in a queue"
        match rule:
            case TeamRule() if _changes(rule.workers):
                yield "workers from dates"
            case PanelRule():
                changing = ("meetings", "cases_per_meeting", "approves")
                yield from (f"{name} from dates" for name in changing if _changes(getattr(rule, name)))
            case LettingsRule() if len(rule.homes.rates) > 1:
                yield "homes from dates"
            case LettingsRule() if rule.kept_for > 0:
                yield "homes that are kept"
            case GrantRule() if len({budget for _, budget in rule.budgets}) > 1:
                yield "budgets that differ"
    if network.adaptations is not None:
        yield "adaptations"
        if any(len(set(tier.steps)) > 1 for tier in network.adaptations.tiers):
            yield "steps by tenure"
        if any(_changes(tier.rehoused_first) for tier in network.adaptations.tiers):
            yield "rehousing from dates"
        if network.adaptations.community is not None:
            yield "community cases"


def _waiting(resident: Resident) -> str:
    return "list" if resident.ready != resident.ready else "ready"


def _of_people(network: Network) -> Iterator[str]:
    if network.opening_day < 0:
        yield "a warm-up"
    for resident in network.residents:
        waits = resident.listed_for >= 0
        drawn = resident.entered != resident.entered
        yield "opening " + (_waiting(resident) if waits else "time stayed drawn" if drawn else "with dates")
        if not waits:
            routes = network.settings[resident.setting].routes
            yield from (f"{type(part).__name__} opening" for part in _distributions([r.ready_after for r in routes]))
    for source in network.sources:
        if source.arrivals is None:
            yield "dates of arrival"
        elif len(source.arrivals.rates) > 4:
            yield "season of arrivals"
        elif len(source.arrivals.rates) > 1:
            yield "arrivals from dates or growing"
    if any(len(deaths.rates) > 1 for deaths in network.deaths):
        yield "deaths from dates"


def _distributions(part: object) -> Iterator[object]:
    """Yield every distribution within a part of a network."""
    if isinstance(part, FAMILIES):
        yield part
    elif isinstance(part, Iterable) and not isinstance(part, str):
        for item in part:
            yield from _distributions(item)
    elif is_dataclass(part) and not isinstance(part, Schedule):
        for field in fields(part):
            yield from _distributions(getattr(part, field.name))
