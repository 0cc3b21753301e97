"""Financial years of the public sector in the United Kingdom: April to March, written ``2026/27``."""

from __future__ import annotations

import datetime as dt
import re

APRIL = 4
"""The month in which a financial year begins."""

_LABEL = re.compile(r"\s*(\d{4})\s*[/-]\s*(\d{2}|\d{4})\s*")


def financial_year(date: dt.date) -> str:
    """Return the label of the financial year in which a date falls, such as ``2026/27``."""
    return financial_year_from(date.year if date.month >= APRIL else date.year - 1)


def financial_year_from(first: int) -> str:
    """Return the label of the financial year that begins in April of a year."""
    return f"{first}/{(first + 1) % 100:02d}"


def first_year(label: str) -> int:
    """Return the calendar year in which a financial year begins, from its label."""
    return int(label[:4])


def days_of_financial_year(label: str) -> int:
    """Return the days of a financial year: 365, or 366 where its February has 29."""
    first = first_year(label)
    return (dt.date(first + 1, APRIL, 1) - dt.date(first, APRIL, 1)).days


def parse_financial_year(raw: object) -> str:
    """Read a financial year written ``2026/27`` or ``2026-27``.

    Raises
    ------
    ValueError
        For anything else, and where the second year does not follow the first.
    """
    match = _LABEL.fullmatch(raw) if isinstance(raw, str) else None
    if match is None or int(match.group(2)) % 100 != (int(match.group(1)) + 1) % 100:
        raise ValueError(f"{raw!r} is not a financial year. Write '2026/27'")
    return financial_year_from(int(match.group(1)))
