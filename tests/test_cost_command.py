"""What `stepdown cost` prints, writes and refuses: a finished run at its own prices, and at others."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path
from typing import Any

import pytest
from commands import TINY, Answer, Stepdown, contents, only, shell, tiny, typing

from stepdown.outputs import table_files
from stepdown.outputs.table_files import FORMULA

pytestmark = pytest.mark.command_line

PAID = (
    TINY.replace(
        "payers: [council]", "payers: {council: {sector: council}, '=nhs': {sector: nhs}}\nprice_base: 2026/27"
    )
    .replace("  home: {council", "  community: {'=nhs': {per_person_per_week: 2000}}\n  home: {council")
    .replace("options:\n", 'options:\n  same: {about: "As it is", levers: []}\n  "=1+1": [one-more]\n')
    .replace("years: 1\n", "years: 2\n")
    .replace("longer: {years: 2}", "longer: {years: 3}")
)
"""The small scenario with two payers; the option 'same' is carry-on itself."""

FLAT = "prices.flats.council.per_place_per_week"


@pytest.fixture
def stepdown(monkeypatch: pytest.MonkeyPatch) -> Stepdown:
    return typing(monkeypatch)


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a finished run of 20 replications of every option."""
    return simulated(tmp_path_factory.mktemp("paid"), "compare", "--option", "same", "--option", "=1+1")


def simulated(folder: Path, *words: object) -> Path:
    command, *more = words
    with pytest.MonkeyPatch.context() as patch:
        typed = [command, tiny(folder, PAID), "--runs", 20, "--jobs", 1, "-q", "-o", folder / "runs", *more]
        answer = typing(patch)(*typed)
    assert answer.code == 0, answer.err
    return only(folder / "runs")


def rows_of(answer: Answer) -> dict[tuple[str, str], dict[str, Any]]:
    """The figures by option and perspective."""
    assert answer.code == 0, answer.err
    return {(row["option"], row["perspective"]): row for row in answer.data["options"]}


def test_the_table_fits_80_columns_and_says_who_saves_and_who_pays(stepdown, run):
    answer = stepdown("cost", run)
    assert answer.code == 0
    assert answer.err == f"Next: stepdown cost {run} --set appraisal.discount='[4%]'\n"
    assert max(map(len, answer.out.splitlines())) <= 80
    said = re.sub(r"\s+", " ", answer.out)
    assert "A small place" in said
    assert re.search(r"=1\+1: a year =nhs pays £[\d,]+ less and council pays £[\d,]+ more\.", said)
    assert "same: nobody pays more or less." in said
    assert "Savings are carry-on minus option, paired over 20 runs, in prices of 2026/27." in said
    assert re.search(r"In cash the council pays £[\d,]+ more in 2027/28\.", said)


def test_json_holds_every_perspective_in_full_precision(stepdown, run):
    rows = rows_of(stepdown("cost", run, "--json"))
    whose = ["council", "public sector", "residents", "everybody"]
    assert list(rows) == [(option, name) for option in ("same", "=1+1") for name in whose]
    for figure in ("saving_a_year_mean", "present_value:green-book", "equivalent_annual:green-book-review-2026"):
        council, public, residents, everybody = (rows["=1+1", name][figure] for name in whose)
        assert council < 0 < public - council, "the council pays for the flat, the other saves"
        assert (residents, everybody) == (0.0, pytest.approx(public))


def test_an_option_that_is_carry_on_itself_costs_exactly_nothing_more(stepdown, run):
    rows = rows_of(stepdown("cost", run, "--json"))
    figures = {
        (name, value)
        for (option, _), row in rows.items()
        for name, value in row.items()
        if option == "same" and isinstance(value, float)
    }
    assert len(figures) > 10
    assert {(name, value) for name, value in figures if value != 0.0 or str(value) == "-0.0"} == set()


def test_its_own_prices_give_what_the_comparison_said(stepdown, run):
    rows = rows_of(stepdown("cost", run, "--json"))
    compared = list(csv.DictReader((run / "comparison.csv").read_text(encoding="utf-8").splitlines()))
    (said,) = [row for row in compared if row["option"] == "'=1+1"]
    for figure in ("mean", "low", "high", "p10", "p90"):
        assert rows["=1+1", "everybody"][f"saving_a_year_{figure}"] == pytest.approx(float(said[f"saving_{figure}"]))


def test_a_file_of_prices_says_the_same_as_setting_them(stepdown, run, tmp_path):
    file = tmp_path / "dearer.yaml"
    file.write_text("prices: {flats: {council: {per_place_per_week: 700}}}\nappraisal: {discount: [4%]}\n", "utf-8")
    by_file = rows_of(stepdown("cost", run, "--prices", file, "--json"))
    words = ["--set", f"{FLAT}=700", "--set", "appraisal.discount=[4%]"]
    assert by_file == rows_of(stepdown("cost", run, "--json", *words))
    before = rows_of(stepdown("cost", run, "--json"))
    dearer = by_file["=1+1", "council"]["saving_a_year_mean"] - before["=1+1", "council"]["saving_a_year_mean"]
    assert dearer == pytest.approx(-200 * 365.25 / 7, rel=0.01), "one flat more, £200 a week dearer"
    assert {"present_value:4%"} == {name for name in by_file["=1+1", "council"] if name.startswith("present_value:")}


def test_a_run_is_left_as_it_was(stepdown, run):
    before = contents(run)
    assert stepdown("cost", run, "--set", f"{FLAT}=700").code == 0
    assert contents(run) == before


