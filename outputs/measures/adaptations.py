"""How long adaptations of homes take, from the first step of a case to the last.

A case is complete when all its adaptation steps are done. One that is no longer needed is censored then; one that
ended in rehousing is counted apart, and censored then for the time that works take.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from stepdown.outputs.measures.runs import Runs, find_runs
from stepdown.outputs.measures.spells import days
from stepdown.outputs.measures.waits import describe, observed
from stepdown.scenarios.schema import Scenario
from stepdown.simulation.tables import Tables, Window

ADAPTATION_TIME = "adaptation"
"""What is measured: the first step of an adaptation queued until the last is finished."""


def adaptation_cases(tables: Tables, runs: Runs) -> pd.DataFrame:
    """Return one row a case of adaptation.

    Returns
    -------
    pd.DataFrame
        Columns option, replication, case, community (whether it is nobody's move), tier, tenure, start_day, end_day
        (missing while it goes on) and outcome: 0 completed, 2 no longer needed, 3 rehoused.
    """
    steps = tables.case_steps[tables.case_steps["tier"].notna().to_numpy()]
    # Cases number fewer than 2³², so that run and case make one key.
    key = (runs.of(steps) << 32) + steps["case"].to_numpy(dtype=np.int64)
    _, first, case = np.unique(key, return_index=True, return_inverse=True)
    start = np.full(len(first), np.inf)
    np.minimum.at(start, case, days(steps, "queued"))
    finished = days(steps, "finished")
    end = np.full(len(first), -np.inf)
    np.maximum.at(end, case, np.where(np.isnan(finished), np.inf, finished))
    outcome = np.zeros(len(first), dtype=np.int64)
    for code, name in ((3, "rehoused"), (2, "abandoned")):
        np.maximum.at(outcome, case, np.where((steps["outcome"] == name).to_numpy(), code, 0))
    cases = steps.iloc[first][["option", "replication", "case", "tier", "tenure"]].reset_index(drop=True)
    cases["community"] = steps["person"].isna().to_numpy()[first]
    cases["start_day"], cases["end_day"] = start, np.where(np.isinf(end), np.nan, end)
    cases["outcome"] = outcome
    return cases


def adaptation_observations(tables: Tables, window: Window, runs: Runs | None = None) -> pd.DataFrame:
    """Return every case of adaptation that was seen within the window, as `waits.observations` does waits.

    The name is the tier; columns tier, tenure and community say more.
    """
    cases = adaptation_cases(tables, find_runs(tables) if runs is None else runs)
    rows = cases[["option", "replication", "tier", "tenure", "community"]]
    start, end = days(cases, "start"), days(cases, "end")
    name = cases["tier"]
    return observed(rows, ADAPTATION_TIME, name, start, end, cases["outcome"].to_numpy(), window)


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
    return describe(adaptation_observations(tables, window), keys, scenario.targets)
