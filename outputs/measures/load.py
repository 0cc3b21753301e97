"""The load check: whether a list can stabilise, or grows for as long as the scenario goes on.

Flows are solved from the scenario alone (the traffic equations of a network with routing), with what is in force at the
end of the measured time. What people occupy is counted at the least: their needs, the wait for a review, and the mean
work of the steps, without any waiting for a place or in a queue. A setting that needs more than it has even so cannot
stabilise, however long it is given.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass

import numpy as np

from stepdown.scenarios.network import (
    ADAPTATION_STEP,
    NOWHERE,
    AnyStep,
    DelayRule,
    GrantRule,
    LettingsRule,
    Network,
    PanelRule,
    Route,
    Setting,
    Source,
    Stages,
    TeamRule,
)
from stepdown.scenarios.quantities import DAYS_PER_YEAR, UNLIMITED

_POINTS = 400
"""Midpoints of the quantiles over which the time in a place is averaged."""


@dataclass(frozen=True)
class Load:
    """What a setting or step needs, and what it has.

    Attributes
    ----------
    name
        The setting or step.
    unit
        What is counted: places, workers, cases a meeting, homes a year, pounds a year.
    needs, has
        How much of it.
    given_up
        Whether everybody on its list gives up some day: then it stabilises, because people do not get what they need.
    """

    name: str
    unit: str
    needs: float
    has: float
    given_up: bool = False

    @property
    def overloaded(self) -> bool:
        """Whether more is needed than there is."""
        return self.needs >= self.has and self.needs > 0

    def __str__(self) -> str:
        """Say it in a sentence."""
        happens = "people will give up waiting" if self.given_up else "this list cannot stabilise"
        verdict = f": {happens}" if self.overloaded else ""
        return f"{self.name} needs {_amount(self.needs)} {self.unit}, has {_amount(self.has)}{verdict}"


def load_check(network: Network) -> tuple[Load, ...]:
    """Return the load of every limited setting and every step that people queue for.

    Parameters
    ----------
    network
        The option.

    Returns
    -------
    tuple of Load
        Settings, then steps, in their declared order; nothing where flows would grow without end because people never
        leave a circle of settings.
    """
    flows = _Flows(network)
    settings = [
        Load(setting.name, "places", flows.places_needed(at), flows.places(setting), _given_up(network, at))
        for at, setting in enumerate(network.settings)
        if flows.places(setting) < UNLIMITED
    ]
    steps = [flows.step_load(at, rule) for at, rule in enumerate(network.steps)]
    return tuple(load for load in (*settings, *steps) if load is not None and not math.isnan(load.needs))


def load_records(loads: Mapping[str, Iterable[Load]]) -> dict[str, list[dict[str, object]]]:
    """Return the loads of options as plain data."""
    return {option: [asdict(load) | {"overloaded": load.overloaded} for load in rows] for option, rows in loads.items()}


def _given_up(network: Network, setting: int) -> bool:
    """Whether every route that leads to a setting says when people give up waiting for it."""
    leading = [
        route for home in network.settings for route in (*home.routes, *home.at_maximum_routes) if route.to == setting
    ]
    return bool(leading) and all(route.gives_up is not None for route in leading)


class _Flows:
    """People a year through settings, and cases a year through steps."""

    def __init__(self, network: Network) -> None:
        self._network = network
        self._day = math.nextafter(network.end_day, -math.inf)
        self._held = np.zeros((len(network.settings), len(network.groups)))
        self._people = np.zeros_like(self._held)
        self._cases = np.zeros(len(network.steps))
        self._add_community()
        for group in range(len(network.groups)):
            self._solve(group)

    def places(self, setting: Setting) -> float:
        """Return the places of a setting at the end."""
        return sum(self._network.schemes[scheme].places.at(self._day) for scheme in setting.schemes)

    def places_needed(self, at: int) -> float:
        """Return the mean number of places taken by people and turnarounds (Little's law)."""
        setting = self._network.settings[at]
        turnarounds = [self._network.schemes[scheme].turnaround for scheme in setting.schemes]
        void = float(np.mean([turnaround.mean if turnaround else 0.0 for turnaround in turnarounds]))
        come = self._people[at] != 0  # nobody at all needs no places, however long they would stay
        return float(self._people[at, come] @ (self._held[at, come] + void)) / DAYS_PER_YEAR

    def step_load(self, at: int, rule: AnyStep) -> Load | None:
        """Return the load of a step, or None where nobody can queue."""
        cases = float(self._cases[at])
        match rule:
            case TeamRule():
                return Load(rule.name, "workers", cases * rule.takes.mean / DAYS_PER_YEAR, rule.workers.at(self._day))
            case PanelRule():
                approved, most = rule.approves.at(self._day), rule.cases_per_meeting.at(self._day)
                considered = cases / approved if approved else math.inf
                needs = considered * rule.meetings.at(self._day) / DAYS_PER_YEAR if cases else 0.0
                return Load(rule.name, "cases a meeting", needs, most) if most < math.inf else None
            case LettingsRule():
                return Load(rule.name, "homes a year", cases, self._yearly(rule.homes))
            case GrantRule():
                budget = max((money for _, money in rule.budgets[-2:]), default=0.0)
                return Load(rule.name, "pounds a year", cases * rule.amount.mean, budget)
            case _:
                return None

    def _yearly(self, intensity: object) -> float:
        """Return the events expected in the last year that is simulated."""
        expected = intensity.expected_by  # type: ignore[attr-defined]
        begin = max(self._network.end_day - DAYS_PER_YEAR, self._network.opening_day)
        return (
            float(expected(self._network.end_day) - expected(begin)) * DAYS_PER_YEAR / (self._network.end_day - begin)
        )

    def _solve(self, group: int) -> None:
        """Solve the traffic equations of one group, and add its cases to the steps."""
        size = len(self._network.settings)
        onward = np.zeros((size, size))
        taken: dict[tuple[int, int], float] = {}
        for at in range(size):
            for chance, route in self._routes(at, group):
                taken[at, id(route)] = taken.get((at, id(route)), 0.0) + chance
                if route.to >= 0:
                    onward[at, route.to] += chance
        if max(abs(np.linalg.eigvals(onward))) > 1 - 1e-9:
            self._people[:, group] = np.nan
            return
        self._people[:, group] = np.linalg.solve(np.eye(size) - onward.T, self._new_people(group))
        for at, setting in enumerate(self._network.settings):
            for route in {id(r): r for r in (*setting.routes, *setting.at_maximum_routes)}.values():
                self._add_cases(route.requires, self._people[at, group] * taken.get((at, id(route)), 0.0))

    def _new_people(self, group: int) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
        new = np.zeros(len(self._network.settings))
        for source in self._network.sources:
            if source.group == group:
                new[source.setting] += self._yearly(source.arrivals) if source.arrivals else self._replayed(source)
        return new

    def _replayed(self, source: Source) -> float:
        """Return the dates a year that are replayed while the simulation goes on."""
        begin, end = self._network.opening_day, self._network.end_day
        return sum(begin <= day < end for day in source.days) * DAYS_PER_YEAR / (end - begin)

    def _routes(self, at: int, group: int) -> Iterable[tuple[float, Route]]:
        """Yield each route with the probability that a stay takes it, and count the time in the place."""
        setting = self._network.settings[at]
        dying = self._network.deaths[group].rates[-1]
        routes = [route for route in setting.routes if route.for_group[group]]
        if not routes:
            self._held[at, group] = 1 / dying if dying else math.inf
        limit = setting.maximum_stay.at(self._day) if setting.enforced.at(self._day) else math.inf
        for route in routes:
            assert route.ready_after is not None
            for point in range(_POINTS):
                weight = route.share.at(self._day) / _POINTS
                needed = route.ready_after.quantile((point + 0.5) / _POINTS)
                outcomes = [(1.0, route)] if needed <= limit else self._at_limit(setting, group)
                for share, taken in outcomes:
                    known = self._known(setting, route, needed)
                    if needed > limit:  # what was prepared early counts only if the same route is taken then
                        known = min(known, limit) if taken is route else limit
                    held = max(min(needed, limit), known + self._preparation(taken.requires))
                    alive = math.exp(-dying * held)
                    self._held[at, group] += weight * share * ((1 - alive) / dying if dying else held)
                    yield weight * share * alive, taken

    def _at_limit(self, setting: Setting, group: int) -> list[tuple[float, Route]]:
        routes = [r for r in setting.at_maximum_routes or setting.routes if r.for_group[group]]
        return [(route.share.at(self._day), route) for route in routes]

    def _known(self, setting: Setting, route: Route, needed: float) -> float:
        interval = setting.review_every.at(self._day)
        due = max(needed - route.start_early, 0.0)
        return due if interval == math.inf else math.ceil(due / interval) * interval

    def _preparation(self, stages: Stages) -> float:
        """Return the least mean time that stages take: nobody queues."""
        return sum(max((self._work(step) for step in stage), default=0.0) for stage in stages)

    def _work(self, step: int) -> float:
        if step == ADAPTATION_STEP:
            return 0.0
        match self._network.steps[step]:
            case DelayRule(takes=takes) | TeamRule(takes=takes):
                return takes.mean
            case PanelRule() as panel:
                return panel.meetings.at(self._day) * (1 / max(panel.approves.at(self._day), 1e-9) - 0.5)
            case _:
                return 0.0

    def _add_community(self) -> None:
        adaptations = self._network.adaptations
        if adaptations is not None and adaptations.community is not None:
            yearly = self._yearly(adaptations.community)
            for tier, share in enumerate(adaptations.community_shares):
                self._add_adaptations(tier, yearly * share)

    def _add_cases(self, stages: Stages, yearly: float) -> None:
        for step in (step for stage in stages for step in stage):
            if step != ADAPTATION_STEP:
                self._cases[step] += yearly
            elif self._network.adaptations is not None:
                for tier, share in enumerate(self._network.adaptations.mover_shares):
                    self._add_adaptations(tier, yearly * share)

    def _add_adaptations(self, tier: int, yearly: float) -> None:
        adaptations = self._network.adaptations
        assert adaptations is not None
        rule = adaptations.tiers[tier]
        for share, stages in zip(adaptations.tenure_shares, rule.steps, strict=True):
            going_on = 1.0
            for stage in stages:
                for step in stage:
                    self._cases[step] += yearly * share * going_on
                if rule.rehousing_step != NOWHERE and rule.rehousing_step in stage:
                    going_on *= 1 - rule.rehoused_first.at(self._day)


def _amount(number: float) -> str:
    if number == math.inf:
        return "no end of"
    return f"{number:,.0f}" if number >= 1000 or number == int(number) else f"{number:,.1f}"
