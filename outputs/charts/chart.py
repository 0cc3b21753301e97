"""A chart with what stands beside it, and charts as files."""

from __future__ import annotations

import html
import io
import math
import re
from collections.abc import Callable, Iterable
from concurrent.futures import BrokenExecutor, Executor
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import pandas as pd
from matplotlib.figure import Figure

from stepdown.outputs.charts.chart_style import chart_style
from stepdown.outputs.table_files import write_csv
from stepdown.outputs.words.wording import MONTHS
from stepdown.simulation.tables import Window


@dataclass(frozen=True, eq=False)
class Chart:
    """A chart.

    Attributes
    ----------
    name
        What its files are called.
    title
        What it shows, in at most ten words; it stands above the picture, not in it.
    subtitle
        The measure, place and period.
    alternative_text
        What it shows, with the main numbers, for those who cannot see it.
    data
        The numbers that are drawn, in full precision.
    draw
        Draws the picture, within `chart_style`; it can be sent to another process.
    """

    name: str
    title: str
    subtitle: str
    alternative_text: str
    data: pd.DataFrame
    draw: Callable[[], Figure]

    def figure(self) -> Figure:
        """Return the picture, drawn anew."""
        with chart_style():
            return self.draw()


def write_charts(charts: Iterable[Chart], folder: Path, pool: Executor | None = None) -> list[Path]:
    """Write each chart as SVG, PNG and its numbers as CSV to a folder, made if need be; return the files.

    Titles are no part of the pictures; they stand in ``contents.md``.

    The same chart gives the same bytes. A text in CSV that a spreadsheet would take for a formula has an apostrophe
    before it.

    Parameters
    ----------
    charts
        What to write.
    folder
        Where to.
    pool
        Processes that draw, if some are at hand; to begin new ones takes longer than it saves.
    """
    folder.mkdir(parents=True, exist_ok=True)
    written = [_write_chart(chart, folder) for chart in charts] if pool is None else _shared(charts, folder, pool)
    captions = ["# Charts, with their titles, what they show, and in words", *(caption for _, caption in written)]
    contents = folder / "contents.md"
    contents.write_text("\n\n".join(captions) + "\n", encoding="utf-8", newline="\n")
    return [*(path for paths, _ in written for path in paths), contents]


def _shared(charts: Iterable[Chart], folder: Path, pool: Executor) -> list[tuple[list[Path], str]]:
    """Let a pool write charts; each is sent off as soon as its numbers are known, while this process reads the next."""
    known, coming = [], []
    try:
        for chart in charts:
            known.append(chart)
            coming.append(pool.submit(_write_chart, chart, folder))
        return [future.result() for future in coming]
    except BrokenExecutor:  # a process died; what it did not write is written here, and the rest once more
        return [_write_chart(chart, folder) for chart in chain(known, charts)]


def _write_chart(chart: Chart, folder: Path) -> tuple[list[Path], str]:
    """Write a chart's files, and return them with what stands about it among the contents."""
    paths = [folder / f"{chart.name}.{ending}" for ending in ("svg", "png", "csv")]
    with chart_style():
        figure = chart.draw()
        paths[0].write_text(_svg(chart, figure), encoding="utf-8", newline="\n")
        _save_png(figure, paths[1])
    write_csv(_with_categories(chart.data), paths[2])
    said = [f"## {chart.title}", chart.subtitle, f"![]({chart.name}.svg)", chart.alternative_text]
    return paths, "\n\n".join(said)


def svg(chart: Chart) -> str:
    """Return the picture as SVG with its text alternative, to be written or put into a page."""
    with chart_style():
        return _svg(chart, chart.draw())


def png(chart: Chart) -> bytes:
    """Return the picture as PNG, for what cannot hold SVG."""
    buffer = io.BytesIO()
    with chart_style():
        _save_png(chart.draw(), buffer)
    return buffer.getvalue()


def _save_png(figure: Figure, where: Path | io.BytesIO) -> None:
    # Flat colours are as small with the least effort as with the most.
    figure.savefig(where, format="png", metadata={"Software": None}, pil_kwargs={"compress_level": 1})


def _svg(chart: Chart, figure: Figure) -> str:
    buffer = io.StringIO()
    figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None})
    label = html.escape(chart.alternative_text, quote=True)
    return buffer.getvalue().replace("<svg ", f'<svg role="img" aria-label="{label}" ', 1)


def _with_categories(table: pd.DataFrame) -> pd.DataFrame:
    """Return the table with its texts as categories, as the tables of runs have them."""
    texts = [column for column in table.columns if not pd.api.types.is_numeric_dtype(table[column])]
    return table.astype(dict.fromkeys(texts, "category"))


def file_name(kind: str, option: str) -> str:
    """Return the name of an option's chart."""
    return f"{kind}-{plain_name(option)}"


def plain_name(option: str) -> str:
    """Return an option's name for use in those of files; what a file name may not hold becomes a hyphen."""
    return re.sub(r"[^\w.-]+", "-", option).strip(".-") or "option"


def period(window: Window) -> str:
    """Return the months that are measured: ``April 2026 to March 2036``."""
    first, last = window.start, window.date(math.nextafter(window.days, 0))
    return f"{MONTHS[first.month - 1]} {first.year} to {MONTHS[last.month - 1]} {last.year}"
