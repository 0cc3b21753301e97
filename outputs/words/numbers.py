"""Numbers as a board reads them: 2 to 3 significant figures, commas, pounds, and never a hyphen for a range."""

from __future__ import annotations

import math

MISSING = "n/a"
"""What stands where there is no number."""


def significant(value: float, figures: int = 3) -> float:
    """Return a number rounded to so many significant figures."""
    if value == 0 or not math.isfinite(value):
        return value
    return round(value, figures - 1 - math.floor(math.log10(abs(value))))


def pounds(value: float, figures: int = 3, million: str = " million") -> str:
    """Return ``£84,000``, ``-£1.25 million`` and the like; in narrow tables the word may be ``m``."""
    if not math.isfinite(value):
        return MISSING
    rounded = significant(value, figures)
    sign = "-" if round(rounded) < 0 else ""
    if abs(rounded) >= 1_000_000:
        return f"{sign}£{abs(rounded) / 1_000_000:,.{figures}g}{million}"
    return f"{sign}£{abs(rounded):,.0f}"


def pounds_range(low: float, high: float, figures: int = 3) -> str:
    """Return ``£52,000 to £171,000``."""
    return f"{pounds(low, figures)} to {pounds(high, figures)}" if math.isfinite(low + high) else MISSING


def amount(value: float, figures: int = 2) -> str:
    """Return a plain number: whole from ten up, else with one decimal."""
    if not math.isfinite(value):
        return MISSING
    rounded = significant(value, figures) if abs(value) >= 10 ** (figures - 1) else round(value, 1) + 0.0
    return f"{rounded:,.0f}" if rounded == int(rounded) else f"{rounded:,.1f}"


def percent(share: float) -> str:
    """Return ``40%``; shares that are not quite all or none never read 100% or 0%."""
    if not math.isfinite(share):
        return MISSING
    if 0 < share <= 0.005:
        return "under 1%"
    if 0.995 <= share < 1:
        return "over 99%"
    return f"{share * 100:.0f}%"
