"""Judges whether two engines' tables are the same, bit for bit, and says where they first differ."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pandas as pd

from stepdown.scenarios.network import Network
from stepdown.simulation.engines import ENGINES, engine
from stepdown.simulation.tables import Tables

Engine = Callable[[Network, str, int, Sequence[int]], Tables]
"""Simulates replications of an option: network, option, seed, replications."""

AROUND = 2
"""Rows that are shown before and after a difference."""


def engines() -> dict[str, Engine]:
    """Return the engines by name."""
    return {name: engine(name) for name in ENGINES}


def other_engines() -> dict[str, Engine]:
    """Return the engines that are held against the reference, by name."""
    return {name: engine for name, engine in engines().items() if name != "reference"}


def first_difference(expected: Tables, seen: Tables) -> str | None:
    """Return where two runs' tables first differ, with the rows around it, or None where they are the same.

    The same are: the columns in their order with their types, the categories of each in their order, the rows in their
    order, what is missing, and every number bit for bit (so 0 is not -0).
    """
    for name, one, other in zip(Tables._fields, expected, seen, strict=True):
        if not _same(one, other):
            return _of_tables(name, one, other)
    return None


def _same(expected: pd.DataFrame, seen: pd.DataFrame) -> bool:
    """Whether tables are the same; most are, so that this must be quick and need not say where they differ."""
    if not (expected.dtypes.equals(seen.dtypes) and expected.index.equals(seen.index)):
        return False
    pairs = zip(expected.items(), seen.items(), strict=True)
    return all(np.array_equal(_bits(one), _bits(other)) for (_, one), (_, other) in pairs)


def _of_tables(name: str, expected: pd.DataFrame, seen: pd.DataFrame) -> str:
    if list(expected.columns) != list(seen.columns):
        return f"{name}: the columns are {list(seen.columns)}, expected {list(expected.columns)}"
    rows = _first_row(expected, seen)
    if rows is not None:
        return f"{name}, {rows}"
    if len(expected) != len(seen):
        shorter = min(len(expected), len(seen))
        return f"{name}: {len(seen)} rows, expected {len(expected)}\n{_rows_around(expected, seen, shorter)}"
    for column in expected.columns:
        kinds = _kind(expected[column]), _kind(seen[column])
        if kinds[0] != kinds[1]:
            return f"{name}, column {column}: the type is {kinds[1]}, expected {kinds[0]}"
    return f"{name}: the rows are numbered {seen.index}, expected {expected.index}"


def _first_row(expected: pd.DataFrame, seen: pd.DataFrame) -> str | None:
    """Return the first row that both tables have in which a value differs, with its first column that does."""
    common = min(len(expected), len(seen))
    found: tuple[int, str] | None = None
    for column in expected.columns:
        unlike = _plain(expected[column])[:common] != _plain(seen[column])[:common]
        if unlike.any() and (found is None or int(unlike.argmax()) < found[0]):
            found = int(unlike.argmax()), column
    if found is None:
        return None
    row, column = found
    values = [_said(table[column].iloc[row]) for table in (seen, expected)]
    return f"row {row}, column {column}: {values[0]}, expected {values[1]}\n{_rows_around(expected, seen, row)}"


def _bits(column: pd.Series) -> np.ndarray[Any, Any]:
    """Return a column of a type as numbers that are equal where and only where its bits are; the missing are alike."""
    if isinstance(column.dtype, pd.CategoricalDtype):
        return column.cat.codes.to_numpy()
    return _plain(column)


def _plain(column: pd.Series) -> np.ndarray[Any, Any]:
    """Return a column, whatever its type, as values that can be compared; the missing are alike."""
    if column.dtype == np.float64:
        numbers = column.to_numpy()
        return np.where(np.isnan(numbers), np.iinfo(np.int64).min + 1, numbers.view(np.int64))
    if isinstance(column.dtype, np.dtype):
        return column.to_numpy()
    return column.astype(object).where(column.notna(), None).to_numpy()


def _kind(column: pd.Series) -> str:
    """Return a column's type; that of names says its categories."""
    if isinstance(column.dtype, pd.CategoricalDtype):
        return f"categories {column.cat.categories.to_list()}{' in order' if column.cat.ordered else ''}"
    return str(column.dtype)


def _said(value: object) -> str:
    return f"{float(value)!r} ({value.hex()})" if isinstance(value, float) else repr(value)


def _rows_around(expected: pd.DataFrame, seen: pd.DataFrame, row: int) -> str:
    """Return the rows around one, of both tables, in full."""
    parts = []
    for title, table in (("expected", expected), ("seen", seen)):
        rows = table.iloc[max(row - AROUND, 0) : row + AROUND + 1]
        parts.append(f"{title}:\n{rows.to_string(float_format=lambda number: repr(float(number)), max_colwidth=None)}")
    return "\n".join(parts)
