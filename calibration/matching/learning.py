"""From figures to unknowns: summaries that a small network learns, then regression among the pasts that are nearest.

A network learns to tell the unknowns (as normal scores) from the figures; what it says of a past is the past's
summary, one number for each unknown. Of the pasts whose summaries are nearest to those of the records, with weights
that fall to nothing at the farthest of them (Epanechnikov), the scores are moved along a local linear regression to
where the records are (Beaumont, Zhang and Balding 2002; learned summaries: Fearnhead and Prangle 2012).

A network tells better of the pasts that it has learned from than of any other, the records included, and posteriors
would be too narrow. So there are several, each without a part of the pool; every past is told of by the network that
has not seen it, and compared with what that same network says of the records.
"""

from __future__ import annotations

import warnings
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from scipy.special import ndtr
from sklearn.exceptions import ConvergenceWarning
from sklearn.neural_network import MLPRegressor
from threadpoolctl import ThreadpoolController

from stepdown.calibration.matching.priors import SPREAD, Numbers, scores_of

LAYERS = (64, 64)
"""Neurons of the network."""

NEAREST, FEWEST, PER_UNKNOWN = 0.04, 100, 20
"""The share of the pool that counts as near; and the fewest pasts, with so many more for each unknown."""

PARTS = 5
"""Parts of the pool, and networks that have learned from all but one of them."""

HELD_OUT, MOST_HELD_OUT = 0.15, 500
"""The share of a pool on which what was learned is checked, and how many pasts at the most."""

FAR = 1.0
"""Standard deviations beyond what the pool shows, at which a figure of the records is held."""


@dataclass(frozen=True)
class Scale:
    """How figures are made comparable: logarithms of one more, less their mean, over their spread.

    Attributes
    ----------
    columns
        The figures that differ among the pasts.
    mean, spread, low, high
        Of each of them.
    """

    columns: np.ndarray[Any, np.dtype[np.int64]]
    mean: Numbers
    spread: Numbers
    low: Numbers
    high: Numbers

    def __call__(self, figures: Numbers) -> Numbers:
        """Return comparable figures; those that are missing are as on average."""
        scaled = (np.log1p(figures[:, self.columns]) - self.mean) / self.spread
        return np.nan_to_num(np.clip(scaled, self.low - FAR, self.high + FAR), nan=0.0)


@cache
def _libraries() -> ThreadpoolController:
    return ThreadpoolController()  # to find them takes as long as a hundred predictions


def one_thread() -> AbstractContextManager[Any]:
    """Let numerical libraries use one thread: with more, sums are taken in other orders, and give other bits."""
    return _libraries().limit(limits=1)  # type: ignore[no-any-return]


