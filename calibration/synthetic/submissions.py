"""What a council submits each quarter: everything of a rolling year, so that most events are submitted several times.

A submission holds the services that were open in the year that ends with its quarter, and the requests, assessments and
reviews that were finished in it. What had not happened by its end it does not know. The first submissions reach back to
the day on which the records begin.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from stepdown.calibration.cld import vocabulary as words
from stepdown.calibration.history import CouncilHistory
from stepdown.calibration.synthetic.days import OPEN, Days, date_of, day_of
from stepdown.calibration.synthetic.events import places_of
from stepdown.calibration.synthetic.prices import council_prices, weekly_costs
from stepdown.scenarios.schema import Scenario

MONTHS_BETWEEN = 3
"""A council submits so often."""

MONTHS_COVERED = 12
"""A submission covers so many months, or fewer while the records are young."""


class Periods(NamedTuple):
    """The reference periods of submissions, in order.

    Attributes
    ----------
    begins, ends
        The first and the last day of each.
    """

    begins: Days
    ends: Days


def periods_of(history: CouncilHistory) -> Periods:
    """Return the reference periods of a history; the last may be shorter than a quarter."""
    beyond = pd.Timestamp(history.ends)
    quarters = pd.date_range(history.begins, beyond, freq=pd.DateOffset(months=MONTHS_BETWEEN))[1:]
    closes = quarters if len(quarters) and quarters[-1] == beyond else quarters.append(pd.DatetimeIndex([beyond]))
    opens = closes - pd.DateOffset(months=MONTHS_COVERED)
    begins = np.array([day_of(day.date()) for day in opens])
    return Periods(np.maximum(begins, day_of(history.begins)), np.array([day_of(day.date()) - 1 for day in closes]))


def submitted(events: pd.DataFrame, people: pd.DataFrame, periods: Periods, scenario: Scenario) -> pd.DataFrame:
    """Return every submission of every event, as it was known when it was submitted.

    Returns
    -------
    DataFrame
        The columns of events, and ``period`` (the position of the reference period), ``died`` (a day), and
        ``identified`` (whether anything says who it is about). In the order of periods, then of events.
    """
    period, event = _seen(events, periods)
    rows = events.iloc[event].reset_index(drop=True).assign(period=period)
    closes = periods.ends[period]
    known = rows["ends"].to_numpy() <= closes
    died = people["died"].to_numpy()[rows["person"]]
    return rows.assign(
        ends=np.where(known, rows["ends"], OPEN),
        outcome=rows["outcome"].where(known, ""),
        died=np.where(died <= closes, died, OPEN),
        cost=_costs(rows, np.minimum(rows["ends"].to_numpy(), closes), scenario),
        identified=True,
    )


def _seen(events: pd.DataFrame, periods: Periods) -> tuple[Days, Days]:
    """Return the position of the period, and of the event, of each row."""
    starts, ends = events["starts"].to_numpy(), events["ends"].to_numpy()
    finished = ends <= periods.ends[:, None]
    counts = finished | (events["kind"] == words.SERVICE).to_numpy()
    seen = counts & (starts <= periods.ends[:, None]) & (ends >= periods.begins[:, None])
    period, event = np.nonzero(seen)
    return period, event


def _costs(rows: pd.DataFrame, at: Days, scenario: Scenario) -> pd.Series:
    """Return pounds; for a stay its factor times what its place costs on the day until which it is known."""
    costs = rows["cost"].to_numpy(copy=True)
    days, position = np.unique(at, return_inverse=True)
    dates = [date_of(day) for day in days]
    stayed = (at - rows["starts"].to_numpy()).astype(float)
    place = rows["place"].to_numpy()
    for number, (setting, scheme) in enumerate(places_of(scenario)):
        here = place == number
        prices = council_prices(scenario, setting, scheme)
        costs[here] *= weekly_costs(prices, dates, position[here], stayed[here]) if prices else np.nan
    costs[costs == 0] = np.nan  # nothing is paid, and nothing is said of it
    return pd.Series(np.round(costs, 2), index=rows.index)
