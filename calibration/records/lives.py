"""From rows that repeat, touch and overlap to lives: one place at a time for each person.

A row says that a person was in a scheme of a setting from one day until another. Rows of one place that overlap, or
touch but for a few days, are one stay: that is how a stay is split at financial years, or submitted again. Where a
person would be in several places at once, the setting decides that stands first in the priority, and among equals the
stay that began last; but a stay that merely ends a few weeks late, or whose end is a guess, gives way to the next.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from stepdown.calibration.records.dates import MISSING, OPEN
from stepdown.calibration.records.tally import Tally

Flags = np.ndarray[Any, np.dtype[np.bool_]]

HAND_OVER_DAYS = 28
"""A stay that goes on for no longer into the next one, and ends within it, is taken to have ended when that began."""

UNKNOWN = -1
"""The code of a name that is not known."""

CARRIED = ("group", "area", "to")
"""Codes of names that a stay carries with it; of rows that are joined, the last that is known counts."""

PLACE = ["person", "setting", "scheme"]
"""What the rows of one stay share."""

COLUMNS = ("person", "setting", "scheme", "rank", "entered", "left", "ready", "unsure", *CARRIED)
"""The columns of rows of stays: codes of person, setting and scheme; the setting's rank in the priority, 0 first; the
first day, the day of leaving, the day of being ready; until which day the stay may have lasted if its end is a guess
(missing if it is none); and the codes of group, area and destination."""


def lives_of(rows: pd.DataFrame, gap: int, tally: Tally) -> pd.DataFrame:
    """Return stays, one at a time for each person, in the order of people and days.

    Parameters
    ----------
    rows
        Rows with `COLUMNS`, in any order; none leaves before it enters.
    gap
        How many days may lie between two rows of one place for them to be one stay.
    tally
        What is noticed is counted here.
    """
    joined = _joined(_with_schemes(rows, tally), gap, tally)
    apart = _one_at_a_time(joined, tally)
    return _joined(apart, gap, tally).sort_values(["person", "entered", "left", "rank"], ignore_index=True)


def _with_schemes(rows: pd.DataFrame, tally: Tally) -> pd.DataFrame:
    """Fill in the scheme where a person was in one scheme of a setting only, and some rows do not name it."""
    if not (rows["scheme"] == UNKNOWN).any():
        return rows
    known = rows[rows["scheme"] != UNKNOWN].groupby(["person", "setting"])["scheme"].agg(["min", "max"])
    only = known.loc[known["min"] == known["max"], "min"].rename("only").reset_index()
    found = rows[["person", "setting"]].merge(only, how="left", on=["person", "setting"])["only"].to_numpy()
    fill = (rows["scheme"] == UNKNOWN).to_numpy() & ~np.isnan(found)
    tally.add("guessed", "rows did not name a scheme, and were taken for the one in which the person was", fill.sum())
    return rows.assign(scheme=np.where(fill, found, rows["scheme"]).astype("int32"))


def _joined(rows: pd.DataFrame, gap: int, tally: Tally) -> pd.DataFrame:
    """Join the rows of a person in one place that overlap, or are no more than a gap apart.

    Who was somewhere else in the gap, and nowhere else, has come back, and the two are not joined.
    """
    order = [*PLACE, "entered", "left", "unsure", "ready", *CARRIED]
    rows = rows.sort_values(order, ignore_index=True)
    if rows.empty:
        return rows
    number = rows.groupby(PLACE, sort=False).ngroup().to_numpy().astype(np.int64)
    # The latest end so far within a place: ends of a later place are lifted above all of an earlier one.
    lift = number * (2 * OPEN)
    latest = np.maximum.accumulate(rows["left"].to_numpy().astype(np.int64) + lift)[:-1]
    entered = rows["entered"].to_numpy()[1:] + lift[1:]
    begins = np.append(True, entered > latest + gap)
    apart = np.append(False, ~begins[1:] & (entered >= latest))
    between = rows[apart].assign(since=(latest - lift[1:])[apart[1:]])
    begins[apart] |= _elsewhere(between, _as_one(rows, np.flatnonzero(begins)), gap)
    starts = np.flatnonzero(begins)
    tally.add("joined", "rows continued or repeated a stay of the same person in the same place", (~begins).sum())
    return rows if len(starts) == len(rows) else _as_one(rows, starts)


def _elsewhere(between: pd.DataFrame, stays: pd.DataFrame, gap: int) -> Flags:
    """Return of which rows the person was in another place, from first to last between the row and the one before."""
    short = stays.loc[stays["left"] - stays["entered"] <= gap, [*PLACE, "entered", "left"]]
    pairs = between.reset_index().merge(short, on="person", suffixes=("", "_short"))
    other = (pairs["setting"] != pairs["setting_short"]) | (pairs["scheme"] != pairs["scheme_short"])
    within = (pairs["entered_short"] >= pairs["since"]) & (pairs["left_short"] <= pairs["entered"])
    return between.index.isin(pairs.loc[other & within, "index"])


def _as_one(rows: pd.DataFrame, starts: np.ndarray) -> pd.DataFrame:
    """Return one row for each run of rows; what they carry is that of the row that ends last and knows it."""
    first = rows.iloc[starts].reset_index(drop=True)
    run = np.repeat(np.arange(len(starts)), np.diff(np.append(starts, len(rows))))
    by_end = rows.assign(run=run).sort_values(["run", "left", "entered"], kind="stable", ignore_index=True)
    last = by_end.groupby("run", sort=False).tail(1).reset_index(drop=True)
    made = {name: last[name] for name in ("left", "unsure", "to")}
    for name in ("group", "area"):
        known = by_end[by_end[name] != UNKNOWN].groupby("run")[name].last()
        made[name] = known.reindex(range(len(starts)), fill_value=UNKNOWN).astype("int32")
    ready = by_end[by_end["ready"] != MISSING].groupby("run")["ready"].min()
    made["ready"] = ready.reindex(range(len(starts)), fill_value=MISSING).astype("int32")
    return first.assign(**made)


class _Span(NamedTuple):
    """A row on its way through the rules: what it is preferred by, its days, whether its end is a guess, its number."""

    rank: int
    entered: int
    left: int
    guessed: bool
    row: int


def _one_at_a_time(rows: pd.DataFrame, tally: Tally) -> pd.DataFrame:
    """Cut the stays of people who would be in several places at once."""
    rows = rows.sort_values(["person", "entered", "left", "rank", "setting", "scheme"], ignore_index=True)
    if rows.empty:
        return rows
    persons = rows["person"].to_numpy()
    number = np.cumsum(np.append(True, persons[1:] != persons[:-1])) - 1
    lift = number * np.int64(2 * OPEN)
    latest = np.maximum.accumulate(rows["left"].to_numpy().astype(np.int64) + lift)
    overlaps = np.zeros(len(rows), dtype=bool)
    overlaps[1:] = (rows["entered"].to_numpy()[1:] + lift[1:] < latest[:-1]) & (number[1:] == number[:-1])
    if not overlaps.any():
        return rows
    tally.add(
        "mended", "stays overlapped others of the same person, who was taken to live in one place", overlaps.sum()
    )
    concerned = np.isin(number, number[overlaps])
    pieces = list(_pieces(rows[concerned]))
    cut = rows.iloc[[piece.row for piece in pieces]].reset_index(drop=True)
    entered, left = (np.array([getattr(piece, name) for piece in pieces], "int32") for name in ("entered", "left"))
    ends = left == cut["left"].to_numpy()
    ready = np.where(cut["ready"] <= left, cut["ready"], MISSING)
    cut = cut.assign(
        ready=ready,
        entered=entered,
        left=left,
        to=np.where(ends, cut["to"], UNKNOWN).astype("int32"),
        unsure=np.where(ends, cut["unsure"], MISSING),
    )
    tally.add("dropped", "stays lay wholly within others of the same person", _hidden(rows[concerned], pieces))
    return pd.concat([rows[~concerned], cut], ignore_index=True)


def _hidden(rows: pd.DataFrame, pieces: list[_Span]) -> int:
    return len(set(rows.index) - {piece.row for piece in pieces})


def _pieces(rows: pd.DataFrame) -> Iterator[_Span]:
    """Yield the pieces of stays that remain, for people of whom some overlap; rows are in the order of people."""
    guessed = rows["unsure"] != MISSING
    given = [rows[name].tolist() for name in ("person", "rank", "entered", "left")]
    spans: list[_Span] = []
    whose = None
    for person, rank, *rest in zip(*given, guessed.tolist(), rows.index, strict=True):
        if person != whose:
            yield from _of_one_person(spans)
            spans, whose = [], person
        spans.append(_Span(rank, *rest))
    yield from _of_one_person(spans)


def _of_one_person(spans: list[_Span]) -> Iterator[_Span]:
    """Yield the pieces of one person's stays: on every day the preferred one of those that go on."""
    spans = _handed_over(spans)
    yield from (span for span in spans if span.entered == span.left and not _within(span, spans))
    lasting = [span for span in spans if span.left > span.entered]
    days = sorted({day for span in lasting for day in (span.entered, span.left)})
    last: _Span | None = None
    for begins, ends in itertools.pairwise(days):
        going_on = [span for span in lasting if span.entered <= begins and span.left >= ends]
        chosen = min(going_on, key=lambda span: (span.rank, -span.entered, span.row), default=None)
        if last is not None and chosen is not None and last.row == chosen.row and last.left == begins:
            last = last._replace(left=ends)
            continue
        if last is not None:
            yield last
        last = None if chosen is None else chosen._replace(entered=begins, left=ends)
    if last is not None:
        yield last


def _handed_over(spans: list[_Span]) -> list[_Span]:
    """End a stay where the next begins if it lasts on for a few weeks only, or its end is a guess: that was a move."""
    return [span._replace(left=min(_next(span, spans), default=span.left)) for span in spans]


def _next(span: _Span, spans: list[_Span]) -> Iterator[int]:
    for other in spans:
        longest = OPEN if span.guessed else HAND_OVER_DAYS
        if span.entered < other.entered < span.left <= other.left and span.left - other.entered <= longest:
            yield other.entered


def _within(moment: _Span, spans: list[_Span]) -> bool:
    """Whether a stay of no day lies within another that is preferred, or lasts longer."""
    return any(span.entered < moment.entered < span.left for span in spans if span.row != moment.row)
