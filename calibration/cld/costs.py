"""What a service costs a week, from a cost and how often it falls due."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from stepdown.calibration.cld.extract import Texts
from stepdown.calibration.cld.vocabulary import BY_UNITS, ONE_OFF, WEEKLY, Field, plain

_FALLS_DUE = {plain(frequency): times for frequency, times in WEEKLY.items()}
_BY_UNITS = tuple(plain(frequency) for frequency in BY_UNITS)


def per_week(batch: Mapping[str, Texts], rows: int) -> np.ndarray:
    """Return the pounds a week of each row of a batch; missing where it has no price.

    Costs and units are taken as they are above 0: negative ones are submitted by mistake. Of a frequency that is not
    known, as of one by the session, hour or day, it is the planned units a week that count.
    """
    if Field.UNIT_COST not in batch:
        return np.full(rows, np.nan)
    cost = _amounts(batch[Field.UNIT_COST])
    units = _amounts(batch[Field.UNITS]) if Field.UNITS in batch else np.full(rows, np.nan)
    times = np.full(rows, np.nan)
    if Field.COST_FREQUENCY in batch:
        frequency = batch[Field.COST_FREQUENCY]
        times = frequency.through([_times(text) for text in frequency.texts], np.nan, np.float64)
    price = cost * np.where(np.isnan(times), units, times)
    return np.where(price > 0, price, np.nan)


def _times(frequency: str) -> float:
    """Return how often in a week a cost falls due; missing where its units say so, and 0 for one that is paid once."""
    word = plain(frequency)
    if word == plain(ONE_OFF):
        return 0.0
    if word.startswith(_BY_UNITS):
        return np.nan
    return next((times for known, times in _FALLS_DUE.items() if word.startswith(known.removesuffix("ly"))), np.nan)


def _amounts(column: Texts) -> np.ndarray:
    return column.through([_amount(text) for text in column.texts], np.nan, np.float64)


def _amount(text: str) -> float:
    try:
        return abs(float(text.replace("£", "").replace(",", "")))
    except ValueError:
        return np.nan
