"""Hand-written traces: reviews, and preparation that starts early."""

import pytest
from tracing import NEVER, UNLIMITED, come, day, delay, lives, moments, onward, route, rows, run, team, work

pytestmark = pytest.mark.trace


def reviewed(every, ready_after, at=(10,), **more):
    """People in a hospital with reviews, on the way out."""
    requires = {name: more.pop(name) for name in ("requires", "start_early") if name in more}
    return run(
        settings={"hospital": UNLIMITED | {"review_every": every}},
        routes={"hospital": [route("left", ready_after, **requires)]},
        demand=[come("hospital", *at)] if at else [],
        **more,
    )


@pytest.mark.parametrize(
    ("ready_after", "identified"),
    [(30, 110), (99, 110), (100, 110), (101, 210), (200, 210), (0, 10)],
)
def test_who_is_ready_stays_hidden_until_the_first_review_at_or_after_it(ready_after, identified):
    tables = reviewed("100 days", ready_after)
    ready = 10 + ready_after
    assert moments(tables) == [("hospital", 10, ready, identified, identified, identified, identified, "left", "route")]


def test_reviews_of_the_opening_caseload_fall_by_their_admission():
    caseload = {"hospital": [lives(-250), lives(-210), lives(-200)]}
    tables = reviewed("100 days", 260, at=(), caseload=caseload)
    assert rows(tables.stays, "entered ready identified left") == [
        (-250, 10, 50, 50),
        (-210, 50, 90, 90),
        (-200, 60, 100, 100),
    ]


def test_readiness_that_no_review_has_found_by_the_end_is_known_to_the_table_alone():
    tables = reviewed("1 year", 30, at=(10,))
    assert moments(tables) == [("hospital", 10, 40, None, None, None, None, None, None)]


@pytest.mark.parametrize(
    ("intervals", "ready_after", "identified"),
    [
        # From day 150 reviews fall every 50 days after admission instead of every 100.
        ({"from the start": "100 days", day(150): "50 days"}, 105, {10: 160, 20: 170, 60: 210, 100: 250}),
        ({"from the start": "100 days", day(150): "50 days"}, 80, {10: 110, 20: 120, 60: 160}),
        # From day 150 there are none: who is hidden then is seen on that day.
        ({"from the start": "100 days", day(150): "none"}, 105, {10: 150, 100: 205}),
        # Reviews are introduced.
        ({"from the start": "none", day(150): "100 days"}, 60, {10: 70, 95: 195, 120: 220}),
    ],
)
def test_the_interval_between_reviews_may_change_on_a_date(intervals, ready_after, identified):
    tables = reviewed(intervals, ready_after, at=sorted(identified))
    assert dict(rows(tables.stays, "entered identified")) == identified


@pytest.mark.parametrize(
    ("early", "takes", "identified", "prepared", "listed"),
    [
        (20, 5, 50, 55, 70),  # prepared before readiness: waits for it
        (20, 20, 50, 70, 70),
        (20, 30, 50, 80, 80),  # preparation outlasts readiness
        (100, 5, 10, 15, 70),  # never before the stay itself
        (0, 5, 70, 75, 75),
    ],
)
def test_preparation_may_start_before_readiness(early, takes, identified, prepared, listed):
    tables = run(
        settings={"hospital": UNLIMITED},
        routes={"hospital": [route("left", 60, start_early=f"{early} days", requires=["forms"])]},
        steps={"forms": delay(takes)},
        demand=[come("hospital", 10)],
    )
    assert moments(tables) == [("hospital", 10, 70, identified, prepared, listed, listed, "left", "route")]


def test_an_early_start_waits_for_the_first_review_that_could_see_it():
    # Ready on day 70, and 20 days early is day 50: of the reviews on 10, 35, 60, 85 the third sees it.
    tables = reviewed("25 days", 60, start_early="20 days", requires=["forms"], steps={"forms": delay(5)})
    assert moments(tables) == [("hospital", 10, 70, 60, 65, 70, 70, "left", "route")]


def test_without_steps_an_early_review_lets_people_go_on_the_day_they_are_ready():
    tables = reviewed("25 days", 60, start_early="20 days")
    assert moments(tables) == [("hospital", 10, 70, 60, 60, 70, 70, "left", "route")]


def in_house(house, routes, **more):
    """Tell of one person who enters a house on day 0."""
    return run(
        settings={"hospital": UNLIMITED, "house": {"places": 1} | house, "flat": UNLIMITED},
        routes={"hospital": [route("house")], "house": routes},
        demand=[come("hospital", 0)],
        **more,
    )


EARLY = route("flat", 60, start_early="30 days", requires=["papers"])
LIMIT = {"maximum_stay": "40 days", "at_maximum": "move_on"}


def test_at_a_maximum_stay_the_same_route_goes_on_with_what_was_begun_early():
    tables = in_house(LIMIT, [EARLY], steps={"papers": team(1, 20)})
    assert moments(tables, setting="house") == [("house", 0, 40, 30, 50, 50, 50, "flat", "maximum_stay")]
    assert work(tables) == [(1, "papers", 30, 30, 50, "done")]


def test_at_a_maximum_stay_another_route_abandons_what_was_begun_early():
    house = LIMIT | {"at_maximum_routes": [onward("left", requires=["forms"])]}
    tables = in_house(house, [EARLY], steps={"papers": team(1, 20), "forms": delay(3)})
    assert moments(tables, setting="house") == [("house", 0, 40, 40, 43, 43, 43, "left", "maximum_stay")]
    assert work(tables) == [(1, "papers", 30, 30, 40, "abandoned"), (1, "forms", 40, 40, 43, "done")]


def test_what_was_prepared_for_a_route_not_taken_does_not_count_for_the_next():
    house = LIMIT | {"at_maximum_routes": [onward("left", requires=["forms"])]}
    tables = in_house(house, [EARLY], steps={"papers": team(1, 5), "forms": delay(400)})
    assert moments(tables, setting="house") == [("house", 0, 40, 40, None, None, None, "left", "maximum_stay")]
    assert work(tables) == [(1, "papers", 30, 30, 35, "done"), (1, "forms", 40, 40, None, None)]


@pytest.mark.parametrize("ready", [10, 40])
def test_who_is_ready_by_the_maximum_but_hidden_waits_for_the_review(ready):
    # Ready by the maximum of 40 days, if only just: only the review on day 100 makes it known.
    tables = in_house(LIMIT | {"review_every": "100 days"}, [route("flat", ready)])
    assert moments(tables, setting="house") == [("house", 0, ready, 100, 100, 100, 100, "flat", "route")]


def test_the_maximum_makes_known_whoever_is_not_ready_between_two_reviews():
    tables = in_house(LIMIT | {"review_every": "100 days"}, [route("flat", NEVER)])
    assert moments(tables, setting="house") == [("house", 0, 40, 40, 40, 40, 40, "flat", "maximum_stay")]
