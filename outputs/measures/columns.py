"""The tables read once into arrays of numbers, which all measures share.

Arrays are copies, so that loops that are compiled always see the same kinds of arrays.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from stepdown.outputs.measures.intervals import Booleans, Floats, Integers
from stepdown.outputs.measures.runs import Runs, positions
from stepdown.scenarios.schema import DIED, Scenario
from stepdown.simulation.tables import AND

GAVE_UP = "gave_up"
"""What `reason` begins with where somebody stopped waiting for the setting named after the colon."""


class StayColumns(NamedTuple):
    """Stays, each array of shape (stays,).

    Attributes
    ----------
    run
        Position among the runs.
    person
        The person's number.
    site
        The scheme lived in, as its position among the sites; -1 if the scenario does not know it.
    setting
        The setting lived in, as its position in the scenario; -1 if the scenario does not know it.
    to
        Where the stay leads, as its position among the settings, the exits and death; -1 if missing or not known.
    gave_up, died
        The setting whose list was given up, and the one on whose list the person died; -1 where none.
    entered, ready, identified, prepared, listed, left
        Days.
    """

    run: Integers
    person: Integers
    site: Integers
    setting: Integers
    to: Integers
    gave_up: Integers
    died: Integers
    entered: Floats
    ready: Floats
    identified: Floats
    prepared: Floats
    listed: Floats
    left: Floats


class StepColumns(NamedTuple):
    """Steps of cases, each array of shape (steps,).

    Attributes
    ----------
    run
        Position among the runs.
    person
        The person's number; -1 for the community's cases.
    step
        Position among the names.
    names
        The names of steps.
    tier, tenure
        Positions among the tiers and tenures; -1 for steps that are no part of an adaptation.
    tiers, tenures
        Their names.
    abandoned
        Whether the step was no longer needed.
    queued, started, finished
        Days.
    """

    run: Integers
    person: Integers
    step: Integers
    names: tuple[str, ...]
    tier: Integers
    tenure: Integers
    tiers: tuple[str, ...]
    tenures: tuple[str, ...]
    abandoned: Booleans
    queued: Floats
    started: Floats
    finished: Floats


def read_stays(stays: pd.DataFrame, scenario: Scenario, schemes: Sequence[str], runs: Runs) -> StayColumns:
    """Return the stays as arrays; ``schemes`` are the sites."""
    settings = tuple(scenario.settings)
    return StayColumns(
        runs.of(stays),
        stays["person"].to_numpy(dtype=np.int64, copy=True),
        positions(stays["scheme"], schemes),
        positions(stays["setting"], settings),
        positions(stays["to"], destinations(scenario)),
        _named(stays["reason"], GAVE_UP, settings),
        _named(stays["reason"], DIED, settings),
        *(days(stays, moment) for moment in ("entered", "ready", "identified", "prepared", "listed", "left")),
    )


def read_steps(steps: pd.DataFrame, scenario: Scenario, runs: Runs) -> StepColumns:
    """Return the steps of cases as arrays; the names are those of the scenario, and then any others."""
    declared = scenario.adaptations
    names = _known(scenario.steps, steps["step"])
    tiers = _known(declared.tiers if declared else (), steps["tier"])
    tenures = _known(declared.tenures if declared else (), steps["tenure"])
    return StepColumns(
        runs.of(steps),
        steps["person"].to_numpy(dtype=np.int64, na_value=-1),
        positions(steps["step"], names),
        names,
        positions(steps["tier"], tiers),
        positions(steps["tenure"], tenures),
        tiers,
        tenures,
        positions(steps["outcome"], ("abandoned",)) == 0,
        *(days(steps, moment) for moment in ("queued", "started", "finished")),
    )


def _known(declared: Iterable[str], column: pd.Series) -> tuple[str, ...]:
    """Return the names that the scenario declares, and then any others that stand in a column."""
    return tuple(dict.fromkeys([*declared, *sorted(str(name) for name in column.cat.categories)]))


def days(table: pd.DataFrame, moment: str) -> Floats:
    """Return the days of one moment of the rows, such as ``ready``, as an array of its own."""
    return table[f"{moment}_day"].to_numpy(dtype=np.float64, copy=True)


def destinations(scenario: Scenario) -> tuple[str, ...]:
    """Return where a stay may lead: the settings, the exits, and death."""
    return (*scenario.settings, *scenario.exits, DIED)


def _named(reason: pd.Series, what: str, settings: tuple[str, ...]) -> Integers:
    """Return the setting named after the word and a colon by a reason, or by a part of it; -1 for other reasons."""
    found = []
    for name in reason.cat.categories:
        parts = [part.removeprefix(f"{what}:") for part in str(name).split(AND) if part.startswith(f"{what}:")]
        found.append(settings.index(parts[0]) if parts and parts[0] in settings else -1)
    return np.array([*found, -1], dtype=np.int64).take(reason.cat.codes.to_numpy())
