"""From a checked scenario to a network."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable

from stepdown.scenarios import network as n
from stepdown.scenarios import schema as s
from stepdown.scenarios.compile_steps import compile_adaptations, compile_steps
from stepdown.scenarios.opening import compile_residents
from stepdown.scenarios.quantities import UNLIMITED, Timeline
from stepdown.scenarios.schedules import Intensity, Schedule, Value, end_of, schedule, yearly_intensity


def compile_network(scenario: s.Scenario, history: s.Scenario | None = None) -> n.Network:
    """Make a scenario ready to run.

    Parameters
    ----------
    scenario
        A scenario whose names have been checked.
    history
        The scenario that held until the start, usually carry-on: its rules have shaped how long the opening caseload
        has stayed, whatever the option changes afterwards. The scenario itself if not given.

    Returns
    -------
    Network
        The same for every engine and every replication.

    Raises
    ------
    ScenarioError
        If the time stayed by the opening caseload cannot be drawn.
    """
    return _Compiler(scenario).network(history or scenario)


class _Compiler:
    """Names of one scenario with their positions."""

    def __init__(self, scenario: s.Scenario) -> None:
        self.scenario = scenario
        self.start = scenario.start
        self.opening_day = -scenario.warm_up if scenario.warm_up else 0.0
        self.end_day = end_day(scenario)
        self.settings = {name: position for position, name in enumerate(scenario.settings)}
        self.groups = {name: position for position, name in enumerate(scenario.groups)}
        self.areas = {name: position for position, name in enumerate(scenario.areas)}
        self.exits = (s.DIED, *(name for name in scenario.exits if name != s.DIED))
        self.steps = {name: position for position, name in enumerate(scenario.steps)} | {
            s.ADAPTATION: n.ADAPTATION_STEP
        }
        tiers = scenario.adaptations.tiers if scenario.adaptations else {}
        self.priority_names = (*self.settings, *self.groups, *tiers, COMMUNITY)
        self.schemes = {
            scheme: position
            for position, scheme in enumerate(
                scheme for name, setting in scenario.settings.items() for scheme in (setting.schemes or [name])
            )
        }

    def network(self, history: s.Scenario) -> n.Network:
        """Compile the parts."""
        settings = tuple(self._setting(name) for name in self.scenario.settings)
        schemes = tuple(self._schemes())
        residents, time_stayed = compile_residents(self.scenario, history, self.settings, self.schemes, schemes)
        return n.Network(
            start=self.start,
            opening_day=self.opening_day,
            end_day=self.end_day,
            groups=tuple(self.groups),
            deaths=tuple(
                self._intensity(group.deaths_per_1000_per_year.map(lambda rate: rate / 1000))
                for group in self.scenario.groups.values()
            ),
            areas=tuple(self.areas),
            area_shares=tuple(self.scenario.areas.values()),
            exits=self.exits,
            settings=settings,
            schemes=schemes,
            steps=compile_steps(self.scenario, self.opening_day, self.end_day, self.priority_names),
            adaptations=compile_adaptations(self.scenario, self.opening_day, self.end_day, self.steps),
            sources=tuple(self._sources()),
            residents=residents,
            time_stayed=time_stayed,
            priority_names=self.priority_names,
        )

    def _intensity(self, timeline: Timeline[float], growth: float = 0.0, season: tuple[float, ...] = ()) -> Intensity:
        return yearly_intensity(timeline, self.start, self.opening_day, self.end_day, growth, season)

    def _schedule(self, timeline: Timeline[Value]) -> Schedule[Value]:
        return schedule(timeline, self.start)

    def _setting(self, name: str) -> n.Setting:
        setting = self.scenario.settings[name]
        parts = setting.schemes or {name: setting}
        never = _never_is_infinite
        return n.Setting(
            name=name,
            code=n.code("setting", name),
            schemes=tuple(self.schemes[scheme] for scheme in parts),
            limited=any(min(places_of(scheme).values()) < UNLIMITED for scheme in parts.values()),
            maximum_stay=self._schedule(setting.maximum_stay.map(never)),
            enforced=self._schedule((setting.at_maximum or Timeline("extend")).map(lambda rule: rule == "move_on")),
            review_every=self._schedule(setting.review_every.map(never)),
            access=setting.access,
            priority=self._priority(setting.priority),
            routes=tuple(map(self._route, self.scenario.routes.get(name, ()))),
            at_maximum_routes=tuple(map(self._route, setting.at_maximum_routes)),
        )

    def _priority(self, names: tuple[str, ...]) -> tuple[tuple[int, ...], ...]:
        rank = {name: position for position, name in enumerate(names)}
        last = len(names)
        return tuple(
            tuple(min(rank.get(setting, last), rank.get(group, last)) for group in self.groups)
            for setting in self.settings
        )

    def _schemes(self) -> Iterable[n.Scheme]:
        for setting_name, setting in self.scenario.settings.items():
            for name, scheme in (setting.schemes or {setting_name: setting}).items():
                closing = (
                    (scheme.closes - self.start).days if scheme.closes and scheme.residents == "move_on" else math.inf
                )
                yield n.Scheme(
                    name=name,
                    setting=self.settings[setting_name],
                    area=self.areas[scheme.area] if scheme.area else n.NOWHERE,
                    accepts_group=_accepts(scheme.accepts, self.groups),
                    accepts_area=_accepts(scheme.accepts, self.areas),
                    places=self._schedule(places_of(scheme)),
                    turnaround=scheme.turnaround or setting.turnaround,
                    residents_move_on_day=float(closing),
                )

    def _route(self, route: s.Onward) -> n.Route:
        rule = route.gives_up
        gives_up = n.GivesUp(rule.after, self._destination(rule.to)) if rule else None
        return n.Route(
            to=self._destination(route.to),
            share=self._schedule(route.share),
            requires=tuple(tuple(self.steps[step] for step in stage) for stage in route.requires),
            scheme=self.schemes[route.scheme] if route.scheme else n.NOWHERE,
            for_group=tuple(not route.groups or group in route.groups for group in self.groups),
            gives_up=gives_up,
            ready_after=route.ready_after if isinstance(route, s.Route) else None,
            start_early=route.start_early if isinstance(route, s.Route) else 0.0,
        )

    def _destination(self, name: str) -> int:
        return self.settings[name] if name in self.settings else -1 - self.exits.index(name)

    def _sources(self) -> Iterable[n.Source]:
        taken: dict[str, int] = {}
        for source in self.scenario.demand:
            group = source.group or next(iter(self.groups))
            name = source.name or f"{source.from_}/{group}"
            taken[name] = taken.get(name, 0) + 1
            if taken[name] > 1:
                name = f"{name}/{taken[name]}"
            days = tuple(sorted(float((date - self.start).days) for date in source.dates))
            yield n.Source(
                name=name,
                code=n.code("demand", name),
                setting=self.settings[source.from_],
                group=self.groups[group],
                area=self.areas[source.area] if source.area else n.NOWHERE,
                arrivals=self._intensity(source.per_year, source.growth, source.season) if source.per_year else None,
                days=days,
            )


COMMUNITY = "community"
"""The name by which a step's priority calls the cases of people who do not move through the settings."""


def end_day(scenario: s.Scenario) -> float:
    """Return the day on which the measured time ends: whole years follow the calendar."""
    return float((end_of(scenario.start, scenario.years) - scenario.start).days)


def places_of(scheme: s.Scheme) -> Timeline[float]:
    """Return a scheme's places over time: none before it opens and from when it closes."""
    places = scheme.places or Timeline(0.0)
    changes = [
        change
        for change in places.changes
        if (scheme.opens or dt.date.min) < change[0] < (scheme.closes or dt.date.max)
    ]
    first = places.first
    if scheme.opens:
        changes.insert(0, (scheme.opens, places.on(scheme.opens)))
        first = 0.0
    if scheme.closes:
        changes.append((scheme.closes, 0.0))
    return Timeline(first, tuple(changes), places.since)


def _never_is_infinite(days: float | None) -> float:
    return math.inf if days is None else days


def _accepts(accepted: tuple[str, ...], names: Iterable[str]) -> tuple[bool, ...]:
    """Whether each of these names is accepted: all of them, unless some of them are named."""
    names = list(names)
    restricted = any(name in accepted for name in names)
    return tuple(name in accepted or not restricted for name in names)
