"""Engines agree with the definition of the model: row for row and bit for bit, whatever the network."""

import itertools
import json
from collections import Counter

import numpy as np
import pytest
from features import features_of
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from judging import engines, first_difference
from judging import other_engines as others
from networks import network_of, random_scenario, scenarios
from project import ROOT

from stepdown.outputs.experiment import networks_of
from stepdown.scenarios.errors import RunError
from stepdown.scenarios.loader import read_study, shipped
from stepdown.simulation.compiled.engine import simulate_batch
from stepdown.simulation.reference_batch import simulate_batch as reference
from stepdown.simulation.tables import Tables, concatenate

pytestmark = pytest.mark.engines

settings.register_profile(
    "engines", max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)

OTHERS = others()

OPTIONS = [(name, option) for name, _ in shipped() for option in read_study(name, ()).options]

other_engines = pytest.mark.parametrize("engine", OTHERS.values(), ids=OTHERS)


def agree(engine, network, option, seed, replications, data=None):
    """Hold an engine's tables against the reference's; a failure says all that it takes to see it again."""
    expected = reference(network, option, seed, replications)
    difference = first_difference(expected, engine(network, option, seed, replications))
    again = f"\nseed {seed}, replications {list(replications)}\n{json.dumps(data)}" if data else ""
    if difference is not None:
        raise AssertionError(difference + again)


@other_engines
@settings(settings.get_profile("engines"))
@given(data=scenarios(), seed=st.integers(0, 2**32))
def test_engines_agree_on_random_networks(engine, data, seed):
    agree(engine, network_of(data), "x", seed, (0, 1), data)


@other_engines
@pytest.mark.parametrize(("name", "option"), OPTIONS)
def test_engines_agree_on_the_scenarios_that_come_with_stepdown(engine, name, option):
    agree(engine, networks_of(read_study(name, ()), [option])[option], option, 1, (0, 7))


@pytest.mark.parametrize("engine", engines().values(), ids=engines())
def test_replications_at_once_are_those_one_by_one(engine):
    for number in range(10):
        network = network_of(random_scenario(f"batches {number}")[0])
        at_once = engine(network, "x", 5, (4, 0, 2**31))
        parts = [engine(network, "x", 5, (replication,)) for replication in (4, 0, 2**31)]
        one_by_one = concatenate(parts)._replace(places=parts[0].places)
        assert first_difference(one_by_one, at_once) is None


@other_engines
def test_an_engine_says_that_time_stands_still_rather_than_run_for_ever(engine):
    # No time, but for one in a thousand million: a circle that `stepdown check` cannot know of.
    hardly = {"quantiles": {"0%": "0 days", "99.9999999%": "0 days", "100%": "1 day"}}
    circle = [{"to": "flat", "share": 1, "ready_after": "0 days"}], [{"to": "home", "share": 1, "ready_after": hardly}]
    data = {
        "start": "2026-04-01",
        "years": 1,
        "settings": {"home": {"places": "unlimited"}, "flat": {"places": "unlimited"}},
        "routes": dict(zip(("home", "flat"), circle, strict=True)),
        "demand": [{"from": "home", "dates": ["2026-04-01"]}],
    }
    with pytest.raises(RunError, match="time stands still on day 0"):
        engine(network_of(data), "x", 1, (0,))


def test_random_networks_reach_every_rule_of_the_model():
    seen = Counter()
    for number in range(250):
        network = network_of(random_scenario(f"features {number}")[0])
        seen.update(features_of(network, simulate_batch(network, "x", 1, (0,))))
    known = (ROOT / "tests" / "features.txt").read_text(encoding="utf-8").splitlines()
    assert sorted(seen) == known, "a feature that is new, or is not reached any more: see tests/features.txt"
    rare = {name: times for name, times in seen.items() if times < 3}
    assert rare == {}, "these are reached in less than 1% of networks"


# The judge itself -----------------------------------------------------------------------------------------------------


def later_by_one_bit(tables):
    days = tables.stays["left_day"].to_numpy(copy=True)
    at = int(np.flatnonzero(~np.isnan(days))[-1])
    days[at] = np.nextafter(days[at], np.inf)
    return tables._replace(stays=tables.stays.assign(left_day=days))


def minus_nothing(tables):
    days = tables.stays["ready_day"].to_numpy(copy=True)
    days[np.flatnonzero(days == 0)[0]] = -0.0
    return tables._replace(stays=tables.stays.assign(ready_day=days))


