"""Charts with a row for each option or cause: delay, savings and adaptations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from stepdown.outputs.charts import chart_titles as titles
from stepdown.outputs.charts.chart import Chart, file_name, period
from stepdown.outputs.charts.chart_marks import draw_bars, head, name_rows
from stepdown.outputs.charts.chart_panel import Panel
from stepdown.outputs.charts.chart_style import FOCUS, INK, SIZE, TWO, WIDTH, Margins, margin_for, panels
from stepdown.outputs.charts.chart_titles import change_of
from stepdown.outputs.compare import BASELINE
from stepdown.outputs.measures.adaptations import ADAPTATION_TIME
from stepdown.outputs.measures.delay import NO_STEP, REVIEW, UNKNOWN_LIST
from stepdown.outputs.measures.intervals import Floats
from stepdown.outputs.summary import Summary
from stepdown.outputs.words.numbers import amount
from stepdown.outputs.words.wording import cut, say_list
from stepdown.scenarios.quantities import UNIT_DAYS
from stepdown.simulation.tables import Window

MOST_CAUSES = 9
"""Rows of a chart of causes; what is left is added up."""

OTHER = "other causes"
"""The row of what is left."""

CAUSES = {"hidden": "waiting for a review", "step": "during steps", "place": "waiting for a place"}
"""The three parts of delay, as charts name them."""

NAME = 36
"""Letters of a cause's or an option's name beside bars."""

HEAD = 14
"""Letters of a line above a narrow panel."""

ROW, PAIR = 0.25, 0.5
"""Inches of a row of bars, and of a pair of bars."""


def delays_chart(summary: Summary, window: Window, place: str) -> Chart | None:
    """Return the days of delay by its three parts, a row an option; None where nobody is delayed."""
    options = options_of(summary)
    amounts = {
        name: {option: float(_delay(summary, window, option, cause=cause).mean()) for option in options}
        for cause, name in CAUSES.items()
    }
    shown = {name: values for name, values in amounts.items() if any(values.values())}
    if not shown:
        return None
    whole = {option: sum(values[option] for values in shown.values()) for option in options}
    columns = {"all delay": whole, **shown} if len(shown) > 1 else shown
    causes = {name: float(_delay(summary, window, BASELINE, name=name).mean()) for name in _causes(summary)}
    cause = max(causes, key=lambda name: causes[name])
    title = (
        titles.delays_title(cause, causes[cause] / whole[BASELINE], BASELINE) if whole[BASELINE] else "Delay by option"
    )
    said = [f"{amount(whole[option], 3)} with {option}" for option in options]
    parts = [f"{amount(values[BASELINE], 3)} {name}" for name, values in shown.items()]
    return Chart(
        "delay",
        title,
        f"Days a year that people were ready but had not moved, mean of the runs, {place}, {period(window)}.",
        f"Bars of days of delay a year: {say_list(said)}. With {BASELINE}, of these {say_list(parts)}.",
        pd.DataFrame({"option": options, **{f"{name} (days a year)": list(v.values()) for name, v in columns.items()}}),
        partial(_rows_by_panels, columns, options),
    )


def delay_chart(
    summary: Summary, window: Window, option: str, place: str, most: int = MOST_CAUSES, row: float = PAIR
) -> Chart | None:
    """Return the days of delay by cause, the baseline beside an option; None where neither has any.

    At most so many causes are drawn, each so many inches high; those beyond them are added up.
    """
    pair = [BASELINE, option]
    table = pd.DataFrame(
        [[float(_delay(summary, window, one, name=name).mean()) for one in pair] for name in _causes(summary)],
        index=pd.Index(_causes(summary), name="cause"),
        columns=pair,
    )
    table = table[table.sum(axis=1) > 0].sort_values(pair, ascending=False, kind="stable")
    if table.empty:
        return None
    drawn = table.iloc[:most]
    if len(table) > most:
        drawn = pd.concat([table.iloc[: most - 1], table.iloc[most - 1 :].sum().to_frame(OTHER).T])
    change = change_of(*(_delay(summary, window, one) for one in pair))
    said = [f"{name} {amount(days.iloc[0], 3)} and {amount(days.iloc[1], 3)}" for name, days in drawn.iterrows()]
    return Chart(
        file_name("delay", option),
        titles.delay_title(option, change),
        f"Days a year that people were ready but had not moved, by cause, mean of the runs, {place}, {period(window)}.",
        f"Pairs of bars of days of delay a year with {BASELINE} and with {option}: in all "
        f"{amount(change.before, 3)} and {amount(change.after, 3)}; {'; '.join(said)}.",
        table.reset_index().melt(id_vars="cause", var_name="option", value_name="days_a_year"),
        partial(_draw_pairs, drawn, row),
    )


def _draw_pairs(table: pd.DataFrame, inches: float) -> Figure:
    """Draw a row for each cause, with a bar for each of two options."""
    causes = [cut(str(name), NAME) for name in table.index]
    (panel,) = panels(1, 1, inches * len(table), Margins(margin_for(causes), right=0.15, top=0.1, bottom=0.1))
    widest = float(table.to_numpy().max())
    # Room for the first row's labels, which name the bars.
    panel.across, panel.up = (0, widest * 1.55), (len(table) - 0.4, -0.6)
    name_rows(panel, causes)
    for number, (option, colour) in enumerate(zip(table.columns, TWO, strict=True)):
        heights = np.arange(len(table)) + 0.36 * (number - 0.5)
        values = table.iloc[:, number].to_list()
        draw_bars(panel, list(heights), values, 0.34, colour)
        for row, (height, value) in enumerate(zip(heights, values, strict=True)):
            text = _label(value, widest) + (f"  {cut(option, NAME)}" if row == 0 else "")
            panel.text(value + widest * 0.012, height, text, va="center_baseline", fontsize=SIZE - 1)
    return panel.figure


def _rows_by_panels(columns: Mapping[str, Mapping[str, float]], options: Sequence[str]) -> Figure:
    """Draw a panel for each column, side by side, with a bar for each option; names stand on the left."""
    widest = {name: float(np.nanmax([*values.values(), 1e-9])) for name, values in columns.items()}
    names, margins = margin_for(options), Margins(left=0, right=0.1, top=0.45, bottom=0.1)
    drawn = panels(len(columns), len(columns), ROW * len(options), margins)
    width = (WIDTH - names) / len(columns)
    for number, (panel, (name, values)) in enumerate(zip(drawn, columns.items(), strict=True)):
        panel.left, panel.width = names + number * width, width - 0.08
        panel.across, panel.up = (0, max(widest.values()) * 1.6), (len(options) - 0.4, -0.6)
        _draw_rows(panel, [values[option] for option in options], options, widest[name])
        head(panel, name, HEAD)
    name_rows(drawn[0], options)
    return drawn[0].figure


def _draw_rows(panel: Panel, values: Sequence[float], options: Sequence[str], widest: float) -> None:
    colours = [INK if option == BASELINE else FOCUS for option in options]
    draw_bars(panel, range(len(options)), [0 if np.isnan(value) else value for value in values], 0.62, colours)
    for row, value in enumerate(values):
        text = "-" if np.isnan(value) else f" {_label(value, widest)}"
        panel.text(0 if np.isnan(value) else value, row, text, va="center_baseline", fontsize=SIZE - 1)


def _label(value: float, largest: float) -> str:
    """Return a value to three figures, with a decimal only where all values of the panel are small."""
    return amount(round(value), 3) if largest >= 100 else f"{value:.1f}"


def adaptations_chart(summary: Summary, window: Window, place: str) -> Chart | None:
    """Return how long adaptations of each tier take, a row an option; None in a scenario without adaptations."""
    table = summary.times(ADAPTATION_TIME, ["tier"])
    if table.empty:
        return None
    options = options_of(summary)
    days = table.assign(option=table["option"].astype(str)).pivot_table("mean_days", "option", "tier", observed=True)
    weeks = days.reindex(options) / UNIT_DAYS["week"]
    weeks = weeks[weeks.columns[np.argsort(weeks.loc[BASELINE].to_numpy(), kind="stable")]]
    columns = {str(tier): dict(zip(options, weeks[tier].to_list(), strict=True)) for tier in weeks.columns}
    said = [f"{tier} {amount(values[BASELINE], 3)}" for tier, values in columns.items()]
    best = {tier: min(values, key=lambda name: values[name]) for tier, values in columns.items()}
    shortest = [f"{tier} {amount(values[best[tier]], 3)} with {best[tier]}" for tier, values in columns.items()]
    slowest = max(columns, key=lambda tier: columns[tier][BASELINE])
    return Chart(
        "adaptations",
        titles.adaptations_title(slowest, columns[slowest], BASELINE),
        f"Mean weeks from the first step of an adaptation to the last, by tier, {place}, {period(window)}. "
        "Those not finished are counted by the time they have taken so far.",
        f"Bars of mean weeks. With {BASELINE}: {say_list(said)}. Shortest: {say_list(shortest)}.",
        weeks.reset_index().melt(id_vars="option", var_name="tier", value_name="mean_weeks"),
        partial(_rows_by_panels, columns, options),
    )


def _causes(summary: Summary) -> list[str]:
    """Return every cause of delay that any run has, as charts name it."""
    texts = [text for one in summary.options for text in one.sheets.delay.keys.texts(["cause", "name"])]
    return [_cause(str(cause), str(name)) for cause, name in dict.fromkeys(texts)]


def _cause(cause: str, name: str) -> str:
    if name == REVIEW and cause == "hidden":
        return CAUSES["hidden"]
    if name in {NO_STEP, UNKNOWN_LIST}:
        return f"{CAUSES[cause]} ({name})"
    return f"waiting for {name}" if cause == "place" else name


def _delay(summary: Summary, window: Window, option: str, cause: str = "", name: str = "") -> Floats:
    """Return days of delay a year in each run of an option, of one part or one named cause, or of all."""
    sheet = summary.of(option).sheets.delay
    chosen = [
        cause in {"", one} and name in {"", _cause(str(one), str(what))}
        for one, what in sheet.keys.texts(["cause", "name"])
    ]
    return np.asarray(sheet.values()[:, np.array(chosen, dtype=np.bool_)].sum(axis=1) / window.years)


def options_of(summary: Summary) -> list[str]:
    """Return the options that were run, the baseline first if it is among them."""
    return sorted(summary.names, key=lambda name: name != BASELINE)
