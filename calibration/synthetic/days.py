"""Dates as whole days since 1970, which arrays can count with; an open end lies beyond all of them."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pandas as pd

Days = np.ndarray[Any, np.dtype[np.int64]]

OPEN = 2**31
"""The day of what has not happened."""


def days_of(dates: pd.Series) -> Days:
    """Return dates as days; `OPEN` where there is none."""
    days = dates.to_numpy().astype("datetime64[D]")
    return np.where(np.isnat(days), OPEN, days.astype(np.int64))


def day_of(date: dt.date) -> int:
    """Return a date as a day."""
    return int(np.datetime64(date, "D").astype(np.int64))


def date_of(day: int) -> dt.date:
    """Return a day as a date."""
    return dt.date(1970, 1, 1) + dt.timedelta(days=int(day))


def texts_of(days: Days) -> np.ndarray[Any, np.dtype[np.object_]]:
    """Return days as year-month-day; blank where they are open."""
    texts = np.datetime_as_string(np.where(days >= OPEN, 0, days).astype("datetime64[D]")).astype(object)
    texts[days >= OPEN] = ""
    return texts
