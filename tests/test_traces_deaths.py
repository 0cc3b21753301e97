"""Hand-written traces: deaths, in every state that a person may be in.

A group whose death rate is immense on one day dies on that day: that makes deaths as certain as traces need them.
"""

import math

import pytest
from tracing import NEVER, UNLIMITED, come, day, delay, dies_on, entries, lives, moments, route, rows, run

from stepdown.scenarios.network import code
from stepdown.simulation.draws import Draws, Purpose

pytestmark = pytest.mark.trace


def frail(hospital=None, requires=(), at=(0,), ready_after=10, steps=None, **more):
    """People who die on day 50, on their way from hospital to a house without a place."""
    return run(
        groups={"frail": dies_on(50)},
        settings={"hospital": UNLIMITED | (hospital or {}), "house": {"places": 0}},
        routes={"hospital": [route("house", ready_after, requires=list(requires), **more)]},
        steps=steps or {},
        demand=[come("hospital", *at)],
    )


def test_death_comes_before_readiness():
    assert moments(frail(ready_after=80)) == [("hospital", 0, None, None, None, None, 50, "died", "died")]


def test_death_comes_while_readiness_is_hidden():
    tables = frail({"review_every": "100 days"})
    assert moments(tables) == [("hospital", 0, 10, None, None, None, 50, "died", "died")]


def test_death_comes_during_preparation():
    tables = frail(requires=["forms"], steps={"forms": delay(70)})
    assert moments(tables) == [("hospital", 0, 10, 10, None, None, 50, "died", "died")]
    assert rows(tables.case_steps, "finished outcome") == [(50, "abandoned")]


def test_death_comes_after_early_preparation_and_before_readiness():
    tables = frail(requires=["forms"], steps={"forms": delay(5)}, ready_after=60, start_early="20 days")
    assert moments(tables) == [("hospital", 0, None, 40, 45, None, 50, "died", "died")]


def test_death_comes_on_the_waiting_list():
    assert moments(frail()) == [("hospital", 0, 10, 10, 10, 10, 50, "died", "died:house")]


def test_who_comes_after_the_day_lives():
    assert moments(frail(at=(60,))) == [("hospital", 60, 70, 70, 70, 70, None, "house", "route")]


def test_a_death_frees_the_place_for_the_next_person():
    tables = run(
        groups={"frail": dies_on(50), "adults": {}},
        settings={"hospital": UNLIMITED, "house": {"places": 1, "turnaround": "7 days"}},
        routes={"hospital": [route("house")], "house": [route("left", NEVER)]},
        demand=[come("hospital", 0, group="frail"), come("hospital", 1, group="adults")],
    )
    assert rows(tables.stays, "person entered left to", setting="house") == [(1, 0, 50, "died"), (2, 57, None, None)]


def test_a_death_frees_the_place_on_the_list():
    tables = run(
        groups={"frail": dies_on(50), "adults": {}},
        settings={"hospital": UNLIMITED, "house": {"places": {"from the start": 0, day(55): 1}}},
        routes={"hospital": [route("house")], "house": [route("left", NEVER)]},
        demand=[come("hospital", 0, group="frail"), come("hospital", 1, group="adults")],
    )
    assert entries(tables, "house") == [(55, 2)]


def test_residents_of_the_opening_caseload_die_too():
    tables = run(
        groups={"frail": dies_on(50)},
        settings={"house": {"places": 1}},
        routes={"house": [route("left", NEVER)]},
        caseload={"house": [lives(-900)]},
    )
    assert moments(tables) == [("house", -900, None, None, None, None, 50, "died", "died")]


def test_each_person_has_one_death_clock_that_runs_through_all_their_stays():
    rate = 3000.0
    tables = run(
        groups={"frail": {"deaths_per_1000_per_year": rate}},
        settings={"hospital": UNLIMITED, "house": {"places": 9}},
        routes={"hospital": [route("house", 13)], "house": [route("hospital", 17)]},
        demand=[come("hospital", *range(0, 300, 10))],
        years=9,
    )
    draws, who = Draws(1, 0), code("demand", "hospital/frail")
    for number in range(1, 31):
        drawn = draws.uniform(who, number, 0, 1, Purpose.DEATH)
        expected = (number - 1) * 10 - math.log(1 - drawn) / (rate / 1000 / 365.25)
        ((died,),) = rows(tables.stays, "left", person=number, to="died")
        assert died == pytest.approx(expected, abs=1e-5)
    assert len(rows(tables.stays, "person", to="house")) > 30


def test_a_death_rate_may_change_on_a_date():
    tables = run(
        groups={"frail": {"deaths_per_1000_per_year": {"from the start": 0, day(40): 2000}}},
        settings={"hospital": UNLIMITED},
        routes={"hospital": [route("left", NEVER)]},
        demand=[come("hospital", 10, 70)],
        years=20,
    )
    draws, who = Draws(1, 0), code("demand", "hospital/frail")
    clocks = [-math.log(1 - draws.uniform(who, number, 0, 1, Purpose.DEATH)) / (2 / 365.25) for number in (1, 2)]
    died = [left for (left,) in rows(tables.stays, "left")]
    assert died == pytest.approx([40 + clocks[0], 70 + clocks[1]], abs=1e-5)
