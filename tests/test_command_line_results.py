"""What runs print and leave behind: complete, the same however it was made, and safe to open."""

from __future__ import annotations

import csv
import hashlib
import json
import re
import subprocess
from pathlib import Path
from typing import NamedTuple

import pandas as pd
import pytest
from commands import PLAIN, PROGRAM, TINY, Answer, Stepdown, contents, only, shell, tiny, typing

from stepdown.outputs.table_files import FORMULA, read_tables

pytestmark = pytest.mark.command_line

NEVER_THE_SAME = {"command", "made", "outputs"}
"""What manifests of the same run may differ in; the hashes of outputs are compared by the outputs themselves."""

ESCAPE = "\x1b"


class Compared(NamedTuple):
    """One comparison that was made twice: in one process, and in two."""

    study: Path
    once: Answer
    again: Answer
    folders: tuple[Path, Path]


@pytest.fixture
def stepdown(monkeypatch: pytest.MonkeyPatch) -> Stepdown:
    return typing(monkeypatch)


@pytest.fixture(scope="module")
def compared(tmp_path_factory: pytest.TempPathFactory) -> Compared:
    folder = tmp_path_factory.mktemp("compared")
    study = tiny(folder)
    words = ["compare", study, "--option", "more", "--runs", 3]
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        once = typing(patch)(*words, "--jobs", 1, "-o", "one")
    again = shell(*words, "--jobs", 2, "-o", "two", "--json", folder=folder)
    return Compared(study, once, again, (only(folder / "one"), only(folder / "two")))


def test_results_go_to_the_standard_output_and_the_next_step_to_the_other(compared):
    assert (compared.once.code, compared.once.err) == (0, f"Next: stepdown explain {compared.study} more\n")
    lines = compared.once.out.splitlines()
    assert lines[0] == "A small place"
    assert lines[-1] == f"Results: {compared.folders[0].relative_to(compared.study.parent)}"
    assert max(map(len, lines)) <= 80
    assert ESCAPE not in compared.once.out + compared.once.err
    assert re.search(r"^ ?carry-on +baseline", compared.once.out, re.MULTILINE)
    assert "later" not in compared.once.out, "only the options that were asked for"


def test_one_process_or_two_leave_the_very_same_files(compared):
    one, two = map(contents, compared.folders)
    manifests = [json.loads(files.pop("manifest.json")) for files in (one, two)]
    assert one.keys() == two.keys()
    assert [name for name in one if one[name] != two[name]] == []
    differing = {key for key in manifests[0] | manifests[1] if manifests[0].get(key) != manifests[1].get(key)}
    assert differing <= NEVER_THE_SAME
    assert manifests[0]["outputs"] == manifests[1]["outputs"]


def test_a_folder_of_results_holds_all_that_was_promised(compared):
    files = contents(compared.folders[0])
    expected = {
        "manifest.json",
        "comparison.csv",
        "tables/stays.parquet",
        "measures/waits.parquet",
        "measures/costs.parquet",
    }
    expected |= {"tables/case_steps.parquet", "tables/places.parquet", "scenarios/carry-on.yaml", "scenarios/more.yaml"}
    assert expected <= files.keys()
    assert {"charts/savings.svg", "charts/savings.png", "charts/savings.csv"} <= files.keys()
    assert not any(Path(name).name.startswith(".") for name in files)


def test_the_manifest_says_where_results_come_from(compared):
    folder = compared.folders[0]
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    said = (manifest["study"], manifest["seed"], manifest["replications"], manifest["engine"], manifest["set"])
    assert said == ("tiny", 1, 3, "compiled", [])
    assert manifest["command"].startswith("stepdown compare ")
    assert manifest["measured"]["from"] == "2026-04-01"
    assert manifest["measured"]["opening"] == dict.fromkeys(["carry-on", "more"], "with its caseload")
    assert manifest["options"]["more"]["levers"] == ["one-more"]
    assert manifest["options"]["carry-on"]["overloaded"] == ["flats"]
    assert {"python", "stepdown"} <= manifest.keys()
    assert {"simpy", "numpy", "pandas"} <= manifest["packages"].keys()
    (digest,) = manifest["inputs"].values()
    assert digest == hashlib.sha256(compared.study.read_bytes()).hexdigest()
    others = {name: held for name, held in contents(folder).items() if name != "manifest.json"}
    assert manifest["outputs"] == {name: hashlib.sha256(held).hexdigest() for name, held in others.items()}


def test_json_holds_the_comparison_in_full_precision_and_nothing_else(compared):
    assert (compared.again.code, compared.again.err) == (0, "")
    assert compared.again.data["results"] == str(compared.folders[1].relative_to(compared.study.parent))
    rows = list(csv.DictReader((compared.folders[1] / "comparison.csv").read_text(encoding="utf-8").splitlines()))
    for said, cells in zip(compared.again.data["options"], rows, strict=True):
        kept = {name: type(said[name])(cell) if cell else None for name, cell in cells.items()}
        assert kept == said
    assert [load["name"] for load in compared.again.data["load"]["more"]] == ["flats", "panel"]


def test_a_run_of_one_option_reports_it_alone_and_quietly_if_asked(stepdown, tmp_path):
    words = ["run", tiny(tmp_path), "--option", "more", "--runs", 2, "--jobs", 1, "-o", tmp_path / "runs"]
    seen = stepdown(*words)
    assert (seen.code, seen.err) == (0, f"Next: stepdown compare {tmp_path / 'tiny.yaml'}\n")
    assert "Waiting lists" in seen.out
    assert "Cost a year, by payer" in seen.out
    assert max(map(len, seen.out.splitlines()[:-1])) <= 80
    quiet = stepdown(*words, "-q")
    assert (quiet.code, quiet.err) == (0, "")
    assert len(list((tmp_path / "runs").iterdir())) == 2, "an earlier folder is never overwritten"


