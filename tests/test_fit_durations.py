"""Lengths of stay are fitted as theory and another program fit them, and come out at what they were made from."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
import surpyval
from made_up_stays import AGES, ONE, TRUTHS, Service, records
from public_data import channing_men, made, remissions
from scipy import stats

from stepdown.calibration.fits.durations import Durations, Rules, stays_of
from stepdown.calibration.fits.families import FAMILIES, Family
from stepdown.calibration.fits.fitted import DurationFit, fit_durations, fit_family
from stepdown.calibration.fits.likelihood import log_likelihood
from stepdown.scenarios.parse_distribution import parse_distribution
from stepdown.scenarios.quantities import parse_duration

pytestmark = pytest.mark.theory

EXPONENTIAL, WEIBULL, LOGNORMAL, GAMMA = FAMILIES

OURS: dict[str, Callable[[np.ndarray], list[float]]] = {
    "exponential": lambda at: [math.exp(-at[0])],
    "weibull": lambda at: [math.exp(at[0]), math.exp(at[1])],
    "lognormal": lambda at: [at[0], math.exp(at[1])],
    "gamma": lambda at: [math.exp(at[1]), math.exp(at[1] - at[0])],
}
"""The parameters of each family as surpyval states them."""

THEIRS = {
    "exponential": surpyval.Exponential,
    "weibull": surpyval.Weibull,
    "lognormal": surpyval.LogNormal,
    "gamma": surpyval.Gamma,
}

SETS = 16
"""Sets of records that an estimator is judged by."""


def every_family(families: tuple[Family, ...] = FAMILIES) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("family", families, ids=lambda family: family.name)


def fitted(durations: Durations, family: Family) -> DurationFit:
    fit = fit_durations(durations, (family,))
    assert isinstance(fit, DurationFit)
    return fit


def mean_of(durations: Durations, family: Family) -> float:
    return float(family.mean(fit_family(family, durations).point))


def p90_of(durations: Durations, family: Family) -> float:
    return float(family.quantile(fit_family(family, durations).point, 0.9))


def off_by(means: list[float], truth: float) -> float:
    """By how many standard errors the mean of estimates is off the truth."""
    return abs(float(np.mean(means)) - truth) / (float(np.std(means, ddof=1)) / math.sqrt(len(means)))


@every_family()
@pytest.mark.parametrize("data", [remissions, channing_men], ids=["censored", "censored and truncated"])
def test_public_data_are_fitted_as_surpyval_fits_them(family, data):
    seen = data()
    theirs = THEIRS[family.name].fit(x=seen.at_least, c=(~seen.ended).astype(int), tl=seen.entry)
    top = fit_family(family, seen)
    assert top.converged
    assert top.log_likelihood >= -theirs.neg_ll() - 1e-6
    assert OURS[family.name](top.point) == pytest.approx(list(theirs.params), rel=2e-4)


def test_times_that_are_known_between_two_reviews_are_fitted_as_surpyval_fits_them():
    low = np.array([0.0, 0.0, 30.0, 30.0, 30.0, 60.0, 60.0, 90.0, 120.0, 150.0])
    high = np.where(low < 150, low + 30, np.inf)
    seen = replace(made(list(low), [True] * 10, [0.0] * 10), at_most=high)
    theirs = surpyval.Weibull.fit(xl=np.where(low > 0, low, -np.inf), xr=high)
    assert OURS["weibull"](fit_family(WEIBULL, seen).point) == pytest.approx(list(theirs.params), rel=1e-3)


def test_remissions_are_as_they_were_published():
    """Mean 359 / 9 of the exponential; scale 33.77 and shape 1.354 of the Weibull."""
    assert fit_family(EXPONENTIAL, remissions()).point[0] == pytest.approx(math.log(359 / 9), abs=1e-6)
    assert OURS["weibull"](fit_family(WEIBULL, remissions()).point) == pytest.approx([33.77, 1.354], rel=2e-4)


@every_family()
def test_a_family_is_one_with_the_distribution_that_the_model_draws_from(family):
    at = np.array([6.0, 0.3])[: len(family.parameters)]
    times = np.array([0.5, 40.0, 400.0, 2500.0])
    there = family.distribution(at)
    assert np.exp(family.log_survival(at, times)) == pytest.approx([there.survival(t) for t in times], rel=1e-9)
    slopes = (family.log_survival(at, times * (1 - 1e-6)) - family.log_survival(at, times * (1 + 1e-6))) / (
        2e-6 * times
    )
    assert np.exp(family.log_density(at, times) - family.log_survival(at, times)) == pytest.approx(slopes, rel=1e-4)
    assert family.mean(at) == pytest.approx(there.mean)
    assert family.quantile(at, 0.9) == pytest.approx(there.quantile(0.9))
    assert family.log_survival(at, np.array([0.0]))[0] == 0


@every_family()
def test_what_is_written_for_a_scenario_is_what_was_fitted(family):
    fit = fitted(channing_men(), family)
    read = parse_distribution(fit.written, parse_duration)
    for days in (700.0, 1000.0, 1100.0):
        assert read.survival(days) == pytest.approx(fit.distribution.survival(days), abs=2e-4)


@every_family()
def test_survival_is_followed_far_beyond_where_it_has_no_number(family):
    far = family.log_survival(np.array([0.0, 1.2])[: len(family.parameters)], np.array([1e5, 2e5]))
    assert far[1] < far[0] < -5
    assert np.isfinite(far).all()


@pytest.mark.parametrize(
    ("family", "age"),
    [(EXPONENTIAL, "young"), (WEIBULL, "young"), (LOGNORMAL, "established"), (GAMMA, "established")],
    ids=["exponential", "weibull", "lognormal", "gamma"],
)
def test_the_truth_is_recovered_where_completed_stays_alone_or_ignoring_truncation_miss_it(family, age):
    truth = TRUTHS[family.name]
    service = Service({"flats": truth}, ONE, AGES[age], stays=250)
    seen = [stays_of(records(service, seed), "house") for seed in range(SETS)]
    right = [mean_of(durations, family) for durations in seen]
    completed = [float(durations.seen[durations.ended].mean()) for durations in seen]
    from_the_start = [replace(durations, entry=np.zeros(durations.n)) for durations in seen]
    untruncated = [mean_of(durations, family) for durations in from_the_start]
    assert off_by(right, truth.mean) < 3.5
    assert off_by(untruncated, truth.mean) > 3.5
    # Of a service that has been open for long, as many long stays end as begin: the bias of the two neglects cancels.
    assert age == "established" or off_by(completed, truth.mean) > 3.5


def test_needs_are_recovered_from_ready_dates_where_recorded_stays_contain_the_wait():
    truth = TRUTHS["weibull"]
    service = Service({"flats": truth}, ONE, AGES["established"], stays=150, blocked=90.0, deaths=0.05)
    histories = [records(service, seed) for seed in range(SETS)]
    needs = [fit_family(WEIBULL, stays_of(past, "house", reading="needs")).point for past in histories]
    stays = [mean_of(stays_of(past, "house"), WEIBULL) for past in histories]
    assert off_by([float(WEIBULL.mean(at)) for at in needs], truth.mean) < 3.5
    assert off_by([math.exp(at[1]) for at in needs], truth.shape) < 3.5
    assert off_by(stays, truth.mean) > 3.5


def test_needs_are_recovered_where_reviews_hide_them():
    truth = TRUTHS["weibull"]
    service = Service({"flats": truth}, ONE, AGES["young"], stays=150, blocked=60.0, review_every=365.25)
    histories = [records(service, seed) for seed in range(SETS)]
    right = [stays_of(past, "house", reading="needs", rules=Rules(review_every=365.25)) for past in histories]
    naive = [stays_of(past, "house", reading="needs") for past in histories]
    assert off_by([mean_of(seen, WEIBULL) for seen in right], truth.mean) < 3.5
    assert off_by([mean_of(seen, WEIBULL) for seen in naive], truth.mean) > 3.5


def test_needs_are_recovered_where_people_leave_at_a_maximum_stay():
    truth, limit = TRUTHS["lognormal"], 700.0
    service = Service({"flats": truth}, ONE, AGES["established"], stays=200, limit=limit)
    histories = [records(service, seed) for seed in range(SETS)]
    right = [stays_of(past, "house", rules=Rules(maximum_stay=limit)) for past in histories]
    naive = [stays_of(past, "house") for past in histories]
    assert max(seen.seen.max() for seen in right) <= limit
    assert off_by([p90_of(seen, LOGNORMAL) for seen in right], truth.quantile(0.9)) < 3.5
    assert off_by([p90_of(seen, LOGNORMAL) for seen in naive], truth.quantile(0.9)) > 3.5


def test_draws_of_few_follow_the_likelihood_itself():
    """With a flat prior on the log of the mean, the exponential's rate is Gamma(ended, time) whatever the entries."""
    seen = channing_men().where(np.arange(96) % 5 == 0)
    drawn = fitted(seen, EXPONENTIAL).draws(4000, seed=3)["mean"]
    exact = stats.invgamma(seen.ended.sum(), scale=seen.exposure)
    for share in (0.025, 0.1, 0.5, 0.9, 0.975):
        # 2,000 proposals: the share of draws below a quantile is known to about 0.02.
        assert (drawn < exact.ppf(share)).mean() == pytest.approx(share, abs=0.03)


