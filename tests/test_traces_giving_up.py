"""Hand-written traces: people who stop waiting, and what they do then."""

import pytest
from tracing import UNLIMITED, come, day, dies_on, entries, lives, moments, route, rows, run

pytestmark = pytest.mark.trace


def waiting(after, to, at=(0,), opens=60, caseload=None, settings=None, routes=None, **more):
    """People who come to hospital, are ready after 10 days, and want a house that has its one place from a day on."""
    return run(
        settings={"hospital": UNLIMITED, "house": {"places": {"from the start": 0, day(opens): 1}}, "flat": UNLIMITED}
        | (settings or {}),
        routes={
            "hospital": [route("house", 10, gives_up={"after": f"{after} days", "to": to})],
            "house": [route("left", 100)],
        }
        | (routes or {}),
        **{"demand": [come("hospital", *at)] if at else [], "caseload": caseload or {}} | more,
    )


def test_after_0_days_people_are_turned_away_if_it_is_full():
    tables = waiting(0, "left", at=(0, 50, 100), opens=60)
    assert moments(tables, setting="hospital") == [
        ("hospital", 0, 10, 10, 10, 10, 10, "left", "gave_up:house"),
        ("hospital", 50, 60, 60, 60, 60, 60, "house", "route"),
        ("hospital", 100, 110, 110, 110, 110, 110, "left", "gave_up:house"),
    ]


def test_people_give_up_some_time_after_they_were_passed_over():
    tables = waiting(25, "left")
    assert moments(tables) == [("hospital", 0, 10, 10, 10, 10, 35, "left", "gave_up:house")]


def test_who_finds_a_place_in_time_does_not_give_up():
    tables = waiting(60, "left")
    assert moments(tables, setting="hospital") == [("hospital", 0, 10, 10, 10, 10, 60, "house", "route")]


def test_who_gives_up_in_the_instant_of_a_free_place_does_not_take_it():
    tables = waiting(50, "left", at=(0, 1))
    # Events come before the allocation: the first gives up on day 60, and the second takes the place.
    assert entries(tables, "house") == [(60, 2)]
    assert rows(tables.stays, "left to", person=1) == [(60, "left")]


def test_who_gives_up_for_an_unlimited_setting_goes_there_at_once():
    tables = waiting(25, "flat")
    assert moments(tables) == [
        ("hospital", 0, 10, 10, 10, 35, 35, "flat", "gave_up:house"),
        ("flat", 35, None, None, None, None, None, None, None),
    ]


def test_who_gives_up_for_a_limited_setting_joins_its_list():
    tables = waiting(25, "ward", settings={"ward": {"places": {"from the start": 0, day(80): 1}}})
    assert moments(tables, setting="hospital") == [
        ("hospital", 0, 10, 10, 10, 35, 80, "ward", "gave_up:house"),
    ]
    assert entries(tables, "ward") == [(80, 1)]
    # They do not come back to the list that they have left.
    assert entries(tables, "house") == []


def test_who_gives_up_stands_on_the_other_list_by_the_day_on_which_they_joined_it():
    tables = waiting(
        25,
        "ward",
        settings={
            "ward": {"places": {"from the start": 0, day(80): 1, day(90): 2}},
            "residential": UNLIMITED,
        },
        routes={"residential": [route("ward", 30)]},
        demand=[come("hospital", 0), come("residential", 0)],
    )
    # Ready and listed for the house on day 10, on the list of the ward on day 35: after person 2, listed on day 30.
    assert entries(tables, "ward") == [(80, 2), (90, 1)]


def test_who_has_given_up_once_waits_on_the_second_list_to_the_end():
    tables = waiting(0, "ward", settings={"ward": {"places": 0}})
    assert moments(tables) == [("hospital", 0, 10, 10, 10, 10, None, "ward", "gave_up:house")]


def test_the_patience_of_those_listed_at_the_start_begins_with_the_first_allocation():
    tables = waiting(25, "left", at=(), caseload={"hospital": [lives(-90, -40, "house")]})
    assert moments(tables) == [("hospital", -90, -40, -40, -40, -40, 25, "left", "gave_up:house")]


def test_who_dies_on_the_second_list_is_recorded_on_both():
    tables = waiting(25, "ward", settings={"ward": {"places": 0}}, groups={"frail": dies_on(50)})
    assert moments(tables) == [("hospital", 0, 10, 10, 10, 35, 50, "died", "gave_up:house; died:ward")]


def test_patience_begins_anew_with_each_wait():
    tables = run(
        settings={"hospital": UNLIMITED, "house": {"places": 0}, "flat": UNLIMITED},
        routes={
            "hospital": [route("house", 10, gives_up={"after": "20 days", "to": "flat"})],
            "flat": [route("hospital", 70)],
        },
        demand=[come("hospital", 0)],
    )
    assert rows(tables.stays, "setting listed left to", setting="hospital") == [
        ("hospital", 30, 30, "flat"),
        ("hospital", 130, 130, "flat"),
        ("hospital", 230, 230, "flat"),
        ("hospital", 330, 330, "flat"),
    ]


def test_a_place_left_by_somebody_who_gives_up_is_let_in_that_instant():
    tables = run(
        settings={"hospital": UNLIMITED, "ward": {"places": 1}, "house": {"places": 0}},
        routes={
            "hospital": [route("ward")],
            "ward": [route("house", 10, gives_up={"after": "20 days", "to": "left"})],
        },
        demand=[come("hospital", 0, 1)],
    )
    assert rows(tables.stays, "person entered left", setting="ward") == [(1, 0, 30), (2, 30, 60)]
