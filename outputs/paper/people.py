"""The second side: who lives where, who waits, where delay comes from, and whether that is fair."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from stepdown.outputs.board import Row
from stepdown.outputs.charts.chart import Chart
from stepdown.outputs.charts.chart_bars import delay_chart
from stepdown.outputs.charts.chart_time import Look, limited_settings, occupancy_chart
from stepdown.outputs.compare import changes
from stepdown.outputs.paper.answer import measure_change
from stepdown.outputs.paper.blocks import Block, Part, Picture, Side, Table, Words
from stepdown.outputs.paper.facts import Facts
from stepdown.outputs.paper.fairness import fairness
from stepdown.outputs.paper.sentences import more_sentence, waits_title
from stepdown.outputs.words.numbers import MISSING, amount
from stepdown.outputs.words.wording import cut
from stepdown.scenarios.loader import CARRY_ON

MOST_SETTINGS, MOST_LISTS, MOST_CAUSES = 4, 3, 4
"""Panels of occupancy, rows of waits, and causes of delay that there is room for."""

NAME, TITLE = 28, 75
"""Letters of the name of a list, and of a chart's title."""


def people_side(facts: Facts) -> Side:
    """Return the second side."""
    parts = [
        Part("occupancy", "People and places", _pictures(_occupancy(facts), "No setting has limited places.")),
        Part("waits", "How long people wait", list(_waits(facts))),
        Part("delay", "Where people get stuck", _pictures(_delay(facts), "Nobody is ready who has not moved.")),
        Part("fairness", "Fairness", fairness(facts)),
    ]
    return Side(waits_title(facts.name, measure_change(facts, "waiting_at_end")), parts)


def _pictures(chart: Chart | None, nothing: str) -> Sequence[Block]:
    return (Picture(replace(chart, title=cut(chart.title, TITLE))),) if chart is not None else (Words([nothing]),)


def _occupancy(facts: Facts) -> Chart | None:
    few = len(limited_settings(facts.summary, [facts.option])) <= 2
    look = Look(columns=2, height=1.25 if few else 0.78, most=MOST_SETTINGS)
    return occupancy_chart(facts.summary, facts.run.window, facts.option, facts.place, look)


def _delay(facts: Facts) -> Chart | None:
    return delay_chart(facts.summary, facts.run.window, facts.option, facts.place, MOST_CAUSES, 0.32)


def _waits(facts: Facts) -> Iterable[Block]:
    table = waits_table(facts)
    if not table.rows:
        yield Words(["There is no waiting list."])
        return
    left = len(table.rows) - MOST_LISTS
    yield Table(table.caption, table.head, table.rows[:MOST_LISTS], table.texts, table.note)
    if left > 0:
        yield Words([more_sentence(left, "list" if left == 1 else "lists")])


def waits_table(facts: Facts) -> Table:
    """Return a row for each list, with carry-on and the option; lists with the most people waiting first."""
    before, after = facts.row(CARRY_ON), facts.row(facts.option)
    waiting = changes(facts.summary, "waiting_at_end", by_name=True)
    rows = waiting[(waiting["option"] == facts.option).to_numpy()].to_dict("records")
    rows.sort(key=lambda row: -max(row["baseline_mean"], row["value_mean"]))
    pair = (CARRY_ON, "option")
    head = ["List", *(f"{what}, {name}" for what in ("Mean days", "90% within", "Waiting") for name in pair)]
    cells = [
        (
            cut(str(row["name"]), NAME),
            *(_days(of, f"wait_mean:{row['name']}", f"wait_beyond:{row['name']}") for of in (before, after)),
            *(_days(of, f"wait_p90:{row['name']}") for of in (before, after)),
            *(amount(row[name], 3) for name in ("baseline_mean", "value_mean")),
        )
        for row in rows
        if f"wait_mean:{row['name']}" in before
    ]
    return Table(
        f"Days until a place, all runs together, and people waiting at the end; option: {facts.name}",
        head,
        cells,
        note=f"People still waiting are included; '>': at least; {MISSING}: nobody was listed, or too few were served.",
    )


def _days(row: Row, column: str, beyond: str = "") -> str:
    text = amount(row[column], 3)
    return f">{text}" if beyond and row[beyond] > 0.01 and text != MISSING else text
