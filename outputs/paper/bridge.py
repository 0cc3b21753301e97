"""From what carry-on costs to what an option costs, step by step: by setting and payer."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import NamedTuple

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from stepdown.outputs.charts.chart import Chart, period
from stepdown.outputs.charts.chart_marks import name_rows, scale_across, stand
from stepdown.outputs.charts.chart_panel import rectangle
from stepdown.outputs.charts.chart_savings import short_pounds
from stepdown.outputs.charts.chart_style import FOCUS, INK, TWO, Margins, margin_for, panels
from stepdown.outputs.charts.chart_titles import ten_words
from stepdown.outputs.money.flows import Flows
from stepdown.outputs.words.numbers import pounds
from stepdown.outputs.words.wording import cut, say_list
from stepdown.scenarios.loader import CARRY_ON
from stepdown.simulation.tables import Window

MOST_STEPS = 6
"""Steps that are drawn; what is left is added up."""

OTHER = "everything else"
"""The step of what is left."""

NAME = 24
"""Letters of the name of a setting, payer or option."""


class BridgeStep(NamedTuple):
    """One step: the setting (or the kind of payment, where it belongs to none), payer, and pounds a year more."""

    setting: str
    payer: str
    change: float

    @property
    def name(self) -> str:
        """The step, as the chart names it."""
        return f"{cut(self.setting, NAME)}: {cut(self.payer, NAME)}" if self.payer else self.setting


def bridge_steps(savings: Flows, years: float) -> list[BridgeStep]:
    """Return the steps from carry-on to the option, the largest first; their changes add up to the whole.

    Parameters
    ----------
    savings
        What the option saves, by line: `stepdown.outputs.money.flows.savings_of`.
    years
        The length of the measured time.
    """
    changes: dict[tuple[str, str], float] = {}
    for line, saved in zip(savings.lines, savings.means().sum(axis=1), strict=True):
        key = (line.setting or line.kind, line.payer)
        changes[key] = changes.get(key, 0.0) - float(saved) / years
    steps = [BridgeStep(setting, payer, change) for (setting, payer), change in changes.items() if change]
    return sorted(steps, key=lambda step: -abs(step.change))


def bridge_chart(savings: Flows, cost: float, window: Window, place: str) -> Chart | None:
    """Return the bridge from carry-on's cost to the option's; None where nothing differs.

    Parameters
    ----------
    savings
        What the option saves, by line.
    cost
        What carry-on costs, in pounds a year.
    window
        The time that was measured.
    place
        What the scenario is about.
    """
    option, steps = cut(savings.option, NAME), bridge_steps(savings, window.years)
    if not steps:
        return None
    whole = sum(step.change for step in steps)
    drawn = steps
    if len(steps) > MOST_STEPS:
        rest = sum(step.change for step in steps[MOST_STEPS - 1 :])
        drawn = [*steps[: MOST_STEPS - 1], BridgeStep(OTHER, "", rest)]
    largest = steps[0]
    title = ten_words(
        f"The largest change is in {cut(largest.setting, NAME)}, paid by {cut(largest.payer, NAME)}",
        f"The largest change is in {cut(largest.setting, NAME)}",
        "Where the money goes",
    )
    said = [f"{step.name} {_signed(step.change)}" for step in drawn]
    return Chart(
        "bridge",
        title,
        f"Change in cost a year from {CARRY_ON} ({pounds(cost)}) to {option} ({pounds(cost + whole)}), by setting and "
        f"payer, constant prices, mean of the runs, {place}, {period(window)}.",
        f"Bars that begin where the one before ends. From {CARRY_ON}: {say_list(said)}; in all {_signed(whole)}.",
        pd.DataFrame(
            {
                "setting": [step.setting for step in steps],
                "payer": [step.payer for step in steps],
                "change_in_cost_a_year": [step.change for step in steps],
            }
        ),
        partial(_draw_bridge, drawn, option),
    )


def _signed(change: float) -> str:
    return pounds(change) if change < 0 else f"+{pounds(change)}"


def _draw_bridge(steps: Sequence[BridgeStep], option: str) -> Figure:
    """Draw a row for each step, from where the one before ended, and a last one for the whole."""
    changes = np.array([step.change for step in steps])
    ends = np.cumsum(changes)
    whole = float(ends[-1])
    names = [*(step.name for step in steps), option]
    starts, finishes = [*(ends - changes), 0.0], [*ends, whole]
    (panel,) = panels(1, 1, 0.25 * len(names), Margins(margin_for(names), 0.15, 0.08, 0.32))
    low, high = min(0.0, *finishes), max(0.0, *finishes)
    room = (high - low) * 0.22 or 1.0
    panel.across, panel.up = (low - room, high + room), (len(names) - 0.5, -0.5)
    scale_across(panel, short_pounds, 6)
    stand(panel)
    name_rows(panel, names)
    colours = [*(TWO[1] if step.change > 0 else TWO[0] for step in steps), INK]
    bars = [
        rectangle(start, end, row - 0.32, row + 0.32)
        for row, (start, end) in enumerate(zip(starts, finishes, strict=True))
    ]
    panel.areas(bars, colours)
    panel.lines([[(0, end) for end in panel.up]], FOCUS, 0.8)
    links = [[(end, row + 0.32), (end, row + 0.68)] for row, end in enumerate(ends)]
    panel.lines(links, INK, 0.6)
    for row, (start, end) in enumerate(zip(starts, finishes, strict=True)):
        text = f" {_signed(end - start)} "
        right = end >= start
        panel.text(end, row, text, ha="left" if right else "right", va="center_baseline")
    return panel.figure
