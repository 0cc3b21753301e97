"""The forecast of somebody who knows no more than the last figures: what any other has to beat.

A level stays as it is, give or take the changes of the past: after h periods it has drifted like h changes of one
period each, drawn anew from those that were seen. A flow goes on as in the past year, give or take chance: its rate has
the gamma distribution that a Poisson number of so many in so many periods leaves (Jeffreys' prior), and numbers are
Poisson.
"""

from __future__ import annotations

import numpy as np

from stepdown.calibration.backtesting.series import Numbers, Series

FEWEST = 4
"""Periods that must be known before anything is forecast from them."""


def naive_forecast(
    past: Numbers, series: Series, periods: int, a_year: int, samples: int, generator: np.random.Generator
) -> Numbers:
    """Return sampled futures of one series.

    Parameters
    ----------
    past
        Shape (past periods,): what was counted in each, the last one last.
    series
        What is counted.
    periods
        How many are forecast.
    a_year
        Periods of a year.
    samples
        How many futures.
    generator
        Where chance comes from.

    Returns
    -------
    np.ndarray
        Shape (samples, periods); NaN where too little is known.
    """
    if len(past) < FEWEST:
        return np.full((samples, periods), np.nan)
    if series.is_level:
        changes = np.diff(past)
        drift = generator.choice(changes - changes.mean(), size=(samples, periods)).cumsum(axis=1)
        level: Numbers = np.maximum(np.rint(past[-1] + drift), 0.0)
        return level
    recent = past[-a_year:]
    rates = generator.gamma(recent.sum() + 0.5, 1 / len(recent), size=(samples, 1))
    return generator.poisson(np.broadcast_to(rates, (samples, periods))).astype(np.float64)
