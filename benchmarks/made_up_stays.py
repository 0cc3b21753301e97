"""Records of one service whose truth is known: people come at random, stay, and may be blocked or die before they go.

Not the model: no places and no lists, so that a length of stay is what it was drawn to be, and nothing else. What has
to be recovered is then exact. Days count from the first day of the records.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from stepdown.calibration.history import REQUESTS, STAYS, CouncilHistory, typed
from stepdown.scenarios.distributions import Distribution, Fixed, Gamma, Lognormal, Weibull
from stepdown.scenarios.parse_distribution import parse_distribution
from stepdown.scenarios.quantities import DAYS_PER_YEAR, parse_duration

BEGINS = dt.date(2022, 4, 1)
"""The first day of the records."""

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Service:
    """A service, and how people fare in it.

    Attributes
    ----------
    times
        The time until ready by each route.
    shares
        The share of each route.
    open_for
        Days from its opening until the records begin.
    stays
        How many stays the records hold, on average.
    window
        Days that the records cover.
    blocked
        Days that people still live there after they are ready, exponential with this mean.
    deaths
        Deaths a year of each person, at a constant rate.
    review_every
        Days between reviews, at which readiness becomes known; 0 if it is known at once.
    limit
        Days after which people leave, ready or not.
    """

    times: Mapping[str, Distribution]
    shares: Mapping[str, float]
    open_for: float
    stays: float
    window: int = 730
    blocked: float = 0.0
    deaths: float = 0.0
    review_every: float = 0.0
    limit: float = np.inf

    @property
    def per_day(self) -> float:
        """How many come a day, so that the records hold the expected number of stays."""
        since = np.linspace(0.0, self.open_for, 4001)
        lasting = sum(
            share * np.array([self.times[route].survival(float(day)) for day in since])
            for route, share in self.shares.items()
        )
        return float(self.stays / (self.window + np.trapezoid(lasting, since)))


ONE = {"flats": 1.0}
"""All take one route."""

TRUTHS: Mapping[str, Distribution] = {
    name: parse_distribution(written, parse_duration)
    for name, written in {
        "exponential": {"exponential": {"mean": "540 days"}},
        "weibull": {"weibull": {"mean": "540 days", "shape": 1.5}},
        "lognormal": {"lognormal": {"median": "400 days", "p90": "1100 days"}},
        "gamma": {"gamma": {"mean": "540 days", "sd": "380 days"}},
    }.items()
}
"""Stays of about a year and a half."""

AGES = {"established": 9000.0, "young": 365.0}
"""For how many days a service has been open when the records begin."""


def records(service: Service, seed: int) -> CouncilHistory:
    """Return the records of a service, with dates in whole days."""
    rng = np.random.Generator(np.random.Philox(key=np.array([seed, 77], dtype=np.uint64)))
    came = np.sort(rng.uniform(-service.open_for, service.window, rng.poisson(expected(service))))
    routes = np.array(list(service.shares))
    route = rng.choice(routes, size=len(came), p=list(service.shares.values()))
    need = np.zeros(len(came))
    for name, distribution in service.times.items():
        need[route == name] = drawn(distribution, int((route == name).sum()), rng)
    known = np.ceil(need / service.review_every) * service.review_every if service.review_every else need
    blocked = rng.exponential(service.blocked, len(came)) if service.blocked else 0.0
    leaves = np.minimum(known, service.limit) + blocked
    lives = rng.exponential(DAYS_PER_YEAR / service.deaths, len(came)) if service.deaths else np.inf
    dies = np.broadcast_to(lives, need.shape)
    died, left = dies < leaves, came + np.minimum(leaves, dies)
    here = left >= 0
    gone, ready = here & (left < service.window), (came + known < service.window) & (known <= dies)
    stays = pd.DataFrame(
        {
            "person": np.arange(len(came)).astype(str),
            "group": "adults",
            "setting": "house",
            "entered": dated(came),
            "ready": dated(np.where(ready, came + known, np.nan)),
            "left": dated(np.where(gone, left, np.nan)),
            "to": pd.Series(np.where(died, "died", route)).where(gone),
        }
    )[here]
    return CouncilHistory(
        "made up", BEGINS, BEGINS + dt.timedelta(days=service.window), True, "made up", typed(stays, STAYS),
        requests=typed(pd.DataFrame(), REQUESTS),
    )  # fmt: skip


def expected(service: Service) -> float:
    """Return how many people are expected to come from the opening to the end of the records."""
    return service.per_day * (service.open_for + service.window)


def drawn(distribution: Distribution, count: int, rng: np.random.Generator) -> Floats:
    """Return draws of a distribution, all at once."""
    match distribution:
        case Weibull(scale, shape):
            return scale * rng.weibull(shape, count)
        case Lognormal(mu, sigma):
            return rng.lognormal(mu, sigma, count)
        case Gamma(shape, scale):
            return rng.gamma(shape, scale, count)
        case Fixed(value):
            return np.full(count, value)
    raise TypeError(f"{distribution} is none of the families that are fitted")


def dated(days: Floats) -> pd.Series[pd.Timestamp]:
    """Return the dates of days since the records begin; a missing day has no date."""
    return pd.Series(pd.Timestamp(BEGINS) + pd.to_timedelta(np.floor(days), unit="D"))
