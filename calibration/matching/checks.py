"""Whether what was learned can be believed: held-out pasts whose truth is known, and the records against the model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import stats

from stepdown.calibration.matching.learning import HELD_OUT, MOST_HELD_OUT, Learned
from stepdown.calibration.matching.priors import Numbers, scores_of

INTERVALS = (0.5, 0.8, 0.95)
"""The intervals whose coverage is told."""

BINS = 10
"""Of the rank histogram."""

TOO_ODD = 0.001
"""A chance below which a rank histogram is not taken for an even one."""

PREDICTED = 0.99
"""The share of simulated figures in whose middle a figure of the records should lie."""


@dataclass(frozen=True)
class HeldOut:
    """Pasts that nothing was learned from, taken for records one by one.

    Attributes
    ----------
    below
        Shape (pasts, unknowns): how much of each posterior lies below the truth. Even, if posteriors are right
        (simulation-based calibration).
    errors
        Shape (pasts, unknowns): what the networks say on average, less the truth, in standard deviations of the prior.
    ratios
        Shape (pasts, unknowns): the posteriors' standard deviations over the priors'.
    """

    below: Numbers
    errors: Numbers
    ratios: Numbers

    def coverage(self, interval: float) -> Numbers:
        """Return how many of the middle intervals hold the truth, by unknown."""
        return np.asarray(np.mean(np.abs(self.below - 0.5) < interval / 2, axis=0))

    def histogram(self) -> np.ndarray[Any, np.dtype[np.int64]]:
        """Return how many truths lie in each tenth of their posterior, shape (unknowns, tenths)."""
        tenths = np.minimum((self.below * BINS).astype(np.int64), BINS - 1)
        return np.array([np.bincount(column, minlength=BINS) for column in tenths.T])

    def evenness(self) -> Numbers:
        """Return for each unknown the chance that an even histogram is as uneven as this one (chi-squared)."""
        return np.array([stats.chisquare(counts).pvalue for counts in self.histogram()])

    @property
    def error(self) -> float:
        """The root mean square of the errors, over all unknowns: 1 for knowing no more than the prior."""
        return float(np.sqrt(np.mean(self.errors**2)))

    @property
    def covers(self) -> bool:
        """Whether, over all unknowns, no interval covers less than it should by more than chance explains."""
        number = len(self.below)
        short = [(np.mean(self.coverage(i)) - i) / np.sqrt(i * (1 - i) / number) for i in INTERVALS]
        return bool(min(short) > -3)


def number_held_out(pool: int) -> int:
    """Return how many pasts of a pool, its last, nothing is learned from."""
    return min(MOST_HELD_OUT, round(HELD_OUT * pool))


def check_held_out(learned: Learned, ranks: Numbers, figures: Numbers) -> HeldOut:
    """Take pasts for records, and compare what is said of their unknowns with the truth.

    Parameters
    ----------
    learned
        What was learned from other pasts.
    ranks, figures
        Of the held-out pasts.
    """
    truth, summaries = scores_of(ranks), learned.summary(figures)
    posteriors = [learned.posterior_at(summaries[:, at]) for at in range(len(truth))]
    below = [posterior.share_below(scores) for posterior, scores in zip(posteriors, truth, strict=True)]
    errors = summaries.mean(axis=0) - truth
    return HeldOut(np.array(below), errors, np.array([posterior.ratios for posterior in posteriors]))


@dataclass(frozen=True)
class Predicted:
    """The records' figures against simulated ones.

    Attributes
    ----------
    low, middle, high
        Shape (targets,): the range of `PREDICTED` of the simulated figures, and their median.
    outside
        Shape (targets,): whether the records' figure lies outside of that range.
    """

    low: Numbers
    middle: Numbers
    high: Numbers
    outside: np.ndarray[Any, np.dtype[np.bool_]]


def predicted(figures: Numbers, observed: Numbers, share: float = PREDICTED) -> Predicted:
    """Compare the records' figures with the middle of simulated ones; with a share of 1, with all of them.

    Parameters
    ----------
    figures
        Shape (pasts, targets).
    observed
        Shape (targets,). A figure that the records, or no past, can tell lies nowhere, and never outside.
    """
    told = np.isfinite(figures).any(axis=0)
    known = np.where(told, figures, 0.0)
    edge = (1 - share) / 2
    # A figure between two that came to pass may not be one that can: the range ends at those that did.
    low, high = (
        np.nanquantile(known, edge, axis=0, method="lower"),
        np.nanquantile(known, 1 - edge, axis=0, method="higher"),
    )
    outside = told & np.isfinite(observed) & ((observed < low) | (observed > high))
    return Predicted(low, np.nanmedian(known, axis=0), high, outside)


def most_like(summaries: Numbers, at: Numbers, share: float, fewest: int) -> np.ndarray[Any, np.dtype[np.int64]]:
    """Return which pasts are most like the records: a share of them by their summaries, but so many at least.

    Parameters
    ----------
    summaries
        Shape (pasts, unknowns).
    at
        Shape (unknowns,): the records' own.
    """
    away = np.sqrt(np.sum((summaries - at) ** 2, axis=1))
    number = min(len(away), max(fewest, round(share * len(away))))
    return np.sort(np.argsort(away, kind="stable")[:number])


def sentence_of(names: Sequence[str], most: int = 3) -> str:
    """Return some names in a row, and how many more there are."""
    rest = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + rest
