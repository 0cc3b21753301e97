"""Whose money is saved: by payer, and for the council, the public sector, the residents and everybody."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from stepdown.outputs.words.wording import capitalised
from stepdown.outputs.workbook.cashflow import NATURES, Cashflow, running
from stepdown.outputs.workbook.facts import Facts
from stepdown.outputs.workbook.formulas import Formula, Rows, Series, cell
from stepdown.outputs.workbook.functions import total, total_product, total_where, total_where_both
from stepdown.outputs.workbook.inputs import Inputs
from stepdown.outputs.workbook.sheet import Book, Sheet
from stepdown.outputs.workbook.styles import POUNDS


class WhoPays(NamedTuple):
    """What is saved.

    Attributes
    ----------
    saving, cash
        By perspective: what it saves, in constant prices and in cash.
    yearly
        By perspective: what it saves a year, on average over the measured time, in constant prices.
    of_nature
        By perspective and nature: what it saves, in constant prices.
    payers
        The row that adds up the payers.
    """

    saving: Mapping[str, Series]
    cash: Mapping[str, Series]
    yearly: Mapping[str, Formula]
    of_nature: Mapping[tuple[str, str], Series]
    payers: Series


def write_who_pays(book: Book, facts: Facts, inputs: Inputs, cashflow: Cashflow) -> WhoPays:
    """Write the sheet."""
    sheet = Sheet(book, "Who pays", [34, 18, 14, 3, 3, 3, 3])
    base = facts.scenario.price_base
    sheet.title(
        "Who pays: whose money the option saves",
        (
            "Above 0: saved. Below 0: more is paid. Each payer's saving counts for each perspective "
            "with its weight on the sheet Inputs."
        ),
        (
            "Not to be added up across perspectives: the council is part of the public sector, and "
            "both are part of everybody."
        ),
    )
    sheet.year_columns("Whose", "Payer no.", "Nature")
    sheet.freeze()
    sheet.heading(f"Saved by payer, prices of {base}")
    payers = _payers(sheet, inputs, cashflow.labels[0], cashflow.saving)
    all_payers = sheet.series(["All payers"], total(payers.here), look="strong")
    sheet.heading(f"Saved by perspective, prices of {base}")
    saving = _perspectives(sheet, inputs, payers)
    yearly = _yearly(book, sheet, inputs, saving)
    sheet.heading("Saved by payer, in cash")
    in_cash = _payers(sheet, inputs, cashflow.cash_labels[0], cashflow.cash)
    sheet.series(["All payers, cash"], total(in_cash.here), look="strong")
    sheet.heading("Saved by perspective, in cash")
    cash = _perspectives(sheet, inputs, in_cash)
    return WhoPays(saving, cash, yearly, _by_nature(sheet, facts, inputs, cashflow), all_payers)


def _payers(sheet: Sheet, inputs: Inputs, numbers: Formula, saved: Rows) -> Rows:
    """Write what each payer saves."""
    rows = []
    for number, payer in enumerate(inputs.payers, 1):
        wanted = cell(sheet.name, sheet.row, 1, float(number))
        rows.append(sheet.series([payer, float(number)], total_where(numbers, wanted, saved.here)))
    return sheet.rows(rows)


def _perspectives(sheet: Sheet, inputs: Inputs, payers: Rows) -> dict[str, Series]:
    """Write what each perspective saves, and cumulatively."""
    found = {
        name: sheet.series([capitalised(name)], total_product(weights, payers.here))
        for name, weights in inputs.weights.items()
    }
    for name, row in found.items():
        sheet.series([f"{capitalised(name)}, cumulative"], running(sheet.name, sheet.row, row), total_of=False)
    return found


def _yearly(book: Book, sheet: Sheet, inputs: Inputs, saving: Mapping[str, Series]) -> dict[str, Formula]:
    """Write what is saved a year on average."""
    sheet.heading("Saved a year, on average over the measured time")
    yearly = {}
    for name, row in saving.items():
        sheet.put(0, capitalised(name))
        yearly[name] = sheet.put(2, book.total_of(row) / inputs.units.measured, POUNDS)
        sheet.row += 1
    return yearly


def _by_nature(sheet: Sheet, facts: Facts, inputs: Inputs, cashflow: Cashflow) -> dict[tuple[str, str], Series]:
    """Write what is saved by the nature of the payments: by payer, and by perspective."""
    sheet.heading(f"Saved by payer and nature, prices of {facts.scenario.price_base}")
    blocks = {}
    for nature in NATURES:
        rows = []
        for number, payer in enumerate(inputs.payers, 1):
            wanted = cell(sheet.name, sheet.row, 1, float(number)), cell(sheet.name, sheet.row, 2, nature)
            saved = total_where_both(cashflow.saving.here, cashflow.labels[0], wanted[0], cashflow.labels[1], wanted[1])
            rows.append(sheet.series([payer, float(number), nature], saved))
        blocks[nature] = sheet.rows(rows)
    sheet.heading(f"Saved by perspective and nature, prices of {facts.scenario.price_base}")
    return {
        (name, nature): sheet.series([capitalised(name), "", nature], total_product(weights, block.here))
        for name, weights in inputs.weights.items()
        for nature, block in blocks.items()
    }
