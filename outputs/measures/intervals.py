"""Arithmetic on intervals of time, for many rows at once: clip them, add them up, follow how many are open."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from stepdown.outputs.measures.compiling import compiled

Floats: TypeAlias = npt.NDArray[np.float64]
"""An array of numbers, mostly of days."""
Integers: TypeAlias = npt.NDArray[np.int64]
"""An array of positions or counts."""
Booleans: TypeAlias = npt.NDArray[np.bool_]
"""An array of answers."""


def sums(index: Integers, weights: Floats, size: int) -> Floats:
    """Return the sum of the weights at each index, shape (size,)."""
    return np.bincount(index, weights=weights, minlength=size).astype(np.float64, copy=False)


@compiled
def clip(start: float, end: float, days: float) -> tuple[float, float]:
    """Return the part of an interval that lies within [0, days].

    A missing start has not come: the interval is empty. A missing end has not come: the interval is still open at the
    end of the window.
    """
    begin = days if np.isnan(start) else min(max(start, 0.0), days)
    finish = days if np.isnan(end) else min(max(end, 0.0), days)
    return begin, max(begin, finish)


@compiled
def clipped(start: Floats, end: Floats, days: float) -> tuple[Floats, Floats]:
    """Return the part of each interval that lies within [0, days]; see `clip`."""
    begin, finish = np.empty(len(start)), np.empty(len(start))
    for row in range(len(start)):
        begin[row], finish[row] = clip(start[row], end[row], days)
    return begin, finish


@compiled
def bin_of(moment: float, edges: Floats) -> int:
    """Return the bin of time in which a moment falls; the very end falls into one more bin.

    Bins are of nearly the same length, so the search begins where the moment would fall if they were the same.
    """
    bins = len(edges) - 1
    found = min(max(int((moment - edges[0]) / (edges[bins] - edges[0]) * bins), 0), bins)
    while found < bins and moment >= edges[found + 1]:
        found += 1
    while found > 0 and moment < edges[found]:
        found -= 1
    return found


@compiled
def bins_of(moments: Floats, edges: Floats) -> Integers:
    """Return the bin of time in which each moment falls; see `bin_of`."""
    found = np.empty(len(moments), dtype=np.int64)
    for row in range(len(moments)):
        found[row] = bin_of(moments[row], edges)
    return found


@compiled
def count_within(row: Integers, column: Integers, moment: Floats, rows: int, columns: int, edges: Floats) -> Integers:
    """Return how many moments of each row and column fall into each bin of time, shape (rows, columns, bins).

    Moments before the first bin or after the last are not counted, nor are those in a column below 0.
    """
    last = len(edges) - 2
    counts = np.zeros((rows, columns, last + 1), dtype=np.int64)
    for at in range(len(row)):
        if column[at] >= 0 and edges[0] <= moment[at] < edges[last + 1]:
            counts[row[at], column[at], bin_of(moment[at], edges)] += 1
    return counts


@compiled
def time_within(cell: Integers, start: Floats, end: Floats, cells: int, edges: Floats) -> Floats:
    """Return the time that the intervals of each cell spend in each bin of time.

    An interval has a part of the bin in which it begins and of the bin in which it ends, and the whole of those
    between. Whole bins are counted in whole numbers, so that nothing is lost to rounding over a long window.

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
    bins = len(edges) - 1
    days, opened = np.zeros((cells, bins)), np.zeros((cells, bins + 1), dtype=np.int64)
    for row in range(len(cell)):
        if end[row] <= start[row]:
            continue
        where, first, last = cell[row], bin_of(start[row], edges), bin_of(end[row], edges)
        if first == last:
            days[where, first] += end[row] - start[row]
            continue
        days[where, first] += edges[first + 1] - start[row]
        opened[where, first + 1] += 1
        opened[where, last] -= 1
        if last < bins:
            days[where, last] += end[row] - edges[last]
    for where in range(cells):
        whole = 0
        for column in range(bins):
            whole += opened[where, column]
            days[where, column] += whole * (edges[column + 1] - edges[column])
    return days


@compiled
def grouped(group: Integers, groups: int) -> tuple[Integers, Integers]:
    """Return the rows group by group, and where each group begins among them, shape (groups + 1,)."""
    bounds = np.zeros(groups + 1, dtype=np.int64)
    for one in group:
        bounds[one + 1] += 1
    bounds = np.cumsum(bounds)
    following, rows = bounds[:-1].copy(), np.empty(len(group), dtype=np.int64)
    for row in range(len(group)):
        rows[following[group[row]]] = row
        following[group[row]] += 1
    return rows, bounds


