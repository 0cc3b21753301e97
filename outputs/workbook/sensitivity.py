"""What the council would save if each price were other than it is, one at a time."""

from __future__ import annotations

from stepdown.outputs.money.perspectives import COUNCIL
from stepdown.outputs.workbook.cashflow import Activity
from stepdown.outputs.workbook.facts import Facts
from stepdown.outputs.workbook.formulas import Formula, Series, words
from stepdown.outputs.workbook.functions import entry, size, total, total_product, total_where, when
from stepdown.outputs.workbook.inputs import Inputs
from stepdown.outputs.workbook.npv import PLANNED, Npv
from stepdown.outputs.workbook.sheet import Book, Sheet
from stepdown.outputs.workbook.styles import PLAIN, POUNDS, SHARE
from stepdown.outputs.workbook.who_pays import WhoPays


def write_sensitivity(book: Book, facts: Facts, inputs: Inputs, activity: Activity, who: WhoPays, npv: Npv) -> Series:
    """Write the sheet, and return the row that adds up what all prices contribute."""
    sheet = Sheet(book, "Sensitivity", [7, 46, 15, 15, 15, 15, 17])
    title = inputs.schedules[0].title
    sheet.title(
        "Sensitivity: each price lower and higher, one at a time",
        (
            f"The council's saving a year and net present value ({title}, planned) if a price were "
            "lower or higher by the step on the sheet Inputs, in both options."
        ),
        (
            "Nothing is left at: the change of this price at which the council saves nothing over the "
            "measured time; -: not between free and double. The years show what the price "
            "contributes."
        ),
    )
    sheet.put(1, "As it is: saved a year, and net present value")
    yearly = sheet.put(2, who.yearly[COUNCIL], POUNDS)
    present = sheet.put(4, npv.present[COUNCIL, PLANNED, 0], POUNDS)
    sheet.row += 2
    sheet.year_columns(
        "Price", "Price", "A year, lower", "A year, higher", "NPV, lower", "NPV, higher", "Nothing is left at"
    )
    sheet.freeze(2)
    rows = []
    for price in facts.prices:
        number = sheet.put(0, float(price.number), PLAIN, "number")
        costs = [entry(inputs.prices.council[side], number) for side in (0, 1)]
        used = [total_where(activity.prices[side], number, activity.block[side].here) for side in (0, 1)]
        saved = costs[0] * used[0] - costs[1] * used[1]
        row = Series(sheet.name, sheet.row, saved.value)
        step = inputs.units.step
        a_year = book.total_of(row) / inputs.units.measured * step
        worth = total_product(row.all, npv.factors[0].all) * step
        for column, figure in enumerate((yearly - a_year, yearly + a_year, present - worth, present + worth), 2):
            sheet.put(column, figure, POUNDS)
        sheet.put(6, _nothing_left(yearly * inputs.units.measured, book.total_of(row)), SHARE)
        rows.append(sheet.series([float(price.number), price.name], saved))
    block = sheet.rows(rows)
    return sheet.series(["", "All prices"], total(block.here), look="strong")


def _nothing_left(saved: Formula, contributed: Formula) -> Formula:
    return when(size(saved) >= size(contributed), words("-"), -saved / contributed)
