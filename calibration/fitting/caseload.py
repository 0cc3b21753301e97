"""Who lives where when the records end: the opening caseload of the scenario that is fitted to them.

Where people are made up, or its owner asks for it, everybody has a line of their own. Else no line is about fewer than
five people: those who came one after another stand together, with the mean of their dates.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from stepdown.calibration.disclosure import NEAREST, Disclosure
from stepdown.calibration.history import DATE, CouncilHistory
from stepdown.scenarios.check_places import schemes_in
from stepdown.scenarios.schema import Route, Scenario

Line = dict[str, Any]
"""An entry of a caseload, as a scenario file has it."""


_HOME = ("scheme", "area")
_TOLD = (*_HOME, "for")
"""What a line may say of people besides their group and dates."""


_WAITING = ("listed", "ready")
_DATES = ("admitted", *_WAITING)
"""The dates that a line may say, of which at most one of the last two."""


class Caseload(NamedTuple):
    """Who is there at the start.

    Attributes
    ----------
    lines
        By setting; only settings in which the history has ever had anybody.
    notes
        What could not be carried over, as sentences.
    """

    lines: dict[str, list[Line]]
    notes: tuple[str, ...]


def caseload_of(history: CouncilHistory, scenario: Scenario, disclosure: Disclosure) -> Caseload:
    """Return the caseload of a scenario that begins where a history ends.

    Parameters
    ----------
    history
        The records, in the words of the scenario.
    scenario
        What the study says.
    disclosure
        Whether people may stand in lines of their own.
    """
    there = history.residents(history.ends)
    lines: dict[str, list[Line]] = {}
    notes: list[str] = []
    for setting in [name for name in scenario.settings if name in set(history.stays["setting"])]:
        people = _described(there[there["setting"] == setting], setting, history, scenario)
        if disclosure.rounded:
            lines[setting], few = _together(people, disclosure)
            notes += [f"{setting}: {note}" for note in few]
        else:
            lines[setting] = [_line(people.loc[at]) for at in people.index]
    return Caseload(lines, tuple(notes))


def _described(people: pd.DataFrame, setting: str, history: CouncilHistory, scenario: Scenario) -> pd.DataFrame:
    """Return what a line says of each person: dates, group, scheme, area, and what they are ready or listed for."""
    told, asked = [], _requests(history, setting)
    for person in people.itertuples():
        group = person.group if len(scenario.groups) > 1 else None
        home = {"scheme": person.scheme if scenario.settings[setting].schemes else None}
        home["area"] = person.area if len(scenario.areas) > 1 else None
        if not _suits(scenario, setting, person.group, **home):
            home = dict.fromkeys(home)  # the study's rules hold: by them a home is found
        waits = _waiting(person, setting, asked.get(str(person.person), ()), history, scenario)
        told.append({"admitted": person.entered, "group": group, **home, **waits})
    described = pd.DataFrame(told, columns=[*_DATES, "group", "for", *_HOME])
    described = described.astype({**dict.fromkeys(_DATES, DATE), **dict.fromkeys(["group", "for", *_HOME], "object")})
    # Not by their codes, which another import makes anew: whoever comes first of those of one date has their luck.
    return described.sort_values([*_DATES, "group", "for", *_HOME], kind="stable", ignore_index=True)


def _suits(scenario: Scenario, setting: str, group: Any, scheme: Any, area: Any) -> bool:
    """Whether a scheme, or any if none is named, accepts somebody."""
    schemes = schemes_in(scenario.settings[setting], setting)
    named = [schemes[scheme]] if scheme in schemes else list(schemes.values())
    for one in named:
        groups = [name for name in one.accepts if name in scenario.groups]
        areas = [name for name in one.accepts if name in scenario.areas]
        if (not groups or pd.isna(group) or group in groups) and (not areas or pd.isna(area) or area in areas):
            return True
    return False


def _requests(history: CouncilHistory, setting: str) -> dict[str, list[tuple[pd.Timestamp, str]]]:
    """Return when each person asked to move from a setting, and where to, in order."""
    asked = history.requests[history.requests["from"] == setting].sort_values("requested", kind="stable")
    by_person: dict[str, list[tuple[pd.Timestamp, str]]] = {}
    for person, requested, to in zip(asked["person"], asked["requested"], asked["to"], strict=True):
        by_person.setdefault(person, []).append((requested, to))
    return by_person


def _waiting(
    person: Any, setting: str, asked: Sequence[tuple[pd.Timestamp, str]], history: CouncilHistory, scenario: Scenario
) -> dict[str, Any]:
    """Return since when somebody has been on which setting's list: asked for, and with all steps before it done.

    Or else since when they have been ready for it, with steps still to be done; nothing, if neither is known.
    """
    for requested, to in asked:
        routes = [route for route in scenario.routes.get(setting, ()) if route.to == to]
        routes = [route for route in routes if not route.groups or person.group in route.groups]
        if requested >= person.entered and routes and to in scenario.settings:
            prepared = _prepared(person.person, requested, routes[0], history)
            if prepared is not None:
                return {"listed": prepared, "for": to}
            return {} if pd.isna(person.ready) else {"ready": person.ready, "for": to}
    return {}


def _prepared(person: str, since: pd.Timestamp, route: Route, history: CouncilHistory) -> pd.Timestamp | None:
    """Return when all that a route requires was done, or None if it was not, as far as anybody wrote down."""
    required = [step for stage in route.requires for step in stage]
    steps = history.steps
    done = steps[(steps["person"] == person) & (steps["queued"] >= since) & steps["step"].isin(required)]
    finished = done.dropna(subset=["finished"]).groupby("step", observed=True)["finished"].max()
    if set(required) - set(finished.index):
        return None
    return pd.Timestamp(max([since, *finished]))


def _together(people: pd.DataFrame, disclosure: Disclosure) -> tuple[list[Line], list[str]]:
    """Return lines about five people or more, and what is left out."""
    lines: list[Line] = []
    notes: list[str] = []
    for group, of_group in people.groupby(people["group"].fillna(""), sort=True):
        kinds = [of_group[name].notna() for name in _WAITING]
        cells = [cell for _, cell in of_group.groupby([*_TOLD, *kinds], dropna=False, sort=True)]
        large = sorted((cell for cell in cells if len(cell) >= NEAREST), key=len)
        small = [cell for cell in cells if len(cell) < NEAREST]
        if 0 < sum(map(len, small)) < NEAREST and large:
            small.append(large.pop(0))  # too few alone: they hide among others
        if small:
            rest = pd.concat(small).assign(**dict.fromkeys((*_WAITING, *_TOLD)))
            large += [rest] if len(rest) >= NEAREST else []
            if len(rest) < NEAREST:
                who = f"people of the group {group!s}" if group else "people"
                notes.append(f"{disclosure.words(len(rest))} {who} are left out of the caseload, alone as they are")
        before = 0
        for cell in large:
            # Each line is a multiple of five, and so is what all of them have told so far.
            told = (disclosure.number(before + len(cell)) or 0) - (disclosure.number(before) or 0)
            lines += _in_fives(cell, told)
            before += len(cell)
    return lines, notes


def _in_fives(people: pd.DataFrame, number: int) -> Iterator[Line]:
    """Yield lines of five people each, in the order in which they came; the last has what is left of a number."""
    ordered = people.sort_values("admitted", kind="stable")
    parts = len(ordered) // NEAREST
    for at, rows in enumerate(np.array_split(np.arange(len(ordered)), parts)):
        part = ordered.iloc[rows]
        means = {name: _mean(part[name]) for name in _DATES}
        told = NEAREST if at < parts - 1 else number - NEAREST * (parts - 1)
        yield {"people": told} | _line(dict(part[["group", *_TOLD]].iloc[0]) | means)


def _mean(dates: pd.Series) -> Any:
    """Return the mean of dates as a date; missing where any is."""
    return pd.NaT if dates.isna().any() else pd.to_datetime(dates).mean().floor("D")


def _line(person: Any) -> Line:
    """Return an entry of a caseload without what is not known."""
    dates = {name: person[name].date().isoformat() for name in _DATES if not pd.isna(person[name])}
    told = {name: str(person[name]) for name in ("scheme", "group", "area", "for") if not pd.isna(person[name])}
    return dates | told
