"""The annex: all options and assumptions, STRESS-DES filled from the run, and the data of every figure."""

from __future__ import annotations

from stepdown.outputs.paper.answer import options_table
from stepdown.outputs.paper.blocks import Block, Paper, Part, Points, Side, Table, Words, data_table
from stepdown.outputs.paper.doubt import assumptions_table
from stepdown.outputs.paper.facts import Facts
from stepdown.outputs.paper.fairness import fairness_table
from stepdown.outputs.paper.people import waits_table
from stepdown.outputs.paper.purses import payers_table, years_table
from stepdown.outputs.paper.stress_des import stress_des
from stepdown.scenarios.loader import CARRY_ON


def annex(facts: Facts, paper: Paper) -> Paper:
    """Return the annex to a paper."""
    options = [str(name) for name in facts.comparison.index]
    tables = [waits_table(facts), fairness_table(facts), payers_table(facts), years_table(facts)]
    sides = (
        Side(
            "All options and tables",
            (
                Part("options", "All options", (options_table(facts, options, whole=True),)),
                Part("tables", f"{facts.option} against {CARRY_ON}", [table for table in tables if table.rows]),
                Part("break-even", "Break-even values", (_break_even(facts),)),
            ),
        ),
        Side("Assumptions log", (Part("assumptions", "Every input of which something is said", (_log(facts),)),)),
        Side(
            "How it was simulated (STRESS-DES)",
            [
                Part(name, name, (Table(name, ("Item", "This run"), rows, frozenset({1})),))
                for name, rows in stress_des(facts)
            ],
        ),
        Side(
            "Data behind each figure",
            [Part(chart.name, chart.title, (Words([chart.subtitle]), data_table(chart))) for chart in paper.pictures()],
        ),
    )
    return Paper(f"Annex: {paper.title}", paper.about, sides)


def _break_even(facts: Facts) -> Block:
    return Points(facts.break_even) if facts.break_even else Words(["None have been worked out for this run."])


def _log(facts: Facts) -> Block:
    said = facts.assumptions()
    return (
        assumptions_table("Assumptions log", said, whole=True) if said else Words(["No input says anything of itself."])
    )
