"""Defects of what is written down about people and events, before any of it is submitted.

Each function returns the table with one thing wrong, and how many people or events that concerns. What it hits is drawn
for the events as they happened, by their numbers, so that it is the same whatever else is wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from stepdown.calibration.cld import vocabulary as words
from stepdown.calibration.synthetic.chance import Chance, Purpose
from stepdown.calibration.synthetic.days import Days
from stepdown.calibration.synthetic.defects import Defect
from stepdown.calibration.synthetic.events import together
from stepdown.calibration.synthetic.recording import MOVED_ON

Mask = np.ndarray[Any, np.dtype[np.bool_]]


class Spoilt(NamedTuple):
    """A table with something wrong, and how many people or events of those that there were are concerned."""

    table: pd.DataFrame
    hit: int


class Time(NamedTuple):
    """The first and the last day of the records."""

    first: int
    last: int


def hit_by(events: pd.DataFrame, purpose: Purpose, share: float, chance: Chance) -> Mask:
    """Return which rows are of events that are chosen, by the number of the event."""
    numbers = events["event"].to_numpy()
    hit: Mask = chance.chosen(purpose, numbers.max(initial=-1) + 1, share)[numbers]
    return hit


def drawn_for(events: pd.DataFrame, draws: Callable[[int], Any]) -> Any:
    """Return the draw of each row's event."""
    numbers = events["event"].to_numpy()
    return draws(numbers.max(initial=-1) + 1)[numbers]


def spoil_people(people: pd.DataFrame, chance: Chance) -> Spoilt:
    """Leave out NHS numbers: half of those who are chosen have one that could not be traced, the others have none."""
    share = Defect.NO_NHS_NUMBER.share
    draws = chance.uniform(Purpose.NO_NHS_NUMBER, len(people))
    traced = people["nhs_traced"].mask(draws < share, "")
    provided = people["nhs_provided"].mask(draws < share / 2, "")
    return Spoilt(people.assign(nhs_traced=traced, nhs_provided=provided), int((draws < share).sum()))


def _late_ends(events: pd.DataFrame, time: Time, chance: Chance) -> Spoilt:
    died = (events["stay"] >= 0) & (events["outcome"] == words.DECEASED)
    hit = died & hit_by(events, Purpose.LATE_END, Defect.LATE_END.share, chance)
    late = drawn_for(events, lambda count: chance.days(Purpose.LATE_END_DAYS, count, 5, 120))
    return Spoilt(events.assign(ends=events["ends"].mask(hit, events["ends"] + late)), _events(events, hit))


def _overlapping(events: pd.DataFrame, time: Time, chance: Chance) -> Spoilt:
    hit = (events["stay"] >= 0) & hit_by(events, Purpose.OVERLAP, Defect.OVERLAPPING.share, chance)
    late = drawn_for(events, lambda count: chance.uniform(Purpose.OVERLAP_HOW, count)) < 0.5
    share = drawn_for(events, lambda count: chance.uniform(Purpose.OVERLAP_DAYS, count))
    moved = hit & late & (events["outcome"] == MOVED_ON) & (events["ends"] + 14 <= time.last)
    ends = events["ends"].mask(moved, events["ends"] + 1 + np.floor(share * 14).astype(np.int64))
    begins = events["starts"] + 7
    stops = begins + 14 + np.floor(share * 76).astype(np.int64)
    within = hit & ~late & (stops <= np.minimum(events["ends"], time.last)) & (events["component"] != words.HOME_CARE)
    care = events.assign(
        starts=begins, ends=stops, stay=-1, place=-1, type=words.COMMUNITY, component=words.HOME_CARE,
        location="Home care agency", outcome=MOVED_ON, cost=185.4, frequency="Weekly", units=1.0,
    )  # fmt: skip
    return Spoilt(_beside(events.assign(ends=ends), care[within]), _events(events, moved | within))


