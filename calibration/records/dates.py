"""Dates as people write them: year-month-day or, as in the United Kingdom, day/month/year.

Within imports a date is the number of its day since 1 January 1970, which is quick to compare; what is open has a day
that is later than any, and what is missing one that is earlier.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import numpy as np
import pandas as pd
from pandas.api.types import pandas_dtype

from stepdown.calibration.history import DATE

OPEN = 2**30
"""The day on which something ends that goes on."""

MISSING = -OPEN
"""The day of what has no date."""

Days = np.ndarray[Any, np.dtype[np.int32]]

_EARLIEST = 1901
"""Programs write 1 January 1900 for a date that was left empty."""

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_TIME = r"(?:[T ]\s*\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?\s*(?:Z|[+-]\d{2}:?\d{2})?)?"
_YEAR_FIRST = re.compile(rf"(\d{{4}})[-/.](\d{{1,2}})[-/.](\d{{1,2}}){_TIME}")
_DAY_FIRST = re.compile(rf"(\d{{1,2}})[-/.](\d{{1,2}})[-/.](\d{{4}}|\d{{2}}){_TIME}")
_NAMED = re.compile(rf"(\d{{1,2}})[- ]([A-Za-z]{{3,9}})[- ,]+(\d{{4}}|\d{{2}}){_TIME}")
_DIGITS = re.compile(r"(\d{4})(\d{2})(\d{2})")
_EPOCH = dt.date(1970, 1, 1).toordinal()


def day_of(text: str) -> int:
    """Read a date as the number of its day; nothing, and the empty dates of programs, are missing.

    Raises
    ------
    ValueError
        If it is no date: the message says what to write, and does not repeat what was written.
    """
    written = text.strip()
    if not written or written.casefold() in {"null", "none", "nan", "nat"}:
        return MISSING
    try:
        date = dt.date(*_parts(written))
    except ValueError:
        raise ValueError("this is not a date. Write year-month-day or day/month/year") from None
    return MISSING if date.year < _EARLIEST else day_number(date)


def _parts(written: str) -> tuple[int, int, int]:
    """Return year, month and day; the day comes before the month wherever the year does not come first."""
    if match := _YEAR_FIRST.fullmatch(written) or _DIGITS.fullmatch(written):
        year, month, day = (int(part) for part in match.groups())
        return year, month, day
    if match := _DAY_FIRST.fullmatch(written):
        day, month, year = (int(part) for part in match.groups())
        return _full(year), month, day
    if match := _NAMED.fullmatch(written):
        return _full(int(match[3])), _MONTHS.index(match[2][:3].casefold()) + 1, int(match[1])
    raise ValueError(written)


def _full(year: int) -> int:
    """Return a year of two digits in full: those of records of social care are of this century, or late in the last."""
    return year if year > 99 else year + (1900 if year >= 70 else 2000)


def day_number(date: dt.date) -> int:
    """Return the number of a date's day."""
    return date.toordinal() - _EPOCH


def date_of(day: int) -> dt.date:
    """Return the date of a day's number."""
    return dt.date.fromordinal(day + _EPOCH)


def as_dates(days: Days) -> pd.Series:
    """Return a column of dates for days' numbers; what is open or missing has none."""
    known = (days > MISSING) & (days < OPEN)
    whole = np.where(known, days, 0).astype("datetime64[D]").astype(DATE)
    return pd.Series(whole).astype(pandas_dtype(DATE)).where(known)
