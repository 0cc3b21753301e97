"""A panel: a part of a figure with two scales, and the few kinds of artists that charts are made of.

Matplotlib's own axes are not used. Most of the time that a small chart takes goes into them: into their ticks, each of
which is three lines and two texts, and into measuring texts that nothing depends on.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.collections import LineCollection, PolyCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

Points = Iterable[tuple[float, float]]
"""Places along a panel, each with its height."""

Range = tuple[float, float]
"""Where a scale begins and ends; one that begins with its larger number runs the other way."""


@dataclass
class Panel:
    """A part of a figure with two scales.

    Attributes
    ----------
    figure
        What it is a part of.
    left, bottom, width, height
        Inches.
    across, up
        The scales, from left to right and from the bottom to the top; they must be set before anything is drawn.
    """

    figure: Figure
    left: float
    bottom: float
    width: float
    height: float
    across: Range = (0.0, 1.0)
    up: Range = (0.0, 1.0)

    @property
    def point_across(self) -> float:
        """What one typographic point is worth along the panel."""
        return (self.across[1] - self.across[0]) / (self.width * 72)

    @property
    def point_up(self) -> float:
        """What one typographic point is worth in height."""
        return (self.up[1] - self.up[0]) / (self.height * 72)

    def lines(self, lines: Iterable[Points], colours: Any, widths: Any, order: float = 2) -> None:
        """Draw lines, of one colour and width (in points) or of as many as there are lines, the last in front.

        What has a higher order stands in front; texts have 3.
        """
        placed = [self._placed(line) for line in lines]
        look: dict[str, Any] = {"colors": colours, "linewidths": widths, "capstyle": "butt", "joinstyle": "round"}
        self.figure.add_artist(LineCollection(placed, zorder=order, **look))

    def areas(self, outlines: Iterable[Points], colours: Any) -> None:
        """Fill areas, with one colour or with as many as there are areas."""
        placed = [self._placed(outline) for outline in outlines]
        self.figure.add_artist(PolyCollection(placed, facecolors=colours, linewidths=0, zorder=1))

    def dots(self, points: Points, colour: str, size: float) -> None:
        """Draw dots of a diameter in points."""
        across, up = self._placed(points).T
        self.figure.add_artist(Line2D(across, up, linestyle="", marker="o", color=colour, markersize=size))

    def text(self, across: float, up: float, text: str, **look: Any) -> None:
        """Write a text whose first line stands, or whose block is aligned, as matplotlib's text properties say."""
        ((x, y),) = self._placed([(across, up)])
        self.figure.text(x, y, text, **look)

    def _placed(self, points: Points) -> np.ndarray[Any, np.dtype[np.float64]]:
        """Return points as shares of the figure's width and height, shape (points, 2)."""
        size = np.array([self.width, self.height])
        begin, end = np.array([self.across, self.up]).T
        inches = (np.array(list(points)) - begin) / (end - begin) * size + (self.left, self.bottom)
        return np.asarray(inches / self.figure.get_size_inches())


def rectangle(left: float, right: float, bottom: float, top: float) -> Sequence[tuple[float, float]]:
    """Return the corners of a rectangle."""
    return [(left, bottom), (right, bottom), (right, top), (left, top)]
