"""Worlds at their limits: nothing at all, far too much, and everything at once."""

from __future__ import annotations

import math

import pytest
from tracing import NEVER, UNLIMITED, come, day, days, delay, dies_on, entries, lives, moments, route, rows, run, team

from stepdown.scenarios.errors import RunError
from stepdown.simulation import clock

pytestmark = pytest.mark.extremes

PATHWAY = {
    "settings": {"hospital": UNLIMITED, "house": {"places": 2}},
    "routes": {"hospital": [route("house", 10)], "house": [route("left", 100)]},
}


def pathway(**changes):
    """Return a small pathway with some parts changed."""
    return run(**PATHWAY | {"demand": [come("hospital", 0, 1, 2)]} | changes)


def test_without_demand_nothing_happens():
    tables = pathway(demand=[])
    assert tables.stays.empty
    assert tables.case_steps.empty
    assert rows(tables.places, "scheme places") == [("hospital", math.inf), ("house", 2)]


def test_a_rate_of_none_brings_nobody():
    assert pathway(demand=[{"from": "hospital", "per_year": 0}], years=200).stays.empty


def test_a_run_of_a_few_days_ends_before_anything_is_over():
    # A hundredth of a year is four days.
    tables = pathway(years=0.01)
    assert moments(tables) == [("hospital", entered, *[None] * 7) for entered in (0, 1, 2)]


def test_stays_of_ten_thousand_years_do_not_end():
    routes = {"hospital": [route("house", 10)], "house": [route("left", NEVER)]}
    tables = pathway(routes=routes, years=200)
    assert rows(tables.stays, "entered left", setting="house") == [(10, None), (11, None)]
    assert rows(tables.stays, "listed left", person=3) == [(12, None)]


def test_without_any_places_everybody_waits():
    tables = pathway(settings={"hospital": UNLIMITED, "house": {"places": 0}})
    assert rows(tables.stays, "listed left to") == [(10, None, "house"), (11, None, "house"), (12, None, "house")]


def test_people_who_want_each_other_s_setting_wait_where_there_are_no_places():
    tables = run(
        settings={"red": {"places": 0}, "blue": {"places": 0}},
        routes={"red": [route("blue", 20)], "blue": [route("red", 20)]},
        caseload={"red": [lives(0)], "blue": [lives(0)]},
    )
    # Both live above the places that there are, so that neither has a place to exchange.
    assert rows(tables.stays, "listed left") == [(20, None), (20, None)]


def test_everything_may_happen_in_one_instant():
    tables = run(
        settings={"hospital": UNLIMITED, "ward": {"places": 1}, "house": {"places": 1}, "flat": UNLIMITED},
        routes={
            "hospital": [route("ward", 0, requires=["forms"])],
            "ward": [route("house", 0, requires=[["forms", "team"]])],
            "house": [route("flat", 0)],
            "flat": [route("left", 0)],
        },
        steps={"forms": delay(0), "team": team(1, 0)},
        demand=[come("hospital", *[5] * 20)],
    )
    assert len(tables.stays) == 20 * 4
    moments_of_all = tables.stays[["entered_day", "ready_day", "identified_day", "prepared_day", "listed_day"]]
    assert (moments_of_all == 5).all(axis=None)
    assert (tables.stays.left_day == 5).all()


def test_a_ring_of_a_hundred_people_forms_in_one_instant():
    names = [f"house {number}" for number in range(100)]
    following = [*names[1:], names[0]]
    tables = run(
        settings={name: {"places": 1} for name in names},
        routes={name: [route(after, 300)] for name, after in zip(names, following, strict=True)},
        caseload={name: [lives(-290)] for name in names},
        years=0.5,
    )
    assert rows(tables.stays, "left to", opening=True) == [(10, name) for name in following]
    assert rows(tables.stays, "entered left", opening=False) == [(10, None)] * 100


def needing(step, **more):
    """People in a hospital who need one step before they leave."""
    return run(
        settings={"hospital": UNLIMITED},
        routes={"hospital": [route("left", 10, requires=["step"])]},
        steps={"step": step},
        demand=[come("hospital", 0, 1)],
        **more,
    )


@pytest.mark.parametrize(
    "step",
    [
        team(0, 5),
        team(1, 10_000 * 365),
        {"panel": {"meets_every": "1 week", "approves": 0}},
        {"panel": {"meets_every": "1 week", "cases_per_meeting": 0}},
        {"panel": {"meets_every": "10000 years"}},
        {"lettings": {"per_year": 0, "kept_for": "1 year"}},
        {"grant": {"per_year": 0, "amount": "£1"}},
        {"grant": {"per_year": 1000, "amount": "£1 million"}},
    ],
    ids=[
        "no workers",
        "endless work",
        "never approves",
        "hears nobody",
        "meets once",
        "no homes",
        "no money",
        "too dear",
    ],
)
def test_a_step_that_cannot_be_done_holds_people_back_for_ever(step):
    tables = needing(step, years=20)
    assert rows(tables.stays, "ready identified prepared left") == [(10, 10, None, None), (11, 11, None, None)]
    assert rows(tables.case_steps, "queued finished outcome") == [(10, None, None), (11, None, None)]


