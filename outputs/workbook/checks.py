"""What must agree: sums among themselves, and, as long as nobody has changed an input, the workbook with the model."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from stepdown.outputs.measures.intervals import Floats
from stepdown.outputs.money.case import View
from stepdown.outputs.money.perspectives import COUNCIL, EVERYBODY
from stepdown.outputs.workbook.cashflow import Cashflow
from stepdown.outputs.workbook.distribution import Distribution
from stepdown.outputs.workbook.facts import Facts
from stepdown.outputs.workbook.formulas import NOUGHT, Formula, Series, down, words
from stepdown.outputs.workbook.functions import how_many_are, size, total, when
from stepdown.outputs.workbook.inputs import Inputs
from stepdown.outputs.workbook.mtfs import LABELS, Mtfs
from stepdown.outputs.workbook.npv import EXPECTED, PLANNED, Npv
from stepdown.outputs.workbook.sheet import Book, Sheet
from stepdown.outputs.workbook.styles import PENCE, PLAIN
from stepdown.outputs.workbook.who_pays import WhoPays

AGREES, DIFFERS, CHANGED = "Agrees", "Differs", "Inputs changed"
"""What a check may say."""


class Sheets(NamedTuple):
    """The sheets that are checked."""

    cashflow: Cashflow
    who: WhoPays
    npv: Npv
    mtfs: Mtfs
    sensitivity: Series
    distribution: Distribution


class Checks(NamedTuple):
    """How many checks differ, and how many inputs were changed."""

    differ: Formula
    changed: Formula


def write_checks(book: Book, facts: Facts, inputs: Inputs, sheets: Sheets) -> Checks:
    """Write the sheet."""
    sheet = Sheet(book, "Checks", [70, 18, 18, 14, 18], with_years=False)
    sheet.title(
        "Checks",
        "Sums must always agree. Beside the model, figures agree to the pound as long as no input has been changed.",
    )
    sums, models = list(_sums(book, inputs, sheets)), list(_of_model(facts, book, inputs, sheets))
    listed = sheet.row + len(sums) + len(models) + 6
    sheet.put(0, "Inputs that were changed since stepdown wrote this workbook")
    changed = sheet.put(1, total(down(sheet.name, listed, 4, [0.0] * len(book.inputs))), PLAIN)
    sheet.row += 2
    sheet.columns("Check", "This workbook", "Held against", "Difference", "Result")
    sheet.freeze_rows()
    first, results, tolerance = sheet.row, [], inputs.units.tolerance
    for what, one, other in sums:
        results.append(_check(sheet, what, one, other, tolerance, words(DIFFERS)))
    unless = when(changed > NOUGHT, words(CHANGED), words(DIFFERS))
    for what, one, model in models:
        results.append(_check(sheet, f"Beside the model: {what}", one, model, tolerance, unless))
    sheet.colour_states(first, sheet.row - 1, 4, DIFFERS)
    _inputs(book, sheet, listed, inputs.units.whole)
    return Checks(how_many_are(down(sheet.name, first, 4, results), words(DIFFERS)), changed)


def _check(sheet: Sheet, what: str, one: Formula, other: Formula | float, tolerance: Formula, unless: Formula) -> str:
    sheet.put(0, what)
    here, held = sheet.put(1, one, PENCE), sheet.put(2, other, PENCE)
    apart = sheet.put(3, size(here - held), PENCE)
    state = sheet.put(4, when(apart < tolerance, words(AGREES), unless), look="state")
    sheet.row += 1
    return str(state.value)


def _inputs(book: Book, sheet: Sheet, first: int, whole: Formula) -> None:
    """List every input: as stepdown wrote it, and as it is now."""
    sheet.heading("Inputs")
    sheet.columns("Input", "As it was", "As it is", "", "Changed (1)")
    assert sheet.row == first  # the sum of the changes, further up, adds up these rows
    for one in book.inputs:
        sheet.put(0, one.what)
        was, now = sheet.put(1, float(one.place.value), one.number), sheet.put(2, one.place, one.number)
        sheet.put(4, when(now.equals(was), NOUGHT, whole), PLAIN)
        sheet.row += 1


def _sums(book: Book, inputs: Inputs, sheets: Sheets) -> Iterator[tuple[str, Formula, Formula]]:
    """Yield sums that must agree."""
    cashflow, who, mtfs = sheets.cashflow, sheets.who, sheets.mtfs

    def in_all(row: Series) -> Formula:
        return book.total_of(row)

    saved, council = in_all(cashflow.total), in_all(who.saving[COUNCIL])
    yield "Carry-on minus option is what is saved", in_all(cashflow.paid[0]) - in_all(cashflow.paid[1]), saved
    yield "All payers save what all lines save", in_all(who.payers), saved
    yield "Everybody saves what all payers save", in_all(who.saving[EVERYBODY]), in_all(who.payers)
    natures = [in_all(row) for (name, _), row in who.of_nature.items() if name == COUNCIL]
    yield "The council's savings by nature add up", natures[0] + natures[1] + natures[2] + natures[3], council
    yield "In cash, everybody saves what all lines save", in_all(who.cash[EVERYBODY]), in_all(cashflow.total_cash)
    yield "MTFS: the council's cash, by label", in_all(mtfs.total) * inputs.units.thousand, in_all(who.cash[COUNCIL])
    yield "Sensitivity: what all prices contribute is what the council saves", in_all(sheets.sensitivity), council
    yield (
        "Distribution: the mean of the runs is what the council saves a year",
        sheets.distribution.mean,
        who.yearly[COUNCIL],
    )


def _of_model(facts: Facts, book: Book, inputs: Inputs, sheets: Sheets) -> Iterator[tuple[str, Formula, float]]:
    """Yield what the model says too."""
    case = facts.case
    option = float(case.flows.total().sum(axis=1).mean())
    saved = float(case.savings.total().sum(axis=1).mean())
    yield "carry-on pays in all", book.total_of(sheets.cashflow.paid[0]), option + saved
    yield "the option pays in all", book.total_of(sheets.cashflow.paid[1]), option
    for name, view in case.views.items():
        yield f"{name} saves in all", book.total_of(sheets.who.saving[name]), _mean(view.whose.of(case.savings))
        yield (
            f"{name} saves a year",
            sheets.who.yearly[name],
            _mean(view.whose.of(case.savings)) / facts.run.window.years,
        )
        yield from _worths(name, view, sheets.npv)
    budget = case.views[COUNCIL].budget
    assert budget is not None  # a workbook is made only where the year of the prices is known
    for label, values in zip(
        LABELS, (budget.cashable, budget.avoided, budget.non_cashable, budget.one_off), strict=True
    ):
        row = book.total_of(sheets.mtfs.labelled[label]) * inputs.units.thousand
        yield f"the council's cash, {label}", row, float(values.sum())
    yearly = case.views[COUNCIL].whose.of(case.savings).sum(axis=1) / facts.run.window.years
    for what, cell_of, share in (("from", sheets.distribution.low, 0.1), ("to", sheets.distribution.high, 0.9)):
        yield f"8 in 10 runs, {what}", cell_of, float(np.quantile(yearly, share))


def _worths(name: str, view: View, npv: Npv) -> Iterator[tuple[str, Formula, float]]:
    for form, worths in ((PLANNED, view.planned), (EXPECTED, view.expected)):
        for at, (schedule, worth) in enumerate(worths.items()):
            yield (
                f"{name}, net present value, {schedule}, {form}",
                npv.present[name, form, at],
                _mean(worth.present_value),
            )
            yield (
                f"{name}, same every year, {schedule}, {form}",
                npv.yearly[name, form, at],
                _mean(worth.equivalent_annual),
            )


def _mean(runs: Floats) -> float:
    """Return the mean of the runs, of all years where there are years."""
    return float(runs.reshape(len(runs), -1).sum(axis=1).mean())
