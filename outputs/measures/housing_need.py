"""Supply of and demand for places, by financial year, setting and area: what a local strategy for housing asks.

Supply is the places that are there, by the area of their scheme. Demand for a setting is the people who live in it and
the people who are known to be ready for it and wait elsewhere, by the area of the person. All are averages over the
time of each year, exact to the moment of each event. What they mean is said in full in `HousingNeed`.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from stepdown.outputs.measures.activity import activity_of
from stepdown.outputs.measures.history import History
from stepdown.outputs.measures.intervals import Floats, Integers, clipped, sums, time_within
from stepdown.outputs.measures.periods import Periods, financial_years
from stepdown.outputs.measures.place_days import PlaceDays, place_days
from stepdown.outputs.measures.runs import positions
from stepdown.scenarios.schema import Scenario


class HousingNeed(NamedTuple):
    """Supply and demand of each run, arrays of shape (runs, settings, areas + 1, years).

    The last of the areas is none: of schemes that are in no area. Nobody belongs to it.

    Attributes
    ----------
    places
        Places there, averaged over the year; infinity where they are unlimited (for people of any area, where an
        unlimited scheme is in none).
    empty
        Places that stand empty, averaged over the year; 0 where they are unlimited.
    people
        People who live in the setting, averaged over the year.
    ready
        Of these, people who are ready to be elsewhere (and whether anybody knows it or not), averaged over the year.
    waiting
        People who are known to be ready for the setting and live in another, averaged over the year: `times_waiting`.
    waiting_at_end
        How many of them there are when the year ends.
    waited_at_end
        Days that those have waited by then, added up.
    """

    places: Floats
    empty: Floats
    people: Floats
    ready: Floats
    waiting: Floats
    waiting_at_end: Floats
    waited_at_end: Floats

    @property
    def demand(self) -> Floats:
        """People who live in the setting or wait for it elsewhere, averaged over the year."""
        return self.people + self.waiting

    def over_all_areas(self) -> HousingNeed:
        """Return the same with one area, which is all of them together."""
        return HousingNeed(*(amount.sum(axis=2, keepdims=True) for amount in self))


class Waiting(NamedTuple):
    """Times that people wait for a setting while they live in another, one a row.

    Attributes
    ----------
    stay
        Shape (times,): the row of the stay.
    setting
        Shape (times,): the setting waited for, as its position in the scenario.
    start, end
        Shape (times,): days; the end is missing while it goes on.
    """

    stay: Integers
    setting: Integers
    start: Floats
    end: Floats


def housing_need(history: History) -> HousingNeed:
    """Return supply and demand of each run.

    Raises
    ------
    ValueError
        If an area of the stays is none of the scenario's.
    """
    stays, end = history.stays, history.window.days
    years, areas = financial_years(history.window), _areas_of_stays(history)
    ledger, place = place_days(activity_of(history)), (stays.run, stays.setting, areas)
    waits = times_waiting(history)
    waiting = (stays.run[waits.stay], waits.setting, areas[waits.stay])
    return HousingNeed(
        _supply(history, ledger, ledger.place_days[history.runs.option], years, unlimited_for_all=True),
        _supply(history, ledger, ledger.void, years, unlimited_for_all=False),
        _averages(history, place, *clipped(stays.entered, stays.left, end), years),
        _averages(history, place, *clipped(stays.ready, stays.left, end), years),
        _averages(history, waiting, *clipped(waits.start, waits.end, end), years),
        *_at_ends(history, waiting, waits, years),
    )


def times_waiting(history: History) -> Waiting:
    """Return when people waited for which setting while they lived in another.

    They wait from the moment at which they are ready and somebody knows it, so that steps before the list count, until
    they move, give up, leave or die. Where somebody gave up and joined another list, they wait for the one and then for
    the other. Of people who die before they are on a list, the tables do not say where they were to go: they do not
    count.
    """
    stays, spells = history.stays, history.spells
    known = np.maximum(stays.ready, stays.identified)
    first = np.append(True, spells.stay[1:] != spells.stay[:-1])[: len(spells.stay)]
    begun = np.where(first, known[spells.stay], spells.start)
    to_setting = (stays.to >= 0) & (stays.to < len(history.scenario.settings))
    preparing = np.flatnonzero(to_setting & np.isnan(stays.listed) & ~np.isnan(known))
    stay, setting = np.append(spells.stay, preparing), np.append(spells.setting, stays.to[preparing])
    start, end = np.append(begun, known[preparing]), np.append(spells.end, stays.left[preparing])
    elsewhere = np.flatnonzero(setting != stays.setting[stay])
    return Waiting(stay[elsewhere], setting[elsewhere], start[elsewhere], end[elsewhere])


def areas_of_schemes(scenario: Scenario) -> list[int]:
    """Return the position of each scheme's area among the scenario's, in the order of the sites; beyond them if none.

    Where there is only one area, every scheme is in it.
    """
    areas = list(scenario.areas)
    schemes = [scheme for setting in scenario.settings.values() for scheme in (setting.schemes.values() or [setting])]
    nowhere = 0 if len(areas) == 1 else len(areas)
    return [nowhere if scheme.area is None else areas.index(scheme.area) for scheme in schemes]


def _areas_of_stays(history: History) -> Integers:
    stated = history.tables.stays["area"]
    areas = positions(stated, history.scenario.areas)
    if areas.min(initial=0) < 0:
        name = stated.iloc[int(np.argmin(areas))]
        raise ValueError(f"the stays name the area {name!r}, which the scenario has not: are they from another one?")
    return areas


def _supply(history: History, ledger: PlaceDays, days: Floats, years: Periods, unlimited_for_all: bool) -> Floats:
    """Return averages by setting and area from days by scheme, shape (runs, schemes, bins)."""
    # Every month's edges are among the bins', and so are every year's.
    first = np.searchsorted(ledger.edges, years.edges[:-1])
    by_scheme = np.add.reduceat(days, first, axis=-1) / years.lengths
    found = np.zeros(_shape(history, years))
    settings = history.sites.setting_numbers(history.scenario)
    for scheme, (setting, area) in enumerate(zip(settings, areas_of_schemes(history.scenario), strict=True)):
        found[:, setting, area] += by_scheme[:, scheme]
    if unlimited_for_all:
        found[np.broadcast_to(np.isinf(found[:, :, -1:]), found.shape)] = np.inf
    return found


def _averages(
    history: History, of: tuple[Integers, Integers, Integers], start: Floats, end: Floats, years: Periods
) -> Floats:
    """Return averages over each year of how many intervals are open, by run, setting and area."""
    shape = _shape(history, years)
    cells = int(np.prod(shape[:3]))
    days = time_within(np.ravel_multi_index(of, shape[:3]), start, end, cells, years.edges)
    return days.reshape(shape) / years.lengths


def _at_ends(
    history: History, of: tuple[Integers, Integers, Integers], waits: Waiting, years: Periods
) -> tuple[Floats, Floats]:
    """Return how many people wait at the end of each year, and the days that they have waited by then."""
    shape = _shape(history, years)
    cell, cells = np.ravel_multi_index(of, shape[:3]), int(np.prod(shape[:3]))
    people, days = np.empty(shape), np.empty(shape)
    for year, end in enumerate(years.edges[1:]):
        there = (waits.start < end) & ~(waits.end < end)
        people[..., year] = sums(cell[there], np.ones(int(there.sum())), cells).reshape(shape[:3])
        days[..., year] = sums(cell[there], end - waits.start[there], cells).reshape(shape[:3])
    return people, days


def _shape(history: History, years: Periods) -> tuple[int, int, int, int]:
    scenario = history.scenario
    return history.runs.number, len(scenario.settings), len(scenario.areas) + 1, len(years.labels)
