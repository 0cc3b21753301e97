"""Waits and adaptations on tables made by hand."""

from dataclasses import replace

import pytest
from measures_tables import NONE, WINDOW, a_scenario, a_stay, a_step, the_tables

from stepdown.outputs.measures.adaptations import adaptations
from stepdown.outputs.measures.waits import observations, waits

pytestmark = pytest.mark.measures


def the_row(table, **values):
    for name, value in values.items():
        table = table[(table[name] == value).to_numpy()]
    assert len(table) == 1, f"expected one row for {values}, found {len(table)}"
    return table.iloc[0]


def seen(tables, measure="list", **scenario):
    table = observations(tables, a_scenario(**scenario), WINDOW)
    rows = table[(table["measure"] == measure).to_numpy()]
    return sorted(zip(rows["name"].astype(str), rows["entry"], rows["duration"], rows["outcome"], strict=True))


# Waits


def test_a_wait_runs_from_listed_to_moved():
    assert seen(the_tables([a_stay("ward", 1, 30, "house", ready=10)])) == [("house", 0, 20, 0)]


def test_somebody_still_waiting_at_the_end_is_censored():
    assert seen(the_tables([a_stay("ward", 1, to="house", ready=10)])) == [("house", 0, 90, 1)]


def test_somebody_listed_before_the_start_counts_from_then():
    assert seen(the_tables([a_stay("ward", -50, 5, "house", ready=-20)])) == [("house", 0, 25, 0)]


def test_after_a_warm_up_somebody_listed_before_the_start_enters_late():
    tables, warmed_up = the_tables([a_stay("ward", -50, 5, "house", ready=-20)]), replace(WINDOW, opening_day=-99.0)
    table = observations(tables, a_scenario(), warmed_up)
    assert table["entry"].tolist() == [20]
    assert table["duration"].tolist() == [25]


def test_a_wait_that_ended_before_the_start_is_not_seen():
    assert seen(the_tables([a_stay("ward", -50, -5, "house", ready=-20)])) == []


def test_nobody_waits_for_an_unlimited_setting():
    assert seen(the_tables([a_stay("house", 1, 30, "home", ready=30)])) == []


def test_somebody_who_died_on_a_list_stopped_waiting_for_it():
    stay = a_stay("ward", 1, 30, "died", ready=10, reason="died:house")
    assert seen(the_tables([stay])) == [("house", 0, 20, 2)]
    assert seen(the_tables([a_stay("ward", 1, 30, "died", ready=10, listed=NONE, reason="died")])) == []


def test_somebody_who_gave_up_and_left_at_once_stopped_waiting():
    stay = a_stay("ward", 1, 30, "home", ready=10, reason="gave_up:house")
    assert seen(the_tables([stay])) == [("house", 0, 20, 2)]


TWO_HOUSES = {"settings": {"ward": {"places": "unlimited"}, "house": {"places": 2}, "flat": {"places": 1}}}
TWO_PLACES = (("carry-on", "house", 0.0, 2.0), ("carry-on", "flat", 0.0, 1.0))


def test_somebody_who_gave_up_and_joined_another_list_waited_twice():
    stay = a_stay("ward", 1, 30, "flat", ready=10, listed=25, reason="gave_up:house")
    tables = the_tables([stay], places=TWO_PLACES)
    assert seen(tables, **TWO_HOUSES) == [("flat", 0, 5, 0), ("house", 0, 15, 2)]


def test_somebody_turned_away_at_once_waits_for_the_other_place_alone():
    stay = a_stay("ward", 1, NONE, "flat", ready=10, reason="gave_up:house")
    tables = the_tables([stay], places=TWO_PLACES)
    assert seen(tables, **TWO_HOUSES) == [("flat", 0, 90, 1), ("house", 0, 0, 2)]


def test_steps_are_timed_until_started_and_until_finished():
    steps = [
        a_step("panel", 10, 14, 20),
        a_step("panel", 10, 15, 40, outcome="abandoned"),
        a_step("panel", 10, NONE, 22, outcome="abandoned"),
        a_step("panel", 95, 97),
        a_step("panel", -9, NONE),
    ]
    tables = the_tables(steps=steps)
    assert seen(tables, "step wait") == [
        ("panel", 0, 2, 0),
        *[("panel", 0, d, o) for d, o in ((4, 0), (5, 0), (12, 2))],
        ("panel", 0, 109, 1),
    ]
    assert [row[2:] for row in seen(tables, "step elapsed")] == [(5, 1), (10, 0), (12, 2), (30, 2), (109, 1)]


def test_the_table_of_waits_counts_and_describes():
    stays = [a_stay("ward", 0, 10 + wait, "house", ready=10, person=wait) for wait in (2, 4, 6, 8)]
    stays.append(a_stay("ward", 0, ready=91, to="house", person=9))
    scenario = a_scenario(targets={"house": "5 days"})
    row = the_row(waits(the_tables(stays), scenario, WINDOW), measure="list", name="house")
    assert (row["number"], row["completed"], row["still_waiting"], row["stopped"]) == (5, 4, 1, 0)
    assert row["median_days"] == 6
    assert row["share_within_target"] == pytest.approx(2 / 5)
    assert row["target_days"] == 5


def test_waits_split_by_who_waits_and_where_they_live():
    stays = [
        a_stay("ward", 0, 12, "house", ready=10, group="young"),
        a_stay("ward", 0, 19, "house", ready=10, person=1),
    ]
    steps = [a_step("panel", 3, 5, 9, person=1), a_step("panel", 3, 6, 9, tier="minor", tenure="owned")]
    table = waits(the_tables(stays, steps), a_scenario(), WINDOW, by=["group", "scheme", "tier"])
    assert the_row(table, measure="list", group="young")["mean_days"] == 2
    assert the_row(table, measure="step wait", group="adults")["mean_days"] == 2
    assert the_row(table, measure="step wait", tier="minor")["mean_days"] == 3


# Adaptations


def test_an_adaptation_runs_from_its_first_step_to_its_last():
    common = {"tier": "minor", "tenure": "owned"}
    steps = [
        a_step("assess", 5, 6, 10, case=1, **common),
        a_step("build", 10, 12, 25, case=1, **common),
        a_step("assess", 5, 6, 10, case=2, **common),
        a_step("build", 10, case=2, **common),
        a_step("assess", 7, 8, 11, case=3, outcome="rehoused", **common),
        a_step("assess", 7, 8, 19, case=4, outcome="abandoned", **common),
        a_step("panel", 0, 1, 2, case=1),
    ]
    scenario = a_scenario(targets={"minor": "30 days"})
    row = the_row(adaptations(the_tables(steps=steps), scenario, WINDOW), tier="minor", tenure="owned")
    counts = ["number", "completed", "still_waiting", "stopped", "rehoused", "median_days", "share_within_target"]
    assert row[counts].tolist() == pytest.approx([4, 1, 1, 1, 1, 20, 0.5])


# Throughput