def scale_of(figures: Numbers, columns: Any) -> Scale:
    """Return the scale of some columns of a pool's figures; those that are always the same are left out."""
    told = np.log1p(figures[:, columns])
    some = np.isfinite(told).any(axis=0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # columns in which nothing is finite
        mean, spread = np.nanmean(told, axis=0), np.nanstd(told, axis=0)
    kept = some & (spread > 1e-9)
    scaled = (told[:, kept] - mean[kept]) / spread[kept]
    return Scale(
        np.asarray(columns)[kept], mean[kept], spread[kept], np.nanmin(scaled, axis=0), np.nanmax(scaled, axis=0)
    )


@dataclass(frozen=True)
class Learned:
    """What was learned from a pool.

    Attributes
    ----------
    scale, networks
        From figures to what networks take, and the networks; none where no figure differs among the pasts.
    part
        Shape (pasts,): the network that has not seen a past.
    summaries, scores
        Shape (pasts, unknowns): what that network says of each past, and the truth.
    """

    scale: Scale
    networks: tuple[Any, ...]
    part: np.ndarray[Any, np.dtype[np.int64]]
    summaries: Numbers
    scores: Numbers

    def summary(self, figures: Numbers) -> Numbers:
        """Return what each network says of other pasts, shape (networks, pasts, unknowns)."""
        inputs, unknowns = self.scale(figures), self.scores.shape[1]
        return np.array([_told(network, inputs, unknowns) for network in self.networks])

    def posterior(self, figures: Numbers) -> Posterior:
        """Return what one past's figures, shape (targets,), say of the unknowns."""
        return self.posterior_at(self.summary(figures[None, :])[:, 0])

    def posterior_at(self, summary: Numbers) -> Posterior:
        """Return what the networks' summaries of one past, shape (networks, unknowns), say of the unknowns."""
        return nearest(self.summaries - summary[self.part], self.scores)


def learn(ranks: Numbers, figures: Numbers, columns: Any, seed: int) -> Learned:
    """Learn to tell unknowns from figures.

    Parameters
    ----------
    ranks
        Shape (pasts, unknowns): ranks of the unknowns in their priors.
    figures
        Shape (pasts, targets).
    columns
        Which figures may be used.
    seed
        Of the networks' first weights.
    """
    scores, scale = scores_of(ranks), scale_of(figures, columns)
    inputs = scale(figures)
    part = np.arange(len(inputs)) % PARTS
    networks, summaries = [], np.zeros_like(scores)
    for at in range(PARTS):
        others = part != at
        network = _fitted(inputs[others], scores[others], seed + at) if inputs.shape[1] else None
        networks.append(network)
        summaries[~others] = _told(network, inputs[~others], scores.shape[1])
    return Learned(scale, tuple(networks), part, summaries, scores)


def _fitted(inputs: Numbers, scores: Numbers, seed: int) -> Any:
    network = MLPRegressor(
        hidden_layer_sizes=LAYERS,
        alpha=1.0,
        learning_rate_init=2e-3,
        batch_size=min(100, len(inputs) // 2),
        max_iter=300,
        early_stopping=True,
        validation_fraction=0.15,
        n_iter_no_change=15,
        random_state=seed % 2**32,
    )
    with one_thread(), warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        return network.fit(inputs, scores if scores.shape[1] > 1 else scores[:, 0])


def _told(network: Any, inputs: Numbers, unknowns: int) -> Numbers:
    if network is None:
        return np.zeros((len(inputs), unknowns))
    with one_thread():
        return np.asarray(network.predict(inputs), dtype=np.float64).reshape(len(inputs), unknowns)


@dataclass(frozen=True)
class Posterior:
    """What is known of the unknowns: pasts near to the records, moved to where these are.

    Attributes
    ----------
    pasts
        Shape (near,): which pasts of those that were learned from.
    scores
        Shape (near, unknowns): their normal scores, moved.
    weights
        Shape (near,): how much each counts; they add up to 1.
    """

    pasts: np.ndarray[Any, np.dtype[np.int64]]
    scores: Numbers
    weights: Numbers

    def share_below(self, scores: Numbers) -> Numbers:
        """Return how much of the posterior of each unknown lies below a score."""
        return np.asarray(self.weights @ (self.scores < scores))

    @property
    def ratios(self) -> Numbers:
        """The standard deviation of each unknown's rank, over that of the prior."""
        ranks = ndtr(self.scores)
        mean = self.weights @ ranks
        return np.asarray(np.sqrt(self.weights @ (ranks - mean) ** 2) / SPREAD)

    def drawn(self, draws: int, chance: np.random.Generator) -> np.ndarray[Any, np.dtype[np.int64]]:
        """Return which of the near pasts are drawn: each as often as it counts, up to one (systematic resampling)."""
        marks = (np.arange(draws) + chance.random()) / draws
        found = np.searchsorted(np.cumsum(self.weights), marks, side="right")
        return chance.permutation(np.minimum(found, len(self.weights) - 1))


def nearest(away: Numbers, scores: Numbers) -> Posterior:
    """Return the posterior from the pasts whose summaries are nearest.

    Parameters
    ----------
    away
        Shape (pasts, unknowns): how far the summaries are from those of the records.
    scores
        Shape (pasts, unknowns): the normal scores of the unknowns.
    """
    spread = away.std(axis=0)
    away = away / np.where(spread > 0, spread, 1.0)
    distance = np.sqrt(np.sum(away**2, axis=1))
    wanted = max(FEWEST + PER_UNKNOWN * scores.shape[1], round(NEAREST * len(away)))
    pasts = np.argsort(distance, kind="stable")[:wanted]
    reach = distance[pasts[-1]]
    weights = 1 - (distance[pasts] / reach) ** 2 if reach > 0 else np.ones(len(pasts))
    weights = np.maximum(weights, 1e-12) / np.sum(np.maximum(weights, 1e-12))
    return Posterior(pasts, _moved(away[pasts], scores[pasts], weights), weights)


def _moved(away: Numbers, scores: Numbers, weights: Numbers) -> Numbers:
    """Return scores less what a weighted linear regression says they differ for being away."""
    root = np.sqrt(weights)[:, None]
    design = np.column_stack([np.ones(len(away)), away])
    with one_thread():
        slopes = np.linalg.lstsq(root * design, root * scores, rcond=1e-8)[0]
        return np.asarray(scores - away @ slopes[1:])
