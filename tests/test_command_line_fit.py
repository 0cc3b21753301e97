"""What a user of `stepdown fit` types and sees."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from commands import Stepdown, contents, typing
from small_council import STRUCTURE, homes, written

from stepdown.calibration.history_files import write_history

pytestmark = pytest.mark.command_line


@pytest.fixture
def stepdown(monkeypatch: pytest.MonkeyPatch) -> Stepdown:
    return typing(monkeypatch)


@pytest.fixture
def history(tmp_path):
    write_history(homes(), tmp_path / "history")
    return tmp_path / "history"


@pytest.fixture
def study(tmp_path):
    return written(tmp_path / "study")


def test_what_was_fitted_is_shown_in_80_columns_and_the_study_that_is_left_is_sound_and_runs(
    stepdown, history, study, tmp_path
):
    answer = stepdown("fit", history, study, "-o", tmp_path / "fitted", "--draws", 20)
    assert answer.code == 0
    assert answer.err == f"Next: stepdown calibrate {history} {tmp_path / 'fitted'} -o calibrated\n"
    *shown, last = answer.out.splitlines()
    assert max(map(len, shown)) <= 80
    assert last == f"Study: {tmp_path / 'fitted'}; how well it fits: {tmp_path / 'fitted' / 'diagnostics.html'}"
    said = re.sub(r"\s+", " ", answer.out)
    assert "home to left: ready after (mean)" in said
    assert "1 value fitted to records of 8 made-up people, April 2021 to March 2025." in said
    assert "Not fitted: routes out of flats: nobody in the records ever lived there." in said
    assert "Warning: home: fewer than 5 have ended" in said
    checked = stepdown("check", tmp_path / "fitted")
    assert (checked.code, checked.out.splitlines()[0][:9]) == (0, "carry-on:")
    ran = stepdown("run", tmp_path / "fitted", "--runs", 2, "--jobs", 1, "-o", tmp_path / "runs", "-q")
    assert (ran.code, ran.err) == (0, "")


def test_json_says_every_value_with_its_range_and_source_and_draws_and_seed_are_heeded(
    stepdown, history, study, tmp_path
):
    words = ["fit", history, study, "-q", "--json", "--draws", 9]
    answer = stepdown(*words, "-o", tmp_path / "one")
    assert (answer.code, answer.err) == (0, "")
    (value,) = answer.data["values"]
    assert value["path"] == "routes.home.0.ready_after.exponential.mean"
    assert value["source"].startswith("fitted to 8 made-up stays, 50% ended")
    assert {"low", "high", "quality"} <= value.keys()
    assert {kept["what"] for kept in answer.data["kept"]} >= {"routes out of ward", "routes out of flats"}
    assert stepdown(*words, "-o", tmp_path / "same").code == 0
    assert stepdown(*words, "-o", tmp_path / "other", "--seed", 2).code == 0
    one, same, other = (contents(tmp_path / name) for name in ("one", "same", "other"))
    assert one == same
    assert one["uncertainty.csv"] != other["uncertainty.csv"]
    assert one["uncertainty.csv"].count(b"\n") == 10


def test_values_can_be_set_before_fitting_and_what_is_fitted_comes_after(stepdown, history, study, tmp_path):
    words = ["fit", history, study, "-o", tmp_path / "fitted", "-q", "--set", "years=2"]
    assert stepdown(*words, "--set", "routes.home.0.ready_after=5 years").code == 0
    text = (tmp_path / "fitted" / "base.yaml").read_text("utf-8")
    assert "years: 2\n" in text
    assert "5 years" not in text.split("home:")[-1]


def test_counts_of_real_people_are_rounded_unless_exact_ones_are_asked_for(stepdown, study, tmp_path):
    write_history(replace(homes(), simulated=False), tmp_path / "real")
    rounded = stepdown("fit", tmp_path / "real", study, "-o", tmp_path / "rounded", "-q")
    exact = stepdown("fit", tmp_path / "real", study, "-o", tmp_path / "exact", "-q", "--disclosure", "exact")
    assert "records of 10 people, counts rounded" in re.sub(r"\s+", " ", rounded.out)
    assert "records of 8 people, April" in re.sub(r"\s+", " ", exact.out)
    lines = [(tmp_path / name / "base.yaml").read_text("utf-8").count("admitted") for name in ("rounded", "exact")]
    assert lines == [0, 4]


@pytest.mark.parametrize(
    ("change", "code", "said"),
    [
        (lambda tmp_path: {"history": tmp_path / "nothing"}, 1, "holds no history: there is no history.json in it"),
        (lambda tmp_path: {"study": "leicestr"}, 3, "there is no file, folder or shipped scenario 'leicestr'"),
        (lambda tmp_path: {"output": tmp_path / "study"}, 1, "is there already, and what it holds is not overwritten"),
        (
            lambda tmp_path: {"study": written(tmp_path / "other", STRUCTURE.replace("home", "own-home"))},
            1,
            "no stay is in a setting of the study. The history has home (did you mean own-home?)",
        ),
    ],
)
def test_what_cannot_be_fitted_is_refused_and_nothing_is_written(
    stepdown, history, study, tmp_path, change, code, said
):
    words = {"history": history, "study": study, "output": tmp_path / "fitted"} | change(tmp_path)
    before = set(tmp_path.iterdir())
    answer = stepdown("fit", words["history"], words["study"], "-o", words["output"])
    assert (answer.code, answer.out) == (code, "")
    assert said in answer.err
    assert set(tmp_path.iterdir()) == before


def test_a_value_that_only_an_option_states_is_not_set_as_options_are_taken_along_as_they_are(
    stepdown, history, tmp_path
):
    lever = "extends: base.yaml\nlevers: {more: {why: x, targets: {flats: 9 weeks}}}\noptions: {more: [more]}\n"
    study = written(tmp_path / "options", options=lever)
    answer = stepdown("fit", history, study, "-o", tmp_path / "fitted", "--set", "targets.flats=3 weeks")
    assert (answer.code, answer.out) == (2, "")
    assert "only the lever more states this value" in answer.err
    assert stepdown("fit", history, study, "-o", tmp_path / "fitted", "-q").code == 0
    assert (tmp_path / "fitted" / "options.yaml").read_text("utf-8") == lever
