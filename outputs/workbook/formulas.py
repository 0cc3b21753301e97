"""Formulas that know their value: what is written into a cell and what it comes to are made from one expression.

A formula that stands in the columns of the financial years has a value for each of them, and its text is the same in
all, but for the column that it speaks of. Other formulas have one value. A spreadsheet computes the texts again; the
tests hold what it finds against the values.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from xlsxwriter.utility import quote_sheetname, xl_rowcol_to_cell

COMPARISON, SUM, PRODUCT, ATOM = range(4)
"""How strongly the parts of a formula hold together."""

FIRST_YEAR = 7
"""The column of the first financial year, on every sheet that has years."""


@dataclass(frozen=True)
class Formula:
    """An expression.

    Attributes
    ----------
    text
        What is written on a sheet of some name in some column, without the equals sign.
    value
        What it comes to: a number or text; an array with a value for each financial year; or, of ranges, the values
        of their cells.
    binds
        How strongly its parts hold together.
    """

    text: Callable[[str, int], str]
    value: Any
    binds: int = ATOM

    def __add__(self, other: Formula) -> Formula:
        """Return the sum."""
        return joined(self, "+", other, SUM, np.add)

    def __sub__(self, other: Formula) -> Formula:
        """Return the difference."""
        return joined(self, "-", other, SUM, np.subtract)

    def __mul__(self, other: Formula) -> Formula:
        """Return the product."""
        return joined(self, "*", other, PRODUCT, np.multiply)

    def __truediv__(self, other: Formula) -> Formula:
        """Return the quotient; nothing is written of a division by 0 but within IF."""
        return joined(self, "/", other, PRODUCT, np.divide)

    def __neg__(self) -> Formula:
        """Return it with the other sign."""
        return Formula(lambda sheet, column: f"-{_within(self, PRODUCT, sheet, column)}", -self.value, SUM)

    def __lt__(self, other: Formula) -> Formula:
        """Return whether it is less."""
        return joined(self, "<", other, COMPARISON, np.less)

    def __gt__(self, other: Formula) -> Formula:
        """Return whether it is more."""
        return joined(self, ">", other, COMPARISON, np.greater)

    def __ge__(self, other: Formula) -> Formula:
        """Return whether it is not less."""
        return joined(self, ">=", other, COMPARISON, np.greater_equal)

    def equals(self, other: Formula) -> Formula:
        """Return whether both are the same."""
        return joined(self, "=", other, COMPARISON, np.equal)


def joined(left: Formula, sign: str, right: Formula, binds: int, value: Callable[[Any, Any], Any]) -> Formula:
    """Return two formulas with a sign between them, in brackets where they need them."""

    def text(sheet: str, column: int) -> str:
        # a - (b - c) and a / (b / c) need brackets as (a - b) * c does
        closer = binds + 1 if sign in "-/" else binds
        return f"{_within(left, binds, sheet, column)}{sign}{_within(right, closer, sheet, column)}"

    with np.errstate(divide="ignore", invalid="ignore"):
        return Formula(text, value(left.value, right.value), binds)


def _within(part: Formula, binds: int, sheet: str, column: int) -> str:
    text = part.text(sheet, column)
    return f"({text})" if part.binds < binds else text


def call(name: str, parts: Sequence[Formula], value: Any) -> Formula:
    """Return a function of some parts."""
    return Formula(lambda sheet, column: f"{name}({','.join(part.text(sheet, column) for part in parts)})", value)


def written(text: str, value: Any) -> Formula:
    """Return what is written as it is: nought, or a text between quotation marks."""
    return Formula(lambda sheet, column: text, value)


NOUGHT = written("0", 0.0)
"""The one number that formulas hold: whatever else they need stands in a cell."""


def words(text: str) -> Formula:
    """Return a text; it holds no quotation marks."""
    return written(f'"{text}"', text)


def cell(sheet: str, row: int, column: int, value: Any) -> Formula:
    """Return one cell, which stays the same wherever the formula is copied to."""
    place = xl_rowcol_to_cell(row, column, row_abs=True, col_abs=True)
    return Formula(lambda on, _: _on(sheet, on, place), value)


def _on(sheet: str, on: str, place: str) -> str:
    return place if sheet == on else f"{quote_sheetname(sheet)}!{place}"


@dataclass(frozen=True)
class Series:
    """A row with a value for each financial year.

    Attributes
    ----------
    sheet, row
        Where it stands.
    value
        Shape (years,).
    """

    sheet: str
    row: int
    value: Any

    @property
    def here(self) -> Formula:
        """The value of the year in whose column the formula stands."""
        return Formula(lambda on, column: _on(self.sheet, on, xl_rowcol_to_cell(self.row, column)), self.value)

    def before(self, first: float = 0.0) -> Formula:
        """Return the value of the year before; what stands before the first year is told."""
        value = np.concatenate([[first], self.value[:-1]])
        return Formula(lambda on, column: _on(self.sheet, on, xl_rowcol_to_cell(self.row, column - 1)), value)

    @property
    def all(self) -> Formula:
        """The values of all years, as a range."""
        ends = [xl_rowcol_to_cell(self.row, FIRST_YEAR + at, True, True) for at in (0, len(self.value) - 1)]
        return Formula(lambda on, _: _on(self.sheet, on, ":".join(ends)), self.value)

    def at(self, year: int) -> Formula:
        """Return the value of one year, wherever the formula stands."""
        return cell(self.sheet, self.row, FIRST_YEAR + year, float(self.value[year]))


@dataclass(frozen=True)
class Rows:
    """Rows below one another.

    Attributes
    ----------
    sheet, first
        Where they begin.
    value
        Shape (rows, years): their values in the columns of the years.
    """

    sheet: str
    first: int
    value: Any

    @property
    def here(self) -> Formula:
        """The values of the year in whose column the formula stands, as a range; shape (rows, years)."""

        def text(on: str, column: int) -> str:
            ends = [
                xl_rowcol_to_cell(row, column, row_abs=True) for row in (self.first, self.first + len(self.value) - 1)
            ]
            return _on(self.sheet, on, ":".join(ends))

        return Formula(text, self.value)


def down(sheet: str, first: int, column: int, values: Sequence[Any]) -> Formula:
    """Return a range of cells below one another; its value is of shape (rows,)."""
    ends = [xl_rowcol_to_cell(row, column, True, True) for row in (first, first + len(values) - 1)]
    return Formula(lambda on, _: _on(sheet, on, ":".join(ends)), np.array(values))


def across(sheet: str, row: int, first: int, values: Sequence[Any], fixed: bool = True) -> Formula:
    """Return a range of cells beside one another; its value is of shape (cells,)."""
    ends = [xl_rowcol_to_cell(row, column, fixed, True) for column in (first, first + len(values) - 1)]
    return Formula(lambda on, _: _on(sheet, on, ":".join(ends)), np.array(values))
