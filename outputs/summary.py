"""What is kept of each replication, so that the tables themselves need not be.

A worker summarises the runs that it made; summaries are joined, and comparisons are made on the joined one. It makes no
difference how the replications were split. Observations of waits are kept too, because a median over all replications
cannot be had from the medians of each.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from stepdown.outputs.measures.adaptations import adaptation_observations
from stepdown.outputs.measures.costs import costs, price_changes
from stepdown.outputs.measures.delay import delay
from stepdown.outputs.measures.frames import category, join
from stepdown.outputs.measures.intervals import Floats, sums
from stepdown.outputs.measures.occupancy import occupancy, waiting_at_end
from stepdown.outputs.measures.over_stays import over_stays
from stepdown.outputs.measures.place_days import place_days, sites
from stepdown.outputs.measures.prices import weekly_prices
from stepdown.outputs.measures.runs import Runs, find_runs, positions
from stepdown.outputs.measures.throughput import KINDS, move_counts
from stepdown.outputs.measures.waits import LIST, describe, observations
from stepdown.scenarios.schema import Scenario
from stepdown.simulation.tables import Tables, Window


class Summary(NamedTuple):
    """What is kept of runs, as tidy tables.

    Attributes
    ----------
    runs
        option, replication.
    measures
        option, replication, measure, name (setting, list or step; missing where the measure is of the whole), value.
        The measures are those of `MEASURES`.
    waits
        option, replication, measure, name and the columns of `stepdown.outputs.measures.waits.describe`; the measure
        `ALL_LISTS` is of all lists together.
    observations
        option, measure, name, tier, tenure, entry, duration, outcome, count: all waits, and adaptations with their
        tier and tenure; equal ones of no length are counted in one row.
    occupancy
        option, replication, setting, month and the columns of `stepdown.outputs.measures.occupancy.occupancy`.
    moves
        option, replication, from, to, kind, financial_year, moves, days.
    delay
        option, replication, cause, name, days and the other columns of `stepdown.outputs.measures.delay.delay`.
    costs
        option, replication, payer, kind, setting, item, financial_year, pounds.
    costs_by_month
        option, replication, payer, month, pounds.
    """

    runs: pd.DataFrame
    measures: pd.DataFrame
    waits: pd.DataFrame
    observations: pd.DataFrame
    occupancy: pd.DataFrame
    moves: pd.DataFrame
    delay: pd.DataFrame
    costs: pd.DataFrame
    costs_by_month: pd.DataFrame


MEASURES = {
    "step_down_a_year": "step-downs a year",
    "step_up_a_year": "step-ups a year",
    "sideways_a_year": "moves to the same level of support a year",
    "exit_a_year": "people who leave a year",
    "died_a_year": "deaths a year",
    "waiting_at_end": "people on each list at the end",
    "over_at_end": "people beyond the maximum stay at the end, by setting",
    "over_days_a_year": "days beyond the maximum stay a year, by setting",
    "people": "people who live in each setting, on average",
    "voids": "empty places in each setting, on average",
    "delayed": "people ready but not moved, on average, by setting",
}
"""The measures of each replication that a summary holds, with what they mean."""


ALL_LISTS = "all lists"
"""The measure, and name, of the waits on all lists together."""


def summarise(tables: Tables, scenario: Scenario, window: Window, known: Iterable[tuple[str, int]] = ()) -> Summary:
    """Return what is kept of runs of one scenario.

    Parameters
    ----------
    tables
        What the runs yielded: any number of replications.
    scenario
        The scenario that was run.
    window
        The time that is measured.
    known
        Option and replication of runs that count although nobody may have come in them.
    """
    runs = find_runs(tables, known)
    ledger = place_days(tables, sites(scenario), window, runs, price_changes(weekly_prices(scenario, sites(scenario))))
    seen = observations(tables, scenario, window, runs=runs)
    lived = occupancy(tables, scenario, window, each_replication=True, runs=runs, ledger=ledger)
    moves = move_counts(tables, scenario, window, runs=runs)
    bill = costs(tables, scenario, window, runs, ledger)
    parts = [
        _moves_a_year(moves, runs, window),
        _at_end(waiting_at_end(tables, scenario, window, each_replication=True, runs=runs)),
        *_over(over_stays(tables, scenario, window, each_replication=True, runs=runs)),
        *_averages(lived, ledger.months.lengths, window),
    ]
    return Summary(
        runs.frame(),
        join(parts),
        join([describe(seen, ["option", "replication", "measure", "name"], scenario.targets), _all_lists(seen)]),
        join([_compact(seen), _compact(adaptation_observations(tables, window, runs))]),
        lived,
        moves,
        delay(tables, scenario, window, each_replication=True, runs=runs),
        bill.by_financial_year(),
        bill.payers_by_month(),
    )


def join_summaries(parts: Sequence[Summary]) -> Summary:
    """Return summaries of different runs as one; replications may come in any order."""
    joined = [join(list(frames)) for frames in zip(*parts, strict=True)]
    joined[3] = _count_equal(joined[3])
    return Summary(*joined)


def _all_lists(seen: pd.DataFrame) -> pd.DataFrame:
    on_lists = seen[(seen["measure"] == LIST).to_numpy()]
    everything = category([ALL_LISTS], np.zeros(len(on_lists))).set_axis(on_lists.index)
    renamed = on_lists.assign(measure=everything, name=everything)
    return describe(renamed, ["option", "replication", "measure", "name"], {})


def _tidy(table: pd.DataFrame, measure: str, name: pd.Series | None, values: pd.Series) -> pd.DataFrame:
    tidy = table[["option", "replication"]].reset_index(drop=True)
    tidy["measure"] = category(list(MEASURES), np.full(len(tidy), list(MEASURES).index(measure)))
    tidy["name"] = category([], np.full(len(tidy), -1)) if name is None else name.reset_index(drop=True)
    tidy["value"] = values.to_numpy(dtype=np.float64)
    return tidy


def _moves_a_year(moves: pd.DataFrame, runs: Runs, window: Window) -> pd.DataFrame:
    cell = runs.of(moves) * len(KINDS) + positions(moves["kind"], KINDS)
    counts = sums(cell, moves["moves"].to_numpy(dtype=np.float64), runs.number * len(KINDS)).reshape(-1, len(KINDS))
    each = runs.frame()
    return join(
        [
            _tidy(each, f"{kind}_a_year", None, pd.Series(count / window.years))
            for kind, count in zip(KINDS, counts.T, strict=True)
        ]
    )


def _at_end(waiting: pd.DataFrame) -> pd.DataFrame:
    return _tidy(waiting, "waiting_at_end", waiting["setting"], waiting["people"])


def _over(table: pd.DataFrame) -> list[pd.DataFrame]:
    return [_tidy(table, name, table["setting"], table[name]) for name in ("over_at_end", "over_days_a_year")]


def _averages(lived: pd.DataFrame, lengths: Floats, window: Window) -> list[pd.DataFrame]:
    """Average the months of each setting, weighted by their days (rows run by run, setting by setting)."""
    every = lived.iloc[:: len(lengths)]
    tables = []
    for name in ("people", "voids", "delayed"):
        average = lived[name].to_numpy(dtype=np.float64).reshape(-1, len(lengths)) @ lengths / window.days
        tables.append(_tidy(every, name, every["setting"], pd.Series(average)))
    return tables


def _compact(seen: pd.DataFrame) -> pd.DataFrame:
    """Keep what a pooled survival curve needs, without the replication."""
    kept = seen[["option", "measure", "name"]].copy()
    for name in ("tier", "tenure"):
        kept[name] = seen[name] if name in seen else category([], np.full(len(seen), -1))
    kept[["entry", "duration", "outcome", "count"]] = seen[["entry", "duration", "outcome", "count"]]
    return _count_equal(kept)


def _count_equal(seen: pd.DataFrame) -> pd.DataFrame:
    """Count equal observations of no length in one row: most steps that nobody queues for begin at once."""
    at_once = (seen["duration"] == 0).to_numpy()
    keys = [name for name in seen.columns if name != "count"]
    counted = seen[at_once].groupby(keys, observed=True, dropna=False, as_index=False)[["count"]].sum()
    return join([seen[~at_once], counted[list(seen.columns)].astype(seen.dtypes.to_dict())])
