"""The workbook, computed again by another engine and held against the model."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from commands import only, typing
from openpyxl.formula import Tokenizer
from openpyxl.formula.translate import Translator
from openpyxl.utils import get_column_letter
from workbooks import Values, beside, changed, computed, formulas_of, written

from stepdown.outputs.finished_run import FinishedRun, read_run
from stepdown.outputs.money.case import Case
from stepdown.outputs.money_report import cost_run
from stepdown.outputs.workbook.formulas import FIRST_YEAR
from stepdown.outputs.workbook.workbook import write_workbooks

pytestmark = pytest.mark.measures

STUDY = """\
title: "=A small place"
start: 2026-07-01
years: 3
settings:
  ward: {places: unlimited}
  flats:
    schemes:
      oak: {places: 2}
      elm: {places: {2026-07-01: 2, 2027-10-01: 1}}
      ash: {places: 1, turnaround: 3 weeks}
  home: {places: unlimited}
routes:
  ward:
    - {to: flats, share: 100%, ready_after: 2 weeks}
  flats:
    - {to: home, share: 100%, ready_after: {exponential: {mean: 200 days}}, requires: [works]}
  home:
    - {to: left, share: 100%, ready_after: {exponential: {mean: 1 year}}}
steps:
  works: {grant: {per_year: 9000, amount: 1500, payer: housing}}
demand:
  - {from: ward, per_year: 12}
caseload: {flats: 3, home: 3}
payers:
  "@council": {sector: council}
  nhs: {sector: nhs}
  housing: {sector: central_government, council_bears: 25%}
  people: {sector: residents}
price_base: 2025/26
prices:
  ward: {nhs: {contract: unit_cost, per_person_per_week: 3000, price_year: 2023/24}}
  flats:
    "@council": {per_place_per_week: {2026-07-01: 500, 2028-01-01: 450}, notice: 6 weeks, shared_with: {nhs: 30%}}
  elm: {"@council": {per_place_per_week: 400, block_places: 1, per_person_per_week: 600, notice: 4 weeks}}
  ash: {"@council": {contract: tenancy, per_person_per_week: 700, notice: 3 weeks}}
  home: {"@council": {per_person_per_week: 150, tapers_to: {6 months: 80, 1 year: 20}}}
voids: {ash: {housing: {per_place_per_week: 120, from: 1 week}}}
contributions: {flats: {people: {to: "@council", per_person_per_week: 60}}}
running_costs: {office: {"@council": {2026-07-01: 9000, 2027-01-01: 12000}}}
one_off_costs:
  moves: {home: {"@council": 900}}
appraisal:
  discount: [green-book, 5%]
  uplift: {2027/28: 4%, otherwise: 2%}
  uplift_by_payer: {nhs: 3%}
  optimism_bias: {capital: 20%, set_up: 10%, savings: 15%, delay: 6 months}
  delivery_confidence: 80%
levers:
  "@more": {settings: {flats: {schemes: {oak: {places: 4}}}}}
  cheaper:
    prices: {flats: {"@council": {per_place_per_week: 380}}, home: {nhs: {per_person_per_week: 40}}}
    one_off_costs:
      set_up: {"+staff": {"@council": {2026-09-01: 8000}}}
      capital: {fit-out: {housing: {2026-08-01: 20000, 2027-05-01: 5000}}}
options:
  more: {about: "-Two flats more", levers: ["@more", cheaper]}
