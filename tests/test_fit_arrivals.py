"""Arrivals: the rate, growth and season that people came by are found, and not found where there are none."""

from __future__ import annotations

import datetime as dt
import math

import numpy as np
import pandas as pd
import pytest
from made_up_years import CALENDAR, WAVE, came
from scipy import stats

from stepdown.calibration.fits.arrivals import ArrivalFit, Months, fit_arrivals, fit_months
from stepdown.calibration.fits.estimates import Window
from stepdown.calibration.fits.poisson import poisson_fit
from stepdown.calibration.history import STAYS, CouncilHistory, typed

pytestmark = pytest.mark.theory

WINDOW = Window(dt.date(2020, 1, 1), dt.date(2024, 1, 1))


def months(arrivals: np.ndarray, count: int = 48) -> Months:
    """The first of four years of months, with other arrivals."""
    whole = came(1, 60)
    return Months(whole.begins[:count], whole.calendar[:count], whole.years[:count], arrivals[:count].astype(np.int64))


def fitted(seen: Months) -> ArrivalFit:
    return fit_months(seen, WINDOW, ("house",))


def kept(fit: ArrivalFit) -> set[str]:
    return {row.what for row in fit.tried if row.kept}


def test_a_steady_rate_is_found_with_its_exact_interval():
    fit = fitted(came(1, 60))
    assert kept(fit) == set()
    assert fit.per_year.value == pytest.approx(fit.n / 4)
    exact = stats.gamma(fit.n + 0.5, scale=1 / 4)
    assert fit.per_year.low == pytest.approx(exact.ppf(0.1), rel=0.01)
    assert fit.per_year.high95 == pytest.approx(exact.ppf(0.975), rel=0.01)
    assert (fit.draws(9, 1)["per_year"] == fit.draws(9, 1)["per_year"]).all()


def test_growth_and_season_that_are_not_there_are_kept_as_seldom_as_chance_says():
    """Each is kept in one of twenty; growth or a season in 40 sets, 3.5 standard errors."""
    fits = [fitted(came(seed, 60)) for seed in range(40)]
    for what in ("growth", "season"):
        assert sum(what in kept(fit) for fit in fits) / 40 < 0.05 + 3.5 * math.sqrt(0.05 * 0.95 / 40)


def test_growth_and_season_are_recovered():
    fits = [fitted(came(seed, 240, growth=0.2, season=True)) for seed in range(20)]
    assert all(kept(fit) == {"growth", "season"} for fit in fits)
    growth = [math.log1p(fit.growth.value) for fit in fits if fit.growth]
    assert abs(np.mean(growth) - math.log(1.2)) < 3.5 * np.std(growth, ddof=1) / math.sqrt(20)
    factors = np.array([[month.value for month in fit.season] for fit in fits])
    weights = CALENDAR
    truth = WAVE / (weights @ WAVE)
    assert factors @ weights == pytest.approx(1.0)
    off = (factors.mean(axis=0) - truth) / (factors.std(axis=0, ddof=1) / math.sqrt(20))
    assert np.abs(off).max() < 4.5  # twelve at once
    # The rate is that of the year after the records: two and a half years after their middle.
    after = 240 * (weights @ WAVE) * (1.2**3 - 1.2**2) / math.log(1.2)
    rates = [fit.per_year.value for fit in fits]
    assert abs(np.mean(rates) - after) < 3.5 * np.std(rates, ddof=1) / math.sqrt(20)
    average = [fit.n / 4 for fit in fits]
    assert abs(np.mean(average) - after) > 3.5 * np.std(average, ddof=1) / math.sqrt(20)
    drawn = fits[0].draws(500, 1)
    assert drawn["season"] @ weights == pytest.approx(1.0)
    assert drawn["growth"].std() == pytest.approx((fits[0].growth.high - fits[0].growth.low) / 2.56, rel=0.15)


def test_months_that_vary_too_much_widen_the_interval_and_are_said():
    said = [fitted(came(seed, 120)).dispersion > 1 for seed in range(20)]
    assert np.mean(said) < 0.05 + 3.5 * math.sqrt(0.05 * 0.95 / 20)
    steady, clumped = fitted(came(said.index(False), 120)), fitted(came(3, 120, clumped=True))
    assert clumped.dispersion > 2
    assert clumped.p_dispersion < 0.001
    width = [(fit.per_year.high - fit.per_year.low) / fit.per_year.value for fit in (steady, clumped)]
    assert width[1] > 1.4 * width[0]
    assert any("vary more" in warning for warning in clumped.warnings)


def test_neither_is_looked_for_in_a_year_nor_a_season_in_few():
    short = fitted(months(came(1, 240).arrivals, 12))
    assert [row.why_not for row in short.tried] == ["the records cover fewer than 24 months"] * 2
    few = fitted(came(1, 10))
    assert [row.why_not for row in few.tried] == ["", "fewer than 60 people came"]


def test_where_nobody_came_the_rate_is_not_certainly_nothing():
    fit = fitted(months(np.zeros(48)))
    assert fit.per_year.value == 0
    assert 0 < fit.per_year.high95 < 1.5
    assert "nobody came" in fit.warnings[0]
    assert (fit.draws(5, 1)["per_year"] > 0).all()


def test_the_regression_is_at_its_maximum():
    seen = came(2, 240, growth=0.3)
    terms = np.stack([np.ones(48), seen.since_middle], axis=1)
    fit = poisson_fit(seen.arrivals, seen.years, terms)
    assert terms.T @ (seen.arrivals - fit.expected) == pytest.approx([0, 0], abs=1e-6)
    assert fit.expected.sum() == pytest.approx(seen.arrivals.sum())
    assert fit.log_likelihood == pytest.approx(stats.poisson.logpmf(seen.arrivals, fit.expected).sum())


def test_an_arrival_is_the_first_stay_of_a_person_who_came_while_the_records_run():
    rows = [
        ("a", "adults", "north", "house", "2021-02-01", "2021-03-01", "flats"),
        ("a", "adults", "north", "flats", "2021-03-01", "2021-05-01", "house"),
        ("a", "adults", "north", "house", "2021-05-01", None, None),
        ("b", "adults", "south", "house", "2020-12-31", None, None),
        ("c", "older", "south", "house", "2021-02-28", None, None),
        ("d", "adults", "south", "house", "2022-01-14", None, None),
    ]
    columns = ["person", "group", "area", "setting", "entered", "left", "to"]
    past = CouncilHistory(
        "borough", dt.date(2021, 1, 16), dt.date(2022, 1, 15), True, "made by hand",
        typed(pd.DataFrame(rows, columns=columns), STAYS),
    )  # fmt: skip
    fit = fit_arrivals(past, "house")
    assert list(fit.months.arrivals) == [0, 2] + [0] * 10 + [1]
    assert fit.months.years[0] == pytest.approx(16 / 365.25)
    assert fit.months.years.sum() == pytest.approx(past.days / 365.25)
    assert fit.months.calendar[0] == fit.months.calendar[-1] == 0
    assert fit_arrivals(past, "house", "adults").n == 2
    assert fit_arrivals(past, "house", "adults", "south").n == 1
    assert fit_arrivals(past, "flats").n == 0
