"""Whether every name that a scenario uses has been declared, and no name stands for two things."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from stepdown.scenarios.schema import ADAPTATION, DIED, Onward, Route, Scenario, Scheme
from stepdown.scenarios.schema_steps import Queue
from stepdown.scenarios.trees import KeyPath, Problem
from stepdown.scenarios.words import did_you_mean

COMMUNITY = "community"
"""What a step's priority calls the adaptations of people who do not move."""


@dataclass(frozen=True)
class Names:
    """What has been declared, each by its name.

    Attributes
    ----------
    schemes
        Each scheme with its setting; a setting without schemes is one scheme of its own name.
    """

    settings: tuple[str, ...]
    schemes: dict[str, str]
    exits: tuple[str, ...]
    groups: tuple[str, ...]
    areas: tuple[str, ...]
    steps: tuple[str, ...]
    tiers: tuple[str, ...]
    tenures: tuple[str, ...]
    payers: tuple[str, ...]

    @property
    def destinations(self) -> tuple[str, ...]:
        """Where a route may lead."""
        return (*self.settings, *self.exits, DIED)


def names_in(data: dict[str, Any]) -> Names:
    """Return what a scenario's plain data declares, even where other parts of it are wrong."""
    settings = _map(data.get("settings"))
    adaptations = _map(data.get("adaptations"))
    schemes = {}
    for setting, parts in settings.items():
        for scheme in _map(_map(parts).get("schemes")) or [setting]:
            schemes[scheme] = setting
    return Names(
        settings=tuple(settings),
        schemes=schemes,
        exits=_words(data.get("exits", ["left"])),
        groups=_words(data.get("groups", ["adults"])),
        areas=_words(data.get("areas", ["everywhere"])),
        steps=(*_words(data.get("steps", {})), *([ADAPTATION] if adaptations else [])),
        tiers=_words(adaptations.get("tiers", {})),
        tenures=_words(adaptations.get("tenures", ["any"])),
        payers=_words(data.get("payers", [])),
    )


def _map(raw: Any) -> dict[str, Any]:
    return raw if isinstance(raw, dict) else {}


def _words(raw: Any) -> tuple[str, ...]:
    names = [raw] if isinstance(raw, str) else raw
    return tuple(str(name) for name in names) if isinstance(names, list | dict) else ()


def check_names(scenario: Scenario, names: Names) -> Iterator[Problem]:
    """Yield every name that has not been declared."""
    yield from _in_settings(scenario, names)
    for setting, routes in scenario.routes.items():
        yield from _known(("routes", setting), setting, names.settings, "setting")
        for number, route in enumerate(routes):
            yield from _in_route(("routes", setting, number), route, names)
    yield from _in_steps(scenario, names)
    yield from _in_adaptations(scenario, names)
    yield from _in_people(scenario, names)
    yield from _in_money(scenario, names)
    for target in scenario.targets:
        known = (*names.settings, *names.steps, *names.tiers)
        yield from _known(("targets", target), target, known, "setting, step or tier")


def _known(path: KeyPath, name: str, known: Collection[str], what: str) -> Iterator[Problem]:
    if name not in known:
        remedy = did_you_mean(name, known).removeprefix(". ")
        yield Problem(path, f"there is no {what} {name!r}", remedy)


def _all_known(path: KeyPath, listed: Iterable[str], known: Collection[str], what: str) -> Iterator[Problem]:
    for number, name in enumerate(listed):
        yield from _known((*path, number), name, known, what)


def _in_settings(scenario: Scenario, names: Names) -> Iterator[Problem]:
    for name, setting in scenario.settings.items():
        path: KeyPath = ("settings", name)
        parts: dict[KeyPath, Scheme] = {path: setting}
        parts |= {(*path, "schemes", scheme): part for scheme, part in setting.schemes.items()}
        for part_path, part in parts.items():
            if part.area is not None:
                yield from _known((*part_path, "area"), part.area, names.areas, "area")
            accepted = (*names.groups, *names.areas)
            yield from _all_known((*part_path, "accepts"), part.accepts, accepted, "group or area")
        known = (*names.settings, *names.groups)
        yield from _all_known((*path, "priority"), setting.priority, known, "setting or group")
        for number, route in enumerate(setting.at_maximum_routes):
            yield from _in_route((*path, "at_maximum_routes", number), route, names)


def _in_route(path: KeyPath, route: Route | Onward, names: Names) -> Iterator[Problem]:
    yield from _known((*path, "to"), route.to, names.destinations, "setting or exit")
    yield from _all_known((*path, "groups"), route.groups, names.groups, "group")
    yield from _in_requires((*path, "requires"), route.requires, names)
    if route.gives_up is not None:
        yield from _known((*path, "gives_up", "to"), route.gives_up.to, names.destinations, "setting or exit")
    if route.scheme is not None and route.to in names.settings:
        yield from _known((*path, "scheme"), route.scheme, schemes_of(names, route.to), f"scheme of {route.to}")


