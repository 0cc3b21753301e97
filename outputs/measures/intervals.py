"""Arithmetic on intervals of time, for many rows at once: clip them, add them up, follow how many are open."""

from __future__ import annotations

from typing import NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

Floats: TypeAlias = npt.NDArray[np.float64]
"""An array of numbers, mostly of days."""
Integers: TypeAlias = npt.NDArray[np.int64]
"""An array of positions or counts."""
Booleans: TypeAlias = npt.NDArray[np.bool_]
"""An array of answers."""


def sums(index: Integers, weights: Floats, size: int) -> Floats:
    """Return the sum of the weights at each index, shape (size,)."""
    return np.bincount(index, weights=weights, minlength=size).astype(np.float64, copy=False)


def clipped(start: Floats, end: Floats, days: float) -> tuple[Floats, Floats]:
    """Return the part of each interval that lies within [0, days].

    A missing start has not come: the interval is empty. A missing end has not come: the interval is still open at the
    end of the window.
    """
    begin = np.clip(np.where(np.isnan(start), np.inf, start), 0.0, days)
    finish = np.clip(np.where(np.isnan(end), np.inf, end), 0.0, days)
    return begin, np.maximum(begin, finish)


def time_within(cell: Integers, start: Floats, end: Floats, cells: int, edges: Floats) -> Floats:
    """Return the time that the intervals of each cell spend in each bin of time.

    Time in a bin = (intervals open at its beginning) times its length + Σ over those that begin in it of the time from
    then to its end - the same for those that end in it. The open intervals are counted in whole numbers, so that
    nothing is lost to rounding over a long window.

    Parameters
    ----------
    cell
        Shape (intervals,): the cell that each interval belongs to, from 0.
    start, end
        Shape (intervals,): days, clipped to the edges.
    cells
        Number of cells.
    edges
        Shape (bins + 1,): where the bins begin, and the end of the last.

    Returns
    -------
    Floats
        Shape (cells, bins): days.
    """
    begun, from_begun = _moments(cell, start, cells, edges)
    ended, from_ended = _moments(cell, end, cells, edges)
    change = begun - ended
    open_before = np.cumsum(change, axis=1) - change
    return np.asarray(open_before * np.diff(edges) + (from_begun - from_ended), dtype=np.float64)


def _moments(cell: Integers, moment: Floats, cells: int, edges: Floats) -> tuple[Integers, Floats]:
    """Count the moments in each cell and bin, and add up the time from each to the end of its bin."""
    bins = len(edges) - 1
    # The very end of the last bin falls into one more column, which is dropped.
    column = np.searchsorted(edges, moment, "right") - 1
    index = cell * (bins + 1) + column
    left = np.append(edges[1:], edges[-1])[column] - moment
    shape, size = (cells, bins + 1), cells * (bins + 1)
    number = np.bincount(index, minlength=size).reshape(shape)
    remaining = sums(index, left, size).reshape(shape)
    return number[:, :bins].astype(np.int64), remaining[:, :bins]


class Levels(NamedTuple):
    """How many intervals are open, as pieces of time in which the number stays the same.

    Attributes
    ----------
    cell, bin
        Shape (pieces,): the cell and the bin of time that a piece belongs to.
    length
        Shape (pieces,): days.
    level
        Shape (pieces,): intervals open.
    """

    cell: Integers
    bin: Integers
    length: Floats
    level: Integers


def levels(cell: Integers, start: Floats, end: Floats, cells: int, edges: Floats) -> Levels:
    """Follow the number of open intervals of each cell through time, exactly; parameters as for `time_within`."""
    bins = len(edges) - 1
    times = np.concatenate([start, end, np.tile(edges, cells)])
    where = np.concatenate([cell, cell, np.repeat(np.arange(cells), len(edges))])
    change = np.concatenate([np.ones_like(cell), -np.ones_like(cell), np.zeros(cells * len(edges), dtype=np.int64)])
    order = np.lexsort((times, where))
    times, where = times[order], where[order]
    # Every interval both begins and ends within the edges, so that each cell begins again from zero.
    level = np.cumsum(change[order])[:-1]
    length = np.diff(times)
    lasting = (length > 0) & (where[1:] == where[:-1])
    column = np.clip(np.searchsorted(edges, times[:-1], "right") - 1, 0, bins - 1)
    return Levels(where[:-1][lasting], column[lasting], length[lasting], level[lasting])


def last_before(keys: Integers, times: Floats, asked_keys: Integers, asked_times: Floats) -> Integers:
    """Return, for each question, the row with that key whose time is the latest at or before the time asked; else -1.

    Nobody has many stays, so the search steps from each key's first row to the next until all have arrived.
    """
    order = np.lexsort((times, keys))
    sorted_keys, sorted_times = keys[order], times[order]
    position = np.searchsorted(sorted_keys, asked_keys, "left") - 1
    last = np.searchsorted(sorted_keys, asked_keys, "right") - 1
    first = position.copy()
    moving = np.flatnonzero(position < last)
    while moving.size:
        moving = moving[sorted_times[position[moving] + 1] <= asked_times[moving]]
        position[moving] += 1
        moving = moving[position[moving] < last[moving]]
    found = np.full(len(asked_keys), -1, dtype=np.int64)
    some = position > first
    found[some] = order[position[some]]
    return found


def shared_time(key: Integers, start: Floats, end: Floats) -> Floats:
    """Return each interval's part of the time, where intervals of one key that are open at once share it equally.

    Parameters
    ----------
    key
        Shape (intervals,): intervals with the same key share.
    start, end
        Shape (intervals,): days; every interval is longer than nothing.

    Returns
    -------
    Floats
        Shape (intervals,): ∫ 1 / (intervals of this key open at t) dt over the interval, in days.
    """
    number = len(key)
    times = np.concatenate([start, end])
    order = np.lexsort((times, np.concatenate([key, key])))
    position = np.empty(2 * number, dtype=np.int64)
    position[order] = np.arange(2 * number)
    level = np.cumsum(np.where(order < number, 1, -1))
    length = np.diff(times[order], append=times[order[-1:]])
    share = np.divide(length, level, out=np.zeros_like(length), where=level > 0)
    pieces = position[number:] - position[:number]
    first = np.repeat(position[:number] - np.cumsum(pieces) + pieces, pieces)
    owner = np.repeat(np.arange(number), pieces)
    return sums(owner, share[first + np.arange(len(first))], number)
