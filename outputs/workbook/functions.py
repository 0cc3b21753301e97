"""The few functions of a spreadsheet that the workbook uses: every spreadsheet has them."""

from __future__ import annotations

from typing import Any

import numpy as np

from stepdown.outputs.workbook.formulas import Formula, call, words


def total(cells: Formula) -> Formula:
    """Return SUM: of a range in the columns of the years for each year, of another range over all of it."""
    return call("SUM", [cells], cells.value.sum(axis=0))


def total_where(labels: Formula, wanted: Formula, cells: Formula) -> Formula:
    """Return SUMIF: the sum of the rows that have a label."""
    return call("SUMIF", [labels, wanted, cells], cells.value[_same(labels, wanted)].sum(axis=0))


def total_where_both(cells: Formula, labels: Formula, wanted: Formula, others: Formula, other: Formula) -> Formula:
    """Return SUMIFS: the sum of the rows that have two labels."""
    rows = _same(labels, wanted) & _same(others, other)
    return call("SUMIFS", [cells, labels, wanted, others, other], cells.value[rows].sum(axis=0))


def looked_up(labels: Formula, wanted: Formula, cells: Formula) -> Formula:
    """Return SUMIF, of numbers of which each has one row: the number that stands beside each label wanted."""
    found = [cells.value[labels.value == one].sum() for one in np.atleast_1d(wanted.value)]
    return call("SUMIF", [labels, wanted, cells], np.array(found) if np.ndim(wanted.value) else float(found[0]))


def _same(labels: Formula, wanted: Formula) -> Any:
    return labels.value == wanted.value


def total_product(one: Formula, other: Formula) -> Formula:
    """Return SUMPRODUCT of two ranges of the same shape; in the columns of the years, for each year."""
    return call("SUMPRODUCT", [one, other], one.value @ other.value)


def when(condition: Formula, then: Formula, otherwise: Formula) -> Formula:
    """Return IF."""
    if np.ndim(condition.value):
        return call("IF", [condition, then, otherwise], np.where(condition.value, then.value, otherwise.value))
    return call("IF", [condition, then, otherwise], then.value if condition.value else otherwise.value)


def both(one: Formula, other: Formula) -> Formula:
    """Return AND."""
    return call("AND", [one, other], np.logical_and(one.value, other.value))


def larger(one: Formula, other: Formula) -> Formula:
    """Return MAX of two."""
    return call("MAX", [one, other], np.maximum(one.value, other.value))


def smaller(one: Formula, other: Formula) -> Formula:
    """Return MIN of two."""
    return call("MIN", [one, other], np.minimum(one.value, other.value))


def largest(cells: Formula) -> Formula:
    """Return MAX of a range."""
    return call("MAX", [cells], cells.value.max())


def size(one: Formula) -> Formula:
    """Return ABS."""
    return call("ABS", [one], np.abs(one.value))


def band(wanted: Formula, begins: Formula, values: Formula) -> Formula:
    """Return LOOKUP: the value of the last of the bands that has begun."""
    found = values.value[np.searchsorted(begins.value, wanted.value, "right") - 1]
    return call("LOOKUP", [wanted, begins, values], found)


def entry(cells: Formula, number: Formula) -> Formula:
    """Return INDEX: the cell of a number, counted from 1."""
    return call("INDEX", [cells, number], float(cells.value[int(number.value) - 1]))


def mean(cells: Formula) -> Formula:
    """Return AVERAGE."""
    return call("AVERAGE", [cells], cells.value.mean())


def quantile(cells: Formula, share: Formula) -> Formula:
    """Return PERCENTILE, which lies between two cells as numpy's does."""
    return call("PERCENTILE", [cells, share], np.quantile(cells.value, share.value))


def how_many(cells: Formula) -> Formula:
    """Return COUNT."""
    return call("COUNT", [cells], float(len(cells.value)))


def how_many_are(cells: Formula, criterion: Formula) -> Formula:
    """Return COUNTIF, of a text."""
    return call("COUNTIF", [cells, criterion], float((cells.value == criterion.value).sum()))


def how_many_below_nought(cells: Formula) -> Formula:
    """Return COUNTIF, of numbers below 0."""
    return call("COUNTIF", [cells, words("<0")], float((cells.value < 0).sum()))


def delayed(saved: Formula, years: Formula, this_year: Formula, delay: Formula, whole: Formula) -> Formula:
    """Return what comes this year of what was saved in any year, if all of it comes so many years later.

    A delay of a year and a half brings half of it after one year and half after two: a saving of the year s comes in
    the year t for the part 1 - |t - s - delay|, where that is above 0.

    Parameters
    ----------
    saved, years
        Ranges over all years: what is saved, and the number of each year.
    this_year
        The number of the year in whose column the formula stands.
    delay, whole
        Years, and the cell that holds 1.
    """
    # As a column, the years make every pair of a year in which it is saved and one in which it comes.
    saved_in = Formula(years.text, years.value[:, np.newaxis])
    off = size(this_year - saved_in - delay)
    part = (off < whole) * (whole - off)
    return call("SUMPRODUCT", [saved, part], saved.value @ part.value)
