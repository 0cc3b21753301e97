"""Break-evens by simulation, of studies whose break-even is known exactly."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from scipy import stats
from theory_tools import erlang_b

from stepdown.outputs.breakeven.answer import Question, answer_of_study
from stepdown.outputs.breakeven.asked import Asked
from stepdown.outputs.breakeven.find import BreakEven
from stepdown.scenarios.loader import read_study

pytestmark = pytest.mark.theory

RUNS = 200

SHORTER_STAYS = """\
start: 2026-04-01
years: 1
warm_up: 2 years
settings:
  home: {places: unlimited}
routes:
  home: [{to: left, share: 100%, ready_after: {gamma: {mean: 100 days, shape: 2}}}]
demand: [{from: home, per_year: 365.25}]
payers: [council]
prices: {home: {council: {per_person_per_week: 70}}}
levers:
  help:
    running_costs: {advisers: {council: 73050}}
    routes: {home: [{to: left, share: 100%, ready_after: {gamma: {mean: 60 days, shape: 2}}}]}
options:
  helped: [help]
"""
"""One person a day comes, and costs £10 a day. Advisers cost £200 a day, so they must shorten stays by 20 days."""

TURNED_AWAY = """\
start: 2026-04-01
years: 1
warm_up: 2 years
settings:
  community: {places: unlimited}
  flats: {places: 0}
  hospital: {places: unlimited}
routes:
  community: [{to: flats, share: 100%, ready_after: 0 days, gives_up: {after: 0 days, to: hospital}}]
  flats: [{to: left, share: 100%, ready_after: {exponential: {mean: 20 days}}}]
  hospital: [{to: left, share: 100%, ready_after: {exponential: {mean: 20 days}}}]
demand: [{from: community, per_year: 91.3125}]
payers: [council]
prices:
  flats: {council: {per_place_per_week: 70}}
  hospital: {council: {per_person_per_week: 140}}
levers:
  open: {settings: {flats: {places: 4}}}
options:
  opened: [open]
"""
"""Five people would be in hospital at £20 a day each. A flat costs £10 a day, filled or not."""


def break_even(folder: Path, text: str, path: str, asked: Asked = Asked("saving"), runs: int = RUNS) -> BreakEven:  # noqa: B008 - a tuple
    (folder / "study.yaml").write_text(text, encoding="utf-8")
    study, question = read_study(folder / "study.yaml"), Question(asked, path)
    (found,) = answer_of_study(study, (), question, runs, 7, "compiled", 1, quiet=True).found
    return found


def held(found: BreakEven, exact: float, runs: int = RUNS) -> None:
    """Hold a break-even against its exact value, in its own standard errors."""
    crossing = found.found.crossing
    assert crossing is not None
    error = crossing.half_width / stats.t.ppf(0.975, runs - 1)
    assert error < 0.02 * exact, "too vague to judge"
    assert abs(crossing.value - exact) < 4 * error, f"expected {exact}, found {crossing.value} +- {error}"


def test_the_longest_stay_at_which_help_pays_is_what_its_cost_is_worth(tmp_path):
    """M/G/infinity: rate times mean people are there, so that saving = £10 (100 days - mean) - £200 a day."""
    found = break_even(tmp_path, SHORTER_STAYS, "routes.home.0.ready_after.gamma.mean")
    assert found.found.today.holds
    assert not found.in_both
    held(found, 80.0)


def test_the_cost_at_which_help_no_longer_pays_is_what_shorter_stays_save(tmp_path):
    found = break_even(tmp_path, SHORTER_STAYS, "running_costs.advisers.council")
    held(found, 40 * 10 * 365.25)


def test_a_fact_that_carry_on_states_too_is_changed_in_both(tmp_path):
    """The fewer people come, the less do shorter stays save: £400 a person against £73,050 a year."""
    found = break_even(tmp_path, SHORTER_STAYS, "demand.0.per_year")
    assert found.in_both
    held(found, 73_050 / 400)


def test_as_many_flats_pay_as_erlangs_formula_says(tmp_path):
    """Saving a day = £100 (1 - B(flats)) - £10 flats: whether one flat more pays is never close."""
    savings = {flats: 100 * (1 - erlang_b(flats, 5.0)) - 10 * flats for flats in range(1, 13)}
    first = next(flats for flats, saving in savings.items() if saving <= 0)
    assert savings[first - 1] > 1 < -savings[first]
    found = break_even(tmp_path, TURNED_AWAY, "settings.flats.places")
    crossing = found.found.crossing
    assert crossing is not None
    assert crossing.value == first
    assert not crossing.holds_above


def test_the_same_question_has_the_same_answer_bit_for_bit(tmp_path):
    path: Any = "routes.home.0.ready_after.gamma.mean"
    one, two = (break_even(tmp_path, SHORTER_STAYS, path, runs=20).found.crossing for _ in range(2))
    assert one == two
