"""Whether groups, areas and tenures wait alike, as far as what a run keeps can tell.

Adaptations are kept by tenure for all runs. Waits for places are not kept by group and area: they are computed from the
tables of the first runs, and that is said.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pandas as pd

from stepdown.outputs.measures.adaptations import ADAPTATION_TIME
from stepdown.outputs.measures.waits import LIST, describe, observations
from stepdown.outputs.paper.blocks import Block, Table, Words
from stepdown.outputs.paper.facts import Facts
from stepdown.outputs.paper.sentences import kept_sentence, more_sentence, not_split_sentence
from stepdown.outputs.words.numbers import amount
from stepdown.outputs.words.wording import cut
from stepdown.scenarios.loader import CARRY_ON

MOST_KINDS = 4
"""Rows for which there is room."""

NAME = 28
"""Letters of the name of a row."""


def fairness(facts: Facts) -> Sequence[Block]:
    """Return how long each group, area and tenure waits, and what cannot be said."""
    return list(_fairness(facts, MOST_KINDS))


def fairness_table(facts: Facts) -> Table:
    """Return a row for each group, area and tenure of which the scenario has several."""
    rows = [row for split in ("group", "area") if _several(facts, split) for row in _of_lists(facts, split)]
    rows += _of_tenures(facts)
    head = ["Who", f"Waits a run, {CARRY_ON}", f"Mean days, {CARRY_ON}", "Mean days, option"]
    note = "Waits for a place on all lists; by tenure: adaptations, from first contact to completion, of all runs."
    return Table(f"How long people wait, by who they are; option: {facts.name}", head, rows, note=note)


def _fairness(facts: Facts, most: int) -> Iterable[Block]:
    table, sentences = fairness_table(facts), []
    left = len(table.rows) - most
    if table.rows:
        yield Table(table.caption, table.head, table.rows[:most], table.texts, table.note)
    if left > 0:
        sentences.append(more_sentence(left, "row" if left == 1 else "rows"))
    if _several(facts, "group") or _several(facts, "area"):
        sentences.append(kept_sentence(_kept(facts), facts.runs))
    missing = [split for split in ("group", "area") if not _several(facts, split)]
    missing += ["tenure"] if not _of_tenures(facts) else []
    if missing:
        sentences.append(not_split_sentence(missing))
    sentences.append("Age, sex, ethnicity and disability are not in the model.")
    yield Words(sentences)


def _several(facts: Facts, split: str) -> bool:
    names = facts.scenario.groups if split == "group" else facts.scenario.areas
    return len(names) > 1


def _kept(facts: Facts) -> int:
    return int(facts.run.manifest["replications_with_tables"])


def _of_lists(facts: Facts, split: str) -> list[tuple[str, ...]]:
    """Return the waits for a place by group or area, from the tables that are kept."""
    seen = observations(facts.tables, facts.scenario, facts.run.window, splits=[split])
    waits = describe(seen[(seen["measure"] == LIST).to_numpy()], ["option", split], {})
    return _rows(facts, waits.rename(columns={split: "name"}), _kept(facts), split)


def _of_tenures(facts: Facts) -> list[tuple[str, ...]]:
    """Return the times of adaptations by tenure, if there are several."""
    times = facts.summary.times(ADAPTATION_TIME, ["tenure"]).rename(columns={"tenure": "name"})
    return _rows(facts, times, facts.runs, "tenure") if len(set(times["name"])) > 1 else []


def _rows(facts: Facts, table: pd.DataFrame, runs: int, split: str) -> list[tuple[str, ...]]:
    by = table.assign(option=table["option"].astype(str), name=table["name"].astype(str))
    before, after = (by[(by["option"] == name).to_numpy()].set_index("name") for name in (CARRY_ON, facts.option))
    return [
        (
            cut(f"{split}: {name}", NAME),
            amount(float(before["number"].get(name, 0)) / runs, 3),
            amount(float(before["mean_days"].get(name, float("nan"))), 3),
            amount(float(after["mean_days"].get(name, float("nan"))), 3),
        )
        for name in dict.fromkeys([*before.index, *after.index])
    ]
