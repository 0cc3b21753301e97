"""Poisson regression: log expected number = log exposure + terms times coefficients."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import special

from stepdown.outputs.measures.intervals import Floats, Integers

_ROUNDS = 100


@dataclass(frozen=True)
class PoissonFit:
    """A Poisson regression.

    Attributes
    ----------
    coefficients
        Shape (terms,): what each term adds to the logarithm.
    covariance
        Shape (terms, terms): the inverse of the information.
    log_likelihood
        At the maximum.
    seen, expected
        Shape (rows,): the numbers, and what the regression expects of them.
    """

    coefficients: Floats
    covariance: Floats
    log_likelihood: float
    seen: Integers
    expected: Floats


def poisson_fit(seen: Integers, exposure: Floats, terms: Floats) -> PoissonFit:
    """Return the regression of numbers, by Newton's method: the likelihood has one maximum.

    Parameters
    ----------
    seen
        Shape (rows,): the numbers, not all 0.
    exposure
        Shape (rows,): to what each is in proportion.
    terms
        Shape (rows, terms); the first is 1 in every row.
    """
    at = np.zeros(terms.shape[1])
    at[0] = np.log(seen.sum() / exposure.sum())
    for _ in range(_ROUNDS):
        expected = exposure * np.exp(terms @ at)
        step = np.linalg.solve((terms.T * expected) @ terms, terms.T @ (seen - expected))
        at = at + np.clip(step, -2.0, 2.0)
        if np.abs(step).max() < 1e-10:
            break
    expected = exposure * np.exp(terms @ at)
    log_likelihood = float((special.xlogy(seen, expected) - expected - special.gammaln(seen + 1)).sum())
    return PoissonFit(
        at, np.asarray(np.linalg.inv((terms.T * expected) @ terms), dtype=np.float64), log_likelihood, seen, expected
    )
