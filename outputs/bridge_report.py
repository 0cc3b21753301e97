"""Bridges as tables and sentences: from carry-on's cost to an option's, and what each of its levers saves."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

from rich import box
from rich.table import Table
from rich.text import Text

from stepdown.outputs.breakeven.asked import WHOSE
from stepdown.outputs.compare import describe_runs
from stepdown.outputs.lever_bridge import LeverBridge
from stepdown.outputs.measures.intervals import Floats
from stepdown.outputs.money.bridge import Bridge, BridgeRow
from stepdown.outputs.words.numbers import pounds, pounds_range, significant
from stepdown.outputs.words.wording import say_list

NAMED, WORTH_NAMING = 2, 0.05
"""So many of the largest steps each way are named in the sentence; none below this share of the largest."""


def bridge_table(found: Bridge) -> Table:
    """Return the way from carry-on's cost to the option's, the largest steps first."""
    table = _table("Setting", "Payer", "For")
    table.add_column("Pounds\na year", justify="right")
    table.add_row("carry-on", "", "", _in_full(found.carry_on), end_section=True)
    for row in _largest_first(found):
        table.add_row(*map(Text, (row.setting, row.payer, row.group)), Text(signed(row.pounds)))
    table.add_section()
    table.add_row(Text(found.option), "", "", _in_full(found.cost))
    return table


def lever_table(found: LeverBridge) -> Table:
    """Return what each lever saves, added to those before it and alone."""
    table = _table("Lever")
    for heading in ("Saves a year,\nadded in this\norder", "95%\ninterval", "Saves a year,\nalone"):
        table.add_column(heading, justify="right")
    for step in found.steps:
        alone = "cannot stand\nalone" if step.alone is None else pounds(float(step.alone.mean()))
        table.add_row(Text(step.lever), pounds(float(step.added.mean())), _interval(step.added), alone)
    table.add_section()
    table.add_row("together", pounds(float(found.together.mean())), _interval(found.together), _sum_alone(found))
    return table


def _table(*names: str) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
    for name in names:
        table.add_column(name, overflow="fold", max_width=24)
    return table


def _largest_first(found: Bridge) -> list[BridgeRow]:
    return sorted(found.rows, key=lambda row: -abs(row.pounds))


def signed(amount: float) -> str:
    """Return pounds with their sign: ``+£1,200``, ``-£300``."""
    text = pounds(amount)
    return text if text.startswith("-") else f"+{text}"


def _in_full(amount: float) -> str:
    """Return a cost without millions, because the steps between two of them are small."""
    return f"£{significant(amount, 4):,.0f}"


def _interval(values: Floats) -> str:
    said = describe_runs(values)
    return pounds_range(said["low"], said["high"]).replace(" to ", " to\n") if math.isfinite(said["low"]) else ""


def _sum_alone(found: LeverBridge) -> str:
    if found.interaction is None:
        return ""
    return pounds(float((found.together - found.interaction).mean()))


def bridge_sentence(found: Bridge) -> str:
    """Say what the option costs more or less, and where most of that comes from."""
    change = found.cost - found.carry_on
    if not found.rows:
        return f"{found.option} costs exactly what carry-on costs: {pounds(found.carry_on)} a year."
    whole = f"{found.option} costs {pounds(abs(change))} a year {'more' if change > 0 else 'less'} than carry-on"
    ordered = _largest_first(found)
    rows = [row for row in ordered if abs(row.pounds) >= WORTH_NAMING * abs(ordered[0].pounds)]
    less, more = ([row for row in rows if (row.pounds > 0) == rises][:NAMED] for rises in (False, True))
    parts = [
        f"{word} is paid for {say_list([_said(row) for row in some])}"
        for word, some in (("less", less), ("more", more))
        if some
    ]
    return f"{whole}: mostly, {'; '.join(parts)}."


def _said(row: BridgeRow) -> str:
    where = f" in {row.setting}" if row.setting else ""
    return f"{row.group}{where} ({row.payer}, {pounds(abs(row.pounds))})"


def lever_sentences(found: LeverBridge, whose: str) -> Iterable[str]:
    """Say what the levers do to one another."""
    together = float(found.together.mean())
    if found.interaction is None:
        left = [step.lever for step in found.steps if step.alone is None]
        yield f"{say_list(left)} cannot stand alone, so that what the levers do to one another cannot be told."
        return
    beyond = float(found.interaction.mean())
    yield (
        f"Together the levers come to {_worth(together)} a year for {WHOSE[whose]}, and to {_worth(together - beyond)} "
        f"if what each does alone is added up: {_beyond(found.interaction, beyond)}."
    )


def _worth(saved: float) -> str:
    return f"{'a saving' if saved >= 0 else 'an extra cost'} of {pounds(abs(saved))}"


def _beyond(interaction: Floats, mean: float) -> str:
    said = describe_runs(interaction)
    if said["low"] <= 0 <= said["high"]:
        return f"no clear difference ({pounds(mean)}, 95% interval {pounds_range(said['low'], said['high'])})"
    word = "more" if mean > 0 else "less"
    low, high = sorted((abs(said["low"]), abs(said["high"])))
    return f"{pounds(abs(mean))} {word} is saved together (95% interval {pounds_range(low, high)})"


def bridge_data(found: Bridge) -> dict[str, Any]:
    """Return the bridge as plain data, in full precision."""
    rows = [row._asdict() for row in found.rows]
    return {"option": found.option, "runs": found.runs, "carry_on": found.carry_on, "cost": found.cost, "rows": rows}


def lever_data(found: LeverBridge) -> dict[str, Any]:
    """Return what levers save as plain data: means with their 95% intervals, in pounds a year."""
    steps = [
        {"lever": step.lever, "added": _mean(step.added), "alone": None if step.alone is None else _mean(step.alone)}
        for step in found.steps
    ]
    interaction = None if found.interaction is None else _mean(found.interaction)
    return {"levers": steps, "together": _mean(found.together), "interaction": interaction}


def _mean(values: Floats) -> dict[str, float]:
    said = describe_runs(values)
    return {name: said[name] for name in ("mean", "low", "high")}
