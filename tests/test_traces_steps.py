"""Hand-written traces: steps in sequence and side by side, delays, teams, and what is abandoned."""

import pytest
from tracing import UNLIMITED, come, day, delay, dies_on, lives, moments, route, rows, run, team, work

pytestmark = pytest.mark.trace


def prepared(requires, steps, at=(0,), ready_after=10, **more):
    """People in a hospital who leave once prepared."""
    return run(
        settings={"hospital": UNLIMITED},
        routes={"hospital": [route("left", ready_after, requires=requires)]},
        steps=steps,
        demand=[come("hospital", *at)],
        **more,
    )


def test_steps_are_done_one_after_the_other():
    tables = prepared(["first", "second"], {"first": delay(5), "second": delay(7)})
    assert work(tables) == [(1, "first", 10, 10, 15, "done"), (1, "second", 15, 15, 22, "done")]
    assert moments(tables) == [("hospital", 0, 10, 10, 22, 22, 22, "left", "route")]


def test_a_nested_list_is_done_side_by_side():
    steps = {"quick": delay(5), "slow": delay(7), "last": delay(3)}
    tables = prepared([["quick", "slow"], "last"], steps)
    assert work(tables) == [
        (1, "quick", 10, 10, 15, "done"),
        (1, "slow", 10, 10, 17, "done"),
        (1, "last", 17, 17, 20, "done"),
    ]


def test_nobody_waits_for_a_delay():
    tables = prepared(["forms"], {"forms": delay(5)}, at=(0, 0, 1))
    assert work(tables) == [
        (1, "forms", 10, 10, 15, "done"),
        (2, "forms", 10, 10, 15, "done"),
        (3, "forms", 11, 11, 16, "done"),
    ]


def test_a_team_takes_as_many_cases_at_once_as_it_has_workers():
    tables = prepared(["team"], {"team": team(2, 10)}, at=(0, 1, 2, 3), ready_after=0)
    assert work(tables) == [
        (1, "team", 0, 0, 10, "done"),
        (2, "team", 1, 1, 11, "done"),
        (3, "team", 2, 10, 20, "done"),
        (4, "team", 3, 11, 21, "done"),
    ]


@pytest.mark.parametrize(
    ("workers", "started"),
    [
        ({"from the start": 1, day(12): 3}, [0, 10, 12, 12]),
        # When workers leave, they finish what they have begun.
        ({"from the start": 2, day(5): 1}, [0, 0, 10, 20]),
        ({"from the start": 1, day(5): 0, day(50): 1}, [0, 50, 60, 70]),
        ({"from the start": 0, day(7): 4}, [7, 7, 7, 7]),
    ],
)
def test_the_workers_of_a_team_may_change_on_a_date(workers, started):
    tables = prepared(["team"], {"team": team(workers, 10)}, at=(0, 0, 0, 0), ready_after=0)
    assert [row[0] for row in rows(tables.case_steps, "started")] == started
    assert all(end == begin + 10 for begin, end in rows(tables.case_steps, "started finished"))


def test_a_team_may_put_settings_and_groups_first():
    tables = run(
        groups={"adults": {}, "carers": {}},
        settings={"hospital": UNLIMITED, "residential": UNLIMITED},
        routes={
            "hospital": [route("left", 0, requires=["team"])],
            "residential": [route("left", 0, requires=["team"])],
        },
        steps={"team": team(1, 10, priority=["residential", "carers"])},
        demand=[
            come("hospital", 0, 1, group="adults", name="a"),
            come("hospital", 2, group="carers", name="b"),
            come("residential", 3, group="adults", name="c"),
            come("residential", 4, group="carers", name="d"),
        ],
    )
    # The person in hand is finished; then residential (3, 4), then carers (2), then the rest (1).
    assert rows(tables.case_steps, "queued started") == [(0, 0), (1, 40), (2, 30), (3, 10), (4, 20)]


def test_cases_of_one_instant_queue_in_the_order_of_the_people():
    # Both are ready on day 20: the second person to have come moved into the ward later than the first into hospital.
    tables = run(
        settings={"hospital": UNLIMITED, "ward": UNLIMITED},
        routes={"hospital": [route("ward", 12)], "ward": [route("left", 8, requires=["team"])]},
        steps={"team": team(1, 10)},
        demand=[come("hospital", 0, name="through hospital"), come("ward", 12, name="straight to the ward")],
    )
    assert rows(tables.stays, "person setting ready", setting="ward") == [(1, "ward", 20), (2, "ward", 20)]
    assert work(tables) == [(1, "team", 20, 20, 30, "done"), (2, "team", 20, 30, 40, "done")]


