"""How good a forecast was: did its ranges hold, was it too high or too low, and how far off was it.

Numbers of people are whole, so that a range of exactly 80% mostly does not exist. Ranges are therefore judged by where
the outcome lies within the forecast, with chance deciding among equals (the randomised probability integral transform;
Czado, Gneiting and Held 2009): of a right forecast it is uniform, and lies in the middle 80% in 80% of cases.

The continuous ranked probability score (Matheson and Winkler 1976) is the mean distance of the sampled futures from the
outcome less half of that between two of them: for a forecast of a single number the absolute error. Lower is better.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from stepdown.calibration.backtesting.series import Numbers

LEVELS = (0.5, 0.8, 0.95)
"""The ranges whose coverage is told."""


class Scores(NamedTuple):
    """Scores of forecasts, each of shape (series, periods).

    Attributes
    ----------
    place
        Where the outcome lies within the forecast, from 0 (below all of it) to 1.
    error
        Mean of the forecast minus outcome.
    ranked
        Continuous ranked probability score.
    """

    place: Numbers
    error: Numbers
    ranked: Numbers

    def coverage(self, level: float) -> Numbers:
        """Return whether each outcome lies in the middle range of such a level; NaN where there is no forecast."""
        return np.where(np.isnan(self.place), np.nan, np.abs(self.place - 0.5) <= level / 2)


def score(samples: Numbers, observed: Numbers, generator: np.random.Generator) -> Scores:
    """Score sampled futures.

    Parameters
    ----------
    samples
        Shape (samples, series, periods).
    observed
        Shape (series, periods).
    generator
        Decides among equals.
    """
    below, equal = (samples < observed).mean(axis=0), (samples == observed).mean(axis=0)
    known = ~np.isnan(samples).any(axis=0)
    place = np.where(known, below + generator.random(observed.shape) * equal, np.nan)
    ranked = np.abs(samples - observed).mean(axis=0) - _mean_distance(samples) / 2
    return Scores(place, samples.mean(axis=0) - observed, ranked)


def _mean_distance(samples: Numbers) -> Numbers:
    """Return the mean distance between two different samples, from their order."""
    ordered, number = np.sort(samples, axis=0), len(samples)
    weights = 2 * np.arange(1, number + 1) - number - 1
    total: Numbers = np.tensordot(weights.astype(np.float64), ordered, axes=(0, 0))
    return 2 * total / (number * (number - 1))


def ranges(samples: Numbers, levels: Sequence[float] = LEVELS) -> Numbers:
    """Return the ends of the middle ranges of samples, shape (levels, 2, ...)."""
    return np.array([np.quantile(samples, [(1 - level) / 2, (1 + level) / 2], axis=0) for level in levels])
