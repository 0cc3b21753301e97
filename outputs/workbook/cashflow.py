"""What is paid for, and what it costs: activity times price times share, line by line and year by year."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from stepdown.outputs.money.flows import ONE_OFF, UNINVOICED
from stepdown.outputs.money.paid_for import UNITS
from stepdown.outputs.workbook.facts import Amount, Facts
from stepdown.outputs.workbook.formulas import Formula, Rows, Series, down
from stepdown.outputs.workbook.functions import looked_up, total
from stepdown.outputs.workbook.inputs import Inputs
from stepdown.outputs.workbook.sheet import Book, Content, Sheet
from stepdown.outputs.workbook.styles import FACTOR, NUMBER

RECURRENT, UNINVOICED_NATURE, SET_UP, CAPITAL = NATURES = ("recurrent", "unit cost", "set-up", "capital")
"""Of what nature a payment is: made year after year, an average cost that nobody sends a bill for, or made once."""


class Activity(NamedTuple):
    """The rows of activity, in the order of the facts' amounts, for carry-on and for the option.

    Attributes
    ----------
    rows
        Each row.
    prices
        The ranges of their prices' numbers.
    block
        All the rows of carry-on, and all of the option.
    """

    rows: tuple[Sequence[Series], Sequence[Series]]
    prices: tuple[Formula, Formula]
    block: tuple[Rows, Rows]


class Cashflow(NamedTuple):
    """What the option saves.

    Attributes
    ----------
    paid
        The rows that add up what carry-on and the option pay.
    saving, cash
        The rows of savings, in constant prices and in cash.
    payers, natures
        The ranges of the payers' numbers and of the natures beside the savings, and beside the savings in cash.
    spent, spent_labels
        The rows of what carry-on pays, with their ranges of payers and natures.
    total, total_cash
        The rows that add up the savings.
    uplift
        By payer: what constant prices are multiplied by to be cash.
    """

    paid: tuple[Series, Series]
    saving: Rows
    cash: Rows
    labels: tuple[Formula, Formula]
    cash_labels: tuple[Formula, Formula]
    spent: Rows
    spent_labels: tuple[Formula, Formula]
    total: Series
    total_cash: Series
    uplift: Mapping[str, Series]


def nature_of(kind: str) -> str:
    """Return of what nature a kind of payment is."""
    if kind in UNINVOICED:
        return UNINVOICED_NATURE
    return kind if kind in ONE_OFF else RECURRENT


def write_activity(book: Book, facts: Facts) -> Activity:
    """Write what is paid for, as the runs had it on average."""
    sheet = Sheet(book, "Activity", [7, 46, 13, 22, 22, 20, 3])
    sheet.title(
        "Activity: what is paid for",
        (
            f"Mean of {len(facts.replications)} paired runs, by financial year (April to March). It "
            "comes from the simulation and is not an input."
        ),
    )
    sheet.year_columns("Price", "Price", "Kind", "Setting", "Item", "Unit")
    sheet.freeze()
    rows: list[list[Series]] = []
    for side, name in enumerate(("Carry-on", f"Option: {facts.case.option}")):
        sheet.heading(name)
        rows.append([sheet.series(_activity_labels(one), one.runs[side].mean(axis=0), NUMBER) for one in facts.amounts])
    numbers = [float(one.price.number) for one in facts.amounts]
    ranges = [down(sheet.name, side[0].row, 0, numbers) for side in rows]
    return Activity((rows[0], rows[1]), (ranges[0], ranges[1]), (sheet.rows(rows[0]), sheet.rows(rows[1])))


def _activity_labels(one: Amount) -> list[Content]:
    return [float(one.price.number), one.price.name, one.kind, one.setting, one.item, UNITS[one.kind]]


class _Line(NamedTuple):
    """What one payer pays for one thing: an amount of activity, and its bearer."""

    at: int
    amount: Amount
    payer: str


def write_cashflow(book: Book, facts: Facts, inputs: Inputs, activity: Activity) -> Cashflow:
    """Write what carry-on and the option pay, what the option saves, and what that is in cash."""
    sheet = Sheet(book, "Cashflow", [7, 7, 22, 13, 22, 40, 11])
    base = facts.scenario.price_base
    sheet.title(
        "Cashflow: activity x price x share",
        (
            f"Constant prices of {base}, then cash. Savings are carry-on minus option: above 0 where "
            "the option costs less."
        ),
        "Financial years of which only a part was measured are marked as such, and hold the money of that part.",
    )
    sheet.year_columns("Price", "Payer", "Payer", "Kind", "Item", "Price", "Nature")
    sheet.freeze()
    lines = [_Line(at, one, payer) for at, one in enumerate(facts.amounts) for payer in one.price.shares]
    paid = [
        _paid(sheet, f"{name}: paid, prices of {base}", lines, inputs, activity, side)
        for side, name in enumerate(("Carry-on", f"Option ({facts.case.option})"))
    ]
    sheet.heading(f"Saved: carry-on minus option, prices of {base}")
    saved = [
        sheet.series(_labels(line, inputs), one.here - other.here)
        for line, one, other in zip(lines, paid[0], paid[1], strict=True)
    ]
    block = sheet.rows(saved)
    in_all = sheet.series(["", "", "Saved in all"], total(block.here), look="strong")
    sheet.series(["", "", "Cumulative"], _running(sheet, in_all), total_of=False)
    uplift = _uplift(sheet, facts, inputs)
    sheet.heading("Saved, in cash: constant prices x growth of prices")
    cash = [
        sheet.series(_labels(line, inputs), one.here * uplift[line.payer].here)
        for line, one in zip(lines, saved, strict=True)
    ]
    cash_block = sheet.rows(cash)
    in_cash = sheet.series(["", "", "Saved in all, cash"], total(cash_block.here), look="strong")
    sheet.series(["", "", "Cumulative, cash"], _running(sheet, in_cash), total_of=False)
    totals = [_under(paid_side) for paid_side in paid]
    return Cashflow(
        (totals[0], totals[1]),
        block,
        cash_block,
        _ranges(sheet, block, lines, inputs),
        _ranges(sheet, cash_block, lines, inputs),
        sheet.rows(paid[0]),
        _ranges(sheet, sheet.rows(paid[0]), lines, inputs),
        in_all,
        in_cash,
        uplift,
    )


def _paid(
    sheet: Sheet, heading: str, lines: Sequence[_Line], inputs: Inputs, activity: Activity, side: int
) -> list[Series]:
    sheet.heading(heading)
    rows = []
    for line in lines:
        number = line.amount.price.number
        price, share = inputs.prices.based[number][side], inputs.prices.shares[number, line.payer][side]
        rows.append(sheet.series(_labels(line, inputs), activity.rows[side][line.at].here * price * share))
    sheet.series(["", "", "Paid in all"], total(sheet.rows(rows).here), look="strong")
    return rows


def _under(rows: Sequence[Series]) -> Series:
    """Return the row below some rows, which adds them up."""
    return Series(rows[0].sheet, rows[-1].row + 1, sum(row.value for row in rows))


def _labels(line: _Line, inputs: Inputs) -> list[Content]:
    one = line.amount
    number = float(inputs.payers.index(line.payer) + 1)
    return [float(one.price.number), number, line.payer, one.kind, one.item, one.price.name, nature_of(one.kind)]


def _ranges(sheet: Sheet, rows: Rows, lines: Sequence[_Line], inputs: Inputs) -> tuple[Formula, Formula]:
    payers = [float(inputs.payers.index(line.payer) + 1) for line in lines]
    natures = [nature_of(line.amount.kind) for line in lines]
    return down(sheet.name, rows.first, 1, payers), down(sheet.name, rows.first, 6, natures)


def _running(sheet: Sheet, of: Series) -> Formula:
    """Return the sum of a row up to each year; it is to stand in the row that comes next."""
    return running(sheet.name, sheet.row, of)


def running(name: str, row: int, of: Series) -> Formula:
    """Return the sum of a row up to each year, for a row whose cell before the first year is empty."""
    sums = Series(name, row, of.value.cumsum())
    return sums.before() + of.here


def _uplift(sheet: Sheet, facts: Facts, inputs: Inputs) -> dict[str, Series]:
    sheet.heading(f"What prices of {facts.scenario.price_base} are multiplied by to be cash")
    found = {}
    for payer in inputs.payers:
        growth = inputs.growth[payer]
        index = looked_up(growth.begins, inputs.years.begins.here, growth.indices)
        labels: list[Content] = ["", float(inputs.payers.index(payer) + 1), payer]
        found[payer] = sheet.series(labels, index / growth.base, FACTOR, total_of=False)
    return found
