"""Who lives where, by month: people, places, empty places, people waiting to come in and people ready to move on.

All are averages over time within each month: person-days ÷ days of the month, exact to the moment of each event.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

import numpy as np
import pandas as pd

from stepdown.outputs.measures.frames import category
from stepdown.outputs.measures.intervals import Floats, Integers, clipped, time_within
from stepdown.outputs.measures.place_days import PlaceDays, Sites, place_days, site_of, sites
from stepdown.outputs.measures.runs import Runs, find_runs
from stepdown.outputs.measures.spells import days, list_spells, lists
from stepdown.scenarios.schema import Scenario
from stepdown.simulation.tables import Tables, Window

AVERAGES = ("people", "places", "voids", "waiting", "delayed")
"""Columns that are averages over the days of a month."""


def occupancy(
    tables: Tables,
    scenario: Scenario,
    window: Window,
    by: Literal["setting", "scheme"] = "setting",
    each_replication: bool = False,
    runs: Runs | None = None,
    ledger: PlaceDays | None = None,
) -> pd.DataFrame:
    """Return occupancy by month, time-weighted.

    Parameters
    ----------
    tables, scenario, window
        What the runs of one scenario yielded, the scenario, and the time that is measured.
    by
        Settings, or schemes. People wait for a setting, so that by scheme ``waiting`` is missing.
    each_replication
        Whether each replication has rows of its own; else they are averaged.
    runs, ledger
        The runs and their place-days, where they are known already.

    Returns
    -------
    pd.DataFrame
        Columns option, (replication,) setting, (scheme,) month, people, places (infinity where unlimited), voids,
        waiting (people listed for it), delayed (people who live in it and are ready, but have not moved),
        delayed_percent_of_people and delayed_percent_of_places (missing where there are none, or no limit).
    """
    runs = find_runs(tables) if runs is None else runs
    known = sites(scenario)
    ledger = place_days(tables, known, window, runs) if ledger is None else ledger
    amounts = _Amounts(
        ledger.by_month(ledger.people),
        ledger.by_month(ledger.place_days)[runs.option],
        ledger.by_month(ledger.void),
        _waiting(tables, scenario, runs, ledger, window),
        _delayed(tables, known, runs, ledger, window),
    )
    if by == "setting":
        amounts = amounts.by_setting(known.setting_numbers(scenario), len(scenario.settings))
    else:
        amounts = amounts._replace(waiting=np.full_like(amounts.people, np.nan))
    table = _frame(amounts, known, scenario, runs, ledger, by)
    if not each_replication:
        keys = ["option", "setting", *(["scheme"] if by == "scheme" else []), "month"]
        table = table.groupby(keys, observed=True, sort=False, as_index=False)[list(AVERAGES)].mean()
    return _with_percentages(table)


class _Amounts(NamedTuple):
    """Days, each of shape (runs, schemes or settings, months)."""

    people: Floats
    places: Floats
    voids: Floats
    waiting: Floats
    delayed: Floats

    def by_setting(self, setting: Integers, settings: int) -> _Amounts:
        """Add up schemes; people wait for settings already."""
        member = [np.flatnonzero(setting == number) for number in range(settings)]
        added = [
            np.stack([amount[:, rows].sum(axis=1) for rows in member], axis=1)
            for amount in (self.people, self.places, self.voids, self.delayed)
        ]
        return _Amounts(added[0], added[1], added[2], self.waiting, added[3])


def _delayed(tables: Tables, known: Sites, runs: Runs, ledger: PlaceDays, window: Window) -> Floats:
    start, end = clipped(days(tables.stays, "ready"), days(tables.stays, "left"), window.days)
    schemes = len(known.schemes)
    cell = runs.of(tables.stays) * schemes + site_of(tables, known)
    found = time_within(cell, start, end, runs.number * schemes, ledger.months.edges)
    return found.reshape(runs.number, schemes, len(ledger.months.labels))


def _waiting(tables: Tables, scenario: Scenario, runs: Runs, ledger: PlaceDays, window: Window) -> Floats:
    spells = list_spells(tables.stays, lists(tables, scenario))
    start, end = clipped(spells.start, spells.end, window.days)
    settings = len(scenario.settings)
    cell = runs.of(tables.stays)[spells.stay] * settings + spells.setting
    found = time_within(cell, start, end, runs.number * settings, ledger.months.edges)
    return found.reshape(runs.number, settings, len(ledger.months.labels))


def _frame(amounts: _Amounts, known: Sites, scenario: Scenario, runs: Runs, ledger: PlaceDays, by: str) -> pd.DataFrame:
    _, rows, month = amounts.people.shape
    table = runs.expand(rows * month)
    place = np.tile(np.repeat(np.arange(rows), month), runs.number)
    settings = tuple(scenario.settings)
    if by == "scheme":
        table["setting"] = category(settings, known.setting_numbers(scenario)[place])
        table["scheme"] = category(known.schemes, place)
    else:
        table["setting"] = category(settings, place)
    table["month"] = category(ledger.months.labels, np.tile(np.arange(month), runs.number * rows))
    for name, amount in zip(AVERAGES, amounts, strict=True):
        table[name] = (amount / ledger.months.lengths).ravel()
    return table


def _with_percentages(table: pd.DataFrame) -> pd.DataFrame:
    for name in ("people", "places"):
        whole = table[name].to_numpy()
        known = (whole > 0) & np.isfinite(whole)
        share = np.divide(table["delayed"].to_numpy(), whole, out=np.full(len(whole), np.nan), where=known)
        table[f"delayed_percent_of_{name}"] = 100 * share
    return table


def waiting_at_end(
    tables: Tables, scenario: Scenario, window: Window, each_replication: bool = False, runs: Runs | None = None
) -> pd.DataFrame:
    """Return how many people are on each list of limited places when the window ends.

    Returns
    -------
    pd.DataFrame
        Columns option, (replication,) setting, people.
    """
    runs = find_runs(tables) if runs is None else runs
    known = lists(tables, scenario)
    spells = list_spells(tables.stays, known)
    there = (spells.start < window.days) & (np.isnan(spells.end) | (spells.end >= window.days))
    settings = len(known.settings)
    cell = runs.of(tables.stays)[spells.stay[there]] * settings + spells.setting[there]
    people = np.bincount(cell, minlength=runs.number * settings).reshape(runs.number, settings)[:, known.limited]
    table = runs.expand(people.shape[1])
    table["setting"] = category(known.settings, np.tile(np.flatnonzero(known.limited), runs.number))
    table["people"] = people.ravel().astype(np.float64)
    if not each_replication:
        table = table.groupby(["option", "setting"], observed=True, sort=False, as_index=False)[["people"]].mean()
    return table
