"""What is run of a study, and what it yields."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd

from stepdown.outputs.measures.load import Load
from stepdown.outputs.stopping import Stopping
from stepdown.outputs.summary import Summary
from stepdown.scenarios.compile_network import compile_network
from stepdown.scenarios.errors import ChoiceError
from stepdown.scenarios.loader import CARRY_ON, Study
from stepdown.scenarios.network import Network
from stepdown.scenarios.quantities import DAYS_PER_YEAR
from stepdown.scenarios.schema import Scenario
from stepdown.scenarios.words import did_you_mean
from stepdown.simulation.engines import DEFAULT_ENGINE
from stepdown.simulation.tables import Window


@dataclass(frozen=True)
class Plan:
    """What is run of each option.

    Attributes
    ----------
    stopping
        How many replications.
    seed
        Address of their chance.
    detail
        Replications of each option whose tables are kept, the first ones; None for all.
    engine
        The engine that simulates: a name of `stepdown.simulation.engines.ENGINES`.
    """

    stopping: Stopping
    seed: int = 1
    detail: int | None = None
    engine: str = DEFAULT_ENGINE


@dataclass(frozen=True)
class Results:
    """What a run of some options yields, besides its tables.

    Attributes
    ----------
    study
        What was run.
    options
        The options, in order; carry-on first where it is among them.
    runs
        Replications of each option.
    plan
        What was asked, and in its ``stopping`` how well the main measures are known.
    window
        The time that was measured.
    summary
        What is kept of all replications.
    loads
        The load check of each option.
    doubt
        How much of the spread of the runs is doubt about inputs: `stepdown.outputs.doubt.doubt_apart`.
    """

    study: Study
    options: tuple[str, ...]
    runs: int
    plan: Plan
    window: Window
    summary: Summary
    loads: Mapping[str, tuple[Load, ...]]
    doubt: pd.DataFrame = field(default_factory=pd.DataFrame)


def networks_of(study: Study, options: Sequence[str]) -> dict[str, Network]:
    """Make options ready to run; the opening caseload is the one that carry-on's rules have shaped."""
    history = study.options[CARRY_ON].scenario
    return {option: compile_network(study.options[option].scenario, history) for option in options}


def window_of(network: Network) -> Window:
    """Return the time that is measured."""
    return Window(network.start, network.end_day, network.opening_day)


def choose_options(study: Study, names: Sequence[str]) -> tuple[str, ...]:
    """Return the options of that name, or all of them if none is named.

    Raises
    ------
    ChoiceError
        For a name that is no option.
    """
    for name in names:
        if name not in study.options:
            raise ChoiceError(f"{name!r} is not an option of {study.name}{did_you_mean(name, study.options)}")
    return tuple(dict.fromkeys(names)) or tuple(study.options)


def opening_of(scenario: Scenario) -> str:
    """Say how a scenario opens: with its caseload, after a warm-up, or empty."""
    if scenario.warm_up:
        return f"after a warm-up of {scenario.warm_up / DAYS_PER_YEAR:.3g} years that the measures leave out"
    return "with its caseload" if scenario.caseload else "empty, with nobody there yet"
