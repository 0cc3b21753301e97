"""Charts of savings: each option a year, and by financial year."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, MaxNLocator

from stepdown.outputs.charts import chart_titles as titles
from stepdown.outputs.charts.chart import Chart, period
from stepdown.outputs.charts.chart_bars import options_of
from stepdown.outputs.charts.chart_style import FOCUS, GRID, INK, SIZE, Margins, chart_style, head, margin_for, panels
from stepdown.outputs.compare import BASELINE, savings
from stepdown.outputs.measures.periods import financial_years
from stepdown.outputs.summary import Summary
from stepdown.outputs.words.numbers import pounds, pounds_range
from stepdown.outputs.words.wording import say_list
from stepdown.simulation.tables import Window

BY_CHANCE = "Whiskers: 8 in 10 runs; the runs differ by chance only."
"""What the range covers as long as inputs are not varied."""

MOST_PANELS = 12
"""Options of one chart by year; more go on another."""

HEAD = 24
"""Letters of a line above a panel."""

ROW = 0.3
"""Inches of a row."""


def savings_chart(summary: Summary, window: Window, place: str) -> Chart | None:
    """Return the saving of each option a year with its range; None without options or costs."""
    options = options_of(summary)[1:]
    if not options or not summary.any_costs:
        return None
    table = savings(summary, window).set_index("option").loc[options].reset_index()
    with chart_style():
        texts = [f"{pounds(row.mean, 2)}  ({pounds_range(row.p10, row.p90, 2)})" for row in _rows(table)]
        margins = Margins(margin_for(options), margin_for(texts), 0.1, 0.35)
        figure, (panel,) = panels(1, 1, ROW * len(options), margins)
        _rows_with_ranges(panel, table, options, texts)
    said = [f"{row.option} {pounds(row.mean)} ({row.range})" for row in _rows(table)]
    means = {row.option: row.mean for row in _rows(table)}
    clear = {row.option: bool(row.low > 0 or row.high < 0) for row in _rows(table)}
    return Chart(
        "savings",
        titles.savings_title(means, clear),
        f"Saving a year against {BASELINE}, mean of the runs, {place}, {period(window)}. {BY_CHANCE}",
        f"Points with ranges of the saving a year against {BASELINE}; below £0 an option costs more. {say_list(said)}.",
        table[["option", "runs", "mean", "low", "high", "p10", "p90", "share_above_0"]],
        figure,
    )


class _Saving(NamedTuple):
    """One option's saving, for the sentences and labels."""

    option: str
    mean: float
    low: float
    high: float
    p10: float
    p90: float

    @property
    def range(self) -> str:
        return f"{pounds_range(self.p10, self.p90)} in 8 in 10 runs"


def _rows(table: pd.DataFrame) -> list[_Saving]:
    numbers = table[["mean", "low", "high", "p10", "p90"]].to_numpy(dtype=np.float64)
    return [_Saving(str(name), *row) for name, row in zip(table["option"], numbers.tolist(), strict=True)]


def _rows_with_ranges(panel: Axes, table: pd.DataFrame, options: Sequence[str], texts: Sequence[str]) -> None:
    panel.grid(axis="y", visible=False)
    panel.grid(axis="x", color=GRID, linewidth=0.8)
    panel.axvline(0, color=INK, linewidth=1)
    rows = np.arange(len(table))
    panel.hlines(rows, table["p10"], table["p90"], color=FOCUS, linewidth=1.6)
    panel.plot(table["mean"], rows, "o", color=FOCUS, markersize=6)
    panel.set_ylim(len(table) - 0.5, -0.5)
    panel.set_yticks(rows, list(options))
    _money_axis(panel, "x", 4)
    for row, text in enumerate(texts):
        panel.text(1.015, row, text, va="center_baseline", transform=panel.get_yaxis_transform())


