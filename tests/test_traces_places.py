"""Hand-written traces: blocking, turnaround, and places that change over time."""

import pytest
from tracing import NEVER, UNLIMITED, come, day, delay, entries, lives, moments, route, rows, run, team

pytestmark = pytest.mark.trace


def house(places, at, stay=100, caseload=None, **more):
    """People who want to live in a house on the days on which they come, and stay for so many days."""
    return run(
        settings={"hospital": UNLIMITED, "house": {"places": places} | more},
        routes={"hospital": [route("house")], "house": [route("left", stay)]},
        demand=[come("hospital", *at)] if at else [],
        caseload={"house": caseload or []},
    )


def test_who_has_no_place_to_go_to_blocks_the_place_where_they_are():
    tables = run(
        settings={"hospital": UNLIMITED, "ward": {"places": 1}, "house": {"places": 1}},
        routes={"hospital": [route("ward")], "ward": [route("house", 10)], "house": [route("left", 50)]},
        demand=[come("hospital", 0, 1, 2)],
    )
    assert rows(tables.stays, "person entered ready left", setting="ward") == [
        (1, 0, 10, 10),
        (2, 10, 20, 60),
        (3, 60, 70, 110),
    ]
    assert rows(tables.stays, "person entered left", setting="hospital") == [(1, 0, 0), (2, 1, 10), (3, 2, 60)]


def test_one_move_makes_room_for_the_next_in_the_same_instant():
    tables = run(
        settings={name: {"places": 1} for name in ("ward", "house", "flat")} | {"hospital": UNLIMITED},
        routes={
            "hospital": [route("ward", 1)],
            "ward": [route("house", 20)],
            "house": [route("flat", 20)],
            "flat": [route("left", 50)],
        },
        caseload={"ward": [lives(0)], "house": [lives(0)], "flat": [lives(0)]},
        demand=[come("hospital", 0)],
    )
    assert rows(tables.stays, "person setting entered left", entered_day=50) == [
        (1, "house", 50, 100),
        (2, "flat", 50, 100),
        (4, "ward", 50, 100),
    ]


def test_a_vacated_place_is_turned_around_before_it_can_be_let():
    tables = house(2, (1, 2), caseload=[lives(-50), lives(-20)], turnaround="7 days")
    # Places fall vacant on days 50 and 80.
    assert entries(tables, "house")[2:] == [(57, 3), (87, 4)]


def test_a_place_that_nobody_has_lived_in_needs_no_turnaround():
    assert entries(house({"from the start": 0, day(9): 1}, (1,), turnaround="7 days"), "house") == [(9, 1)]


def test_each_place_of_a_chain_is_turned_around():
    tables = run(
        settings={
            "ward": {"places": 1, "turnaround": "5 days"},
            "house": {"places": 1, "turnaround": "7 days"},
            "hospital": UNLIMITED,
        },
        routes={"hospital": [route("ward", 1)], "ward": [route("house", 20)], "house": [route("left", 50)]},
        caseload={"ward": [lives(0)], "house": [lives(0)]},
        demand=[come("hospital", 0)],
    )
    assert rows(tables.stays, "person setting entered") == [
        (1, "ward", 0),
        (1, "house", 57),
        (2, "house", 0),
        (3, "hospital", 0),
        (3, "ward", 62),
        (3, "house", 114),
    ]


def test_each_scheme_may_have_a_turnaround_of_its_own():
    schemes = {"oak": {"places": 1, "turnaround": "3 days"}, "elm": {"places": 1}}
    tables = run(
        settings={"hospital": UNLIMITED, "house": {"turnaround": "30 days", "schemes": schemes}},
        routes={"hospital": [route("house")], "house": [route("left", 50)]},
        demand=[come("hospital", 0, 0, 1, 2)],
    )
    assert rows(tables.stays, "person scheme entered", setting="house")[2:] == [(3, "oak", 53), (4, "elm", 80)]


def test_places_open_and_grow_on_their_dates():
    tables = run(
        settings={"hospital": UNLIMITED, "house": {"places": {"from the start": 1, day(40): 3}, "opens": day(10)}},
        routes={"hospital": [route("house")], "house": [route("left", 100)]},
        demand=[come("hospital", 0, 1, 2, 3)],
    )
    assert entries(tables, "house") == [(10, 1), (40, 2), (40, 3), (110, 4)]
    assert rows(tables.places, "scheme from places") == [
        ("hospital", 0, float("inf")),
        ("house", 0, 0),
        ("house", 10, 1),
        ("house", 40, 3),
    ]


def test_shrinking_evicts_nobody_and_places_above_the_number_go_as_they_fall_vacant():
    caseload = [lives(-60), lives(-50), lives(-40)]  # until days 40, 50 and 60
    tables = house({"from the start": 3, day(20): 1}, (1,), caseload=caseload)
    assert rows(tables.stays, "left", setting="house", opening=True) == [(40,), (50,), (60,)]
    assert rows(tables.stays, "entered", setting="house", opening=False) == [(60,)]


