"""Days lived beyond the maximum stay, whatever their cause.

Somebody is over-staying at time t if t - entered > the limit in force at t.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from stepdown.outputs.measures.compiling import compiled
from stepdown.outputs.measures.frames import category
from stepdown.outputs.measures.history import History, read_history
from stepdown.outputs.measures.intervals import Floats, Integers, clip
from stepdown.outputs.measures.periods import steps
from stepdown.scenarios.schema import Scenario
from stepdown.simulation.tables import Tables, Window


def over_stays(tables: Tables, scenario: Scenario, window: Window, each_replication: bool = False) -> pd.DataFrame:
    """Return over-stays by setting, for the settings that ever have a maximum stay.

    Returns
    -------
    pd.DataFrame
        Columns option, (replication,) setting, person_days (lived there within the window), over_days (of these,
        beyond the maximum), over_days_a_year, over_percent (of person_days; missing if nobody lived there) and
        over_at_end (people beyond it at the end). Averaged over replications unless each is asked for.
    """
    history = read_history(tables, scenario, window)
    limited, amounts = over_stay_amounts(history)
    runs = history.runs
    table = runs.expand(len(limited))
    table["setting"] = category(limited, np.tile(np.arange(len(limited)), runs.number))
    names = list(OverStays._fields)
    table[names] = np.stack([amount.ravel() for amount in amounts], axis=1)
    if not each_replication:
        table = table.groupby(["option", "setting"], observed=True, sort=False, as_index=False)[names].mean()
    table["over_days_a_year"] = table["over_days"] / window.years
    table["over_percent"] = 100 * table["over_days"] / table["person_days"].where(table["person_days"] > 0)
    return table


class OverStays(NamedTuple):
    """Over-stays of each run and setting that ever has a maximum stay, each of shape (runs, settings).

    Attributes
    ----------
    person_days
        Days lived there within the window.
    over_days
        Of these, days beyond the maximum.
    over_at_end
        People beyond it at the end.
    """

    person_days: Floats
    over_days: Floats
    over_at_end: Floats


def over_stay_amounts(history: History) -> tuple[list[str], OverStays]:
    """Return the settings that ever have a maximum stay, and their over-stays."""
    scenario, stays, number = history.scenario, history.stays, history.runs.number
    limits = {name: steps(setting.maximum_stay, scenario.start) for name, setting in scenario.settings.items()}
    limited = [name for name, limit in limits.items() if not np.isnan(limit.values).all()]
    totals = OverStays(*np.zeros((3, number, len(limited))))
    columns = (stays.run, stays.setting, stays.entered, stays.left)
    for place, name in enumerate(limited):
        setting, limit = list(scenario.settings).index(name), limits[name]
        found = _over(*columns, setting, limit.days, limit.values, history.window.days, number)
        for amount, values in zip(totals, found, strict=True):
            amount[:, place] = values
    return limited, totals


@compiled
def _over(
    run: Integers,
    lived_in: Integers,
    entered: Floats,
    left: Floats,
    setting: int,
    since: Floats,
    limits: Floats,
    days: float,
    runs: int,
) -> Floats:
    """Add up what `OverStays` has of the stays in one setting, each limit (or none) being in force from a day on."""
    found = np.zeros((3, runs))
    for stay in range(len(run)):
        if lived_in[stay] != setting:
            continue
        begin, finish = clip(entered[stay], left[stay], days)
        over, last = 0.0, np.nan
        for at in range(len(limits)):
            until = since[at + 1] if at + 1 < len(limits) else np.inf
            if not np.isnan(limits[at]):
                late = max(entered[stay] + limits[at], since[at], begin)
                over += max(min(finish, until) - late, 0.0)
            if since[at] < days:
                last = limits[at]
        staying = np.isnan(left[stay]) or left[stay] >= days
        found[0, run[stay]] += finish - begin
        found[1, run[stay]] += over
        found[2, run[stay]] += staying and days - entered[stay] > last
    return found
