"""Days lived beyond the maximum stay, whatever their cause.

Somebody is over-staying at time t if t - entered > the limit in force at t.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from stepdown.outputs.measures.frames import category
from stepdown.outputs.measures.intervals import Floats, clipped, sums
from stepdown.outputs.measures.periods import Steps, steps
from stepdown.outputs.measures.runs import Runs, find_runs, positions
from stepdown.outputs.measures.spells import days
from stepdown.scenarios.schema import Scenario
from stepdown.simulation.tables import Tables, Window


def over_stays(
    tables: Tables, scenario: Scenario, window: Window, each_replication: bool = False, runs: Runs | None = None
) -> pd.DataFrame:
    """Return over-stays by setting, for the settings that ever have a maximum stay.

    Returns
    -------
    pd.DataFrame
        Columns option, (replication,) setting, person_days (lived there within the window), over_days (of these,
        beyond the maximum), over_days_a_year, over_percent (of person_days; missing if nobody lived there) and
        over_at_end (people beyond it at the end). Averaged over replications unless each is asked for.
    """
    runs = find_runs(tables) if runs is None else runs
    limits = {name: steps(setting.maximum_stay, scenario.start) for name, setting in scenario.settings.items()}
    limited = [name for name, limit in limits.items() if not np.isnan(limit.values).all()]
    setting, run = positions(tables.stays["setting"], limited), runs.of(tables.stays)
    entered, left = days(tables.stays, "entered"), days(tables.stays, "left")
    table = runs.expand(len(limited))
    table["setting"] = category(limited, np.tile(np.arange(len(limited)), runs.number))
    totals = np.zeros((3, runs.number, len(limited)))
    for place, name in enumerate(limited):
        here = setting == place
        found = _over(entered[here], left[here], limits[name], window)
        for row, weights in enumerate(found):
            totals[row, :, place] = sums(run[here], weights, runs.number)
    names = ["person_days", "over_days", "over_at_end"]
    table[names] = totals.reshape(3, -1).T
    if not each_replication:
        table = table.groupby(["option", "setting"], observed=True, sort=False, as_index=False)[names].mean()
    table["over_days_a_year"] = table["over_days"] / window.years
    table["over_percent"] = 100 * table["over_days"] / table["person_days"].where(table["person_days"] > 0)
    return table


class _Over(NamedTuple):
    person_days: Floats
    over_days: Floats
    at_end: Floats


def _over(entered: Floats, left: Floats, limit: Steps, window: Window) -> _Over:
    """Add up each stay's days beyond the limit, for each limit while it is in force."""
    begin, finish = clipped(entered, left, window.days)
    over = np.zeros(len(entered))
    for since, until, longest in zip(limit.days, np.append(limit.days[1:], np.inf), limit.values, strict=True):
        if not np.isnan(longest):
            late = np.maximum(np.maximum(entered + longest, since), begin)
            over += np.maximum(np.minimum(finish, until) - late, 0.0)
    last = limit.at(np.array([np.nextafter(window.days, 0)]))[0]
    staying = np.isnan(left) | (left >= window.days)
    return _Over(finish - begin, over, (staying & (window.days - entered > last)).astype(np.float64))
