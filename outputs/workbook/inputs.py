"""The sheet of inputs: every number that may be changed, in a cell of its own, with its unit and source."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from stepdown.outputs.money.budget import growth_of
from stepdown.outputs.money.perspectives import COUNCIL, EVERYBODY, PUBLIC_SECTOR, RESIDENTS, sectors_of
from stepdown.outputs.workbook.facts import Facts
from stepdown.outputs.workbook.formulas import Formula, Series, cell, down
from stepdown.outputs.workbook.input_prices import Prices, write_prices
from stepdown.outputs.workbook.sheet import Book, Sheet
from stepdown.outputs.workbook.styles import FACTOR, PLAIN, SHARE, WHOLE
from stepdown.scenarios.financial_years import financial_year, financial_year_from, first_year
from stepdown.scenarios.published_rates import DiscountSchedule, discount_schedule, price_index
from stepdown.scenarios.quantities import DAYS_PER_YEAR
from stepdown.scenarios.schema_money import PUBLIC

NAME = "Inputs"


class Units(NamedTuple):
    """Numbers that formulas need, so that none of them holds one: 1, the years measured, 1,000, and so on."""

    whole: Formula
    measured: Formula
    thousand: Formula
    tolerance: Formula
    step: Formula
    low: Formula
    high: Formula


class Years(NamedTuple):
    """What is known of each financial year: the April it begins in, its number, its part, the year of the appraisal."""

    begins: Series
    number: Series
    part: Series
    distance: Series


class Schedule(NamedTuple):
    """Discount rates: from which year on each holds."""

    title: str
    begins: Formula
    rates: Formula
    before: Formula


class Growth(NamedTuple):
    """What prices grow by: Aprils, an index for each, and the index of the price base."""

    begins: Formula
    indices: Formula
    base: Formula


class Hope(NamedTuple):
    """Optimism bias and delivery confidence."""

    capital: Formula
    set_up: Formula
    savings: Formula
    delay: Formula
    confidence: Formula


class Inputs(NamedTuple):
    """The cells of the sheet, for the formulas of others."""

    units: Units
    years: Years
    payers: tuple[str, ...]
    weights: Mapping[str, Formula]
    prices: Prices
    schedules: tuple[Schedule, ...]
    growth: Mapping[str, Growth]
    hope: Hope


def write_inputs(book: Book, facts: Facts) -> Inputs:
    """Write the sheet."""
    sheet = Sheet(book, NAME, [7, 46, 24, 13, 13, 13, 13])
    sheet.title(
        "Inputs",
        "Yellow cells may be changed, and everything else follows. What was changed is listed on the sheet Checks.",
        (
            "Prices are per unit; columns F and G turn them into prices of "
            f"{facts.scenario.price_base}; beside each stands where it is in the scenario, and its "
            "source."
        ),
    )
    years = _years(sheet, facts)
    units = _units(sheet, facts)
    payers, weights, council = _payers(sheet, facts, units.whole)
    prices = write_prices(sheet, facts, units.whole, council)
    schedules = tuple(
        _schedule(sheet, discount_schedule(name), years.distance) for name in facts.scenario.appraisal.discount
    )
    growth = _growths(sheet, facts, payers, units.whole)
    return Inputs(units, years, payers, weights, prices, schedules, growth, _hope(sheet, facts))


def _years(sheet: Sheet, facts: Facts) -> Years:
    zero = first_year(financial_year(facts.scenario.appraisal.from_ or facts.scenario.start))
    begins = np.array([first_year(year) for year in facts.years], dtype=float)
    sheet.year_columns("", "Financial years", after=None)
    sheet.freeze()
    rows = (
        ("Begins in April of", begins, PLAIN),
        ("Number of the year", np.arange(1.0, len(begins) + 1), PLAIN),
        ("Part of the year that was measured (1: a full year)", np.asarray(facts.parts), FACTOR),
        ("Year of the appraisal (0: not discounted)", np.maximum(begins - zero, 0.0), PLAIN),
    )
    return Years(*(sheet.series([None, name], values, number, total_of=False) for name, values, number in rows))


def _units(sheet: Sheet, facts: Facts) -> Units:
    sheet.heading("Numbers that formulas use")
    sheet.columns("", "What", "Unit", "Value", numbers_from=3)

    def fixed(what: str, unit: str, value: float, number: str) -> Formula:
        return _line(sheet, what, unit, value, number)

    whole = fixed("The whole", "1", 1.0, PLAIN)
    measured = fixed("Years that were measured", "of 365.25 days", facts.run.window.years, "0.000")
    thousand = fixed("Thousand, for the MTFS", "£", 1000.0, WHOLE)
    tolerance = fixed("Differences below this count as agreement", "£", 0.5, "0.0")
    step = _line_input(sheet, "Step of the sensitivity", "either way", 0.1, SHARE, "sensitivity, not a forecast")
    low = _line_input(sheet, "Range of the runs: from", "of the runs lie below", 0.1, SHARE, "8 in 10 runs")
    high = _line_input(sheet, "Range of the runs: to", "of the runs lie below", 0.9, SHARE, "8 in 10 runs")
    return Units(whole, measured, thousand, tolerance, step, low, high)


def _line(sheet: Sheet, what: str, unit: str, value: float, number: str) -> Formula:
    sheet.put(1, what)
    sheet.put(2, unit)
    place = sheet.put(3, value, number)
    sheet.row += 1
    return place


def _line_input(sheet: Sheet, what: str, unit: str, value: float, number: str, source: str) -> Formula:
    sheet.put(1, what)
    sheet.put(2, unit)
    sheet.across(4, source, "note")
    place = sheet.input(3, what, value, number)
    sheet.row += 1
    return place


def _payers(
    sheet: Sheet, facts: Facts, whole: Formula
) -> tuple[tuple[str, ...], dict[str, Formula], dict[str, Formula]]:
    """Write who pays and whose money it is; return what of it counts for whom, and the cells of the council."""
    sectors = sectors_of(facts.scenario)
    sheet.heading("Payers")
    sheet.columns("No.", "Payer", "Sector", "Council bears", "Council: 1", "Public: 1", "Residents: 1", numbers_from=3)
    cells = []
    for number, (payer, sector) in enumerate(sectors.items(), 1):
        sheet.put(0, float(number), PLAIN, "number")
        sheet.put(1, payer)
        sheet.put(2, sector.replace("_", " "))
        bears = sheet.input(3, f"{payer}: what the council bears", facts.scenario.payers[payer].council_bears, SHARE)
        flags = [sector == "council", sector in PUBLIC, sector == "residents"]
        cells.append((bears, *(sheet.put(4 + at, float(flag), PLAIN) for at, flag in enumerate(flags))))
        sheet.row += 1
    sheet.heading("What counts of each payer's money: what the council bears of others' is the council's")
    sheet.columns("No.", "Payer", "Council", "Public sector", "Residents", "Everybody", numbers_from=2)
    first = sheet.row
    weights: dict[str, list[float]] = {COUNCIL: [], PUBLIC_SECTOR: [], RESIDENTS: [], EVERYBODY: []}
    for number, (payer, (bears, council, public, residents)) in enumerate(zip(sectors, cells, strict=True), 1):
        sheet.put(0, float(number), PLAIN, "number")
        sheet.put(1, payer)
        own = whole - bears
        counted = (council * own + bears, public * own + bears, residents * own, whole)
        for column, (name, formula) in enumerate(zip(weights, counted, strict=True), 2):
            weights[name].append(sheet.put(column, formula, SHARE).value)
        sheet.row += 1
    ranges = {name: down(NAME, first, column, found) for column, (name, found) in enumerate(weights.items(), 2)}
    of_council = {payer: cell(NAME, first + at, 2, weights[COUNCIL][at]) for at, payer in enumerate(sectors)}
    return tuple(sectors), ranges, of_council


def _schedule(sheet: Sheet, schedule: DiscountSchedule, distance: Series) -> Schedule:
    sheet.heading(f"Discount rates: {schedule.title}")
    sheet.note(f"{schedule.source}{f' (published {schedule.published})' if schedule.published else ''}")
    sheet.columns("From", "Year of the appraisal", "Unit", "Rate", numbers_from=3)
    first, begins, rates = sheet.row, [0.0], [0.0]
    sheet.put(0, 0.0, PLAIN, "number")
    sheet.put(2, "not discounted")
    sheet.put(3, 0.0, SHARE)
    sheet.row += 1
    reached = max(float(distance.value.max()), 1.0)
    for since, rate in schedule.rates:
        if since <= reached:
            sheet.put(0, float(since), PLAIN, "number")
            sheet.put(2, "a year, real")
            sheet.input(3, f"{schedule.title}, from year {since}", rate, "0.00%")
            begins, rates = [*begins, float(since)], [*rates, rate]
            sheet.row += 1
    # What lies between year 0 and the first year of the columns, where the appraisal begins earlier.
    earlier = schedule.factors(max(int(distance.value[0]), 1))[-1]
    before = _line(sheet, "Discount factor of the year before the first", "factor", earlier, FACTOR)
    return Schedule(schedule.title, down(NAME, first, 0, begins), down(NAME, first, 3, rates), before)


def _growths(sheet: Sheet, facts: Facts, payers: Sequence[str], whole: Formula) -> dict[str, Growth]:
    rules = facts.scenario.appraisal
    of_all = _growth(sheet, facts, "", whole)
    own = {payer: _growth(sheet, facts, payer, whole) for payer in payers if payer in rules.uplift_by_payer}
    return {payer: own.get(payer, of_all) for payer in payers}


def _growth(sheet: Sheet, facts: Facts, payer: str, whole: Formula) -> Growth:
    base = first_year(facts.scenario.price_base)
    known = [first_year(year) for year in facts.years]
    index = price_index(facts.scenario.appraisal.deflator)
    sheet.heading(f"Growth of cash prices{f', {payer}' if payer else ''}")
    sheet.note(f"Where the scenario says nothing: {index.title} (published {index.published}). {index.source}")
    sheet.columns("April", "Financial year", "Unit", "Growth", "Index", numbers_from=3)
    first, labels, values = sheet.row, list[float](), list[float]()
    for year in range(min(base, known[0]), max(base, known[-1]) + 1):
        label = financial_year_from(year)
        sheet.put(0, float(year), PLAIN, "number")
        sheet.put(1, label)
        sheet.put(2, "on the year before" if labels else "where the index is 1")
        if labels:
            grown = sheet.input(
                3, f"Growth in {label}{f', {payer}' if payer else ''}", growth_of(facts.scenario, payer, year), "0.00%"
            )
            value = cell(NAME, sheet.row - 1, 4, values[-1]) * (whole + grown)
        else:
            value = whole
        labels.append(float(year))
        values.append(sheet.put(4, value, FACTOR).value)
        sheet.row += 1
    at = int(base - labels[0])
    return Growth(down(NAME, first, 0, labels), down(NAME, first, 4, values), cell(NAME, first + at, 4, values[at]))


def _hope(sheet: Sheet, facts: Facts) -> Hope:
    rules = facts.scenario.appraisal
    bias: Any = rules.optimism_bias
    sheet.heading("Optimism bias and delivery: what is taken off in the expected figures")
    sheet.columns("", "What", "Unit", "Value", numbers_from=3)
    source = "the scenario's appraisal"
    return Hope(
        _line_input(sheet, "Capital costs more than planned by", "of what is planned", bias.capital, SHARE, source),
        _line_input(sheet, "Setting up costs more than planned by", "of what is planned", bias.set_up, SHARE, source),
        _line_input(sheet, "Savings that do not come", "of what is planned", bias.savings, SHARE, source),
        _line_input(sheet, "Savings come later by", "years", bias.delay / DAYS_PER_YEAR, "0.00", source),
        _line_input(sheet, "Delivery confidence", "of planned savings", rules.delivery_confidence, SHARE, source),
    )