def test_a_worker_who_is_freed_takes_on_who_queued_in_that_instant_by_priority():
    # On day 10 the first case is finished, and somebody from residential care joins: events first, then the work.
    tables = run(
        settings={"hospital": UNLIMITED, "residential": UNLIMITED},
        routes={
            "hospital": [route("left", 0, requires=["team"])],
            "residential": [route("left", 0, requires=["team"])],
        },
        steps={"team": team(1, 10, priority=["residential"])},
        demand=[come("hospital", 0, 5), come("residential", 10)],
    )
    assert rows(tables.case_steps, "person started") == [(1, 0), (2, 20), (3, 10)]


def test_one_team_may_serve_different_routes_and_positions():
    tables = run(
        settings={"hospital": UNLIMITED, "ward": UNLIMITED},
        routes={
            "hospital": [route("left", 0, requires=["forms", "team"])],
            "ward": [route("left", 0, requires=["team", "forms"])],
        },
        steps={"team": team(1, 10), "forms": delay(5)},
        demand=[come("hospital", 0), come("ward", 0)],
    )
    assert work(tables) == [
        (1, "forms", 0, 0, 5, "done"),
        (1, "team", 5, 10, 20, "done"),
        (2, "team", 0, 0, 10, "done"),
        (2, "forms", 10, 10, 15, "done"),
    ]


def test_who_comes_again_goes_through_the_steps_again():
    tables = run(
        settings={"hospital": UNLIMITED, "flat": UNLIMITED},
        routes={"hospital": [route("flat", 10, requires=["forms"])], "flat": [route("hospital", 85)]},
        steps={"forms": delay(5)},
        demand=[come("hospital", 0)],
    )
    assert rows(tables.case_steps, "case person queued finished") == [
        (1, 1, 10, 15),
        (2, 1, 110, 115),
        (3, 1, 210, 215),
        (4, 1, 310, 315),
    ]


def test_steps_that_nobody_needs_any_more_free_their_workers_at_once():
    tables = run(
        groups={"frail": dies_on(14), "adults": {}},
        settings={"hospital": UNLIMITED},
        routes={"hospital": [route("left", 0, requires=[["team", "forms"]])]},
        steps={"team": team(1, 30), "forms": delay(50)},
        demand=[come("hospital", 0, group="frail"), come("hospital", 5, group="adults")],
    )
    assert work(tables) == [
        (1, "team", 0, 0, 14, "abandoned"),
        (1, "forms", 0, 0, 14, "abandoned"),
        (2, "team", 5, 14, 44, "done"),
        (2, "forms", 5, 5, 55, "done"),
    ]


def test_who_no_longer_needs_a_step_leaves_its_queue():
    tables = run(
        groups={"frail": dies_on(14), "adults": {}},
        settings={"hospital": UNLIMITED},
        routes={"hospital": [route("left", 0, requires=["team"])]},
        steps={"team": team(1, 30)},
        demand=[come("hospital", 0, 7, group="adults"), come("hospital", 5, group="frail")],
    )
    assert work(tables) == [
        (1, "team", 0, 0, 30, "done"),
        (2, "team", 5, None, 14, "abandoned"),
        (3, "team", 7, 30, 60, "done"),
    ]


def test_a_closing_house_abandons_what_was_prepared_for_another_route():
    tables = run(
        settings={
            "house": {
                "places": 2,
                "closes": day(20),
                "residents": "move_on",
                "at_maximum_routes": [{"to": "left", "share": 1}],
            },
            "flat": UNLIMITED,
        },
        routes={"house": [route("flat", 100, start_early="40 days", requires=["team"])]},
        steps={"team": team(1, 35)},
        caseload={"house": [lives(-50), lives(-50)]},
    )
    # Ready on day 50, early on day 10: one is being worked on and one queues when the house closes.
    assert work(tables) == [(1, "team", 10, 10, 20, "abandoned"), (2, "team", 10, None, 20, "abandoned")]
    assert moments(tables) == [("house", -50, 20, 20, 20, 20, 20, "left", "closing")] * 2
