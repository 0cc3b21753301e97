"""The charts of a run: what a board looks at, each with its title, text alternative and numbers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stepdown.outputs.charts.chart import Chart, file_name, svg, write_charts
from stepdown.outputs.charts.chart_bars import adaptations_chart, delay_chart, delays_chart, options_of
from stepdown.outputs.charts.chart_savings import savings_by_year_charts, savings_chart
from stepdown.outputs.charts.chart_time import occupancy_chart, waiting_chart
from stepdown.outputs.compare import BASELINE
from stepdown.outputs.summary import Summary
from stepdown.outputs.words.covers import drawn_inputs
from stepdown.simulation.tables import Window

if TYPE_CHECKING:
    from stepdown.outputs.experiment import Results

__all__ = [
    "Chart",
    "adaptations_chart",
    "delay_chart",
    "delays_chart",
    "draw_charts",
    "make_charts",
    "occupancy_chart",
    "savings_by_year_charts",
    "savings_chart",
    "svg",
    "waiting_chart",
    "write_charts",
]


def make_charts(results: Results) -> Iterator[Chart]:
    """Yield all the charts of a run's results."""
    inputs = drawn_inputs(next(iter(results.study.options.values())).scenario)
    return draw_charts(results.summary, results.window, results.study.title, inputs)


def draw_charts(summary: Summary, window: Window, place: str, inputs: int = 0) -> Iterator[Chart]:
    """Yield all charts: savings, people waiting and delay of all options, then those of each option.

    Parameters
    ----------
    summary, window
        What was kept of the runs, and the time that was measured. Without carry-on there is nothing to compare with,
        and only occupancy is drawn.
    place
        What the scenario is about, for the subtitles.
    inputs
        How many inputs were drawn for each run.

    Yields
    ------
    Chart
        Those that have something to show. Their names are unique.
    """
    yield from (chart for chart in _all(summary, window, place, inputs) if chart is not None)


def _all(summary: Summary, window: Window, place: str, inputs: int) -> Iterator[Chart | None]:
    options = options_of(summary)
    if BASELINE in options:
        yield savings_chart(summary, window, place, inputs)
        yield from savings_by_year_charts(summary, window, place, inputs)
        yield waiting_chart(summary, window, options[1:], place, "waiting")
        yield delays_chart(summary, window, place)
        yield adaptations_chart(summary, window, place)
    for option in options:
        yield occupancy_chart(summary, window, option, place)
    for option in options[1:] if BASELINE in options else ():
        yield waiting_chart(summary, window, [option], place, file_name("waiting", option))
        yield delay_chart(summary, window, option, place)
