"""People who are turned away when every place is taken: Erlang's loss formula, and its insensitivity."""

from __future__ import annotations

import pytest
from scipy import stats
from theory_tools import area, erlang_b, exponential, queue, run

pytestmark = pytest.mark.theory

PLACES = 5
MEAN = 20.0
LOAD = 0.95
SETTLING, DAYS = 200, 400
TURNED_AWAY = {"gives_up": {"after": "0 days", "to": "left"}}

STAYS = {
    "exponential": exponential(MEAN),
    "Weibull, shape 0.7": {"weibull": {"mean": "20 days", "shape": 0.7}},
    "lognormal, sd 1.25 means": {"lognormal": {"mean": "20 days", "sd": "25 days"}},
    "always the same": "20 days",
}


def _turned_away(runs, days=DAYS):
    return runs.stays_in("community", reason="gave_up:flats").ended(0, days)


@pytest.mark.parametrize("family", STAYS)
def test_the_share_turned_away_depends_on_the_mean_stay_alone(judge, family):
    arrive = LOAD * PLACES / MEAN
    option = queue(DAYS, {"places": PLACES}, arrive, STAYS[family], joining=TURNED_AWAY, warm_up=f"{SETTLING} days")
    runs = run(option, 1500)
    blocked = erlang_b(PLACES, LOAD * PLACES)
    judge(f"M/G/5/5 at 95%, {family}: turned away", _turned_away(runs), arrive * DAYS * blocked)
    taken = runs.stays_in("flats").days(0, DAYS)
    judge(f"M/G/5/5 at 95%, {family}: days lived", taken, arrive * DAYS * (1 - blocked) * MEAN, 0.004)
    judge.refutes("six places", _turned_away(runs), arrive * DAYS * erlang_b(PLACES + 1, LOAD * PLACES))


CUT = {
    "Weibull, shape 1.5": (
        {"weibull": {"mean": "30 days", "shape": 1.5}},
        stats.weibull_min(1.5, scale=30 / stats.weibull_min(1.5).mean()).sf,
    ),
    "exponential": (exponential(40), stats.expon(scale=40).sf),
}


@pytest.mark.parametrize("family", CUT)
def test_a_maximum_stay_counts_only_by_the_mean_of_the_stay_that_it_cuts(judge, family):
    stay, survival = CUT[family]
    maximum = 28.0
    mean = area(survival, 0, maximum)
    arrive = LOAD * PLACES / mean
    flats = {"places": PLACES, "maximum_stay": f"{maximum} days", "at_maximum": "move_on"}
    runs = run(queue(DAYS, flats, arrive, stay, joining=TURNED_AWAY, warm_up=f"{SETTLING} days"), 1500)
    blocked = erlang_b(PLACES, arrive * mean)
    judge(f"maximum stay, {family}: turned away", _turned_away(runs), arrive * DAYS * blocked)
    reached = runs.stays_in("flats", reason="maximum_stay").ended(0, DAYS)
    judge(f"maximum stay, {family}: reached it", reached, arrive * DAYS * (1 - blocked) * survival(maximum))
    uncut = erlang_b(PLACES, arrive * area(survival, 0, 1000))
    judge.refutes("no maximum", _turned_away(runs), arrive * DAYS * uncut)
