"""Amounts and figures as they may be shown and written: rounded to what they can bear, and about nobody."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from typing import Any

import numpy as np

from stepdown.calibration.disclosure import WITHHELD, Disclosure
from stepdown.calibration.history import CouncilHistory
from stepdown.calibration.matching.layout import Layout
from stepdown.calibration.matching.priors import Numbers
from stepdown.calibration.matching.targets import Target
from stepdown.outputs.words.wording import MONTHS
from stepdown.scenarios.inputs import Input
from stepdown.scenarios.quantities import DAYS_PER_YEAR, UNIT_DAYS
from stepdown.scenarios.written import PERCENT

FIGURES = 6
"""Significant figures of an amount among draws."""

MEDIAN = 4
"""Significant figures of a median."""


def cell(found: Input, amount: float, figures: int = FIGURES) -> Any:
    """Return an amount of an input as a scenario file has it, to so many significant figures."""
    written = found.written
    if written.whole:
        return round(amount)
    digits = max(0, figures - 1 - int(np.floor(np.log10(abs(amount))))) if amount else 0
    text = f"{amount:.{digits}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    if written.unit == PERCENT:
        return f"{text}%"
    return f"{text} {written.unit}s" if written.unit in UNIT_DAYS else float(text)


def tidy(value: Any) -> Any:
    """Return a value as a scenario file has it without the noughts at the end of its number."""
    return (
        re.sub(r"(\.\d*?)0+(?=%| |$)", lambda found: found[1].rstrip("."), value) if isinstance(value, str) else value
    )


def in_words(found: Input, amount: float) -> str:
    """Return an amount of an input in words, with its unit, to three figures."""
    number = brief(amount)
    unit = found.written.unit
    if unit in UNIT_DAYS:
        return f"{number} {unit}" if number == "1" else f"{number} {unit}s"
    return f"{number}{unit}"


def brief(amount: float) -> str:
    """Return a number to three figures."""
    if not np.isfinite(amount):
        return ""
    return f"{amount:,.0f}" if abs(amount) >= 1000 else f"{amount:.3g}"


def disclosed(
    targets: Sequence[Target], observed: Numbers, layout: Layout, disclosure: Disclosure
) -> list[float | None]:
    """Return the records' figures as they may be shown; None for those that are withheld or not told.

    Where counts are rounded, numbers of people are multiples of 5 (those a year over all the years together), lengths
    of time have two figures, and what rests on fewer than 5 cases is withheld.
    """
    by_name = {target.name: value for target, value in zip(targets, observed, strict=True)}
    years = layout.days / DAYS_PER_YEAR

    def shown(target: Target, value: float) -> float | None:
        if not np.isfinite(value):
            return None
        if not disclosure.rounded:
            return float(value)
        if target.unit == "people":
            return disclosure.number(round(value))
        if target.unit == "a year":
            count = disclosure.number(round(value * years))
            return None if count is None else count / years
        cases = round(by_name[target.rests_on] * years)
        return None if disclosure.number(cases) in (None, 0) else float(f"{value:.2g}")

    return [shown(target, value) for target, value in zip(targets, observed, strict=True)]


def figure_in_words(target: Target, value: float | None) -> str:
    """Return a figure of the records, as it may be shown, in words."""
    if value is None:
        return f"from {WITHHELD}" if target.rests_on else WITHHELD
    return brief(value)


def period_of(history: CouncilHistory) -> str:
    """Return the months that records cover: ``April 2021 to March 2025``."""
    first, last = history.begins, history.ends - dt.timedelta(days=1)
    return f"{MONTHS[first.month - 1]} {first.year} to {MONTHS[last.month - 1]} {last.year}"