def test_a_csv_file_holds_the_figures_and_no_formula(stepdown, run, tmp_path):
    file = tmp_path / "costs.csv"
    answer = stepdown("cost", run, "-o", file)
    assert f"Figures: {file}" in answer.out.replace("\n", "")
    rows = list(csv.DictReader(file.read_text(encoding="utf-8").splitlines()))
    said = list(rows_of(stepdown("cost", run, "--json")).values())
    assert [row["option"] for row in rows] == ["same"] * 4 + ["'=1+1"] * 4
    for row, figures in zip(rows, said, strict=True):
        assert float(row["saving_a_year_mean"]) == figures["saving_a_year_mean"]
    number = re.compile(r"[-+]?[\d.]+(e[-+]\d+)?")
    cells = {cell for row in rows for cell in row.values()}
    assert [cell for cell in cells if cell.startswith(FORMULA[:-1]) and not number.fullmatch(cell)] == []
    assert [path.name for path in tmp_path.iterdir()] == ["costs.csv"], "nothing else is left"


def test_a_file_that_cannot_be_written_whole_leaves_the_one_that_was_there(stepdown, run, tmp_path, monkeypatch):
    def no_space(table, path):
        path.write_text("option,pers", encoding="utf-8")
        raise OSError(28, "No space left on device", str(path))

    file = tmp_path / "costs.csv"
    file.write_text("as it was", encoding="utf-8")
    monkeypatch.setattr(table_files, "write_csv", no_space)
    answer = stepdown("cost", run, "-o", file)
    assert (answer.code, answer.out) == (1, "")
    assert file.read_text(encoding="utf-8") == "as it was"
    assert [path.name for path in tmp_path.iterdir()] == ["costs.csv"]


WRONG_PRICES = """\
prices:
  flats: {council: {per_place_per_week: many}}
years: 3
pries: {}
"""


def test_faults_of_a_file_of_prices_are_shown_all_at_once_with_their_places(stepdown, run, tmp_path):
    file = tmp_path / "wrong.yaml"
    file.write_text(WRONG_PRICES, encoding="utf-8")
    answer = stepdown("cost", run, "--prices", file)
    assert (answer.code, answer.out) == (3, "")
    assert f"{file}:3:1: years: is not about money" in answer.err
    assert f"{file}:4:1: pries: is not about money" in answer.err
    assert "whatever else changes has to be simulated" in answer.err
    file.write_text(WRONG_PRICES.splitlines()[0] + "\n" + WRONG_PRICES.splitlines()[1], encoding="utf-8")
    answer = stepdown("cost", run, "--prices", file)
    assert (answer.code, answer.out) == (3, "")
    assert f"{file}:2:41: prices.flats.council.per_place_per_week: 'many' is not an amount of money" in answer.err
    assert "Write 1200, '£1,200' or '£1.5 million'." in answer.err


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ("settings.flats.places=3", "'settings.flats.places=3' says nothing about money"),
        ("prices.flat.council.per_place_per_week=3", "prices has no 'flat' Did you mean 'flats'?"),
        ("prices.flats.council.per_place_per_week=lots", "'lots' is not an amount of money"),
        ("prices", "this is not path=value"),
    ],
)
def test_what_is_no_money_cannot_be_set(stepdown, run, setting, said):
    answer = stepdown("cost", run, "--set", setting)
    assert (answer.code, answer.out) == (3, "")
    assert said in re.sub(r"\s+", " ", answer.err)


def test_whose_money_several_payers_pay_must_be_said(stepdown, run):
    answer = stepdown("cost", run, "--set", "payers=[council, '=nhs']")
    assert (answer.code, answer.out) == (2, "")
    assert "whose money council, =nhs pays is not said" in answer.err


def test_a_folder_that_holds_no_run_is_refused(stepdown, tmp_path):
    answer = stepdown("cost", tmp_path)
    assert (answer.code, answer.out) == (1, "")
    assert "holds no finished run: there is no manifest.json. Name a folder under runs/" in answer.err
    assert stepdown("cost", tmp_path / "none").code == 2


def test_a_run_of_one_option_has_nothing_to_be_compared_with(stepdown, tmp_path):
    folder = simulated(tmp_path, "run", "--option", "same")
    answer = stepdown("cost", folder)
    assert (answer.code, answer.out) == (5, "")
    assert "holds same alone, and savings are differences from carry-on: name a run of `stepdown compare`" in answer.err


def test_a_run_of_an_older_version_is_to_be_run_again(stepdown, run, tmp_path):
    manifest = json.loads((run / "manifest.json").read_text(encoding="utf-8"))
    del manifest["options"]["same"]["activity"]
    (tmp_path / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    answer = stepdown("cost", tmp_path)
    assert (answer.code, answer.out) == (1, "")
    assert "was run by an older version, which did not keep what was paid for. Run it again" in answer.err


def test_a_file_of_another_kind_is_refused(stepdown, run, tmp_path):
    answer = stepdown("cost", run, "-o", tmp_path / "costs.xlsx")
    assert (answer.code, answer.out) == (2, "")
    assert "does not end in .csv" in re.sub(r"\s+", " ", answer.err)


def test_a_pipe_gets_the_same_as_a_program_that_is_asked_in_a_shell(stepdown, run, tmp_path):
    answer = shell("cost", run, "--json", folder=tmp_path)
    assert answer.code == 0
    assert answer.data == stepdown("cost", run, "--json").data
    assert list(tmp_path.iterdir()) == []
