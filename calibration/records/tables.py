"""Plain tables, CSV or Parquet, read as texts with the line on which each row stands."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from stepdown.calibration.records.coding import Texts
from stepdown.calibration.records.columns import Spellings, matched, unread
from stepdown.calibration.records.dates import MISSING, Days, day_of
from stepdown.calibration.records.tally import Tally
from stepdown.scenarios.errors import Fault, RunError, ScenarioError
from stepdown.scenarios.words import did_you_mean

FORMS = (".csv", ".parquet")
"""The endings of files that are read."""

SHOWN = 20
"""How many faults of one kind are shown of a file."""


@dataclass
class Table:
    """A table as it was written.

    Attributes
    ----------
    file
        Where it stands.
    rows
        A column of texts for each column that was found, blanks at the ends removed; nothing is the empty text.
    lines
        The line of each row; of a Parquet file its row, counted from 1.
    faults
        What is wrong with it, so far.
    """

    file: Path
    rows: pd.DataFrame
    lines: np.ndarray
    faults: list[Fault] = field(default_factory=list)

    def texts(self, column: str) -> Texts:
        """Return a column's texts, all of them empty where there is no such column."""
        if column not in self.rows:
            return np.full(len(self.rows), "", dtype=object)
        return self.rows[column].to_numpy(dtype=object)

    def days(self, column: str) -> Days:
        """Return a column's dates; one that cannot be read is a fault, and missing."""
        return self._read(column, day_of, MISSING).astype(np.int32)

    def numbers(self, column: str) -> np.ndarray:
        """Return a column's numbers; one that cannot be read is a fault, and missing."""
        return self._read(column, _number, np.nan).astype(np.float64)

    def _read(self, column: str, read: object, missing: float) -> np.ndarray:
        texts = self.texts(column)
        places, unique = pd.factorize(texts)
        values = np.full(len(unique), missing, dtype=np.float64)
        wrong: dict[int, str] = {}
        for number, text in enumerate(unique):
            try:
                values[number] = read(text)  # type: ignore[operator]
            except ValueError as error:
                wrong[number] = str(error)
        rows = np.flatnonzero(np.isin(places, list(wrong))).tolist()
        self.refuse(((row, f"{column}: {wrong[int(places[row])]}") for row in rows), "")
        return values[places] if len(unique) else np.zeros(0)

    def refuse(self, wrong: Iterable[tuple[int, str]], remedy: str) -> None:
        """Note what is wrong with rows, by their number; a sentence may hold its remedy after a full stop.

        The row itself is not shown: it is about a person.
        """
        found = list(wrong)
        for row, rule in found[:SHOWN]:
            said, _, instead = rule.partition(". ")
            self.faults.append(Fault(self.file, int(self.lines[row]), 1, (), said, f"{instead or remedy}."))
        if len(found) > SHOWN:
            more = f"{len(found) - SHOWN:,} more rows are wrong in the same way"
            self.faults.append(Fault(self.file, 0, 0, (), more))


def _number(text: str) -> float:
    """Read a number, or an amount of money, which may have a sign of pounds and commas."""
    plain = text.replace("£", "").replace(",", "").strip()
    try:
        return float(plain) if plain else np.nan
    except ValueError:
        raise ValueError("this is not a number. Write digits, such as 1200 or 1,200.50") from None


def find_table(folder: Path, name: str) -> Path | None:
    """Return the file of a table in a folder, in either form; None if there is none."""
    return next((file for form in FORMS if (file := folder / f"{name}{form}").is_file()), None)


def read_table(file: Path, spellings: Spellings, needed: Sequence[str], tally: Tally) -> Table:
    """Read a table's columns by what they may be called.

    Parameters
    ----------
    file
        CSV, in UTF-8 or as Windows writes it, or Parquet.
    spellings
        The columns, with what they may be called.
    needed
        The columns without which the table says nothing.
    tally
        Columns that are not read are counted here.

    Raises
    ------
    ScenarioError
        If it cannot be read, or a column is missing or there several times.
    """
    headings, cells, lines = _parquet(file) if file.suffix == ".parquet" else _csv(file)
    found = matched(headings, spellings)
    faults = [*_missing(file, headings, found, needed), *_several(file, headings, found)]
    if faults:
        raise ScenarioError(faults)
    others = unread(headings, (numbers[0] for numbers in found.values()))
    if others:
        tally.add("noted", f"rows of {file.name} have columns that are not read: {', '.join(others)}", len(cells))
    rows = pd.DataFrame({column: [row[numbers[0]] for row in cells] for column, numbers in found.items()}, dtype=object)
    return Table(file, rows, np.array(lines, dtype=np.int64))


def _missing(
    file: Path, headings: Sequence[str], found: dict[str, list[int]], needed: Sequence[str]
) -> Iterator[Fault]:
    for column in needed:
        if column not in found:
            remedy = did_you_mean(column, headings).removeprefix(". ")
            yield Fault(file, 1, 1, (), f"there is no column {column!r}", f"Call one of the columns so. {remedy}.")


def _several(file: Path, headings: Sequence[str], found: dict[str, list[int]]) -> Iterator[Fault]:
    for column, numbers in found.items():
        if len(numbers) > 1:
            names = " and ".join(repr(headings[number]) for number in numbers)
            remedy = f"Call the one that is meant {column!r}, and the other otherwise."
            yield Fault(file, 1, 1, (), f"{names} may both be the column {column!r}", remedy)


def text_of(file: Path) -> str:
    """Return a file's text: UTF-8, or else as Windows writes it."""
    content = file.read_bytes()
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def _csv(file: Path) -> tuple[list[str], list[list[str]], list[int]]:
    reader = csv.reader(io.StringIO(text_of(file), newline=""))
    try:
        headings = [heading.strip() for heading in next(reader, [])]
        rows = list(_rows_of(reader))
    except csv.Error:
        raise ScenarioError([Fault(file, reader.line_num, 1, (), "this is not CSV", "Save it as CSV again.")]) from None
    cells, lines, faults = [], [], []
    for line, row in rows:
        if any(cell for cell in row[len(headings) :]):
            rule = f"the row has {len(row)} cells, and the first row {len(headings)}"
            faults.append(Fault(file, line, 1, (), rule, "Put a cell that holds a comma in double quotes."))
        cells.append(row + [""] * (len(headings) - len(row)))
        lines.append(line)
    if faults:
        raise ScenarioError(faults[:SHOWN])
    return headings, cells, lines


def _rows_of(reader: Any) -> Iterator[tuple[int, list[str]]]:
    """Yield each row that says anything, without blanks at the ends of its cells, and the line on which it begins."""
    before = reader.line_num
    for row in reader:
        line, before = before + 1, reader.line_num
        cells = [cell.strip() for cell in row]
        if any(cells):
            yield line, cells


def _parquet(file: Path) -> tuple[list[str], list[list[str]], list[int]]:
    try:
        table = pd.read_parquet(file)
    except pa.ArrowInvalid:
        raise RunError(f"{file} is not Parquet, or it is damaged. Save it once more") from None
    texts = {str(name): [_text(value) for value in column] for name, column in table.items()}
    cells = [list(row) for row in zip(*texts.values(), strict=True)]
    return list(texts), cells, list(range(1, len(cells) + 1))


def _text(value: object) -> str:
    """Return a value as it would stand in CSV."""
    return "" if value is None or value is pd.NaT or value != value else str(value).strip()  # noqa: PLR0124