"""
"""A study with every form of contract, in an option that has other prices than carry-on; names try to be formulas."""

POUND = 0.5


class Written(NamedTuple):
    """A run, what the model says of it, its workbook, and what is written there."""

    run: FinishedRun
    case: Case
    path: Path
    values: Values


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Written:
    folder = tmp_path_factory.mktemp("workbook")
    study = folder / "study.yaml"
    study.write_text(STUDY, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        answer = typing(patch)("compare", study, "--runs", 6, "--jobs", 1, "-o", "runs")
    assert answer.code == 0, answer.err
    run = read_run(only(folder / "runs"))
    paths = write_workbooks(run, folder / "savings.xlsx")
    return Written(run, cost_run(run)[0], paths["more"], written(paths["more"]))


def assert_same(found: Values, expected: Values) -> None:
    """Hold values against others, to a millionth of their size."""
    assert found.keys() <= expected.keys()
    for place, value in found.items():
        number = isinstance(expected[place], int | float)
        assert value == (pytest.approx(expected[place], rel=1e-6, abs=1e-6) if number else expected[place]), place


def test_another_engine_finds_what_is_written_beside_each_formula(made: Written) -> None:
    found = computed(made.path)
    assert len(found) > 1500
    assert_same(found, made.values)


def test_every_check_agrees_and_there_are_checks_of_every_figure(made: Written) -> None:
    said = [
        value
        for (sheet, place), value in made.values.items()
        if sheet == "Checks" and place[0] == "E" and isinstance(value, str)
    ]
    assert said.count("Agrees") == len(said) - len(["Result", "Changed (1)"]) > 50
    assert "every check agrees" in on_the_cover(made.values)


def on_the_cover(values: Values) -> set[Any]:
    return {value for (sheet, _), value in values.items() if sheet == "Cover"}


def model(made: Written, settings: list[str], own: dict[str, list[str]]) -> Case:
    """What the model says of the same runs with other money: in both, and in each option alone."""
    said = {name: [*settings, *own.get(name, [])] for name in made.run.options}
    options = {name: read_run(made.run.folder, None, said[name]).options[name] for name in said}
    return cost_run(dataclasses.replace(made.run, options=options))[0]


def assert_model(values: Values, case: Case, years: float) -> None:
    """Hold the workbook's figures against the model's, to the pound."""
    for name, view in case.views.items():
        title = name.capitalize()
        saved = float(view.whose.of(case.savings).sum(axis=1).mean() / years)
        assert beside(values, "Cover", title) == pytest.approx(saved, abs=POUND), name
        rows = [place[1:] for (sheet, place), value in values.items() if sheet == "NPV" and value == title]
        for column, schedule in zip("CD", view.planned, strict=True):
            worths = (view.planned[schedule], view.expected[schedule])
            for row, worth in zip((rows[0], rows[3]), worths, strict=True):
                there = values["NPV", f"{column}{row}"]
                assert there == pytest.approx(float(worth.present_value.mean()), abs=POUND), (name, schedule)
        there = values["NPV", f"C{rows[2]}"]
        payback = view.planned[next(iter(view.planned))].payback_years
        assert there == ("not within the measured time" if payback is None else pytest.approx(payback, abs=1e-6)), name
    budget = case.views["council"].budget
    assert budget is not None
    last = "L"  # four financial years from column H on: their total
    for label, amounts in zip(
        ("Cashable", "Avoided", "Non-cashable", "One-off"),
        (budget.cashable, budget.avoided, budget.non_cashable, budget.one_off),
        strict=True,
    ):
        assert beside(values, "MTFS", label, last) * 1000 == pytest.approx(float(amounts.sum()), abs=POUND), label


def test_the_workbook_says_what_the_model_says(made: Written) -> None:
    assert_model(made.values, made.case, made.run.window.years)


PRICES = {
    "ash, @council, £ a person a week, carry-on": 1000,
    "ash, @council, £ a person a week, option": 1000,
    "flats, @council, from 2028-01-01, £ a place a week, carry-on": 999,
    "flats, @council, £ a place a week, option": 390,
    "running cost, office, @council, from 2027-01-01, £ a year, carry-on": 20_000,
    "running cost, office, @council, from 2027-01-01, £ a year, option": 20_000,
}
RULES = {
    "5% a year, from year 1": 0.01,
    "Growth in 2027/28": 0.1,
    "Savings that do not come": 0.5,
    "Savings come later by": 1.5,
    "Capital costs more than planned by": 1.0,
    "Setting up costs more than planned by": 0.3,
    "Delivery confidence": 0.4,
    "housing: what the council bears": 0.6,
}
CHANGES: dict[str, tuple[dict[str, float], list[str], dict[str, list[str]]]] = {
    "prices": (
        PRICES,
        [
            "prices.ash.@council.per_person_per_week=1000",
            "running_costs.office.@council.2027-01-01=20000",
        ],
        {
            "carry-on": ["prices.flats.@council.per_place_per_week.2028-01-01=999"],
            "more": ["prices.flats.@council.per_place_per_week=390"],
        },
    ),
    "rules": (
        RULES,
        [
            "appraisal.discount=[green-book, 1%]",
            "appraisal.uplift.2027/28=10%",
            "appraisal.optimism_bias={savings: 50%, delay: 18 months, capital: 100%, set_up: 30%}",
            "appraisal.delivery_confidence=40%",
            "payers.housing.council_bears=60%",
        ],
        {},
    ),
}
"""Inputs that are changed in the workbook, and what does the same to the model."""


@pytest.mark.parametrize("what", CHANGES)
def test_an_input_that_is_changed_flows_through_as_the_model_says(made: Written, what: str, tmp_path: Path) -> None:
    inputs, settings, own = CHANGES[what]
    path = changed(made.path, tmp_path / "changed.xlsx", inputs)
    values: dict[Any, Any] = {**made.values, **computed(path)}
    assert_model(values, model(made, settings, own), made.run.window.years)
    assert beside(values, "Checks", "Inputs that were changed since stepdown wrote this workbook") == len(inputs)
    assert {"every check agrees", "inputs were changed: see Checks"} <= on_the_cover(values)


def test_formulas_are_the_same_in_every_year(made: Written) -> None:
    texts = formulas_of(made.path)
    first, years = get_column_letter(FIRST_YEAR + 1), range(FIRST_YEAR + 2, FIRST_YEAR + 5)
    rows = [(sheet, place[1:]) for sheet, place in texts if place[0] == first and sheet not in ("Distribution",)]
    assert len(rows) > 100
    for sheet, row in rows:
        for column in years:
            here = f"{get_column_letter(column)}{row}"
            expected = Translator(texts[sheet, f"{first}{row}"], origin=f"{first}{row}").translate_formula(here)
            assert texts[sheet, here] == expected, f"{sheet}!{here} is not what stands in {first}{row}"


def test_the_same_columns_are_the_same_years_on_every_sheet(made: Written) -> None:
    first = get_column_letter(FIRST_YEAR + 1)
    headed = {sheet for (sheet, place), value in made.values.items() if value == "2026/27 (part)" and place[0] == first}
    assert headed == {"Inputs", "Activity", "Cashflow", "Who pays", "NPV", "MTFS", "Sensitivity"}
    elsewhere = [
        (sheet, place)
        for (sheet, place), value in made.values.items()
        if value == "2027/28" and sheet in headed and place[0] != get_column_letter(FIRST_YEAR + 2)
    ]
    assert {sheet for sheet, _ in elsewhere} == {"Inputs"}, "only the growth of prices has its years below one another"


def test_no_formula_holds_a_number_of_its_own(made: Written) -> None:
    for place, text in formulas_of(made.path).items():
        numbers = [token.value for token in Tokenizer(text).items if token.subtype == "NUMBER"]
        assert set(numbers) <= {"0"}, f"{place}: {text}"


def test_names_that_look_like_formulas_are_texts(made: Written) -> None:
    texts = formulas_of(made.path).values()
    assert not [text for text in texts if "@council" in text or "staff" in text]
    shown = set(map(str, made.values.values()))
    assert {"@council", "=A small place: more", "-Two flats more", "Levers: @more, cheaper"} <= shown


def test_the_same_run_gives_the_same_workbook_to_the_byte(made: Written, tmp_path: Path) -> None:
    again = write_workbooks(read_run(made.run.folder), tmp_path / "again.xlsx")
    assert again["more"].read_bytes() == made.path.read_bytes()
    assert [file.name for file in tmp_path.iterdir()] == ["again.xlsx"]