def grouped_in_order(group: Integers, groups: int, values: Floats) -> tuple[Integers, Integers]:
    """Return the rows group by group as `grouped` does, and within each from the least value to the largest.

    NumPy sorts with vector instructions, and need not be compiled first. Which of equal values comes first is not said.
    """
    order = np.argsort(values)
    rows, bounds = grouped(group[order], groups)
    return order[rows], bounds


def empty_within(cell: Integers, start: Floats, end: Floats, edges: Floats, places: Floats) -> Floats:
    """Return the time that places of each cell are empty in each bin of time, if an interval takes one of them.

    The number of open intervals is followed through time, exactly. Where there are more of them than places, none is
    empty, and where places are unlimited nothing is counted.

    Parameters
    ----------
    cell, start, end, edges
        As for `time_within`.
    places
        Shape (cells, bins): the number of places; infinity where they are unlimited.

    Returns
    -------
    Floats
        Shape (cells, bins): days.
    """
    limited = np.flatnonzero(np.isfinite(places.min(axis=1)[cell]))
    cell, start, end = cell[limited], start[limited], end[limited]
    begins, bounds = grouped_in_order(cell, len(places), start)
    ends, _ = grouped_in_order(cell, len(places), end)
    return _empty_within(start[begins], end[ends], bounds, edges, places)


@compiled
def _empty_within(begins: Floats, ends: Floats, bounds: Integers, edges: Floats, places: Floats) -> Floats:
    cells, bins = places.shape
    empty = np.zeros((cells, bins))
    for one in range(cells):
        begun, ended, last, now = bounds[one], bounds[one], bounds[one + 1], edges[0]
        for bin_ in range(bins):
            while now < edges[bin_ + 1]:
                while begun < last and begins[begun] <= now:
                    begun += 1
                while ended < last and ends[ended] <= now:
                    ended += 1
                following = edges[bin_ + 1]
                if begun < last:
                    following = min(following, begins[begun])
                if ended < last:
                    following = min(following, ends[ended])
                if not np.isinf(places[one, bin_]):
                    empty[one, bin_] += max(places[one, bin_] - (begun - ended), 0.0) * (following - now)
                now = following
    return empty


def last_before(keys: Integers, times: Floats, asked_keys: Integers, asked_times: Floats) -> Integers:
    """Return, for each question, the row with that key whose time is the latest at or before the one asked; else -1."""
    same = keys[1:] == keys[:-1]
    in_order = bool(((keys[1:] > keys[:-1]) | (same & (times[1:] >= times[:-1]))).all())
    order = np.arange(len(keys)) if in_order else np.lexsort((times, keys))
    return _last_before(keys[order], times[order], order, asked_keys, asked_times)


@compiled
def _last_before(keys: Integers, times: Floats, order: Integers, asked_keys: Integers, asked_times: Floats) -> Integers:
    found = np.full(len(asked_keys), -1, dtype=np.int64)
    low = 0
    for question in range(len(asked_keys)):
        key, time = asked_keys[question], asked_times[question]
        # Questions about one key mostly stand together, and have the same answer.
        again = low > 0 and keys[low - 1] == key and times[low - 1] <= time
        again = again and (low == len(keys) or keys[low] != key or times[low] > time)
        low, high = (low, low) if again else (0, len(keys))
        while low < high:
            middle = (low + high) // 2
            if keys[middle] < key or (keys[middle] == key and times[middle] <= time):
                low = middle + 1
            else:
                high = middle
        if low > 0 and keys[low - 1] == key:
            found[question] = order[low - 1]
    return found


def shared_time(key: Integers, start: Floats, end: Floats) -> Floats:
    """Return each interval's part of the time, where intervals of one key that are open at once share it equally.

    Parameters
    ----------
    key
        Shape (intervals,): intervals with the same key share; not below 0.
    start, end
        Shape (intervals,): days; every interval is longer than nothing.

    Returns
    -------
    Floats
        Shape (intervals,): ∫ 1 / (intervals of this key open at t) dt over the interval, in days.
    """
    return _shared_time(*grouped(key, int(key.max(initial=-1)) + 1), start, end)


@compiled
def _shared_time(rows: Integers, bounds: Integers, start: Floats, end: Floats) -> Floats:
    parts = np.zeros(len(rows))
    for group in range(len(bounds) - 1):
        first, beyond = bounds[group], bounds[group + 1]
        if beyond - first == 1:  # most share with nobody
            parts[rows[first]] = end[rows[first]] - start[rows[first]]
        if beyond - first <= 1:
            continue
        sharing = rows[first:beyond]
        for row in sharing:
            now = start[row]
            while now < end[row]:
                # The number that are open stays the same until the next of them ends, or another begins.
                open_, following = 0, end[row]
                for other in sharing:
                    if start[other] > now:
                        following = min(following, start[other])
                    elif end[other] > now:
                        open_ += 1
                        following = min(following, end[other])
                parts[row] += (following - now) / open_
                now = following
    return parts
