"""Scores of forecasts against exact values: what a right forecast scores, and that a wrong one does not."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from stepdown.calibration.backtesting.naive import naive_forecast
from stepdown.calibration.backtesting.scores import LEVELS, ranges, score
from stepdown.calibration.backtesting.series import Series

pytestmark = pytest.mark.theory

OUTCOMES = 4000


def chance(seed: int) -> np.random.Generator:
    return np.random.default_rng(seed)


def poisson_outcomes(told: float) -> np.ndarray:
    """Return the coverage of each range for counts of mean 3 that are forecast to have another mean."""
    observed = chance(1).poisson(3.0, (1, OUTCOMES)).astype(float)
    samples = chance(2).poisson(told, (400, 1, OUTCOMES)).astype(float)
    scores = score(samples, observed, chance(3))
    return np.array([scores.coverage(level).mean() for level in LEVELS])


def test_the_ranges_of_a_right_forecast_of_small_counts_hold_exactly_as_often_as_they_say():
    """Counts of about 3 have no range of exactly 80%: chance decides among equals, and the coverage is exact."""
    covered = poisson_outcomes(3.0)
    for level, share in zip(LEVELS, covered, strict=True):
        # The forecast is itself known from 400 samples only, which adds less than the outcomes' own error.
        error = np.sqrt(level * (1 - level) * (1 / OUTCOMES))
        assert abs(share - level) < 4 * error, f"{share:.3f} of outcomes lie in the range of {level:.0%}"


def test_a_forecast_that_is_too_low_fails_the_same_test():
    covered = poisson_outcomes(1.5)
    for level, share in zip(LEVELS, covered, strict=True):
        assert abs(share - level) > 4 * np.sqrt(level * (1 - level) / OUTCOMES)


@pytest.mark.parametrize("outcome", [-1.5, 0.0, 0.7])
def test_the_ranked_score_is_that_of_a_normal_forecast(outcome):
    """Gneiting and Raftery (2007), equation 21."""
    exact = outcome * (2 * stats.norm.cdf(outcome) - 1) + 2 * stats.norm.pdf(outcome) - 1 / np.sqrt(np.pi)
    samples = chance(5).normal(size=(200, 1, 300))
    ranked = score(samples, np.full((1, 300), outcome), chance(6)).ranked
    error = ranked.std(ddof=1) / np.sqrt(ranked.size)
    assert abs(ranked.mean() - exact) < 4 * error, f"{ranked.mean():.4f}, exact {exact:.4f} ± {error:.4f}"


def test_the_ranked_score_of_a_single_number_is_its_absolute_error():
    samples = np.full((2, 1, 3), 4.0)
    found = score(samples, np.array([[1.0, 4.0, 6.5]]), chance(1))
    assert found.ranked.tolist() == [[3.0, 0.0, 2.5]]
    assert found.error.tolist() == [[3.0, 0.0, -2.5]]


def test_the_ends_of_ranges_are_quantiles():
    found = ranges(np.arange(101.0).reshape(101, 1, 1))
    assert found[:, :, 0, 0].ravel() == pytest.approx([25, 75, 10, 90, 2.5, 97.5])


def test_a_naive_forecast_of_a_steady_flow_covers_as_it_says_and_of_a_drifting_level_spreads_with_time():
    flow, level = Series("entries", "flats"), Series("people", "flats")
    places, weeks = [], 2000
    for number in range(weeks):
        counts = chance(number).poisson(6.0, 9).astype(float)
        futures = naive_forecast(counts[:8], flow, 1, 8, 300, chance(10_000 + number))
        places.append(
            score(futures[:, np.newaxis], counts[np.newaxis, 8:], chance(20_000 + number)).coverage(0.8)[0, 0]
        )
    assert abs(np.mean(places) - 0.8) < 4 * np.sqrt(0.8 * 0.2 / weeks)
    walk = 500 + np.cumsum(chance(9).normal(0, 3, 200)).round()
    futures = naive_forecast(walk, level, 16, 4, 4000, chance(11))
    spread = futures.std(axis=0)
    step = np.diff(walk).std()
    assert spread[[0, 3, 15]] == pytest.approx(step * np.sqrt([1, 4, 16]), rel=0.08)
    assert futures.mean() == pytest.approx(walk[-1], abs=0.5)


def test_too_little_of_the_past_gives_no_naive_forecast():
    assert np.isnan(naive_forecast(np.array([1.0, 2.0, 1.0]), Series("people", "flats"), 2, 4, 10, chance(1))).all()
