"""Supply, demand and gap on tables made by hand, by rules as plain as can be."""

import datetime as dt
import math

import numpy as np
import pytest
from commands import tiny
from measures_tables import NONE, a_scenario, a_stay, random_tables, the_tables

from stepdown.outputs.measures.history import read_history
from stepdown.outputs.measures.housing_need import HousingNeed, housing_need, times_waiting
from stepdown.outputs.measures.occupancy import occupancy
from stepdown.outputs.measures.periods import financial_years
from stepdown.outputs.need_runs import NeedRuns
from stepdown.outputs.need_table import need_table
from stepdown.scenarios.loader import read_study
from stepdown.simulation.tables import Window

pytestmark = pytest.mark.measures

WARD, HOUSE, HOME = range(3)
NORTH, SOUTH, NOWHERE = range(3)

HALF = Window(dt.date(2026, 10, 1), 282.0)
"""A window of 182 days of one financial year and a hundred of the next."""

TWO_AREAS = {
    "areas": ["north", "south"],
    "settings": {
        "ward": {"places": "unlimited"},
        "house": {"schemes": {"oak": {"places": 4, "area": "north"}, "ash": {"places": 2}}},
        "home": {"places": "unlimited", "area": "south"},
    },
}


def the_need(stays, window=HALF, places=(("carry-on", "house", 0.0, 2.0),), scenario=None):
    """Return supply and demand, shape (runs, settings, areas + 1, years)."""
    tables = the_tables(stays, places=places)
    return housing_need(read_history(tables, scenario or a_scenario(areas=["city"]), window))


def in_the_house(amount):
    """Return an amount of the only run and area for the house, by year."""
    return amount[0, HOUSE, 0].tolist()


def test_demand_is_who_lives_there_and_who_is_ready_elsewhere_averaged_over_each_financial_year():
    need = the_need(
        [
            a_stay("house", -50, 91, "home", ready=91),
            a_stay("ward", -10, 232, "house", ready=82, prepared=100, person=1),
            a_stay("house", 232, person=1),
        ]
    )
    assert in_the_house(need.people) == [91 / 182, 50 / 100]
    assert in_the_house(need.waiting) == [100 / 182, 50 / 100], "from the day ready, steps before the list included"
    assert in_the_house(need.demand) == [191 / 182, 100 / 100]
    assert in_the_house(need.places) == [2, 2]
    assert in_the_house(need.empty) == pytest.approx([(364 - 91) / 182, (200 - 50) / 100])
    assert need.waiting[0, HOME].sum() == 0, "who moves at once waits for nothing"


def test_who_is_ready_is_told_of_where_they_live_and_who_is_known_to_be_ready_where_they_would_go():
    need = the_need([a_stay("house", 0, NONE, "home", ready=22, identified=82)])
    assert in_the_house(need.ready) == [160 / 182, 1], "from the day ready, whether anybody knows it or not"
    assert in_the_house(need.people) == [1, 1]
    assert need.waiting[0, HOME, 0].tolist() == [100 / 182, 1], "from the day on which somebody knows it"


def test_nobody_waits_before_they_are_ready_however_early_preparation_begins():
    need = the_need([a_stay("ward", 0, 182, "house", ready=132, identified=30, prepared=40, listed=132)])
    assert in_the_house(need.waiting) == [50 / 182, 0]
    not_yet = the_need([a_stay("ward", 0, NONE, "house", ready=NONE, identified=30, prepared=40, listed=NONE)])
    assert in_the_house(not_yet.waiting) == [0, 0]


def test_whoever_gives_up_waits_for_the_one_and_then_for_the_other():
    stays = [a_stay("ward", 0, 182, "home", ready=82, listed=132, reason="gave_up:house")]
    need = the_need(stays, places=[("carry-on", "house", 0.0, 2.0), ("carry-on", "home", 0.0, 9.0)])
    assert in_the_house(need.waiting) == [50 / 182, 0]
    assert need.waiting[0, HOME, 0].tolist() == [50 / 182, 0]


def test_whoever_dies_waited_until_then_if_they_were_on_a_list():
    need = the_need(
        [
            a_stay("ward", 0, 100, "died", ready=82, reason="died:house"),
            a_stay("ward", 0, 100, "died", ready=82, prepared=NONE, listed=NONE, reason="died", person=1),
        ]
    )
    assert in_the_house(need.waiting) == [18 / 182, 0], "of the other nobody knows where they were to go"
    assert need.ready[0, WARD, 0].tolist() == [36 / 182, 0]


def test_those_who_go_to_an_exit_wait_for_no_setting():
    need = the_need([a_stay("house", 0, NONE, "left", ready=82, prepared=NONE)])
    assert need.waiting.sum() == 0
    assert in_the_house(need.ready) == [100 / 182, 1]


def test_whoever_lives_there_already_counts_once():
    need = the_need([a_stay("house", 0, NONE, "house", ready=82, person=1)])
    assert in_the_house(need.demand) == [1, 1]


def test_who_waits_when_a_year_ends_is_counted_with_the_days_waited_so_far():
    need = the_need(
        [
            a_stay("ward", -50, NONE, "house", ready=-20),
            a_stay("ward", 0, 200, "house", ready=150, person=1),
            a_stay("ward", 0, 182, "house", ready=172, person=2),
            a_stay("ward", 0, NONE, "house", ready=182, person=3),
        ]
    )
    assert in_the_house(need.waiting_at_end) == [3, 2], "a move as the year ends comes after it, and so does a new wait"
    assert in_the_house(need.waited_at_end) == [202 + 32 + 10, 302 + 100]


