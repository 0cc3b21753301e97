"""How narrow the confidence intervals of the main measures are asked to be, and whether they are.

There are two main measures: what is saved a year, and the mean wait on all lists, both against carry-on and paired by
replication; for one option alone, its own yearly cost and mean wait.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from stepdown.outputs.compare import describe_runs
from stepdown.outputs.measures.intervals import Floats
from stepdown.outputs.summary import ALL_LISTS, Summary
from stepdown.outputs.words.numbers import pounds
from stepdown.outputs.words.wording import say_number
from stepdown.scenarios.errors import ChoiceError
from stepdown.scenarios.quantities import parse_money, parse_positive_duration, parse_share
from stepdown.simulation.tables import Window

DEFAULT_PRECISION = "1%, 7 days or 5%"
"""Savings within 1% of the yearly cost, and waits within a week, or within 5% where they are long."""

HOW = "Write it such as '£10,000', '2%', '3 days', or '£10,000, 3 days'"

MEASURES = ("cost", "wait")
"""The main measures: columns of `main_measures`."""


@dataclass(frozen=True)
class Width:
    """How far from its mean the end of a 95% interval may lie: by an amount or a share, whichever is more.

    Attributes
    ----------
    amount
        Pounds a year, or days.
    share
        Of the level: what carry-on costs, or how long people wait in it (or in the option, if that is more).
    """

    amount: float = 0.0
    share: float = 0.0

    def allowed(self, level: float) -> float:
        """Return the half-width that is allowed at a level."""
        return max(self.amount, self.share * abs(level))


@dataclass(frozen=True)
class Precision:
    """What is asked: as it was written, and by main measure; a measure that is not named is not asked about."""

    text: str
    widths: Mapping[str, Width]


@dataclass(frozen=True)
class Known:
    """How well a main measure of an option is known.

    Attributes
    ----------
    option, measure
        What is known: a measure of `MEASURES`.
    half_width
        Of its 95% interval, in pounds a year or days.
    allowed
        What is asked of the half-width.
    runs_needed
        About as many runs as it takes, if runs go on to vary as they did; half-widths shrink as 1 / sqrt(runs).
    """

    option: str
    measure: str
    half_width: float
    allowed: float
    runs_needed: float

    @property
    def enough(self) -> bool:
        """Whether it is known as well as asked."""
        return self.half_width <= self.allowed

    def __str__(self) -> str:
        """Say how well it is known, and how many runs it would take."""
        what, write = ("money", _pounds_a_year) if self.measure == "cost" else ("wait", _days)
        return (
            f"{self.option}: {what} known to within {write(self.half_width)} (asked: {write(self.allowed)}; that would "
            f"take about {_about(self.runs_needed)})"
        )


def parse_precision(text: str) -> Precision:
    """Read how precise results are to be.

    Money is written ``£10,000`` (a year) or ``1%`` (of what carry-on costs); waits are written ``3 days``, or ``7 days
    or 5%`` where long waits may be known less well. One of them, or both with a comma and a space between.

    Raises
    ------
    ChoiceError
        If it says neither, something twice, or something that cannot be reached.
    """
    widths: dict[str, Width] = {}
    for part in re.split(r",\s+", text.strip()):
        measure, width = _parse_part(part.strip())
        if measure in widths:
            raise ChoiceError(f"--precision {text!r}: {part!r} says the same as the part before it. {HOW}")
        widths[measure] = width
    return Precision(text, widths)


def _parse_part(part: str) -> tuple[str, Width]:
    try:
        if part.startswith("£"):
            measure, width = "cost", Width(amount=parse_money(part))
        elif part.endswith("%") and " or " not in part:
            measure, width = "cost", Width(share=parse_share(part))
        else:
            days, _, share = part.partition(" or ")
            measure = "wait"
            width = Width(
                parse_positive_duration(days), parse_share(share) if share.endswith("%") else _no_share(share)
            )
    except ValueError:
        raise ChoiceError(f"--precision: {part!r} says neither how much money nor how many days. {HOW}") from None
    if width == Width():
        raise ChoiceError(f"--precision: {part!r} is not more than nothing, which no number of runs can reach. {HOW}")
    return measure, width


def _no_share(text: str) -> float:
    if text:
        raise ValueError(f"{text!r} is not a share")
    return 0.0


def main_measures(summary: Summary, window: Window) -> pd.DataFrame:
    """Return the main measures of each replication of a summary of one option.

    Returns
    -------
    pd.DataFrame
        A row a replication, in their order: cost (pounds a year), and wait (mean days on all lists, people still
        waiting included; missing where nobody is on a list).
    """
    (one,) = summary.options
    waits = one.sheets.waits
    everywhere = waits.keys.where(measure=ALL_LISTS)
    return pd.DataFrame(
        {
            "cost": one.sheets.costs.values().sum(axis=1) / window.years,
            # Where nobody was on a list in any of the runs, the sheet has no such row.
            "wait": waits.values("mean_days")[:, everywhere].ravel() if everywhere.any() else np.nan,
        },
        index=one.replications,
    )


def how_well_known(values: Mapping[str, pd.DataFrame], precision: Precision) -> list[Known]:
    """Return how well each main measure that is asked about is known.

    Parameters
    ----------
    values
        By option, the `main_measures` of the same replications in the same order. The first option is what the others
        are compared with; alone, it is measured by itself.
    precision
        What is asked.

    Returns
    -------
    list of Known
        In the order of options. What is missing in all runs but one has no interval, and is left out.
    """
    first, *others = values
    known = []
    for option in others or [first]:
        for measure, width in precision.widths.items():
            base, own = (values[name][measure].to_numpy(dtype=np.float64) for name in (first, option))
            found = _known(option, measure, own - base if others else own, max(_level(base), _level(own)), width)
            known += [found] if found is not None else []
    return known


def _known(option: str, measure: str, values: Floats, level: float, width: Width) -> Known | None:
    said = describe_runs(values)
    if said["runs"] < 2:
        return None
    half, allowed = said["high"] - said["mean"], width.allowed(level)
    # One that does not vary is known at once, even where what is allowed is a share of nothing.
    needed = len(values) * (half / allowed) ** 2 if half > allowed > 0 else (math.inf if half > allowed else 0.0)
    return Known(option, measure, half, allowed, needed)


def _level(values: Floats) -> float:
    there = values[~np.isnan(values)]
    return float(abs(there.mean())) if len(there) else 0.0


def say_precision(precision: Precision) -> str:
    """Say what is asked: ``savings to within 1% of the yearly cost, waits to within 7 days or 5%``."""
    return ", ".join(_SAY[measure](width) for measure, width in precision.widths.items())


def _say_cost(width: Width) -> str:
    return (
        f"money to within {_pounds_a_year(width.amount) if width.amount else f'{_percent(width)} of the yearly cost'}"
    )


def _say_wait(width: Width) -> str:
    return f"waits to within {_days(width.amount)}{f' or {_percent(width)}' if width.share else ''}"


_SAY = {"cost": _say_cost, "wait": _say_wait}


def _percent(width: Width) -> str:
    return f"{say_number(100 * width.share, 3)}%"


def _pounds_a_year(amount: float) -> str:
    return f"{pounds(amount)} a year"


def _days(amount: float) -> str:
    return f"{say_number(amount, 2)} day{'' if amount == 1 else 's'}"


def _about(runs: float) -> str:
    return f"{say_number(math.ceil(runs), 2)} runs" if math.isfinite(runs) else "more runs than can be made"


def as_data(known: Sequence[Known]) -> list[dict[str, Any]]:
    """Return how well measures are known as plain data."""
    return [
        {
            "option": each.option,
            "measure": {"cost": "pounds a year", "wait": "days of waiting"}[each.measure],
            "half_width": each.half_width,
            "asked": each.allowed,
            "reached": each.enough,
            "runs_needed": each.runs_needed,
        }
        for each in known
    ]
