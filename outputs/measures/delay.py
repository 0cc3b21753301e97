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

from stepdown.outputs.measures.columns import days
from stepdown.outputs.measures.compiling import compiled
from stepdown.outputs.measures.frames import category
from stepdown.outputs.measures.history import History, read_history
from stepdown.outputs.measures.intervals import Floats, Integers, clip, clipped, shared_time, sums
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
    tables: Tables, scenario: Scenario, window: Window, by: Sequence[str] = (), each_replication: bool = False
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

    Returns
    -------
    pd.DataFrame
        Columns option, (replication,) the splits, cause (of `CAUSES`), name (of the step or list), days,
        days_a_year, people (days ÷ length of the window: how many are held up by it at a time) and percent (of the
        days of that option, (replication) and splits). Causes of no delay have no row.
    """
    history = read_history(tables, scenario, window)
    parts = delay_parts(history)
    names = names_of_delay(history)
    stay = np.concatenate([part.stay for part in parts])
    rows = tables.stays[["option", "replication", *by]].iloc[stay].reset_index(drop=True)
    rows["cause"] = category(CAUSES, np.repeat([part.cause for part in parts], [len(part.stay) for part in parts]))
    rows["name"] = category(names, np.concatenate([part.name for part in parts]))
    rows["days"] = np.concatenate([part.days for part in parts])
    group = ["option", *(["replication"] if each_replication else []), *by]
    table = rows.groupby([*group, "cause", "name"], observed=True, as_index=False)[["days"]].sum()
    if not each_replication:
        table["days"] /= history.runs.number_of(table["option"])
    table["days_a_year"] = table["days"] / window.years
    table["people"] = table["days"] / window.days
    whole = table.groupby(group, observed=True)["days"].transform("sum")
    table["percent"] = 100 * table["days"] / whole.where(whole > 0)
    return table


def delayed_days(stays: pd.DataFrame, window: Window) -> Floats:
    """Return for each stay the days within the window that the person was ready but had not moved."""
    start, end = clipped(days(stays, "ready"), days(stays, "left"), window.days)
    return end - start


def delay_by_run(history: History) -> Floats:
    """Return days of delay, shape (runs, causes, names): `CAUSES` and `names_of_delay`."""
    shape = (history.runs.number, len(CAUSES), len(names_of_delay(history)))
    found = np.zeros(shape[0] * shape[1] * shape[2])
    for part in delay_parts(history):
        cell = history.stays.run[part.stay] * (shape[1] * shape[2]) + (part.cause * shape[2] + part.name)
        found += sums(cell, part.days, len(found))
    return found.reshape(shape)


def names_of_delay(history: History) -> tuple[str, ...]:
    """Return what may be waited for: the steps, the lists, and what stands for neither."""
    everything = (*history.steps.names, *history.lists.settings, REVIEW, NO_STEP, UNKNOWN_LIST)
    # A list may be called as a step is.
    return tuple(dict.fromkeys(everything))


class Part(NamedTuple):
    """Delay of one cause.

    Attributes
    ----------
    cause
        Position in `CAUSES`.
    stay
        Shape (delays,): the row of the stay.
    name
        Shape (delays,): what was waited for, as its position in `names_of_delay`.
    days
        Shape (delays,): how long.
    """

    cause: int
    stay: Integers
    name: Integers
    days: Floats


def delay_parts(history: History) -> list[Part]:
    """Return each part of every stay's delay within the window."""
    stays = history.stays
    moments = (stays.ready, stays.identified, stays.prepared, stays.left)
    hidden, preparing, waiting = _three_parts(*moments, history.window.days)
    names = names_of_delay(history)
    step, no_step = _shared_among_steps(history, *preparing)
    place, unknown = _shared_among_lists(history, *waiting)
    return [
        _part("hidden", names.index(REVIEW), hidden),
        step,
        _part("step", names.index(NO_STEP), no_step),
        place,
        _part("place", names.index(UNKNOWN_LIST), unknown),
    ]


