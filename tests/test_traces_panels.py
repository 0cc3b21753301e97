"""Hand-written traces: panels and their meetings."""

import pytest
from tracing import UNLIMITED, come, day, delay, dies_on, route, rows, run, work

pytestmark = pytest.mark.trace


def heard(at, panel, requires=("panel",), **more):
    """People whose cases go to a panel from the day on which they come."""
    return run(
        settings={"hospital": UNLIMITED},
        routes={"hospital": [route("left", 0, requires=list(requires))]},
        steps={"panel": {"panel": panel}} | more.pop("steps", {}),
        demand=[come("hospital", *at)],
        **more,
    )


def test_a_panel_meets_from_the_start_date_on():
    tables = heard((0, 3, 14, 15), {"meets_every": "2 weeks"})
    assert work(tables) == [
        (1, "panel", 0, 0, 0, "done"),  # queued on the day of the meeting: events come before it
        (2, "panel", 3, 14, 14, "done"),
        (3, "panel", 14, 14, 14, "done"),
        (4, "panel", 15, 28, 28, "done"),
    ]


def test_a_panel_considers_the_first_cases_only():
    tables = heard((1, 2, 3, 4, 5), {"meets_every": "14 days", "cases_per_meeting": 2})
    assert rows(tables.case_steps, "finished") == [(14,), (14,), (28,), (28,), (42,)]


def test_a_case_that_is_not_approved_waits_for_the_next_meeting_and_keeps_its_place():
    panel = {"meets_every": "14 days", "cases_per_meeting": 1, "approves": {"from the start": 0, day(20): 1}}
    tables = heard((1, 2), panel)
    # It was started when it was first considered, and finished when it was approved.
    assert work(tables) == [(1, "panel", 1, 14, 28, "done"), (2, "panel", 2, 42, 42, "done")]


def test_the_number_of_cases_may_change_on_a_date():
    panel = {"meets_every": "10 days", "cases_per_meeting": {"from the start": 1, day(20): 3, day(21): 0}}
    tables = heard((1, 2, 3, 4, 5, 6), panel)
    assert rows(tables.case_steps, "finished") == [(10,), (20,), (20,), (20,), (None,), (None,)]


def test_when_the_interval_changes_a_new_series_begins_on_that_date():
    panel = {"meets_every": {"from the start": "14 days", day(20): "10 days", day(33): "100 days"}}
    tables = heard((1, 15, 21, 31, 34), panel)
    assert rows(tables.case_steps, "queued finished") == [(1, 14), (15, 20), (21, 30), (31, 33), (34, 133)]


def test_an_interval_that_changed_before_the_start_counts_from_the_start():
    tables = heard((1,), {"meets_every": {"2020-01-01": "30 days", day(-5): "14 days"}})
    assert rows(tables.case_steps, "finished") == [(14,)]


def test_a_panel_hears_settings_in_their_priority():
    tables = run(
        settings={"hospital": UNLIMITED, "residential": UNLIMITED},
        routes={
            "hospital": [route("left", 0, requires=["panel"])],
            "residential": [route("left", 0, requires=["panel"])],
        },
        steps={"panel": {"panel": {"meets_every": "10 days", "cases_per_meeting": 1, "priority": ["residential"]}}},
        demand=[come("hospital", 1, 2), come("residential", 3)],
    )
    assert rows(tables.case_steps, "person finished") == [(1, 20), (2, 30), (3, 10)]


def test_a_case_may_meet_two_panels_in_turn():
    tables = heard(
        (1,),
        {"meets_every": "14 days"},
        requires=["forms", "panel", "second panel"],
        steps={"forms": delay(13), "second panel": {"panel": {"meets_every": "10 days"}}},
    )
    # The forms are done on day 14, in time for the meeting of that day; the second panel meets on 0, 10, 20.
    assert work(tables) == [
        (1, "forms", 1, 1, 14, "done"),
        (1, "panel", 14, 14, 14, "done"),
        (1, "second panel", 14, 20, 20, "done"),
    ]


def test_nobody_stands_in_the_way_of_others_after_their_death():
    tables = run(
        groups={"frail": dies_on(12), "adults": {}},
        settings={"hospital": UNLIMITED},
        routes={"hospital": [route("left", 0, requires=["panel"])]},
        steps={"panel": {"panel": {"meets_every": "10 days", "cases_per_meeting": 1}}},
        demand=[come("hospital", 1, 3, group="adults"), come("hospital", 2, group="frail")],
    )
    assert rows(tables.case_steps, "finished outcome") == [(10, "done"), (12, "abandoned"), (20, "done")]
