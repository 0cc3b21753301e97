"""Extracts in files as a council would hand them over, and the mapping that says which service is which setting."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
from pyarrow import csv

from stepdown.calibration.cld import vocabulary as words
from stepdown.calibration.cld.vocabulary import Field, plain
from stepdown.calibration.synthetic.cld_text import AREA
from stepdown.calibration.synthetic.recording import Recording, Service
from stepdown.outputs.run_folder import as_yaml, write_text
from stepdown.scenarios.schema import Scenario


def write_extract(table: pa.Table, file: Path) -> None:
    """Write an extract as CSV; a cell that says nothing is empty."""
    file.parent.mkdir(parents=True, exist_ok=True)
    csv.write_csv(table, file, csv.WriteOptions(quoting_style="needed"))


def write_mapping(
    file: Path, name: str, begins: dt.date, ends: dt.date, scenario: Scenario, recording: Recording
) -> None:
    """Write what `stepdown import` needs to know of an extract.

    Parameters
    ----------
    file
        Where it goes.
    name
        What the council is called.
    begins, ends
        The first day that the extract covers, and the first that it does not.
    scenario, recording
        What happened, and how it was recorded.
    """
    outcomes = {outcome: name for name, outcome in reversed(list(recording.outcomes.items()))}
    mapping = {
        "name": name,
        "begins": begins.isoformat(),
        "ends": ends.isoformat(),
        "simulated": True,
        "rules": [*_rules(scenario, recording), *_rules_without_component(scenario, recording)],
        "groups": {said: group for group, reason in recording.reasons.items() for said in _spellings(reason)},
        "exits": {said: name for outcome, name in outcomes.items() for said in _spellings(outcome)},
        "areas": {area: area for area in scenario.areas},
        "area_column": AREA,
    }
    write_text(file, "# Made up by 'stepdown synthesise', with the extract beside it.\n" + as_yaml(mapping))


def _rules(scenario: Scenario, recording: Recording) -> list[dict[str, Any]]:
    """Return a rule for each setting, in the order in which one place to live is preferred to another."""
    services = list(recording.recorded.values())
    rules = []
    for setting, service in sorted(recording.recorded.items(), key=lambda item: _rank(item[1])):
        where: dict[str, Any] = {
            str(Field.SERVICE_TYPE): _one_or_several(_spellings(service.type)),
            str(Field.COMPONENT): _one_or_several(_spellings(service.component)),
        }
        if services.count(service) > 1:  # then only where it is tells them apart
            where[str(Field.LOCATION)] = _schemes(scenario, setting)
        rules.append(_rule(where, setting))
    return rules


def _rules_without_component(scenario: Scenario, recording: Recording) -> list[dict[str, Any]]:
    """Return rules for services in the community of which nobody said what they are, but only where."""
    return [
        _rule(
            {
                str(Field.SERVICE_TYPE): words.COMMUNITY,
                str(Field.COMPONENT): "",
                str(Field.LOCATION): _schemes(scenario, setting),
            },
            setting,
        )
        for setting, service in recording.recorded.items()
        if service.type == words.COMMUNITY
    ]


def _rule(where: dict[str, Any], setting: str) -> dict[str, Any]:
    return {"where": where, "setting": setting, "scheme": {"column": str(Field.LOCATION)}}


def _rank(service: Service) -> int:
    ranks = [
        rank
        for rank, (kind, component, _) in enumerate(words.ACCOMMODATION)
        if kind == service.type and component in (None, service.component)
    ]
    return ranks[0]


def _schemes(scenario: Scenario, setting: str) -> list[str]:
    return list(scenario.settings[setting].schemes) or [setting]


def _spellings(value: str) -> list[str]:
    """Return how both releases spell a value, once where they differ by case, blanks and punctuation alone."""
    both = {plain(spelled): spelled for spelled in (words.RELEASE_1.get(value, value), value)}
    return list(reversed(both.values()))


def _one_or_several(values: Sequence[str]) -> str | list[str]:
    return values[0] if len(values) == 1 else list(values)
