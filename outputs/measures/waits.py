"""How long people wait: for a place in each setting, and for each step.

People who had not been served when the run ended, who died, gave up or no longer needed a step are censored then. The
opening list of a caseload counts from the days on which its people were listed. After a warm-up, those who are waiting
on day 0 are seen only because they still wait, so they are at risk only from the time they had waited by then (delayed
entry).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from stepdown.outputs.measures.frames import category, join
from stepdown.outputs.measures.intervals import Booleans, Floats, Integers, last_before
from stepdown.outputs.measures.runs import Runs, find_runs
from stepdown.outputs.measures.spells import MOVED, WAITING, days, list_spells, lists
from stepdown.outputs.measures.survival import curves
from stepdown.scenarios.schema import Scenario
from stepdown.simulation.tables import Tables, Window

OUTCOMES = ("completed", "waiting", "stopped", "rehoused")
"""How an observation ends, by code; only the first ends a wait, the others censor it."""

LIST, STEP_WAIT, STEP_ELAPSED = "list", "step wait", "step elapsed"
"""What is measured: listed until moved; queued until started; queued until finished."""

SPLITS = ("group", "area", "scheme", "tier", "tenure")
"""What waits may be split by; ``scheme`` is where people live while they wait."""


def waits(
    tables: Tables,
    scenario: Scenario,
    window: Window,
    by: Sequence[str] = (),
    each_replication: bool = False,
) -> pd.DataFrame:
    """Return the waits for every list of limited places and every step.

    Parameters
    ----------
    tables
        What the runs of one scenario yielded.
    scenario
        The scenario, for the names of settings and for the targets.
    window
        The time that is measured.
    by
        Further splits: any of `SPLITS`.
    each_replication
        Whether each replication has rows of its own.

    Returns
    -------
    pd.DataFrame
        A row for each option, (replication,) measure, name and split, with the columns of `describe`.
    """
    keys = ["option", *(["replication"] if each_replication else []), "measure", "name", *by]
    everything = observations(tables, scenario, window, splits=by)
    return describe(everything, keys, scenario.targets).drop(columns="rehoused")


def observations(
    tables: Tables, scenario: Scenario, window: Window, splits: Sequence[str] = (), runs: Runs | None = None
) -> pd.DataFrame:
    """Return every wait that was seen within the window.

    Returns
    -------
    pd.DataFrame
        Columns option, replication, measure, name, the splits, entry, duration (days), outcome (a code of `OUTCOMES`)
        and count (1).
    """
    runs = find_runs(tables) if runs is None else runs
    parts = [_list_waits(tables, scenario, window, splits), *_step_waits(tables, window, splits, runs)]
    return join(parts)


def describe(seen: pd.DataFrame, by: Sequence[str], targets: Mapping[str, float]) -> pd.DataFrame:
    """Return what the observations of each group say about a time.

    Returns
    -------
    pd.DataFrame
        The columns of ``by``, then number, completed, still_waiting, stopped (died, gave up, no longer needed),
        rehoused; mean_days (restricted to the longest observation: too short where share_beyond is above 0),
        median_days, p90_days, longest_days, share_beyond (of waits longer than that), target_days and
        share_within_target, all by Kaplan-Meier. A target is for the list, the wait for a step (not the time elapsed)
        or the tier of its name.
    """
    grouped = seen.groupby(list(by), observed=True, dropna=False, sort=True)
    group = np.asarray(grouped.ngroup(), dtype=np.int64)
    # The first row of each group, in the order of the groups.
    found, first = np.unique(group, return_index=True)
    table = seen.iloc[first][list(by)].reset_index(drop=True)
    groups = len(found)
    outcome = np.asarray(seen["outcome"], dtype=np.int64)
    count = np.asarray(seen["count"], dtype=np.int64)
    numbers = np.bincount(group * len(OUTCOMES) + outcome, weights=count, minlength=groups * len(OUTCOMES))
    numbers = numbers.reshape(groups, len(OUTCOMES)).astype(np.int64)
    table["number"] = numbers.sum(axis=1)
    table[["completed", "still_waiting", "stopped", "rehoused"]] = numbers
    target = _targets(table, targets)
    found_curves = curves(
        group,
        groups,
        seen["duration"].to_numpy(dtype=np.float64),
        outcome == 0,
        seen["entry"].to_numpy(dtype=np.float64),
        count,
    )
    rows = [
        (
            curve.mean,
            curve.median,
            curve.percentile(90),
            curve.longest,
            curve.share_beyond,
            days,
            curve.share_within(days),
        )
        for curve, days in zip(found_curves, target, strict=True)
    ]
    names = [
        "mean_days",
        "median_days",
        "p90_days",
        "longest_days",
        "share_beyond",
        "target_days",
        "share_within_target",
    ]
    table[names] = np.array(rows, dtype=np.float64).reshape(groups, len(names))
    return table


def _targets(table: pd.DataFrame, targets: Mapping[str, float]) -> list[float]:
    name = "name" if "name" in table else "tier"
    if name not in table:
        return [np.nan] * len(table)
    measure = table["measure"] if "measure" in table else [""] * len(table)
    return [
        np.nan if kind == STEP_ELAPSED else targets.get(str(what), np.nan)
        for kind, what in zip(measure, table[name], strict=True)
    ]


def observed(
    rows: pd.DataFrame, measure: str, name: pd.Series, start: Floats, end: Floats, outcome: Integers, window: Window
) -> pd.DataFrame:
    """Return the times that were seen within the window, with what each row says besides.

    Parameters
    ----------
    rows
        Option, replication and splits of each time.
    measure, name
        What is timed.
    start, end
        Days; the end is missing while it goes on.
    outcome
        Codes of `OUTCOMES` for those that ended; one that ends at the end of the window or later has not ended.
    window
        The time that is measured.
    """
    end = np.where(np.isnan(end), np.inf, end)
    going_on = end >= window.days
    seen: Booleans = (start < window.days) & (end >= 0)
    table = rows[seen].reset_index(drop=True)
    table.insert(2, "measure", category([measure], np.zeros(len(table), dtype=np.int8)))
    table.insert(3, "name", name[seen].reset_index(drop=True))
    # After a warm-up, people who wait on day 0 are more likely to be those with long waits, so they enter late. The
    # opening list of a caseload is people with dates whose waits a board asks about: they count from their dates.
    table["entry"] = np.maximum(-start[seen], 0.0) if window.opening_day < 0 else 0.0
    table["duration"] = (np.minimum(end, window.days) - start)[seen]
    table["outcome"] = np.where(going_on, WAITING, outcome)[seen].astype(np.int8)
    table["count"] = np.ones(len(table), dtype=np.int32)
    return table


def _list_waits(tables: Tables, scenario: Scenario, window: Window, splits: Sequence[str]) -> pd.DataFrame:
    known = lists(tables, scenario)
    spells = list_spells(tables.stays, known)
    spells = spells.only(known.limited[spells.setting])
    rows = tables.stays[["option", "replication"]].iloc[spells.stay].reset_index(drop=True)
    for split in splits:
        rows[split] = _split_of_stays(tables.stays, split, spells.stay)
    name = category(known.settings, spells.setting)
    outcome = np.where(spells.outcome == MOVED, 0, spells.outcome)
    return observed(rows, LIST, name, spells.start, spells.end, outcome, window)


def _step_waits(tables: Tables, window: Window, splits: Sequence[str], runs: Runs) -> list[pd.DataFrame]:
    steps = tables.case_steps
    queued, started, finished = days(steps, "queued"), days(steps, "started"), days(steps, "finished")
    rows = steps[["option", "replication"]].reset_index(drop=True)
    stay = stay_of_steps(tables, runs) if {"group", "area", "scheme"} & set(splits) else np.empty(0, dtype=np.int64)
    for split in splits:
        in_steps = split in steps.columns
        rows[split] = steps[split].reset_index(drop=True) if in_steps else _split_of_stays(tables.stays, split, stay)
    name = steps["step"].reset_index(drop=True)
    stopped = np.where((steps["outcome"] == "abandoned").to_numpy(), 2, 0)
    begun = ~np.isnan(started)
    wait_end, wait_outcome = np.where(begun, started, finished), np.where(begun, 0, stopped)
    return [
        observed(rows, STEP_WAIT, name, queued, wait_end, wait_outcome, window),
        observed(rows, STEP_ELAPSED, name, queued, finished, stopped, window),
    ]


def stay_of_steps(tables: Tables, runs: Runs) -> Integers:
    """Return the row of the stay in which each step was queued; -1 for the community's cases."""
    person = tables.case_steps["person"].fillna(-1).to_numpy(dtype=np.int64)
    # Persons number fewer than 2³², so that run and person make one key.
    asked = (runs.of(tables.case_steps) << 32) + person
    keys = (runs.of(tables.stays) << 32) + tables.stays["person"].to_numpy(dtype=np.int64)
    found = last_before(keys, days(tables.stays, "entered"), asked, days(tables.case_steps, "queued"))
    return np.where(person >= 0, found, -1)


def _split_of_stays(stays: pd.DataFrame, split: str, rows: Integers) -> pd.Series:
    """Return what the stays in these rows say; missing for row -1, and for what stays do not say."""
    if split not in stays.columns:
        return category([], np.full(len(rows), -1))
    column = stays[split]
    codes = np.append(column.cat.codes.to_numpy(), -1)[rows]
    return category(list(column.cat.categories), codes)
