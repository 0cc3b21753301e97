"""Charts of savings: each option a year, and by financial year."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import NamedTuple

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from stepdown.outputs.charts import chart_titles as titles
from stepdown.outputs.charts.chart import Chart, period
from stepdown.outputs.charts.chart_bars import options_of
from stepdown.outputs.charts.chart_marks import head, name_columns, name_rows, scale, scale_across, stand
from stepdown.outputs.charts.chart_panel import Panel
from stepdown.outputs.charts.chart_style import FOCUS, INK, SIZE, Margins, margin_for, panels
from stepdown.outputs.compare import BASELINE, savings
from stepdown.outputs.measures.periods import financial_years
from stepdown.outputs.summary import Summary
from stepdown.outputs.words.covers import differ_by
from stepdown.outputs.words.numbers import pounds, pounds_range
from stepdown.outputs.words.wording import say_list
from stepdown.simulation.tables import Window

MOST_PANELS = 12
"""Options of one chart by year; more go on another."""

HEAD = 24
"""Letters of a line above a panel."""

ROW = 0.3
"""Inches of a row."""


def savings_chart(summary: Summary, window: Window, place: str, inputs: int) -> Chart | None:
    """Return the saving of each option a year with its range; None without options or costs."""
    options = options_of(summary)[1:]
    if not options or not summary.any_costs:
        return None
    table = savings(summary, window).set_index("option").loc[options].reset_index()
    said = [f"{row.option} {pounds(row.mean)} ({row.range})" for row in _rows(table)]
    means = {row.option: row.mean for row in _rows(table)}
    clear = {row.option: bool(row.low > 0 or row.high < 0) for row in _rows(table)}
    return Chart(
        "savings",
        titles.savings_title(means, clear),
        f"Saving a year against {BASELINE}, {_subtitle(window, place, inputs)}",
        f"Points with ranges of the saving a year against {BASELINE}; below £0 an option costs more. {say_list(said)}.",
        table[["option", "runs", "mean", "low", "high", "p10", "p90", "share_above_0"]],
        partial(_draw_savings, _rows(table)),
    )


def _subtitle(window: Window, place: str, inputs: int) -> str:
    whiskers = f"Whiskers: 8 in 10 runs; the runs differ {differ_by(inputs)}."
    return f"mean of the runs, {place}, {period(window)}. {whiskers}"


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


def _draw_savings(rows: Sequence[_Saving]) -> Figure:
    """Draw a row for each option: its mean, its range, and both in figures."""
    options = [row.option for row in rows]
    texts = [f"{pounds(row.mean, 2)}  ({pounds_range(row.p10, row.p90, 2)})" for row in rows]
    (panel,) = panels(1, 1, ROW * len(rows), Margins(margin_for(options), margin_for(texts), 0.1, 0.35))
    low, high = min(0.0, *(row.p10 for row in rows)), max(0.0, *(row.p90 for row in rows))
    room = (high - low) * 0.05 or 1.0
    panel.across, panel.up = (low - room, high + room), (len(rows) - 0.5, -0.5)
    scale_across(panel, short_pounds, 5)
    stand(panel)
    name_rows(panel, options)
    panel.lines([[(0, end) for end in panel.up]], INK, 1)
    panel.lines([[(row.p10, at), (row.p90, at)] for at, row in enumerate(rows)], FOCUS, 1.6)
    panel.dots([(row.mean, at) for at, row in enumerate(rows)], FOCUS, 6)
    right = panel.across[1] + 4 * panel.point_across
    for at, text in enumerate(texts):
        panel.text(right, at, text, va="center_baseline")
    return panel.figure


def savings_by_year_charts(summary: Summary, window: Window, place: str, inputs: int) -> list[Chart]:
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
            f"Saving by financial year against {BASELINE}, {_subtitle(window, place, inputs)}",
        )
        for number, group in enumerate(groups, 1)
    ]


def _by_year(table: pd.DataFrame, options: Sequence[str], name: str, title: str, subtitle: str) -> Chart:
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
        partial(_draw_years, {option: table[(table["option"] == option).to_numpy()] for option in options}),
    )


def _draw_years(tables: Mapping[str, pd.DataFrame]) -> Figure:
    """Draw a panel for each option, with a point and its range for each financial year."""
    columns = 1 if len(tables) == 1 else 2 if len(tables) in (2, 4) else 3
    drawn = panels(len(tables), columns, 1.25, Margins(0.65, 0.1, 0.5, 0.3))
    low = min(0.0, *(float(table["p10"].min()) for table in tables.values()))
    high = max(0.0, *(float(table["p90"].max()) for table in tables.values()))
    room = (high - low) * 0.06 or 1.0
    for number, (panel, (option, table)) in enumerate(zip(drawn, tables.items(), strict=True)):
        panel.across, panel.up = (-0.6, len(table) - 0.4), (low - room, high + room)
        scale(panel, short_pounds if number % columns == 0 else _nothing)
        head(panel, option, HEAD)
        _draw_points(panel, table)
    return drawn[0].figure


def _draw_points(panel: Panel, table: pd.DataFrame) -> None:
    lows, highs, means = (table[name].to_list() for name in ("p10", "p90", "mean"))
    years = table["financial_year"].to_list()
    ranges = [[(at, low), (at, high)] for at, (low, high) in enumerate(zip(lows, highs, strict=True))]
    panel.lines([[(end, 0) for end in panel.across]], INK, 1)
    panel.lines(ranges, FOCUS, 1.4)
    panel.dots(enumerate(means), FOCUS, 4)
    shown = range(0, len(years), -(-len(years) // 3))
    name_columns(panel, {at: years[at] for at in shown}, gap=3.5, size=SIZE - 1)


def _nothing(_: float) -> str:
    return ""


def short_pounds(value: float) -> str:
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
