"""Hand-written traces: rings of exchange, near-rings, and the promise that the model never deadlocks."""

import pytest
from tracing import NEVER, UNLIMITED, come, day, lives, route, rows, run

pytestmark = pytest.mark.trace


def exchanged(places, wants, caseload, demand=(), **more):
    """Settings of so many places; the people of each want to go to one other when they have been there 100 days.

    The day on which an opening resident is ready is thus 100 days after their admission. Whoever has moved stays.
    """
    return run(
        settings={"hospital": UNLIMITED}
        | {name: {"places": number} | more.get(name, {}) for name, number in places.items()},
        routes={"hospital": [route("red")]} | {name: [route(to, 100)] for name, to in wants.items()},
        caseload=caseload,
        demand=demand,
        years=0.5,
    )


def moved(tables, until=100):
    """Return who left where for where on which day, of those who left by then."""
    table = tables.stays[tables.stays.left_day < until]
    return rows(table, "person setting left to")


def ready(on):
    """Return an opening resident who is ready on a day."""
    return lives(on - 100)


def test_two_people_change_places():
    tables = exchanged({"red": 1, "blue": 1}, {"red": "blue", "blue": "red"}, {"red": [ready(10)], "blue": [ready(20)]})
    assert moved(tables) == [(1, "red", 20, "blue"), (2, "blue", 20, "red")]


def test_three_people_change_places():
    tables = exchanged(
        {"red": 1, "blue": 1, "green": 1},
        {"red": "blue", "blue": "green", "green": "red"},
        {"red": [ready(30)], "blue": [ready(10)], "green": [ready(20)]},
    )
    assert moved(tables) == [(1, "red", 30, "blue"), (2, "blue", 30, "green"), (3, "green", 30, "red")]


def test_a_ring_needs_no_turnaround():
    turnaround = {"turnaround": "14 days"}
    tables = exchanged(
        {"red": 1, "blue": 1},
        {"red": "blue", "blue": "red"},
        {"red": [ready(10)], "blue": [ready(20)]},
        red=turnaround,
        blue=turnaround,
    )
    assert moved(tables) == [(1, "red", 20, "blue"), (2, "blue", 20, "red")]


@pytest.mark.parametrize("order", [("red", "blue"), ("blue", "red")])
def test_after_a_ring_no_place_is_being_turned_around(order):
    places = {"red": {"from the start": 1, day(30): 2}, "blue": 1}
    tables = exchanged(
        {name: places[name] for name in order},
        {"red": "blue", "blue": "red"},
        {"red": [ready(10)], "blue": [ready(20)]},
        demand=[come("hospital", 25)],
        red={"turnaround": "14 days"},
    )
    # The ring of day 20 leaves nothing to be done in red: its second place is free as it opens.
    assert moved(tables)[2:] == [(3, "hospital", 30, "red")]


def test_there_is_no_ring_while_somebody_is_not_ready():
    tables = exchanged(
        {"red": 1, "blue": 1, "green": 1},
        {"red": "blue", "blue": "green", "green": "red"},
        {"red": [ready(10)], "blue": [ready(20)], "green": [lives(0)]},
    )
    assert moved(tables) == []


def test_people_who_want_the_same_place_are_in_no_ring():
    tables = exchanged(
        {"red": 1, "blue": 1, "green": 1},
        {"red": "green", "blue": "green"},
        {"red": [ready(10)], "blue": [ready(20)], "green": [lives(0)]},
    )
    assert moved(tables) == []


def test_the_first_on_each_list_exchange():
    tables = exchanged(
        {"red": 2, "blue": 2},
        {"red": "blue", "blue": "red"},
        {"red": [ready(10), ready(5)], "blue": [ready(20), ready(50)]},
    )
    # On day 20 the one who has waited since day 5 goes; the other on day 50.
    assert moved(tables) == [
        (1, "red", 50, "blue"),
        (2, "red", 20, "blue"),
        (3, "blue", 20, "red"),
        (4, "blue", 50, "red"),
    ]


def test_all_rings_of_an_instant_exchange():
    tables = exchanged(
        {"red": 2, "blue": 2},
        {"red": "blue", "blue": "red"},
        {"red": [ready(10), ready(5)], "blue": [ready(20), ready(20)]},
    )
    assert sorted(moved(tables)) == [
        (1, "red", 20, "blue"),
        (2, "red", 20, "blue"),
        (3, "blue", 20, "red"),
        (4, "blue", 20, "red"),
    ]


def test_somebody_from_elsewhere_who_stands_first_prevents_a_ring_while_places_may_fall_vacant():
    tables = exchanged(
        {"red": 2, "blue": 1},
        {"red": "blue", "blue": "red"},
        {"red": [ready(20), lives(0)], "blue": [ready(30)]},
        demand=[come("hospital", 10)],
    )
    # Person 4 from hospital is first for red. Person 2 is ready on day 100 only: until then red may fall vacant by
    # itself. From then on everybody in red and blue waits for blue or red, and they would do so for ever.
    assert moved(tables, until=180) == [(1, "red", 100, "blue"), (3, "blue", 100, "red")]


def test_somebody_from_elsewhere_gets_the_place_and_then_the_ring_forms():
    tables = run(
        groups={"adults": {}, "short": {}},
        settings={"hospital": UNLIMITED, "red": {"places": 2}, "blue": {"places": 1}},
        routes={
            "hospital": [route("red")],
            "red": [route("blue", 100, groups=["adults"]), route("left", 60, groups=["short"])],
            "blue": [route("red", 100)],
        },
        caseload={
            "red": [lives(-80, group="adults"), lives(0, group="short")],
            "blue": [lives(-70, group="adults")],
        },
        demand=[come("hospital", 10, group="adults")],
    )
    # Ready: person 1 in red on 20, person 3 in blue on 30; person 4 has been first for red since 10. Person 2 leaves on
    # 60: the place goes to person 4, and in the same instant 1 and 3 are the first of their lists.
    assert moved(tables) == [
        (1, "red", 60, "blue"),
        (2, "red", 60, "left"),
        (3, "blue", 60, "red"),
        (4, "hospital", 60, "red"),
    ]


