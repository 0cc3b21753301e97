"""What a benchmark found, as Markdown: tables for the screen and for docs/benchmarks.md."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

WIDTH = 120
"""Characters of a line of text."""


@dataclass(frozen=True)
class Table:
    """Figures with their heads; the first column names the row.

    Attributes
    ----------
    heads, rows
        Texts, as many in each row as there are heads.
    """

    heads: Sequence[str]
    rows: Sequence[Sequence[str]]

    def markdown(self) -> str:
        """Return the table, with columns as wide as they need to be."""
        widths = [max(map(len, column)) for column in zip(self.heads, *self.rows, strict=True)]
        rule = ["-" * widths[0], *("-" * (width - 1) + ":" for width in widths[1:])]
        return "\n".join(_line(cells, widths) for cells in (self.heads, rule, *self.rows))


@dataclass(frozen=True)
class Section:
    """One question, how it was measured, and what was found.

    Attributes
    ----------
    title, how
        The question, and paragraphs on how it was measured.
    tables
        What was found.
    """

    title: str
    how: str
    tables: Sequence[Table]

    def markdown(self) -> str:
        """Return the section."""
        parts = [f"## {self.title}", wrapped(self.how), *(table.markdown() for table in self.tables)]
        return "\n\n".join(parts) + "\n"


def _line(cells: Iterable[str], widths: Sequence[int]) -> str:
    first, *others = zip(cells, widths, strict=True)
    padded = [first[0].ljust(first[1]), *(cell.rjust(width) for cell, width in others)]
    return f"| {' | '.join(padded)} |"


def wrapped(text: str) -> str:
    """Return paragraphs in lines of a common width, whatever was put into them."""
    return "\n\n".join(
        textwrap.fill(paragraph, WIDTH, break_long_words=False, break_on_hyphens=False)
        for paragraph in text.split("\n\n")
    )


def figures(value: float) -> str:
    """Return a number with three figures, and thousands apart."""
    if value == 0 or abs(value) >= 100:
        return f"{float(f'{value:.3g}'):,.0f}"
    return f"{value:#.3g}".rstrip(".")


def megabytes(size: float) -> str:
    """Return bytes as megabytes (millions of bytes)."""
    return figures(size / 1e6)
