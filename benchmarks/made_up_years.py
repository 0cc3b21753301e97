"""Years of arrivals, of deaths and of moves to less support whose truth is known."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import replace

import numpy as np
import pandas as pd
from made_up_stays import BEGINS, dated

from stepdown.calibration.fits.arrivals import Months
from stepdown.calibration.fits.durations import Durations
from stepdown.calibration.history import STAYS, CouncilHistory, typed

_CALENDAR = np.array([31, 28.25, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])


def came(seed: int, per_year: float, growth: float = 0.0, clumped: bool = False, season: bool = False) -> Months:
    """Return four years of arrivals by month; the rate is that of their middle.

    Parameters
    ----------
    seed
        Sets what happens by chance.
    per_year
        People a year.
    growth
        Growth a year.
    clumped
        Whether months vary more than people who come independently make them.
    season
        Whether half as many again come in spring, and half as few in autumn.
    """
    rng = np.random.Generator(np.random.Philox(key=np.array([seed, 78], dtype=np.uint64)))
    days = np.tile(_CALENDAR, 4)
    years = np.cumsum(days) / 365.25 - 2 - days / 730.5
    expected = per_year * days / 365.25 * (1 + growth) ** years * (np.tile(WAVE, 4) if season else 1.0)
    seen = rng.poisson(expected * (rng.gamma(2.0, 0.5, 48) if clumped else 1.0))
    begins = pd.date_range("2020-01-01", periods=48, freq="MS").to_numpy().astype("datetime64[D]")
    return Months(begins, np.arange(48) % 12, days / 365.25, seen.astype(np.int64))


WAVE = 1 + 0.5 * np.sin(2 * np.pi * (np.arange(12) + 0.5) / 12)
"""What the season multiplies each month by."""

CALENDAR = _CALENDAR / 365.25
"""How much of a year each month is."""


def with_deaths(past: CouncilHistory, stays: Durations) -> Durations:
    """Return recorded stays of which those that ended by death count as ended otherwise."""
    died = ((past.stays["to"] == "died") & past.stays["left"].notna()).to_numpy()
    return replace(stays, at_most=np.where(died, stays.at_least, stays.at_most))


def moved_down(moves: int, seed: int) -> tuple[CouncilHistory, float]:
    """Return two years in which people move from a house to flats, and the share who return within a year.

    They would return after 600 days on average, and die after ten years, whichever comes first.
    """
    rng = np.random.Generator(np.random.Philox(key=np.array([seed, 79], dtype=np.uint64)))
    window = 730
    moved = rng.uniform(0, window, moves)
    back, dies = moved + rng.exponential(600.0, moves), moved + rng.exponential(3652.5, moves)
    left = np.minimum(back, dies)
    over = left < window
    people = np.arange(moves).astype(str)
    house = {"person": people, "setting": "house", "entered": dated(moved - 400), "left": dated(moved), "to": "flats"}
    to = pd.Series(np.where(dies < back, "died", "house")).where(over)
    flats = {"person": people, "setting": "flats", "entered": dated(moved), "left": dated(left).where(over), "to": to}
    again = {"person": people, "setting": "house", "entered": dated(back)}
    rows = [pd.DataFrame(house), pd.DataFrame(flats), pd.DataFrame(again)[over & (back < dies)]]
    stays = typed(pd.concat(rows, ignore_index=True).assign(group="adults"), STAYS)
    past = CouncilHistory("made up", BEGINS, BEGINS + dt.timedelta(days=window), True, "made up", stays)
    rate = 1 / 600 + 1 / 3652.5
    return past, (1 / 600) / rate * -math.expm1(-rate * 365.0)
