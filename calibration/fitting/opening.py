"""A study whose start is moved to where records end: its dates, and who is there."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from stepdown.calibration.fitting.caseload import Line
from stepdown.scenarios.quantities import FROM_THE_START, looks_like_date, parse_date

_DATES_OF_AMOUNTS = ("set_up", "capital")
"""Keys under which dates are those of payments, and nothing holds before the first."""

_DATES_OF_PEOPLE = ("admitted", "listed")


def opened(
    data: Mapping[str, Any], start: dt.date, caseload: Mapping[str, list[Line]]
) -> tuple[dict[str, Any], list[str]]:
    """Return the data of a scenario with another start and those who are there then, and what was done as sentences.

    Where values from dates would begin after the new start, the first of them holds until then. Settings of which there
    are no records keep the study's people, whose dates move with the start.
    """
    notes = []
    moved = parse_date(start) - parse_date(data["start"])
    changed = {key: _from_the_start(value, start) for key, value in data.items() if key != "warm_up"}
    if "warm_up" in data:
        notes.append("the study's warm-up gave way to the people who are there when the records end")
    kept = data.get("caseload", {})
    for setting in kept.keys() - caseload.keys():
        notes.append(f"{setting}: people at the start are the study's, as there are no records of it")
    people = {setting: _moved(lines, moved) for setting, lines in kept.items() if setting not in caseload}
    people |= {setting: lines for setting, lines in caseload.items() if lines}
    return {**changed, "start": start.isoformat(), "caseload": people}, sorted(notes)


def _from_the_start(data: Any, start: dt.date) -> Any:
    if isinstance(data, list):
        return [_from_the_start(item, start) for item in data]
    if not isinstance(data, dict):
        return data
    below = {key: value if key in _DATES_OF_AMOUNTS else _from_the_start(value, start) for key, value in data.items()}
    if not below or not all(map(looks_like_date, below)):
        return below
    first = min(below, key=parse_date)
    return below if parse_date(first) <= start else {FROM_THE_START: below[first], **below}


def _moved(lines: Any, by: dt.timedelta) -> Any:
    if not isinstance(lines, list):
        return lines
    return [
        {key: _shifted(value, by) if key in _DATES_OF_PEOPLE else value for key, value in line.items()}
        for line in lines
    ]


def _shifted(raw: Any, by: dt.timedelta) -> str:
    return (parse_date(raw) + by).isoformat()
