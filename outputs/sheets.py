"""Values of every run of one option in dense arrays, whose rows are named once and not in every run again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from stepdown.outputs.measures.frames import category
from stepdown.outputs.measures.intervals import Booleans, Floats, Integers

Numbers = npt.NDArray[Any]
"""An array of numbers as narrow as they allow."""


class Keys(NamedTuple):
    """What rows are of, such as a setting and a month.

    Attributes
    ----------
    names
        What is told of each row: the names of the columns.
    labels
        For each of these, what it may be.
    codes
        Shape (rows, names): which label; -1 where there is none.
    """

    names: tuple[str, ...]
    labels: tuple[tuple[str, ...], ...]
    codes: Integers

    def column(self, name: str) -> Integers:
        """Return the codes of one of the names, shape (rows,)."""
        return self.codes[:, self.names.index(name)]

    def labels_of(self, name: str) -> tuple[str, ...]:
        """Return the labels of one of the names."""
        return self.labels[self.names.index(name)]

    def where(self, **label: str) -> Booleans:
        """Return the rows that have these labels, shape (rows,)."""
        chosen = np.ones(len(self.codes), dtype=np.bool_)
        for name, wanted in label.items():
            labels = self.labels_of(name)
            chosen &= self.column(name) == (labels.index(wanted) if wanted in labels else len(labels))
        return chosen

    def texts(self, names: Sequence[str]) -> list[tuple[str | None, ...]]:
        """Return the labels of each row in some of the names; None where there is none."""
        columns = [[(*self.labels_of(name), None)[code] for code in self.column(name)] for name in names]
        return list(zip(*columns, strict=True))

    def frame(self, copies: int = 1) -> pd.DataFrame:
        """Return the rows as a table of categories, so many times one after another."""
        return pd.DataFrame(
            {name: category(self.labels_of(name), np.tile(self.column(name), copies)).array for name in self.names}
        )

    def only(self, rows: Booleans) -> Keys:
        """Return some of the rows."""
        return self._replace(codes=self.codes[rows])


def product(**labels: Sequence[str]) -> Keys:
    """Return rows for every combination of the labels; the last name changes fastest."""
    every = np.indices([len(names) for names in labels.values()]).reshape(len(labels), -1).T
    return Keys(tuple(labels), tuple(tuple(names) for names in labels.values()), every.astype(np.int64))


def merged_keys(parts: Sequence[Keys]) -> tuple[Keys, list[Integers]]:
    """Return the rows that any of some keys have, and where those of each stand among them.

    Rows that are not the same in all come in the order of their labels, whatever the order of the parts.
    """
    first = parts[0]
    if all(part.labels == first.labels and np.array_equal(part.codes, first.codes) for part in parts[1:]):
        return first, [np.arange(len(first.codes))] * len(parts)
    labels = tuple(
        tuple(dict.fromkeys(label for labels in same for label in labels))
        for same in zip(*(part.labels for part in parts), strict=True)
    )
    # One number a row; 0 stands for a label that is missing.
    sizes = tuple(len(names) + 1 for names in labels)
    numbers = [np.ravel_multi_index(tuple(_codes_in(part, labels).T + 1), sizes) for part in parts]
    found = np.unique(np.concatenate(numbers))
    codes = np.stack(np.unravel_index(found, sizes), axis=1) - 1
    return Keys(first.names, labels, codes), [np.searchsorted(found, number) for number in numbers]


def _codes_in(keys: Keys, labels: Sequence[tuple[str, ...]]) -> Integers:
    """Return the codes of rows among other labels, which hold those of the rows."""
    if keys.labels == tuple(labels):
        return keys.codes
    columns = []
    for own, others, codes in zip(keys.labels, labels, keys.codes.T, strict=True):
        columns.append(np.array([*(others.index(label) for label in own), -1], dtype=np.int64)[codes])
    return np.stack(columns, axis=1)


class Sheet(NamedTuple):
    """Values of every run of one option.

    Attributes
    ----------
    keys
        What the rows are of.
    columns
        The names of the values.
    numbers
        Shape (runs, rows, columns): the values, multiplied by the scale; whole numbers are as narrow as they can be.
    scale
        How many of the numbers make one.
    absent
        What a run has in a row that its batch did not know: 0 for what is counted, NaN for means.
    fixed
        Values that are the same in every run, by name, each of shape (rows,).
    sparse
        Whether a row of a run whose first value is 0 or missing says that there was nothing to measure.
    """

    keys: Keys
    columns: tuple[str, ...]
    numbers: Numbers
    scale: int = 1
    absent: float = 0.0
    fixed: Mapping[str, Floats] = {}
    sparse: bool = False

    @property
    def runs(self) -> int:
        """How many runs there are."""
        return len(self.numbers)

    def values(self, column: str | None = None) -> Floats:
        """Return the values of a column, shape (runs, rows); of the only one, if none is named."""
        at = 0 if column is None else self.columns.index(column)
        return self.numbers[:, :, at].astype(np.float64) / self.scale

    def means(self, column: str | None = None) -> pd.DataFrame:
        """Return the mean over the runs of every row, beside what it is of; as ``mean``."""
        return self.keys.frame().assign(mean=self.values(column).sum(axis=0) / max(self.runs, 1))

    def some_rows(self, rows: Booleans) -> Sheet:
        """Return some of the rows."""
        fixed = {name: values[rows] for name, values in self.fixed.items()}
        return self._replace(keys=self.keys.only(rows), numbers=self.numbers[:, rows], fixed=fixed)

    def some_runs(self, runs: Integers) -> Sheet:
        """Return some of the runs, in that order."""
        return self._replace(numbers=self.numbers[runs])


def narrowed(numbers: Numbers) -> Numbers:
    """Return whole numbers that are not negative as 16 bits, or 32 if they do not fit."""
    return numbers.astype(np.uint16 if numbers.max(initial=0) < 2**16 else np.uint32)


def without_empty_rows(sheet: Sheet) -> Sheet:
    """Return the sheet without rows in which no run has anything."""
    empty = np.isnan(sheet.numbers) if np.isnan(sheet.absent) else sheet.numbers == sheet.absent
    return sheet.some_rows(np.asarray(~empty.all(axis=(0, 2))))


def join_sheets(parts: Sequence[Sheet]) -> Sheet:
    """Return sheets of other runs of the same option as one, run after run."""
    keys, positions = merged_keys([part.keys for part in parts])
    if keys is parts[0].keys:
        return parts[0]._replace(numbers=np.concatenate([part.numbers for part in parts]))
    shape = (sum(part.runs for part in parts), len(keys.codes), len(parts[0].columns))
    numbers = np.full(shape, parts[0].absent, dtype=np.result_type(*(part.numbers for part in parts)))
    fixed = {name: np.full(len(keys.codes), np.nan) for name in parts[0].fixed}
    begin = 0
    for part, rows in zip(parts, positions, strict=True):
        numbers[begin : begin + part.runs, rows] = part.numbers
        begin += part.runs
        for name, values in part.fixed.items():
            fixed[name][rows] = values
    return parts[0]._replace(keys=keys, numbers=numbers, fixed=fixed)
