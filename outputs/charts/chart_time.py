"""Charts along the months: occupancy against places, and people waiting."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import NamedTuple

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from stepdown.outputs.charts import chart_titles as titles
from stepdown.outputs.charts.chart import Chart, file_name, period
from stepdown.outputs.charts.chart_marks import EndLabel, head, label_lines, time_axes
from stepdown.outputs.charts.chart_panel import Panel
from stepdown.outputs.charts.chart_style import (
    BAND,
    CATEGORICAL,
    CONTEXT,
    FOCUS,
    INK,
    LETTER,
    TWO,
    Margins,
    margin_for,
    panels,
)
from stepdown.outputs.charts.chart_titles import Change, change_of, quantiles
from stepdown.outputs.compare import BASELINE
from stepdown.outputs.measures.intervals import Floats
from stepdown.outputs.summary import Summary
from stepdown.outputs.words.numbers import amount
from stepdown.outputs.words.wording import cut, say_list
from stepdown.simulation.tables import Window

LAST = 12
"""Months at the end by which titles and texts judge."""


class Look(NamedTuple):
    """How much room a chart of panels has: panels beside each other, inches of each in height, and panels at most."""

    columns: int = 1
    height: float = 1.75
    most: int | None = None


ONE_COLUMN = Look()
"""Panels one under the other, as many as there are."""


def occupancy_chart(summary: Summary, window: Window, option: str, place: str, look: Look = ONE_COLUMN) -> Chart | None:
    """Return people against places for each setting with limited places, or None where there is none.

    Where there is no room for all settings, those with the most people are shown.
    """
    shown = [name for name in limited_settings(summary, [option]) if _used(summary, option, name)]
    if not shown:
        return None
    people = {name: float(monthly(summary, option, name, "people").mean()) for name in shown}
    largest = sorted(shown, key=lambda name: -people[name])[: look.most]
    shown = [name for name in shown if name in largest]
    tables = [_occupancy_table(summary, option, name) for name in shown]
    return Chart(
        file_name("occupancy", option),
        titles.occupancy_title(option, _percent_full(summary, option, shown)),
        f"People who live in each setting and its places, monthly averages, {place}, {period(window)}. "
        "Line: mean of the runs; shaded: 8 in 10 runs.",
        _occupancy_text(summary, option, shown),
        pd.concat(tables, ignore_index=True),
        partial(_draw_occupancy, tables, look),
    )


def _occupancy_table(summary: Summary, option: str, setting: str) -> pd.DataFrame:
    people, places = (monthly(summary, option, setting, column) for column in ("people", "places"))
    mean, low, high = quantiles(people)
    return pd.DataFrame(
        {
            "option": option,
            "setting": setting,
            "month": _months(summary),
            "people_mean": mean,
            "people_p10": low,
            "people_p90": high,
            "places": places.mean(axis=0),
        }
    )


def _draw_occupancy(tables: Sequence[pd.DataFrame], look: Look) -> Figure:
    drawn = panels(len(tables), look.columns, look.height, Margins(right=margin_for(["people", "places"]) + 0.2))
    for panel, table in zip(drawn, tables, strict=True):
        _draw_people_and_places(panel, table)
    return drawn[0].figure


def _draw_people_and_places(panel: Panel, table: pd.DataFrame) -> None:
    mean, low, high, number = (table[name].to_numpy() for name in ("people_mean", "people_p10", "people_p90", "places"))
    along = np.arange(len(table))
    finite = np.where(np.isfinite(number), number, 0)
    panel.across, panel.up = (-0.5, len(table) - 0.5), (0, max(float(finite.max()), float(high.max()), 1.0) * 1.12)
    time_axes(panel, table["month"].to_list())
    panel.areas([np.column_stack((np.append(along, along[::-1]), np.append(low, high[::-1])))], BAND)
    # A place is there for the whole month: the line of places is a step from one month to the next.
    edges = np.clip(np.repeat(np.arange(len(table) + 1) - 0.5, 2)[1:-1], along[0], along[-1])
    panel.lines([zip(edges, np.repeat(np.where(np.isfinite(number), number, np.nan), 2), strict=True)], TWO[1], 3)
    panel.lines([zip(along, mean, strict=True)], TWO[0], 1.6)
    head(panel, f"{cut(str(table['setting'].iloc[0]), int(panel.width / LETTER))}: people")
    ends = [EndLabel(float(mean[-1]), "people", TWO[0]), EndLabel(float(finite[-1]), "places", TWO[1])]
    label_lines(panel, len(mean) - 1, [ends[0], *([ends[1]] if np.isfinite(number[-1]) else [])])


def _percent_full(summary: Summary, option: str, shown: Sequence[str]) -> dict[str, float]:
    """Return people as a percentage of places in the last months, the largest settings first."""
    people = {name: float(monthly(summary, option, name, "people")[:, -LAST:].mean()) for name in shown}
    places = {name: float(monthly(summary, option, name, "places")[:, -LAST:].mean()) for name in shown}
    order = sorted(shown, key=lambda name: -places[name])
    return {name: 100 * people[name] / places[name] for name in order if 0 < places[name] < np.inf}


def _occupancy_text(summary: Summary, option: str, shown: Sequence[str]) -> str:
    said = []
    for name in shown:
        people = monthly(summary, option, name, "people")[:, -LAST:]
        places = monthly(summary, option, name, "places")[:, -LAST:].mean()
        low, high = np.quantile(people.mean(axis=1), [0.1, 0.9])
        of = f" in {amount(float(places), 3)} places" if np.isfinite(places) else ""
        said.append(
            f"{name}: on average {amount(float(people.mean()), 3)} people{of} in the last {LAST} months "
            f"({amount(float(low), 3)} to {amount(float(high), 3)} in 8 in 10 runs)"
        )
    return f"Lines of people and steps of places by month with {option}. {'; '.join(said)}."


def waiting_chart(summary: Summary, window: Window, options: Sequence[str], place: str, name: str) -> Chart | None:
    """Return people waiting for each list, the baseline against options; None where nobody ever waits.

    Parameters
    ----------
    summary, window
        What was kept of the runs, and the time that was measured.
    options
        Those compared with the baseline. Above three, one stands out and the others stay grey.
    place
        What the scenario is about, for the subtitle.
    name
        The chart's name.
    """
    lines = [BASELINE, *options]
    shown = [setting for setting in limited_settings(summary, lines) if _anybody_waits(summary, lines, setting)]
    if not shown or not options:
        return None
    changes = {setting: _changes(summary, setting, options) for setting in shown}
    main = max(shown, key=lambda setting: max(change.size for change in changes[setting].values()))
    best = min(options, key=lambda option: changes[main][option].after)
    tables = [_waiting_table(summary, setting, option) for setting in shown for option in lines]
    title = titles.waiting_title(main, best, changes[main][best])
    return Chart(
        name,
        title if len(options) == 1 else titles.overview_title(main, changes[main]),
        f"People on the waiting list, monthly averages, mean of the runs, {place}, {period(window)}.",
        _waiting_text(changes),
        pd.concat(tables, ignore_index=True),
        partial(_draw_waiting, tables, shown, lines, best),
    )


def _waiting_table(summary: Summary, setting: str, option: str) -> pd.DataFrame:
    mean, low, high = quantiles(monthly(summary, option, setting, "waiting"))
    columns = {"waiting_mean": mean, "waiting_p10": low, "waiting_p90": high}
    return pd.DataFrame({"setting": setting, "option": option, "month": _months(summary), **columns})


def _draw_waiting(tables: Sequence[pd.DataFrame], settings: Sequence[str], lines: Sequence[str], best: str) -> Figure:
    height = 1.6 if len(lines) <= 4 else max(0.2 * len(lines), 1.6)
    drawn = panels(len(settings), 1, height, Margins(right=margin_for(lines) + 0.2))
    months = tables[0]["month"].to_list()
    for number, (panel, setting) in enumerate(zip(drawn, settings, strict=True)):
        of_setting = tables[number * len(lines) : (number + 1) * len(lines)]
        means = {name: table["waiting_mean"].to_numpy() for name, table in zip(lines, of_setting, strict=True)}
        largest = max(float(mean.max()) for mean in means.values())
        panel.across, panel.up = (-0.5, len(months) - 0.5), (0, max(largest * 1.08, 1.0))
        time_axes(panel, months)
        head(panel, f"{setting}: people waiting")
        _draw_means(panel, means, best)
    return drawn[0].figure


def _draw_means(panel: Panel, means: dict[str, Floats], best: str) -> None:
    colours = _colours(list(means), best)
    order = sorted(means, key=lambda name: (name == best, name == BASELINE))
    widths = [1.2 if colours[name] == CONTEXT else 1.8 for name in order]
    panel.lines([enumerate(means[name]) for name in order], [colours[name] for name in order], widths)
    ends = [
        EndLabel(float(means[name][-1]), name, colours[name], bold=colours[name] != CONTEXT and len(means) > 4)
        for name in order
    ]
    label_lines(panel, len(means[best]) - 1, ends)


def _colours(lines: Sequence[str], best: str) -> dict[str, str]:
    if len(lines) == 2:
        return dict(zip(lines, TWO, strict=True))
    if len(lines) <= len(CATEGORICAL):
        return dict(zip(lines, CATEGORICAL, strict=False))
    return {name: {best: FOCUS, BASELINE: INK}.get(name, CONTEXT) for name in lines}


def _changes(summary: Summary, setting: str, options: Sequence[str]) -> dict[str, Change]:
    """Return how the people waiting in the last months differ from the baseline's, by option."""
    before = monthly(summary, BASELINE, setting, "waiting")[:, -LAST:].mean(axis=1)
    return {
        name: change_of(before, monthly(summary, name, setting, "waiting")[:, -LAST:].mean(axis=1)) for name in options
    }


