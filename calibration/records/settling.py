"""From lives to the stays of a history: where each led, what the records can know of it, and in which order."""

from __future__ import annotations

import numpy as np
import pandas as pd

from stepdown.calibration.history import REQUESTS, STAYS, typed
from stepdown.calibration.records.about import Covered
from stepdown.calibration.records.coding import Codings
from stepdown.calibration.records.dates import MISSING, OPEN, as_dates, day_number
from stepdown.calibration.records.identities import Codes, as_texts
from stepdown.calibration.records.lives import UNKNOWN, lives_of
from stepdown.calibration.records.tally import Tally


def settled(rows: pd.DataFrame, gap: int, covers: Covered, tally: Tally) -> pd.DataFrame:
    """Return the stays that rows tell of, as far as records of these days can know them.

    Parameters
    ----------
    rows
        Rows of stays as in `lives`.
    gap
        How many days may lie between two stays for the first to have led to the second, or the two to be one.
    covers
        The days that the records cover.
    tally
        What is noticed is counted here.

    Returns
    -------
    pd.DataFrame
        The columns of `lives`, in the order of people and days.
    """
    began = rows["entered"] < day_number(covers.ends)
    tally.add("dropped", "stays began after the end of the records", (~began).sum())
    lives = lives_of(rows[began], gap, tally)
    return _within(_with_destinations(lives, gap, tally), covers, tally)


def _with_destinations(lives: pd.DataFrame, gap: int, tally: Tally) -> pd.DataFrame:
    """Say of each stay that it led to the person's next one, where that follows at once."""
    if lives.empty:
        return lives
    to = lives["to"].to_numpy().copy()
    left = np.maximum(lives["left"].to_numpy(), lives["unsure"].to_numpy()).astype(np.int64)
    person, entered = lives["person"].to_numpy(), lives["entered"].to_numpy()
    follows = np.zeros(len(lives), dtype=bool)
    follows[:-1] = (person[1:] == person[:-1]) & (entered[1:] <= left[:-1] + gap)
    following = np.roll(lives["setting"].to_numpy(), -1)
    other = follows & (to != UNKNOWN) & (to != following)
    tally.add("mended", "stays were said to lead elsewhere than the person's next stay", other.sum())
    return lives.assign(to=np.where(follows, following, to).astype("int32"))


def _within(lives: pd.DataFrame, covers: Covered, tally: Tally) -> pd.DataFrame:
    """Leave out what records of these days cannot know, and mend days of being ready that cannot be."""
    begins, ends = day_number(covers.begins), day_number(covers.ends)
    seen = lives["left"] >= begins
    tally.add("dropped", "stays ended before the records begin", (~seen).sum())
    lives = lives[seen].reset_index(drop=True)
    goes_on = (lives["left"] >= ends).to_numpy()
    beyond = goes_on & (lives["left"] < OPEN).to_numpy()
    tally.add("mended", "stays ended after the end of the records, and were taken to go on", beyond.sum())
    ready, left, entered = (lives[name].to_numpy() for name in ("ready", "left", "entered"))
    late = (ready != MISSING) & ((ready > left) | (ready >= ends))
    tally.add("mended", "days of being ready were after the stay or the records, and are taken for unknown", late.sum())
    early = (ready != MISSING) & (ready < entered)
    tally.add("mended", "days of being ready were before the stay, and were taken for its first", early.sum())
    ready = np.where(late, MISSING, np.where(early, entered, ready))
    unknown = ~goes_on & (lives["to"] == UNKNOWN).to_numpy()
    tally.add("noted", "stays ended, and nobody knows where they led", unknown.sum())
    return lives.assign(
        ready=ready,
        left=np.where(goes_on, OPEN, lives["left"]).astype("int32"),
        to=np.where(goes_on, UNKNOWN, lives["to"]).astype("int32"),
    )


