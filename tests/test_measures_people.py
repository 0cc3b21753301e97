"""Throughput, occupancy and over-stays on tables made by hand."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from measures_tables import NONE, WINDOW, a_scenario, a_stay, random_tables, the_tables

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


# Waits


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
    waited = observations(tables, scenario, replace(WINDOW, opening_day=-999.0))
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
