"""How charts look: the colours and rules of the Government Analysis Function, and placing of panels and labels."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

CATEGORICAL = ("#12436D", "#28A197", "#801650", "#F46A25")
"""Colours of up to four categories, in this order."""

TWO = ("#12436D", "#F46A25")
"""Colours of two series: the baseline, then the option."""

FOCUS, CONTEXT = "#12436D", "#BFBFBF"
"""The line that matters, and those beside it, where there are more than four."""

BAND = "#C7D4E0"
"""A tint of the first colour, for the range around a line."""

INK, GRID = "#3D3D3D", "#E3E3E3"
"""Text and axes; lines to read values by."""

SIZE = 9.0
"""Points: the size of text in a figure that is as wide as a page's text."""

WIDTH = 7.2
"""Inches: the width of the text of an A4 page."""

LETTER = 0.073
"""Inches that a letter takes, with some to spare."""

STYLE: Any = {
    "font.size": SIZE,
    "font.family": "sans-serif",
    "font.sans-serif": ["DejaVu Sans", "Arial", "Helvetica", "sans-serif"],
    "text.parse_math": False,  # a name may hold a dollar sign
    "text.color": INK,
    "axes.edgecolor": INK,
    "axes.labelcolor": INK,
    "axes.unicode_minus": False,
    "xtick.color": INK,
    "ytick.color": INK,
    "svg.fonttype": "none",
    "svg.hashsalt": "stepdown",
    "savefig.dpi": 150,
}
"""Settings of matplotlib in which charts are drawn and written."""


@contextmanager
def chart_style() -> Iterator[None]:
    """Draw or write within matplotlib's own defaults and this style, whatever the user's settings are."""
    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams.update(STYLE)
        yield


class Margins(NamedTuple):
    """Inches around each panel."""

    left: float = 0.6
    right: float = 0.2
    top: float = 0.32
    bottom: float = 0.32


def panels(number: int, columns: int, height: float, margins: Margins) -> tuple[Figure, list[Axes]]:
    """Return a figure of a page's width with panels of equal size, row by row.

    Parameters
    ----------
    number
        Panels.
    columns
        Panels beside each other.
    height
        Inches of each panel.
    margins
        Around each panel; the widths of the panels are what is left.
    """
    columns = min(columns, number)
    rows = -(-number // columns)
    cell = WIDTH / columns, height + margins.top + margins.bottom
    figure = Figure(figsize=(WIDTH, rows * cell[1]))
    axes = [figure.add_axes(_box(at, columns, rows, cell, height, margins)) for at in range(number)]
    for panel in axes:
        tidy(panel)
    return figure, axes


def _box(
    at: int, columns: int, rows: int, cell: tuple[float, float], height: float, margins: Margins
) -> tuple[float, float, float, float]:
    row, column = divmod(at, columns)
    width, whole = cell[0] - margins.left - margins.right, rows * cell[1]
    left, bottom = column * cell[0] + margins.left, whole - (row + 1) * cell[1] + margins.bottom
    return (left / WIDTH, bottom / whole, width / WIDTH, height / whole)


def tidy(panel: Axes) -> None:
    """Leave only what helps to read values."""
    for side in ("top", "right", "left"):
        panel.spines[side].set_visible(False)
    panel.tick_params(length=0)
    panel.set_axisbelow(True)
    panel.grid(axis="y", color=GRID, linewidth=0.8)


def tidy_bars(panel: Axes) -> None:
    """Leave only the names and the line that horizontal bars begin at; values stand beside the bars."""
    panel.grid(visible=False)
    panel.spines["bottom"].set_visible(False)
    panel.set_xticks([])
    panel.axvline(0, color=INK, linewidth=0.8)


def head(panel: Axes, text: str, letters: int = 80) -> None:
    """Say above a panel what it shows, in lines of so many letters; names break at their hyphens."""
    panel.set_title(textwrap.fill(text, letters), loc="left", fontsize=SIZE, fontweight="bold", pad=7)


def time_axis(panel: Axes, months: Sequence[str], most: int = 6) -> None:
    """Mark Aprils (the first month, if there are none) along months labelled such as ``2026-04``."""
    aprils = [at for at, label in enumerate(months) if label.endswith("-04")] or [0]
    shown = aprils[:: -(-len(aprils) // most)]
    panel.set_xlim(-0.5, len(months) - 0.5)
    panel.tick_params(axis="x", pad=6)
    panel.yaxis.set_major_locator(MaxNLocator(5, steps=[1, 2, 5, 10], integer=True))
    panel.set_xticks(shown, [_month(months[at]) for at in shown])


def _month(label: str) -> str:
    names = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
    return f"{names[int(label[5:7]) - 1]} {label[:4]}"


class EndLabel(NamedTuple):
    """A line's name, to stand where the line ends."""

    height: float
    text: str
    colour: str
    bold: bool = False


def label_lines(panel: Axes, end: float, labels: Sequence[EndLabel]) -> None:
    """Write names to the right of lines, moved apart as far as needed, each with a leader in its line's colour.

    Parameters
    ----------
    panel
        Its limits must be final.
    end
        Where along the panel the lines end.
    labels
        The names with the heights at which the lines end.
    """
    low, high = panel.get_ylim()
    figure = panel.get_figure()
    assert isinstance(figure, Figure)
    points = panel.get_position().height * figure.get_size_inches()[1] * 72
    gap = SIZE * 1.3 / points * (high - low)
    heights = spread([label.height for label in labels], gap, low + gap / 2, high)
    across = (panel.get_xlim()[1] - panel.get_xlim()[0]) / panel.get_position().width / WIDTH
    for label, height in zip(labels, heights, strict=True):
        panel.plot(
            [end, end + 0.08 * across, end + 0.2 * across],
            [label.height, height, height],
            color=label.colour,
            linewidth=1,
            clip_on=False,
        )
        weight = "bold" if label.bold else "normal"
        panel.text(end + 0.24 * across, height, label.text, va="center_baseline", fontweight=weight)


def spread(wanted: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Return positions as near to those wanted as they can be while a gap lies between any two.

    Neighbours that would overlap form a block around their mean (pool adjacent violators); the blocks are then pushed
    inside the limits. Where there is no room for all, they reach beyond the upper limit.
    """
    order = sorted(range(len(wanted)), key=lambda at: wanted[at])
    blocks: list[list[float]] = []  # of each block: the sum of wanted bottoms, and how many are in it
    for rank, at in enumerate(order):
        # Subtracting what those below take up turns "a gap apart" into "never falling".
        blocks.append([wanted[at] - rank * gap, 1])
        while len(blocks) > 1 and blocks[-2][0] / blocks[-2][1] > blocks[-1][0] / blocks[-1][1]:
            total, number = blocks.pop()
            blocks[-1] = [blocks[-1][0] + total, blocks[-1][1] + number]
    level = [total / number for total, number in blocks for _ in range(int(number))]
    top = max(high - (len(wanted) - 1) * gap, low)
    placed = [0.0] * len(wanted)
    for rank, at in enumerate(order):
        placed[at] = min(max(level[rank], low), top) + rank * gap
    return placed


def margin_for(names: Sequence[str]) -> float:
    """Return the inches that the longest of some names takes."""
    return max((len(line) for name in names for line in name.split("\n")), default=0) * LETTER + 0.1
