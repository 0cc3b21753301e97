"""Laws about chance that hold in every world: everybody keeps their own luck, whatever else is changed."""

from __future__ import annotations

import copy

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from networks import network_of, scenarios, thorough
from pandas.testing import assert_frame_equal

from stepdown.simulation.reference import simulate
from stepdown.simulation.tables import Tables

pytestmark = pytest.mark.properties


def simulated(data, seed: int = 11, replication: int = 2) -> Tables:
    """Return a history of a world."""
    return simulate(network_of(data), option="x", seed=seed, replication=replication)


@thorough
@given(scenarios())
def test_the_same_world_has_the_same_history_again(data):
    network = network_of(data)
    once, again = (simulate(network, option="x", seed=1, replication=0) for _ in range(2))
    for first, second in zip(once, again, strict=True):
        assert_frame_equal(first, second, check_exact=True)


@thorough
@given(scenarios())
def test_what_makes_no_difference_makes_none(data):
    same = copy.deepcopy(data)
    same["title"], same["about"] = "Another title", "More words"
    same["targets"] = dict.fromkeys(same["settings"], "18 weeks")
    same["payers"], same["prices"] = ["council"], {"community": {"council": {"per_person_per_week": 100}}}
    # A step that nobody requires, a setting that nobody reaches, and a source from which nobody comes; all stand first.
    idle = {"workers": 3, "takes": "3 days"}
    same["steps"] = {"idle": {"team": idle}, **same["steps"]}
    same["settings"] = {"empty": {"places": 9}, **same["settings"]}
    nobody = {"name": "nobody", "from": "community", "group": next(iter(same["groups"])), "per_year": 0}
    same["demand"] = [nobody, *same["demand"]]
    before, after = simulated(data), simulated(same)
    known = after.places[after.places.scheme != "empty"].reset_index(drop=True)
    for table, other in zip(before, after._replace(places=known), strict=True):
        assert_frame_equal(with_names_as_text(table), with_names_as_text(other), check_exact=True)


def with_names_as_text(table):
    """Return a table whose categories, which are all that a world knows, are texts."""
    return table.astype(dict.fromkeys(table.select_dtypes("category"), object))


def one_more_place(data, setting):
    """Return a world in which one scheme of a setting has one more place."""
    changed = copy.deepcopy(data)
    place = changed["settings"][setting]
    scheme = next(iter(place["schemes"].values())) if "schemes" in place else place
    places = scheme["places"]
    more = {date: _more(number) for date, number in places.items()} if isinstance(places, dict) else _more(places)
    scheme["places"] = more
    return changed


def _more(places):
    return places if places == "unlimited" else places + 1


def needs(stays: pd.DataFrame, steady: set[str]) -> pd.Series:
    """Return the time that each visit took to become ready by a route of its own."""
    natural = stays[stays.ready_day.notna() & (stays.reason == "route")]
    natural = natural[natural.setting.isin(steady)]
    return natural.set_index(["person", "setting", "visit"]).eval("ready_day - entered_day")


def steady_settings(data) -> set[str]:
    """Return the settings whose routes have the same shares at all times."""
    return {
        name for name, routes in data["routes"].items() if not any(isinstance(route["share"], dict) for route in routes)
    }


@thorough
@given(scenarios())
def test_one_more_place_changes_nobody_s_own_draws(data):
    before, after = simulated(data).stays, simulated(one_more_place(data, "red")).stays
    # The same people come on the same days.
    who = ["person", "group", "area", "setting", "opening", "entered_day"]
    firsts = [stays.groupby("person", as_index=False).first()[who] for stays in (before, after)]
    assert_frame_equal(*(first.astype({"setting": str}) for first in firsts), check_exact=True)
    # Where both made a visit and became ready, they needed the same time.
    both = pd.concat([needs(stays, steady_settings(data)) for stays in (before, after)], axis=1, join="inner")
    np.testing.assert_allclose(both[0], both[1], rtol=0, atol=1e-8)


@thorough
@given(scenarios(), st.sampled_from([2, 3.5]))
def test_more_demand_brings_the_same_people_sooner(data, factor):
    group = next(iter(data["groups"]))
    base = {key: value for key, value in data.items() if key not in ("caseload", "warm_up")}
    source = {"name": "only", "from": "community", "group": group, "per_year": 30}
    base["demand"] = [source]
    base["settings"]["community"].pop("maximum_stay", None)
    base["settings"]["community"].pop("at_maximum", None)
    base["settings"]["community"].pop("at_maximum_routes", None)
    fewer = simulated(base).stays
    more = simulated(base | {"demand": [source | {"per_year": 30 * factor}]}).stays
    assume(len(fewer) > 0)
    first = [stays.groupby("person").first().loc[: fewer.person.max()] for stays in (fewer, more)]
    assert list(first[0].area) == list(first[1].area)
    # Gaps between them shrink by the factor; none of them is another person.
    np.testing.assert_allclose(first[0].entered_day, first[1].entered_day * factor, rtol=1e-9)
    if "community" in steady_settings(base):
        both = pd.concat(
            [needs(stays[stays.visit == 1], {"community"}) for stays in (fewer, more)], axis=1, join="inner"
        )
        np.testing.assert_allclose(both[0], both[1], rtol=0, atol=1e-8)


@thorough
@given(scenarios())
def test_another_seed_or_replication_is_another_history(data):
    group = next(iter(data["groups"]))
    data = data | {"demand": [{"from": "community", "group": group, "per_year": 60}], "years": 1}
    firsts = [simulated(data, *address).stays.entered_day for address in ((1, 0), (1, 1), (2, 0))]
    assert not firsts[0].equals(firsts[1])
    assert not firsts[0].equals(firsts[2])
    assert not firsts[1].equals(firsts[2])
