"""How a stay ends: by its routes' shares, at a maximum, by death, and when a review finds out."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats
from theory_tools import (
    YEAR,
    Chain,
    area,
    exponential,
    listed,
    living,
    only_to,
    queue,
    run,
    scenario,
    waiting,
    waiting_and_housed,
)

pytestmark = pytest.mark.theory

PEOPLE = 40
LONG_ENOUGH = 3000


def _cohort(rules, routes, **parts):
    """Return people who all come on the first day, so that each replication has as many, and stay to the end."""
    return scenario(
        LONG_ENOUGH,
        settings={"home": {"places": "unlimited"} | rules},
        routes={"home": routes},
        demand=[{"from": "home", "dates": ["2026-04-01"] * PEOPLE}],
        **parts,
    )


QUICK, SLOW, WIDE = stats.expon(scale=10), stats.lognorm(0.8, scale=80), stats.weibull_min(0.7, scale=60)
ROUTES = [
    {"to": "quick", "share": "20%", "ready_after": exponential(10)},
    {
        "to": "slow",
        "share": "50%",
        "ready_after": {"lognormal": {"mean": f"{SLOW.mean()} days", "sd": f"{SLOW.std()} days"}},
    },
    {"to": "wide", "share": "30%", "ready_after": {"weibull": {"mean": f"{WIDE.mean()} days", "shape": 0.7}}},
]
EXITS = ["quick", "slow", "wide", "hostel"]
NEEDS = {"quick": (0.2, QUICK), "slow": (0.5, SLOW), "wide": (0.3, WIDE)}


def _share(runs, **equal):
    return runs.stays_in("home", **equal).ended(0, LONG_ENOUGH) / PEOPLE


def test_people_divide_among_routes_by_share_and_not_by_speed(judge):
    runs = run(_cohort({}, ROUTES, exits=EXITS, years=40), 2000)
    for name, (share, law) in NEEDS.items():
        judge(f"routes: share to {name}", runs.stays_in("home", to=name).ended(0, 40 * YEAR) / PEOPLE, share)
        lengths = runs.stays_in("home", to=name)
        days = np.bincount(lengths.replication, lengths.end - lengths.begin, 200) / PEOPLE
        judge(f"routes: days of those to {name}, per head of all", days, share * law.mean())


def test_at_the_maximum_stay_people_divide_anew(judge):
    maximum = 60.0
    rules = {
        "maximum_stay": "60 days",
        "at_maximum": "move_on",
        "at_maximum_routes": [{"to": "quick", "share": "25%"}, {"to": "hostel", "share": "75%"}],
    }
    runs = run(_cohort(rules, ROUTES, exits=EXITS), 1000)
    reached = 0.0
    for name, (share, law) in NEEDS.items():
        reached += share * law.sf(maximum)
        judge(f"before the maximum: share to {name}", _share(runs, to=name, reason="route"), share * law.cdf(maximum))
    for name, share in {"quick": 0.25, "hostel": 0.75}.items():
        judge(f"at the maximum: share to {name}", _share(runs, to=name, reason="maximum_stay"), share * reached)
    mean = sum(share * area(law.sf, 0, maximum) for share, law in NEEDS.values())
    judge("maximum stay: mean stay", runs.stays_in("home").lengths(), mean, 0.008)


@pytest.mark.parametrize("family", ["exponential", "lognormal"])
def test_the_share_who_die_before_they_leave_is_the_transform_of_the_stay(judge, family):
    """A death clock of rate d ends a stay T with probability 1 - E[exp(-d T)]; for the exponential d / (d + m)."""
    dying = 900 / 1000 / YEAR
    stay, law = {
        "exponential": (exponential(200), stats.expon(scale=200)),
        "lognormal": (ROUTES[1]["ready_after"], SLOW),
    }[family]
    groups = {"adults": {"deaths_per_1000_per_year": 900}}
    runs = run(_cohort({}, only_to("left", stay), groups=groups), 4000)
    share = 1 - area(lambda day: math.exp(-dying * day) * law.pdf(day), 0, LONG_ENOUGH, (10, 50, 200, 1000))
    if family == "exponential":
        assert share == pytest.approx(dying / (dying + 1 / 200), rel=1e-4)
    judge(f"deaths, {family} stays: share who die", _share(runs, to="died"), share)
    judge(f"deaths, {family} stays: mean stay", runs.stays_in("home").lengths(), share / dying)
    judge.refutes("a fifth more deaths", runs.stays_in("home").lengths(), share / dying / 1.2)


def test_people_who_wait_die_as_the_housed_do_and_places_go_to_the_living(judge):
    """The death rate is in every state of the chain; it doubles on 1 August (day 122)."""
    places, stay, days, change = 3, 40.0, 244, 122
    arrive = 1.3 * places / stay
    groups = {"adults": {"deaths_per_1000_per_year": {"2026-04-01": 1000, "2026-08-01": 2000}}}
    opening = {"community": listed(6), "flats": living(places)}
    runs = run(queue(days, {"places": places}, arrive, exponential(stay), groups=groups, caseload=opening), 3000)
    deaths = (1 / YEAR, 2 / YEAR)
    chains = [Chain([(6, places)], waiting_and_housed(places, arrive, 1 / stay + d, d, most=80)) for d in deaths]
    first, second = chains
    opened = first.law((6, places))
    later = first.carry(first.after(opened, change), second)
    waited = first.total(opened, change, waiting), second.total(later, days - change, waiting)
    everybody = first.total(opened, change, sum), second.total(later, days - change, sum)
    judge("deaths in M/M/3: days waited", runs.waits_for("flats").days(0, days), sum(waited))
    dead = runs.stays_in("community", reason="died:flats").ended(0, days)
    judge("deaths in M/M/3: died while waiting", dead, np.dot(waited, deaths))
    dead = runs.spells(runs.stays, "left_day", "left_day", to="died")
    judge("deaths in M/M/3: died in the first rate", dead.ended(0, change), everybody[0] * deaths[0])
    judge("deaths in M/M/3: died in the second rate", dead.ended(change, days), everybody[1] * deaths[1])


def _hidden(runs):
    home = runs.stays_in("home")
    rows = runs.spells(runs.stays, "ready_day", "left_day")
    late = np.clip(rows.end - rows.begin, 0, None)
    return np.bincount(home.replication, late, home.replications) / PEOPLE


INTERVAL, MEAN = 90.0, 70.0


def test_readiness_stays_hidden_until_the_next_review(judge):
    """R ceil(T/R) has mean R / (1 - exp(-m R)); what exceeds T is hidden."""
    runs = run(_cohort({"review_every": "90 days"}, only_to("left", exponential(MEAN))), 600)
    stay = INTERVAL / (1 - math.exp(-INTERVAL / MEAN))
    judge("reviews: mean stay", runs.stays_in("home").lengths(), stay, 0.008)
    judge("reviews: mean hidden delay", _hidden(runs), stay - MEAN, 0.008)
    judge.refutes("half the interval", _hidden(runs), INTERVAL / 2)


@pytest.mark.parametrize("early", [30.0, 100.0])
def test_an_early_start_hides_only_what_the_review_comes_after_readiness(judge, early):
    """The first review at or after T - e finds out; a person ready within e of entering is known at once."""
    runs = run(
        _cohort({"review_every": "90 days"}, only_to("left", exponential(MEAN), start_early=f"{early} days")), 1000
    )

    def late(ready):
        review = INTERVAL * math.ceil(max(ready - early, 0) / INTERVAL)
        return max(review - ready, 0) * math.exp(-ready / MEAN) / MEAN

    breaks = [early + INTERVAL * k for k in range(20)] + [INTERVAL * k for k in range(1, 20)]
    exact = area(late, 0, 15 * INTERVAL, breaks)
    if early >= INTERVAL:
        assert exact == 0
        assert not _hidden(runs).any()
    else:
        judge(f"reviews, {early:.0f} days early: mean hidden delay", _hidden(runs), exact)
    judge(f"reviews, {early:.0f} days early: mean stay", runs.stays_in("home").lengths(), MEAN + exact)


def test_preparation_that_starts_early_delays_by_what_it_lasts_longer(judge):
    takes, early = 50.0, 30.0
    requires = {"requires": ["papers"], "start_early": "30 days"}
    steps = {"papers": {"delay": {"takes": "50 days"}}}
    runs = run(_cohort({}, only_to("left", exponential(MEAN), **requires), steps=steps), 600)
    within = area(lambda ready: (takes - ready) * math.exp(-ready / MEAN) / MEAN, 0, early)
    exact = within + (takes - early) * math.exp(-early / MEAN)
    judge("early preparation: mean delay", _hidden(runs), exact, 0.008)
    judge.refutes("no early start", _hidden(runs), takes)
