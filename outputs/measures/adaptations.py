"""How long adaptations of homes take, from the first step of a case to the last.

A case is complete when all its adaptation steps are done. One that is no longer needed is censored then; one that
ended in rehousing is counted apart, and censored then for the time that works take.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from stepdown.outputs.measures.compiling import compiled
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
    case, rows = table["case"].to_numpy(dtype=np.int64, copy=True), np.flatnonzero(steps.tier >= 0)
    # Cases number fewer than 2³², so that run and case make one key.
    key = (steps.run[rows] << 32) + case[rows]
    if not (key[1:] >= key[:-1]).all():
        rows = rows[np.argsort(key, kind="stable")]
    outcome = positions(table["outcome"], ("", "", "abandoned", "rehoused"))
    return Cases(*_cases(rows, steps.run, case, steps.tier, steps.queued, steps.finished, outcome))


@compiled
def _cases(
    rows: Integers, run: Integers, case: Integers, tier: Integers, queued: Floats, finished: Floats, outcome: Integers
) -> tuple[Integers, Integers, Integers, Floats, Floats, Integers]:
    """Gather steps, which stand case by case, into cases."""
    what, moments = np.empty((4, len(rows)), dtype=np.int64), np.empty((2, len(rows)))
    found, before = -1, -1
    for row in rows:
        if before < 0 or case[row] != case[before] or run[row] != run[before]:
            found += 1
            what[0, found], what[1, found], what[2, found], what[3, found] = row, run[row], tier[row], 0
            moments[0, found], moments[1, found] = queued[row], finished[row]
        before = row
        moments[0, found] = min(moments[0, found], queued[row])
        # A step that goes on has no end, and neither has its case: no day is later than a missing one.
        if np.isnan(finished[row]) or finished[row] > moments[1, found]:
            moments[1, found] = finished[row]
        what[3, found] = max(what[3, found], outcome[row])
    cases = found + 1
    return what[0, :cases], what[1, :cases], what[2, :cases], moments[0, :cases], moments[1, :cases], what[3, :cases]


def seen_adaptations(history: History, cases: Cases) -> Seen:
    """Return every case of adaptation that was seen within the window; its name is the tier."""
    what = (cases.row, cases.run, cases.tier, cases.start, cases.end, cases.outcome)
    return observed(ADAPTATION_TIME, history.steps.tiers, *what, history.window)


def adaptation_observations(tables: Tables, scenario: Scenario, window: Window) -> pd.DataFrame:
    """Return every case of adaptation that was seen within the window, as `waits.observations` does waits.

    The name is the tier; columns tier, tenure and community (whether it is nobody's move) say more.
    """
    history, steps = read_history(tables, scenario, window), tables.case_steps
    seen = seen_adaptations(history, adaptation_cases(history))
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
