"""Bridges from carry-on's cost to an option's: of flows made by hand, and of levers that act on one another."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from commands import TINY, tiny
from hypothesis import given
from hypothesis import strategies as st

from stepdown.outputs.bridge_report import bridge_sentence, lever_sentences, signed
from stepdown.outputs.experiment import Plan
from stepdown.outputs.lever_bridge import LeverBridge, lever_bridge, run_bridge, study_in_parts
from stepdown.outputs.money.bridge import GROUPS, bridge
from stepdown.outputs.money.flows import FlowLine, Flows
from stepdown.outputs.money.line import KINDS
from stepdown.outputs.stopping import fixed
from stepdown.scenarios.errors import ChoiceError, ScenarioError

pytestmark = pytest.mark.measures

YEARS = ("2026/27", "2027/28")


def flows(option: str, *lines: tuple[tuple[str, str, str], Any]) -> Flows:
    """Flows of two years; pounds are those of the runs, the same in both years."""
    pounds = np.stack([np.tile(np.asarray(values, dtype=float)[:, None], 2) for _, values in lines], axis=1)
    return Flows(option, np.arange(len(pounds)), tuple(FlowLine(*what, "") for what, _ in lines), YEARS, pounds)


CARE, PLACE, VOID = ("council", "care", "ward"), ("council", "place", "flats"), ("council", "void", "flats")


def test_every_kind_of_payment_belongs_to_a_group():
    assert set(GROUPS) == set(KINDS)


def test_a_bridge_leads_from_carry_on_to_the_option_by_setting_payer_and_group():
    before = flows("carry-on", (CARE, [100, 200]))
    after = flows("new", (CARE, [40, 100]), (PLACE, [30, 30]), (VOID, [5, 15]), (("nhs", "care", "flats"), [0, 0]))
    found = bridge(before, after, years=2)
    assert (found.option, found.runs, found.carry_on, found.cost) == ("new", 2, 150, 150 - 80 + 40)
    assert [tuple(row) for row in found.rows] == [
        ("ward", "council", "people", -80),
        ("flats", "council", "places", 40),
    ]


def test_only_paired_runs_count():
    before = flows("carry-on", (CARE, [100, 200, 900]))
    after = flows("new", (CARE, [40, 100]))
    assert bridge(before, after, years=2).carry_on == 150


def test_an_option_that_is_carry_on_costs_exactly_nothing_more():
    same = flows("same", (CARE, [0.1, 0.7]), (PLACE, [1 / 3, 2 / 3]))
    found = bridge(same, same, years=2)
    assert found.rows == ()
    assert found.cost == found.carry_on
    assert bridge_sentence(found) == "same costs exactly what carry-on costs: £1 a year."


@given(st.lists(st.tuples(st.sampled_from(KINDS), st.floats(0, 1e7), st.floats(0, 1e7)), min_size=1, max_size=12))
def test_the_rows_add_up_to_the_whole_difference(lines):
    before = flows("carry-on", *((("council", kind, "ward"), [paid, 2 * paid]) for kind, paid, _ in lines))
    after = flows("new", *((("nhs", kind, "flats"), [paid, 0.0]) for kind, _, paid in lines))
    found = bridge(before, after, years=2)
    assert found.cost == math.fsum([found.carry_on, *(row.pounds for row in found.rows)])
    assert found.cost == pytest.approx(after.total().sum(axis=1).mean() / 2, rel=1e-9, abs=1e-6)


LEVERS = TINY.replace(
    "options:\n",
    """\
  dearer: {prices: {home: {council: {per_person_per_week: 150}}}}
  keys: {steps: {keys: {delay: {takes: 20 days}}}}
  keys-first:
    routes:
      flats: [{to: home, share: 100%, ready_after: {exponential: {mean: 60 days}}, requires: [panel, keys]}]
options:
  both: [one-more, dearer]
  chained: [keys, keys-first]
  turned-round: [keys-first, keys]
""",
)
"""The small scenario with levers that act on one another; keys cannot come first where nobody has declared them."""


def parts(folder: Path, option: str, text: str = LEVERS) -> LeverBridge:
    study = study_in_parts(str(tiny(folder, text)), option, ())
    return lever_bridge(run_bridge(study, option, 8, Plan(fixed(8), 1), 1, lambda done, expected: None), "council")


def test_levers_are_added_in_their_order_and_what_they_add_is_what_they_save_together(tmp_path):
    found = parts(tmp_path, "both")
    assert [step.lever for step in found.steps] == ["one-more", "dearer"]
    assert sum(step.added for step in found.steps) == pytest.approx(found.together)
    first, second = found.steps
    assert first.alone == pytest.approx(first.added), "the first lever stands alone when it is added"
    assert second.alone is not None
    assert found.interaction == pytest.approx(second.added - second.alone, abs=1e-6)
    assert found.interaction.mean() < 0, "one flat more brings more people home, where they cost more by then"
    (said,) = lever_sentences(found, "council")
    assert said.startswith("Together the levers come to an extra cost of £")


def test_a_single_lever_is_its_own_bridge(tmp_path):
    found = parts(tmp_path, "more")
    (step,) = found.steps
    assert step.alone == pytest.approx(found.together)
    assert step.added == pytest.approx(found.together)
    assert found.interaction == pytest.approx(np.zeros(8))


def test_a_lever_that_rests_on_another_cannot_stand_alone(tmp_path):
    found = parts(tmp_path, "chained")
    assert [step.alone is None for step in found.steps] == [False, True]
    assert sum(step.added for step in found.steps) == pytest.approx(found.together)
    assert found.interaction is None
    (said,) = lever_sentences(found, "council")
    assert said == "keys-first cannot stand alone, so that what the levers do to one another cannot be told."


def test_levers_that_cannot_be_turned_on_in_their_order_are_refused(tmp_path):
    with pytest.raises(ScenarioError, match="there is no step 'keys'"):
        parts(tmp_path, "turned-round")


def test_only_another_option_can_be_led_to(tmp_path):
    study = str(tiny(tmp_path, LEVERS))
    with pytest.raises(ChoiceError, match="a bridge leads from carry-on to another option"):
        study_in_parts(study, "carry-on", ())
    with pytest.raises(ChoiceError, match=r"'bth' is not an option of tiny\. Did you mean 'both'"):
        study_in_parts(study, "bth", ())


@pytest.mark.parametrize(("amount", "said"), [(1234, "+£1,230"), (-1234, "-£1,230"), (0.2, "+£0")])
def test_a_step_has_its_sign(amount, said):
    assert signed(amount) == said