def _financial_years(events: pd.DataFrame, time: Time, chance: Chance) -> Spoilt:
    hit = hit_by(events, Purpose.FINANCIAL_YEAR, Defect.FINANCIAL_YEAR.share, chance)
    starts, ends = events["starts"].to_numpy(), events["ends"].to_numpy()
    first = _year_of(np.maximum(starts, time.first))
    last = _year_of(np.minimum(ends, time.last))
    pieces = np.where(hit & (events["stay"] >= 0), last - first + 1, 1)
    of = np.repeat(np.arange(len(events)), pieces)
    number = np.arange(len(of)) - np.repeat(np.cumsum(pieces) - pieces, pieces)
    year = first[of] + number
    begun = np.where(number == 0, starts[of], _april(year))
    over = number < pieces[of] - 1
    stopped = np.where(over, _april(year + 1) - 1, ends[of])
    made = events.iloc[of].reset_index(drop=True)
    return Spoilt(
        made.assign(starts=begun, ends=stopped, outcome=made["outcome"].mask(over, MOVED_ON)), int((pieces > 1).sum())
    )


def _year_of(days: Days) -> Days:
    """Return the calendar year in which the financial year of each day began."""
    months = days.astype("datetime64[D]").astype("datetime64[M]") - np.timedelta64(3, "M")
    return months.astype("datetime64[Y]").astype(np.int64) + 1970


def _april(years: Days) -> Days:
    """Return each year's 1 April as a day."""
    return (((years - 1970) * 12 + 3).astype("datetime64[M]")).astype("datetime64[D]").astype(np.int64)


def _double_up(events: pd.DataFrame, time: Time, chance: Chance) -> Spoilt:
    hit = _in_community(events) & hit_by(events, Purpose.DOUBLE_UP, Defect.DOUBLE_UP.share, chance)
    one = events.assign(cost=events["cost"].mask(hit, 0.6 * events["cost"]))
    other = events.assign(cost=0.4 * events["cost"])[hit]
    return Spoilt(_beside(one, other), _events(events, hit))


def _frequencies(events: pd.DataFrame, time: Time, chance: Chance) -> Spoilt:
    weekly = (events["stay"] >= 0) & (events["frequency"] == "Weekly")
    hit = weekly & hit_by(events, Purpose.FREQUENCY, Defect.FREQUENCY.share, chance)
    paid = {name: (1 / times, 1.0) for name, times in words.WEEKLY.items() if name != "Weekly"}
    paid |= {"Daily": (1 / 7, 7.0), "Hourly": (1 / 35, 35.0)}
    which = drawn_for(events, lambda count: chance.days(Purpose.FREQUENCY_HOW, count, 0, len(paid) - 1))
    factors, units = np.array(list(paid.values())).T
    changed = {
        "cost": events["cost"].mask(hit, events["cost"] * factors[which]),
        "frequency": events["frequency"].mask(hit, np.array(list(paid), dtype=object)[which]),
        "units": events["units"].mask(hit, units[which]),
    }
    return Spoilt(events.assign(**changed), _events(events, hit))


def _components(events: pd.DataFrame, time: Time, chance: Chance) -> Spoilt:
    hit = _in_community(events) & hit_by(events, Purpose.NO_COMPONENT, Defect.NO_COMPONENT.share, chance)
    return Spoilt(events.assign(component=events["component"].mask(hit, "")), _events(events, hit))


EVENT_DEFECTS: Mapping[Defect, Callable[[pd.DataFrame, Time, Chance], Spoilt]] = {
    Defect.LATE_END: _late_ends,
    Defect.OVERLAPPING: _overlapping,
    Defect.FINANCIAL_YEAR: _financial_years,
    Defect.DOUBLE_UP: _double_up,
    Defect.FREQUENCY: _frequencies,
    Defect.NO_COMPONENT: _components,
}
"""What can be wrong with events, in the order in which it is done."""


def _in_community(events: pd.DataFrame) -> Mask:
    stays = (events["stay"] >= 0) & (events["type"] == words.COMMUNITY)
    return stays.to_numpy()


def _events(events: pd.DataFrame, hit: Any) -> int:
    return int(events.loc[hit, "event"].nunique())


def _beside(events: pd.DataFrame, others: pd.DataFrame) -> pd.DataFrame:
    """Return events with others after those of the same number."""
    return together([events, others]).sort_values("event", kind="stable", ignore_index=True)
