"""How many people die, for each thousand who live a year."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from stepdown.calibration.fits.durations import DIED, NOON, days_between
from stepdown.calibration.fits.estimates import FEW, Estimate, Window, generator
from stepdown.calibration.history import CouncilHistory
from stepdown.outputs.measures.intervals import Floats


@dataclass(frozen=True)
class DeathRate:
    """How many die.

    Attributes
    ----------
    deaths
        How many died while the records run.
    person_years
        Years that people lived while the records run, all together.
    per_1000
        Deaths per 1,000 person-years, with exact Poisson intervals (Garwood, 1936).
    window
        The time that the records cover.
    address
        Whose deaths.
    warnings
        Sentences without any count.
    """

    deaths: int
    person_years: float
    per_1000: Estimate
    window: Window
    address: tuple[str, ...]
    warnings: tuple[str, ...]

    def draws(self, count: int, seed: int) -> Floats:
        """Return draws of the rate, shape (count,): its posterior under Jeffreys' prior, Gamma(deaths + ½, years)."""
        return generator(seed, *self.address, "deaths").gamma(self.deaths + 0.5, 1000 / self.person_years, count)


def death_rate(history: CouncilHistory, group: str | None = None) -> DeathRate | None:
    """Return how many of a group die, in whatever setting; None if nobody of it lived anywhere."""
    stays = history.stays if group is None else history.stays[history.stays["group"] == group]
    begins, ends = pd.Timestamp(history.begins), pd.Timestamp(history.ends)
    days = (ends - begins).days
    came = np.maximum(days_between(stays["entered"], begins) * -1 + NOON, 0.0)
    left = np.minimum(np.nan_to_num(days_between(stays["left"], begins) * -1 + NOON, nan=days), days)
    years = float(np.maximum(left - came, 0.0).sum() / 365.25)
    if not years:
        return None
    deaths = int(((stays["to"] == DIED) & (stays["left"] >= begins) & (stays["left"] < ends)).sum())
    per = 1000 / years
    ends_of = [garwood(deaths, level) for level in (0.80, 0.95)]
    estimate = Estimate(deaths * per, *(end * per for pair in ends_of for end in pair))
    warnings = (f"fewer than {FEW} died: the rate is rough",) if deaths < FEW else ()
    return DeathRate(deaths, years, estimate, Window(history.begins, history.ends), (group or "",), warnings)


def garwood(count: int, level: float) -> tuple[float, float]:
    """Return the exact interval of a Poisson mean of which a number was seen."""
    beyond = (1 - level) / 2
    low = stats.chi2.ppf(beyond, 2 * count) / 2 if count else 0.0
    return float(low), float(stats.chi2.isf(beyond, 2 * count + 2) / 2)
