"""How long adaptations of homes take, from the first step of a case to the last.

A case is complete when all its adaptation steps are done. One that is no longer needed is censored then; one that
ended in rehousing is counted apart, and censored then for the time that works take.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from stepdown.outputs.measures.history import History, read_history
from stepdown.outputs.measures.intervals import Floats, Integers
from stepdown.outputs.measures.runs import positions
from stepdown.outputs.measures.waits import Seen, describe, observed
from stepdown.scenarios.schema import Scenario
from stepdown.simulation.tables import Tables, Window

ADAPTATION_TIME = "adaptation"
"""What is measured: the first step of an adaptation queued until the last is finished."""


class Cases(NamedTuple):
    """Cases of adaptation, each array of shape (cases,).

    Attributes
    ----------
    row
        The row of the first of the case's steps in the table.
    run
        Position among the runs.
    tier
        Position among the tiers.
    start, end
        Days: the first step queued, and the last finished (missing while the case goes on).
    outcome
        0 completed, 2 no longer needed, 3 rehoused.
    """

    row: Integers
    run: Integers
    tier: Integers
    start: Floats
    end: Floats
    outcome: Integers


def adaptation_cases(history: History) -> Cases:
    """Return the cases of adaptation, one for each case that has steps of a tier."""
    table, steps = history.tables.case_steps, history.steps
    rows = np.flatnonzero(steps.tier >= 0)
    # Cases number fewer than 2³², so that run and case make one key.
    key = (steps.run[rows] << 32) + table["case"].to_numpy(dtype=np.int64)[rows]
    order = rows if (key[1:] >= key[:-1]).all() else rows[np.argsort(key, kind="stable")]
    case = key if order is rows else np.sort(key)
    first = np.flatnonzero(np.append(True, case[1:] != case[:-1])[: len(case)])
    if not len(first):
        nothing = np.empty(0, dtype=np.int64)
        return Cases(nothing, nothing, nothing, np.empty(0), np.empty(0), nothing)
    outcome = positions(table["outcome"], ("", "", "abandoned", "rehoused"))
    row = order[first]
    return Cases(
        row,
        steps.run[row],
        steps.tier[row],
        np.minimum.reduceat(steps.queued[order], first),
        # A step that goes on has no end, and neither has its case.
        np.maximum.reduceat(steps.finished[order], first),
        np.maximum.reduceat(np.maximum(outcome[order], 0), first),
    )


def seen_adaptations(history: History) -> Seen:
    """Return every case of adaptation that was seen within the window; its name is the tier."""
    cases, tiers = adaptation_cases(history), history.steps.tiers
    what = (cases.row, cases.run, cases.tier, cases.start, cases.end, cases.outcome)
    return observed(ADAPTATION_TIME, tiers, *what, history.window)


def adaptation_observations(tables: Tables, scenario: Scenario, window: Window) -> pd.DataFrame:
    """Return every case of adaptation that was seen within the window, as `waits.observations` does waits.

    The name is the tier; columns tier, tenure and community (whether it is nobody's move) say more.
    """
    seen, steps = seen_adaptations(read_history(tables, scenario, window)), tables.case_steps
    rows = steps[["option", "replication", "tier", "tenure"]].iloc[seen.row].reset_index(drop=True)
    rows["community"] = steps["person"].isna().to_numpy()[seen.row]
    return seen.frame(rows)


def adaptations(
    tables: Tables,
    scenario: Scenario,
    window: Window,
    by: Sequence[str] = ("tier", "tenure"),
    each_replication: bool = False,
) -> pd.DataFrame:
    """Return end-to-end times of adaptations.

    Parameters
    ----------
    tables, scenario, window
        As for `stepdown.outputs.measures.waits.waits`; targets are found by the tier's name.
    by
        Any of tier, tenure and community.
    each_replication
        Whether each replication has rows of its own.

    Returns
    -------
    pd.DataFrame
        A row for each option, (replication) and split, with the columns of `stepdown.outputs.measures.waits.describe`.
    """
    keys = ["option", *(["replication"] if each_replication else []), *by]
    return describe(adaptation_observations(tables, scenario, window), keys, scenario.targets)
