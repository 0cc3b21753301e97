"""What is looked for: read from a file or the command line, and refused where it cannot be."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
import pytest
from councils import FLATS, LETTINGS, NEED, SHARE, flats, look_for, past_of, stays_alone

from stepdown.calibration.matching.opening import opening_of
from stepdown.calibration.matching.unknowns import asked_unknown, find_unknowns, read_unknowns
from stepdown.scenarios.errors import ChoiceError, ScenarioError
from stepdown.scenarios.loader import CARRY_ON, Study, read_study
from stepdown.scenarios.schema import Scenario

pytestmark = pytest.mark.history


@pytest.fixture
def study(tmp_path) -> Study:
    return flats(tmp_path)


def sought(study: Study, *asked: str):
    """Return what is looked for when so much is typed."""
    return find_unknowns(study.options[CARRY_ON], [], [asked_unknown(text) for text in asked])


def test_a_value_is_looked_for_between_limits_as_a_scenario_would_hold_them(study):
    need, share, lettings = sought(
        study, f"{NEED}=2 months to 12 months", f"{SHARE} = 20% to 0.9", f"{LETTINGS}=5 to 80"
    )
    assert (need.prior.kind, need.prior.low, need.prior.high) == ("log-uniform", 2, 12)
    assert (share.prior.kind, share.prior.low, share.prior.high) == ("logit-uniform", 20, 90)
    assert (lettings.prior.kind, lettings.prior.low, lettings.prior.high) == ("log-uniform", 5, 80)


def test_whole_numbers_are_drawn_whole_and_equally_often(tmp_path):
    study = flats(
        tmp_path,
        FLATS.replace("{lettings: {per_year:", "{team: {takes: 3 days, workers:").replace(", kept_for: 2 weeks", ""),
    )
    (workers,) = sought(study, "steps.letting.team.workers=2 to 5")
    amounts = workers.amounts((np.arange(400) + 0.5) / 400)
    assert dict(zip(*np.unique(amounts, return_counts=True), strict=True)) == {2: 100, 3: 100, 4: 100, 5: 100}
    assert workers.amounts(np.array([0.0, 1.0])).tolist() == [2, 5]


def test_without_any_named_the_assumptions_with_a_range_are_looked_for_and_money_is_not(study):
    assert {unknown.name for unknown in sought(study)} == {LETTINGS, "demand.0.per_year"}


def test_what_is_typed_prevails_over_the_file_beside_the_study(study, tmp_path):
    file = tmp_path / "unknowns.yaml"
    file.write_text(f"unknowns:\n  {LETTINGS}: {{low: 10, high: 30, why: nobody counts}}\n", "utf-8")
    written = read_unknowns(file)
    (one,) = find_unknowns(study.options[CARRY_ON], written, [])
    assert (one.prior.low, one.prior.high, one.why) == (10, 30, "nobody counts")
    (other,) = find_unknowns(study.options[CARRY_ON], written, [asked_unknown(f"{LETTINGS}=15 to 25")])
    assert (other.prior.low, other.prior.high) == (15, 25)
    assert read_unknowns(tmp_path / "none.yaml") == []


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        (LETTINGS, "is not PATH=LOW to HIGH"),
        (
            "steps.leting.lettings.per_year=1 to 2",
            "--unknown steps.leting.*steps states no 'leting'. Did you mean 'letting'",
        ),
        (f"{LETTINGS}=30 to 20", "the low value 30 is not below the high one 20"),
        (f"{LETTINGS}=often to 20", "often"),
        (f"{NEED}=2 to 12", "2 what"),
        ("start=1 to 2", "results for one time and another cannot be compared"),
        ("prices.flats.council.per_person_per_week=1 to 2", "money"),
        ("routes.ward.0.ready_after=1 to 2", "no quantity"),
    ],
)
def test_what_cannot_be_looked_for_is_refused_with_the_reason(study, text, refusal):
    with pytest.raises(ChoiceError, match=refusal):
        sought(study, text)


def test_shares_of_which_none_can_give_way_are_refused(study):
    with pytest.raises(ChoiceError, match="with every unknown at its low value the scenario does not hold: the shares"):
        sought(study, f"{SHARE}=20% to 90%", "routes.ward.1.share=20% to 90%")


def test_a_study_without_anything_to_look_for_says_what_to_write(tmp_path):
    study = flats(tmp_path, FLATS.replace("low: ", "owner: Anna").replace(", high: ", "").replace("Anna12 60", "Anna"))
    study = read_study(study.files[0]) if study.options[CARRY_ON].assumptions else study
    with pytest.raises(ChoiceError, match="nothing to look for"):
        find_unknowns(study.options[CARRY_ON], [], [])


def test_every_fault_of_the_file_is_told_at_its_line(tmp_path):
    file = tmp_path / "unknowns.yaml"
    file.write_text("unknowns:\n  a.b: {low: 1}\n  c.d: {low: 1, high: 2, wy: guess}\n", "utf-8")
    with pytest.raises(ScenarioError) as raised:
        read_unknowns(file)
    first, second = raised.value.faults
    assert (first.line, first.rule) == (2, "needs 'low' and 'high'")
    assert (second.line, second.rule, second.remedy) == (3, "an unknown has no 'wy'", "Did you mean 'why'?")
    file.write_text("unknown: {}\n", "utf-8")
    with pytest.raises(ScenarioError, match="one map, 'unknowns'"):
        read_unknowns(file)


def test_fitted_draws_are_drawn_along_but_for_what_is_looked_for(tmp_path):
    study = _with_draws(tmp_path)
    found = look_for(study, past_of(study), **{LETTINGS.replace(".", "__"): (10, 30)})
    assert [one.name for one in found.nuisance.inputs] == [SHARE, NEED]
    assert found.nuisance.dropped == (LETTINGS,)
    rows = found.nuisance.rows(5, 1)
    assert sorted(rows[:3].tolist()) == [0, 1, 2]
    ranks = np.full((5, 1), 0.5)
    amounts = found.pasts(ranks, rows, 0).amounts
    assert amounts[:, 1].tolist() == [[60, 70, 80][row] for row in rows]
    shares = look_for(study, past_of(study), **{"routes__ward__1__share": ("10%", "40%")})
    assert shares.nuisance.dropped == (SHARE,), "shares beside one that is looked for give way"


def _with_draws(folder: Path) -> Study:
    folder.mkdir(exist_ok=True)
    rows = ["60%,4 months,18", "70%,5 months,20", "80%,6 months,22"]
    (folder / "uncertainty.csv").write_text("\n".join([f"{SHARE},{NEED},{LETTINGS}", *rows]) + "\n", "utf-8")
    return flats(folder, FLATS.replace("warm_up:", "uncertainty: uncertainty.csv\nwarm_up:"))


SCARCE = FLATS.replace("places: 12", "places: 6")
"""Fewer flats, so that somebody waits for one."""


def opening(text: str, folder: Path) -> tuple[Scenario, Scenario]:
    """Return a study's scenario, and the same when its records of a past begin."""
    history = past_of(flats(folder / "truth", SCARCE))
    scenario = flats(folder / "study", text).options[CARRY_ON].scenario
    return scenario, opening_of(scenario, history).of(scenario)


