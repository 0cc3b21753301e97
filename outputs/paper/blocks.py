"""What a paper is made of, whatever it is printed by: sides with parts, and parts with blocks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, TypeAlias

import pandas as pd

from stepdown.outputs.charts.chart import Chart


@dataclass(frozen=True)
class Words:
    """A paragraph: sentences that stand one after the other."""

    sentences: Sequence[str]


@dataclass(frozen=True)
class Points:
    """A list of sentences, each with a bullet."""

    sentences: Sequence[str]


class Rated(NamedTuple):
    """A cell of a table that holds a rating: its word stands in a box, so that it never depends on a colour."""

    word: str


Cell: TypeAlias = str | Rated


@dataclass(frozen=True)
class Table:
    """A table; the first cell of each row names the row.

    Attributes
    ----------
    caption
        What it shows.
    head
        The names of the columns.
    rows
        Its cells, as they are to be read.
    texts
        The columns, besides the first, that hold words and not numbers.
    note
        What must be read with it.
    """

    caption: str
    head: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    texts: frozenset[int] = field(default_factory=frozenset)
    note: str = ""


@dataclass(frozen=True, eq=False)
class Picture:
    """A chart, with its title and subtitle, its text alternative and its numbers."""

    chart: Chart


@dataclass(frozen=True)
class Yours:
    """A place for the author's own text.

    Attributes
    ----------
    name
        What its marks call it.
    prompt
        What stands there until somebody has written something.
    """

    name: str
    prompt: str


Block: TypeAlias = Words | Points | Table | Picture | Yours


@dataclass(frozen=True)
class Part:
    """Blocks under a heading; ``name`` tells which part it is, for those who put parts in another order."""

    name: str
    heading: str
    blocks: Sequence[Block]


@dataclass(frozen=True)
class Side:
    """One side of paper, under a title that says what is to be learnt from it."""

    title: str
    parts: Sequence[Part]


@dataclass(frozen=True)
class Paper:
    """A paper.

    Attributes
    ----------
    title
        What it is about.
    about
        One line under the title: what was run, and when.
    sides
        Its sides, in order.
    """

    title: str
    about: str
    sides: Sequence[Side]

    def parts(self) -> dict[str, Part]:
        """Return all parts by their names."""
        return {part.name: part for side in self.sides for part in side.parts}

    def pictures(self) -> list[Chart]:
        """Return the charts of all sides."""
        blocks = [block for side in self.sides for part in side.parts for block in part.blocks]
        return [block.chart for block in blocks if isinstance(block, Picture)]


def data_table(chart: Chart) -> Table:
    """Return the numbers of a chart as a table, to seven figures."""
    frame = chart.data
    numbers = {name for name in frame.columns if pd.api.types.is_numeric_dtype(frame[name])}
    rows = [
        tuple(_number(value) if name in numbers else str(value) for name, value in zip(frame.columns, row, strict=True))
        for row in frame.itertuples(index=False)
    ]
    texts = frozenset(at for at, name in enumerate(frame.columns) if name not in numbers)
    return Table(f"Data: {chart.title}", [str(name).replace("_", " ") for name in frame.columns], rows, texts)


def _number(value: float) -> str:
    return "" if pd.isna(value) else f"{value:.7g}"