def test_people_who_could_wait_for_each_other_for_ever_exchange_though_somebody_else_stands_first():
    tables = exchanged(
        {"red": 1, "blue": 1},
        {"red": "blue", "blue": "red"},
        {"red": [ready(20)], "blue": [ready(30)]},
        demand=[come("hospital", 10)],
    )
    assert moved(tables) == [(1, "red", 30, "blue"), (2, "blue", 30, "red")]
    assert rows(tables.stays, "listed left to", setting="hospital") == [(10, None, "red")]


def test_there_is_no_ring_of_the_stuck_while_somebody_may_leave_for_elsewhere():
    tables = run(
        settings={
            "hospital": UNLIMITED,
            "red": {"places": 2},
            "blue": {"places": 1},
            "flat": {"places": {"from the start": 0, day(70): 1}},
        },
        routes={
            "hospital": [route("red")],
            "red": [
                {"to": "blue", "share": 1, "ready_after": "100 days"},
                {"to": "flat", "share": 0, "ready_after": "100 days"},
            ],
            "blue": [route("red", 100)],
        },
        caseload={"red": [ready(20), lives(-90, -5, "flat")], "blue": [ready(30)]},
        demand=[come("hospital", 10)],
    )
    # Person 2 waits for a flat, which may come: nobody exchanges until it does, on day 70, when person 4 takes red and
    # the first of both lists live in each other's place.
    assert moved(tables, until=120) == [
        (1, "red", 70, "blue"),
        (2, "red", 70, "flat"),
        (3, "blue", 70, "red"),
        (4, "hospital", 70, "red"),
    ]


def test_a_place_in_turnaround_is_waited_for_rather_than_exchanged():
    tables = run(
        groups={"adults": {}, "short": {}},
        settings={"hospital": UNLIMITED, "red": {"places": 2, "turnaround": "30 days"}, "blue": {"places": 1}},
        routes={
            "hospital": [route("red")],
            "red": [route("blue", 100, groups=["adults"]), route("left", 60, groups=["short"])],
            "blue": [route("red", 100)],
        },
        caseload={
            "red": [lives(-65, group="adults"), lives(-50, group="short")],
            "blue": [lives(-75, group="adults")],
        },
        demand=[come("hospital", 5, group="adults")],
    )
    # Person 2 leaves on 10: the place is turned around until 40. Person 4, first for red since 5, takes it then;
    # persons 1 (ready on 35) and 3 (ready on 25) are next, and exchange.
    assert moved(tables) == [
        (1, "red", 40, "blue"),
        (2, "red", 10, "left"),
        (3, "blue", 40, "red"),
        (4, "hospital", 40, "red"),
    ]


def schemes(bound_to, lives_in):
    """One in red who wants the setting of two houses; one in a house who wants red."""
    return run(
        settings={
            "red": {"places": 1},
            "houses": {"access": "by_scheme", "schemes": {"oak": {"places": 1}, "elm": {"places": 1}}},
        },
        routes={"red": [route("houses", 100, scheme=bound_to)], "houses": [route("red", 100)]},
        caseload={
            "red": [ready(10)],
            "houses": [ready(20) | {"scheme": lives_in}, lives(0) | {"scheme": "oak" if lives_in == "elm" else "elm"}],
        },
        years=0.25,
    )


def test_rings_form_between_schemes():
    tables = schemes("elm", "elm")
    assert rows(tables.stays, "person scheme entered left") == [
        (1, "red", -90, 20),
        (1, "elm", 20, None),
        (2, "elm", -80, 20),
        (2, "red", 20, None),
        (3, "oak", 0, None),
    ]


def test_who_is_bound_to_another_scheme_is_in_no_ring():
    assert moved(schemes("oak", "elm")) == []


def test_who_is_not_accepted_is_in_no_ring():
    tables = run(
        groups={"adults": {}, "young": {}},
        settings={"red": {"places": 1}, "blue": {"places": 1, "accepts": ["young"]}},
        routes={"red": [route("blue", 100)], "blue": [route("red", 100)]},
        caseload={
            "red": [ready(10) | {"group": "adults"}],
            "blue": [ready(20) | {"group": "young"}],
        },
        years=0.25,
    )
    assert moved(tables) == []


def test_nobody_exchanges_a_place_that_is_to_go():
    tables = exchanged(
        {"red": {"from the start": 2, day(5): 1}, "blue": 1},
        {"red": "blue", "blue": "red"},
        {"red": [ready(10), lives(0)], "blue": [ready(20)]},
    )
    # Red has one person too many: the place of whoever leaves it first is gone.
    assert moved(tables) == []


def test_a_ring_forms_on_the_opening_waiting_lists():
    tables = run(
        settings={"red": {"places": 1}, "blue": {"places": 1}},
        routes={"red": [route("blue", NEVER)], "blue": [route("red", NEVER)]},
        caseload={"red": [lives(-90, -20, "blue")], "blue": [lives(-90, -10, "red")]},
    )
    assert moved(tables) == [(1, "red", 0, "blue"), (2, "blue", 0, "red")]


def test_a_place_that_is_free_is_taken_without_a_ring():
    tables = exchanged(
        {"red": 1, "blue": 2},
        {"red": "blue", "blue": "red"},
        {"red": [ready(10)], "blue": [ready(20)]},
    )
    assert moved(tables) == [(1, "red", 10, "blue"), (2, "blue", 20, "red")]