def report(stepdown: Stepdown, folder: Path, study: Path, *words: str) -> dict:
    """Run one option and return what it says, but for the folder and without the commands' own words."""
    answer = stepdown("run", study, "--runs", 2, "--jobs", 1, "--json", "-o", folder / "runs", *words)
    assert (answer.code, answer.err) == (0, "")
    return {name: part for name, part in answer.data.items() if name != "results"}


def test_what_is_set_last_changes_the_result_and_is_kept(stepdown, tmp_path):
    study = tiny(tmp_path)
    plain = report(stepdown, tmp_path, study, "--option", "more")
    (tmp_path / "runs").rename(tmp_path / "plain")
    words = ["--set", "settings.flats.places=1", "--set", "settings.flats.turnaround=2 days"]
    fewer = report(stepdown, tmp_path, study, "--option", "more", *words)
    assert plain != fewer
    (load, _) = fewer["load"]["more"]
    assert (load["name"], load["has"], load["overloaded"]) == ("flats", 1, True)
    folder = only(tmp_path / "runs")
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["set"] == words[1::2]
    assert "'settings.flats.turnaround=2 days'" in manifest["command"], "a command that can be typed again"
    assert "places: 1\n" in (folder / "scenarios" / "more.yaml").read_text(encoding="utf-8")


def test_what_is_shown_can_be_read_again_and_gives_the_same_results(stepdown, tmp_path):
    study = tiny(tmp_path, TINY.replace("one a month", "one a month, £500 each: \u0142\u00f3d\u017a"))
    shown = subprocess.run(
        [PROGRAM, "show", study, "--option", "more"],
        env=PLAIN | {"PYTHONIOENCODING": "cp1252"},  # as on Windows: files are UTF-8 all the same
        capture_output=True,
        check=True,
    )
    again = tmp_path / "again.yaml"
    again.write_bytes(shown.stdout)
    expected, seen = report(stepdown, tmp_path, study, "--option", "more"), report(stepdown, tmp_path, again)
    assert seen.pop("load")["carry-on"] == expected.pop("load")["more"]
    assert seen == expected


def test_every_value_is_shown_with_the_place_and_the_lever_it_came_from(stepdown, tmp_path):
    study = tiny(tmp_path)
    lines = stepdown("show", study, "--option", "more", "--origin", "--set", "years=3").out.splitlines()
    assert f"settings.home.places = unlimited  # {study}:7:18 (base)" in lines
    assert f"settings.flats.places = 3  # {study}:25:63 (one-more)" in lines
    assert [line for line in lines if line.startswith("years = ")] == ["years = 3  # --set"]


def test_csv_and_parquet_hold_the_same_tables(stepdown, tmp_path):
    for form in ("csv", "parquet"):
        report(stepdown, tmp_path / form, tiny(tmp_path), "--tables", form, "--option", "more")
    read = [read_tables(only(tmp_path / form / "runs") / "tables") for form in ("csv", "parquet")]
    for table, other in zip(*read, strict=True):
        texts = [name for name, kind in table.dtypes.items() if isinstance(kind, pd.CategoricalDtype)]
        plain = dict.fromkeys(texts, "object")
        pd.testing.assert_frame_equal(table.astype(plain), other.astype(plain), check_exact=True)


ODD = {
    "\n  more:": "\n  '=1+1':",
    "\n  panel:": "\n  '@panel':",
    "[panel]": "['@panel']",
    "flats": "'-flats'",
    "home": "'=home'",
    "council": "'+council'",
}


def test_names_that_look_like_formulas_are_harmless_in_every_csv_file(stepdown, tmp_path):
    text = TINY
    for name, odd in ODD.items():
        text = text.replace(name, odd)
    words = ["--option", "=1+1", "--runs", 1, "--jobs", 1, "--tables", "csv", "--json", "-o", tmp_path / "runs"]
    answer = stepdown("compare", tiny(tmp_path, text), *words)
    assert answer.code == 0, answer.err
    assert answer.data["options"][1]["saving_low"] is None, "one run has no interval"
    texts = [file.read_text(encoding="utf-8") for file in tmp_path.rglob("*.csv")]
    cells = {cell for text in texts for row in csv.reader(text.splitlines()) for cell in row}
    number = re.compile(r"[-+]?[\d.]+(e[-+]\d+)?")
    assert [cell for cell in cells if cell.startswith(FORMULA[:-1]) and not number.fullmatch(cell)] == []
    assert cells >= {"'=1+1", "'-flats", "'@panel", "'+council", "'=home"}
    assert set(read_tables(only(tmp_path / "runs") / "tables").stays["setting"]) == {"community", "-flats", "=home"}


def test_names_that_would_be_paths_stay_within_the_folder(stepdown, tmp_path):
    study = tiny(tmp_path, TINY.replace("  more:", "  ../../../a/b: [one-more]\n  more:"))
    report(stepdown, tmp_path / "deep" / "down", study, "--option", "../../../a/b")
    assert [file.name for file in only(tmp_path / "deep" / "down" / "runs").rglob("*.yaml")] == ["a-b.yaml"]
    assert {file.name for file in tmp_path.iterdir()} == {"tiny.yaml", "deep"}
