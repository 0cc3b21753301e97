"""Waits, adaptations, throughput, occupancy and over-stays on tables made by hand."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from measures_tables import NONE, WINDOW, a_scenario, a_stay, a_step, random_tables, the_tables

from stepdown.outputs.measures.adaptations import adaptations
from stepdown.outputs.measures.occupancy import occupancy, waiting_at_end
from stepdown.outputs.measures.over_stays import over_stays
from stepdown.outputs.measures.throughput import throughput
from stepdown.outputs.measures.waits import observations, waits
from stepdown.simulation.tables import Window

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


def test_somebody_listed_before_the_start_counts_from_then_but_is_seen_from_day_0():
    assert seen(the_tables([a_stay("ward", -50, 5, "house", ready=-20)])) == [("house", 20, 25, 0)]


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
        ("panel", 9, 109, 1),
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


def test_moves_are_told_apart_by_the_declared_order_of_settings():
    stays = [
        a_stay("ward", 0, 10, "house", ready=10),
        a_stay("house", 0, 20, "ward", ready=20, person=1),
        a_stay("house", 0, 20, "house", ready=20, person=2),
        a_stay("house", 0, 20, "left", ready=20, person=3),
        a_stay("house", 0, 20, "died", person=4, reason="died"),
        a_stay("house", 0, 100, "home", ready=20, person=5),
        a_stay("house", -9, -1, "home", ready=-5, person=6),
        a_stay("house", 0, NONE, "home", ready=50, person=7),
    ]
    table = throughput(the_tables(stays), a_scenario(), WINDOW, period=None)
    found = {(row["from"], row["to"]): (row["kind"], row["moves"]) for _, row in table.iterrows()}
    assert found == {
        ("ward", "house"): ("step_down", 1),
        ("house", "ward"): ("step_up", 1),
        ("house", "house"): ("sideways", 1),
        ("house", "left"): ("exit", 1),
        ("house", "died"): ("died", 1),
    }


def test_a_destination_that_the_scenario_has_not_is_refused():
    with pytest.raises(ValueError, match="from another one"):
        throughput(the_tables([a_stay("ward", 0, 10, "hosue", ready=10)]), a_scenario(), WINDOW)
    with pytest.raises(ValueError, match="'hosue'"):
        occupancy(the_tables([a_stay("house", 0, scheme="hosue")]), a_scenario(), WINDOW)


def test_levels_overrule_the_declared_order():
    facts = {"ward": {"places": "unlimited", "level": 1}, "house": {"places": 2, "level": 2}}
    tables = the_tables([a_stay("ward", 0, 10, "house", ready=10)])
    assert throughput(tables, a_scenario(settings=facts), WINDOW)["kind"].tolist() == ["step_up"]


def test_moves_are_counted_by_financial_year_and_averaged_over_replications():
    window = Window(WINDOW.start, 730.5)
    stays = [
        a_stay("ward", 0, 10, "house", ready=10),
        a_stay("ward", 0, 400, "house", ready=10, replication=1),
        a_stay("ward", 0, 500, "house", ready=10, replication=1, person=2),
    ]
    table = throughput(the_tables(stays), a_scenario(), window)
    assert table["financial_year"].tolist() == ["2026/27", "2027/28"]
    assert table["moves"].tolist() == [0.5, 1]
    assert table["moves_a_year"].tolist() == pytest.approx([0.5 * 365.25 / 365, 365.25 / 365.5])
    each = throughput(the_tables(stays), a_scenario(), window, each_replication=True)
    assert each["moves"].tolist() == [1, 0, 0, 2]


# Occupancy


def test_stays_that_straddle_the_edges_count_for_their_time_within():
    stays = [a_stay("house", -10, 15, "home", ready=0), a_stay("house", 90, person=1)]
    table = occupancy(the_tables(stays), a_scenario(), WINDOW)
    april, july = (the_row(table, setting="house", month=month) for month in ("2026-04", "2026-07"))
    assert (april["people"], april["places"], april["voids"], april["delayed"]) == (0.5, 2, 1.5, 0.5)
    assert april["delayed_percent_of_people"] == 100
    assert april["delayed_percent_of_places"] == 25
    assert july["people"] == pytest.approx(1 * 10 / (100 - 91) - 1 / 9)


def test_an_over_full_scheme_does_not_fill_the_voids_of_another_hour():
    """Three people in two places for fifteen days, nobody for fifteen: the average hides fifteen days of two voids."""
    stays = [a_stay("house", 0, 15, "home", ready=15, person=one) for one in range(3)]
    april = the_row(occupancy(the_tables(stays), a_scenario(), WINDOW), setting="house", month="2026-04")
    assert april["people"] == 1.5
    assert april["voids"] == 1


def test_places_change_on_their_day_and_none_are_there_before():
    places = [("carry-on", "house", 10.0, 2.0), ("carry-on", "house", 20.0, 5.0)]
    tables = the_tables([a_stay("ward", 0)], places=places)
    april = the_row(occupancy(tables, a_scenario(), WINDOW), setting="house", month="2026-04")
    assert april["places"] == april["voids"] == pytest.approx((10 * 2 + 10 * 5) / 30)


def test_unlimited_places_have_no_voids():
    places = [("carry-on", "ward", 0.0, np.inf)]
    april = the_row(
        occupancy(the_tables([a_stay("ward", 0)], places=places), a_scenario(), WINDOW), setting="ward", month="2026-04"
    )
    assert (april["people"], april["places"], april["voids"]) == (1, np.inf, 0)
    assert np.isnan(april["delayed_percent_of_places"])


def test_schemes_have_rows_of_their_own():
    facts = {"ward": {"places": "unlimited"}, "house": {"schemes": {"oak": {"places": 1}, "elm": {"places": 2}}}}
    places = [("carry-on", "oak", 0.0, 1.0), ("carry-on", "elm", 0.0, 2.0)]
    tables = the_tables([a_stay("house", 0, scheme="oak")], places=places)
    scenario = a_scenario(settings=facts)
    april = occupancy(tables, scenario, WINDOW, by="scheme")
    assert the_row(april, scheme="oak", month="2026-04")["voids"] == 0
    assert the_row(april, scheme="elm", month="2026-04")["voids"] == 2
    assert the_row(occupancy(tables, scenario, WINDOW), setting="house", month="2026-04")["voids"] == 2


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000))
def test_littles_law_holds_exactly_over_the_window(seed):
    tables, scenario = random_tables(seed), a_scenario()
    table = occupancy(tables, scenario, WINDOW, each_replication=True)
    lengths = np.array([30, 31, 30, 9.0])
    inside = tables.stays["left_day"].fillna(100).clip(0, 100) - tables.stays["entered_day"].clip(0, 100)
    for setting in ("ward", "house"):
        rows = table[(table["setting"] == setting).to_numpy()]
        lived = rows["people"].to_numpy().reshape(-1, 4) @ lengths
        assert lived.sum() == pytest.approx(inside[tables.stays["setting"] == setting].sum())
    waited = observations(tables, scenario, WINDOW)
    waited = waited[(waited["measure"] == "list").to_numpy()]
    on_list = table[(table["setting"] == "house").to_numpy()]["waiting"].to_numpy().reshape(-1, 4) @ lengths
    assert on_list.sum() == pytest.approx((waited["duration"] - waited["entry"]).sum())


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000))
def test_people_and_voids_make_up_places_unless_over_full(seed):
    table = occupancy(random_tables(seed), a_scenario(), WINDOW, each_replication=True)
    house = table[(table["setting"] == "house").to_numpy()]
    assert (house["people"] + house["voids"] >= house["places"] - 1e-9).all()
    assert (house["voids"] <= house["places"] + 1e-9).all()


WHOLE_DAYS = st.lists(st.tuples(st.integers(-40, 99), st.integers(1, 140)), min_size=1, max_size=6)


@settings(max_examples=50, deadline=None)
@given(WHOLE_DAYS, st.integers(0, 4), st.integers(1, 99), st.integers(0, 4))
def test_voids_are_what_counting_day_by_day_gives(rows, before, day, after):
    places = [("carry-on", "house", -90.0, before), ("carry-on", "house", day, after)]
    stays = [a_stay("house", start, start + length, "home", person=one) for one, (start, length) in enumerate(rows)]
    table = occupancy(the_tables(stays, places=places), a_scenario(), WINDOW)
    voids = table[(table["setting"] == "house").to_numpy()]["voids"].to_numpy() @ np.array([30, 31, 30, 9.0])
    expected = 0
    for today in range(100):
        people = sum(start <= today < start + length for start, length in rows)
        expected += max((before if today < day else after) - people, 0)
    assert voids == pytest.approx(expected)


def test_people_waiting_at_the_end_are_counted_by_list():
    stays = [
        a_stay("ward", 0, to="house", ready=10),
        a_stay("ward", 0, to="house", ready=10, replication=1),
        a_stay("ward", 0, to="house", ready=90, replication=1, person=1),
        a_stay("ward", 0, 99, "house", ready=90, replication=1, person=2),
        a_stay("house", 0, to="home", ready=90, listed=NONE, prepared=NONE, replication=1, person=3),
    ]
    table = waiting_at_end(the_tables(stays), a_scenario(), WINDOW)
    assert table[["setting", "people"]].to_numpy().tolist() == [["house", 1.5]]


# Over-stays


def over(limit, *stays):
    house = {"places": 2, "maximum_stay": limit}
    facts = {"ward": {"places": "unlimited"}, "house": house, "home": {"places": "unlimited"}}
    row = the_row(over_stays(the_tables(stays), a_scenario(settings=facts), WINDOW), setting="house")
    return row["person_days"], row["over_days"], row["over_at_end"]


def test_days_beyond_the_maximum_stay_are_counted_within_the_window():
    assert over("30 days", a_stay("house", 10)) == (90, 60, 1)
    assert over("30 days", a_stay("house", 10, 50, "ward")) == (40, 10, 0)
    assert over("30 days", a_stay("house", -50, 20, "ward")) == (20, 20, 0)
    assert over("30 days", a_stay("house", 10, 40, "ward")) == (30, 0, 0)


def test_a_limit_counts_while_it_is_in_force():
    changed = {"2026-04-01": "none", "2026-04-21": "10 days", "2026-05-11": "60 days"}
    assert over(changed, a_stay("house", 5)) == (95, 20 + (100 - 65), 1)
    assert over({"2026-04-01": "10 days", "2026-04-21": "none"}, a_stay("house", 0)) == (100, 10, 0)


@settings(max_examples=50, deadline=None)
@given(WHOLE_DAYS, st.lists(st.integers(1, 60), min_size=3, max_size=3))
def test_over_stays_are_what_counting_day_by_day_gives(rows, limits):
    dates = ("2026-04-01", "2026-05-01", "2026-06-01")
    limit = {date: f"{days} days" for date, days in zip(dates, limits, strict=True)}
    stays = [a_stay("house", start, start + length, "home", person=one) for one, (start, length) in enumerate(rows)]
    expected = sum(
        start <= today < start + length and today >= start + limits[(today >= 30) + (today >= 61)]
        for start, length in rows
        for today in range(100)
    )
    assert over(limit, *stays)[1] == pytest.approx(expected)


# Nothing at all


def test_empty_tables_give_empty_measures():
    tables, scenario = the_tables(places=()), a_scenario()
    for measure in (waits, adaptations, throughput, occupancy, waiting_at_end, over_stays):
        assert len(measure(tables, scenario, WINDOW)) == 0
