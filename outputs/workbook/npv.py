"""What the savings are worth: discounted by each schedule, as a yearly amount, and until they pay back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from stepdown.outputs.words.wording import capitalised
from stepdown.outputs.workbook.cashflow import CAPITAL, RECURRENT, SET_UP, UNINVOICED_NATURE, running
from stepdown.outputs.workbook.facts import Facts
from stepdown.outputs.workbook.formulas import FIRST_YEAR, NOUGHT, Formula, Series, words
from stepdown.outputs.workbook.functions import (
    band,
    both,
    delayed,
    larger,
    largest,
    smaller,
    total_product,
    when,
)
from stepdown.outputs.workbook.inputs import Inputs, Schedule
from stepdown.outputs.workbook.sheet import Book, Sheet
from stepdown.outputs.workbook.styles import FACTOR, POUNDS, SHARE
from stepdown.outputs.workbook.who_pays import WhoPays

NOT_YET = "not within the measured time"
"""What stands where a saving does not pay back."""

PLANNED, EXPECTED = "planned", "expected"
"""As simulated; and with optimism bias and delivery confidence taken off."""


MEASURES = tuple(
    (what, form)
    for form in (PLANNED, EXPECTED)
    for what in ("Net present value", "The same amount every year", "Pays back after years")
)
"""The figures of each perspective, in their order."""


class Npv(NamedTuple):
    """The figures: present values by perspective, form and schedule; payback in years by perspective and form."""

    present: Mapping[tuple[str, str, int], Formula]
    yearly: Mapping[tuple[str, str, int], Formula]
    payback: Mapping[tuple[str, str], Formula]
    factors: tuple[Series, ...]


def write_npv(book: Book, facts: Facts, inputs: Inputs, who: WhoPays) -> Npv:
    """Write the sheet."""
    sheet = Sheet(book, "NPV", [34, 32, 20, 20, 3, 3, 9])
    sheet.title(
        "NPV: what the savings are worth, discounted",
        (
            f"Constant prices of {facts.scenario.price_base}, real discount rates; year 0 of the "
            "appraisal is not discounted."
        ),
        (
            "Planned: as simulated. Expected: optimism bias and delivery confidence (sheet Inputs) "
            "taken off savings, and added to what is paid once."
        ),
    )
    sheet.year_columns("By year")
    sheet.freeze()
    top = sheet.row
    sheet.row += len(inputs.weights) * len(MEASURES) + 4
    ends = _ends(sheet, inputs)
    factors = tuple(_factors(sheet, inputs, schedule) for schedule in inputs.schedules)
    flows = {}
    for name in inputs.weights:
        sheet.heading(f"{capitalised(name)}: saved, by year")
        flows[name, PLANNED] = _with_payback(sheet, PLANNED, who.saving[name].here, ends, inputs)
        flows[name, EXPECTED] = _with_payback(sheet, EXPECTED, _expected(sheet, name, inputs, who), ends, inputs)
    bottom, sheet.row = sheet.row, top
    found = _summary(sheet, inputs, factors, flows)
    sheet.row = bottom
    return found


class _Flow(NamedTuple):
    """What is saved by year, up to each year, and when that has paid back."""

    saved: Series
    cumulative: Series
    paid_back: Series


def _ends(sheet: Sheet, inputs: Inputs) -> Series:
    part = inputs.years.part
    return sheet.series(["Years measured by the end"], running(sheet.name, sheet.row, part), "0.00", total_of=False)


def _factors(sheet: Sheet, inputs: Inputs, schedule: Schedule) -> Series:
    sheet.heading(f"Discounting: {schedule.title}")
    rate = sheet.series(
        ["Rate"], band(inputs.years.distance.here, schedule.begins, schedule.rates), SHARE, total_of=False
    )
    # The first factor follows one that stands before the columns of the years.
    sheet.put(FIRST_YEAR - 1, schedule.before, FACTOR)
    found = float(schedule.before.value) / np.cumprod(1 + rate.value)
    before = Series(sheet.name, sheet.row, found).before(float(schedule.before.value))
    return sheet.series(["Factor"], before / (inputs.units.whole + rate.here), FACTOR, total_of=False)


def _expected(sheet: Sheet, name: str, inputs: Inputs, who: WhoPays) -> Formula:
    """Write what is expected of recurrent savings, and return everything that is expected."""
    hope, whole, nature = inputs.hope, inputs.units.whole, who.of_nature
    recurrent = sheet.series(
        ["Recurrent, planned"], nature[name, RECURRENT].here + nature[name, UNINVOICED_NATURE].here
    )
    lowered = sheet.series(
        ["Recurrent, lowered where it saves"],
        when(recurrent.here > NOUGHT, recurrent.here * (whole - hope.savings) * hope.confidence, recurrent.here),
    )
    saved = sheet.series(["Of that, saved"], larger(lowered.here, NOUGHT))
    number = inputs.years.number
    late = sheet.series(["Saved, after the delay"], delayed(saved.all, number.all, number.here, hope.delay, whole))
    once = nature[name, SET_UP].here * (whole + hope.set_up) + nature[name, CAPITAL].here * (whole + hope.capital)
    return once + late.here + smaller(lowered.here, NOUGHT)


def _with_payback(sheet: Sheet, form: str, saved: Formula, ends: Series, inputs: Inputs) -> _Flow:
    row = sheet.series([f"Saved, {form}"], saved, look="strong")
    cumulative = sheet.series(["Cumulative, not discounted"], running(sheet.name, sheet.row, row), total_of=False)
    before = cumulative.before()
    crosses = both(before < NOUGHT, cumulative.here >= NOUGHT)
    at = ends.before() + -before / (cumulative.here - before) * inputs.years.part.here
    paid = sheet.series(["Paid back after years"], when(crosses, at, NOUGHT), "0.0;;", total_of=False)
    return _Flow(row, cumulative, paid)


def _summary(sheet: Sheet, inputs: Inputs, factors: Sequence[Series], flows: Mapping[tuple[str, str], _Flow]) -> Npv:
    """Write the figures, the schedules side by side."""
    sheet.heading("What it is worth")
    sheet.columns("Whose", "What", *(schedule.title for schedule in inputs.schedules), numbers_from=2)
    present, yearly, payback = {}, {}, {}
    for name in inputs.weights:
        for what, form in MEASURES:
            flow = flows[name, form]
            sheet.put(0, capitalised(name))
            sheet.put(1, f"{what}, {form}")
            if what == "Pays back after years":
                payback[name, form] = sheet.put(2, _payback(flow), "0.0")
            for at, factor in enumerate(factors):
                if what == "Net present value":
                    worth = total_product(flow.saved.all, factor.all)
                    present[name, form, at] = sheet.put(2 + at, worth, POUNDS)
                elif what == "The same amount every year":
                    annuity = total_product(factor.all, inputs.years.part.all)
                    yearly[name, form, at] = sheet.put(2 + at, present[name, form, at] / annuity, POUNDS)
            sheet.row += 1
    return Npv(present, yearly, payback, tuple(factors))


def _payback(flow: _Flow) -> Formula:
    """Return the years until what is saved has paid back what was spent; 0 where nothing is ever spent."""
    last = flow.cumulative.at(len(flow.cumulative.value) - 1)
    return when(last < NOUGHT, words(NOT_YET), largest(flow.paid_back.all))
