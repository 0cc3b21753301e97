"""People present where there are always places: M/G/infinity, from empty, settled, and with an opening caseload."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats
from theory_tools import YEAR, area, exponential, only_to, run, scenario

pytestmark = pytest.mark.theory

WEIBULL = stats.weibull_min(1.4, scale=60 / stats.weibull_min(1.4).mean())
LOGNORMAL = stats.lognorm(stats.norm.ppf(0.9) ** -1 * np.log(3), scale=40)
GAMMA = stats.gamma((60 / 45) ** 2, scale=60 / (60 / 45) ** 2)
PERT = stats.beta(1 + 4 * 20 / 90, 1 + 4 * 70 / 90, loc=10, scale=90)
QUANTILES = stats.rv_histogram((np.array([0.5, 0.4, 0.1]), np.array([0, 30, 90, 200])), density=False)

STAYS = {
    "Weibull": ({"weibull": {"mean": "60 days", "shape": 1.4}}, WEIBULL),
    "lognormal": ({"lognormal": {"median": "40 days", "p90": "120 days"}}, LOGNORMAL),
    "gamma": ({"gamma": {"mean": "60 days", "sd": "45 days"}}, GAMMA),
    "triangular": (
        {"triangular": {"low": "10 days", "mode": "30 days", "high": "100 days"}},
        stats.triang(20 / 90, loc=10, scale=90),
    ),
    "PERT": ({"pert": {"low": "10 days", "mode": "30 days", "high": "100 days"}}, PERT),
    "uniform": ({"uniform": {"low": "20 days", "high": "90 days"}}, stats.uniform(20, 70)),
    "quantiles": ({"quantiles": {"0%": "0 days", "50%": "30 days", "90%": "90 days", "100%": "200 days"}}, QUANTILES),
}


def _home(days, stay, per_day, **parts):
    return scenario(
        days,
        settings={"home": {"places": "unlimited"}},
        routes={"home": only_to("left", stay)},
        demand=[{"from": "home", "per_year": per_day * YEAR}],
        **parts,
    )


@pytest.mark.parametrize(("family", "warm_up"), list(zip(STAYS, [0, 45] * 4, strict=False)))
def test_the_number_present_is_poisson_however_stays_are_distributed(judge, family, warm_up):
    """From empty, m(t) = rate times the area under the survival function up to t."""
    stay, law = STAYS[family]
    per_day, day = 0.5, 35
    history = {"warm_up": f"{warm_up} days"} if warm_up else {}
    runs = run(_home(day + 1, stay, per_day, **history), 3000)
    mean = per_day * area(law.sf, 0, day + warm_up, breaks=(10, 20, 30, 90))
    seen = runs.stays_in("home").at(day)
    judge(f"M/G/inf, {family}: present on day {day} after {warm_up} days of warm-up", seen, mean, 0.008)
    judge(f"M/G/inf, {family}: variance over mean, warm-up {warm_up}", (seen - mean) ** 2 / mean, 1.0, 0.04)


def _mixed(days, **parts):
    """Return a settled home with two routes and deaths: demand balances the caseload."""
    return scenario(
        days,
        groups={"adults": {"deaths_per_1000_per_year": 800}},
        exits=["left", "away"],
        settings={"home": {"places": "unlimited"} | parts.pop("rules", {})},
        routes={
            "home": [
                {"to": "left", "share": "70%", "ready_after": STAYS["lognormal"][0]},
                {"to": "away", "share": "30%", "ready_after": {"uniform": {"low": "20 days", "high": "90 days"}}},
            ]
        },
        **parts,
    )


@pytest.mark.parametrize("family", ["Weibull", "lognormal", "gamma", "uniform", "fixed"])
def test_a_caseload_in_balance_with_its_demand_stays_in_balance_from_the_first_day(judge, family):
    """Residents' time stayed is length-biased and what is left of it is residual, so departures equal arrivals."""
    stay, mean = ("60 days", 60.0) if family == "fixed" else (STAYS[family][0], STAYS[family][1].mean())
    people, days = 40, 60
    arrive = people / mean
    runs = run(_home(days, stay, arrive, caseload={"home": people}), 1200)
    home = runs.stays_in("home")
    for since in (0, 15, 30):
        judge(f"settled caseload, {family}: leave from day {since}", home.ended(since, since + 15), arrive * 15)
    judge(f"settled caseload, {family}: days lived", home.days(0, days), people * days, 0.004)
    if family != "fixed":
        law = STAYS[family][1]
        fresh = people * law.cdf(15) + arrive * area(law.cdf, 0, 15)
        judge.refutes("residents who came on day 0", home.ended(0, 15), fresh)


def test_the_balance_holds_with_competing_routes_deaths_and_a_maximum_stay(judge):
    people, days, longest = 60, 60, 75.0
    dying = 800 / 1000 / YEAR
    uniform, lognormal = STAYS["uniform"][1], STAYS["lognormal"][1]
    for name, rules, cut, breaks in (
        ("deaths", {}, 5000.0, (20, 90)),
        ("deaths and a maximum", {"maximum_stay": "75 days", "at_maximum": "move_on"}, longest, (20,)),
    ):
        mean = area(lambda t: np.exp(-dying * t) * (0.7 * lognormal.sf(t) + 0.3 * uniform.sf(t)), 0, cut, breaks)
        arrive = people / mean
        demand = [{"from": "home", "per_year": arrive * YEAR}]
        runs = run(_mixed(days, rules=rules, demand=demand, caseload={"home": people}), 1000)
        home = runs.stays_in("home")
        judge(f"balance with {name}: leave in the first 15 days", home.ended(0, 15), arrive * 15)
        judge(f"balance with {name}: leave from day 30 to 60", home.ended(30, 60), arrive * 30)
        judge(f"balance with {name}: days lived", home.days(0, days), people * days, 0.004)
        died = runs.stays_in("home", to="died").ended(0, days)
        judge(f"balance with {name}: deaths", died, people * days * dying)
        ready = area(lambda t: np.exp(-dying * t) * uniform.pdf(t), 20, min(cut, 90))
        away = runs.stays_in("home", to="away", reason="route").ended(0, 30)
        judge(f"balance with {name}: take the second route", away, arrive * 30 * 0.3 * ready)


def test_a_delay_holds_as_many_cases_as_an_unlimited_server_would(judge):
    """Steps side by side take the longer of the two; m(t) = rate times the area under the survival function."""
    per_day, day = 0.6, 80
    option = scenario(
        day + 1,
        settings={"home": {"places": "unlimited"}},
        routes={"home": only_to("left", requires=[["papers", "works"], "viewing"])},
        steps={
            "papers": {"delay": {"takes": STAYS["gamma"][0]}},
            "works": {"delay": {"takes": exponential(40)}},
            "viewing": {"delay": {"takes": "14 days"}},
        },
        demand=[{"from": "home", "per_year": per_day * YEAR}],
    )
    runs = run(option, 1200)

    def both(day):
        return 1 - GAMMA.cdf(day) * (1 - np.exp(-day / 40))

    judge("delay: papers under way", runs.cases_in("papers").at(day), per_day * area(GAMMA.sf, 0, day), 0.008)
    preparing = 14 + area(both, 0, day - 14)
    judge("side by side, then one more: preparing", runs.stays_in("home").at(day), per_day * preparing, 0.008)
