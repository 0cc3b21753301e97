"""How many people move where: step-downs, step-ups, exits and deaths, by route and period.

A move to a setting of a lower level is a step-down, of a higher one a step-up. Where no setting has a level, settings
are declared from the most support to the least. A move to the same level, or from or to a setting without one, is
sideways. Moves count that fall in [0, end).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from stepdown.outputs.measures.frames import category
from stepdown.outputs.measures.intervals import Floats, Integers
from stepdown.outputs.measures.periods import Periods, financial_years, months, years
from stepdown.outputs.measures.runs import Runs, find_runs, positions
from stepdown.outputs.measures.spells import days
from stepdown.scenarios.quantities import DAYS_PER_YEAR
from stepdown.scenarios.schema import DIED, Scenario
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
    tables: Tables, scenario: Scenario, window: Window, period: str | None = "financial_year", runs: Runs | None = None
) -> pd.DataFrame:
    """Return moves of every replication by route and period, zeros included.

    Returns
    -------
    pd.DataFrame
        Columns option, replication, from, to, kind, the period, moves, days (length of the period).
    """
    runs = find_runs(tables) if runs is None else runs
    stays, left = tables.stays, days(tables.stays, "left")
    when = PERIODS[period](window) if period else Periods(np.array([0.0, window.days]), ("all",))
    moved = (left >= 0) & (left < window.days) & stays["to"].notna().to_numpy()
    stays, left = stays[moved], left[moved]
    settings, places = tuple(scenario.settings), [*scenario.settings, *scenario.exits, DIED]
    origin, destination = positions(stays["setting"], settings), positions(stays["to"], places)
    if ((origin < 0) | (destination < 0)).any():
        raise ValueError("the stays name settings or exits that the scenario has not: are they from another one?")
    route = origin * len(places) + destination
    routes, number = np.unique(route, return_inverse=True)
    shape = (runs.number, len(routes), len(when.labels))
    cell = np.ravel_multi_index((runs.of(stays), number, when.of(left)), shape) if moved.any() else number
    counts = np.bincount(cell, minlength=int(np.prod(shape)))

    table = runs.expand(shape[1] * shape[2])
    code = np.tile(np.repeat(routes, shape[2]), shape[0])
    table["from"] = category(settings, code // len(places))
    table["to"] = category(places, code % len(places))
    table["kind"] = category(KINDS, _kinds(scenario)[code // len(places), code % len(places)])
    if period:
        table[period] = category(when.labels, np.tile(np.arange(shape[2]), shape[0] * shape[1]))
    table["moves"] = counts.astype(np.float64)
    table["days"] = np.tile(when.lengths, shape[0] * shape[1])
    return table


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
