"""Whether settings, schemes, routes and steps make sense together."""

from __future__ import annotations

from collections.abc import Iterator

from stepdown.scenarios.quantities import UNLIMITED
from stepdown.scenarios.schema import ADAPTATION, Onward, Scenario, Scheme, Setting
from stepdown.scenarios.schema_steps import Tier
from stepdown.scenarios.trees import KeyPath, Problem

_OF_SCHEMES = ("places", "area", "opens", "closes", "accepts", "residents")


def schemes_in(setting: Setting, name: str) -> dict[str, Scheme]:
    """Return the schemes of a setting; without any it is one scheme of its own name."""
    return dict(setting.schemes) or {name: setting}


def is_always_open(scheme: Scheme) -> bool:
    """Whether anybody can come into a scheme at any time."""
    unlimited = scheme.places is not None and all(places == UNLIMITED for places in scheme.places.values())
    return unlimited and not scheme.accepts and scheme.opens is None and scheme.closes is None


def check_places(scenario: Scenario) -> Iterator[Problem]:
    """Yield what does not fit together in settings, routes and steps."""
    for name, setting in scenario.settings.items():
        path = ("settings", name)
        yield from _scheme_fields(path, setting)
        yield from _maximum(scenario, name, setting)
        yield from _areas(path, name, setting)
        for part_path, part in _parts(path, name, setting):
            yield from _dates(scenario, name, part_path, part)
        for number, route in enumerate(setting.at_maximum_routes):
            yield from _route((*path, "at_maximum_routes", number), name, route)
    yield from _levels(scenario)
    for name, routes in scenario.routes.items():
        for number, route in enumerate(routes):
            yield from _route(("routes", name, number), name, route)
            home = scenario.settings.get(name)
            reviewed = home is not None and any(home.review_every.values())
            if route.start_early > 0 and not route.requires and not reviewed:
                rule = "start_early changes nothing where nothing is required and nobody is reviewed"
                yield Problem(("routes", name, number, "start_early"), rule, "Add 'requires', or leave it out.")
    if scenario.adaptations is not None:
        for name, tier in scenario.adaptations.tiers.items():
            yield from _tier(("adaptations", "tiers", name), tier)
    for name, days in scenario.targets.items():
        if days <= 0:
            yield Problem(("targets", name), "a target must be longer than nothing", "Write, for example, '18 weeks'.")


def _parts(path: KeyPath, name: str, setting: Setting) -> Iterator[tuple[KeyPath, Scheme]]:
    for scheme, part in schemes_in(setting, name).items():
        yield ((*path, "schemes", scheme) if setting.schemes else path), part


def _scheme_fields(path: KeyPath, setting: Setting) -> Iterator[Problem]:
    if not setting.schemes and setting.places is None:
        yield Problem(path, "needs `places` or `schemes`", "Write 'places: 13' or 'places: unlimited'.", at_key=True)
    for scheme, part in setting.schemes.items():
        if part.places is None:
            yield Problem((*path, "schemes", scheme), "needs `places`", "Write 'places: 13'.", at_key=True)
    for key in _OF_SCHEMES if setting.schemes else ():
        if getattr(setting, key) != Setting.model_fields[key].default:
            rule = f"`{key}` belongs to each scheme, as this setting has schemes"
            yield Problem((*path, key), rule, "Move it into the schemes.", at_key=True)


def _maximum(scenario: Scenario, name: str, setting: Setting) -> Iterator[Problem]:
    path = ("settings", name)
    limited = any(days is not None for days in setting.maximum_stay.values())
    if limited and setting.at_maximum is None:
        remedy = "Write 'at_maximum: move_on' or 'at_maximum: extend'."
        yield Problem((*path, "maximum_stay"), "a maximum stay needs `at_maximum`", remedy, at_key=True)
    onward = setting.at_maximum_routes or scenario.routes.get(name)
    if setting.at_maximum is not None and "move_on" in setting.at_maximum.values() and not onward:
        rule = f"people are to move on, but {name} has no routes"
        yield Problem((*path, "at_maximum"), rule, f"Add routes from {name}, or at_maximum_routes.")


def _dates(scenario: Scenario, name: str, path: KeyPath, scheme: Scheme) -> Iterator[Problem]:
    if scheme.opens is not None and scheme.closes is not None and scheme.closes <= scheme.opens:
        yield Problem((*path, "closes"), f"closes on {scheme.closes}, not after it opens on {scheme.opens}")
    if scheme.residents == "move_on" and scheme.closes is None:
        rule = "residents are to move on, but no date of closing is given"
        yield Problem((*path, "residents"), rule, "Add 'closes' with the date.")
    onward = scenario.routes.get(name) or scenario.settings[name].at_maximum_routes
    if scheme.residents == "move_on" and not onward:
        yield Problem((*path, "residents"), f"residents are to move on, but {name} has no routes", "Add routes.")


def _areas(path: KeyPath, name: str, setting: Setting) -> Iterator[Problem]:
    if setting.access not in ("by_area", "own_area_first"):
        return
    for part_path, part in _parts(path, name, setting):
        if part.area is None:
            rule = f"needs `area`, as access to {name} is {setting.access}"
            yield Problem(part_path, rule, "Add the area in which it stands.", at_key=True)


def _levels(scenario: Scenario) -> Iterator[Problem]:
    without = [name for name, setting in scenario.settings.items() if setting.level is None]
    if 0 < len(without) < len(scenario.settings):
        for name in without:
            rule = "needs `level`, as other settings have one"
            yield Problem(("settings", name), rule, "Give every setting a level, or none.", at_key=True)


def _route(path: KeyPath, home: str, route: Onward) -> Iterator[Problem]:
    if route.to == home:
        yield Problem((*path, "to"), f"a route from {home} may not lead to {home} itself")
    if route.gives_up is not None and route.gives_up.to in (home, route.to):
        what = "where they live already" if route.gives_up.to == home else "what they have given up waiting for"
        yield Problem((*path, "gives_up", "to"), f"{route.gives_up.to!r} is {what}", "Name another setting or an exit.")


def _tier(path: KeyPath, tier: Tier) -> Iterator[Problem]:
    lists: dict[KeyPath, tuple[tuple[str, ...], ...]] = {("steps",): tier.steps}
    lists |= {("steps_by_tenure", tenure): steps for tenure, steps in tier.steps_by_tenure.items()}
    rehoused = any(share > 0 for share in tier.rehoused_first.values())
    for below, stages in lists.items():
        names = [name for stage in stages for name in stage]
        if ADAPTATION in names:
            rule = f"a tier's steps are what {ADAPTATION!r} runs, so it cannot be one of them"
            yield Problem((*path, *below), rule, "Leave it out.")
        if rehoused and not names:
            yield Problem((*path, *below), "rehousing comes after a step, and there are none")
        elif rehoused and tier.rehousing_step is not None and tier.rehousing_step not in names:
            rule = f"the rehousing step {tier.rehousing_step!r} is not among these steps"
            yield Problem((*path, *below), rule, "Add it, or name another rehousing_step.")
