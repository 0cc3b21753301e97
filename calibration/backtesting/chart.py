"""Pictures of forecasts: what was known, the ranges of what was to come, and what came."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import NamedTuple

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from stepdown.calibration.backtesting.forecast import Forecast
from stepdown.calibration.backtesting.scores import ranges
from stepdown.calibration.backtesting.series import LEVELS as COUNTED_AT_THE_END
from stepdown.calibration.backtesting.series import SAYS, Kind, Numbers
from stepdown.calibration.disclosure import Disclosure
from stepdown.outputs.charts.chart import Chart
from stepdown.outputs.charts.chart_marks import head, time_axes
from stepdown.outputs.charts.chart_panel import Panel
from stepdown.outputs.charts.chart_style import BAND, INK, LETTER, TWO, Margins, panels
from stepdown.outputs.words.numbers import amount, percent
from stepdown.outputs.words.wording import cut, say_date

DARKER = "#8FA9C2"
"""The middle half of the futures, within the tint of the middle 95%."""

PAST = 12
"""Periods before the date that are shown."""


class _Fan(NamedTuple):
    """One panel: the name, months, and the numbers before and after the date; what is withheld is missing."""

    name: str
    months: list[str]
    past: Numbers
    middle: Numbers
    low: Numbers
    high: Numbers
    came: Numbers


def forecast_chart(each: Forecast, kind: Kind, name: str, record: str, disclosure: Disclosure) -> Chart | None:
    """Return a panel for each setting of one kind of series; None where there is none.

    Parameters
    ----------
    each
        The forecast.
    kind
        What is counted.
    name
        What the history is called.
    record
        Whether what came is real or simulated.
    disclosure
        How counts may be shown.
    """
    chosen = [row for row, one in enumerate(each.series) if one.kind == kind]
    if not chosen:
        return None
    fans = [_fan(each, row, disclosure) for row in chosen]
    within = float(each.scores.coverage(0.95)[chosen].mean())
    what = SAYS[kind].format("each setting")
    return Chart(
        f"forecast-{kind}-{each.date}",
        f"{percent(within)} of what came lay in the ranges of 95%",
        f"{what.capitalize()} {'of each period' if kind in COUNTED_AT_THE_END else 'in each period'}, {name}, forecast "
        f"from {say_date(each.date)}. Line and dots: {record} records; shaded: the middle 50% and 95% of the futures.",
        _text(fans, what),
        _numbers(fans),
        partial(_draw, fans),
    )


def _fan(each: Forecast, row: int, disclosure: Disclosure) -> _Fan:
    samples = each.samples[:, row]
    (low, high), (_, _), (lowest, highest) = ranges(samples)
    past = each.past[row][-PAST:]
    ends = pd.DatetimeIndex([pd.Timestamp(edge) for edge in each.edges[1:]])
    step = (ends[0].year - each.date.year) * 12 + ends[0].month - each.date.month
    before = [pd.Timestamp(each.date) - pd.DateOffset(months=step * back) for back in range(len(past) - 1, -1, -1)]
    return _Fan(
        each.series[row].setting,
        [f"{month:%Y-%m}" for month in [*before, *ends]],
        _shown(past, disclosure),
        np.array([low, high]),
        lowest,
        highest,
        _shown(each.observed[row], disclosure),
    )


def _shown(counts: Numbers, disclosure: Disclosure) -> Numbers:
    shown = [disclosure.number(int(count)) for count in counts]
    return np.array([np.nan if count is None else count for count in shown], dtype=np.float64)


def _draw(fans: Sequence[_Fan]) -> Figure:
    drawn = panels(len(fans), 2, 1.35, Margins(right=0.25, left=0.45))
    for panel, fan in zip(drawn, fans, strict=True):
        _draw_fan(panel, fan)
    return drawn[0].figure


def _draw_fan(panel: Panel, fan: _Fan) -> None:
    every = np.concatenate([fan.past, fan.high, fan.came, [1.0]])
    known = len(fan.past)
    panel.across, panel.up = (-0.5, len(fan.months) - 0.5), (0, float(np.nanmax(every)) * 1.12)
    time_axes(panel, fan.months)
    along = np.arange(known, len(fan.months))
    for low, high, colour in ((fan.low, fan.high, BAND), (*fan.middle, DARKER)):
        outline = np.column_stack((np.append(along, along[::-1]), np.append(low, high[::-1])))
        panel.areas([outline], colour)
    panel.lines([zip(range(known), fan.past, strict=True)], TWO[0], 1.6)
    marks = [_mark(panel, float(x), y) for x, y in zip(along, fan.came, strict=True) if not np.isnan(y)]
    panel.areas(marks, TWO[1])
    panel.lines([[(known - 0.5, end) for end in panel.up]], INK, 0.6)
    head(panel, cut(fan.name, int(panel.width / LETTER)))


def _mark(panel: Panel, x: float, y: float) -> Numbers:
    """Return a diamond that is as wide as high on paper."""
    across, up = 2.6 * panel.point_across, 2.6 * panel.point_up
    return np.array([(x - across, y), (x, y + up), (x + across, y), (x, y - up)])


def _numbers(fans: Sequence[_Fan]) -> pd.DataFrame:
    parts = []
    for fan in fans:
        known, ahead = len(fan.past), len(fan.came)
        gap = np.full(known, np.nan)
        parts.append(
            pd.DataFrame(
                {
                    "setting": fan.name,
                    "until": fan.months,
                    "recorded": np.append(fan.past, fan.came),
                    "low_50": np.append(gap, fan.middle[0]),
                    "high_50": np.append(gap, fan.middle[1]),
                    "low_95": np.append(gap, fan.low),
                    "high_95": np.append(gap, fan.high),
                    "forecast": np.repeat(["no", "yes"], [known, ahead]),
                }
            )
        )
    return pd.concat(parts, ignore_index=True)


def _text(fans: Sequence[_Fan], what: str) -> str:
    said = [
        f"{fan.name}: in the last period 95% of futures lie between {amount(float(fan.low[-1]))} and "
        f"{amount(float(fan.high[-1]))}, and {_came(fan.came[-1])} came"
        for fan in fans
    ]
    drawn = "lines of the past, shaded ranges of the futures, and dots of what came"
    return f"{what.capitalize()}: {drawn}. {'; '.join(said)}."


def _came(value: float) -> str:
    return "fewer than 5" if np.isnan(value) else amount(value)