def as_stays(settled_stays: pd.DataFrame, codings: Codings) -> pd.DataFrame:
    """Return the stays' table of a history; its order of rows does not depend on people's codes."""
    stays = settled_stays
    if stays.empty:
        return typed(pd.DataFrame(), STAYS)
    columns = {
        "entered": stays["entered"].to_numpy(),
        "setting": codings.places.alphabetical(stays["setting"].to_numpy()),
        "scheme": codings.schemes.alphabetical(stays["scheme"].to_numpy()),
        "group": codings.groups.alphabetical(stays["group"].to_numpy()),
        "area": codings.areas.alphabetical(stays["area"].to_numpy()),
        "left": stays["left"].to_numpy(),
        "ready": stays["ready"].to_numpy(),
        "to": codings.places.alphabetical(stays["to"].to_numpy()),
    }
    people = stays["person"].to_numpy()
    order = np.lexsort([people, _whole_lives(people, columns), *reversed(columns.values())])
    stays = stays.iloc[order].reset_index(drop=True)
    table = {
        "person": as_texts(stays["person"].to_numpy()),
        "group": codings.groups.texts(stays["group"].to_numpy()),
        "area": codings.areas.texts(stays["area"].to_numpy()),
        "setting": codings.places.texts(stays["setting"].to_numpy()),
        "scheme": codings.schemes.texts(stays["scheme"].to_numpy()),
        **{name: as_dates(stays[name].to_numpy()) for name in ("entered", "ready", "left")},
        "to": codings.places.texts(stays["to"].to_numpy()),
    }
    return typed(pd.DataFrame(table), STAYS)


def _whole_lives(people: Codes, columns: dict[str, np.ndarray]) -> Codes:
    """Return a number for each row that says what the person's stays are, but not who the person is.

    It orders people whose rows are alike by what else is known of them, rather than by their codes, which depend on the
    key.
    """
    row = pd.util.hash_pandas_object(pd.DataFrame(columns), index=False).to_numpy()
    begins = np.flatnonzero(np.append(True, people[1:] != people[:-1]))
    number_of_rows = np.diff(np.append(begins, len(people)))
    place = np.arange(len(people)) - np.repeat(begins, number_of_rows)
    life = np.add.reduceat(row * (2 * place.astype(np.uint64) + np.uint64(1)), begins)
    return np.repeat(life, number_of_rows)


def as_requests(
    requests: pd.DataFrame, lives: pd.DataFrame, codings: Codings, covers: Covered, tally: Tally
) -> pd.DataFrame:
    """Return the requests' table of a history.

    Parameters
    ----------
    requests
        Columns person, group, area, from, to (codes) and requested (day); where `from` is unknown it is the setting in
        which the person then lived.
    lives
        The settled stays, in the order of people and days.
    codings
        The names.
    covers
        The days that the records cover: requests of other days are left out.
    tally
        What is noticed is counted here.
    """
    within = requests["requested"].between(day_number(covers.begins), day_number(covers.ends), inclusive="left")
    tally.add("dropped", "requests were made on days that the records do not cover", (~within).sum())
    made = requests[within].sort_values(["requested", "person"], ignore_index=True)
    if made.empty:
        return typed(pd.DataFrame(), REQUESTS)
    lived = lives[["person", "entered", "left", "setting"]].sort_values("entered", kind="stable")
    lived = lived.rename(columns={"entered": "requested"})
    found = pd.merge_asof(made, lived, on="requested", by="person")
    there = (found["from"] == UNKNOWN) & found["setting"].notna() & (found["left"] >= found["requested"])
    come_from = np.where(there, found["setting"], found["from"]).astype("int32")
    table = pd.DataFrame(
        {
            "person": as_texts(made["person"].to_numpy()),
            "group": codings.groups.texts(made["group"].to_numpy()),
            "area": codings.areas.texts(made["area"].to_numpy()),
            "requested": as_dates(made["requested"].to_numpy()),
            "from": codings.places.texts(come_from),
            "to": codings.places.texts(made["to"].to_numpy()),
        }
    )
    content = ["requested", "from", "to", "group", "area", "person"]
    return typed(table.sort_values(content, ignore_index=True, na_position="first"), REQUESTS)
