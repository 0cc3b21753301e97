"""What `stepdown calibrate` prints and writes, and that it writes all or nothing."""

from __future__ import annotations

import json
import re

import pandas as pd
import pytest
from commands import contents, typing
from councils import LETTINGS, NEED, flats, past_of, stays_alone, written

from stepdown.scenarios.loader import CARRY_ON, read_study

pytestmark = pytest.mark.command_line

UNKNOWNS = f"""\
unknowns:
  {NEED}: {{low: 2 months, high: 12 months, why: recorded stays contain waiting}}
  {LETTINGS}: {{low: 12, high: 60, why: nobody counts them}}
"""


@pytest.fixture
def stepdown(monkeypatch):
    return typing(monkeypatch)


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """Return a folder with a study, its unknowns, and records of its past."""
    folder = tmp_path_factory.mktemp("place")
    history = stays_alone(past_of(flats(folder / "study")))
    (folder / "study" / "unknowns.yaml").write_text(UNKNOWNS, "utf-8")
    written(history, folder / "made-up")
    return folder


@pytest.fixture(scope="module")
def calibrated(place):
    """Calibrate once, for several tests."""
    with pytest.MonkeyPatch.context() as patch:
        answer = run(typing(patch), place, "made-up", place / "calibrated")
    assert answer.code == 0, answer.err
    return answer, place / "calibrated"


def run(stepdown, place, history, output, *words, pool=200):
    """Calibrate in this process, with a small pool."""
    return stepdown(
        "calibrate", place / history, place / "study", "-o", output, "--pool", pool, "--draws", 60, "--jobs", 1, *words
    )


def test_what_was_found_is_printed_in_80_columns_with_what_must_be_known(calibrated):
    answer, folder = calibrated
    lines = answer.out.splitlines()
    assert max(map(len, lines)) <= 80
    said = re.sub(r"\s+", " ", answer.out)
    for words in ("Twelve flats: calibrated", "Unknown", "200 simulated pasts of April 2022 to March 2025; seed 1."):
        assert words in said
    assert f"Study: {folder}" in answer.out
    assert answer.err.splitlines()[-1].startswith(f"Next: stepdown compare {folder}")


def test_the_study_is_written_with_what_was_found_and_where_it_comes_from(calibrated):
    _, folder = calibrated
    study = read_study(folder)
    assert list(study.options) == [CARRY_ON, "more-flats"], "the options are those of the study"
    said = {".".join(map(str, one.path)): one for one in study.options[CARRY_ON].assumptions}
    for path in (NEED, LETTINGS):
        assert said[path].source.startswith("calibrated to made-up records, April 2022 to March 2025")
        assert said[path].low is not None
        assert said[path].high is not None
    assert said["demand.0.per_year"].source == "assumption: a guess", "what was not looked for is as it was"
    draws = pd.read_csv(folder / "uncertainty.csv")
    assert list(draws.columns) == [NEED, LETTINGS]
    assert len(draws) == 60
    assert draws[LETTINGS].between(12, 60).all()
    assert draws[NEED].str.fullmatch(r"\d+(\.\d+)? months").all()


def test_the_median_of_the_draws_is_what_the_study_holds(calibrated):
    _, folder = calibrated
    held = read_study(folder).options[CARRY_ON].data["steps"]["letting"]["lettings"]["per_year"]
    assert held["value"] == pytest.approx(
        pd.read_csv(folder / "uncertainty.csv")[LETTINGS].quantile(0.5, "lower"), rel=1e-3
    )


def test_the_same_input_gives_the_same_bytes_and_json_prints_what_the_folder_holds(calibrated, place, stepdown):
    _, folder = calibrated
    answer = run(stepdown, place, "made-up", place / "again", "--json", "-q")
    assert answer.code == 0
    assert contents(place / "again") == contents(folder)
    assert answer.data == json.loads((folder / "calibration.json").read_text("utf-8"))
    assert answer.err == ""


def test_the_page_stands_alone_and_says_in_words_what_its_pictures_show(calibrated):
    _, folder = calibrated
    page = (folder / "calibration.html").read_text("utf-8")
    assert page.count("<svg") == page.count("<desc") == 2
    for words in (
        "Read this first",
        "Made-up records",
        "What other records would be worth",
        "Where the truth is known",
    ):
        assert words in page
    assert not re.search(r'(src|href)="http', page)


def test_json_tells_of_unknowns_checks_and_figures(calibrated):
    _, folder = calibrated
    data = json.loads((folder / "calibration.json").read_text("utf-8"))
    assert [one["path"] for one in data["unknowns"]] == [NEED, LETTINGS]
    for one in data["unknowns"]:
        assert one["low_2.5"] <= one["low_10"] <= one["median"] <= one["high_90"] <= one["high_97.5"]
        assert set(one["expected_ratio"]) == {"as recorded", "ready", "requests", "steps"}
    assert data["held_out"]["pasts"] == 30
    assert sum(data["held_out"]["rank_histogram"][NEED]) == 30


def test_a_dry_run_says_what_would_be_looked_for_and_writes_nothing(place, stepdown):
    answer = stepdown("calibrate", place / "made-up", place / "study", "-o", place / "none", "--dry-run")
    assert answer.code == 0
    said = re.sub(r"\s+", " ", answer.out)
    assert "The records lack dates on which people were ready to move on, requests for places, dates of steps." in said
    assert not (place / "none").exists()
    data = stepdown("calibrate", place / "made-up", place / "study", "--dry-run", "--json").data
    assert [one["path"] for one in data["unknowns"]] == [NEED, LETTINGS]


def test_a_folder_that_holds_something_is_not_overwritten_and_mistakes_are_told_before_anything_is_simulated(
    place, stepdown, tmp_path
):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "notes.txt").write_text("mine", "utf-8")
    answer = run(stepdown, place, "made-up", tmp_path / "mine")
    assert (answer.code, "is not overwritten" in answer.err) == (1, True)
    answer = run(stepdown, place, "made-up", tmp_path / "new", "--unknown", "steps.letting=1 to 2")
    assert answer.code == 2
    answer = run(stepdown, place, "made-up", tmp_path / "new", pool=100)
    assert (answer.code, "Ask for 200 at least" in answer.err) == (2, True)
    answer = run(stepdown, place, "nothing", tmp_path / "new")
    assert (answer.code, "holds no history" in answer.err) == (1, True)
    assert sorted(file.name for file in tmp_path.iterdir()) == ["mine"]
