"""What is thought of a value before records are looked at, and the scale on which it is learned.

A value is described by its rank u between 0 and 1, the share of the prior below it, and by its normal score z, the
standard normal quantile of u. Every prior is uniform in u and standard normal in z; whatever is computed in z comes
back within the prior's limits.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from scipy.special import expit, logit, ndtr, ndtri

Numbers = np.ndarray[Any, np.dtype[np.float64]]

EDGE = 1e-6
"""Ranks nearer to 0 or 1 count as this near: their normal scores stay finite."""

WORDS = {
    "log-uniform": "every doubling as likely as every other",
    "logit-uniform": "every doubling of the odds as likely as every other",
    "uniform": "every value as likely as every other",
}
"""What the kinds of priors mean."""


@dataclass(frozen=True)
class Prior:
    """A range and how likely the values within it are.

    Attributes
    ----------
    kind
        Whether the value, its logarithm, or the logarithm of its odds (of a percentage) is uniform.
    low, high
        The limits, in the unit in which the value is written.
    """

    kind: Literal["log-uniform", "logit-uniform", "uniform"]
    low: float
    high: float

    def amounts(self, ranks: Numbers) -> Numbers:
        """Return the values below which such shares of the prior lie."""
        low, high = self._scaled(np.array([self.low, self.high]))
        between = low + (high - low) * ranks
        if self.kind == "log-uniform":
            found = np.exp(between)
        else:
            found = 100 * expit(between) if self.kind == "logit-uniform" else between
        return np.asarray(np.clip(found, self.low, self.high))

    def ranks(self, amounts: Numbers) -> Numbers:
        """Return the share of the prior below each value."""
        low, high = self._scaled(np.array([self.low, self.high]))
        within = self._scaled(np.clip(amounts, self.low, self.high))
        return np.asarray(np.clip((within - low) / (high - low), 0.0, 1.0))

    def _scaled(self, amounts: Numbers) -> Numbers:
        if self.kind == "log-uniform":
            return np.asarray(np.log(amounts))
        return np.asarray(logit(amounts / 100)) if self.kind == "logit-uniform" else amounts


def prior_of(low: float, high: float, percentage: bool, whole: bool) -> Prior:
    """Return the prior of a value between two limits.

    Parameters
    ----------
    low, high
        The limits.
    percentage
        Whether it is a share, in per cent.
    whole
        Whether only whole numbers will do: each then has the same part of the prior, ends included.
    """
    if whole:
        return Prior("uniform", low - 0.5, high + 0.5)
    if percentage:
        return Prior("logit-uniform" if low > 0 and high < 100 else "uniform", low, high)
    return Prior("log-uniform" if low > 0 else "uniform", low, high)


def scores_of(ranks: Numbers) -> Numbers:
    """Return the normal scores of ranks."""
    return np.asarray(ndtri(np.clip(ranks, EDGE, 1 - EDGE)))


def ranks_of(scores: Numbers) -> Numbers:
    """Return the ranks of normal scores."""
    return np.asarray(np.clip(ndtr(scores), EDGE, 1 - EDGE))


SPREAD = float(np.sqrt(1 / 12))
"""The standard deviation of the prior, in ranks."""
