"""How charts look: the colours and rules of the Government Analysis Function, and placing of panels and labels."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

import matplotlib as mpl
from matplotlib.figure import Figure

from stepdown.outputs.charts.chart_panel import Panel

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


def panels(number: int, columns: int, height: float, margins: Margins) -> list[Panel]:
    """Return panels of equal size, row by row, of a new figure of a page's width.

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
    width = cell[0] - margins.left - margins.right
    places = [divmod(at, columns) for at in range(number)]
    return [
        Panel(figure, column * cell[0] + margins.left, (rows - 1 - row) * cell[1] + margins.bottom, width, height)
        for row, column in places
    ]


def margin_for(names: Sequence[str]) -> float:
    """Return the inches that the longest of some names takes."""
    return max((len(line) for name in names for line in name.split("\n")), default=0) * LETTER + 0.1
