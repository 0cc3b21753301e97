"""How long people wait: for a place in each setting, and for each step.

People who had not been served when the run ended, who died, gave up or no longer needed a step are censored then. The
opening list of a caseload counts from the days on which its people were listed. After a warm-up, those who are waiting
on day 0 are seen only because they still wait, so they are at risk only from the time they had waited by then (delayed
entry).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from stepdown.outputs.measures.compiling import compiled
from stepdown.outputs.measures.frames import category, join
from stepdown.outputs.measures.history import History, read_history
from stepdown.outputs.measures.intervals import Floats, Integers
from stepdown.outputs.measures.spells import STOPPED, WAITING
from stepdown.outputs.measures.survival import STATISTICS, statistics, with_entries
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


def observations(tables: Tables, scenario: Scenario, window: Window, splits: Sequence[str] = ()) -> pd.DataFrame:
    """Return every wait that was seen within the window.

    Returns
    -------
    pd.DataFrame
        Columns option, replication, measure, name, the splits, entry, duration (days), outcome (a code of `OUTCOMES`)
        and count (1).
    """
    history = read_history(tables, scenario, window)
    stay = history.stay_of_steps() if {"group", "area", "scheme"} & set(splits) else np.empty(0, dtype=np.int64)
    parts = []
    for seen in (list_waits(history), *step_waits(history)):
        table = tables.stays if seen.measure == LIST else tables.case_steps
        rows = table[["option", "replication"]].iloc[seen.row].reset_index(drop=True)
        for split in splits:
            own = split in table.columns
            rows[split] = (
                table[split].iloc[seen.row].reset_index(drop=True)
                if own
                else _split_of_stays(tables.stays, split, stay[seen.row] if table is tables.case_steps else seen.row)
            )
        parts.append(seen.frame(rows))
    return join(parts)


class Seen(NamedTuple):
    """Times of one measure that were seen within the window.

    Attributes
    ----------
    measure
        What is timed.
    names
        The names of lists, steps or tiers.
    row
        Shape (observations,): the row of the table that it was read from.
    run
        Shape (observations,): position among the runs.
    name
        Shape (observations,): position among the names.
    entry
        Shape (observations,): days that had passed when it was first seen; 0 for most.
    duration
        Shape (observations,): days until it ended or was last seen.
    outcome
        Shape (observations,): a code of `OUTCOMES`.
    """

    measure: str
    names: tuple[str, ...]
    row: Integers
    run: Integers
    name: Integers
    entry: Floats
    duration: Floats
    outcome: Integers

    def frame(self, rows: pd.DataFrame) -> pd.DataFrame:
        """Return the observations as a table, beside what each row says of itself (option and replication first)."""
        table = rows.copy()
        table.insert(2, "measure", category([self.measure], np.zeros(len(table))))
        table.insert(3, "name", category(self.names, self.name))
        table["entry"], table["duration"] = self.entry, self.duration
        table["outcome"], table["count"] = self.outcome, np.ones(len(table), dtype=np.int64)
        return table


def describe(seen: pd.DataFrame, by: Sequence[str], targets: Mapping[str, float]) -> pd.DataFrame:
    """Return what the observations of each group say about a time.

    Returns
    -------
    pd.DataFrame
        The columns of ``by``, then number, completed, still_waiting, stopped (died, gave up, no longer needed),
        rehoused; mean_days (restricted to the longest observation: too short where share_beyond is above 0),
        median_days, p90_days, longest_days, share_beyond (of waits longer than that), share_within_target and
        target_days, all by Kaplan-Meier. A target is for the list, the wait for a step (not the time elapsed)
        or the tier of its name.
    """
    group = np.asarray(seen.groupby(list(by), observed=True, dropna=False, sort=True).ngroup(), dtype=np.int64)
    # The first row of each group, in the order of the groups.
    found, first = np.unique(group, return_index=True)
    table = seen.iloc[first][list(by)].reset_index(drop=True)
    outcome, count = (seen[name].to_numpy(dtype=np.int64, copy=True) for name in ("outcome", "count"))
    duration, entry = (seen[name].to_numpy(dtype=np.float64, copy=True) for name in ("duration", "entry"))
    target = _targets_of_rows(table, targets)
    found_statistics = statistics(with_entries(group, duration, outcome == 0, entry, count), len(found), target)
    table[list(COUNTS)] = counts_of(group, outcome, count, len(found))
    table[list(STATISTICS)] = found_statistics
    return table.assign(target_days=target)


COUNTS = ("number", "completed", "still_waiting", "stopped", "rehoused")
"""How many observations there are, and how many ended in each of `OUTCOMES`."""


@compiled
def counts_of(group: Integers, outcome: Integers, count: Integers, groups: int) -> Integers:
    """Return how many observations each group has, shape (groups, counts): `COUNTS`."""
    found = np.zeros((groups, len(COUNTS)), dtype=np.int64)
    for row in range(len(group)):
        found[group[row], 0] += count[row]
        found[group[row], 1 + outcome[row]] += count[row]
    return found


def target_of(measure: str, name: str, targets: Mapping[str, float]) -> float:
    """Return the target of a list, the wait for a step, or a tier; NaN if there is none."""
    return np.nan if measure == STEP_ELAPSED else targets.get(name, np.nan)


def _targets_of_rows(table: pd.DataFrame, targets: Mapping[str, float]) -> Floats:
    name = "name" if "name" in table else "tier"
    if name not in table:
        return np.full(len(table), np.nan)
    measure = table["measure"] if "measure" in table else [""] * len(table)
    found = [target_of(kind, str(what), targets) for kind, what in zip(measure, table[name], strict=True)]
    return np.array(found, dtype=np.float64)


def observed(
    measure: str,
    names: tuple[str, ...],
    row: Integers,
    run: Integers,
    name: Integers,
    start: Floats,
    end: Floats,
    outcome: Integers,
    window: Window,
) -> Seen:
    """Return the times that were seen within the window.

    Parameters
    ----------
    measure, names, row, run, name
        What is timed: `Seen`.
    start, end
        Days; the end is missing while it goes on.
    outcome
        Codes of `OUTCOMES` for those that ended; one that ends at the end of the window or later has not ended.
    window
        The time that is measured.
    """
    columns = (row, run, name, start, end, outcome)
    return Seen(measure, names, *_observed(*columns, window.days, window.opening_day < 0))


@compiled
def _observed(
    row: Integers,
    run: Integers,
    name: Integers,
    start: Floats,
    end: Floats,
    outcome: Integers,
    days: float,
    warmed_up: bool,
) -> tuple[Integers, Integers, Integers, Floats, Floats, Integers]:
    kept, found = np.empty((4, len(row)), dtype=np.int64), np.empty((2, len(row)))
    seen = 0
    for at in range(len(row)):
        if not start[at] < days or end[at] < 0:
            continue
        kept[0, seen], kept[1, seen], kept[2, seen] = row[at], run[at], name[at]
        # After a warm-up, people who wait on day 0 are more likely to be those with long waits, so they enter late. The
        # opening list of a caseload is people with dates whose waits a board asks about: they count from their dates.
        found[0, seen] = max(-start[at], 0.0) if warmed_up else 0.0
        over = end[at] < days
        found[1, seen] = (end[at] if over else days) - start[at]
        kept[3, seen] = outcome[at] if over else WAITING
        seen += 1
    return kept[0, :seen], kept[1, :seen], kept[2, :seen], found[0, :seen], found[1, :seen], kept[3, :seen]


def list_waits(history: History) -> Seen:
    """Return the waits on the lists of limited places; rows are those of the stays."""
    spells = history.spells.only(history.lists.limited[history.spells.setting])
    run = history.stays.run[spells.stay]
    # How spells end is told by the same codes as OUTCOMES.
    spans = (spells.start, spells.end, spells.outcome)
    return observed(LIST, history.lists.settings, spells.stay, run, spells.setting, *spans, history.window)


def step_waits(history: History) -> tuple[Seen, Seen]:
    """Return the waits for steps to begin, and the times until they were finished; rows are those of the steps."""
    steps, window = history.steps, history.window
    stopped = np.where(steps.abandoned, STOPPED, 0)
    waiting = np.isnan(steps.started)
    wait_end, wait_outcome = np.where(waiting, steps.finished, steps.started), np.where(waiting, stopped, 0)
    what = (steps.names, np.arange(len(steps.run)), steps.run, steps.step, steps.queued)
    return (
        observed(STEP_WAIT, *what, wait_end, wait_outcome, window),
        observed(STEP_ELAPSED, *what, steps.finished, stopped, window),
    )


def _split_of_stays(stays: pd.DataFrame, split: str, rows: Integers) -> pd.Series:
    """Return what the stays in these rows say; missing for row -1, and for what stays do not say."""
    if split not in stays.columns:
        return category([], np.full(len(rows), -1))
    column = stays[split]
    codes = np.append(column.cat.codes.to_numpy(), -1)[rows]
    return category(list(column.cat.categories), codes)
