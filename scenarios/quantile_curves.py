"""Quantiles that SciPy computes slowly, as smooth curves over the normal score of the share.

Inverting the incomplete gamma and beta functions takes SciPy about a microsecond, ten times as long as everything else
that a simulation does for a stay. As a function of the normal score, a gamma quantile's logarithm and a beta quantile
are smooth, so that short pieces of polynomials through SciPy's own values give them back to about twelve digits.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt
from numpy.polynomial import chebyshev
from scipy import special

Floats = npt.NDArray[np.float64]

HIGHEST = 8.5
"""Scores are taken from -HIGHEST to HIGHEST: beyond are only shares within 2 ** -56 of 0 or 1."""
PIECES_PER_UNIT = 8
"""Pieces for each unit of the score. A power of two, so that a score's position in its piece is exact."""
PIECES = int(2 * HIGHEST * PIECES_PER_UNIT)
TERMS = 8
"""Coefficients of each piece."""

# Chebyshev's points of a piece, as angles, and in scores.
_ANGLES = [math.pi * (point + 0.5) / TERMS for point in range(TERMS)]
_SCORES: Floats = np.array(
    [[(piece + (math.cos(angle) + 1) / 2) / PIECES_PER_UNIT - HIGHEST for angle in _ANGLES] for piece in range(PIECES)]
)
_POWERS = [chebyshev.cheb2poly([0] * degree + [1]) for degree in range(TERMS)]
"""Chebyshev's polynomials as coefficients of powers."""

_TINY = 1e-100
"""Below this the first term of the incomplete gamma function's series is the whole of it."""


@dataclass(frozen=True, eq=False)
class QuantileCurve:
    """A smooth function of a share's normal score, in pieces of polynomials.

    Attributes
    ----------
    coefficients
        `TERMS` for each of the `PIECES`, from the constant on; a piece's own variable runs from -1 to 1.
    """

    coefficients: tuple[float, ...]

    def at(self, share: float) -> float:
        """Return the function's value at a share from 0 to 1."""
        position = (float(special.ndtri(share)) + HIGHEST) * PIECES_PER_UNIT
        within = min(max(position, 0.0), float(PIECES))
        piece = min(int(within), PIECES - 1)
        variable = 2 * (within - piece) - 1
        first = piece * TERMS
        value = 0.0
        for term in range(TERMS - 1, -1, -1):
            value = value * variable + self.coefficients[first + term]
        return value


@cache
def log_gamma_quantile(shape: float) -> QuantileCurve:
    """Return the logarithm of the quantile of a gamma distribution with scale 1.

    Parameters
    ----------
    shape
        Above 0. Measured against SciPy's values, the logarithm is right within 3e-12 from shape 0.01 on, and within
        3e-11 at 0.001.
    """
    return _curve(lambda score: _log_gamma_at(shape, score))


@cache
def beta_quantile(rising: float, falling: float) -> QuantileCurve:
    """Return the quantile of a beta distribution with two shapes, each at least 1: right within 1e-14 (measured)."""
    return _curve(
        lambda score: np.where(
            score < 0,
            special.betaincinv(rising, falling, special.ndtr(score)),
            special.betainccinv(rising, falling, special.ndtr(-score)),
        )
    )


def _log_gamma_at(shape: float, score: Floats) -> Floats:
    # From the nearer end, where a share keeps all its digits.
    lower = special.gammaincinv(shape, special.ndtr(score))
    value = np.where(score < 0, lower, special.gammainccinv(shape, special.ndtr(-score)))
    near_nothing = (special.log_ndtr(score) + special.gammaln(shape + 1)) / shape
    logarithm = [math.log(max(one, _TINY)) for one in value.ravel().tolist()]
    return np.where(value < _TINY, near_nothing, np.reshape(logarithm, value.shape))


def _curve(function: Callable[[Floats], Floats]) -> QuantileCurve:
    """Interpolate in each piece.

    Sums are written out: a library's product of matrices may round differently from processor to processor.
    """
    values = function(_SCORES)
    coefficients = np.zeros((PIECES, TERMS))
    for degree, powers in enumerate(_POWERS):
        weight = np.zeros(PIECES)
        for point, angle in enumerate(_ANGLES):
            weight += values[:, point] * math.cos(degree * angle)
        weight *= (1 if degree == 0 else 2) / TERMS
        for power, factor in enumerate(powers):
            coefficients[:, power] += weight * factor
    return QuantileCurve(tuple(coefficients.ravel().tolist()))
