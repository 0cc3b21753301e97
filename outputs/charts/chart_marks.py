"""What is drawn in and around a panel: bars, scales, names."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from matplotlib.ticker import MaxNLocator

from stepdown.outputs.charts.chart_panel import Panel, Range, rectangle
from stepdown.outputs.charts.chart_style import GRID, INK, SIZE

BEHIND, FRONT = 0.5, 2.5
"""Grids are drawn first, the line that a panel stands on last."""


def draw_bars(panel: Panel, rows: Sequence[float], values: Sequence[float], height: float, colours: Any) -> None:
    """Draw horizontal bars from 0, and the line that they begin at."""
    half = height / 2
    bars = [rectangle(0, value, row - half, row + half) for row, value in zip(rows, values, strict=True)]
    panel.areas(bars, colours)
    panel.lines([[(0, end) for end in panel.up]], INK, 0.8)


def head(panel: Panel, text: str, letters: int = 80) -> None:
    """Say above a panel what it shows, in lines of so many letters; names break at their hyphens."""
    left, top = panel.across[0], panel.up[1]
    panel.text(left, top + 7 * panel.point_up, textwrap.fill(text, letters), fontweight="bold")


def name_rows(panel: Panel, names: Sequence[str]) -> None:
    """Write names to the left of the rows 0, 1, 2, ..."""
    at = panel.across[0] - 3.5 * panel.point_across
    for row, name in enumerate(names):
        panel.text(at, row, name, ha="right", va="center_baseline")


def name_columns(panel: Panel, names: dict[float, str], gap: float = 6, size: float = SIZE) -> None:
    """Write names below a panel, each at its place along, so many points away."""
    at = panel.up[0] - (gap + 0.8 * size) * panel.point_up
    for along, name in names.items():
        panel.text(along, at, name, ha="center", fontsize=size)


def scale(panel: Panel, say: Callable[[float], str], most: int = 5, whole: bool = False) -> None:
    """Draw lines to read heights by, and say their values on the left.

    Parameters
    ----------
    panel
        Its scales must be set.
    say
        Gives the text of a value; none for an empty one.
    most
        Steps between the lines at the most.
    whole
        Whether all values are whole numbers.
    """
    left, right = panel.across
    heights = round_values(panel.up, most, whole)
    panel.lines([[(left, height), (right, height)] for height in heights], GRID, 0.8, BEHIND)
    for height in heights:
        if text := say(height):
            panel.text(left - 3.5 * panel.point_across, height, text, ha="right", va="center_baseline")


def scale_across(panel: Panel, say: Callable[[float], str], most: int) -> None:
    """Draw lines to read values along a panel by, and say their values below it."""
    ends = panel.up
    values = round_values(panel.across, most)
    panel.lines([[(value, end) for end in ends] for value in values], GRID, 0.8, BEHIND)
    name_columns(panel, {value: say(value) for value in values}, gap=3.5)


def round_values(ends: Range, most: int, whole: bool = False) -> list[float]:
    """Return round values between two limits, at most so many steps apart from each other."""
    low, high = ends
    values = MaxNLocator(most, steps=[1, 2, 5, 10], integer=whole).tick_values(low, high)
    near = 1e-9 * (high - low)
    return [float(value) for value in values if low - near <= value <= high + near]


def stand(panel: Panel) -> None:
    """Draw the line that a panel stands on."""
    left, right = panel.across
    low = panel.up[0]
    panel.lines([[(left, low), (right, low)]], INK, 0.8, FRONT)


MONTH, MOST_MONTHS = 0.8, 6
"""Inches that the name of a month takes, and names of months below a panel."""


def time_axes(panel: Panel, months: Sequence[str]) -> None:
    """Draw a scale of whole numbers, and mark Aprils (the first month, if none) along months such as ``2026-04``."""
    most = max(1, min(MOST_MONTHS, int(panel.width / MONTH)))
    aprils = [at for at, label in enumerate(months) if label.endswith("-04")] or [0]
    scale(panel, lambda value: f"{value:.0f}", whole=True)
    stand(panel)
    name_columns(panel, {at: _month(months[at]) for at in aprils[:: -(-len(aprils) // most)]})


def _month(label: str) -> str:
    names = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
    return f"{names[int(label[5:7]) - 1]} {label[:4]}"


class EndLabel(NamedTuple):
    """A line's name, to stand where the line ends."""

    height: float
    text: str
    colour: str
    bold: bool = False


def label_lines(panel: Panel, end: float, labels: Sequence[EndLabel]) -> None:
    """Write names to the right of lines, moved apart as far as needed, each with a leader in its line's colour.

    Parameters
    ----------
    panel
        Its scales must be set.
    end
        Where along the panel the lines end.
    labels
        The names with the heights at which the lines end.
    """
    low, high = panel.up
    gap = SIZE * 1.3 * panel.point_up
    heights = spread([label.height for label in labels], gap, low + gap / 2, high)
    inch = 72 * panel.point_across
    leaders = [
        [(end, label.height), (end + 0.08 * inch, height), (end + 0.2 * inch, height)]
        for label, height in zip(labels, heights, strict=True)
    ]
    panel.lines(leaders, [label.colour for label in labels], 1)
    for label, height in zip(labels, heights, strict=True):
        weight = "bold" if label.bold else "normal"
        panel.text(end + 0.24 * inch, height, label.text, va="center_baseline", fontweight=weight)


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
