"""Where delay comes from."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from measures_tables import NONE, WINDOW, a_scenario, a_stay, a_step, random_tables, the_tables

from stepdown.outputs.measures.delay import delay, delayed_days

pytestmark = pytest.mark.measures


def causes(*stays, steps=(), **options):
    table = delay(the_tables(stays, steps), a_scenario(), WINDOW, **options)
    return {(row["cause"], row["name"]): row["days"] for _, row in table.iterrows()}


def test_each_part_of_a_stay_has_its_cause():
    stay = a_stay("ward", 0, 60, "house", ready=10, identified=15, prepared=40)
    steps = [a_step("panel", 15, 16, 25, person=0), a_step("letting", 25, 26, 40, person=0)]
    assert causes(stay, steps=steps) == {
        ("hidden", "review"): 5,
        ("step", "panel"): 10,
        ("step", "letting"): 15,
        ("place", "house"): 20,
    }


def test_steps_side_by_side_share_their_days():
    stay = a_stay("ward", 0, 40, "house", ready=10, prepared=40)
    steps = [a_step("panel", 10, 10, 20, person=0), a_step("letter", 10, 10, 40, person=0)]
    assert causes(stay, steps=steps) == {("step", "panel"): 5, ("step", "letter"): 25}


def test_early_preparation_is_no_delay():
    stay = a_stay("ward", 0, 40, "house", ready=30, identified=10, prepared=35)
    steps = [a_step("panel", 10, 10, 25, person=0), a_step("letter", 25, 25, 35, person=0)]
    assert causes(stay, steps=steps) == {("step", "letter"): 5, ("place", "house"): 5}


def test_somebody_who_is_never_found_is_hidden_to_the_end():
    assert causes(a_stay("ward", 0, ready=30, identified=NONE)) == {("hidden", "review"): 70}


def test_giving_up_divides_the_wait_between_two_lists():
    facts = {"ward": {"places": "unlimited"}, "house": {"places": 2}, "flat": {"places": 1}}
    stay = a_stay("ward", 0, 30, "flat", ready=10, listed=25, reason="gave_up:house")
    places = [("carry-on", "house", 0.0, 2.0), ("carry-on", "flat", 0.0, 1.0)]
    table = delay(the_tables([stay], places=places), a_scenario(settings=facts), WINDOW)
    assert table.set_index("name")["days"].to_dict() == {"house": 15, "flat": 5}


def test_a_list_that_the_tables_do_not_keep_is_named_so():
    stay = a_stay("ward", 0, 30, "died", ready=10, listed=25, reason="died:house")
    assert causes(stay) == {("place", "another list"): 15, ("place", "house"): 5}


def test_only_days_within_the_window_count():
    stay = a_stay("ward", -90, 60, "house", ready=-50, identified=-20, prepared=10)
    steps = [a_step("panel", -20, -10, 10, person=0)]
    assert causes(stay, steps=steps) == {("step", "panel"): 10, ("place", "house"): 50}


def test_the_community_and_other_people_delay_nobody():
    stay = a_stay("ward", 0, 40, "house", ready=10, prepared=40)
    steps = [a_step("panel", 10, 10, 40), a_step("panel", 10, 10, 40, person=5)]
    assert causes(stay, steps=steps) == {("step", "no step open"): 30}


def test_replications_are_averaged_and_people_held_up_are_days_over_the_window():
    stays = [a_stay("ward", 0, 30, "house", ready=10), a_stay("ward", 0, replication=1)]
    row = delay(the_tables(stays), a_scenario(), WINDOW).iloc[0]
    assert (row["days"], row["people"], row["percent"]) == (10, 0.1, 100)
    assert row["days_a_year"] == pytest.approx(10 * 3.6525)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000), st.sampled_from([(), ("setting",), ("group", "scheme")]))
def test_the_parts_add_up_to_the_whole(seed, by):
    tables = random_tables(seed)
    table = delay(tables, a_scenario(), WINDOW, by=by, each_replication=True)
    whole = delayed_days(tables.stays, WINDOW)
    assert table["days"].sum() == pytest.approx(whole.sum())
    assert "no step open" not in set(table["name"].astype(str))
    for replication in range(3):
        mine = (tables.stays["replication"] == replication).to_numpy()
        assert table.loc[table["replication"] == replication, "days"].sum() == pytest.approx(np.sum(whole[mine]))


def test_no_stays_no_delay():
    assert len(delay(the_tables(), a_scenario(), WINDOW)) == 0