def test_intervals_of_the_mean_hold_the_truth_as_often_as_they_say():
    truth = TRUTHS["weibull"].mean
    service = Service({"flats": TRUTHS["weibull"]}, ONE, AGES["young"], stays=40)
    fits = [fitted(stays_of(records(service, seed), "house"), WEIBULL) for seed in range(40)]
    inside = np.mean([fit.estimates["mean"].low <= truth <= fit.estimates["mean"].high for fit in fits])
    inside95 = np.mean([fit.estimates["mean"].low95 <= truth <= fit.estimates["mean"].high95 for fit in fits])
    assert abs(inside - 0.80) < 3.5 * math.sqrt(0.8 * 0.2 / 40)
    assert inside95 > 0.95 - 3.5 * math.sqrt(0.95 * 0.05 / 40)


def test_draws_depend_on_the_seed_and_on_what_was_fitted_alone():
    fit = fitted(remissions(), WEIBULL)
    first, again, other = (fit.draws(50, seed)["mean"] for seed in (1, 1, 2))
    assert (first == again).all()
    assert (first != other).any()
    elsewhere = replace(fit, durations=replace(fit.durations, address=("elsewhere",)))
    assert (elsewhere.draws(50, 1)["mean"] != first).any()


def test_whole_distributions_are_drawn_of_each_family_by_its_weight():
    fit = fit_durations(remissions())
    assert isinstance(fit, DurationFit)
    rows = fit.written_draws(1000, seed=1)
    assert rows == fit.written_draws(1000, seed=1)
    lowest = min(row.aic for row in fit.comparison)
    weights = np.array([math.exp((lowest - row.aic) / 2) for row in fit.comparison])
    for row, share in zip(fit.comparison, weights / weights.sum(), strict=True):
        assert sum(row.family in drawn for drawn in rows) == pytest.approx(1000 * share, abs=1)
    means = [parse_distribution(row, parse_duration).mean for row in rows[:200]]
    assert min(means) > 0
    assert fit.averaged["mean"].low < fit.estimates["mean"].value < fit.averaged["mean"].high


def test_of_families_that_fit_alike_the_one_of_the_middle_mean_is_taken():
    fit = fit_durations(remissions())
    assert isinstance(fit, DurationFit)
    lowest = min(row.aic for row in fit.comparison)
    means = sorted(row.mean for row in fit.comparison if row.aic < lowest + 2)
    assert len(means) > 2
    assert fit.estimates["mean"].value == means[(len(means) - 1) // 2]
    assert log_likelihood(fit.family, fit.top.point, fit.durations) == pytest.approx(fit.top.log_likelihood)
