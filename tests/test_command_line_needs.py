"""What `stepdown needs` prints and writes: supply, demand and gap that a strategy can be written from."""

from __future__ import annotations

import csv
import hashlib
import math
import re
from pathlib import Path

import pytest
from commands import TINY, Answer, Stepdown, shell, tiny, typing

from stepdown.outputs import table_files
from stepdown.outputs.table_files import FORMULA

pytestmark = pytest.mark.command_line

AREAS = (
    TINY.replace(
        "  flats: {places: 2, maximum_stay: 2 months, at_maximum: extend}",
        "  flats: {schemes: {oak: {places: 2, area: north}, ash: {places: 1}}}",
    )
    .replace("settings:\n  community", "areas: [north, south]\nsettings:\n  community")
    .replace("{places: 3}", "{schemes: {oak: {places: 3}}}")
)
"""The small scenario in two areas, with a scheme that is in neither."""


@pytest.fixture
def stepdown(monkeypatch: pytest.MonkeyPatch) -> Stepdown:
    return typing(monkeypatch)


def needs(stepdown: Stepdown, study: Path, *words: object, runs: int = 3) -> Answer:
    """Ask for the needs of a study, in this process alone."""
    answer = stepdown("needs", study, "--runs", runs, "--jobs", 1, *words)
    assert answer.code == 0, answer.err
    return answer


def test_supply_demand_and_gap_fit_80_columns_and_say_what_they_mean(stepdown, tmp_path):
    study = tiny(tmp_path)
    answer = needs(stepdown, study, "--years", 1)
    assert answer.err == f"Next: stepdown run {study} --option carry-on\n"
    lines = answer.out.splitlines()
    assert max(map(len, lines)) <= 80
    assert "\x1b" not in answer.out, "no colours where nobody sees them"
    assert [line.strip() for line in lines[:2]] == [
        "A small place: carry-on",
        "3 runs from 1 April 2026, opening with its caseload; seed 1.",
    ]
    names = [line.strip() for line in lines if line.strip() in ("community", "flats", "home")]
    assert names == ["flats", "community", "home"], "limited places come first"
    assert len([line for line in lines if line.startswith("  2026/27 ")]) == 3
    said = re.sub(r"\s+", " ", answer.out)
    for words in ("Demand: people who live there", "Gap: demand minus places", "8 in 10 runs and covers chance only"):
        assert words in said
    assert needs(stepdown, study, "--years", 1, "-q").err == ""


def test_large_numbers_fit_80_columns_too(stepdown, tmp_path):
    text = (
        TINY.replace("places: 2,", "places: 12000,").replace("flats: 2,", "flats: 11900,").replace(": 12,", ": 9000,")
    )
    answer = needs(stepdown, tiny(tmp_path, text), runs=2)
    assert max(map(len, answer.out.splitlines())) <= 80
    assert re.search(r"^  2026/27 +12,000 ", answer.out, re.MULTILINE)
    assert "…" not in answer.out, "nothing is cut off"


def test_years_that_are_there_in_part_are_marked_and_too_few_are_said(stepdown, tmp_path):
    study = tiny(tmp_path, TINY.replace("2026-04-01", "2026-07-01"))
    answer = needs(stepdown, study)
    said = re.sub(r"\s+", " ", answer.out)
    assert "* Part of a financial year (April to March): 2026/27 has 274 days, 2027/28 has 91 days here." in said
    assert "The scenario measures no more than 2 financial years; for 5, add --set years=5." in said
    assert len(re.findall(r"^  20\d\d/\d\d\* ", answer.out, re.MULTILINE)) == 6
    first = needs(stepdown, study, "--years", 1).out
    assert "2027/28" not in first
    assert "no more than" not in first


def test_json_says_where_the_numbers_come_from_and_that_the_areas_of_a_setting_add_up_to_it(stepdown, tmp_path):
    study = tiny(tmp_path, AREAS)
    whole = needs(stepdown, study, "--json", "--set", "years=2").data
    by_area = needs(stepdown, study, "--json", "--set", "years=2", "--by", "area").data
    said = {name: whole[name] for name in ("study", "option", "runs", "seed", "engine", "set", "from", "opening")}
    assert said == {
        "study": "tiny",
        "option": "carry-on",
        "runs": 3,
        "seed": 1,
        "engine": "compiled",
        "set": ["years=2"],
        "from": "2026-04-01",
        "opening": "with its caseload",
    }
    assert whole["inputs"] == {str(study): hashlib.sha256(study.read_bytes()).hexdigest()}
    assert {row["area"] for row in by_area["needs"] if row["setting"] == "flats"} == {"north", "south", None}
    assert {row["area"] for row in by_area["needs"] if row["setting"] == "home"} == {"north", "south"}
    for row in whole["needs"]:
        parts = [
            part for part in by_area["needs"] if all(part[key] == row[key] for key in ("setting", "financial_year"))
        ]
        for name in ("people", "waiting", "demand", "ready", "waiting_at_end", "empty"):
            assert math.isclose(sum(part[name] for part in parts), row[name], abs_tol=1e-9), name
        if row["setting"] == "flats":
            assert sum(part["places"] for part in parts) == row["places"] == 3
            assert math.isclose(row["gap"], row["waiting"] - row["empty"], abs_tol=1e-9)
            assert row["gap_p10"] <= row["gap"] <= row["gap_p90"]
        else:
            assert (row["places"], row["gap"], row["short_share"]) == (None, None, None), "unlimited places have no gap"
        assert math.isclose(row["demand"], row["people"] + row["waiting"])