def schemes_of(names: Names, setting: str) -> list[str]:
    """Return the names of a setting's schemes."""
    return [scheme for scheme, home in names.schemes.items() if home == setting]


def _in_requires(path: KeyPath, stages: tuple[tuple[str, ...], ...], names: Names) -> Iterator[Problem]:
    for number, stage in enumerate(stages):
        for place, step in enumerate(stage):
            where = (*path, number, place) if len(stage) > 1 else (*path, number)
            if step == ADAPTATION and ADAPTATION not in names.steps:
                rule = f"the step {ADAPTATION!r} needs adaptations, and none are given"
                yield Problem(where, rule, "Add 'adaptations:' with their tiers, or leave the step out.")
            else:
                yield from _known(where, step, names.steps, "step")


def _in_steps(scenario: Scenario, names: Names) -> Iterator[Problem]:
    first = (*names.settings, *names.groups, *names.tiers, COMMUNITY)
    for name, step in scenario.steps.items():
        kind = next(kind for kind in type(step).model_fields if getattr(step, kind) is not None)
        path = ("steps", name, kind)
        if isinstance(step.kind, Queue):
            what = "setting, group or tier"
            yield from _all_known((*path, "priority"), step.kind.priority, first, what)
        if step.grant is not None and step.grant.payer is not None:
            yield from _known((*path, "payer"), step.grant.payer, names.payers, "payer")


def _in_adaptations(scenario: Scenario, names: Names) -> Iterator[Problem]:
    if scenario.adaptations is None:
        return
    for name, tier in scenario.adaptations.tiers.items():
        path = ("adaptations", "tiers", name)
        yield from _in_requires((*path, "steps"), tier.steps, names)
        for tenure, steps in tier.steps_by_tenure.items():
            yield from _known((*path, "steps_by_tenure", tenure), tenure, names.tenures, "tenure")
            yield from _in_requires((*path, "steps_by_tenure", tenure), steps, names)
        if tier.rehousing_step is not None:
            yield from _known((*path, "rehousing_step"), tier.rehousing_step, names.steps, "step")
    for tier_name in scenario.adaptations.movers:
        yield from _known(("adaptations", "movers", tier_name), tier_name, names.tiers, "tier")


def _in_people(scenario: Scenario, names: Names) -> Iterator[Problem]:
    for number, source in enumerate(scenario.demand):
        path: KeyPath = ("demand", number)
        yield from _known((*path, "from"), source.from_, names.settings, "setting")
        yield from _person(path, source.group, source.area, names)
    for setting, people in scenario.caseload.items():
        yield from _known(("caseload", setting), setting, names.settings, "setting")
        for number, person in enumerate(people):
            path = ("caseload", setting, number)
            yield from _person(path, person.group, person.area, names)
            if person.scheme is not None and setting in names.settings:
                known = schemes_of(names, setting)
                yield from _known((*path, "scheme"), person.scheme, known, f"scheme of {setting}")
            if person.for_ is not None:
                yield from _known((*path, "for"), person.for_, names.settings, "setting")


def _person(path: KeyPath, group: str | None, area: str | None, names: Names) -> Iterator[Problem]:
    if group is not None:
        yield from _known((*path, "group"), group, names.groups, "group")
    elif len(names.groups) > 1:
        yield Problem(
            (*path, "group"), "needs `group`, as there are several groups", f"Add 'group: {names.groups[0]}'."
        )
    if area is not None:
        yield from _known((*path, "area"), area, names.areas, "area")


def _in_money(scenario: Scenario, names: Names) -> Iterator[Problem]:
    for place, prices in scenario.prices.items():
        known = dict.fromkeys((*names.settings, *names.schemes))
        yield from _known(("prices", place), place, known, "setting or scheme")
        yield from _payers(("prices", place), prices, names)
    for setting, amounts in scenario.one_off_costs.moves.items():
        path = ("one_off_costs", "moves", setting)
        yield from _known(path, setting, names.settings, "setting")
        yield from _payers(path, amounts, names)
    for tier, amounts in scenario.one_off_costs.adaptations.items():
        path = ("one_off_costs", "adaptations", tier)
        yield from _known(path, tier, names.tiers, "tier")
        yield from _payers(path, amounts, names)


def _payers(path: KeyPath, amounts: Iterable[str], names: Names) -> Iterator[Problem]:
    for payer in amounts:
        yield from _known((*path, payer), payer, names.payers, "payer")
