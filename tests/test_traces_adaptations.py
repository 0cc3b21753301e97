"""Hand-written traces: adaptations of homes, for people who move and for the wider community."""

from itertools import accumulate

import pytest
from tracing import UNLIMITED, come, day, delay, moments, onward, route, rows, run, team

from stepdown.scenarios.network import code
from stepdown.simulation.arrivals import unit_exponential
from stepdown.simulation.draws import Draws, Purpose

pytestmark = pytest.mark.trace

STEPS = {"visit": delay(3), "look": delay(5), "plan": delay(8), "works": delay(20), "forms": delay(4)}


def adapted(adaptations, requires=("adaptation",), at=(0,), steps=STEPS, **more):
    """People in a hospital who leave once their next home is adapted."""
    return run(
        settings={"hospital": UNLIMITED},
        routes={"hospital": [route("left", 10, requires=list(requires))]},
        steps=steps,
        demand=[come("hospital", *at)],
        adaptations=adaptations,
        **more,
    )


def whole(tables):
    """Return each piece of work with its tier and tenure."""
    return rows(tables.case_steps, "person tier tenure step queued finished outcome")


MINOR = {"share": 1, "steps": ["visit", "works"]}


def test_who_needs_no_adaptation_does_not_wait_for_one():
    tables = adapted({"tiers": {"minor": MINOR}, "movers": {}}, requires=["forms", "adaptation"])
    assert whole(tables) == [(1, None, None, "forms", 10, 14, "done")]
    assert moments(tables) == [("hospital", 0, 10, 10, 14, 14, 14, "left", "route")]


def test_who_needs_nothing_but_an_adaptation_and_needs_none_goes_at_once():
    tables = adapted({"tiers": {"minor": MINOR}, "movers": {"minor": 0}})
    assert moments(tables) == [("hospital", 0, 10, 10, 10, 10, 10, "left", "route")]
    assert tables.case_steps.empty


def test_a_mover_goes_through_the_steps_of_their_tier():
    tables = adapted({"tiers": {"minor": MINOR}, "movers": {"minor": 1}}, requires=["forms", "adaptation"])
    assert whole(tables) == [
        (1, None, None, "forms", 10, 14, "done"),
        (1, "minor", "any", "visit", 14, 17, "done"),
        (1, "minor", "any", "works", 17, 37, "done"),
    ]
    assert moments(tables) == [("hospital", 0, 10, 10, 37, 37, 37, "left", "route")]


def test_an_adaptation_goes_on_side_by_side_with_other_steps():
    tables = adapted({"tiers": {"minor": MINOR}, "movers": {"minor": 1}}, requires=[["forms", "adaptation"], "plan"])
    assert whole(tables) == [
        (1, None, None, "forms", 10, 14, "done"),
        (1, "minor", "any", "visit", 10, 13, "done"),
        (1, "minor", "any", "works", 13, 33, "done"),
        (1, None, None, "plan", 33, 41, "done"),
    ]


def test_the_steps_of_a_tier_may_be_done_side_by_side():
    tier = {"share": 1, "steps": ["visit", ["look", "plan"], "works"]}
    tables = adapted({"tiers": {"complex": tier}, "movers": {"complex": 1}})
    assert rows(tables.case_steps, "step queued finished") == [
        ("visit", 10, 13),
        ("look", 13, 18),
        ("plan", 13, 21),
        ("works", 21, 41),
    ]


def test_who_is_rehoused_first_needs_no_works():
    tier = MINOR | {"rehoused_first": 1}
    tables = adapted({"tiers": {"minor": tier}, "movers": {"minor": 1}}, requires=["adaptation", "forms"])
    # Unless another is named, the first step is the one after which it is known. The move itself goes on.
    assert whole(tables) == [
        (1, "minor", "any", "visit", 10, 13, "rehoused"),
        (1, None, None, "forms", 13, 17, "done"),
    ]


def test_rehousing_is_known_after_the_step_that_is_named():
    tier = {"share": 1, "steps": ["visit", ["look", "plan"], "works"], "rehoused_first": 1, "rehousing_step": "look"}
    tables = adapted({"tiers": {"complex": tier}, "movers": {"complex": 1}})
    # What is done side by side with it is finished too.
    assert rows(tables.case_steps, "step queued finished outcome") == [
        ("visit", 10, 13, "done"),
        ("look", 13, 18, "rehoused"),
        ("plan", 13, 21, "done"),
    ]


def test_rehousing_first_may_begin_on_a_date():
    tier = MINOR | {"rehoused_first": {"from the start": 0, day(20): 1}}
    tables = adapted({"tiers": {"minor": tier}, "movers": {"minor": 1}}, at=(0, 6, 7))
    assert rows(tables.case_steps, "person step finished outcome") == [
        (1, "visit", 13, "done"),
        (1, "works", 33, "done"),
        (2, "visit", 19, "done"),
        (2, "works", 39, "done"),
        (3, "visit", 20, "rehoused"),
    ]


