"""What a person's case went through, step by step, as sentences without their dates."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import pandas as pd

from stepdown.outputs.words.wording import say_days, say_money
from stepdown.scenarios.schema import Scenario
from stepdown.scenarios.schema_steps import Grant, Lettings, Panel

SAME = 1e-6
"""Days within which two moments are one: a tenth of a second."""


class Told(NamedTuple):
    """Something that happened on a day, with its order among what happened at the same moment."""

    day: float
    order: tuple[int, ...]
    text: str


def tell_step(row: dict[str, Any], scenario: Scenario, order: tuple[int, ...]) -> Iterator[Told]:
    """Tell what happened in one step of a case: each moment once, and moments that are one together.

    Parameters
    ----------
    row
        A row of the case_steps table.
    scenario
        The scenario, for what kind of step it is.
    order
        Where the step stands among what happens at the same moment.
    """
    words = _words(row, scenario)
    queued, started, finished = (float(row[f"{moment}_day"]) for moment in ("queued", "started", "finished"))
    at_once, in_one_go = abs(started - queued) < SAME, abs(finished - started) < SAME
    if row["outcome"] in ("done", "rehoused") and at_once and in_one_go:
        yield Told(finished, (*order, 2), words.done(None))
        return
    yield Told(queued, (*order, 0), words.begun(None) if at_once and not in_one_go else words.queued)
    if not pd.isna(started) and not at_once and not in_one_go:
        yield Told(started, (*order, 1), words.begun(started - queued))
    if row["outcome"] == "abandoned":
        yield Told(finished, (*order, 2), f"{words.name} was no longer needed, after {say_days(finished - queued)}")
    elif not pd.isna(finished):
        yield Told(finished, (*order, 2), words.done(finished - (queued if in_one_go else started)))


class _Words(NamedTuple):
    """How a kind of step is told."""

    name: str
    queued: str
    begins: str
    ends: str
    rehoused: bool

    def begun(self, waited: float | None) -> str:
        after = "" if waited is None else f" after {say_days(waited)} in the queue"
        return self.begins.format(after=after)

    def done(self, took: float | None) -> str:
        text = self.ends if took is None or took < 0.5 else f"{self.ends} after {say_days(took)}"
        return f"{text}, was rehoused and needed no works" if self.rehoused else text


def _words(row: dict[str, Any], scenario: Scenario) -> _Words:
    name = str(row["step"])
    tier = "" if pd.isna(row["tier"]) else f" ({row['tier']} adaptation, {row['tenure']})"
    rehoused = row["outcome"] == "rehoused"
    # Names may hold braces, and the moment of beginning is put in by a format.
    safe = name.replace("{", "{{").replace("}", "}}") + tier.replace("{", "{{").replace("}", "}}")
    begins, ends = f"began {safe}{{after}}", f"finished {name}"
    match scenario.steps[name].kind if name in scenario.steps else None:
        case Panel():
            begins = f"was put to the {safe}{{after}} and not yet approved"
            queued = f"waited for the next meeting of the {name}{tier}"
            return _Words(name, queued, begins, f"was approved by the {name}", rehoused)
        case Lettings():
            return _Words(name, f"waited for a home ({name}){tier}", begins, f"found a home ({name})", rehoused)
        case Grant():
            money = say_money(round(float(row["amount"])))
            return _Words(name, f"asked for {money} ({name}){tier}", begins, f"was granted {money} ({name})", rehoused)
        case _:
            return _Words(name, f"queued for {name}{tier}", begins, ends, rehoused)
