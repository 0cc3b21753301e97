"""What is fitted to what, and what that yields: values with draws and sources, what is kept, and what is unknown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from stepdown.calibration.disclosure import Disclosure
from stepdown.calibration.fits.durations import Durations
from stepdown.calibration.fits.estimates import Share
from stepdown.calibration.fits.routes import RouteFit
from stepdown.calibration.history import CouncilHistory
from stepdown.calibration.study_folder import Stated, path_text
from stepdown.scenarios.loader import Option
from stepdown.scenarios.schema import Scenario
from stepdown.scenarios.trees import KeyPath


@dataclass(frozen=True)
class Asked:
    """What every part of a study is fitted to, and how.

    Attributes
    ----------
    history
        The records, in the words of the study.
    scenario
        The study's carry-on.
    disclosure
        How counts may be shown.
    draws
        How many joint draws.
    seed
        Their address.
    """

    history: CouncilHistory
    scenario: Scenario
    disclosure: Disclosure
    draws: int
    seed: int


@dataclass(frozen=True)
class FittedValue:
    """A value of the scenario that was fitted.

    Attributes
    ----------
    path
        Where it stands in the scenario.
    what
        What it is, in a few words.
    stated
        The value with its interval (8 in 10), source and quality.
    draws
        Draws of it, each as the scenario holds it; joint with those of all other values.
    """

    path: KeyPath
    what: str
    stated: Stated
    draws: Sequence[Any]


@dataclass(frozen=True)
class Kept:
    """What keeps the study's value, and why: the records cannot say it, or say too little."""

    what: str
    why: str


@dataclass(frozen=True)
class Unknown:
    """A value that the records cannot show, for `stepdown calibrate`.

    Attributes
    ----------
    path
        Where it stands in the scenario.
    low, high
        Between which values it lies, as a scenario holds them.
    why
        Why the records cannot show it.
    """

    path: KeyPath
    low: Any
    high: Any
    why: str


@dataclass(frozen=True)
class Leaving:
    """How stays in a setting were fitted, for people who have the same routes.

    Attributes
    ----------
    setting, groups
        Whose stays.
    durations
        Needs until ready, or recorded stays.
    needs
        Whether they are needs; recorded stays may contain blocked time.
    blocked
        Whether they contain time that people were ready and could not move.
    fit
        What was fitted to them; None if nothing could be.
    stayed_on
        Of those who reached the maximum stay, how many lived on there; None without a maximum stay.
    """

    setting: str
    groups: tuple[str, ...]
    durations: Durations
    needs: bool
    blocked: bool
    fit: RouteFit | None
    stayed_on: Share | None = None

    @property
    def name(self) -> str:
        """The setting, and the groups if it tells groups apart."""
        return f"{self.setting} ({', '.join(self.groups)})" if self.groups else self.setting


@dataclass(frozen=True)
class Part:
    """What fitting one part of a study yields.

    Attributes
    ----------
    found, kept, unknowns
        See the classes.
    warnings
        What to be wary of, as sentences.
    notes
        What was done that the reader should know, as sentences.
    """

    found: tuple[FittedValue, ...] = ()
    kept: tuple[Kept, ...] = ()
    unknowns: tuple[Unknown, ...] = ()
    warnings: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def joined(parts: Sequence[Part]) -> Part:
    """Return several parts as one."""
    fields = ("found", "kept", "unknowns", "warnings", "notes")
    return Part(**{name: tuple(item for part in parts for item in getattr(part, name)) for name in fields})


@dataclass(frozen=True)
class Fitted:
    """A scenario fitted to a history.

    Attributes
    ----------
    history
        What it was fitted to, in the words of the study.
    option
        The study's carry-on with the fitted values and the caseload at the history's end.
    found, kept, unknowns, warnings, notes
        Of all parts together: see `Part`.
    draws
        A row for each joint draw, a column for each value, headed by its path; cells as the scenario holds them.
    leaving, details
        The fits themselves, for the page: of stays by setting, and of the other parts by their name.
    """

    history: CouncilHistory
    option: Option
    found: tuple[FittedValue, ...]
    kept: tuple[Kept, ...]
    unknowns: tuple[Unknown, ...]
    warnings: tuple[str, ...]
    notes: tuple[str, ...]
    draws: pd.DataFrame
    leaving: tuple[Leaving, ...] = ()
    details: Mapping[str, Any] = field(default_factory=dict)


def draws_of(values: Sequence[FittedValue]) -> pd.DataFrame:
    """Return the joint draws of values as a table: a list has a column for each of its items."""
    columns: dict[str, Any] = {}
    for value in values:
        if value.draws and isinstance(value.draws[0], list):
            for at, items in enumerate(zip(*value.draws, strict=True)):
                columns[path_text((*value.path, at))] = items
        elif value.draws:
            columns[path_text(value.path)] = value.draws
    return pd.DataFrame({name: pd.Series(list(items), dtype="object") for name, items in columns.items()})
