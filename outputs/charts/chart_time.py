"""Charts along the months: occupancy against places, and people waiting."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from stepdown.outputs.charts import chart_titles as titles
from stepdown.outputs.charts.chart import Chart, file_name, period
from stepdown.outputs.charts.chart_style import (
    BAND,
    CATEGORICAL,
    CONTEXT,
    FOCUS,
    INK,
    TWO,
    EndLabel,
    Margins,
    chart_style,
    head,
    label_lines,
    margin_for,
    panels,
    time_axis,
)
from stepdown.outputs.charts.chart_titles import Change, change_of, quantiles
from stepdown.outputs.compare import BASELINE
from stepdown.outputs.measures.intervals import Floats
from stepdown.outputs.summary import Summary
from stepdown.outputs.words.numbers import amount
from stepdown.outputs.words.wording import say_list
from stepdown.simulation.tables import Window

LAST = 12
"""Months at the end by which titles and texts judge."""


def occupancy_chart(summary: Summary, window: Window, option: str, place: str) -> Chart | None:
    """Return people against places for each setting with limited places, or None where there is none."""
    shown = [name for name in limited_settings(summary, [option]) if _used(summary, option, name)]
    if not shown:
        return None
    months = _months(summary)
    right = margin_for(["people", "places"]) + 0.2
    with chart_style():
        figure, axes = panels(len(shown), 1, 1.75, Margins(right=right))
        tables = [_draw_occupancy(panel, summary, option, name) for panel, name in zip(axes, shown, strict=True)]
        for panel in axes:
            time_axis(panel, months)
    return Chart(
        file_name("occupancy", option),
        titles.occupancy_title(option, _percent_full(summary, option, shown)),
        f"People who live in each setting and its places, monthly averages, {place}, {period(window)}. "
        "Line: mean of the runs; shaded: 8 in 10 runs.",
        _occupancy_text(summary, option, shown),
        pd.concat(tables, ignore_index=True),
        figure,
    )


def _draw_occupancy(panel: Axes, summary: Summary, option: str, setting: str) -> pd.DataFrame:
    people, places = (monthly(summary, option, setting, column) for column in ("people", "places"))
    mean, low, high = quantiles(people)
    number = places.mean(axis=0)
    along = np.arange(len(mean))
    panel.fill_between(along, low, high, color=BAND, linewidth=0)
    # A place is there for the whole month: the line of places is a step from the middle of one month to the next.
    panel.step(along, number, where="mid", color=TWO[1], linewidth=3)
    panel.plot(along, mean, color=TWO[0], linewidth=1.6)
    finite = np.where(np.isfinite(number), number, 0)
    panel.set_ylim(0, max(float(finite.max()), float(high.max()), 1.0) * 1.12)
    head(panel, f"{setting}: people")
    time_axis(panel, _months(summary))
    ends = [EndLabel(float(mean[-1]), "people", TWO[0]), EndLabel(float(finite[-1]), "places", TWO[1])]
    label_lines(panel, len(mean) - 1, [ends[0], *([ends[1]] if np.isfinite(number[-1]) else [])])
    return pd.DataFrame(
        {
            "option": option,
            "setting": setting,
            "month": _months(summary),
            "people_mean": mean,
            "people_p10": low,
            "people_p90": high,
            "places": number,
        }
    )


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
    height = 1.6 if len(lines) <= 4 else max(0.2 * len(lines), 1.6)
    with chart_style():
        figure, axes = panels(len(shown), 1, height, Margins(right=margin_for(lines) + 0.2))
        tables = [
            _draw_waiting(panel, summary, setting, lines, best) for panel, setting in zip(axes, shown, strict=True)
        ]
    title = titles.waiting_title(main, best, changes[main][best])
    return Chart(
        name,
        title if len(options) == 1 else titles.overview_title(main, changes[main]),
        f"People on the waiting list, monthly averages, mean of the runs, {place}, {period(window)}.",
        _waiting_text(changes),
        pd.concat(tables, ignore_index=True),
        figure,
    )


def _draw_waiting(panel: Axes, summary: Summary, setting: str, lines: Sequence[str], best: str) -> pd.DataFrame:
    colours = _colours(lines, best)
    tables: dict[str, pd.DataFrame] = {}
    ends = []
    for option in sorted(lines, key=lambda name: (name == best, name == BASELINE)):
        mean, low, high = quantiles(monthly(summary, option, setting, "waiting"))
        front = colours[option] != CONTEXT
        panel.plot(np.arange(len(mean)), mean, color=colours[option], linewidth=1.8 if front else 1.2)
        ends.append(EndLabel(float(mean[-1]), option, colours[option], bold=front and len(lines) > 4))
        columns = {"waiting_mean": mean, "waiting_p10": low, "waiting_p90": high}
        tables[option] = pd.DataFrame({"setting": setting, "option": option, "month": _months(summary), **columns})
    panel.set_ylim(0, max(max(float(table["waiting_mean"].max()) for table in tables.values()) * 1.08, 1.0))
    time_axis(panel, _months(summary))
    head(panel, f"{setting}: people waiting")
    label_lines(panel, len(_months(summary)) - 1, ends)
    return pd.concat([tables[option] for option in lines], ignore_index=True)


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
