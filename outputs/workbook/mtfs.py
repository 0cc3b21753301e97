"""The council's savings as a medium-term financial strategy has them: £000 in cash, by financial year and by label."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from stepdown.outputs.money.budget import FULL
from stepdown.outputs.money.perspectives import COUNCIL
from stepdown.outputs.workbook.cashflow import CAPITAL, RECURRENT, SET_UP, UNINVOICED_NATURE, Cashflow, running
from stepdown.outputs.workbook.facts import Facts
from stepdown.outputs.workbook.formulas import NOUGHT, Formula, Rows, Series, cell
from stepdown.outputs.workbook.functions import entry, larger, smaller, total_where_both, when
from stepdown.outputs.workbook.inputs import Inputs
from stepdown.outputs.workbook.sheet import Book, Sheet
from stepdown.outputs.workbook.styles import PLAIN, SHARE, THOUSANDS

LABELS = ("cashable", "avoided", "non-cashable", "one-off")
"""What a saving may be called."""


class Mtfs(NamedTuple):
    """The rows in £000: by label, recurrent, in all; and the recurrent saving of the last full year."""

    labelled: dict[str, Series]
    recurrent: Series
    total: Series
    full_year: tuple[str, Formula] | None


def write_mtfs(book: Book, facts: Facts, inputs: Inputs, cashflow: Cashflow) -> Mtfs:
    """Write the sheet."""
    sheet = Sheet(book, "MTFS", [52, 9, 20, 16, 3, 3, 3])
    sheet.title(
        "MTFS: what the council saves in cash, £000",
        "Above 0: saved. One-off: set-up and capital. Recurrent: everything else, as it falls in each year.",
        (
            "Cashable: a budget falls below today's. Avoided: growth that does not happen, and so no "
            "part of what the budget falls by. Non-cashable: capacity is freed, and no budget falls."
        ),
    )
    sheet.year_columns("£000, cash")
    sheet.freeze()
    top = sheet.row
    sheet.row += 18
    workings = [_payer(sheet, facts, inputs, cashflow, payer) for payer in inputs.payers]
    bottom, sheet.row = sheet.row, top
    found = _summary(sheet, facts, inputs, workings)
    sheet.row = bottom
    return found


def _summary(sheet: Sheet, facts: Facts, inputs: Inputs, workings: Sequence[dict[str, Series]]) -> Mtfs:
    sheet.heading("What the council saves")
    rows = {}
    for label, name in zip(LABELS, ("Cashable", "Avoided", "Non-cashable", "One-off"), strict=True):
        parts = [one[label].here for one in workings]
        whole = parts[0]
        for part in parts[1:]:
            whole = whole + part
        rows[label] = sheet.series([name], whole / inputs.units.thousand, THOUSANDS)
    falls = sheet.series(
        ["The budget falls by: cashable and one-off"], rows["cashable"].here + rows["one-off"].here, THOUSANDS, "strong"
    )
    sheet.series(["Cumulative"], running(sheet.name, sheet.row, falls), THOUSANDS, total_of=False)
    sheet.heading("Beside carry-on: avoided growth and freed capacity too")
    recurrent = sheet.series(
        ["Recurrent, of every label"],
        rows["cashable"].here + rows["avoided"].here + rows["non-cashable"].here,
        THOUSANDS,
        look="strong",
    )
    sheet.series(["Change on the year before"], recurrent.here - recurrent.before(), THOUSANDS, total_of=False)
    part = inputs.years.part.here
    sheet.series(["If a part-year were a full one"], recurrent.here / part, THOUSANDS, total_of=False)
    in_all = sheet.series(
        ["In all, one-off and recurrent"], recurrent.here + rows["one-off"].here, THOUSANDS, look="strong"
    )
    sheet.series(["Cumulative"], running(sheet.name, sheet.row, in_all), THOUSANDS, total_of=False)
    full = np.flatnonzero(facts.parts >= FULL)
    effect = None
    if len(full):
        last = int(full[-1])
        sheet.put(0, f"Full-year effect: recurrent, in {facts.years[last]}")
        effect = facts.years[last], sheet.put(2, recurrent.at(last), THOUSANDS)
    return Mtfs(rows, recurrent, in_all, effect)


def _payer(sheet: Sheet, facts: Facts, inputs: Inputs, cashflow: Cashflow, payer: str) -> dict[str, Series]:
    """Write how a payer's savings are labelled, and return what the council saves of them in cash, in pounds."""
    number = float(inputs.payers.index(payer) + 1)
    sheet.heading(f"{payer}: how its savings are labelled (£, prices of {facts.scenario.price_base})")
    sheet.put(0, "Counts for the council")
    place = sheet.put(1, number, PLAIN, "number")
    weight = sheet.put(2, entry(inputs.weights[COUNCIL], place), SHARE)
    sheet.row += 1

    def sums(what: str, nature: str, of: Rows, labels: tuple[Formula, Formula]) -> Series:
        wanted = cell(sheet.name, sheet.row, 1, number), cell(sheet.name, sheet.row, 2, nature)
        return sheet.series(
            [what, number, nature], total_where_both(of.here, labels[0], wanted[0], labels[1], wanted[1])
        )

    spent = sums("Carry-on pays, invoiced", RECURRENT, cashflow.spent, cashflow.spent_labels)
    saved = sums("Saved, invoiced", RECURRENT, cashflow.saving, cashflow.labels)
    first = _today(facts)
    today = spent.at(first) / inputs.years.part.at(first) * inputs.years.part.here
    budget = sheet.series([f"Today's budget: what carry-on pays in {facts.years[first]}"], today)
    below = sheet.series(["How far the option stays below it"], larger(budget.here - (spent.here - saved.here), NOUGHT))
    cashable = sheet.series(["Cashable"], when(saved.here > NOUGHT, smaller(saved.here, below.here), saved.here))
    labelled = {
        "cashable": cashable,
        "avoided": sheet.series(["Avoided"], saved.here - cashable.here),
        "non-cashable": sums("Non-cashable", UNINVOICED_NATURE, cashflow.saving, cashflow.labels),
    }
    set_up = sums("One-off: set-up", SET_UP, cashflow.saving, cashflow.labels)
    capital = sums("One-off: capital", CAPITAL, cashflow.saving, cashflow.labels)
    labelled["one-off"] = sheet.series(["One-off"], set_up.here + capital.here)
    return {
        label: sheet.series([f"The council's, in cash: {label}"], row.here * cashflow.uplift[payer].here * weight)
        for label, row in labelled.items()
    }


def _today(facts: Facts) -> int:
    """Return the year of today's budget: the first full one, else the one of which most was measured."""
    full = np.flatnonzero(facts.parts >= FULL)
    return int(full[0]) if len(full) else int(np.argmax(facts.parts))
