"""A history in the words of a study: its groups, schemes, areas and settings, with what does not match said."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import NamedTuple

import pandas as pd

from stepdown.calibration.disclosure import Disclosure
from stepdown.calibration.history import REQUESTS, STAYS, CouncilHistory, typed
from stepdown.outputs.words.wording import say_list
from stepdown.scenarios.check_places import schemes_in
from stepdown.scenarios.errors import RunError
from stepdown.scenarios.schema import Scenario
from stepdown.scenarios.words import nearest


class Aligned(NamedTuple):
    """A history in the words of a study.

    Attributes
    ----------
    history
        With groups that the study has; schemes and areas that it has not are missing.
    notes
        What was changed or left out, as sentences.
    """

    history: CouncilHistory
    notes: tuple[str, ...]


def aligned(history: CouncilHistory, scenario: Scenario, disclosure: Disclosure) -> Aligned:
    """Return a history in the words of a scenario.

    Parameters
    ----------
    history
        The records.
    scenario
        What the study calls things.
    disclosure
        How counts may be shown.

    Raises
    ------
    RunError
        If no stay is in a setting of the scenario.
    """
    _require_settings(history, scenario)
    notes = list(_other_settings(history, scenario, disclosure))
    stays, requests = history.stays[history.stays["setting"].isin(list(scenario.settings))], history.requests
    only = next(iter(scenario.groups)) if len(scenario.groups) == 1 else None
    if only is not None:
        stays, requests = stays.assign(group=only), requests.assign(group=only)
    else:
        strangers = ~stays["group"].isin(list(scenario.groups))
        notes += _left_out(stays[strangers], "group", list(scenario.groups), disclosure)
        stays, requests = stays[~strangers], requests[requests["group"].isin(list(scenario.groups))]
    schemes = [name for setting in scenario.settings for name in schemes_in(scenario.settings[setting], setting)]
    divided = stays["setting"].isin([name for name, setting in scenario.settings.items() if setting.schemes])
    notes += _not_known(stays[divided], "scheme", schemes, disclosure)
    if len(scenario.areas) > 1:
        notes += _not_known(stays, "area", list(scenario.areas), disclosure)
    known = {"scheme": schemes, "area": list(scenario.areas)}
    stays = stays.assign(**{column: stays[column].where(stays[column].isin(names)) for column, names in known.items()})
    return Aligned(
        replace(history, stays=typed(stays, STAYS), requests=typed(requests, REQUESTS)), tuple(dict.fromkeys(notes))
    )


def _require_settings(history: CouncilHistory, scenario: Scenario) -> None:
    recorded = _names(history.stays["setting"])
    if set(recorded) & scenario.settings.keys():
        return
    if not recorded:
        raise RunError(f"{history.name}: the history holds no stays, so that nothing can be fitted to it")
    meant = [
        f"{name} (did you mean {near}?)" if (near := nearest(name, scenario.settings)) else name for name in recorded
    ]
    raise RunError(
        f"{history.name}: no stay is in a setting of the study. The history has {say_list(meant)}; the study has "
        f"{say_list(list(scenario.settings))}. Use the same names: the mapping of 'stepdown import' can change them"
    )


def _other_settings(history: CouncilHistory, scenario: Scenario, disclosure: Disclosure) -> Iterable[str]:
    for name, count in _counts(history.stays["setting"]).items():
        if name not in scenario.settings:
            near = _near(name, scenario.settings)
            yield f"{disclosure.words(count)} stays in {name} are left out: the study has no such setting{near}"


def _left_out(stays: pd.DataFrame, column: str, known: Iterable[str], disclosure: Disclosure) -> list[str]:
    notes = [
        f"{disclosure.words(count)} stays of the {column} {name} are left out: the study has no such {column}"
        f"{_near(name, known)}"
        for name, count in _counts(stays[column]).items()
    ]
    if missing := int(stays[column].isna().sum()):
        notes.append(f"{disclosure.words(missing)} stays are left out, as their {column} is not known")
    return notes


def _not_known(stays: pd.DataFrame, column: str, known: list[str], disclosure: Disclosure) -> list[str]:
    return [
        f"{disclosure.words(count)} stays have the {column} {name}, which the study has not{_near(name, known)}; it is "
        "taken as unknown"
        for name, count in _counts(stays[column]).items()
        if name not in known
    ]


def _near(name: str, known: Iterable[str]) -> str:
    near = nearest(name, known)
    return f" (its nearest is {near})" if near else ""


def _counts(column: pd.Series) -> dict[str, int]:
    counts = column.astype("object").dropna().value_counts()
    return {str(name): int(counts[name]) for name in sorted(counts.index)}


def _names(column: pd.Series) -> list[str]:
    return list(_counts(column))
