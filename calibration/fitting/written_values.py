"""Estimates as a scenario file has them: rounded to what they can bear, shares adding up to 100% to the last digit."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from stepdown.calibration.disclosure import Disclosure
from stepdown.calibration.fits.families import in_days
from stepdown.calibration.history import CouncilHistory
from stepdown.calibration.study_folder import Stated
from stepdown.outputs.measures.intervals import Floats
from stepdown.outputs.words.wording import MONTHS

LEAST_DAYS, MOST_DAYS = 0.01, 1e6
"""Draws beyond are cut: nothing in a scenario is told from what lies there."""

GOOD, FAIR = 100, 30
"""Events behind a value of good and of fair quality; with fewer it is poor."""

_HUNDREDTHS = 2


def days(value: float) -> str:
    """Return a duration, such as ``412.3 days``."""
    return in_days(float(np.clip(value, LEAST_DAYS, MOST_DAYS)))


def number(value: float, figures: int = 4) -> float:
    """Return a plain number, to so many significant figures."""
    return float(f"{value:.{figures}g}")


def share(value: float) -> str:
    """Return a share, such as ``41.67%``."""
    return f"{100 * value:.{_HUNDREDTHS}f}%"


def growth(value: float) -> str:
    """Return growth a year, such as ``-2.5%``; nothing shrinks by all of it."""
    return f"{100 * max(value, -0.99):.{_HUNDREDTHS}f}%"


def shares(values: Floats) -> list[str]:
    """Return shares that add up to 100%: rounded down, and the largest remainders up."""
    units = 10**_HUNDREDTHS * 100
    exact = values / values.sum() * units
    whole = np.floor(exact + 1e-9)
    order = np.argsort(-(exact - whole), kind="stable")
    whole[order[: round(units - whole.sum())]] += 1
    return [f"{part / 10**_HUNDREDTHS:.{_HUNDREDTHS}f}%" for part in whole]


def stated(value: float, low: float, high: float, write: Callable[[float], Any], source: str, quality: str) -> Stated:
    """Return an estimate with its interval as a scenario file has it; the value lies within."""
    return Stated(write(value), write(min(low, value)), write(max(high, value)), source, quality)


def by_mean(drawn: Mapping[str, Floats]) -> dict[str, Floats]:
    """Return the parameters of a family that has a mean, with a shape beside it that stays when the mean is changed."""
    if "sd" in drawn:
        return {"mean": drawn["mean"], "shape": (drawn["mean"] / drawn["sd"]) ** 2}
    return dict(drawn)


def writer_of(parameter: str) -> Callable[[float], Any]:
    """Return how a parameter of a distribution is written: a shape is a number, all others are durations."""
    return number if parameter == "shape" else days


def quality_of(events: int, sound: bool = True) -> str:
    """Return how good the evidence is; what is known to be off is poor."""
    if not sound or events < FAIR:
        return "poor"
    return "good" if events >= GOOD else "fair"


def source_of(history: CouncilHistory, disclosure: Disclosure, what: str, n: int, ended: int | None = None) -> str:
    """Return where a value comes from, such as ``fitted to 214 stays, 61% ended, April 2021 to March 2024``."""
    made_up = "made-up " if history.simulated else ""
    share_ended = None if ended is None else disclosure.share(ended, n)
    over = "" if share_ended is None else f", {100 * share_ended:.0f}% ended"
    return f"fitted to {disclosure.words(n)} {made_up}{what}{over}, {period_of(history)}"


def period_of(history: CouncilHistory) -> str:
    """Return the months that the records cover: ``April 2021 to March 2024``."""
    first, last = history.begins, history.ends.toordinal() - 1
    end = type(first).fromordinal(last)
    return f"{MONTHS[first.month - 1]} {first.year} to {MONTHS[end.month - 1]} {end.year}"


def is_written(value: float) -> bool:
    """Whether a number can be written at all."""
    return math.isfinite(value)