def savings_by_year_charts(summary: Summary, window: Window, place: str) -> list[Chart]:
    """Return the saving of each option by financial year, a panel an option, on as many charts as it takes."""
    options = options_of(summary)[1:]
    if not options or not summary.any_costs:
        return []
    table = savings(summary, window, ["financial_year"])
    table["financial_year"] = table["financial_year"].astype(str)
    groups = [options[first : first + MOST_PANELS] for first in range(0, len(options), MOST_PANELS)]
    last = _last_whole_year(window)
    rows = {row.option: row for row in _rows(table[(table["financial_year"] == last).to_numpy()])}
    clear = {option: rows[option].low > 0 for option in options}
    return [
        _by_year(
            table[table["option"].isin(group).to_numpy()],
            group,
            "savings-by-year" if number == 1 else f"savings-by-year-{number}",
            titles.savings_by_year_title(clear, last),
            f"Saving by financial year against {BASELINE}, mean of the runs, {place}, {period(window)}. {BY_CHANCE}",
        )
        for number, group in enumerate(groups, 1)
    ]


def _by_year(table: pd.DataFrame, options: Sequence[str], name: str, title: str, subtitle: str) -> Chart:
    columns = 1 if len(options) == 1 else 2 if len(options) in (2, 4) else 3
    with chart_style():
        figure, axes = panels(len(options), columns, 1.25, Margins(0.65, 0.1, 0.5, 0.3))
        low, high = min(float(table["p10"].min()), 0.0), max(float(table["p90"].max()), 0.0)
        room = (high - low) * 0.06 or 1.0
        for number, (panel, option) in enumerate(zip(axes, options, strict=True)):
            rows = table[(table["option"] == option).to_numpy()]
            _points_by_year(panel, rows, (low - room, high + room), first=number % columns == 0)
            head(panel, option, HEAD)
    years = list(dict.fromkeys(table["financial_year"]))
    first, last = (_rows(table[(table["financial_year"] == year).to_numpy()]) for year in (years[0], years[-1]))
    said = [
        f"{end.option} {pounds(begin.mean)} to {pounds(end.mean)} ({end.range})"
        for begin, end in zip(first, last, strict=True)
    ]
    return Chart(
        name,
        title,
        subtitle,
        f"Points with ranges of the saving in each financial year; below £0 an option costs more. "
        f"From {years[0]} to {years[-1]}: {say_list(said)}.",
        table[["option", "financial_year", "runs", "mean", "low", "high", "p10", "p90", "share_above_0"]],
        figure,
    )


def _points_by_year(panel: Axes, rows: pd.DataFrame, limits: tuple[float, float], first: bool) -> None:
    along = np.arange(len(rows))
    years = list(rows["financial_year"])
    panel.axhline(0, color=INK, linewidth=1)
    panel.spines["bottom"].set_visible(False)
    panel.vlines(along, rows["p10"], rows["p90"], color=FOCUS, linewidth=1.4)
    panel.plot(along, rows["mean"], "o", color=FOCUS, markersize=4)
    panel.set_xlim(-0.6, len(rows) - 0.4)
    panel.set_ylim(*limits)
    shown = range(0, len(years), -(-len(years) // 3))
    panel.set_xticks(list(shown), [years[at] for at in shown], fontsize=SIZE - 1)
    _money_axis(panel, "y", 5, labelled=first)


def _money_axis(panel: Axes, which: str, ticks: int, labelled: bool = True) -> None:
    axis = panel.xaxis if which == "x" else panel.yaxis
    axis.set_major_locator(MaxNLocator(ticks, steps=[1, 2, 5, 10]))
    axis.set_major_formatter(FuncFormatter(lambda value, _: _short_pounds(value) if labelled else ""))


def _short_pounds(value: float) -> str:
    """Return ``£250k`` or ``-£1.5m``, for axes."""
    sign, size = "-" if value < 0 else "", abs(value)
    for unit, letter in ((1_000_000, "m"), (1_000, "k")):
        if size >= unit:
            return f"{sign}£{size / unit:g}{letter}"
    return f"{sign}£{size:g}"


def _last_whole_year(window: Window) -> str:
    """Return the last financial year that is not a part-year; the last one, if all are."""
    years = financial_years(window)
    whole = [label for label, days in zip(years.labels, years.lengths, strict=True) if days > 360]
    return (whole or list(years.labels))[-1]
