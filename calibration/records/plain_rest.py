"""Steps and prices from plain tables."""

from __future__ import annotations

import numpy as np
import pandas as pd

from stepdown.calibration.history import PRICES, STEPS, typed
from stepdown.calibration.records.about import Covered
from stepdown.calibration.records.dates import MISSING, as_dates, day_number
from stepdown.calibration.records.identities import as_texts, codes_of
from stepdown.calibration.records.tables import Table
from stepdown.calibration.records.tally import Tally
from stepdown.scenarios.schema import ADAPTATION


def steps_of(table: Table | None, key: bytes, covers: Covered, tally: Tally) -> pd.DataFrame:
    """Return the steps' table of a history.

    Parameters
    ----------
    table
        The rows; None where there is no such file. A row that names no step is an adaptation, and one that names no
        case is a case of its own.
    key
        With it codes of people and cases are made.
    covers
        The days that the records cover.
    tally
        What is noticed is counted here.
    """
    if table is None:
        return typed(pd.DataFrame(), STEPS)
    begins, ends = day_number(covers.begins), day_number(covers.ends)
    days = {name: table.days(name) for name in ("queued", "started", "finished")}
    numbers = [f"row {line}" for line in table.lines]
    cases = [case or number for case, number in zip(table.texts("case"), numbers, strict=True)]
    people = codes_of(list(table.texts("person")), key)
    rows = pd.DataFrame(
        {
            "case": as_texts(codes_of([f"case {case}" for case in cases], key)),
            "person": pd.Series(as_texts(people), dtype=object).mask(people == 0),
            **{name: [text or None for text in table.texts(name)] for name in ("tier", "tenure", "outcome")},
            "step": [text or ADAPTATION for text in table.texts("step")],
            **days,
        }
    )
    known = rows["queued"] != MISSING
    tally.add("dropped", "rows of steps do not say when they began to wait", (~known).sum())
    backwards = known & _backwards(rows)
    tally.add(
        "dropped",
        "steps were finished or started before they began to wait, or finished before started",
        backwards.sum(),
    )
    seen = (rows["queued"] < ends) & ~((rows["finished"] != MISSING) & (rows["finished"] < begins))
    tally.add("dropped", "steps were not of the days that the records cover", (known & ~backwards & ~seen).sum())
    rows = rows[known & ~backwards & seen]
    open_yet = (rows["finished"] == MISSING) | (rows["finished"] >= ends)
    rows = rows.assign(outcome=rows["outcome"].mask(open_yet))
    for name in days:
        rows[name] = as_dates(rows[name].where(rows[name] < ends, MISSING).to_numpy()).to_numpy()
    order = ["queued", "step", "tier", "tenure", "started", "finished", "outcome", "case"]
    return typed(rows.sort_values(order, ignore_index=True), STEPS)


def _backwards(rows: pd.DataFrame) -> pd.Series:
    started, finished = rows["started"] != MISSING, rows["finished"] != MISSING
    too_early = (started & (rows["started"] < rows["queued"])) | (finished & (rows["finished"] < rows["queued"]))
    return too_early | (started & finished & (rows["finished"] < rows["started"]))


def prices_of(table: Table | None) -> pd.DataFrame:
    """Return the prices' table of a history; a price without a spread has none, and is of one person.

    Parameters
    ----------
    table
        The rows; None where there is no such file.
    """
    if table is None:
        return typed(pd.DataFrame(), PRICES)
    amounts = {name: table.numbers(name) for name in ("people", "mean", "low", "high")}
    given = table.texts("setting") != ""
    priced = given & ~np.isnan(amounts["mean"])
    table.refuse(
        [(row, "a price needs a setting and pounds a week") for row in np.flatnonzero(~priced).tolist()],
        "Fill in both, or remove the row",
    )
    negative = np.flatnonzero(amounts["mean"] < 0).tolist()
    table.refuse([(row, "a price is below £0") for row in negative], "Write what is paid, above 0")
    mean = amounts["mean"]
    rows = {
        **{name: [text or None for text in table.texts(name)] for name in ("setting", "scheme", "group")},
        "people": np.nan_to_num(amounts["people"], nan=1).astype(np.int64),
        "mean": mean,
        "low": np.where(np.isnan(amounts["low"]), mean, amounts["low"]),
        "high": np.where(np.isnan(amounts["high"]), mean, amounts["high"]),
    }
    return typed(pd.DataFrame(rows), PRICES)
