"""The second side: who lives where, who waits, where delay comes from, and whether that is fair."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from stepdown.outputs.board import Row
from stepdown.outputs.charts.chart import Chart
from stepdown.outputs.charts.chart_bars import delay_chart
from stepdown.outputs.charts.chart_time import Look, occupancy_chart
from stepdown.outputs.compare import changes
from stepdown.outputs.paper.answer import measure_change
from stepdown.outputs.paper.blocks import Block, Part, Picture, Side, Table, Words, cut
from stepdown.outputs.paper.facts import Facts
from stepdown.outputs.paper.fairness import fairness
from stepdown.outputs.paper.sentences import more_sentence, waits_title
from stepdown.outputs.words.numbers import MISSING, amount
from stepdown.scenarios.loader import CARRY_ON

MOST_SETTINGS, MOST_LISTS, MOST_CAUSES = 4, 4, 5
"""Panels of occupancy, rows of waits, and causes of delay that there is room for."""

NAME = 40
"""Letters of the name of a list."""


def people_side(facts: Facts) -> Side:
    """Return the second side."""
    parts = [
        Part("occupancy", "People and places", _pictures(_occupancy(facts), "No setting has limited places.")),
        Part("waits", "How long people wait", list(_waits(facts))),
        Part("delay", "Where people get stuck", _pictures(_delay(facts), "Nobody is ready who has not moved.")),
        Part("fairness", "Fairness", fairness(facts)),
    ]
    return Side(waits_title(facts.option, measure_change(facts, "waiting_at_end")), parts)


def _pictures(chart: Chart | None, nothing: str) -> Sequence[Block]:
    return (Picture(chart),) if chart is not None else (Words([nothing]),)


def _occupancy(facts: Facts) -> Chart | None:
    look = Look(columns=2, height=1.15, most=MOST_SETTINGS)
    return occupancy_chart(facts.summary, facts.run.window, facts.option, facts.title, look)


def _delay(facts: Facts) -> Chart | None:
    return delay_chart(facts.summary, facts.run.window, facts.option, facts.title, MOST_CAUSES, 0.38)


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
    pair = (CARRY_ON, facts.option)
    head = ["List", *(f"{what}, {cut(name, 24)}" for what in ("Mean days", "90% within", "Waiting") for name in pair)]
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
        "Waits for a place in days, all runs together, and people waiting at the end",
        head,
        cells,
        note=f"People still waiting are included; '>': at least; {MISSING}: nobody was listed, or too few were served.",
    )


def _days(row: Row, column: str, beyond: str = "") -> str:
    text = amount(row[column], 3)
    return f">{text}" if beyond and row[beyond] > 0.01 and text != MISSING else text
