"""How the saving differs from run to run: every paired run, at the prices that stand on the sheet of inputs."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from stepdown.outputs.measures.intervals import Floats
from stepdown.outputs.words.covers import covers, drawn_inputs
from stepdown.outputs.workbook.facts import Facts
from stepdown.outputs.workbook.formulas import Formula, across, cell, down
from stepdown.outputs.workbook.functions import entry, how_many, how_many_below_nought, mean, quantile, total_product
from stepdown.outputs.workbook.inputs import Inputs
from stepdown.outputs.workbook.sheet import Book, Sheet
from stepdown.outputs.workbook.styles import NUMBER, PENCE, PLAIN, POUNDS, SHARE, WHOLE

FIRST = 5
"""The column of the first price."""


class Distribution(NamedTuple):
    """What the council saves a year in the runs: the mean, the range of most runs, and the part that costs more."""

    mean: Formula
    low: Formula
    high: Formula
    costs_more: Formula


def write_distribution(book: Book, facts: Facts, inputs: Inputs) -> Distribution:
    """Write the sheet."""
    sheet = Sheet(book, "Distribution", [44, 16, 3, 3, 16], with_years=False)
    sheet.title(
        "Distribution: what the council saves a year, run by run",
        (
            "Each run is one history of the same people with the same luck, with and without the "
            f"option. The range {covers(drawn_inputs(facts.scenario))}."
        ),
        (
            "Savings follow the prices on the sheet Inputs. The columns to the right hold what was "
            "paid for in each run over the whole time."
        ),
    )
    top = sheet.row
    sheet.row += 8
    amounts = [(side, price.number, _of_runs(facts, side, price.number)) for side in (0, 1) for price in facts.prices]
    kept = [one for one in amounts if one[2].any()]
    sheet.width(FIRST, FIRST + len(kept) - 1, 12)
    sheet.put(0, "Carry-on (1) or option (2)")
    sheet.matrix_row(FIRST, np.array([side + 1.0 for side, _, _ in kept]), PLAIN)
    sheet.row += 1
    sheet.put(0, "Price no.")
    sheet.matrix_row(FIRST, np.array([float(number) for _, number, _ in kept]), PLAIN)
    numbers = sheet.row
    sheet.row += 1
    sheet.put(0, "What one saves the council (the option's: costs it)")
    worth = _worth(sheet, inputs, kept, numbers)
    sheet.row += 1
    sheet.columns("Run", "Saved a year")
    sheet.freeze(2)
    first, saved = sheet.row, []
    for at, replication in enumerate(facts.replications):
        sheet.put(0, float(replication) + 1, PLAIN, "number")
        amounts_of = sheet.matrix_row(FIRST, np.array([runs[at] for _, _, runs in kept]), NUMBER)
        saved.append(sheet.put(1, total_product(worth, amounts_of) / inputs.units.measured, POUNDS).value)
        sheet.row += 1
    bottom, sheet.row = sheet.row, top
    found = _statistics(sheet, down(sheet.name, first, 1, saved), inputs)
    sheet.row = bottom
    return found


def _of_runs(facts: Facts, side: int, number: int) -> Floats:
    """Return what was paid for at a price in each run, over the whole time, shape (runs,)."""
    found = [one.runs[side].sum(axis=1) for one in facts.amounts if one.price.number == number]
    return np.asarray(np.sum(found, axis=0))


def _worth(sheet: Sheet, inputs: Inputs, kept: list[tuple[int, int, Floats]], numbers: int) -> Formula:
    """Write what one of each saves the council, and return the range."""
    values = []
    for at, (side, number, _) in enumerate(kept):
        costs = entry(inputs.prices.council[side], cell(sheet.name, numbers, FIRST + at, float(number)))
        values.append(float(sheet.put(FIRST + at, -costs if side else costs, PENCE).value))
    return across(sheet.name, sheet.row, FIRST, values)


def _statistics(sheet: Sheet, saved: Formula, inputs: Inputs) -> Distribution:
    def line(what: str, content: Formula, number: str) -> Formula:
        sheet.put(0, what)
        place = sheet.put(1, content, number)
        sheet.row += 1
        return place

    sheet.heading("The council saves a year")
    average = line("Mean of the runs", mean(saved), POUNDS)
    low = line("8 in 10 runs: from", quantile(saved, inputs.units.low), POUNDS)
    high = line("8 in 10 runs: to", quantile(saved, inputs.units.high), POUNDS)
    runs = line("Runs", how_many(saved), WHOLE)
    costs_more = line("Part of the runs in which it costs more", how_many_below_nought(saved) / runs, SHARE)
    return Distribution(average, low, high, costs_more)
