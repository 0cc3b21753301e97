"""Nothing, hardly anything, and what cannot be: fits say why they fail, and never give a number that says nothing."""

from __future__ import annotations

import numpy as np
import pytest
from made_up_stays import AGES, ONE, TRUTHS, Service, records
from public_data import made

from stepdown.calibration.fits.durations import stays_of
from stepdown.calibration.fits.estimates import Share, Unfitted
from stepdown.calibration.fits.fitted import DurationFit, fit_durations
from stepdown.calibration.fits.routes import fit_routes
from stepdown.scenarios.parse_distribution import parse_distribution
from stepdown.scenarios.quantities import parse_duration

pytestmark = pytest.mark.extremes


def test_nothing_seen_is_said():
    nothing = fit_durations(made([], [], []))
    assert isinstance(nothing, Unfitted)
    assert "nothing was seen" in nothing.why
    assert fit_routes(made([], [], [])) == nothing


def test_where_none_has_ended_nothing_is_fitted():
    unfitted = fit_durations(made([10.0, 20.0], [False, False], [0.0, 5.0]))
    assert isinstance(unfitted, Unfitted)
    assert (unfitted.n, unfitted.ended) == (2, 0)
    assert "none has ended" in unfitted.why


def test_where_all_took_the_same_the_duration_is_fixed():
    unfitted = fit_durations(made([28.0, 28.0, 28.0, 29.0, 28.0, 7.0], [True] * 5 + [False], [0.0] * 6))
    assert isinstance(unfitted, Unfitted)
    assert unfitted.constant == pytest.approx(28.2)
    assert "fixed" in unfitted.why


def test_for_fewer_than_five_ended_an_exponential_of_all_days_observed_stands_in():
    fit = fit_durations(made([100.0, 300.0, 200.0, 400.0], [True, True, False, False], [0.0, 0.0, 0.0, 200.0]))
    assert isinstance(fit, DurationFit)
    assert fit.stands_in
    assert fit.family.name == "exponential"
    assert fit.estimates["mean"].value == pytest.approx(400.0)
    assert fit.estimates["mean"].low95 < 200 < 1000 < fit.estimates["mean"].high95
    assert (fit.draws(10, 1)["mean"] > 0).all()
    assert len(fit.written_draws(10, 1)) == 10
    assert "stands in" in fit.warnings[0]


def test_few_ended_is_said_without_a_count():
    fit = fit_durations(made([10.0, 20, 40, 70, 15, 33, 80], [True] * 6 + [False], [0.0] * 7))
    assert isinstance(fit, DurationFit)
    assert any("fewer than 30 have ended" in warning for warning in fit.warnings)


def test_a_family_whose_mean_is_infinite_is_not_taken():
    """Nearly all are over at once, and the rest goes on for ever."""
    times = [0.01, 0.02, 0.5, 1.0, 3.0, 20.0] + [1000.0] * 30
    fit = fit_durations(made(times, [True] * 6 + [False] * 30, [0.0] * 36))
    if isinstance(fit, DurationFit):
        refused = {row.family: row.why_not for row in fit.comparison if row.why_not}
        assert fit.family.name not in refused
        assert np.isfinite(fit.estimates["mean"].value)
    else:
        refused = dict.fromkeys(("weibull", "lognormal"), fit.why)
    assert {"weibull", "lognormal"} <= refused.keys()
    assert all("infinite" in why or "no clear maximum" in why for why in refused.values())


@pytest.mark.parametrize("seed", range(6))
def test_fifteen_people_give_numbers_that_a_scenario_can_hold(seed):
    service = Service({"flats": TRUTHS["lognormal"]}, ONE, AGES["young"], stays=15)
    fit = fit_durations(stays_of(records(service, seed), "house"))
    assert isinstance(fit, DurationFit)
    seen = fit.durations
    longest = 3 * max(seen.seen.max(), seen.exposure / seen.ended.sum())
    for row in fit.written_draws(200, seed=1):
        mean = parse_distribution(row, parse_duration).mean
        assert mean > 0
        assert mean < longest * 1.001 or fit.stands_in


def test_stays_of_hours_and_of_decades_are_both_fitted():
    rng = np.random.default_rng(1)
    for scale in (0.05, 20_000.0):
        times = list(scale * rng.weibull(1.3, 60))
        fit = fit_durations(made(times, [True] * 60, [0.0] * 60))
        assert isinstance(fit, DurationFit)
        assert fit.estimates["mean"].value == pytest.approx(float(np.mean(times)), rel=0.1)
        assert parse_distribution(fit.written, parse_duration).mean == pytest.approx(fit.distribution.mean, rel=1e-3)


def test_a_share_of_nobody_lies_anywhere():
    share = Share(0, 0).estimate
    assert np.isnan(share.value)
    assert (share.low95, share.high95) == (0, 1)
    assert Share(0, 5).estimate.low == 0
    assert Share(5, 5).estimate.high == pytest.approx(1)