@pytest.mark.parametrize(
    "step",
    [
        team(10**9, 0),
        {"panel": {"meets_every": "1 day", "cases_per_meeting": 10**9}},
        {"grant": {"per_year": "£1000 million", "amount": 0}},
        {"grant": {"per_year": 0, "amount": 0}},
    ],
    ids=["a billion workers", "a daily panel", "a billion pounds", "nothing needs no money"],
)
def test_a_step_without_limits_takes_no_time(step):
    assert rows(needing(step).stays, "prepared left") == [(10, 10), (11, 11)]


def test_homes_without_number_take_no_time_worth_mention():
    tables = needing({"lettings": {"per_year": 10**6}}, years=0.1)
    assert [round(left, 1) for (left,) in rows(tables.stays, "left")] == [10, 11]


def test_a_huge_death_rate_leaves_nobody():
    groups = {"frail": {"deaths_per_1000_per_year": 1e15}}
    tables = pathway(groups=groups, caseload={"house": [lives(-50), lives(-60)]})
    assert rows(tables.stays, "left to") == [(0, "died"), (0, "died"), (0, "died"), (1, "died"), (2, "died")]


def test_all_may_die_on_one_day_and_their_places_are_let_again():
    tables = run(
        groups={"frail": dies_on(50), "adults": {}},
        settings={"hospital": UNLIMITED, "house": {"places": 30}},
        routes={"hospital": [route("house")], "house": [route("left", NEVER)]},
        demand=[come("hospital", *[0] * 30, group="frail"), come("hospital", *[1] * 30, group="adults")],
    )
    assert {left for (left,) in rows(tables.stays, "left", setting="house", group="frail")} == {50}
    assert {entered for (entered,) in rows(tables.stays, "entered", setting="house", group="adults")} == {50}


def test_a_million_places_are_never_full():
    settings = {"hospital": UNLIMITED, "house": {"places": 1_000_000, "turnaround": "1 year"}}
    assert entries(pathway(settings=settings), "house") == [(10, 1), (11, 2), (12, 3)]


def test_a_thousand_people_may_come_on_one_day():
    tables = pathway(demand=[come("hospital", *[0] * 1000)])
    # Two places, each let three times in the year: on days 10, 110, 210 and 310.
    assert entries(tables, "house") == [
        (entered, 2 * turn + person) for turn, entered in enumerate((10, 110, 210, 310)) for person in (1, 2)
    ]
    assert tables.stays[tables.stays.setting == "hospital"].left_day.isna().sum() == 992


def test_a_run_may_start_on_29_february():
    tables = pathway(
        start="2028-02-29",
        demand=[{"from": "hospital", "dates": ["2028-02-29", "2029-02-27", "2029-02-28"]}],
        years=1,
    )
    # One year later is 28 February 2029, day 365: whoever comes on that day comes too late.
    assert rows(tables.stays, "person setting entered") == [(1, "hospital", 0), (1, "house", 10), (2, "hospital", 364)]


def test_growth_begins_on_the_anniversary_of_29_february():
    doubled = {"from": "hospital", "per_year": 300, "growth": "100%"}
    steady = {"from": "hospital", "per_year": 300}
    grown, even = (
        run(
            settings={"hospital": UNLIMITED},
            routes={},
            start="2028-02-29",
            years=2,
            demand=[source],
        ).stays.entered_day
        for source in (doubled, steady)
    )
    first_year = (even < 365).sum()
    assert list(grown[:first_year]) == list(even[:first_year])
    assert (even[first_year:] > grown[: len(even)][first_year:]).all()


def test_what_changes_after_the_end_changes_nothing():
    late = {"house": {"places": {"from the start": 2, day(365): 9}}, "hospital": UNLIMITED}
    after = pathway(settings=late)
    assert after.stays.equals(pathway().stays)
    assert rows(after.places, "places", scheme="house") == [(2,)]


def test_a_setting_may_open_over_its_capacity():
    tables = pathway(caseload={"house": [lives(-50)] * 9})
    # All nine leave on day 50; only then is there room, for two.
    assert entries(tables, "house")[9:] == [(50, 10), (50, 11), (150, 12)]


def test_a_setting_that_leads_nowhere_may_have_reviews():
    tables = run(
        settings={"hospital": UNLIMITED, "flat": UNLIMITED | {"review_every": "1 year"}},
        routes={"hospital": [route("flat", 10)]},
        demand=[come("hospital", 0)],
        years=5,
    )
    assert moments(tables, setting="flat") == [("flat", 10, *[None] * 7)]


def test_a_place_of_many_turnarounds_is_let_for_an_instant_at_a_time():
    tables = run(
        settings={"hospital": UNLIMITED, "house": {"places": 1, "turnaround": days(100)}},
        routes={"hospital": [route("house")], "house": [route("left", 0)]},
        demand=[come("hospital", 0, 0, 0, 0)],
    )
    assert rows(tables.stays, "entered left", setting="house") == [(0, 0), (100, 100), (200, 200), (300, 300)]


def test_a_circle_of_chance_in_which_time_stands_still_is_noticed(monkeypatch):
    monkeypatch.setattr(clock, "STANDSTILL", 10_000)
    circle = {"community": [route("hospital")], "hospital": [route("community", share="100%"), route("left", share=0)]}
    with pytest.raises(RunError, match="time stands still on day 3"):
        run(
            settings={"community": UNLIMITED, "hospital": UNLIMITED},
            routes=circle,
            demand=[come("community", 3)],
        )