@compiled
def _three_parts(
    ready: Floats, identified: Floats, prepared: Floats, left: Floats, days: float
) -> tuple[Floats, Floats, Floats]:
    """Return how long the delay of each stay was hidden, and from when until when it went on with steps and lists."""
    hidden, preparing, waiting = np.empty(len(ready)), np.empty((2, len(ready))), np.empty((2, len(ready)))
    for stay in range(len(ready)):
        until = np.inf if np.isnan(left[stay]) else left[stay]
        # The end of the stay stands for a moment that never came. Who is not ready is not delayed: their ready day is
        # missing, and so is then the start of each part.
        known, done = _first(identified[stay], until), _first(prepared[stay], until)
        begin, end = clip(ready[stay], known, days)
        hidden[stay] = end - begin
        preparing[0, stay], preparing[1, stay] = clip(_later(ready[stay], known), done, days)
        waiting[0, stay], waiting[1, stay] = clip(_later(ready[stay], done), until, days)
    return hidden, preparing, waiting


@compiled
def _first(moment: float, until: float) -> float:
    return moment if moment < until else until


@compiled
def _later(ready: float, moment: float) -> float:
    return moment if moment > ready else ready


def _part(cause: str, name: int, lengths: Floats) -> Part:
    some = np.flatnonzero(lengths > ROUNDING)
    return Part(CAUSES.index(cause), some, np.full(len(some), name), lengths[some])


def _shared_among_steps(history: History, start: Floats, end: Floats) -> tuple[Part, Floats]:
    """Share out each stay's preparation, from start to end, among the steps that were open; return what is left too."""
    steps = history.steps
    open_, stay, begin, finish = _open_steps(history.stay_of_steps(), steps.queued, steps.finished, start, end)
    shared = shared_time(stay, begin, finish)
    left = (end - start) - sums(stay, shared, len(start))
    return Part(CAUSES.index("step"), stay, steps.step[open_], shared), left


@compiled
def _open_steps(
    stay: Integers, queued: Floats, finished: Floats, start: Floats, end: Floats
) -> tuple[Integers, Integers, Floats, Floats]:
    """Return the steps that were open during the preparation of a stay, with the stay, from when and until when."""
    rows, begins = np.empty((2, len(stay)), dtype=np.int64), np.empty((2, len(stay)))
    found = 0
    for row in range(len(stay)):
        if stay[row] >= 0:
            begin = max(queued[row], start[stay[row]])
            finish = _first(finished[row], end[stay[row]])
            if finish > begin:
                rows[0, found], rows[1, found] = row, stay[row]
                begins[0, found], begins[1, found] = begin, finish
                found += 1
    return rows[0, :found], rows[1, :found], begins[0, :found], begins[1, :found]


def _shared_among_lists(history: History, start: Floats, end: Floats) -> tuple[Part, Floats]:
    """Share out each stay's wait for a place among the lists that the person was on; return what is left too."""
    spells, names = history.spells, names_of_delay(history)
    some, stay, length = _on_lists(spells.stay, spells.start, spells.end, start, end, history.window.days)
    name = np.array([names.index(setting) for setting in history.lists.settings])[spells.setting[some]]
    return Part(CAUSES.index("place"), stay, name, length), (end - start) - sums(stay, length, len(start))


@compiled
def _on_lists(
    stay: Integers, since: Floats, until: Floats, start: Floats, end: Floats, days: float
) -> tuple[Integers, Integers, Floats]:
    """Return the spells on lists that are part of the wait of a stay, with the stay, and how long."""
    rows, lengths = np.empty((2, len(stay)), dtype=np.int64), np.empty(len(stay))
    found = 0
    for spell in range(len(stay)):
        if until[spell] <= since[spell]:
            continue
        begin, finish = clip(since[spell], until[spell], days)
        length = min(finish, end[stay[spell]]) - max(begin, start[stay[spell]])
        if length > 0:
            rows[0, found], rows[1, found], lengths[found] = spell, stay[spell], length
            found += 1
    return rows[0, :found], rows[1, :found], lengths[:found]
