"""Records as arrays, from a council's history or straight from a simulated replication: the same numbers from both.

Days are whole days since the first that is compared. What has not happened before they end has not happened: it is
missing.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from stepdown.calibration.history import CouncilHistory
from stepdown.calibration.matching.layout import Layout, codes
from stepdown.scenarios.network import NOWHERE, Network
from stepdown.simulation.compiled.engine import Columns, listed_for

Days = np.ndarray[Any, np.dtype[np.float64]]
Codes = np.ndarray[Any, np.dtype[np.int64]]


class Stays(NamedTuple):
    """Stays in the settings of a layout that overlap the time of the records, one entry each.

    ``setting`` and ``to`` are positions among the layout's settings and destinations (-1: elsewhere or not known).
    """

    person: Codes
    setting: Codes
    entered: Days
    ready: Days
    left: Days
    to: Codes


class Requests(NamedTuple):
    """Requests made while the records go on, for a setting of the layout."""

    person: Codes
    to: Codes
    requested: Days


class Steps(NamedTuple):
    """Steps of cases that overlap the time of the records."""

    step: Codes
    queued: Days
    started: Days
    finished: Days


class Records(NamedTuple):
    """All of them."""

    stays: Stays
    requests: Requests
    steps: Steps


def records_of_history(history: CouncilHistory, layout: Layout) -> Records:
    """Return the records of a history."""
    begins = np.datetime64(history.begins, "D") + layout.settling

    def days(column: pd.Series) -> Days:
        dates = column.to_numpy().astype("datetime64[D]")
        found = np.where(np.isnat(dates), np.nan, (dates - begins).astype("float64"))
        return np.where(found < layout.days, found, np.nan)

    stays, requests, steps = history.stays, history.requests, history.steps
    names = pd.Index(pd.concat([stays["person"], requests["person"]]).unique())
    return _records(
        layout,
        Stays(
            np.asarray(names.get_indexer(stays["person"]), dtype=np.int64),
            codes(stays["setting"], layout.settings),
            days(stays["entered"]),
            days(stays["ready"]),
            days(stays["left"]),
            codes(stays["to"], layout.destinations),
        ),
        Requests(
            np.asarray(names.get_indexer(requests["person"]), dtype=np.int64),
            codes(requests["to"], layout.settings),
            days(requests["requested"]),
        ),
        Steps(codes(steps["step"], layout.steps), *(days(steps[at]) for at in ("queued", "started", "finished"))),
    )


def records_of_columns(columns: Columns, network: Network, layout: Layout) -> Records:
    """Return the records that a council would have of a simulated replication.

    They are those of `stepdown.calibration.synthetic.past.past_of`, which makes tables of them first.
    """

    def days(column: Days) -> Days:
        since = column - layout.settling
        return np.floor(np.where(since < layout.days, since, np.nan))

    def place(known: tuple[str, ...], names: tuple[str, ...]) -> Codes:
        """Return the positions of a network's names among others; the last is for what is missing."""
        return np.array([*(known.index(name) if name in known else -1 for name in names), -1], dtype=np.int64)

    stays, steps = columns.stays, columns.steps
    settings = tuple(setting.name for setting in network.settings)
    destinations = place(layout.destinations, (*settings, *network.exits))
    own = place(layout.settings, settings)
    ready = np.maximum(stays["ready_day"], stays["identified_day"])  # not known if either is missing
    left = days(stays["left_day"])
    wanted = listed_for(network, stays["reason"], stays["to"])
    asked = days(stays["identified_day"])
    asking = (asked >= 0) & (wanted != NOWHERE) & (wanted < len(settings))
    return _records(
        layout,
        Stays(
            stays["person"],
            own[stays["setting"]],
            days(stays["entered_day"]),
            days(ready),
            left,
            np.where(np.isnan(left), -1, destinations[stays["to"]]),
        ),
        Requests(stays["person"][asking], own[wanted[asking]], asked[asking]),
        Steps(
            place(layout.steps, tuple(step.name for step in network.steps))[steps["step"]],
            *(days(steps[name]) for name in ("queued_day", "started_day", "finished_day")),
        ),
    )


def _records(layout: Layout, stays: Stays, requests: Requests, steps: Steps) -> Records:
    """Keep what the layout is about, and what is seen while the records go on."""
    kept = (stays.setting >= 0) & ~np.isnan(stays.entered) & ~(stays.left < 0)
    asked = (requests.to >= 0) & (requests.requested >= 0)
    worked = (steps.step >= 0) & ~np.isnan(steps.queued) & ~(steps.finished < 0)
    return Records(
        Stays._make(column[kept] for column in stays),
        Requests._make(column[asked] for column in requests),
        Steps._make(column[worked] for column in steps),
    )