def test_the_screen_tells_areas_apart_and_names_places_that_are_in_none(stepdown, tmp_path):
    answer = needs(stepdown, tiny(tmp_path, AREAS), "--by", "area")
    lines = answer.out.splitlines()
    assert max(map(len, lines)) <= 80
    assert {"flats, north", "flats, south", "flats, any area", "home, south"} <= {line.strip() for line in lines}
    assert "places by the area of the scheme" in re.sub(r"\s+", " ", answer.out)


def test_another_option_has_other_places(stepdown, tmp_path):
    study = tiny(tmp_path)
    more = needs(stepdown, study, "--option", "more", "--json").data["needs"]
    assert [(row["option"], row["places"]) for row in more if row["setting"] == "flats"] == [("more", 3)]


def test_one_run_has_no_interval_and_the_range_is_the_run(stepdown, tmp_path):
    study = tiny(tmp_path)
    (flats,) = [row for row in needs(stepdown, study, "--json", runs=1).data["needs"] if row["setting"] == "flats"]
    assert (flats["gap_low"], flats["gap_high"]) == (None, None)
    assert flats["gap_p10"] == flats["gap"] == flats["gap_p90"]
    assert "95% interval" not in needs(stepdown, study, runs=1).out


def test_the_answer_is_the_same_from_one_process_and_from_two_and_from_either_engine(stepdown, tmp_path, monkeypatch):
    study, words = tiny(tmp_path), ["--json", "--seed", 7]
    one = needs(stepdown, study, *words, runs=250)
    # Processes are started only for some seconds of work: here, for any.
    monkeypatch.setattr("stepdown.simulation.workers.WORTH_STARTING", 0.0)
    two = stepdown("needs", study, "--runs", 250, "--jobs", 2, *words)
    assert (two.code, two.out) == (0, one.out)
    few = needs(stepdown, study, *words, runs=5)
    other = needs(stepdown, study, *words, "--engine", "reference", runs=5)
    assert other.data["needs"] == few.data["needs"]
    assert few.data["needs"] != needs(stepdown, study, "--json", runs=5).data["needs"], "another seed, other runs"


def test_a_csv_file_holds_the_table_and_no_formula(stepdown, tmp_path):
    text = AREAS
    for name, odd in {"\n  more:": "\n  '=1+1':", "flats": "'-flats'", "home": "'=home'", "north": "'@north'"}.items():
        text = text.replace(name, odd)
    study, file = tiny(tmp_path, text), tmp_path / "needs.csv"
    words = ["--option", "=1+1", "--by", "area"]
    answer = needs(stepdown, study, *words, "-o", file)
    assert f"Table: {file}" in answer.out.replace("\n", "")
    rows = list(csv.DictReader(file.read_text(encoding="utf-8").splitlines()))
    kept = needs(stepdown, study, *words, "--json").data["needs"]
    assert len(rows) == len(kept)
    for row, said in zip(rows, kept, strict=True):
        assert row["option"] == "'=1+1"
        assert row["setting"] == {"-flats": "'-flats", "=home": "'=home"}.get(said["setting"], said["setting"])
        assert row["area"] == {"@north": "'@north", None: ""}.get(said["area"], said["area"])
        assert float(row["demand"]) == said["demand"]
        assert row["places"] == ("inf" if said["places"] is None else str(said["places"]))
    number = re.compile(r"[-+]?[\d.]+(e[-+]\d+)?")
    cells = {cell for row in rows for cell in row.values()}
    assert [cell for cell in cells if cell.startswith(FORMULA[:-1]) and not number.fullmatch(cell)] == []
    assert sorted(path.name for path in tmp_path.iterdir()) == ["needs.csv", "tiny.yaml"], "nothing else is left"


def test_a_file_that_cannot_be_written_whole_leaves_the_one_that_was_there(stepdown, tmp_path, monkeypatch):
    def no_space(table, path):
        path.write_text("option,sett", encoding="utf-8")
        raise OSError(28, "No space left on device", str(path))

    file = tmp_path / "needs.csv"
    file.write_text("as it was", encoding="utf-8")
    monkeypatch.setattr(table_files, "write_csv", no_space)
    answer = stepdown("needs", tiny(tmp_path), "--runs", 1, "--jobs", 1, "-o", file)
    assert (answer.code, answer.out) == (1, "")
    assert "No space left on device" in answer.err
    assert file.read_text(encoding="utf-8") == "as it was"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["needs.csv", "tiny.yaml"]


def test_a_pipe_gets_the_same_as_a_program_that_is_asked_in_a_shell(tmp_path):
    study = tiny(tmp_path)
    answer = shell("needs", study, "--runs", 2, "--json", folder=tmp_path)
    assert (answer.code, answer.err) == (0, "")
    assert {row["financial_year"] for row in answer.data["needs"]} == {"2026/27"}
    assert [path.name for path in tmp_path.iterdir()] == ["tiny.yaml"], "no folder of results"
