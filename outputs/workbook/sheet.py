"""Writing a sheet from top to bottom: titles, tables, and rows of financial years that stand in the same columns."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple, TypeAlias

import numpy as np
from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from stepdown.outputs.measures.intervals import Floats
from stepdown.outputs.money.budget import FULL
from stepdown.outputs.workbook.formulas import FIRST_YEAR, Formula, Rows, Series, across, cell
from stepdown.outputs.workbook.functions import total
from stepdown.outputs.workbook.styles import PLAIN, POUNDS, Styles

Content: TypeAlias = str | float | Formula | None

LONGEST_TEXT = 1000
"""Characters of a text, such as a table of distances in a scenario, that are shown."""

A3, A4 = 8, 9
"""Sizes of paper, as spreadsheets number them."""

WIDE = 150
"""Sheets wider than this are printed on A3, so that they can be read."""

YEAR_WIDTH, LINE_HEIGHT, LETTER = 12, 13.5, 1.0
"""The width of a column of a year, the height of a line, and the width of a letter with some room to break lines."""


class Input(NamedTuple):
    """A cell that may be changed: what it is, where it stands, and what was in it at first."""

    what: str
    place: Formula
    number: str


class Book:
    """The workbook while it is written: its years, its looks, and every cell that may be changed."""

    def __init__(self, workbook: Workbook, years: Sequence[str], parts: Floats) -> None:
        self.workbook = workbook
        self.styles = Styles(workbook)
        self.years = tuple(year if part >= FULL else f"{year} (part)" for year, part in zip(years, parts, strict=True))
        self.inputs: list[Input] = []
        self.sheets: list[Sheet] = []

    def finish(self) -> None:
        """Say what is printed of each sheet."""
        for sheet in self.sheets:
            sheet.finish()

    @property
    def after_years(self) -> int:
        """The first column after the years."""
        return FIRST_YEAR + len(self.years)

    def total_of(self, series: Series) -> Formula:
        """Return the cell with the total of a row, after the years."""
        return cell(series.sheet, series.row, self.after_years, float(series.value.sum()))


class Sheet:
    """One sheet, and the row that comes next."""

    def __init__(self, book: Book, name: str, widths: Sequence[float], with_years: bool = True) -> None:
        self.name = name
        self.row = 0
        self._book = book
        self._sheet: Worksheet = book.workbook.add_worksheet(name)
        self._style = book.styles
        self._widths = [*widths, *[YEAR_WIDTH] * (len(book.years) + 1 if with_years else 0)]
        self._lines: dict[int, int] = {}
        self._longest = 0
        book.sheets.append(self)
        for column, width in enumerate(self._widths):
            self._sheet.set_column(column, column, width, self._style())
        self._sheet.hide_gridlines(2)
        self._sheet.set_landscape()
        self._sheet.set_paper(A3 if sum(self._widths) > WIDE else A4)
        self._sheet.fit_to_pages(1, 0)
        self._sheet.set_margins(left=0.4, right=0.4, top=0.6, bottom=0.6)
        self._sheet.set_footer("&L&8&F&C&8&A&R&8Page &P of &N")

    def title(self, text: str, *notes: str) -> None:
        """Write what the sheet is about, and how to read it."""
        self._sheet.set_row(self.row, 24)
        self.text(text, "title")
        for note in notes:
            self.note(note)
        self.row += 1

    def note(self, text: str) -> None:
        """Write a text across the whole width of the sheet."""
        self.across(0, text, "note")
        self.row += 1

    def across(self, column: int, text: str, look: str) -> None:
        """Write a text from a column to the last one, on as many lines as it takes."""
        style = self._style(look)
        self._sheet.merge_range(self.row, column, self.row, len(self._widths) - 1, "", style)
        self._write(self.row, column, text, look, "General")
        self._make_room(text, sum(self._widths[column:]))

    def text(self, text: str, look: str = "cell", column: int = 0) -> None:
        """Write a line of text."""
        self._write(self.row, column, text, look, "General")
        self.row += 1

    def heading(self, text: str) -> None:
        """Begin a part of the sheet."""
        self.row += 1
        self._sheet.set_row(self.row, 18)
        self.text(text, "heading")

    def columns(self, *names: str, numbers_from: int = 1) -> None:
        """Write the names of columns."""
        for column, name in enumerate(names):
            look = "column" if column >= numbers_from else "left column"
            self._write(self.row, column, name, look, "General")
            self._make_room(name, self._widths[column])
        self.row += 1

    def year_columns(self, *names: str, after: str | None = "All years") -> None:
        """Write the financial years above their columns, with names of the columns before and after them."""
        for column in range(FIRST_YEAR):
            name = names[column] if column < len(names) else ""
            self._write(self.row, column, name, "left column", "General")
            self._make_room(name, self._widths[column])
        for column, year in enumerate(self._book.years, FIRST_YEAR):
            self._write(self.row, column, year, "column", "General")
        if after is not None:
            self._write(self.row, self._book.after_years, after, "column", "General")
        self.row += 1

    def freeze(self, column: int = FIRST_YEAR) -> None:
        """Keep what stands above and before in sight, and print it on every page."""
        self._sheet.freeze_panes(self.row, column)
        self._sheet.repeat_rows(self.row - 1)

    def freeze_rows(self) -> None:
        """Keep what stands above in sight, and print it on every page."""
        self.freeze(0)

    def series(
        self,
        labels: Sequence[Content],
        what: Formula | Floats,
        number: str = POUNDS,
        look: str = "cell",
        total_of: bool = True,
    ) -> Series:
        """Write a row with a value for each financial year, and their total."""
        row = self.row
        self.labels(labels, look)
        value = np.broadcast_to(what.value if isinstance(what, Formula) else what, len(self._book.years)).astype(float)
        for at, column in enumerate(range(FIRST_YEAR, self._book.after_years)):
            one = Formula(what.text, value[at]) if isinstance(what, Formula) else float(value[at])
            self._write(row, column, one, look, number)
        written = Series(self.name, row, value)
        if total_of:
            self._write(row, self._book.after_years, total(written.all), look, number)
        elif look == "strong":
            self._write(row, self._book.after_years, None, look, number)
        self.row += 1
        return written

    def labels(self, labels: Sequence[Content], look: str = "cell") -> None:
        """Write what stands before the years."""
        for column in range(FIRST_YEAR):
            content = labels[column] if column < len(labels) else None
            if content is not None or look == "strong":
                number = isinstance(content, float)
                looks = "number" if number and look == "cell" else look
                self._write(self.row, column, content, looks, PLAIN if number else "General")

    def put(self, column: int, content: Content, number: str = "General", look: str = "cell") -> Formula:
        """Write into a column of the row that comes next, and return the cell."""
        self._write(self.row, column, content, look, number)
        if look == "wrapped" and isinstance(content, str):
            self._make_room(content, self._widths[column])
        value = content.value if isinstance(content, Formula) else content
        return cell(self.name, self.row, column, value)

    def input(self, column: int, what: str, value: float, number: str) -> Formula:
        """Write a value that may be changed into a column of the row that comes next, and return the cell."""
        return self._input(what, self.row, column, value, number)

    def link(self, sheet: str) -> None:
        """Write the name of a sheet that leads there."""
        self._sheet.write_url(self.row, 0, f"internal:'{sheet}'!A1", self._style("link"), sheet)

    def matrix_row(self, column: int, values: Floats, number: str) -> Formula:
        """Write numbers beside one another into the row that comes next, and return their range."""
        for at, value in enumerate(values):
            self._write(self.row, column + at, float(value), "cell", number)
        return across(self.name, self.row, column, [float(value) for value in values], fixed=False)

    def rows(self, series: Sequence[Series]) -> Rows:
        """Return rows that were written below one another as one block."""
        return Rows(self.name, series[0].row, np.array([one.value for one in series]))

    def width(self, first: int, last: int, width: float) -> None:
        """Set the width of further columns."""
        self._sheet.set_column(first, last, width, self._style())

    def finish(self) -> None:
        """Print what lies within the columns that were given a width at first."""
        self._sheet.print_area(0, 0, self._longest, len(self._widths) - 1)

    def _make_room(self, text: str, width: float) -> None:
        """Make the row that comes next high enough for a text; a spreadsheet does not where cells are merged."""
        lines = max(self._lines.get(self.row, 1), math.ceil(min(len(text), LONGEST_TEXT) * LETTER / width))
        self._lines[self.row] = lines
        self._sheet.set_row(self.row, LINE_HEIGHT * lines + 2)

    def colour_states(self, first: int, last: int, column: int, wrong: str) -> None:
        """Show a word in red that tells of something wrong."""
        red = self._book.workbook.add_format({"bold": True, "font_color": "#D4351C"})
        rule = {"type": "cell", "criteria": "==", "value": f'"{wrong}"', "format": red}
        self._sheet.conditional_format(first, column, last, column, rule)

    def _input(self, what: str, row: int, column: int, value: float, number: str) -> Formula:
        self._write(row, column, value, "input", number)
        place = cell(self.name, row, column, value)
        self._book.inputs.append(Input(what, place, number))
        return place

    def _write(self, row: int, column: int, content: Content, look: str, number: str) -> None:
        style = self._style(look, number)
        self._longest = max(self._longest, row)
        if isinstance(content, Formula):
            value = content.value
            if not isinstance(value, str):
                value = float(value) if math.isfinite(value) else "#DIV/0!"
            self._sheet.write_formula(row, column, f"={content.text(self.name, column)}", style, value)
        elif isinstance(content, str):
            # Never anything that guesses: a name that begins with an equals sign is a name.
            shown = content if len(content) <= LONGEST_TEXT else f"{content[:LONGEST_TEXT]} ..."
            self._sheet.write_string(row, column, shown, style)
        elif content is None:
            self._sheet.write_blank(row, column, None, style)
        else:
            self._sheet.write_number(row, column, content, style)
