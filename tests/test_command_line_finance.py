"""stepdown finance: one workbook for each option, never over what somebody has changed."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from commands import TINY, Stepdown, only, tiny, typing

pytestmark = pytest.mark.command_line

TWO = (
    TINY.replace("payers: [council]", "payers: [council]\nprice_base: 2026/27")
    .replace("longer: {years: 2}", "longer: {settings: {flats: {places: 4}}}")
    .replace("  later:", "  'more/still': {levers: [one-more]}\n  later:")
)
"""The small scenario with three options that can be compared."""

CHEAPER = ("--set", "prices.home.council.per_person_per_week=1")


@pytest.fixture
def stepdown(monkeypatch: pytest.MonkeyPatch) -> Stepdown:
    return typing(monkeypatch)


def a_run(stepdown: Stepdown, folder: Path, text: str) -> Path:
    answer = stepdown("compare", tiny(folder, text), "--runs", 2, "--jobs", 1, "-o", folder / "runs")
    assert answer.code == 0, answer.err
    return only(folder / "runs")


def test_each_option_has_a_workbook_and_one_that_is_there_is_not_written_over(stepdown, tmp_path):
    run = a_run(stepdown, tmp_path, TWO)
    written = stepdown("finance", run, "-o", tmp_path / "money" / "savings.xlsx")
    names = {"savings-more.xlsx", "savings-more-still.xlsx", "savings-later.xlsx"}
    assert {file.name for file in (tmp_path / "money").iterdir()} == names
    assert written.code == 0
    assert written.out.splitlines()[0] == f"more: {tmp_path / 'money' / 'savings-more.xlsx'}"
    assert written.err == f"Next: stepdown cost {run}\n"
    before = {file.name: file.read_bytes() for file in (tmp_path / "money").iterdir()}

    again = stepdown("finance", run, "-o", tmp_path / "money" / "savings.xlsx", *CHEAPER)
    assert again.code == 2
    assert "savings-more.xlsx" in again.err
    assert "add --overwrite" in again.err
    assert {file.name: file.read_bytes() for file in (tmp_path / "money").iterdir()} == before

    one = tmp_path / "money" / "savings-more.xlsx"
    over = stepdown(
        "finance",
        run,
        "--option",
        "more",
        "-o",
        one,
        "--overwrite",
        "--set",
        "prices.home.council.per_person_per_week=1",
    )
    assert over.out == f"more: {one}\n"
    assert one.read_bytes() != before[one.name]
    assert len(list((tmp_path / "money").iterdir())) == 3


def test_other_prices_are_in_the_workbook(stepdown, tmp_path):
    run = a_run(stepdown, tmp_path, TWO)
    prices = tmp_path / "prices.yaml"
    prices.write_text("prices: {home: {council: {per_person_per_week: {value: 123, source: A letter}}}}", "utf-8")
    assert stepdown("finance", run, "--option", "more", "-o", tmp_path / "m.xlsx", "--prices", prices).code == 0
    shown = {cell.value for row in openpyxl.load_workbook(tmp_path / "m.xlsx")["Inputs"].iter_rows() for cell in row}
    assert 123 in shown
    assert "prices.home.council.per_person_per_week: A letter" in shown


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["-o", "m.xlsx", "--option", "mroe"], 2, "no option 'mroe' beside carry-on. Did you mean 'more'?"),
        (["-o", "m.xls"], 2, "does not end in .xlsx"),
        ([], 2, "Missing option '-o'"),
        (["-o", "m.xlsx", "--set", "settings.flats.places=9"], 3, "says nothing about money"),
    ],
)
def test_a_mistake_is_named_and_nothing_is_written(stepdown, tmp_path, monkeypatch, words, code, said):
    run = a_run(stepdown, tmp_path, TWO)
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    answer = stepdown("finance", run, *words)
    assert (answer.code, list((tmp_path / "here").iterdir())) == (code, [])
    assert said in answer.err


def test_a_run_whose_prices_are_of_no_year_is_told_what_to_add(stepdown, tmp_path):
    run = a_run(stepdown, tmp_path, TWO.replace("price_base: 2026/27\n", ""))
    answer = stepdown("finance", run, "-o", tmp_path / "m.xlsx")
    assert (answer.code, (tmp_path / "m.xlsx").exists()) == (2, False)
    assert "price_base: 2026/27" in answer.err
