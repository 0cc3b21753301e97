"""Whether a name stands for two things."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from stepdown.scenarios.schema import ADAPTATION, Scenario
from stepdown.scenarios.trees import KeyPath, Problem


def check_clashes(scenario: Scenario) -> Iterator[Problem]:
    """Yield every name that could be taken for something else."""
    settings = scenario.settings
    yield from _schemes(scenario)
    # A place on a list is given to a setting or an exit, priority and acceptance name any of groups, areas and
    # settings, and targets name settings, steps and tiers: within each of these a name must mean one thing.
    yield from _clash([(("exits", number), name) for number, name in enumerate(scenario.exits)], settings, "a setting")
    groups = [(("groups", name), name) for name in scenario.groups]
    yield from _clash(groups, scenario.areas, "an area")
    yield from _clash(groups, settings, "a setting")
    yield from _clash([(("steps", name), name) for name in scenario.steps], settings, "a setting")
    if ADAPTATION in scenario.steps:
        rule = f"the step {ADAPTATION!r} is built in: it runs the steps of each person's tier"
        yield Problem(("steps", ADAPTATION), rule, "Give this step another name.", at_key=True)
    if scenario.adaptations is not None:
        tiers = [(("adaptations", "tiers", name), name) for name in scenario.adaptations.tiers]
        yield from _clash(tiers, settings, "a setting")
        yield from _clash(tiers, scenario.steps, "a step")


def _clash(named: Iterable[tuple[KeyPath, str]], taken: Collection[str], what: str) -> Iterator[Problem]:
    for path, name in named:
        if name in taken:
            yield Problem(path, f"{name!r} is also {what}", "Give one of the two another name.", at_key=True)


def _schemes(scenario: Scenario) -> Iterator[Problem]:
    homes: dict[str, str] = {}
    for name, setting in scenario.settings.items():
        for scheme in setting.schemes:
            path = ("settings", name, "schemes", scheme)
            if scheme in homes:
                rule = f"{homes[scheme]} has a scheme {scheme!r} too"
                yield Problem(path, rule, "Give each scheme a name of its own.", at_key=True)
            if scheme in scenario.settings and scheme != name:
                yield Problem(path, f"{scheme!r} is also a setting", "Give one of the two another name.", at_key=True)
            homes.setdefault(scheme, name)
