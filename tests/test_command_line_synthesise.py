"""Making up a council: what a user types, and what lies in the folder then."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest
from commands import Stepdown, contents, tiny, typing
from ruamel.yaml import YAML

from stepdown.calibration.history_files import read_history
from stepdown.calibration.synthetic.past import simulate_past
from stepdown.scenarios.loader import read_study

pytestmark = pytest.mark.command_line


@pytest.fixture
def stepdown(monkeypatch: pytest.MonkeyPatch) -> Stepdown:
    return typing(monkeypatch)


@pytest.fixture
def study(tmp_path: Path) -> Path:
    return tiny(tmp_path)


def test_records_in_both_forms_lie_beside_the_truth(stepdown, study, tmp_path):
    answer = stepdown("synthesise", study, "--years", 2, "-o", tmp_path / "made")
    assert answer.code == 0
    assert sorted(contents(tmp_path / "made")) == [
        "cld/mapping.yaml", "cld/tiny.csv",
        "tables/caseload.csv", "tables/council.yaml", "tables/prices.csv", "tables/requests.csv", "tables/stays.csv",
        "tables/steps.csv",
        "truth/history.json", "truth/prices.parquet", "truth/requests.parquet", "truth/scenario.yaml",
        "truth/stays.parquet", "truth/steps.parquet",
    ]  # fmt: skip
    assert "Records from 2026-04-01 until before 2028-04-01" in answer.out
    assert "with nothing wrong" in answer.out
    assert "Not in it, because social care does not record it: community." in answer.out
    assert answer.err.splitlines()[-1].startswith("Next: stepdown import")
    truth = read_history(tmp_path / "made" / "truth")
    stays = pd.read_csv(tmp_path / "made" / "tables" / "stays.csv", dtype={"person": "str"})
    assert (len(stays), set(stays["person"])) == (len(truth.stays), set(truth.stays["person"]))
    about = YAML(typ="safe").load(tmp_path / "made" / "tables" / "council.yaml")
    assert about["simulated"] is True
    assert truth.prices.set_index("setting").loc["flats", "mean"] == pytest.approx(500, rel=0.15)


def test_the_same_seed_makes_up_the_same_bytes_and_another_others(stepdown, study, tmp_path):
    for seed, name in ((1, "one"), (1, "same"), (2, "other")):
        assert stepdown("synthesise", study, "--seed", seed, "-o", tmp_path / name, "--defect", "all", "-q").code == 0
    one, same, other = (contents(tmp_path / name) for name in ("one", "same", "other"))
    assert one == same
    assert one["cld/tiny.csv"] != other["cld/tiny.csv"]
    assert "truth/defects.csv" in one


def test_the_truth_can_be_simulated_again_from_the_scenario_beside_it(stepdown, study, tmp_path):
    """What opens empty has a warm-up that is said, and written down."""
    empty = study.with_name("empty.yaml")
    empty.write_text(study.read_text("utf-8").replace("caseload: {flats: 2, home: 3}", "caseload: {}"), "utf-8")
    answer = stepdown("synthesise", empty, "--years", 1, "--seed", 7, "-o", tmp_path / "made")
    assert "The service opened after a warm-up of 10 years" in " ".join(answer.out.split())
    truth = read_history(tmp_path / "made" / "truth")
    scenario = read_study(tmp_path / "made" / "truth" / "scenario.yaml").options["carry-on"].scenario
    again = simulate_past(scenario, 7, "empty")
    pd.testing.assert_frame_equal(again.stays, truth.stays)
    assert len(truth.residents(truth.begins)) + (truth.stays["entered"] < pd.Timestamp(truth.begins)).sum() > 0


def test_several_councils_have_a_file_each_and_people_of_their_own(stepdown, study, tmp_path):
    answer = stepdown("synthesise", study, "--councils", 3, "--years", 1, "-o", tmp_path / "made", "--json")
    files = sorted((tmp_path / "made" / "cld").glob("*.csv"))
    assert [file.stem for file in files] == ["tiny-1", "tiny-2", "tiny-3"]
    tables = [pd.read_csv(file, dtype="str") for file in files]
    assert answer.data["rows"] == sum(map(len, tables))
    people = [set(table["LA_Person_Unique_Identifier"]) for table in tables]
    assert not people[0] & people[1]
    assert not people[1] & people[2]
    truth = read_history(tmp_path / "made" / "truth")
    assert answer.data["people"] == truth.stays["person"].nunique()
    assert {code.split("-")[0] for code in truth.stays["person"]} == {"1", "2", "3"}
    alone = stepdown("synthesise", study, "--years", 1, "-o", tmp_path / "alone", "--json", "--form", "cld")
    first = read_history(tmp_path / "alone" / "truth").stays
    assert len(first) == truth.stays["person"].str.startswith("1-").sum()
    assert alone.data["rows"] == len(tables[0])
    assert not (tmp_path / "alone" / "tables").exists()


def test_defects_are_said_with_how_often_they_hit_and_release_1_has_its_own_columns(stepdown, study, tmp_path):
    answer = stepdown(
        "synthesise", study, "-o", tmp_path / "made", "--release", 1, "--form", "cld", "--years", 3,
        "--defect", "negative-costs", "--defect", "other-frequencies", "--service", "flats=extra-care", "--json",
    )  # fmt: skip
    assert set(answer.data["defects"]) == {"negative-costs", "other-frequencies"}
    assert answer.data["services"] == {
        "community": None, "flats": "Extra care housing", "home": "Home support or domiciliary care",
    }  # fmt: skip
    header = (tmp_path / "made" / "cld" / "tiny.csv").read_text("utf-8").splitlines()[0]
    assert '"Event Start Date"' in header
    ledger = pd.read_csv(tmp_path / "made" / "truth" / "defects.csv")
    assert dict(zip(ledger["defect"], ledger["people or events"], strict=True)) == answer.data["defects"]
    assert json.loads((tmp_path / "made" / "truth" / "history.json").read_text("utf-8"))["simulated"] is True


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (["--defect", "double"], 2, "'double' is not a defect. Did you mean 'double-up'"),
        (["--form", "tables", "--defect", "all"], 2, "--release and --defect are about Client Level Data"),
        (["--form", "tables", "--release", "1"], 2, "--release and --defect are about Client Level Data"),
        (["--service", "flats"], 2, "'flats' is not SETTING=SERVICE"),
        (["--service", "flat=none"], 2, "'flat' is not a setting. Did you mean 'flats'"),
        (["--option", "mor"], 2, "'mor' is not an option"),
    ],
)
def test_what_cannot_be_is_refused_before_anything_is_written(stepdown, study, tmp_path, words, code, message):
    answer = stepdown("synthesise", study, "-o", tmp_path / "made", *words)
    assert answer.code == code
    assert message in answer.err
    assert not (tmp_path / "made").exists()


def test_nothing_is_overwritten(stepdown, study, tmp_path):
    (tmp_path / "made").mkdir()
    (tmp_path / "made" / "mine.txt").write_text("mine", "utf-8")
    answer = stepdown("synthesise", study, "-o", tmp_path / "made")
    assert answer.code == 1
    assert "is not overwritten" in answer.err
    assert list(contents(tmp_path / "made")) == ["mine.txt"]
