"""Who comes when: rates that change by date, season and growth, and people who stay themselves."""

from __future__ import annotations

import datetime as dt
import itertools
import math

import numpy as np
import pytest
from scipy import stats
from theory_tools import YEAR, area, only_to, ready, run

from stepdown.simulation.compiled.engine import simulate_batch

pytestmark = pytest.mark.theory

START = dt.date(2026, 4, 1)
SEASON = [0.4, 0.6, 1.0, 1.4, 1.8, 1.6, 1.2, 1.0, 0.8, 0.6, 0.8, 0.8]
RATES = {"2026-04-01": 60, "2027-01-15": 110, "2027-09-01": 40}
GROWTH = 0.3


def _rate(day: float) -> float:
    """Arrivals a day: the rate in force, grown on each anniversary, times the month's factor."""
    date = START + dt.timedelta(days=math.floor(day))
    per_year = max((since, rate) for since, rate in RATES.items() if since <= date.isoformat())[1]
    anniversaries = date.year - START.year - ((date.month, date.day) < (START.month, START.day))
    return per_year * (1 + GROWTH) ** anniversaries * SEASON[date.month - 1] / YEAR


def _option(rates=RATES, stay="90 days", growth="30%", season=SEASON, **parts):
    return {
        "start": START.isoformat(),
        "years": 2,
        "settings": {"home": {"places": "unlimited"}},
        "routes": {"home": only_to("left", stay)},
        "demand": [{"from": "home", "per_year": rates, "growth": growth, "season": season}],
        **parts,
    }


STAY = stats.gamma(4, scale=25)


@pytest.fixture(scope="module")
def home():
    return run(_option(stay={"gamma": {"mean": "100 days", "sd": "50 days"}}), 1600).stays_in("home")


def test_as_many_people_come_in_each_period_as_rate_season_and_growth_say(judge, home):
    scatter = np.zeros(home.replications)
    edges = [0, 61, 153, 289, 365, 457, 518, 640, 730]
    for since, until in itertools.pairwise(edges):
        expected = sum(map(_rate, range(since, until)))
        number = home.begun(since, until)
        judge(f"arrivals from day {since} to {until}", number, expected)
        scatter += (number - expected) ** 2 / expected / (len(edges) - 1)
    judge("arrivals: variance over mean in a period", scatter, 1.0, 0.02)
    early, late = home.begun(0, 153), home.begun(153, 730)
    product = (early - early.mean()) * (late - late.mean()) / np.sqrt(early.var() * late.var())
    judge("arrivals: one plus the correlation between periods", 1 + product, 1.0, 0.04)
    judge.refutes("no growth", home.begun(365, 730), sum(map(_rate, range(365, 730))) / (1 + GROWTH))


def test_the_number_present_follows_a_rate_that_changes_by_month_and_year(judge, home):
    """M(t)/G/infinity: Poisson with mean m(t), the integral of the rate at u times the survival to t - u."""
    lasting = [area(STAY.sf, age, age + 1) for age in range(700)]
    for day in (140, 250, 365, 500, 700):
        mean = sum(_rate(since) * lasting[day - since - 1] for since in range(day))
        judge(f"M(t)/G/inf: present on day {day}", home.at(day), mean)
    judge.refutes("the rate of the day", home.at(700), _rate(700) * STAY.mean())


def test_growth_and_season_reach_back_into_a_warm_up_as_stated(judge):
    """Before the start the rate is the first one; the season goes by the calendar there too."""
    option = _option(warm_up="150 days", years=0.5)
    before = sum(60 / YEAR * SEASON[(START + dt.timedelta(days=day)).month - 1] for day in range(-150, 0))
    home = run(option, 1200).stays_in("home")
    judge("arrivals in a warm-up", home.begun(-150, 0), before)
    judge("arrivals after a warm-up", home.begun(0, 153), sum(map(_rate, range(153))))


def test_people_stay_themselves_when_the_rate_changes():
    """The n-th person comes when as many people were expected, whatever the rate."""

    def came(option):
        return simulate_batch(ready(option), "theory", 7, (0,)).stays["entered_day"].to_numpy()

    def expected_by(days):
        whole = np.concatenate([[0.0], np.cumsum([_rate(day) for day in range(730)])])
        return np.interp(days, np.arange(731), whole)

    changing, steady = came(_option()), came(_option(rates=50, growth="0%", season=[]))
    both = min(len(changing), len(steady))
    assert both > 80
    np.testing.assert_allclose(expected_by(changing[:both]), steady[:both] * 50 / YEAR, rtol=1e-9)
    assert np.ptp(changing[:both] - steady[:both]) > 50
