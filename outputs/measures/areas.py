"""What happens to the people of each area, and to the places that stand in it.

A person belongs to an area wherever they live; a scheme stands in the area that the scenario gives it, if any. Where a
scenario has only one area there is nothing to tell apart, and nothing is measured.
"""

from __future__ import annotations

import math

import numpy as np

from stepdown.outputs.measures.history import History
from stepdown.outputs.measures.intervals import Floats, Integers, clipped, sums, time_within
from stepdown.outputs.measures.occupancy import listed_when_it_ended
from stepdown.outputs.measures.place_days import PlaceDays
from stepdown.outputs.measures.runs import positions
from stepdown.outputs.measures.waits import Seen
from stepdown.scenarios.check_places import schemes_in

AREA_LIST = "list by area"
"""What is timed: listed until moved, on all lists together, by the area of the person."""

AREA_MEASURES = {
    "people": "people of the area who live in limited places, on average",
    "elsewhere": "those of them whose scheme stands in another area, on average",
    "voids": "empty places of the schemes that stand in the area, on average",
    "waiting_at_end": "people of the area on waiting lists at the end",
}
"""The measures of each replication and area that a summary holds, with what they mean."""


def areas_of(history: History) -> tuple[str, ...]:
    """Return the areas that can be told apart: none where there is only one."""
    areas = tuple(history.scenario.areas)
    return areas if len(areas) > 1 else ()


def area_waits(history: History, on_lists: Seen) -> Seen:
    """Return the waits on lists by the area of the person; rows are those of the stays.

    Parameters
    ----------
    history
        The runs.
    on_lists
        The waits by list: `stepdown.outputs.measures.waits.list_waits`.
    """
    area = _area_of_stays(history)[on_lists.row]
    some = np.flatnonzero(area >= 0)
    columns = {name: getattr(on_lists, name)[some] for name in ("row", "run", "entry", "duration", "outcome")}
    return Seen(AREA_LIST, areas_of(history), name=area[some], **columns)


def area_amounts(history: History, ledger: PlaceDays) -> Floats:
    """Return the measures of each run, in the order of `AREA_MEASURES`, shape (runs, measures, areas)."""
    if not areas_of(history):
        return np.empty((history.runs.number, len(AREA_MEASURES), 0))
    people, elsewhere = _people(history)
    voids = ledger.void.sum(axis=2) @ _standing_in(history) / history.window.days
    return np.stack([people, elsewhere, voids, _waiting_at_end(history)], axis=1)


def _area_of_stays(history: History) -> Integers:
    """Return the area of each stay's person, as its position; -1 where it is not told apart."""
    return positions(history.tables.stays["area"], areas_of(history))


def _area_of_sites(history: History) -> Integers:
    """Return the area in which each scheme stands, as its position; -1 where it is not said, or not told apart."""
    areas, settings = areas_of(history), history.scenario.settings
    said = [
        schemes_in(settings[setting], setting)[scheme].area
        for scheme, setting in zip(history.sites.schemes, history.sites.settings, strict=True)
    ]
    return np.array([areas.index(area) if area in areas else -1 for area in said], dtype=np.int64)


def _standing_in(history: History) -> Floats:
    """Return 1 where a scheme stands in an area, shape (schemes, areas)."""
    known = np.arange(len(areas_of(history)))
    return np.equal.outer(_area_of_sites(history), known).astype(np.float64)


def _people(history: History) -> tuple[Floats, Floats]:
    """Return the people of each area who live in limited places, and those in another area, shape (runs, areas)."""
    stays, window, areas = history.stays, history.window, len(areas_of(history))
    area, standing = _area_of_stays(history), _area_of_sites(history)[history.site_of_stays()]
    some = np.flatnonzero((area >= 0) & history.lists.limited[stays.setting])
    start, end = clipped(stays.entered[some], stays.left[some], window.days)
    away = (standing[some] >= 0) & (standing[some] != area[some])
    cell, shape = (stays.run[some] * areas + area[some]) * 2 + away, (history.runs.number, areas, 2)
    days = time_within(cell, start, end, math.prod(shape), np.array([0.0, window.days])).reshape(shape)
    return days.sum(axis=2) / window.days, days[:, :, 1] / window.days


def _waiting_at_end(history: History) -> Floats:
    spells, areas, runs = history.spells, len(areas_of(history)), history.runs.number
    area = _area_of_stays(history)[spells.stay]
    some = np.flatnonzero(listed_when_it_ended(history) & history.lists.limited[spells.setting] & (area >= 0))
    cell = history.stays.run[spells.stay[some]] * areas + area[some]
    return sums(cell, np.ones(len(cell)), runs * areas).reshape(runs, areas)
