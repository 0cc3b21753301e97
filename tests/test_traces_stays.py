"""Hand-written traces: the life of a stay and the maximum stay."""

import pytest
from tracing import NEVER, UNLIMITED, come, day, delay, lives, moments, onward, route, rows, run

pytestmark = pytest.mark.trace


def test_a_stay_passes_through_every_moment_of_its_life():
    tables = run(
        settings={"hospital": UNLIMITED, "house": {"places": 1}},
        routes={"hospital": [route("house", 10, requires=["forms"])], "house": [route("left", 100)]},
        steps={"forms": delay(5)},
        caseload={"house": [lives(-40)]},
        demand=[come("hospital", 3)],
    )
    assert rows(tables.stays, "person setting visit opening entered left") == [
        (1, "house", 1, True, -40, 60),
        (2, "hospital", 1, False, 3, 60),
        (2, "house", 1, False, 60, 160),
    ]
    assert moments(tables, person=2) == [
        ("hospital", 3, 13, 13, 18, 18, 60, "house", "route"),
        ("house", 60, 160, 160, 160, 160, 160, "left", "route"),
    ]


def test_what_has_not_come_by_the_end_is_missing():
    tables = run(
        settings={"hospital": UNLIMITED, "house": {"places": 0}},
        routes={"hospital": [route("house", 50, requires=["forms"])]},
        steps={"forms": delay(100)},
        demand=[come("hospital", 200, 215, 300, 340)],
    )
    assert moments(tables) == [
        ("hospital", 200, 250, 250, 350, 350, None, "house", "route"),
        ("hospital", 215, 265, 265, None, None, None, "house", "route"),  # would be prepared on the last day, 365
        ("hospital", 300, 350, 350, None, None, None, "house", "route"),
        ("hospital", 340, None, None, None, None, None, None, None),
    ]
    assert rows(tables.case_steps, "person queued started finished outcome") == [
        (1, 250, 250, 350, "done"),
        (2, 265, 265, None, None),
        (3, 350, 350, None, None),
    ]


def test_people_may_return_and_their_visits_are_counted():
    tables = run(
        settings={"hospital": UNLIMITED, "house": {"places": 1}},
        routes={"hospital": [route("house", 10)], "house": [route("hospital", 140)]},
        demand=[come("hospital", 0)],
    )
    assert rows(tables.stays, "person setting visit entered left") == [
        (1, "hospital", 1, 0, 10),
        (1, "house", 1, 10, 150),
        (1, "hospital", 2, 150, 160),
        (1, "house", 2, 160, 300),
        (1, "hospital", 3, 300, 310),
        (1, "house", 3, 310, None),
    ]


def test_routes_may_be_for_some_groups_only():
    tables = run(
        groups={"young": {}, "old": {}, "others": {}},
        settings={"hospital": UNLIMITED},
        routes={"hospital": [route("home", 5, groups=["young"]), route("away", 7, groups=["old", "others"])]},
        exits=["home", "away"],
        demand=[come("hospital", 0, group="old"), come("hospital", 1, group="young")],
    )
    assert rows(tables.stays, "person group left to") == [(1, "old", 7, "away"), (2, "young", 6, "home")]


def into_house(house, routes, at=(10,), **more):
    """People reach a house with room for all on the very days on which they come."""
    return run(
        settings={"hospital": UNLIMITED, "house": {"places": 9} | house, "flat": UNLIMITED},
        routes={"hospital": [route("house")], "house": routes},
        demand=[come("hospital", *at)],
        **more,
    )


def test_who_is_not_ready_at_the_maximum_stay_moves_on_by_its_own_routes():
    house = {"maximum_stay": "30 days", "at_maximum": "move_on", "at_maximum_routes": [onward("flat")]}
    tables = into_house(house, [route("left", 50)])
    assert moments(tables) == [
        ("hospital", 10, 10, 10, 10, 10, 10, "house", "route"),
        ("house", 10, 40, 40, 40, 40, 40, "flat", "maximum_stay"),
        ("flat", 40, None, None, None, None, None, None, None),
    ]


def test_without_routes_of_its_own_the_maximum_stay_uses_those_of_the_setting():
    tables = into_house({"maximum_stay": "30 days", "at_maximum": "move_on"}, [route("left", 50)])
    assert moments(tables, setting="house") == [("house", 10, 40, 40, 40, 40, 40, "left", "maximum_stay")]


def test_what_a_route_at_the_maximum_stay_requires_begins_at_the_maximum():
    routes = [onward("flat", requires=["forms"])]
    house = {"maximum_stay": "30 days", "at_maximum": "move_on", "at_maximum_routes": routes}
    tables = into_house(house, [route("left", 50)], steps={"forms": delay(5)})
    assert moments(tables, setting="house") == [("house", 10, 40, 40, 45, 45, 45, "flat", "maximum_stay")]


def test_where_stays_are_extended_nothing_happens_at_the_maximum():
    house = {"maximum_stay": "30 days", "at_maximum": "extend", "at_maximum_routes": [onward("flat")]}
    tables = into_house(house, [route("left", 50)])
    assert moments(tables, setting="house") == [("house", 10, 60, 60, 60, 60, 60, "left", "route")]


