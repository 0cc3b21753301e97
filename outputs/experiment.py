"""Running the options of a study with common random numbers, and what is kept of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from stepdown.outputs.measures.load import Load, load_check
from stepdown.outputs.summary import Summary, join_summaries, summarise
from stepdown.scenarios.compile_network import compile_network
from stepdown.scenarios.errors import ChoiceError, NotComparableError
from stepdown.scenarios.loader import CARRY_ON, Study
from stepdown.scenarios.network import Network
from stepdown.scenarios.quantities import DAYS_PER_YEAR
from stepdown.scenarios.schema import Scenario
from stepdown.scenarios.words import did_you_mean
from stepdown.simulation.replicate import replicate
from stepdown.simulation.tables import Tables, Window


@dataclass(frozen=True)
class Results:
    """What a run of some options yields, besides its tables.

    Attributes
    ----------
    study
        What was run.
    options
        The options, in order; carry-on first where it is among them.
    runs, seed
        Replications of each option, and the address of their chance.
    window
        The time that was measured.
    summary
        What is kept of all replications.
    loads
        The load check of each option.
    """

    study: Study
    options: tuple[str, ...]
    runs: int
    seed: int
    window: Window
    summary: Summary
    loads: Mapping[str, tuple[Load, ...]]


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


def run_options(
    study: Study,
    options: Sequence[str],
    runs: int,
    seed: int,
    jobs: int,
    keep: Callable[[Tables], None],
    progress: Callable[[str, int], None],
) -> Results:
    """Simulate options and summarise them.

    Parameters
    ----------
    study, options
        What to run.
    runs, seed, jobs
        Replications of each option, the address of their chance, and processes.
    keep
        Called with the tables of each batch of replications, in order.
    progress
        Called with the option and the number of replications that have been finished.

    Raises
    ------
    NotComparableError
        If options measure different times: then nothing can be compared.
    """
    networks = networks_of(study, options)
    windows = {window_of(network) for network in networks.values()}
    if len(windows) > 1:
        raise NotComparableError(
            "options start or end at different times, so they cannot be compared: "
            "let no lever change `start`, `years` or `warm_up`"
        )
    (window,) = windows
    scenarios = {option: study.options[option].scenario for option in options}
    summaries = []
    for batch in replicate(networks, seed, runs, jobs, partial(_digest, scenarios, window)):
        tables, summary = batch.digest
        summaries.append(summary)
        keep(tables)
        progress(batch.option, len(batch.replications))
    loads = {option: load_check(network) for option, network in networks.items()}
    return Results(study, tuple(options), runs, seed, window, join_summaries(summaries), loads)


def _digest(
    scenarios: Mapping[str, Scenario], window: Window, option: str, replications: tuple[int, ...], tables: Tables
) -> tuple[Tables, Summary]:
    known = [(option, replication) for replication in replications]
    return tables, summarise(tables, scenarios[option], window, known)


def opening_of(scenario: Scenario) -> str:
    """Say how a scenario opens: with its caseload, after a warm-up, or empty."""
    if scenario.warm_up:
        return f"after a warm-up of {scenario.warm_up / DAYS_PER_YEAR:.3g} years that the measures leave out"
    return "with its caseload" if scenario.caseload else "empty, with nobody there yet"