def _waiting_text(changes: dict[str, dict[str, Change]]) -> str:
    said = []
    for setting, by_option in changes.items():
        before = next(iter(by_option.values())).before
        after = [f"{amount(change.after, 3)} with {option}" for option, change in by_option.items()]
        said.append(f"{setting}: {amount(before, 3)} with {BASELINE}, {say_list(after)}")
    return f"Lines of people waiting by month. On average over the last {LAST} months, {'; '.join(said)}."


def monthly(summary: Summary, option: str, setting: str, column: str) -> Floats:
    """Return a column of occupancy, shape (runs, months), in the order of the replications."""
    return summary.of(option).monthly(setting, column)


def limited_settings(summary: Summary, options: Sequence[str]) -> list[str]:
    """Return the settings whose places are limited in any of some options at any time."""
    found = {
        setting
        for option in options
        for setting in summary.of(option).settings
        if np.isfinite(summary.of(option).places(setting)).any()
    }
    every = dict.fromkeys(setting for one in summary.options for setting in one.settings)
    return [setting for setting in every if setting in found]


def _months(summary: Summary) -> list[str]:
    return list(summary.options[0].months)


def _used(summary: Summary, option: str, setting: str) -> bool:
    """Whether there is ever a place or a person."""
    return any(bool((monthly(summary, option, setting, column) > 0).any()) for column in ("people", "places"))


def _anybody_waits(summary: Summary, options: Sequence[str], setting: str) -> bool:
    return any(bool((monthly(summary, option, setting, "waiting") > 0).any()) for option in options)
