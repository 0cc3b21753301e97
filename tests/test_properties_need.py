"""Laws of supply and demand that hold in every world: people, places and areas add up."""

import numpy as np
import pytest
from hypothesis import given
from networks import network_of, scenarios, thorough

from stepdown.outputs.experiment import window_of
from stepdown.outputs.measures.activity import activity_of
from stepdown.outputs.measures.delay import CAUSES, delay_by_run
from stepdown.outputs.measures.history import read_history
from stepdown.outputs.measures.housing_need import housing_need
from stepdown.outputs.measures.intervals import clipped
from stepdown.outputs.measures.occupancy import listed_at_end, monthly_averages
from stepdown.outputs.measures.periods import financial_years, months
from stepdown.outputs.measures.place_days import place_days
from stepdown.outputs.measures.runs import find_runs
from stepdown.scenarios.schema import Scenario
from stepdown.simulation.compiled.engine import simulate_batch

pytestmark = pytest.mark.properties

RUNS = range(2)
CLOSE = 1e-7


def a_world(data):
    """Return the history of a world's runs, and its supply and demand."""
    network = network_of(data)
    tables = simulate_batch(network, "x", 3, RUNS)
    known = find_runs(tables, [("x", replication) for replication in RUNS])
    history = read_history(tables, Scenario.model_validate(data), window_of(network), known)
    return history, housing_need(history)


@thorough
@given(scenarios())
def test_everybody_is_in_the_demand_for_where_they_live_and_where_they_wait(data):
    history, need = a_world(data)
    lengths = financial_years(history.window).lengths
    start, end = clipped(history.stays.entered, history.stays.left, history.window.days)
    lived = (need.people * lengths).sum()
    assert lived == pytest.approx((end - start).sum(), abs=CLOSE)
    assert (need.people[:, :, -1] == 0).all(), "everybody is of an area"
    assert (need.ready <= need.people + CLOSE).all()
    assert (need.waiting >= 0).all()


@thorough
@given(scenarios())
def test_the_gap_is_who_waits_less_empty_places_and_more_people_than_places(data):
    """Demand - places = waiting - empty + too many; nobody is where no scheme shrinks, closes or opens too full."""
    history, need = a_world(data)
    whole = need.over_all_areas()
    limited = np.isfinite(whole.places)
    gap = whole.demand[limited] - whole.places[limited]
    too_many = gap - whole.waiting[limited] + whole.empty[limited]
    assert (too_many >= -CLOSE).all()
    changing = any(isinstance(scheme.get("places"), dict) or "closes" in scheme for scheme in schemes_of(data))
    if not changing and not opens_too_full(history):
        assert too_many == pytest.approx(0, abs=CLOSE)


def opens_too_full(history):
    """Whether more people live in a scheme at the start than it has places."""
    activity = activity_of(history)
    here = (activity.lived.entered <= 0) & (activity.lived.run == 0)
    people = np.bincount(activity.lived.site[here], minlength=len(activity.sites.schemes))
    return any(people[site] > places.at(np.array([0.0]))[0] for (_, site), places in activity.places.items())


def schemes_of(data):
    """Return what a scenario says of each scheme."""
    return [
        scheme for setting in data["settings"].values() for scheme in (setting, *setting.get("schemes", {}).values())
    ]


@thorough
@given(scenarios())
def test_supply_and_demand_are_what_occupancy_says_year_by_year(data):
    history, need = a_world(data)
    whole, years = need.over_all_areas(), financial_years(history.window)
    seen, lengths = monthly_averages(history, place_days(activity_of(history))), months(history.window).lengths
    pairs = ((whole.people, seen.people), (whole.places, seen.places), (whole.empty, seen.voids))
    for yearly, monthly in (*pairs, (whole.ready, seen.delayed)):
        by_year, by_month = yearly[:, :, 0] * years.lengths, monthly * lengths
        np.testing.assert_allclose(by_year.sum(axis=2), by_month.sum(axis=2), atol=1e-6)


@thorough
@given(scenarios())
def test_days_ready_are_days_waited_for_settings_or_hidden_or_on_the_way_out(data):
    """Each day that somebody is ready belongs to one setting's demand, to a review, or to a way out."""
    history, need = a_world(data)
    lengths = financial_years(history.window).lengths
    stays, end = history.stays, history.window.days
    hidden = delay_by_run(history)[:, CAUSES.index("hidden")].sum()
    known = np.maximum(stays.ready, stays.identified)
    leaving = (stays.to >= len(history.scenario.settings)) & (stays.gave_up < 0) & (stays.died < 0)
    start, until = clipped(known, stays.left, end)
    on_the_way_out = (until - start)[leaving].sum()
    waited = (need.waiting * lengths).sum()
    assert (need.ready * lengths).sum() == pytest.approx(waited + hidden + on_the_way_out, abs=1e-6)


@thorough
@given(scenarios())
def test_whoever_is_on_a_list_when_the_last_year_ends_waits_then(data):
    history, need = a_world(data)
    listed = listed_at_end(history)
    waiting = need.over_all_areas().waiting_at_end[:, :, 0, -1]
    assert (waiting >= listed).all()
    days = need.over_all_areas().waited_at_end[:, :, 0, -1]
    assert (days[waiting == 0] == 0).all()
    assert (days[waiting > 0] >= 0).all()
