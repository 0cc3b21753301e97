"""An estimate, how uncertain it is, and draws of what it may be instead."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass

import numpy as np
from scipy import special

from stepdown.outputs.measures.intervals import Floats

FEW = 30
"""Fewer events than this, and the sentences say that they are few."""

TOO_FEW = 5
"""Fewer events than this, and no family is fitted."""

_LEVELS = (0.10, 0.90, 0.025, 0.975)
"""The ends of the 80% and of the 95% interval, as shares of the draws."""

DRAWS = 4000
"""How many draws the intervals are read from, where they have no formula."""

SEED_OF_INTERVALS = 0
"""Intervals are the same whatever the seed of draws."""


@dataclass(frozen=True)
class Estimate:
    """A number, with the interval that holds the truth in 80% and in 95% of cases.

    Attributes
    ----------
    value
        The estimate.
    low, high
        The ends of the 80% interval: what a scenario states as ``low`` and ``high``.
    low95, high95
        The ends of the 95% interval.
    """

    value: float
    low: float
    high: float
    low95: float
    high95: float


@dataclass(frozen=True)
class Window:
    """The time that a fit is about.

    Attributes
    ----------
    begins, ends
        The first day that the records cover, and the first that they do not.
    """

    begins: dt.date
    ends: dt.date

    @property
    def years(self) -> float:
        """How many years it lasts."""
        return (self.ends - self.begins).days / 365.25


@dataclass(frozen=True)
class Unfitted:
    """What could not be fitted, and why.

    Attributes
    ----------
    why
        A sentence without any count.
    n, ended
        How many were seen, and how many of them ended.
    constant
        The days that all of them took, where all took the same: a fixed duration; else None.
    """

    why: str
    n: int
    ended: int
    constant: float | None = None


@dataclass(frozen=True)
class Share:
    """A share of yes among yes and no.

    Attributes
    ----------
    yes, of
        How many said yes, of how many.
    address
        What it is a share of: sets its draws apart from those of others.
    """

    yes: int
    of: int
    address: tuple[str, ...] = ()

    @property
    def estimate(self) -> Estimate:
        """The share with Wilson's intervals; without any observation it is not known, and lies from 0 to 1."""
        if not self.of:
            return Estimate(np.nan, 0.0, 1.0, 0.0, 1.0)
        return Estimate(self.yes / self.of, *wilson(self.yes, self.of, 0.80), *wilson(self.yes, self.of, 0.95))

    def draws(self, count: int, seed: int) -> Floats:
        """Return draws of the share, shape (count,): its posterior under Jeffreys' prior, Beta(yes + ½, no + ½)."""
        return generator(seed, *self.address, "share").beta(self.yes + 0.5, self.of - self.yes + 0.5, count)


def wilson(yes: int, of: int, level: float) -> tuple[float, float]:
    """Return Wilson's score interval of a share; it covers where yes or no are few, unlike the usual p ± z se."""
    z = float(special.ndtri(0.5 + level / 2))
    share, reach = yes / of, z**2 / of
    middle = (share + reach / 2) / (1 + reach)
    half = np.sqrt(share * (1 - share) * reach + reach**2 / 4) / (1 + reach)
    return max(float(middle - half), 0.0), min(float(middle + half), 1.0)


def generator(seed: int, *address: str) -> np.random.Generator:
    """Return the random numbers of an address: they depend on the seed and on the names alone."""
    key = hashlib.blake2b("\x1f".join(address).encode(), digest_size=8).digest()
    return np.random.Generator(np.random.Philox(key=np.array([seed, int.from_bytes(key, "big")], dtype=np.uint64)))


def estimated(value: float, draws: Floats) -> Estimate:
    """Return an estimate whose intervals hold the middle 80% and 95% of draws, shape (draws,)."""
    return Estimate(value, *(float(end) for end in np.quantile(draws, _LEVELS)))
