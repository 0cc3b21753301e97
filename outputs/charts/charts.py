"""The charts of a run: what a board looks at, each with its title, text alternative and numbers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from stepdown.outputs.charts.chart import Chart, file_name, svg, write_charts
from stepdown.outputs.charts.chart_bars import adaptations_chart, delay_chart, delays_chart, options_of
from stepdown.outputs.charts.chart_savings import savings_by_year_charts, savings_chart
from stepdown.outputs.charts.chart_time import occupancy_chart, waiting_chart
from stepdown.outputs.compare import BASELINE
from stepdown.outputs.summary import Summary
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


def make_charts(results: Results) -> list[Chart]:
    """Return all the charts of a run's results."""
    return draw_charts(results.summary, results.window, results.study.title)


def draw_charts(summary: Summary, window: Window, place: str) -> list[Chart]:
    """Return all charts: savings, people waiting and delay of all options, then those of each option.

    Parameters
    ----------
    summary, window
        What was kept of the runs, and the time that was measured. Without carry-on there is nothing to compare with,
        and only occupancy is drawn.
    place
        What the scenario is about, for the subtitles.

    Returns
    -------
    list of Chart
        Those that have something to show. Their names are unique.
    """
    options = options_of(summary)
    if BASELINE not in options:
        return [chart for option in options if (chart := occupancy_chart(summary, window, option, place)) is not None]
    overview = [
        savings_chart(summary, window, place),
        *savings_by_year_charts(summary, window, place),
        waiting_chart(summary, window, options[1:], place, "waiting"),
        delays_chart(summary, window, place),
        adaptations_chart(summary, window, place),
    ]
    return [chart for chart in (*overview, *_each(summary, window, options, place)) if chart is not None]


def _each(summary: Summary, window: Window, options: Sequence[str], place: str) -> Iterator[Chart | None]:
    for option in options:
        yield occupancy_chart(summary, window, option, place)
    for option in options[1:]:
        yield waiting_chart(summary, window, [option], place, file_name("waiting", option))
        yield delay_chart(summary, window, option, place)
