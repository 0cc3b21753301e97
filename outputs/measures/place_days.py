"""Days lived in each scheme and days that its places stood empty, by bin of time: what occupancy and costs rest on.

Empty places at a moment are max(places - people, 0) for each scheme, added up over time exactly, not from averages: a
scheme that is over-full in the morning does not fill the void of the evening, nor of another scheme.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from stepdown.outputs.measures.columns import days
from stepdown.outputs.measures.history import History, Sites
from stepdown.outputs.measures.intervals import Floats, clipped, empty_within, time_within
from stepdown.outputs.measures.periods import Periods, Steps, months, refine
from stepdown.outputs.measures.runs import Runs, positions
from stepdown.simulation.tables import Tables


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


def place_days(history: History, changes: tuple[float, ...] = ()) -> PlaceDays:
    """Return days lived in each scheme and days of empty places.

    Parameters
    ----------
    history
        The runs.
    changes
        Further days at which bins shall begin, such as changes of price.
    """
    runs, stays, window = history.runs, history.stays, history.window
    timelines = _timelines(history.tables, history.sites, runs)
    month = months(window)
    moments = [float(day) for steps in timelines.values() for day in steps.days] + list(changes)
    edges = refine(month, moments)
    bins, schemes = len(edges) - 1, len(history.sites.schemes)
    places = np.zeros((len(runs.options), schemes, bins))
    for (option, scheme), steps in timelines.items():
        places[option, scheme] = steps.at(edges[:-1])

    start, end = clipped(stays.entered, stays.left, window.days)
    cell, shape = stays.run * schemes + history.site_of_stays(), (runs.number, schemes, bins)
    people = time_within(cell, start, end, runs.number * schemes, edges)
    void = empty_within(cell, start, end, edges, places[runs.option].reshape(-1, bins))
    return PlaceDays(month, edges, people.reshape(shape), void.reshape(shape), places)


def _timelines(tables: Tables, known: Sites, runs: Runs) -> dict[tuple[int, int], Steps]:
    """Return the places of each option and scheme as they change; none before the first that is stated."""
    table = tables.places
    option, scheme = positions(table["option"], runs.options), positions(table["scheme"], known.schemes)
    day, places = days(table, "from"), table["places"].to_numpy(dtype=np.float64)
    found = {}
    schemes = len(known.schemes)
    pair = np.where((option >= 0) & (scheme >= 0), option * schemes + scheme, -1)
    for one in np.unique(pair[pair >= 0]):
        # Every run states its places again.
        changes = dict(zip(day[pair == one], places[pair == one], strict=True))
        since = np.array(sorted(changes))
        values = np.array([0.0, *(changes[moment] for moment in since)])
        found[int(one // schemes), int(one % schemes)] = Steps(np.append(-np.inf, since), values)
    return found
