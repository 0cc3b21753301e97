"""Who waited on which list, from when until when, and how it ended: read off the stays.

A stay holds one listing, or two where somebody gave up and joined another list (see `stepdown.simulation.tables`).
Somebody gave up and joined another list where ``listed_day`` is later than max(ready, prepared), or where they gave up
at once (the two are equal) and the place they now wait for is limited; else they went where they went at once.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from stepdown.outputs.measures.intervals import Booleans, Floats, Integers
from stepdown.outputs.measures.runs import positions
from stepdown.scenarios.schema import DIED, Scenario
from stepdown.simulation.tables import AND, Tables

GAVE_UP = "gave_up"
"""What `reason` begins with where somebody stopped waiting for the setting named after the colon."""

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
        return Spells(self.stay[rows], self.setting[rows], self.start[rows], self.end[rows], self.outcome[rows])


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
    finite = set(tables.places.loc[np.isfinite(tables.places["places"].to_numpy()), "scheme"].astype(str))
    limited = [bool(finite & {name, *setting.schemes}) for name, setting in scenario.settings.items()]
    return Lists(tuple(scenario.settings), np.array(limited, dtype=np.bool_))


def days(stays: pd.DataFrame, moment: str) -> Floats:
    """Return the days of one moment of the stays, such as ``ready``, as an array."""
    return stays[f"{moment}_day"].to_numpy(dtype=np.float64)


def list_spells(stays: pd.DataFrame, known: Lists) -> Spells:
    """Return all times on waiting lists, for every setting (places limited or not)."""
    ready, listed, left = days(stays, "ready"), days(stays, "listed"), days(stays, "left")
    joined_first = np.fmax(ready, days(stays, "prepared"))
    target = positions(stays["to"], known.settings)
    given_up, died_waiting = _named(stays["reason"], GAVE_UP, known), _named(stays["reason"], DIED, known)
    gave_up, died = given_up >= 0, died_waiting >= 0
    limited = known.limited[target] & (target >= 0)
    another = gave_up & ((listed > joined_first) | limited)

    first = np.flatnonzero(gave_up)
    given = Spells(
        first,
        given_up[first],
        np.where(np.isnan(joined_first), listed, joined_first)[first],
        np.where(another, listed, left)[first],
        np.full(len(first), STOPPED),
    )
    waited_for = np.where(died, died_waiting, target)
    second = np.flatnonzero((waited_for >= 0) & ~np.isnan(listed) & (~gave_up | another))
    ended = np.where(died, STOPPED, np.where(np.isnan(left), WAITING, MOVED))[second]
    final = Spells(second, waited_for[second], listed[second], left[second], ended)
    return Spells(
        np.concatenate([given.stay, final.stay]),
        np.concatenate([given.setting, final.setting]),
        np.concatenate([given.start, final.start]),
        np.concatenate([given.end, final.end]),
        np.concatenate([given.outcome, final.outcome]),
    )


def _named(reason: pd.Series, what: str, known: Lists) -> Integers:
    """Return the setting named after the word and a colon by a reason, or by a part of it; -1 for other reasons."""
    found = []
    for name in reason.cat.categories:
        parts = [part.removeprefix(f"{what}:") for part in str(name).split(AND) if part.startswith(f"{what}:")]
        found.append(known.settings.index(parts[0]) if parts and parts[0] in known.settings else -1)
    return np.array([*found, -1], dtype=np.int64)[reason.cat.codes.to_numpy()]
