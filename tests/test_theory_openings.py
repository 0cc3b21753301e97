"""From a known opening, through places that rise and fall on a date, against the Kolmogorov equations."""

from __future__ import annotations

import numpy as np
import pytest
from theory_tools import Chain, exponential, listed, living, queue, run, waiting, waiting_and_housed

pytestmark = pytest.mark.theory

STAY = 30.0
ARRIVE = 0.14


def _let(places):
    """Return the jump when a number of places comes into force: vacant ones are let at once, nobody is evicted."""

    def jump(state):
        on_list, housed = state
        admitted = max(min(on_list, places - housed), 0)
        return on_list - admitted, housed + admitted

    return jump


def _through(opening, periods, most=90):
    """Return the chain, the law at the start and the days of each period of constant places."""
    law, before, story = None, None, []
    for places, days in periods:
        states = [opening] if before is None else [_let(places)(state) for state in before.states]
        chain = Chain(states, waiting_and_housed(places, ARRIVE, 1 / STAY, most=most))
        law = chain.law(opening) if before is None else before.carry(law, chain, _let(places))
        story.append((chain, law, days))
        law, before = chain.after(law, days), chain
    return story


def test_places_that_rise_and_fall_take_in_the_waiting_and_evict_nobody(judge):
    """3 places, 5 from 1 June (day 61), 2 from 30 September (day 182); they are full, with 5 people waiting."""
    days, falls = 280, 182
    places = {"2026-04-01": 3, "2026-06-01": 5, "2026-09-30": 2}
    opening = {"community": listed(5), "flats": 3}
    runs = run(queue(days, {"places": places}, ARRIVE, exponential(STAY), caseload=opening), 4000)
    story = _through((5, 3), ((3, 61), (5, falls - 61), (2, days - falls)))
    on_list, flats = runs.waits_for("flats"), runs.stays_in("flats")
    since = 0
    for (chain, law, length), name in zip(story, ("3 places", "then 5", "then 2"), strict=True):
        until = since + length
        judge(f"{name}: days waited", on_list.days(since, until), chain.total(law, length, waiting))
        judge(f"{name}: days lived", flats.days(since, until), chain.total(law, length, lambda s: s[1]), 0.004)
        since = until
    chain, law, _ = story[-1]
    week = chain.after(law, 7)
    judge("a week after the fall: still housed", flats.at(falls + 7), chain.expected(week, lambda s: s[1]), 0.008)
    over = chain.expected(week, lambda s: s[1] > 2)
    judge("a week after the fall: still more than there are places", flats.at(falls + 7) > 2, over)
    judge.refutes("eviction", flats.at(falls + 7), 2.0)


def test_an_opening_list_and_caseload_run_down_as_pure_death(judge):
    """No demand: the chain from 3 housed and 8 waiting is a pure death process."""
    days, places = 60, 3
    option = queue(days, {"places": places}, 0.0, exponential(STAY), caseload={"community": listed(8), "flats": places})
    runs = run(option, 4000)
    chain = Chain([(8, places)], waiting_and_housed(places, 0.0, 1 / STAY))
    opened = chain.law((8, places))
    for day in (15, 40):
        judge(
            f"run-down: waiting on day {day}",
            runs.waits_for("flats").at(day),
            chain.expected(chain.after(opened, day), waiting),
        )
    judge("run-down: days waited", runs.waits_for("flats").days(0, days), chain.total(opened, days, waiting), 0.008)
    left = 11 - chain.expected(chain.after(opened, days), sum)
    judge("run-down: people gone", runs.stays_in("flats").ended(0, days), left, 0.008)


def test_those_who_waited_before_the_start_go_first_and_waits_run_from_their_dates(judge):
    """The k-th of the opening list moves in at the k-th departure: a sum of k exponentials of rate c m."""
    places, on_list = 3, 6
    option = queue(
        600,
        {"places": places},
        0.05,
        exponential(STAY),
        caseload={"community": listed(on_list), "flats": living(places)},
    )
    runs = run(option, 2000)
    rows = runs.stays[runs.stays["setting"].eq("community") & runs.stays["opening"]]
    waits = runs.spells(rows, "listed_day", "left_day")
    before = 31  # listed on 1 March
    mean = before + STAY / places * (on_list + 1) / 2
    judge("opening list: mean wait from the date listed", waits.lengths(), mean, 0.008)
    judge.refutes("waits from the start", waits.lengths(), mean - before)


def test_a_new_house_with_an_opening_date_takes_in_the_list_that_it_finds(judge):
    """Two schemes of one setting pool their places; the second opens on 30 June (day 90)."""
    days, opens = 200, 90
    flats = {"schemes": {"old": {"places": 3}, "new": {"places": 2, "opens": "2026-06-30"}}}
    opening = {"community": listed(4), "flats": [person | {"scheme": "old"} for person in living(3)]}
    option = queue(days, flats, ARRIVE, exponential(STAY), caseload=opening)
    runs = run(option, 3000)
    (old, law, _), (both, opened, _) = _through((4, 3), ((3, opens), (5, days - opens)))
    on_list = runs.waits_for("flats")
    judge("before a house opens: days waited", on_list.days(0, opens), old.total(law, opens, waiting))
    judge(
        "after a house opens: days waited", on_list.days(opens, days), both.total(opened, days - opens, waiting), 0.02
    )
    lived = runs.stays_in("flats").days(opens, days)
    judge("after a house opens: days lived", lived, both.total(opened, days - opens, lambda s: s[1]), 0.008)
    old_stays = runs.stays_in("flats", scheme="old")
    assert np.all(old_stays.at(days - 1) <= 3)
