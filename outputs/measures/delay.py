"""Where delay comes from: what the days were spent on that people were ready to move but had not moved.

The days from ready to left fall into three parts, which add up to the whole:

- hidden: from ready until a review identified the person;
- steps: from ready and identified until prepared; each day belongs to the steps that were open then (queued but not
  finished), in equal parts where several were open side by side;
- place: from ready and prepared until left, by the setting whose list the person was on.

Preparation that began early and was over before the person was ready delays nobody and is not counted.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from stepdown.outputs.measures.frames import category
from stepdown.outputs.measures.intervals import Floats, Integers, clipped, shared_time, sums
from stepdown.outputs.measures.runs import Runs, find_runs, positions
from stepdown.outputs.measures.spells import days, list_spells, lists
from stepdown.outputs.measures.waits import stay_of_steps
from stepdown.scenarios.schema import Scenario
from stepdown.simulation.tables import Tables, Window

CAUSES = ("hidden", "step", "place")
"""The three parts of delay."""

REVIEW, NO_STEP, UNKNOWN_LIST = "review", "no step open", "another list"
"""Names of what is waited for besides steps and settings: a review; nothing that is recorded; a list that somebody gave
up before they joined the one that they then died on (the tables keep only the last)."""

ROUNDING = 1e-9
"""Days below this are rounding."""


def delay(
    tables: Tables,
    scenario: Scenario,
    window: Window,
    by: Sequence[str] = (),
    each_replication: bool = False,
    runs: Runs | None = None,
) -> pd.DataFrame:
    """Return where delay comes from, within the window.

    Parameters
    ----------
    tables, scenario, window
        What the runs of one scenario yielded, the scenario, and the time that is measured.
    by
        Splits: any of setting, scheme (where they live), group, area.
    each_replication
        Whether each replication has rows of its own; else they are averaged.
    runs
        The runs, where they are known already.

    Returns
    -------
    pd.DataFrame
        Columns option, (replication,) the splits, cause (of `CAUSES`), name (of the step or list), days,
        days_a_year, people (days ÷ length of the window: how many are held up by it at a time) and percent (of the
        days of that option, (replication) and splits). Causes of no delay have no row.
    """
    runs = find_runs(tables) if runs is None else runs
    parts = [part for part in _parts(tables, scenario, window, runs) if len(part.stay)]
    names = tuple(dict.fromkeys(name for part in parts for name in part.names))
    stay = np.concatenate([np.empty(0, dtype=np.int64), *(part.stay for part in parts)])
    rows = tables.stays[["option", "replication", *by]].iloc[stay].reset_index(drop=True)
    rows["cause"] = category(CAUSES, np.repeat([CAUSES.index(p.cause) for p in parts], [len(p.stay) for p in parts]))
    rows["name"] = category(names, np.concatenate([np.empty(0, dtype=np.int64), *(p.renamed(names) for p in parts)]))
    rows["days"] = np.concatenate([np.empty(0), *(part.days for part in parts)])
    group = ["option", *(["replication"] if each_replication else []), *by]
    table = rows.groupby([*group, "cause", "name"], observed=True, as_index=False)[["days"]].sum()
    if not each_replication:
        table["days"] /= runs.number_of(table["option"])
    table["days_a_year"] = table["days"] / window.years
    table["people"] = table["days"] / window.days
    whole = table.groupby(group, observed=True)["days"].transform("sum")
    table["percent"] = 100 * table["days"] / whole.where(whole > 0)
    return table


def delayed_days(stays: pd.DataFrame, window: Window) -> Floats:
    """Return for each stay the days within the window that the person was ready but had not moved."""
    start, end = clipped(days(stays, "ready"), days(stays, "left"), window.days)
    return end - start


class _Part(NamedTuple):
    """Delay of one cause: the row of the stay, the number of the name, and days."""

    cause: str
    names: tuple[str, ...]
    stay: Integers
    name: Integers
    days: Floats

    def renamed(self, names: tuple[str, ...]) -> Integers:
        """Return the numbers of the names in another list of names."""
        return np.array([names.index(name) for name in self.names], dtype=np.int64)[self.name]


def _parts(tables: Tables, scenario: Scenario, window: Window, runs: Runs) -> list[_Part]:
    stays = tables.stays
    ready, left = days(stays, "ready"), days(stays, "left")
    until = np.where(np.isnan(left), np.inf, left)
    identified, prepared = (
        np.minimum(np.where(np.isnan(moment), np.inf, moment), until)
        for moment in (days(stays, "identified"), days(stays, "prepared"))
    )
    # np.maximum keeps a missing ready day missing: nobody who is not ready is delayed.
    found, done = np.maximum(ready, identified), np.maximum(ready, prepared)
    hidden = clipped(ready, identified, window.days)
    preparing = clipped(found, prepared, window.days)
    waiting = clipped(done, until, window.days)
    return [
        _part("hidden", (REVIEW,), hidden[1] - hidden[0]),
        *_step_parts(tables, runs, *preparing),
        *_place_parts(tables, scenario, window, *waiting),
    ]


def _part(cause: str, names: tuple[str, ...], lengths: Floats) -> _Part:
    some = np.flatnonzero(lengths > ROUNDING)
    return _Part(cause, names, some, np.zeros(len(some), dtype=np.int64), lengths[some])


def _step_parts(tables: Tables, runs: Runs, start: Floats, end: Floats) -> list[_Part]:
    """Share out each stay's preparation, from start to end, among the steps that were open."""
    steps = tables.case_steps
    stay = stay_of_steps(tables, runs)
    known = np.flatnonzero(stay >= 0)
    stay = stay[known]
    queued, finished = days(steps, "queued")[known], days(steps, "finished")[known]
    begin = np.maximum(queued, start[stay])
    finish = np.minimum(np.where(np.isnan(finished), np.inf, finished), end[stay])
    open_ = finish > begin
    stay, begin, finish = stay[open_], begin[open_], finish[open_]
    shared = shared_time(stay, begin, finish)
    names = tuple(str(name) for name in steps["step"].cat.categories)
    name = positions(steps["step"], names)[known][open_]
    rest = (end - start) - sums(stay, shared, len(start))
    return [_Part("step", names, stay, name, shared), _part("step", (NO_STEP,), rest)]


def _place_parts(tables: Tables, scenario: Scenario, window: Window, start: Floats, end: Floats) -> list[_Part]:
    """Share out each stay's wait for a place, from start to end, among the lists that the person was on."""
    known = lists(tables, scenario)
    spells = list_spells(tables.stays, known)
    begin, finish = clipped(spells.start, spells.end, window.days)
    begin, finish = np.maximum(begin, start[spells.stay]), np.minimum(finish, end[spells.stay])
    length = np.maximum(finish - begin, 0.0)
    some = length > 0
    rest = (end - start) - sums(spells.stay, length, len(start))
    listed = _Part("place", known.settings, spells.stay[some], spells.setting[some], length[some])
    return [listed, _part("place", (UNKNOWN_LIST,), rest)]
