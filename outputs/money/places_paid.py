"""Places that are paid for longer than they are used, and places that stand empty: loops over pieces of time.

Pieces are those of `levels`: for each cell they follow one another from the first
edge to the last, and a level stays the same within a piece.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from stepdown.outputs.measures.compiling import compiled
from stepdown.outputs.measures.intervals import Floats, Integers, bin_of, grouped


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


class Spells(NamedTuple):
    """Times during which a place stood empty.

    Attributes
    ----------
    cell
        Shape (spells,): the cell that the place belongs to.
    start, end
        Shape (spells,): days.
    """

    cell: Integers
    start: Floats
    end: Floats


@compiled
def levels(cell: Integers, start: Floats, end: Floats, cells: int, edges: Floats) -> Levels:
    """Follow the number of open intervals of each cell through time, exactly.

    Parameters are those of `stepdown.outputs.measures.intervals.time_within`.
    """
    rows, bounds = grouped(cell, cells)
    bins, most = len(edges) - 1, 2 * len(cell) + cells * (len(edges) - 1)
    where, column = np.empty(most, dtype=np.int64), np.empty(most, dtype=np.int64)
    length, level = np.empty(most), np.empty(most, dtype=np.int64)
    pieces = 0
    for one in range(cells):
        here = rows[bounds[one] : bounds[one + 1]]
        begins, ends = np.sort(start[here]), np.sort(end[here])
        begun, ended, now = 0, 0, edges[0]
        for bin_ in range(bins):
            while now < edges[bin_ + 1]:
                while begun < len(here) and begins[begun] <= now:
                    begun += 1
                while ended < len(here) and ends[ended] <= now:
                    ended += 1
                following = edges[bin_ + 1]
                if begun < len(here):
                    following = min(following, begins[begun])
                if ended < len(here):
                    following = min(following, ends[ended])
                where[pieces], column[pieces] = one, bin_
                length[pieces], level[pieces] = following - now, begun - ended
                pieces += 1
                now = following
    return Levels(where[:pieces], column[:pieces], length[:pieces], level[:pieces])


@compiled
def held_with_notice(cell: Integers, length: Floats, level: Floats, notice: float, cells: int, edges: Floats) -> Floats:
    """Return days times the greatest level of the last `notice` days, at every moment.

    Whatever is given up is held until its notice is over, unless it is taken up again before. Of the time before the
    first edge nothing is known, so nothing has been given up then.

    Parameters
    ----------
    cell, length, level
        Shape (pieces,): see above.
    notice
        Days.
    cells
        Number of cells.
    edges
        Shape (bins + 1,): where the bins begin, and the end of the last.

    Returns
    -------
    Floats
        Shape (cells, bins).
    """
    days = np.zeros((cells, len(edges) - 1))
    # Levels that are still held, each lower than the one before it, and the moment until which each is.
    held, until = np.empty(len(cell)), np.empty(len(cell))
    piece = 0
    while piece < len(cell):
        where, now, first, beyond = cell[piece], edges[0], 0, 0
        while piece < len(cell) and cell[piece] == where:
            if beyond > first:
                until[beyond - 1] = now + notice
            while beyond > first and held[beyond - 1] <= level[piece]:
                beyond -= 1
            held[beyond], until[beyond] = level[piece], np.inf
            beyond += 1
            end = now + length[piece]
            while now < end:
                following = min(end, until[first])
                if following > now:
                    _add_level(days[where], now, following, held[first], edges)
                    now = following
                if until[first] <= now:
                    first += 1
            piece += 1
    return days


@compiled
def _add_level(days: Floats, start: float, end: float, level: float, edges: Floats) -> None:
    bins, column = len(edges) - 1, bin_of(start, edges)
    while start < end and column < bins:
        following = min(end, edges[column + 1])
        days[column] += (following - start) * level
        start = following
        column += 1


@compiled
def _spells(cell: Integers, length: Floats, empty: Floats, begins: float) -> tuple[Integers, Floats, Floats]:
    most, before = 0, 0.0
    for piece in range(len(cell)):
        before = before if piece > 0 and cell[piece] == cell[piece - 1] else 0.0
        most += int(max(empty[piece] - before, 0.0))
        before = empty[piece]
    where, start, end = np.empty(most, dtype=np.int64), np.empty(most), np.empty(most)
    spells = oldest = piece = 0
    while piece < len(cell):
        one, now, level = cell[piece], begins, 0.0
        while piece < len(cell) and cell[piece] == one:
            while level < empty[piece]:
                where[spells], start[spells] = one, now
                spells += 1
                level += 1
            while level > empty[piece]:
                end[oldest] = now
                oldest += 1
                level -= 1
            now += length[piece]
            piece += 1
        while oldest < spells:
            end[oldest] = now
            oldest += 1
    return where, start, end


def void_spells(cell: Integers, length: Floats, empty: Floats, begins: float) -> Spells:
    """Return how long each place stood empty, if the place that has been empty the longest is filled first.

    Parameters
    ----------
    cell, length, empty
        Shape (pieces,): see above; the level is the number of empty places, whole numbers.
    begins
        The moment at which the first piece begins. Places that are empty then have been so since then.
    """
    return Spells(*_spells(cell, length, empty, begins))
