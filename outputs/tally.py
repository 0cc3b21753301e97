"""How long things took in all runs together, counted finely, but never kept one by one.

Times that share their first ten binary digits are counted together; they differ by at most 0.2% (or, below 2⁻¹⁰ days,
by 84 seconds). The sum of each count's days is kept too, in units of 2⁻²⁰ of a day, and a survival curve has the count
at its mean. So a percentile is at most 0.2% from the exact one, and a mean hardly at all: not at all where nothing is
censored. Counts and sums are whole numbers, so that it makes no difference in which order, or in how many parts, they
were added up. Their number is bounded by the digits, however many runs there are.

When somebody came to be at risk (delayed entry) is counted apart from how their time ended, because a survival curve
needs only how many were at risk; they count from the beginning of their cell.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from stepdown.outputs.measures.compiling import compiled
from stepdown.outputs.measures.intervals import Floats, Integers, grouped
from stepdown.outputs.measures.survival import STATISTICS, Observations, statistics
from stepdown.outputs.measures.waits import COUNTS, OUTCOMES, counts_of, target_of
from stepdown.outputs.sheets import Keys, Numbers, merged_keys

ENTERED = len(OUTCOMES)
"""The moment at which somebody came to be at risk; the others are codes of `OUTCOMES`, how their time ended."""

MOMENTS = len(OUTCOMES) + 1
"""How many kinds of moments there are."""

LAST_BITS = 52 - 9
"""Bits of a number that do not count: its 52 binary digits after the first but for nine."""

SHORTEST = 2.0**-10
"""Days (84 seconds) below which times are counted together; most of these are nothing at all."""

PER_DAY = 2**20
"""Units of a day in which times are added up."""


class Tally(NamedTuple):
    """Times of all runs of one option, counted.

    Attributes
    ----------
    keys
        What is timed, a row each: measure, name, tier, tenure.
    what
        Shape (counts,): the row of the keys.
    moment
        Shape (counts,): how the time ended (a code of `OUTCOMES`), or `ENTERED`.
    cell
        Shape (counts,): the cell of the time; see `cells_of`.
    number
        Shape (counts,): how many times there are.
    total
        Shape (counts,): their sum, in units of which a day has `PER_DAY`.
    """

    keys: Keys
    what: Numbers
    moment: Numbers
    cell: Numbers
    number: Integers
    total: Integers


def cells_of(days: Floats) -> Integers:
    """Return the cell in which each time is counted: 0 for those below `SHORTEST`, then in order of length."""
    cells: Integers = days.view(np.int64) >> LAST_BITS
    cells -= _first_cell() - 1
    return np.maximum(cells, 0, out=cells)


def least_of(cell: Numbers) -> Floats:
    """Return the shortest time, in days, that is counted in each cell."""
    bits = (np.maximum(cell.astype(np.int64), 1) - 1 + _first_cell()) << LAST_BITS
    return np.where(cell > 0, bits.view(np.float64), 0.0)


def _first_cell() -> int:
    return int(np.array(SHORTEST).view(np.int64)) >> LAST_BITS


def tally(keys: Keys, what: Integers, entry: Floats, duration: Floats, outcome: Integers) -> Tally:
    """Count times.

    Parameters
    ----------
    keys, what
        What is timed, and the row of it for each time.
    entry, duration, outcome
        As those of `stepdown.outputs.measures.waits.Seen`.
    """
    late = np.flatnonzero(entry > 0)
    if len(late):
        what, duration = np.append(what, what[late]), np.append(duration, entry[late])
        outcome = np.append(outcome, np.full(len(late), ENTERED))
    return _counted(keys, what, outcome, cells_of(duration), np.ones_like(what), _units(duration))


def _units(days: Floats) -> Integers:
    units = days * PER_DAY
    return np.rint(units, out=units).astype(np.int64)


def join_tallies(parts: Sequence[Tally]) -> Tally:
    """Return counts of other runs of the same option as one; the order of the parts makes no difference."""
    keys, positions = merged_keys([part.keys for part in parts])
    what = np.concatenate([rows[part.what] for part, rows in zip(parts, positions, strict=True)])
    others = (np.concatenate(columns).astype(np.int64) for columns in list(zip(*parts, strict=True))[2:])
    return _counted(keys, what, *others)


def _counted(keys: Keys, what: Integers, moment: Integers, cell: Integers, number: Integers, total: Integers) -> Tally:
    rows, bounds = grouped(what, len(keys.codes))
    cells = int(cell.max(initial=0)) + 1
    what, moment, cell, number, total = _count(rows, bounds, moment, cell, number, total, cells)
    return Tally(keys, what.astype(np.int32), moment.astype(np.int8), cell.astype(np.int32), number, total)


@compiled
def _count(
    rows: Integers,
    bounds: Integers,
    moment: Integers,
    cell: Integers,
    count: Integers,
    total: Integers,
    cells: int,
) -> tuple[Integers, Integers, Integers, Integers, Integers]:
    """Add up equal rows, in the order of what is timed, moment and cell."""
    counted = np.empty((5, len(rows)), dtype=np.int64)
    counts, totals = np.zeros((MOMENTS, cells), dtype=np.int64), np.zeros((MOMENTS, cells), dtype=np.int64)
    found = 0
    for what in range(len(bounds) - 1):
        for row in rows[bounds[what] : bounds[what + 1]]:
            counts[moment[row], cell[row]] += count[row]
            totals[moment[row], cell[row]] += total[row]
        for ended in range(MOMENTS):
            for at in range(cells):
                if counts[ended, at]:
                    counted[0, found], counted[1, found], counted[2, found] = what, ended, at
                    counted[3, found], counted[4, found] = counts[ended, at], totals[ended, at]
                    counts[ended, at], totals[ended, at] = 0, 0
                    found += 1
    return (
        counted[0, :found].copy(),
        counted[1, :found].copy(),
        counted[2, :found].copy(),
        counted[3, :found].copy(),
        counted[4, :found].copy(),
    )


def describe_tally(times: Tally, measure: str, by: Sequence[str], targets: Mapping[str, float]) -> pd.DataFrame:
    """Return what the times of one measure say, as `stepdown.outputs.measures.waits.describe` does.

    Parameters
    ----------
    times
        The counts.
    measure
        What is timed.
    by
        Splits: any of measure (which does not split), name, tier, tenure; at least one.
    targets
        Days, by list, step or tier.
    """
    keys = times.keys
    rows = np.flatnonzero(keys.where(measure=measure))
    codes = keys.codes[rows][:, [keys.names.index(name) for name in by]]
    found, group = np.unique(codes, axis=0, return_inverse=True)
    groups = Keys(tuple(by), tuple(keys.labels_of(name) for name in by), found)
    group_of = np.full(len(keys.codes), -1, dtype=np.int64)
    group_of[rows] = group.ravel()
    named = [name for name in by if name in {"name", "tier"}][:1]
    target = [target_of(measure, str(*name), targets) for name in groups.texts(named)] or [np.nan] * len(found)
    return _described(times, groups, group_of[times.what], np.array(target, dtype=np.float64))


def _described(times: Tally, groups: Keys, group: Integers, target: Floats) -> pd.DataFrame:
    table, number = groups.frame(), len(groups.codes)
    ended = np.flatnonzero((group >= 0) & (times.moment != ENTERED))
    late = np.flatnonzero((group >= 0) & (times.moment == ENTERED))
    table[list(COUNTS)] = counts_of(group[ended], times.moment[ended].astype(np.int64), times.number[ended], number)
    seen = Observations(
        group[ended],
        times.total[ended] / times.number[ended] / PER_DAY,
        times.moment[ended] == 0,
        times.number[ended],
        group[late],
        least_of(times.cell[late]),
        times.number[late],
    )
    table[list(STATISTICS)] = statistics(seen, number, target)
    return table.assign(target_days=target)[(table["number"] > 0).to_numpy()].reset_index(drop=True)