def test_who_is_ready_exactly_at_the_maximum_takes_their_own_route():
    house = {"maximum_stay": "30 days", "at_maximum": "move_on", "at_maximum_routes": [onward("flat")]}
    tables = into_house(house, [route("left", 30)])
    assert moments(tables, setting="house") == [("house", 10, 40, 40, 40, 40, 40, "left", "route")]


def test_who_waits_already_is_not_touched_by_the_maximum():
    tables = run(
        settings={
            "hospital": UNLIMITED,
            "house": {"places": 1, "maximum_stay": "30 days", "at_maximum": "move_on"},
            "flat": {"places": {"from the start": 0, day(90): 1}},
        },
        routes={"hospital": [route("house")], "house": [route("flat", 20)]},
        demand=[come("hospital", 10)],
    )
    assert moments(tables, setting="house") == [("house", 10, 30, 30, 30, 30, 90, "flat", "route")]


@pytest.mark.parametrize(
    ("limits", "at_maximum", "reached"),
    [
        # A shorter maximum catches on its first day those who have stayed longer already.
        ({"from the start": "none", day(100): "30 days"}, "move_on", {50: 100, 70: 100, 80: 110, 120: 150}),
        # A longer one spares those who have not reached the old one by then; on the day itself the new one holds.
        ({"from the start": "30 days", day(100): "60 days"}, "move_on", {50: 80, 70: 130, 80: 140, 120: 180}),
        # A maximum that is abolished and comes again.
        (
            {"from the start": "30 days", day(60): "none", day(200): "90 days"},
            "move_on",
            {20: 50, 40: 200, 150: 240, 250: 340},
        ),
        # The rule itself may change on a date.
        ("30 days", {"from the start": "extend", day(100): "move_on"}, {50: 100, 90: 120}),
        ("30 days", {"from the start": "move_on", day(100): "extend"}, {50: 80, 70: None, 90: None}),
    ],
)
def test_a_maximum_stay_may_change_on_a_date(limits, at_maximum, reached):
    house = {"maximum_stay": limits, "at_maximum": at_maximum}
    tables = into_house(house, [route("left", NEVER)], at=sorted(reached))
    assert dict(rows(tables.stays, "entered left", setting="house")) == reached


def test_an_opening_resident_past_the_maximum_has_been_ready_since_they_reached_it():
    tables = run(
        settings={
            "house": {"places": 3, "maximum_stay": "30 days", "at_maximum": "move_on"},
            "flat": {"places": {"from the start": 1, day(9): 2, day(12): 3}},
        },
        routes={"house": [route("flat", NEVER)]},
        caseload={"house": [lives(-80, listed=-40, wants="flat"), lives(-100), lives(-10)]},
    )
    assert moments(tables, setting="house") == [
        ("house", -80, -40, -40, -40, -40, 9, "flat", "route"),
        ("house", -100, -70, -70, -70, -70, 0, "flat", "maximum_stay"),
        ("house", -10, 20, 20, 20, 20, 20, "flat", "maximum_stay"),
    ]


def test_what_an_opening_resident_past_the_maximum_still_needs_begins_with_the_run():
    tables = run(
        settings={"house": {"places": 1, "maximum_stay": "30 days", "at_maximum": "move_on"}},
        routes={"house": [route("left", NEVER, requires=["forms"])]},
        steps={"forms": delay(5)},
        caseload={"house": [lives(-100)]},
    )
    assert moments(tables) == [("house", -100, -70, -70, 5, 5, 5, "left", "maximum_stay")]
    assert rows(tables.case_steps, "queued started finished") == [(0, 0, 5)]


def test_an_opening_resident_goes_on_from_the_time_that_they_have_stayed():
    tables = run(
        settings={"house": {"places": 3}},
        routes={"house": [route("left", 100)]},
        caseload={"house": [lives(-30), lives(-100), lives(-500)]},
    )
    # Fixed stays of 100 days: who has stayed longer than any stay lasts is ready now.
    assert moments(tables) == [
        ("house", -30, 70, 70, 70, 70, 70, "left", "route"),
        ("house", -100, 0, 0, 0, 0, 0, "left", "route"),
        ("house", -500, 0, 0, 0, 0, 0, "left", "route"),
    ]


def test_a_warm_up_has_negative_days():
    tables = run(
        settings={"hospital": UNLIMITED, "house": {"places": 1}},
        routes={"hospital": [route("house", 4)], "house": [route("left", 12)]},
        demand=[come("hospital", -40, -20, -17)],
        warm_up="30 days",
    )
    # Who came before the warm-up began has never been there.
    assert rows(tables.stays, "person setting opening entered listed left") == [
        (1, "hospital", False, -20, -16, -16),
        (1, "house", False, -16, -4, -4),
        (2, "hospital", False, -17, -13, -4),
        (2, "house", False, -4, 8, 8),
    ]
    assert rows(tables.places, "scheme from places") == [("hospital", -30, float("inf")), ("house", -30, 1)]
