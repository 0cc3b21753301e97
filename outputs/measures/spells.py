"""Who waited on which list, from when until when, and how it ended: read off the stays.

A stay holds one listing, or two where somebody gave up and joined another list (see `stepdown.simulation.tables`).
Somebody gave up and joined another list where ``listed_day`` is later than max(ready, prepared), or where they gave up
at once (the two are equal) and the place they now wait for is limited; else they went where they went at once.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from stepdown.outputs.measures.columns import StayColumns
from stepdown.outputs.measures.compiling import compiled
from stepdown.outputs.measures.intervals import Booleans, Floats, Integers
from stepdown.scenarios.schema import Scenario
from stepdown.simulation.tables import Tables

MOVED, WAITING, STOPPED = 0, 1, 2
"""How a spell ended: in a move to the setting waited for, not yet, or otherwise (died, gave up)."""


class Spells(NamedTuple):
    """Times on waiting lists, one a row.

    Attributes
    ----------
    stay
        Shape (spells,): the row of the stay.
    setting
        Shape (spells,): the setting waited for, as its position in the scenario.
    start, end
        Shape (spells,): days; the end is missing while it goes on.
    outcome
        Shape (spells,): `MOVED`, `WAITING` or `STOPPED`.
    """

    stay: Integers
    setting: Integers
    start: Floats
    end: Floats
    outcome: Integers

    def only(self, rows: Booleans) -> Spells:
        """Return some of the spells."""
        chosen = np.flatnonzero(rows)
        return Spells(
            self.stay[chosen], self.setting[chosen], self.start[chosen], self.end[chosen], self.outcome[chosen]
        )


class Lists(NamedTuple):
    """The waiting lists of a scenario's settings, in its order.

    Attributes
    ----------
    settings
        Their names.
    limited
        Shape (settings,): whether places are limited, in any of its schemes at any time; where they are not, nobody
        waits.
    """

    settings: tuple[str, ...]
    limited: Booleans


def lists(tables: Tables, scenario: Scenario) -> Lists:
    """Return the settings and whether their places are limited."""
    finite = set(tables.places.loc[np.isfinite(tables.places["places"].to_numpy()), "scheme"].unique())
    limited = [bool(finite & {name, *setting.schemes}) for name, setting in scenario.settings.items()]
    return Lists(tuple(scenario.settings), np.array(limited, dtype=np.bool_))


def list_spells(stays: StayColumns, known: Lists) -> Spells:
    """Return all times on waiting lists, for every setting (places limited or not)."""
    target = np.where(stays.to < len(known.settings), stays.to, -1)
    moments = (stays.ready, stays.prepared, stays.listed, stays.left)
    return Spells(*_spells(target, stays.gave_up, stays.died, *moments, known.limited))


@compiled
def _spells(
    target: Integers,
    gave_up: Integers,
    died: Integers,
    ready: Floats,
    prepared: Floats,
    listed: Floats,
    left: Floats,
    limited: Booleans,
) -> tuple[Integers, Integers, Floats, Floats, Integers]:
    most = 2 * len(target)
    stay, setting, outcome = np.empty(most, np.int64), np.empty(most, np.int64), np.empty(most, np.int64)
    start, end = np.empty(most), np.empty(most)
    spells = 0
    for row in range(len(target)):
        another = False
        if gave_up[row] >= 0:
            joined = prepared[row] if np.isnan(ready[row]) or prepared[row] > ready[row] else ready[row]
            another = listed[row] > joined or (target[row] >= 0 and limited[target[row]])
            stay[spells], setting[spells], outcome[spells] = row, gave_up[row], STOPPED
            start[spells] = listed[row] if np.isnan(joined) else joined
            end[spells] = listed[row] if another else left[row]
            spells += 1
        waited_for = died[row] if died[row] >= 0 else target[row]
        if waited_for >= 0 and not np.isnan(listed[row]) and (gave_up[row] < 0 or another):
            stay[spells], setting[spells], start[spells], end[spells] = row, waited_for, listed[row], left[row]
            ended = WAITING if np.isnan(left[row]) else MOVED
            outcome[spells] = STOPPED if died[row] >= 0 else ended
            spells += 1
    return stay[:spells], setting[:spells], start[:spells], end[:spells], outcome[:spells]
