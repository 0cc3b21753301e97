"""Inputs of an option: how they are found and written, and the option with another amount of one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from scenario_tools import SOUND, write

from stepdown.scenarios.amounts import with_amounts
from stepdown.scenarios.errors import ChoiceError, ScenarioError
from stepdown.scenarios.inputs import Input, bare, find_input, inputs_of, no_such_input, same_in
from stepdown.scenarios.loader import Option, read_study
from stepdown.scenarios.written import NUMBER, PERCENT, POUNDS, Written, written_as

pytestmark = pytest.mark.scenario_files

MORE = (
    SOUND
    + """\
exits: [left, away]
areas: {north: 60%, south: 40%}
steps:
  keys: {delay: {takes: {gamma: {mean: 12 weeks, sd: 8 weeks}}}}
  team: {team: {workers: {2026-04-01: 2, 2027-04-01: 4}, takes: {weibull: {mean: 6 days, shape: 1.5}}}}
payers: [council]
prices:
  home:
    council:
      per_person_per_week: {value: "£100", low: 80, high: 130}
      per_place_per_week: {2026-04-01: 50, 2027-01-01: 60}
      notice: 2 weeks
targets: {home: 6 weeks}
levers:
  grow: {settings: {home: {places: {2026-10-01: 5}}}}
  branch:
    routes:
      home:
        - {to: left, share: 60%, ready_after: {exponential: {mean: {value: 1 year, low: 9 months, high: 2 years}}}}
        - {to: community, share: 0.3, ready_after: 1 year}
        - {to: away, share: 10%, ready_after: 1 year}
options:
  grown: [grow]
  branched: [branch]