def never_instead_of_a_day(tables):
    days = tables.case_steps["started_day"].to_numpy(copy=True)
    days[np.flatnonzero(~np.isnan(days))[0]] = np.nan
    return tables._replace(case_steps=tables.case_steps.assign(started_day=days))


def a_day_instead_of_never(tables):
    return tables._replace(stays=tables.stays.assign(left_day=tables.stays["left_day"].fillna(0.0)))


def two_rows_changed_places(tables):
    order = np.arange(len(tables.stays))
    order[:2] = 1, 0
    return tables._replace(stays=tables.stays.iloc[order].reset_index(drop=True))


def rows_numbered_otherwise(tables):
    return tables._replace(stays=tables.stays.set_axis(np.arange(len(tables.stays)) + 1))


def a_category_that_nobody_has(tables):
    more = tables.stays["setting"].cat.add_categories(["nowhere"])
    return tables._replace(stays=tables.stays.assign(setting=more))


def categories_in_another_order(tables):
    names = tables.stays["setting"].cat.categories[::-1]
    return tables._replace(stays=tables.stays.assign(setting=tables.stays["setting"].cat.reorder_categories(names)))


def another_name(tables):
    column = tables.stays["setting"].copy()
    column.iloc[3] = next(name for name in column.cat.categories if name != column.iloc[3])
    return tables._replace(stays=tables.stays.assign(setting=column))


def a_name_is_missing(tables):
    column = tables.stays["scheme"].copy()
    column.iloc[-1] = None
    return tables._replace(stays=tables.stays.assign(scheme=column))


def a_person_is_missing(tables):
    people = tables.case_steps["person"].copy()
    people[people.first_valid_index()] = None
    return tables._replace(case_steps=tables.case_steps.assign(person=people))


def another_type(tables):
    return tables._replace(stays=tables.stays.astype({"visit": "int32"}))


def a_row_too_few(tables):
    return tables._replace(places=tables.places.iloc[:-1])


def a_row_too_many(tables):
    return tables._replace(case_steps=concatenate([tables, tables]).case_steps)


def columns_in_another_order(tables):
    return tables._replace(stays=tables.stays[[*tables.stays.columns[::-1]]])


MUTANTS = [
    later_by_one_bit,
    minus_nothing,
    never_instead_of_a_day,
    a_day_instead_of_never,
    two_rows_changed_places,
    rows_numbered_otherwise,
    a_category_that_nobody_has,
    categories_in_another_order,
    another_name,
    a_name_is_missing,
    a_person_is_missing,
    another_type,
    a_row_too_few,
    a_row_too_many,
    columns_in_another_order,
]


@pytest.fixture(scope="module")
def tables() -> Tables:
    """Return tables in which every mutant finds what it changes."""
    worlds = (network_of(random_scenario(f"mutants {number}")[0]) for number in itertools.count())
    return next(found for world in worlds if has_all(found := reference(world, "x", 1, (0, 1))))


def has_all(tables):
    """Whether there is what the mutants change."""
    stays, steps = tables.stays, tables.case_steps
    people = len(stays) > 9 and (stays.ready_day == 0).any() and stays.left_day.isna().any()
    return people and steps.started_day.notna().any() and steps.person.notna().any()


def test_the_same_tables_are_the_same(tables):
    assert first_difference(tables, Tables(*(table.copy() for table in tables))) is None


@pytest.mark.parametrize("mutant", MUTANTS)
def test_the_slightest_difference_is_seen_whichever_way_round(tables, mutant):
    changed = mutant(tables)
    assert first_difference(tables, changed) is not None
    assert first_difference(changed, tables) is not None


def test_a_difference_is_said_with_its_place_both_values_and_the_rows_around_it(tables):
    said = first_difference(tables, later_by_one_bit(tables))
    row = int(np.flatnonzero(tables.stays["left_day"].notna())[-1])
    day = float(tables.stays["left_day"].iloc[row])
    assert said.startswith(f"stays, row {row}, column left_day: {float(np.nextafter(day, np.inf))!r} (0x")
    assert day.hex() in said
    assert float(np.nextafter(day, np.inf)).hex() in said
    assert "expected:\n" in said
    assert "seen:\n" in said


def test_a_disagreement_says_all_that_it_takes_to_see_it_again():
    data = random_scenario("mutants 1")[0]

    def mutant(*arguments):
        return a_row_too_few(reference(*arguments))

    with pytest.raises(AssertionError, match="places: ") as failure:
        agree(mutant, network_of(data), "x", 3, (1, 2), data)
    assert "seed 3, replications [1, 2]" in str(failure.value)
    assert json.loads(str(failure.value).splitlines()[-1]) == json.loads(json.dumps(data))
