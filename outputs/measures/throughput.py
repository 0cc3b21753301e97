"""How many people move where: step-downs, step-ups, exits and deaths, by route and period.

A move to a setting of a lower level is a step-down, of a higher one a step-up. Where no setting has a level, settings
are declared from the most support to the least. A move to the same level, or from or to a setting without one, is
sideways. Moves count that fall in [0, end).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import pandas as pd

from stepdown.outputs.measures.columns import destinations
from stepdown.outputs.measures.frames import category
from stepdown.outputs.measures.history import History, read_history
from stepdown.outputs.measures.intervals import Floats, Integers, count_within
from stepdown.outputs.measures.periods import Periods, financial_years, months, years
from stepdown.outputs.measures.runs import find_runs
from stepdown.scenarios.quantities import DAYS_PER_YEAR
from stepdown.scenarios.schema import Scenario
from stepdown.simulation.tables import Tables, Window

KINDS = ("step_down", "step_up", "sideways", "exit", "died")
"""What a move is."""

PERIODS: dict[str, Callable[[Window], Periods]] = {"financial_year": financial_years, "year": years, "month": months}
"""The periods that moves may be counted by."""


def throughput(
    tables: Tables,
    scenario: Scenario,
    window: Window,
    period: str | None = "financial_year",
    each_replication: bool = False,
) -> pd.DataFrame:
    """Return moves by route and period, averaged over the replications or for each.

    Parameters
    ----------
    tables, scenario, window
        What the runs of one scenario yielded, the scenario, and the time that is measured.
    period
        A key of `PERIODS`, or None for the whole window.
    each_replication
        Whether each replication has rows of its own.

    Returns
    -------
    pd.DataFrame
        Columns option, (replication,) from, to, kind (of `KINDS`), the period, moves, and moves_a_year (365.25 days,
        so that part-years can be compared). A route has rows for all periods if anybody took it.
    """
    moves = move_counts(tables, scenario, window, period)
    keys = ["from", "to", "kind", *([period] if period else [])]
    if not each_replication:
        runs = find_runs(tables)
        moves = moves.groupby(["option", *keys], observed=True, sort=False, as_index=False)[["moves", "days"]].sum()
        moves[["moves", "days"]] = moves[["moves", "days"]].div(runs.number_of(moves["option"]), axis=0)
    moves["moves_a_year"] = moves["moves"] / moves["days"] * DAYS_PER_YEAR
    return moves.drop(columns="days")


def move_counts(
    tables: Tables, scenario: Scenario, window: Window, period: str | None = "financial_year"
) -> pd.DataFrame:
    """Return moves of every replication by route and period, zeros included.

    Returns
    -------
    pd.DataFrame
        Columns option, replication, from, to, kind, the period, moves, days (length of the period).
    """
    history = read_history(tables, scenario, window)
    moves = count_moves(history, period)
    _, routes, periods = moves.counts.shape
    table = history.runs.expand(routes * periods)
    for name, labels, codes in (
        ("from", tuple(scenario.settings), moves.origin),
        ("to", destinations(scenario), moves.destination),
        ("kind", KINDS, moves.kind),
    ):
        table[name] = category(labels, np.tile(np.repeat(codes, periods), history.runs.number))
    if period:
        table[period] = category(moves.periods.labels, np.tile(np.arange(periods), history.runs.number * routes))
    table["moves"] = moves.counts.ravel().astype(np.float64)
    table["days"] = np.tile(moves.periods.lengths, history.runs.number * routes)
    return table


class Moves(NamedTuple):
    """Moves by route and period.

    Attributes
    ----------
    origin, destination, kind
        Shape (routes,): positions among the settings, among `destinations`, and of `KINDS`; only routes that anybody
        took.
    periods
        The periods.
    counts
        Shape (runs, routes, periods).
    """

    origin: Integers
    destination: Integers
    kind: Integers
    periods: Periods
    counts: Integers


def count_moves(history: History, period: str | None = "financial_year") -> Moves:
    """Return the moves of every run within the window.

    Raises
    ------
    ValueError
        If somebody came from or went to a place that the scenario has not.
    """
    stays, window, scenario = history.stays, history.window, history.scenario
    when = PERIODS[period](window) if period else Periods(np.array([0.0, window.days]), ("all",))
    stated = history.tables.stays["to"].notna().to_numpy()
    if (stated & ((stays.setting < 0) | (stays.to < 0))).any():
        raise ValueError("the stays name settings or exits that the scenario has not: are they from another one?")
    places, settings = len(destinations(scenario)), len(scenario.settings)
    route = np.where(stated, stays.setting * places + stays.to, -1)
    counts = count_within(stays.run, route, stays.left, history.runs.number, settings * places, when.edges)
    taken = np.flatnonzero(counts.any(axis=(0, 2)))
    origin, destination = np.divmod(taken, places)
    kind = _kinds(scenario)[origin, destination]
    return Moves(origin, destination, kind, when, counts[:, taken])


def _kinds(scenario: Scenario) -> Integers:
    """Return the kind of each route, shape (settings, settings and exits and died)."""
    levels = _levels(scenario)
    change = levels[None, :] - levels[:, None]
    kinds = np.select([change < 0, change > 0], [0, 1], 2)
    exits = np.tile([3] * len(scenario.exits) + [4], (len(levels), 1))
    return np.concatenate([kinds, exits], axis=1)


def _levels(scenario: Scenario) -> Floats:
    """Return how much support each setting gives, in its order; missing where none is stated and others are."""
    stated = [setting.level for setting in scenario.settings.values()]
    if all(level is None for level in stated):
        return -np.arange(len(stated), dtype=np.float64)
    return np.array([np.nan if level is None else level for level in stated], dtype=np.float64)
