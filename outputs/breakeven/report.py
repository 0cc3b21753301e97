"""Break-evens as a table for the screen, as plain data, and as a file that lies with a run for its paper to quote."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from rich import box
from rich.table import Table
from rich.text import Text

from stepdown.outputs.breakeven.find import BreakEven
from stepdown.outputs.breakeven.sentences import say_amount, say_interval, sentence
from stepdown.outputs.run_files import BREAK_EVENS
from stepdown.outputs.run_folder import as_json, write_text_whole
from stepdown.outputs.words.covers import covers, drawn_inputs
from stepdown.outputs.words.numbers import percent
from stepdown.scenarios.errors import RunError

Row = dict[str, Any]


def by_option(found: Sequence[BreakEven]) -> list[list[BreakEven]]:
    """Return the break-evens of each option."""
    names = dict.fromkeys(one.pair.option.name for one in found)
    return [[one for one in found if one.pair.option.name == name] for name in names]


def break_even_table(found: Sequence[BreakEven]) -> Table:
    """Return a table of one option that fits 80 columns, in the order given."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
    table.add_column(Text(f"{found[0].pair.option.name}:\ninput"), overflow="fold", max_width=40)
    for heading in ("Now", "Turns\nat", "Change", "95%\ninterval"):
        table.add_column(heading, justify="right")
    for one in found:
        cells = [one.input.name, say_amount(one.input.written, one.input.amount), *_turn(one)]
        table.add_row(*map(Text, cells))
    return table


def _turn(one: BreakEven) -> tuple[str, str, str]:
    if one.found.crossing is None:
        return "never", "", ""
    change = f"{'+' if one.change > 0 else '-'}{percent(abs(one.change))}" if math.isfinite(one.change) else ""
    interval = say_interval(one).replace(" to ", " to\n")
    return say_amount(one.input.written, one.found.crossing.value), change, interval


def break_even_rows(found: Sequence[BreakEven]) -> list[Row]:
    """Return a row for each input, in full precision.

    Returns
    -------
    list of dict
        option, until, perspective; input, unit ('' for a plain number), now, tried_from, tried_to, in_carry_on_too;
        holds_now, margin_now (pounds, or days); turns_at, holds_above, interval_low, interval_high (95%), change (a
        share of what it is now), one_way; runs, and the sentence. What there is not is None.
    """
    return [_row(one) for one in found]


def _row(one: BreakEven) -> Row:
    crossing, today = one.found.crossing, one.found.today
    row: Row = {
        "option": one.pair.option.name,
        "until": one.asked.until,
        "perspective": one.asked.perspective if one.asked.of_money else None,
        "input": one.input.name,
        "unit": one.input.written.unit,
        "now": one.input.amount,
        "tried_from": one.low,
        "tried_to": one.high,
        "in_carry_on_too": one.in_both,
        "holds_now": today.holds,
        "margin_now": today.mean,
    }
    low, high = (crossing and crossing.interval) or (None, None)
    row |= {
        "turns_at": crossing and crossing.value,
        "holds_above": crossing and crossing.holds_above,
        "interval_low": low,
        "interval_high": high,
        "change": one.change if math.isfinite(one.change) else None,
        "one_way": one.found.monotone,
        "runs": len(today.margins),
        "sentence": sentence(one),
    }
    return row


def how(found: Sequence[BreakEven], seed: int | None) -> str:
    """Say what the answers rest on; the seed is that of simulation, None where a finished run was costed again."""
    runs = len(found[0].found.today.margins) if found else 0
    way = (
        "costed again at other prices" if seed is None else f"simulated for each value with the same luck; seed {seed}"
    )
    # A study is tried with its central values; a finished run has had its inputs drawn already.
    drawn = drawn_inputs(found[0].pair.carry_on.scenario) if seed is None and found else 0
    what = covers(drawn) if drawn else "covers chance only, not doubt about the other inputs"
    return (
        f"One input changes at a time, on {runs} runs, {way}. The interval says how well the turn is known in so many "
        f"runs; it {what}."
    )


def keep_break_evens(folder: Path, rows: Sequence[Row]) -> Path:
    """Write break-evens to a run's folder, beside those that are there; the same asked again replaces what was found.

    Returns
    -------
    Path
        The file: ``break_evens`` by what was asked of which option, and the most fragile inputs first.

    Raises
    ------
    RunError
        If what is there already cannot be read.
    """
    path = folder / BREAK_EVENS
    together = {(*_question(row), row["input"]): row for row in [*_kept(path), *rows]}.values()
    questions = list(dict.fromkeys(map(_question, together)))
    ordered = sorted(together, key=lambda row: (questions.index(_question(row)), abs(row["change"] or math.inf)))
    write_text_whole(path, as_json({"break_evens": ordered}))
    return path


def _question(row: Mapping[str, Any]) -> tuple[Any, ...]:
    """Return what tells apart the questions that a file answers."""
    return row["option"], row["until"], row["perspective"]


def _kept(path: Path) -> list[Row]:
    if not path.exists():
        return []
    try:
        kept: list[Row] = json.loads(path.read_text(encoding="utf-8"))["break_evens"]
        for row in kept:
            abs(row["change"] or math.inf), row["input"], _question(row)
    except (ValueError, KeyError, TypeError) as error:
        raise RunError(f"{path} cannot be read ({error}). Delete it, and it is written anew") from None
    return kept
