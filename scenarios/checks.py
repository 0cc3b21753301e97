"""Whether a scenario, whose every field is well formed, makes sense as a whole."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel

from stepdown.scenarios.check_circles import check_circles
from stepdown.scenarios.check_clashes import check_clashes
from stepdown.scenarios.check_money import check_money
from stepdown.scenarios.check_names import check_names
from stepdown.scenarios.check_people import check_people
from stepdown.scenarios.check_places import check_places
from stepdown.scenarios.check_shares import check_shares
from stepdown.scenarios.names import Names
from stepdown.scenarios.quantities import FROM_THE_START, Timeline
from stepdown.scenarios.schema import Scenario
from stepdown.scenarios.trees import KeyPath, Problem


def check_scenario(scenario: Scenario, names: Names) -> Iterator[Problem]:
    """Yield everything that is wrong across the fields of a scenario.

    Parameters
    ----------
    scenario
        The scenario.
    names
        What it declares.
    """
    yield from check_names(scenario, names)
    yield from check_clashes(scenario)
    yield from check_shares(scenario)
    yield from check_places(scenario)
    yield from check_people(scenario)
    yield from check_circles(scenario)
    yield from check_money(scenario)
    yield from _first_dates(scenario)


def _first_dates(scenario: Scenario) -> Iterator[Problem]:
    """Values from dates that leave the time before their first date open."""
    for path, timeline in _timelines(scenario, ()):
        if timeline.since > scenario.start:
            rule = f"nothing is said for the time from the start, {scenario.start}, until {timeline.since}"
            yield Problem(path, rule, f"Add '{FROM_THE_START}:' with the value until then.", at_key=True)


def _timelines(part: Any, path: KeyPath) -> Iterator[tuple[KeyPath, Timeline[Any]]]:
    if isinstance(part, Timeline):
        yield path, part
    elif isinstance(part, BaseModel):
        for name, field in type(part).model_fields.items():
            yield from _timelines(getattr(part, name), (*path, field.alias or name))
    elif isinstance(part, dict):
        for key, below in part.items():
            yield from _timelines(below, (*path, key))
    elif isinstance(part, tuple):
        for number, below in enumerate(part):
            yield from _timelines(below, (*path, number))