def test_a_past_opens_with_the_residents_of_the_first_day_and_their_dates(tmp_path):
    text = FLATS.replace("start: 2022-04-01", "start: 2025-04-01").replace(
        "warm_up: 6 years", "caseload: {flats: 3, ward: 2}"
    )
    scenario, past = opening(text, tmp_path)
    history = past_of(flats(tmp_path / "truth", SCARCE))
    there = history.residents(history.begins)
    assert (past.start, past.warm_up) == (history.begins, None)
    assert {name: len(people) for name, people in past.caseload.items()} == there["setting"].value_counts()[
        sorted(past.caseload)
    ].to_dict()
    admitted = sorted(one.admitted for people in past.caseload.values() for one in people)
    assert admitted == sorted(there["entered"].dt.date)
    ready = [one.for_ for one in past.caseload["ward"] if one.ready is not None]
    assert set(ready) == {"flats"}, "who was ready for a flat, and got one, prepares to go there"
    assert scenario.caseload["flats"][0].people == 3, "the study itself is as it was"


def test_settings_that_the_records_never_mention_keep_the_study_s_people(tmp_path):
    text = FLATS.replace("warm_up: 6 years", "caseload: {ward: [{admitted: 2022-03-01}, {people: 4}], home: 2}")
    scenario = flats(tmp_path / "study", text).options[CARRY_ON].scenario
    history = stays_alone(past_of(flats(tmp_path / "truth")))
    known = history.stays[history.stays["setting"] == "flats"]
    past = opening_of(scenario, type(history)(**{**vars(history), "stays": known})).of(scenario)
    assert [one.people for one in past.caseload["ward"]] == [1, 4]
    assert [one.people for one in past.caseload["home"]] == [2]


def test_a_warm_up_stays_and_growing_demand_is_taken_back_to_when_the_records_begin(tmp_path):
    text = FLATS.replace("start: 2022-04-01", "start: 2025-04-01").replace(
        "- {from: ward,", "- {from: ward, growth: 10%,"
    )
    scenario, past = opening(text, tmp_path)
    assert past.warm_up == scenario.warm_up
    assert past.demand[0].per_year.first == pytest.approx(24 / 1.1**3, rel=1e-3)


def test_a_past_that_opens_with_residents_is_compared_when_it_has_settled_and_one_with_a_warm_up_at_once(tmp_path):
    history = past_of(flats(tmp_path / "truth"))
    warm = flats(tmp_path / "truth").options[CARRY_ON].scenario
    living = flats(tmp_path / "study", FLATS.replace("warm_up: 6 years", "caseload: {flats: 3}")).options[CARRY_ON]
    assert opening_of(warm, history).settling == 0
    assert opening_of(living.scenario, history).settling == 365
    short = type(history)(**{**vars(history), "ends": history.begins + dt.timedelta(days=300)})
    assert opening_of(living.scenario, short).settling == 100