def test_some_tenures_may_have_steps_of_their_own():
    tier = MINOR | {"steps_by_tenure": {"council": ["works"], "private": ["visit", "forms", "works"]}}
    one_tenure = {"tiers": {"minor": tier}, "movers": {"minor": 1}}
    council = adapted(one_tenure | {"tenures": {"council": 1, "private": 0, "owned": 0}})
    private = adapted(one_tenure | {"tenures": {"council": 0, "private": 1, "owned": 0}})
    owned = adapted(one_tenure | {"tenures": {"council": 0, "private": 0, "owned": 1}})
    assert rows(council.case_steps, "tenure step finished") == [("council", "works", 30)]
    assert rows(private.case_steps, "tenure step finished") == [
        ("private", "visit", 13),
        ("private", "forms", 17),
        ("private", "works", 37),
    ]
    assert rows(owned.case_steps, "tenure step finished") == [("owned", "visit", 13), ("owned", "works", 33)]


def test_a_tenure_without_steps_needs_no_time():
    tier = MINOR | {"steps_by_tenure": {"any": []}}
    tables = adapted({"tiers": {"minor": tier}, "movers": {"minor": 1}})
    assert moments(tables) == [("hospital", 0, 10, 10, 10, 10, 10, "left", "route")]


def test_shares_of_movers_are_drawn_for_each_person_by_their_own_luck():
    tiers = {"minor": {"share": 0.5, "steps": ["visit"]}, "major": {"share": 0.5, "steps": ["visit", "works"]}}
    tables = adapted({"tiers": tiers, "movers": {"minor": 0.3, "major": 0.2}}, at=[0] * 40)
    draws = Draws(1, 0)
    who, where = code("demand", "hospital/adults"), code("adaptations", "")
    drawn = [draws.uniform(who, number, where, 1, Purpose.TIER) for number in range(1, 41)]
    prepared = [13 if draw < 0.3 else 33 if draw < 0.5 else 10 for draw in drawn]
    assert [row[0] for row in rows(tables.stays, "prepared")] == prepared
    assert set(prepared) == {10, 13, 33}


def households(seed, per_year):
    """Return the days on which the community's first cases come: sums of exponential gaps."""
    draws = Draws(seed, 0)
    gaps = (draws.uniform(code("adaptations", ""), number, 0, 1, Purpose.GAP) for number in (1, 2, 3))
    return list(accumulate(unit_exponential(gap) * 365.25 / per_year for gap in gaps))


def shared(priority, first, second):
    """Return when a team of one, busy with one household, starts on the next and on somebody who asks after it."""
    tiers = {"minor": {"share": 1, "steps": ["therapist"]}, "major": {"share": 0, "steps": ["therapist"]}}
    tables = adapted(
        {"tiers": tiers, "movers": {"major": 1}, "community": {"per_year": 20}},
        steps={"therapist": team(1, 50, priority=priority)},
        at=[int(second) - 8],
        seed=5,
    )
    begun = rows(tables.case_steps, "case person tier started")
    assert begun[0] == (1, None, "minor", round(first, 6))
    return {person: started for _, person, _, started in begun[1:3]}


def test_the_community_shares_its_teams_with_people_who_move():
    first, second, third = households(5, 20)
    assert first + 3 < second + 3 < first + 50
    assert third > second + 3
    next_free, then_free = round(first + 50, 6), round(first + 100, 6)
    in_order = shared([], first, second)
    assert in_order == {None: next_free, 1: then_free}
    assert shared(["community"], first, second)[None] == next_free
    for movers_first in (["major"], ["hospital"], ["adults", "community"]):
        assert shared(movers_first, first, second)[1] == next_free


def test_a_route_at_the_maximum_stay_may_require_an_adaptation():
    tables = run(
        settings={
            "hospital": UNLIMITED
            | {
                "maximum_stay": "30 days",
                "at_maximum": "move_on",
                "at_maximum_routes": [onward("left", requires=["adaptation"])],
            }
        },
        routes={"hospital": [route("left", 90)]},
        steps=STEPS,
        adaptations={"tiers": {"minor": MINOR}, "movers": {"minor": 1}},
        demand=[come("hospital", 0)],
    )
    assert moments(tables) == [("hospital", 0, 30, 30, 53, 53, 53, "left", "maximum_stay")]


def test_a_setting_may_be_called_community_like_the_wider_community():
    tables = run(
        groups={"minor": {}, "adults": {}},  # and a group like a tier
        settings={"community": UNLIMITED},
        routes={"community": [route("left", 1, requires=["adaptation"])]},
        steps={"therapist": team(1, 10, priority=["minor"])},
        adaptations={"tiers": {"minor": {"share": 1, "steps": ["therapist"]}}, "community": {"per_year": 20}}
        | {"movers": {"minor": 1}},
        demand=[come("community", 0, group="adults")],
    )
    first = households(1, 20)[0]
    assert first > 1
    assert rows(tables.case_steps, "person queued")[:2] == [(1, 1), (None, round(first, 6))]
