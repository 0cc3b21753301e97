"""Whether every name that a scenario uses has been declared, and no name stands for two things."""

from __future__ import annotations

from collections.abc import Iterator

from stepdown.scenarios.check_money_names import check_money_names
from stepdown.scenarios.names import Names, undeclared, undeclared_among
from stepdown.scenarios.schema import ADAPTATION, Onward, Route, Scenario, Scheme
from stepdown.scenarios.schema_steps import Queue
from stepdown.scenarios.trees import KeyPath, Problem

COMMUNITY = "community"
"""What a step's priority calls the adaptations of people who do not move."""


def check_names(scenario: Scenario, names: Names) -> Iterator[Problem]:
    """Yield every name that has not been declared."""
    yield from _in_settings(scenario, names)
    for setting, routes in scenario.routes.items():
        yield from undeclared(("routes", setting), setting, names.settings, "setting")
        for number, route in enumerate(routes):
            yield from _in_route(("routes", setting, number), route, names)
    yield from _in_steps(scenario, names)
    yield from _in_adaptations(scenario, names)
    yield from _in_people(scenario, names)
    yield from check_money_names(scenario, names)
    for target in scenario.targets:
        known = (*names.settings, *names.steps, *names.tiers)
        yield from undeclared(("targets", target), target, known, "setting, step or tier")


def _in_settings(scenario: Scenario, names: Names) -> Iterator[Problem]:
    for name, setting in scenario.settings.items():
        path: KeyPath = ("settings", name)
        parts: dict[KeyPath, Scheme] = {path: setting}
        parts |= {(*path, "schemes", scheme): part for scheme, part in setting.schemes.items()}
        for part_path, part in parts.items():
            if part.area is not None:
                yield from undeclared((*part_path, "area"), part.area, names.areas, "area")
            accepted = (*names.groups, *names.areas)
            yield from undeclared_among((*part_path, "accepts"), part.accepts, accepted, "group or area")
        known = (*names.settings, *names.groups)
        yield from undeclared_among((*path, "priority"), setting.priority, known, "setting or group")
        for number, route in enumerate(setting.at_maximum_routes):
            yield from _in_route((*path, "at_maximum_routes", number), route, names)


def _in_route(path: KeyPath, route: Route | Onward, names: Names) -> Iterator[Problem]:
    yield from undeclared((*path, "to"), route.to, names.destinations, "setting or exit")
    yield from undeclared_among((*path, "groups"), route.groups, names.groups, "group")
    yield from _in_requires((*path, "requires"), route.requires, names)
    if route.gives_up is not None:
        yield from undeclared((*path, "gives_up", "to"), route.gives_up.to, names.destinations, "setting or exit")
    if route.scheme is not None and route.to in names.settings:
        yield from undeclared((*path, "scheme"), route.scheme, schemes_of(names, route.to), f"scheme of {route.to}")


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
                yield from undeclared(where, step, names.steps, "step")


def _in_steps(scenario: Scenario, names: Names) -> Iterator[Problem]:
    first = (*names.settings, *names.groups, *names.tiers, COMMUNITY)
    for name, step in scenario.steps.items():
        kind = next(kind for kind in type(step).model_fields if getattr(step, kind) is not None)
        path = ("steps", name, kind)
        if isinstance(step.kind, Queue):
            what = "setting, group or tier"
            yield from undeclared_among((*path, "priority"), step.kind.priority, first, what)
        if step.grant is not None and step.grant.payer is not None:
            yield from undeclared((*path, "payer"), step.grant.payer, names.payers, "payer")


def _in_adaptations(scenario: Scenario, names: Names) -> Iterator[Problem]:
    if scenario.adaptations is None:
        return
    for name, tier in scenario.adaptations.tiers.items():
        path = ("adaptations", "tiers", name)
        yield from _in_requires((*path, "steps"), tier.steps, names)
        for tenure, steps in tier.steps_by_tenure.items():
            yield from undeclared((*path, "steps_by_tenure", tenure), tenure, names.tenures, "tenure")
            yield from _in_requires((*path, "steps_by_tenure", tenure), steps, names)
        if tier.rehousing_step is not None:
            yield from undeclared((*path, "rehousing_step"), tier.rehousing_step, names.steps, "step")
    for tier_name in scenario.adaptations.movers:
        yield from undeclared(("adaptations", "movers", tier_name), tier_name, names.tiers, "tier")


def _in_people(scenario: Scenario, names: Names) -> Iterator[Problem]:
    for number, source in enumerate(scenario.demand):
        path: KeyPath = ("demand", number)
        yield from undeclared((*path, "from"), source.from_, names.settings, "setting")
        yield from _person(path, source.group, source.area, names)
    for setting, people in scenario.caseload.items():
        yield from undeclared(("caseload", setting), setting, names.settings, "setting")
        for number, person in enumerate(people):
            path = ("caseload", setting, number)
            yield from _person(path, person.group, person.area, names)
            if person.scheme is not None and setting in names.settings:
                known = schemes_of(names, setting)
                yield from undeclared((*path, "scheme"), person.scheme, known, f"scheme of {setting}")
            if person.for_ is not None:
                yield from undeclared((*path, "for"), person.for_, names.settings, "setting")


def _person(path: KeyPath, group: str | None, area: str | None, names: Names) -> Iterator[Problem]:
    if group is not None:
        yield from undeclared((*path, "group"), group, names.groups, "group")
    elif len(names.groups) > 1:
        yield Problem(
            (*path, "group"), "needs `group`, as there are several groups", f"Add 'group: {names.groups[0]}'."
        )
    if area is not None:
        yield from undeclared((*path, "area"), area, names.areas, "area")
