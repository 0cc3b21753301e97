"""Days lived in each scheme and days that its places stood empty, by bin of time: what occupancy and costs rest on.

Empty places at a moment are max(places - people, 0) for each scheme, added up over time exactly, not from averages: a
scheme that is over-full in the morning does not fill the void of the evening, nor of another scheme.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from stepdown.outputs.measures.intervals import Floats, Integers, clipped, levels, sums, time_within
from stepdown.outputs.measures.periods import Periods, Steps, months, refine
from stepdown.outputs.measures.runs import Runs, positions
from stepdown.outputs.measures.spells import days
from stepdown.scenarios.schema import Scenario
from stepdown.simulation.tables import Tables, Window


class Sites(NamedTuple):
    """The schemes of a scenario; a setting without schemes is one of its own name.

    Attributes
    ----------
    schemes
        Their names, in the scenario's order.
    settings
        The setting of each.
    """

    schemes: tuple[str, ...]
    settings: tuple[str, ...]

    def setting_numbers(self, scenario: Scenario) -> Integers:
        """Return the position of each scheme's setting in the scenario."""
        return np.array([list(scenario.settings).index(name) for name in self.settings], dtype=np.int64)


def sites(scenario: Scenario) -> Sites:
    """Return the schemes of a scenario."""
    pairs = [(scheme, name) for name, setting in scenario.settings.items() for scheme in (setting.schemes or [name])]
    return Sites(tuple(scheme for scheme, _ in pairs), tuple(setting for _, setting in pairs))


class PlaceDays(NamedTuple):
    """What happened in each scheme of each run.

    Attributes
    ----------
    months
        The months of the window.
    edges
        Shape (bins + 1,): days between which places and prices stay the same; every month's edges are among them.
    people
        Shape (runs, schemes, bins): days lived there.
    void
        Shape (runs, schemes, bins): days that places stood empty; 0 where places are unlimited.
    places
        Shape (options, schemes, bins): the number of places; infinity where they are unlimited.
    """

    months: Periods
    edges: Floats
    people: Floats
    void: Floats
    places: Floats

    def by_month(self, amounts: Floats) -> Floats:
        """Add up amounts of shape (…, bins) to (…, months)."""
        first = np.searchsorted(self.edges, self.months.edges[:-1])
        return np.asarray(np.add.reduceat(amounts, first, axis=-1))

    @property
    def place_days(self) -> Floats:
        """Days that places were there, shape (options, schemes, bins)."""
        return self.places * np.diff(self.edges)


def site_of(tables: Tables, known: Sites) -> Integers:
    """Return the scheme of each stay, as its position among the sites."""
    site = positions(tables.stays["scheme"], known.schemes)
    if (site < 0).any():
        name = tables.stays["scheme"].iloc[int(np.argmin(site))]
        raise ValueError(f"the stays name the scheme {name!r}, which the scenario has not: are they from another one?")
    return site


def place_days(tables: Tables, known: Sites, window: Window, runs: Runs, changes: tuple[float, ...] = ()) -> PlaceDays:
    """Return days lived in each scheme and days of empty places.

    Parameters
    ----------
    tables
        What the runs yielded.
    known
        The schemes.
    window
        The time that is measured.
    runs
        The runs in the tables.
    changes
        Further days at which bins shall begin, such as changes of price.
    """
    timelines = _timelines(tables, known, runs)
    month = months(window)
    moments = [float(day) for steps in timelines.values() for day in steps.days] + list(changes)
    edges = refine(month, moments)
    bins, schemes = len(edges) - 1, len(known.schemes)
    places = np.zeros((len(runs.options), schemes, bins))
    for (option, scheme), steps in timelines.items():
        places[option, scheme] = steps.at(edges[:-1])

    site, run = site_of(tables, known), runs.of(tables.stays)
    start, end = clipped(days(tables.stays, "entered"), days(tables.stays, "left"), window.days)
    cell, cells = run * schemes + site, runs.number * schemes
    people = time_within(cell, start, end, cells, edges).reshape(runs.number, schemes, bins)
    void = _void(cell, start, end, runs, places, edges)
    return PlaceDays(month, edges, people, void, places)


def _timelines(tables: Tables, known: Sites, runs: Runs) -> dict[tuple[int, int], Steps]:
    """Return the places of each option and scheme as they change; none before the first that is stated."""
    table = tables.places
    option, scheme = positions(table["option"], runs.options), positions(table["scheme"], known.schemes)
    day, places = days(table, "from"), table["places"].to_numpy(dtype=np.float64)
    found = {}
    for pair in sorted({(int(a), int(b)) for a, b in zip(option, scheme, strict=True) if a >= 0 and b >= 0}):
        rows = np.flatnonzero((option == pair[0]) & (scheme == pair[1]))
        rows = rows[np.argsort(day[rows], kind="stable")]
        found[pair] = Steps(np.append(-np.inf, day[rows]), np.append(0.0, places[rows]))
    return found


def _void(cell: Integers, start: Floats, end: Floats, runs: Runs, places: Floats, edges: Floats) -> Floats:
    """Follow the people in each scheme that has limited places, and add up the places left over."""
    schemes, bins = places.shape[1:]
    limited = np.flatnonzero(np.isfinite(places).any(axis=(0, 2)))
    narrow = np.full(schemes, -1, dtype=np.int64)
    narrow[limited] = np.arange(len(limited))
    column = narrow[cell % schemes] if schemes else cell
    keep = column >= 0
    row = cell // max(schemes, 1) * len(limited) + column
    open_ = levels(row[keep], start[keep], end[keep], runs.number * len(limited), edges)
    run, scheme = open_.cell // max(len(limited), 1), limited[open_.cell % max(len(limited), 1)]
    number = places[runs.option[run], scheme, open_.bin]
    empty = np.where(np.isinf(number), 0.0, np.maximum(number - open_.level, 0.0)) * open_.length
    index = (run * schemes + scheme) * bins + open_.bin
    return sums(index, empty, runs.number * schemes * bins).reshape(runs.number, schemes, bins)