def test_a_place_that_is_gone_is_not_turned_around():
    caseload = [lives(-60), lives(-50)]  # until days 40 and 50
    tables = house({"from the start": 2, day(20): 1}, (1,), caseload=caseload, turnaround="30 days")
    # The place vacated on day 40 is gone at once; that of day 50 is let again from day 80 on.
    assert entries(tables, "house")[2:] == [(80, 3)]


@pytest.mark.parametrize(
    ("until", "let"),
    [
        (50, 80),  # on day 40 the one place left is lived in; vacated on day 50, it is let from day 80 on
        (30, 40),  # vacated while the other is turned around: one of the two is gone, and the other is let on day 40
    ],
)
def test_a_place_in_turnaround_counts_when_places_shrink(until, let):
    caseload = [lives(-90), lives(until - 100)]  # the first leaves on day 10
    tables = house({"from the start": 2, day(20): 1}, (1,), caseload=caseload, turnaround="30 days")
    assert entries(tables, "house")[2:] == [(let, 3)]


def test_more_people_than_places_at_the_start_stay_and_nobody_is_admitted_until_there_is_room():
    caseload = [lives(-90), lives(-80), lives(-70), lives(-60)]  # until days 10, 20, 30 and 40
    tables = house(2, (1,), caseload=caseload)
    assert rows(tables.stays, "entered", setting="house", opening=False) == [(30,)]


def test_a_closed_house_keeps_its_residents_and_admits_nobody():
    tables = house(2, (0, 5, 10), closes=day(30))
    assert rows(tables.stays, "person entered left", setting="house") == [(1, 0, 100), (2, 5, 105)]
    assert rows(tables.stays, "listed left to", person=3) == [(10, None, "house")]
    assert rows(tables.places, "from places", scheme="house") == [(0, 2), (30, 0)]


def closing(routes, at=(0,), house=None, **more):
    """A house from which residents are to move on when it closes on day 30."""
    return run(
        settings={
            "hospital": UNLIMITED,
            "house": {"places": 2, "closes": day(30), "residents": "move_on"} | (house or {}),
            "flat": {"places": {"from the start": 0, day(90): 1}},
        },
        routes={"hospital": [route("house")], "house": routes},
        demand=[come("hospital", *at)],
        **more,
    )


def test_residents_of_a_closing_house_count_as_ready_and_wait_for_a_place():
    tables = closing([route("flat", NEVER, requires=["forms"])], at=(0, 5), steps={"forms": delay(4)})
    assert moments(tables, setting="house") == [
        ("house", 0, 30, 30, 34, 34, 90, "flat", "closing"),
        ("house", 5, 30, 30, 34, 34, None, "flat", "closing"),
    ]


def test_residents_of_a_closing_house_take_the_routes_for_the_maximum_stay():
    tables = closing([route("flat", NEVER)], house={"at_maximum_routes": [{"to": "left", "share": 1}]})
    assert moments(tables, setting="house") == [("house", 0, 30, 30, 30, 30, 30, "left", "closing")]


def test_closing_makes_known_who_was_ready_but_hidden():
    tables = closing([route("left", 20)], house={"review_every": "1 year"})
    assert moments(tables, setting="house") == [("house", 0, 20, 30, 30, 30, 30, "left", "route")]


def test_who_waits_already_when_the_house_closes_waits_on():
    tables = closing([route("flat", 10)])
    assert moments(tables, setting="house") == [("house", 0, 10, 10, 10, 10, 90, "flat", "route")]


def test_who_was_prepared_early_is_ready_when_the_house_closes():
    early = route("left", 60, start_early="40 days", requires=["forms"])
    tables = closing([early], steps={"forms": delay(25)})
    # Begun on day 20; ready on day 30 instead of 60; the same route, so that preparation goes on.
    assert moments(tables, setting="house") == [("house", 0, 30, 20, 45, 45, 45, "left", "closing")]


def test_the_residents_of_a_closing_house_have_their_notice_in_the_order_of_their_numbers():
    tables = run(
        settings={"hospital": UNLIMITED, "house": {"places": 2, "closes": day(30), "residents": "move_on"}},
        routes={"hospital": [route("house", 15)], "house": [route("left", NEVER, requires=["team"])]},
        steps={"team": team(1, 10)},
        caseload={"hospital": [lives(-10)], "house": [lives(-90)]},
    )
    # Person 1 moved in on day 5, when person 2 had lived there for long.
    assert rows(tables.case_steps, "person started") == [(1, 30), (2, 40)]


def test_a_house_that_closed_before_the_start_empties_from_the_start_on():
    tables = run(
        settings={"house": {"places": 2, "closes": day(-30), "residents": "move_on"}},
        routes={"house": [route("left", 900)]},
        caseload={"house": [lives(-100)]},
    )
    assert moments(tables) == [("house", -100, 0, 0, 0, 0, 0, "left", "closing")]


def test_only_the_scheme_that_closes_gives_notice():
    schemes = {"oak": {"places": 1, "closes": day(30), "residents": "move_on"}, "elm": {"places": 1}}
    tables = run(
        settings={"house": {"schemes": schemes}},
        routes={"house": [route("left", 200)]},
        caseload={"house": [lives(-10, scheme="oak"), lives(-10, scheme="elm")]},
    )
    assert rows(tables.stays, "scheme left reason") == [("oak", 30, "closing"), ("elm", 190, "route")]
