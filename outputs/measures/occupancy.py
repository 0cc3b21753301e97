"""Who lives where, by month: people, places, empty places, people waiting to come in and people ready to move on.

All are averages over time within each month: person-days ÷ days of the month, exact to the moment of each event.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

import numpy as np
import pandas as pd

from stepdown.outputs.measures.activity import activity_of
from stepdown.outputs.measures.frames import category
from stepdown.outputs.measures.history import History, read_history
from stepdown.outputs.measures.intervals import Booleans, Floats, clipped, sums, time_within
from stepdown.outputs.measures.place_days import PlaceDays, place_days
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

    Returns
    -------
    pd.DataFrame
        Columns option, (replication,) setting, (scheme,) month, people, places (infinity where unlimited), voids,
        waiting (people listed for it), delayed (people who live in it and are ready, but have not moved),
        delayed_percent_of_people and delayed_percent_of_places (missing where there are none, or no limit).
    """
    history = read_history(tables, scenario, window)
    ledger = place_days(activity_of(history))
    amounts = _by_scheme(history, ledger)
    if by == "setting":
        amounts = amounts.by_setting(history)
    else:
        amounts = amounts._replace(waiting=np.full_like(amounts.people, np.nan))
    table = _frame(amounts, history, ledger, by)
    if not each_replication:
        keys = ["option", "setting", *(["scheme"] if by == "scheme" else []), "month"]
        table = table.groupby(keys, observed=True, sort=False, as_index=False)[list(AVERAGES)].mean()
    return _with_percentages(table)


class Amounts(NamedTuple):
    """Days, or averages over time, each of shape (runs, schemes or settings, months); see `AVERAGES`."""

    people: Floats
    places: Floats
    voids: Floats
    waiting: Floats
    delayed: Floats

    def by_setting(self, history: History) -> Amounts:
        """Add up schemes; people wait for settings already."""
        setting = history.sites.setting_numbers(history.scenario)
        member = [np.flatnonzero(setting == number) for number in range(len(history.scenario.settings))]
        added = [
            np.stack([amount[:, rows].sum(axis=1) for rows in member], axis=1)
            for amount in (self.people, self.places, self.voids, self.delayed)
        ]
        return Amounts(added[0], added[1], added[2], self.waiting, added[3])


def monthly_averages(history: History, ledger: PlaceDays) -> Amounts:
    """Return the averages of each run, setting and month."""
    lengths = ledger.months.lengths
    return Amounts(*(amount / lengths for amount in _by_scheme(history, ledger).by_setting(history)))


def _by_scheme(history: History, ledger: PlaceDays) -> Amounts:
    """Return days by scheme, but those waited by setting."""
    return Amounts(
        ledger.by_month(ledger.people),
        ledger.by_month(ledger.place_days)[history.runs.option],
        ledger.by_month(ledger.void),
        _waiting(history, ledger),
        _delayed(history, ledger),
    )


def _delayed(history: History, ledger: PlaceDays) -> Floats:
    stays, number, schemes = history.stays, history.runs.number, len(history.sites.schemes)
    start, end = clipped(stays.ready, stays.left, history.window.days)
    cell = stays.run * schemes + history.site_of_stays()
    found = time_within(cell, start, end, number * schemes, ledger.months.edges)
    return found.reshape(number, schemes, len(ledger.months.labels))


def _waiting(history: History, ledger: PlaceDays) -> Floats:
    spells, number, settings = history.spells, history.runs.number, len(history.scenario.settings)
    start, end = clipped(spells.start, spells.end, history.window.days)
    cell = history.stays.run[spells.stay] * settings + spells.setting
    found = time_within(cell, start, end, number * settings, ledger.months.edges)
    return found.reshape(number, settings, len(ledger.months.labels))


def _frame(amounts: Amounts, history: History, ledger: PlaceDays, by: str) -> pd.DataFrame:
    _, rows, month = amounts.people.shape
    runs, settings = history.runs, tuple(history.scenario.settings)
    table = runs.expand(rows * month)
    place = np.tile(np.repeat(np.arange(rows), month), runs.number)
    if by == "scheme":
        table["setting"] = category(settings, history.sites.setting_numbers(history.scenario)[place])
        table["scheme"] = category(history.sites.schemes, place)
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


def waiting_at_end(tables: Tables, scenario: Scenario, window: Window, each_replication: bool = False) -> pd.DataFrame:
    """Return how many people are on each list of limited places when the window ends.

    Returns
    -------
    pd.DataFrame
        Columns option, (replication,) setting, people.
    """
    history = read_history(tables, scenario, window)
    runs, known = history.runs, history.lists
    people = listed_at_end(history)[:, known.limited]
    table = runs.expand(people.shape[1])
    table["setting"] = category(known.settings, np.tile(np.flatnonzero(known.limited), runs.number))
    table["people"] = people.ravel()
    if not each_replication:
        table = table.groupby(["option", "setting"], observed=True, sort=False, as_index=False)[["people"]].mean()
    return table


def listed_at_end(history: History) -> Floats:
    """Return how many people are on each list when the window ends, shape (runs, settings)."""
    spells, number, settings = history.spells, history.runs.number, len(history.scenario.settings)
    there = listed_when_it_ended(history)
    cell = history.stays.run[spells.stay[there]] * settings + spells.setting[there]
    return sums(cell, np.ones(len(cell)), number * settings).reshape(number, settings)


def listed_when_it_ended(history: History) -> Booleans:
    """Return which of the spells on lists go on when the window ends, shape (spells,)."""
    spells, end = history.spells, history.window.days
    return (spells.start < end) & (np.isnan(spells.end) | (spells.end >= end))