def test_demand_is_of_the_persons_area_and_supply_of_the_schemes():
    stays = [
        a_stay("house", 0, scheme="oak", area="south"),
        a_stay("ward", 0, NONE, "house", ready=82, area="north", person=1),
    ]
    places = [
        ("carry-on", "oak", 0.0, 4.0),
        ("carry-on", "ash", 91.0, 2.0),
        ("carry-on", "ward", 0.0, math.inf),
        ("carry-on", "home", 0.0, math.inf),
    ]
    need = the_need(stays, places=places, scenario=a_scenario(**TWO_AREAS))
    assert need.people[0, HOUSE, :, 0].tolist() == [0, 1, 0]
    assert need.waiting[0, HOUSE, :, 0].tolist() == [100 / 182, 0, 0]
    assert need.places[0, HOUSE].tolist() == [[4, 4], [0, 0], [1, 2]], "the last row: of schemes in no area"
    assert need.empty[0, HOUSE].tolist() == [[3, 3], [0, 0], [1, 2]]
    assert np.isinf(need.places[0, WARD]).all(), "unlimited places in no area are there for everybody"
    assert need.places[0, HOME, NORTH].tolist() == [0, 0]
    assert np.isinf(need.places[0, HOME, SOUTH]).all()
    whole = need.over_all_areas()
    assert (whole.places[0, HOUSE, 0].tolist(), whole.people[0, HOUSE, 0].tolist()) == ([5, 6], [1, 1])


def test_in_a_scenario_of_one_area_every_scheme_is_in_it():
    need = the_need([a_stay("house", 0)])
    assert need.places[0, HOUSE, :, 0].tolist() == [2, 0]


def test_an_area_that_the_scenario_has_not_is_refused():
    with pytest.raises(ValueError, match="area 'nowhere'"):
        the_need([a_stay("house", 0, area="nowhere")])


def test_years_that_the_window_cuts_off_are_told_apart():
    assert financial_years(HALF).whole_years.tolist() == [False, False]
    assert financial_years(Window(dt.date(2026, 4, 1), 800.0)).whole_years.tolist() == [True, True, False]


def test_places_that_are_full_and_wanted_by_nobody_else_are_not_short_by_a_rounding(tmp_path):
    window = Window(dt.date(2026, 4, 1), 365.0)
    nothing, in_parts = np.zeros((1, 3, 2, 1)), np.zeros((1, 3, 2, 1))
    in_parts[0, 1, 0, 0] = 0.1 + 0.2  # a flat that was lived in for a tenth of the year, and then for a fifth
    places = np.zeros((1, 3, 2, 1))
    places[0, 1, 0, 0] = 0.3
    assert in_parts.max() > places.max()
    need = HousingNeed(places, nothing, in_parts, nothing, nothing, nothing, nothing)
    found = NeedRuns(read_study(str(tiny(tmp_path))), "carry-on", 1, 1, "compiled", window, need)
    rows = need_table(found, "setting").set_index("setting")
    assert rows.loc["flats", "short_share"] == 0
    assert np.isnan(rows.loc["flats", "waited_days"]), "nobody waits"


def waiting_days(tables, setting, since, until):
    """Return days waited for a setting, told row by row from the meaning of the columns."""
    total = 0.0
    for stay in tables.stays.itertuples():
        known = max(stay.ready_day, stay.identified_day) if not np.isnan(stay.ready_day + stay.identified_day) else NONE
        wanted = str(stay.reason).split(":")[-1] if ":" in str(stay.reason) else stay.to
        if wanted == setting and not np.isnan(known):
            left = until if np.isnan(stay.left_day) else stay.left_day
            total += max(min(left, until) - max(known, since), 0)
    return total


@pytest.mark.parametrize("seed", range(5))
def test_random_lives_add_up_to_what_other_measures_say(seed):
    window = Window(dt.date(2027, 2, 1), 100.0)
    tables, scenario = random_tables(seed), a_scenario(areas=["city"])
    need = housing_need(read_history(tables, scenario, window))
    years = financial_years(window)
    seen = occupancy(tables, scenario, window, each_replication=True)
    lengths = np.array([28, 31, 30, 11])  # of February and March of one year, April and May of the next
    for column, amount in {
        "people": need.people,
        "voids": need.empty,
        "places": need.places,
        "delayed": need.ready,
    }.items():
        monthly = seen[column].to_numpy().reshape(need.people.shape[0], 3, len(lengths)) * lengths
        by_year = np.stack([monthly[..., :2].sum(-1) / 59, monthly[..., 2:].sum(-1) / 41], axis=-1)
        settings = [HOUSE] if column == "places" else [WARD, HOUSE, HOME]
        np.testing.assert_allclose(amount[:, settings, 0], by_year[:, settings], atol=1e-12)
    assert years.lengths.tolist() == [59, 41]
    for number, setting in enumerate(scenario.settings):
        days = (need.waiting[:, number, 0] * years.lengths).sum(axis=0)
        expected = [waiting_days(tables, setting, *edges) for edges in ((0, 59), (59, 100))]
        assert days == pytest.approx(expected)


@pytest.mark.parametrize("seed", range(5))
def test_the_people_who_wait_on_average_are_the_days_that_each_waits(seed):
    """Little's law over a window: the area under the number waiting is the sum of the times waited."""
    tables, scenario = random_tables(seed), a_scenario(areas=["city"])
    window = Window(dt.date(2026, 4, 1), 100.0)
    history = read_history(tables, scenario, window)
    need, waits = housing_need(history), times_waiting(history)
    moments = np.linspace(0, 100, 20_001)[1:] - 0.0025
    end = np.where(np.isnan(waits.end), np.inf, waits.end)
    number = [int(((waits.start <= moment) & (moment < end)).sum()) for moment in moments]
    assert need.waiting.sum() == pytest.approx(np.mean(number), abs=0.01)
    assert (waits.setting != history.stays.setting[waits.stay]).all()
