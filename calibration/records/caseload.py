"""A snapshot of who lives where on a day, beside stays: people whom the stays do not know are added."""

from __future__ import annotations

import numpy as np
import pandas as pd

from stepdown.calibration.records.dates import MISSING, OPEN
from stepdown.calibration.records.lives import UNKNOWN
from stepdown.calibration.records.tally import Tally


def with_caseload(rows: pd.DataFrame, caseload: pd.DataFrame, day: int, tally: Tally) -> pd.DataFrame:
    """Return rows of stays with those of residents whom they do not know.

    Somebody who according to the stays lives elsewhere on that day, is counted, and the stays are believed.

    Parameters
    ----------
    rows
        Rows of stays as in `lives`.
    caseload
        One row a resident: columns person, setting, scheme, group, area (codes) and entered (a day, or missing).
    day
        The snapshot was true at the beginning of this day.
    tally
        What is noticed is counted here.
    """
    named = (caseload["person"] != 0) & (caseload["setting"] != UNKNOWN)
    tally.add("dropped", "rows of the caseload name no person or no setting", (~named).sum())
    people = caseload[named].sort_values(list(caseload.columns)).drop_duplicates("person", ignore_index=True)
    tally.add("dropped", "rows of the caseload are about people who stand in it already", named.sum() - len(people))
    there = rows[(rows["entered"] <= day) & (rows["left"] >= day)]
    known = people["person"].isin(there["person"])
    elsewhere = known & ~_among(people, there)
    tally.add(
        "noted", "residents of the caseload live elsewhere according to the stays, which were believed", elsewhere.sum()
    )
    new = people[~known]
    tally.add("noted", "residents of the caseload are in no stay of that day, and were added to the stays", len(new))
    if new.empty:
        return rows
    entered = new["entered"].to_numpy()
    guessed = (entered == MISSING) | (entered > day)
    tally.add(
        "guessed", "residents were added without the day on which they came, taken for the snapshot's", guessed.sum()
    )
    later = rows[rows["entered"] > day].groupby("person")["entered"].min()
    added = new.assign(
        entered=np.where(guessed, day, entered).astype("int32"),
        left=new["person"].map(later).fillna(OPEN).astype("int32"),
        ready=MISSING,
        to=UNKNOWN,
        rank=0,
        unsure=MISSING,
    )
    return pd.concat([rows, added[list(rows.columns)]], ignore_index=True)


def _among(people: pd.DataFrame, stays: pd.DataFrame) -> np.ndarray:
    """Return who of the people has a stay in the setting that the snapshot names."""
    pairs = pd.MultiIndex.from_frame(people[["person", "setting"]])
    return pairs.isin(pd.MultiIndex.from_frame(stays[["person", "setting"]]))
