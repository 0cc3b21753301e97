"""Hand-written traces: the order of a waiting list, and the order of events within an instant."""

import pytest
from tracing import UNLIMITED, come, day, dies_on, entries, lives, moments, route, rows, run

pytestmark = pytest.mark.trace

HOUSE = {"house": [route("left", 10)]}


def queue(demand, caseload=None, house=None, **more):
    """A house of one place, free on day 50, that everybody in hospital or on the ward wants."""
    return run(
        settings={
            "hospital": UNLIMITED,
            "ward": UNLIMITED,
            "house": {"places": {"from the start": 0, day(50): 1}} | (house or {}),
        },
        routes={"hospital": [route("house", 1)], "ward": [route("house", 1)]} | HOUSE,
        demand=demand,
        caseload=caseload or {},
        **more,
    )


def test_a_list_is_in_the_order_of_the_listed_days():
    tables = queue([come("hospital", 3, 9), come("ward", 6)])
    assert entries(tables, "house") == [(50, 1), (60, 2), (70, 3)]
    assert rows(tables.stays, "person entered", setting="ward") == [(2, 6)]


def test_people_listed_in_one_instant_stand_in_the_order_of_their_numbers():
    # Persons 1 to 3 come on one day, in the order of the sources; all are listed on the next.
    tables = queue([come("ward", 4, 4), come("hospital", 4)])
    assert rows(tables.stays, "person setting", entered_day=4) == [(1, "ward"), (2, "ward"), (3, "hospital")]
    assert entries(tables, "house") == [(50, 1), (60, 2), (70, 3)]


def test_settings_and_groups_with_priority_come_first_in_the_order_of_their_names():
    tables = queue(
        groups={"adults": {}, "carers": {}},
        house={"priority": ["ward", "carers"]},
        demand=[
            come("hospital", 0, group="adults", name="a"),
            come("hospital", 5, group="carers", name="b"),
            come("ward", 8, 12, group="adults", name="c"),
            come("ward", 10, group="carers", name="d"),
        ],
    )
    # Person 1 hospital adult, 2 hospital carer, 3 ward adult, 4 ward carer, 5 ward adult.
    assert entries(tables, "house") == [(50, 3), (60, 4), (70, 5), (80, 2), (90, 1)]


def test_the_opening_waiting_list_keeps_its_dates():
    caseload = {"hospital": [lives(-90, -10, "house"), lives(-80, -30, "house")], "ward": [lives(-20, -20, "house")]}
    tables = queue([come("hospital", 0)], caseload)
    assert entries(tables, "house") == [(50, 2), (60, 3), (70, 1), (80, 4)]
    assert moments(tables, person=2)[0] == ("hospital", -80, -30, -30, -30, -30, 50, "house", "route")
    assert rows(tables.stays, "person opening", setting="hospital") == [(1, True), (2, True), (4, False)]


def test_the_opening_waiting_list_keeps_its_priority():
    caseload = {"hospital": [lives(-90, -50, "house")], "ward": [lives(-20, -2, "house")]}
    tables = queue([come("ward", 10)], caseload, house={"priority": ["ward"]})
    assert entries(tables, "house") == [(50, 2), (60, 3), (70, 1)]


def test_places_that_are_free_at_the_start_go_to_who_has_waited_longest():
    tables = run(
        settings={"hospital": UNLIMITED, "house": {"places": 2}},
        routes={"hospital": [route("house", 1)]} | HOUSE,
        caseload={"hospital": [lives(-9, -1, "house"), lives(-9, -3, "house"), lives(-9, -2, "house")]},
    )
    assert entries(tables, "house") == [(0, 2), (0, 3), (10, 1)]


def test_somebody_may_be_listed_at_the_start_by_a_route_for_the_maximum_stay():
    limit = {"maximum_stay": "30 days", "at_maximum": "move_on", "at_maximum_routes": [{"to": "house", "share": 1}]}
    tables = run(
        settings={"hospital": UNLIMITED | limit, "house": {"places": {"from the start": 0, day(5): 1}}},
        routes={"hospital": [route("left", 100)]} | HOUSE,
        caseload={"hospital": [lives(-60, -30, "house")]},
    )
    assert moments(tables, setting="hospital") == [("hospital", -60, -30, -30, -30, -30, 5, "house", "route")]


def test_who_suits_no_free_place_is_passed_over():
    tables = queue(
        groups={"adults": {}, "young": {}},
        house={"accepts": ["young"]},
        demand=[come("hospital", 0, 9, group="adults"), come("hospital", 5, 12, group="young")],
    )
    assert entries(tables, "house") == [(50, 2), (60, 4)]
    assert rows(tables.stays, "person listed left to", group="adults") == [
        (1, 1, None, "house"),
        (3, 10, None, "house"),
    ]


def test_a_place_that_was_not_free_for_the_first_may_be_free_for_the_second():
    tables = run(
        groups={"adults": {}, "young": {}},
        settings={
            "hospital": UNLIMITED,
            "house": {
                "schemes": {
                    "for all": {"places": 1},
                    "for the young": {"places": {"from the start": 0, day(20): 1}, "accepts": ["young"]},
                }
            },
        },
        routes={"hospital": [route("house", 1)], "house": [route("left", 100)]},
        demand=[come("hospital", 0, 2, group="adults"), come("hospital", 4, group="young")],
    )
    assert rows(tables.stays, "person scheme entered", setting="house") == [
        (1, "for all", 1),
        (2, "for all", 101),
        (3, "for the young", 20),
    ]


def test_all_events_of_an_instant_come_before_places_are_allocated():
    # On day 50 the place opens; in the same instant somebody with priority is listed, who therefore goes first.
    tables = queue([come("hospital", 3), come("ward", 49)], house={"priority": ["ward"]})
    assert entries(tables, "house") == [(50, 2), (60, 1)]


def test_a_place_given_up_in_an_instant_is_let_in_that_instant():
    # Person 1 leaves on day 60; persons 2 and 3, of whom 3 comes first on the list, are listed on that day as well.
    tables = queue([come("hospital", 3, 59), come("ward", 59)], house={"priority": ["ward"]})
    assert entries(tables, "house") == [(50, 1), (60, 3), (70, 2)]


def test_who_has_died_is_on_no_list_any_more():
    tables = queue(
        groups={"adults": {}, "frail": dies_on(50)},
        demand=[come("hospital", 3, group="frail"), come("hospital", 9, group="adults")],
        house={"places": {"from the start": 0, day(51): 1}},
    )
    assert entries(tables, "house") == [(51, 2)]
    assert moments(tables, person=1) == [("hospital", 3, 4, 4, 4, 4, 50, "died", "died:house")]
