"""Reading a workbook as a spreadsheet does: an engine that is not ours computes every formula again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import formulas
import openpyxl
from openpyxl.workbook import Workbook

Values = dict[tuple[str, str], Any]
"""What cells come to, by sheet and place."""


def cells(book: Workbook) -> Values:
    """Every cell of a workbook that holds something."""
    return {
        (sheet.title, cell.coordinate): cell.value
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None
    }


def written(path: Path) -> Values:
    """What was written beside each formula, and every other cell."""
    return cells(openpyxl.load_workbook(path, data_only=True))


def formulas_of(path: Path) -> dict[tuple[str, str], str]:
    """The text of every formula."""
    book = openpyxl.load_workbook(path)
    return {place: text for place, text in cells(book).items() if book[place[0]][place[1]].data_type == "f"}


def computed(path: Path) -> Values:
    """What every formula comes to."""
    found = formulas.ExcelModel().loads(str(path)).finish().calculate()
    by_place = {}
    for key, cell in found.items():
        place = str(key).rpartition("]")[2]
        sheet, _, coordinate = place.partition("'!")
        if coordinate.isalnum():
            by_place[sheet.casefold(), coordinate] = cell.value[0, 0]
    return {place: by_place[place[0].casefold(), place[1]] for place in formulas_of(path)}


def changed(path: Path, to: Path, values: dict[str, float]) -> Path:
    """Put other values into the inputs of these names, as the sheet Checks calls them, and save it elsewhere."""
    book = openpyxl.load_workbook(path)
    for name, value in values.items():
        (row,) = [row for row in book["Checks"].iter_rows() if row[0].value == name]
        sheet, _, place = row[2].value.removeprefix("=").partition("!")
        book[sheet.strip("'")][place.replace("$", "")] = value
    book.save(to)
    return to


def beside(values: Values, sheet: str, label: str, column: str = "B") -> Any:
    """What stands in a column of the first row whose first cell is a label."""
    row = next(
        place[1:] for (name, place), value in values.items() if name == sheet and place[0] == "A" and value == label
    )
    return values[sheet, f"{column}{row}"]
