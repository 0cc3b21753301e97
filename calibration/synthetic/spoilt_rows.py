"""Defects of what is submitted: rows that change, vanish, or say what cannot be.

As with events, what is hit is drawn by the number of the event as it happened.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import IntEnum

import numpy as np
import pandas as pd

from stepdown.calibration.synthetic.chance import Chance, Purpose
from stepdown.calibration.synthetic.days import OPEN
from stepdown.calibration.synthetic.defects import Defect
from stepdown.calibration.synthetic.spoilt_events import Mask, Spoilt, drawn_for, hit_by
from stepdown.calibration.synthetic.submissions import Periods


class Spelling(IntEnum):
    """How the values of a row are spelled."""

    AS_RELEASED = 0
    CAPITALS = 1
    SMALL = 2
    BLANKS = 3
    OTHER_RELEASE = 4


WRONG_COMPONENT = "Other long term support"
"""What an earlier submission may call a service."""


def _changed(rows: pd.DataFrame, periods: Periods, chance: Chance) -> Spoilt:
    last = rows.groupby(["event", "starts"])["period"].transform("max")
    earlier = (rows["stay"] >= 0) & (rows["period"] < last)
    hit = earlier & hit_by(rows, Purpose.CHANGED, Defect.CHANGED.share, chance)
    how = drawn_for(rows, lambda count: chance.days(Purpose.CHANGED_HOW, count, 0, 2))
    ended = hit & (how == 0) & (rows["ends"] < OPEN)
    ends = rows["ends"].mask(ended, np.maximum(rows["ends"] - 9, rows["starts"]))
    cost = rows["cost"].mask(hit & (how == 1), (rows["cost"] * 0.92).round(2))
    component = rows["component"].mask(hit & (how == 2), WRONG_COMPONENT)
    changed = ended | (hit & (how > 0))
    return Spoilt(rows.assign(ends=ends, cost=cost, component=component), rows.loc[changed, "event"].nunique())


def _vanished(rows: pd.DataFrame, periods: Periods, chance: Chance) -> Spoilt:
    """Drop the rows of a stay from the submission on that has its end, if there is one before."""
    over = _at_last_over(rows)
    was_open = (rows["ends"] == OPEN).groupby([rows["event"], rows["starts"]]).transform("any")
    hit = over & was_open & hit_by(rows, Purpose.VANISHED, Defect.VANISHED.share, chance)
    return Spoilt(rows[~hit].reset_index(drop=True), rows.loc[hit, "event"].nunique())


def _at_last_over(rows: pd.DataFrame) -> pd.Series:
    """Return which rows are of a stay that has ended, and not of a part of it that another follows."""
    of_stays = rows["starts"].where(rows["stay"] >= 0, -1)  # other services may have been left running within
    final = rows["starts"] == of_stays.groupby(rows["event"]).transform("max")
    return (rows["stay"] >= 0) & (rows["ends"] < OPEN) & final


def _open_ends(rows: pd.DataFrame, periods: Periods, chance: Chance) -> Spoilt:
    hit = _at_last_over(rows) & hit_by(rows, Purpose.OPEN_END, Defect.OPEN_END.share, chance)
    opened = rows.assign(ends=rows["ends"].mask(hit, OPEN), outcome=rows["outcome"].mask(hit, ""))
    return Spoilt(opened, rows.loc[hit, "event"].nunique())


def _negative(rows: pd.DataFrame, periods: Periods, chance: Chance) -> Spoilt:
    hit = rows["cost"].notna() & hit_by(rows, Purpose.NEGATIVE, Defect.NEGATIVE.share, chance)
    return Spoilt(rows.assign(cost=rows["cost"].mask(hit, -rows["cost"])), rows.loc[hit, "event"].nunique())


def _nobody(rows: pd.DataFrame, periods: Periods, chance: Chance) -> Spoilt:
    hit = ~rows["event"].duplicated() & hit_by(rows, Purpose.NOBODY, Defect.NOBODY.share, chance)
    more = pd.concat([rows, rows[hit].assign(identified=False)])
    return Spoilt(more.sort_values(["period", "event"], kind="stable", ignore_index=True), int(hit.sum()))


def _stray(rows: pd.DataFrame, periods: Periods, chance: Chance) -> Spoilt:
    hit = hit_by(rows, Purpose.STRAY, Defect.STRAY.share, chance)
    how = drawn_for(rows, lambda count: chance.days(Purpose.STRAY_HOW, count, 1, max(Spelling)))
    return Spoilt(rows.assign(spelling=np.where(hit, how, Spelling.AS_RELEASED)), rows.loc[hit, "event"].nunique())


def _truncated(rows: pd.DataFrame, periods: Periods, chance: Chance) -> Spoilt:
    lost: Mask = (rows["period"] < first_period(periods, frozenset({Defect.TRUNCATED}))).to_numpy()
    return Spoilt(rows[~lost].reset_index(drop=True), rows["event"].nunique() - rows.loc[~lost, "event"].nunique())


ROW_DEFECTS: Mapping[Defect, Callable[[pd.DataFrame, Periods, Chance], Spoilt]] = {
    Defect.CHANGED: _changed,
    Defect.VANISHED: _vanished,
    Defect.OPEN_END: _open_ends,
    Defect.NEGATIVE: _negative,
    Defect.NOBODY: _nobody,
    Defect.STRAY: _stray,
    Defect.TRUNCATED: _truncated,
}
"""What can be wrong with submissions, in the order in which it is done."""


def first_period(periods: Periods, defects: frozenset[Defect]) -> int:
    """Return the position of the first submission that an extract with such defects has."""
    return len(periods.ends) // 3 if Defect.TRUNCATED in defects else 0