"""
)


@pytest.fixture
def options(tmp_path: Path) -> dict[str, Option]:
    return read_study(write(tmp_path, MORE)).options


def found(option: Option, path: str) -> Input:
    one = find_input(option, path)
    assert one is not None
    return one


def at(option: Option, path: str) -> Any:
    """What the data of an option says at a path."""
    data: Any = bare(option.data)
    for key in path.split("."):
        data = data[int(key) if isinstance(data, list) else key]
    return data


@pytest.mark.parametrize(
    ("path", "written", "amount"),
    [
        ("prices.home.council.per_person_per_week", Written(POUNDS), 100),
        ("prices.home.council.per_place_per_week", Written(POUNDS), 60),
        ("prices.home.council.per_place_per_week.2026-4-1", Written(POUNDS), 50),
        ("prices.home.council.notice", Written("week"), 2),
        ("settings.home.places", Written(NUMBER, whole=True), 3),
        ("steps.team.team.workers", Written(NUMBER, whole=True), 4),
        ("steps.keys.delay.takes.gamma.mean", Written("week"), 12),
        ("steps.team.team.takes.weibull.shape", Written(NUMBER), 1.5),
        ("routes.community.0.share", Written(PERCENT), 100),
        ("demand.0.per_year", Written(NUMBER), 4),
        ("targets.home", Written("week"), 6),
    ],
)
def test_an_input_is_found_by_its_path_with_its_unit(options, path, written, amount):
    one = found(options["carry-on"], path)
    assert (one.written, one.amount) == (written, amount)


def test_the_range_that_is_thought_plausible_is_an_inputs_own(options):
    one = found(options["carry-on"], "prices.home.council.per_person_per_week")
    assert (one.low, one.high) == (80, 130)
    stay = found(options["branched"], "routes.home.0.ready_after.exponential.mean")
    assert (stay.written, stay.low, stay.high) == (Written("year"), 0.75, 2)


def test_the_usual_range_is_three_times_as_much_and_shares_end_at_all(options):
    assert found(options["carry-on"], "demand.0.per_year").usual_range == (0, 12)
    assert found(options["branched"], "routes.home.0.share").usual_range == (0, 100)
    assert found(options["carry-on"], "targets.home").usual_range == (0.6, 18)


@pytest.mark.parametrize(
    ("written", "raw", "amount", "again"),
    [
        (Written(POUNDS), "£1,200", 1200, 1200),
        (Written(PERCENT), "-2%", -2, "-2.000000000000%"),
        (Written(PERCENT), 0.4, 40, "40.000000000000%"),
        (Written("month"), "1 year", 12, "12.000000000000 months"),
        (Written(NUMBER, whole=True), "7", 7, 7),
    ],
)
def test_an_amount_is_read_in_its_unit_and_written_so_that_it_can_be_read_again(written, raw, amount, again):
    assert written.amount(raw) == pytest.approx(amount)
    assert written.raw(amount) == again
    assert written.amount(again) == pytest.approx(amount)


@pytest.mark.parametrize(("path", "raw"), [("title", "A place"), ("settings.home.places", "unlimited"), ("start", "x")])
def test_what_is_no_quantity_is_not_written_as_one(path, raw):
    assert written_as(path.split("."), raw) is None


def test_another_amount_is_in_the_scenario_and_nothing_else_is_changed(options):
    option = options["grown"]
    changed = with_amounts(option, {found(option, "demand.0.per_year"): 6.5})
    assert changed.scenario.demand[0].per_year.first == 6.5
    assert option.scenario.demand[0].per_year.first == 4, "the option itself stays as it is"
    before, after = bare(option.data), dict(changed.data)
    assert before.pop("demand") != after.pop("demand")
    assert before == after


def test_values_from_dates_are_scaled_together_and_a_piece_alone(options):
    option = options["carry-on"]
    whole = with_amounts(option, {found(option, "steps.team.team.workers"): 6})
    assert at(whole, "steps.team.team.workers") == {"2026-04-01": 3, "2027-04-01": 6}
    piece = with_amounts(option, {found(option, "steps.team.team.workers.2027-04-01"): 6})
    assert at(piece, "steps.team.team.workers") == {"2026-04-01": 2, "2027-04-01": 6}


def test_shares_beside_a_share_give_way_in_proportion(options):
    option = options["branched"]
    changed = with_amounts(option, {found(option, "routes.home.0.share"): 20})
    assert [route.share.first for route in changed.scenario.routes["home"]] == pytest.approx([0.2, 0.6, 0.2])
    areas = with_amounts(option, {found(option, "areas.north"): 10})
    assert dict(areas.scenario.areas) == pytest.approx({"north": 0.1, "south": 0.9})


def test_the_same_fact_is_found_in_carry_on_and_a_levers_own_value_is_not(options):
    carry_on, grown = options["carry-on"], options["grown"]
    assert same_in(carry_on, found(grown, "demand.0.per_year")).path == ("demand", 0, "per_year")
    assert same_in(carry_on, found(grown, "settings.home.places")) is None
    held = same_in(carry_on, found(grown, "settings.home.places.from the start"))
    assert held.path == ("settings", "home", "places"), "what holds until a lever's date is carry-on's own value"
    assert same_in(carry_on, found(grown, "settings.home.places.2026-10-01")) is None


def test_every_price_and_every_assumed_range_is_an_input(options):
    names = [one.name for one in inputs_of(options["carry-on"])]
    assert names == ["prices.home.council.per_person_per_week", "prices.home.council.per_place_per_week"]
    shipped = [one.name for one in inputs_of(read_study("orchard-house").options["open"])]
    assert "settings.residential.places" in shipped
    assert len(shipped) == len(set(shipped))


def test_what_cannot_be_made_larger_or_smaller_is_refused_with_what_can(options):
    option = options["carry-on"]
    assert find_input(option, "settings.flats.places") is None
    assert "settings states no 'hom'. Did you mean 'home'?" in str(no_such_input(option, "settings.hom.places"))
    with pytest.raises(ChoiceError, match=r"Name one, such as prices\.home\.council\.per_person_per_week"):
        find_input(option, "prices.home")
    with pytest.raises(ChoiceError, match="is 'unlimited', and no quantity"):
        find_input(option, "settings.community.places")
    with pytest.raises(ChoiceError, match="which time is measured"):
        find_input(option, "years")


def test_an_amount_that_a_scenario_does_not_allow_is_refused_as_in_a_file(options):
    option = options["branched"]
    with pytest.raises(ScenarioError, match="mean must be greater than 0"):
        with_amounts(option, {found(option, "routes.home.0.ready_after.exponential.mean"): 0.0})


def test_a_part_that_a_scenario_says_nothing_of_can_be_set_all_the_same(tmp_path):
    file = write(tmp_path, SOUND)
    settings = ["targets.home=6 weeks", "appraisal.optimism_bias.capital=20%", "appraisal.discount=[4%]"]
    scenario = read_study(file, settings).options["carry-on"].scenario
    assert scenario.targets == {"home": 42.0}
    assert scenario.appraisal.optimism_bias.capital == 0.2
    assert scenario.appraisal.discount == ("4%",)
    for wrong, said in (("targts.home=6 weeks", "has no 'targts'"), ("appraisal.discont=4%", "no key 'discont'")):
        with pytest.raises(ScenarioError, match=said):
            read_study(file, [wrong])
