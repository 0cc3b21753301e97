"""Housing need as a strategist reads it: a table that fits 80 columns, what its words mean, and plain data."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from stepdown.outputs.experiment import opening_of
from stepdown.outputs.manifest import digest
from stepdown.outputs.need_runs import NeedRuns
from stepdown.outputs.words.covers import covers, drawn_inputs
from stepdown.outputs.words.numbers import MISSING, amount
from stepdown.outputs.words.wording import say_count, say_date
from stepdown.simulation.software import software

NO_AREA = "any area"
"""What stands for the area of a scheme that is in none."""

NO_LIMIT = "no limit"
"""Stands for unlimited places, in a year of a setting that has a limit in others."""

PART = "*"
"""Marks a year that is measured in part."""


Row = dict[Hashable, Any]


class _Column(NamedTuple):
    """One column of the table: its heading and its cells."""

    heading: str
    cell: Callable[[Row], str]


def as_rich(table: pd.DataFrame) -> Group:
    """Return what `stepdown.outputs.need_table.need_table` says for the screen: limited places, and others apart.

    Names of settings and areas stand on lines of their own, because there is no room for them beside the numbers.
    """
    blocks: dict[str, list[Row]] = {}
    for row in table.to_dict("records"):
        blocks.setdefault(_name(row), []).append(row)
    limited = {name: rows for name, rows in blocks.items() if any(np.isfinite(row["places"]) for row in rows)}
    others = {name: rows for name, rows in blocks.items() if name not in limited}
    return Group(*_parts(limited, _COLUMNS), *_parts(others, _COLUMNS_WITHOUT_LIMIT), "")


def _parts(blocks: Mapping[str, Sequence[Row]], columns: Sequence[_Column]) -> list[RenderableType]:
    """Return a table in parts, with a name before each; all have columns of the same widths."""
    if not blocks:
        return []
    cells = {name: [[column.cell(row) for column in columns] for row in rows] for name, rows in blocks.items()}
    lines = [[*column.heading.split("\n")] for column in columns]
    for rows in cells.values():
        for row in rows:
            for line, cell in zip(lines, row, strict=True):
                line.append(cell)
    widths = [max(map(len, line)) for line in lines]
    parts: list[RenderableType] = ["", _part(columns, widths, [], show_header=True)]
    for name, rows in cells.items():
        parts += [Text(name, style="bold"), _part(columns, widths, rows, show_header=False)]
    return parts


def _part(columns: Sequence[_Column], widths: Sequence[int], rows: Sequence[Sequence[str]], show_header: bool) -> Table:
    part = Table(box=box.SIMPLE_HEAD, show_header=show_header, show_edge=False, pad_edge=False, padding=0)
    for column, width in zip(columns, widths, strict=True):
        part.add_column(column.heading, justify="left" if column is _YEAR else "right", width=width)
    for row in rows:
        part.add_row(*map(Text, row))
    return part


def _name(row: Row) -> str:
    if "area" not in row:
        return str(row["setting"])
    return f"{row['setting']}, {row['area'] if isinstance(row['area'], str) else NO_AREA}"


def _places(row: Row) -> str:
    return _number(row["places"]) if np.isfinite(row["places"]) else NO_LIMIT


def _of(column: str) -> Callable[[Row], str]:
    return lambda row: _number(row[column])


def _range_of(column: str) -> Callable[[Row], str]:
    def cell(row: Row) -> str:
        low, high = row[f"{column}_p10"], row[f"{column}_p90"]
        return f"{_number(low)} to {_number(high)}" if np.isfinite(low) else MISSING

    return cell


def _number(value: float) -> str:
    return amount(value, 3)


_YEAR = _Column("Year", lambda row: f"  {row['financial_year']}{'' if row['whole_year'] else PART}")
_DEMAND = (
    _Column("Live\nthere", _of("people")),
    _Column("Wait\nelse-\nwhere", _of("waiting")),
    _Column("Demand", _of("demand")),
)
_AT_THE_END = (
    _Column("Ready\nto go", _of("ready")),
    _Column("Waiting\nat the\nend", _of("waiting_at_end")),
    _Column("Days\nwaited", _of("waited_days")),
)
_GAP = (_Column("Gap", _of("gap")), _Column("8 in 10\nruns", _range_of("gap")))
_COLUMNS = (_YEAR, _Column("Places", _places), *_DEMAND, *_GAP, *_AT_THE_END)
_COLUMNS_WITHOUT_LIMIT = (_YEAR, *_DEMAND, _Column("8 in 10\nruns", _range_of("demand")), *_AT_THE_END)


def run_sentence(found: NeedRuns) -> str:
    """Say what was run: how often, from when on, and how it opened."""
    start = say_date(found.window.start)
    return f"{say_count(found.runs, 'run')} from {start}, opening {opening_of(found.scenario)}; seed {found.seed}."


def sentences(found: NeedRuns, table: pd.DataFrame, asked: int) -> Iterator[str]:
    """Yield what must be read with the table; ``asked`` is the number of years that were asked for."""
    yield from _years(found, asked)
    yield (
        "Demand: people who live there and people known to be ready for it who wait elsewhere. Whoever lives in one "
        "setting and waits for another counts in both, so settings do not add up. Gap: demand minus places; above 0 "
        "places are short. Ready to go: people who live there but are ready to be elsewhere, and would free a place."
    )
    yield (
        "All are averages over the year, but for those who wait elsewhere when it ends, and the days that these have "
        "waited so far, on average."
    )
    if "area" in table:
        yield "Demand is by the area of the person, places by the area of the scheme."
        if table["area"].isna().any():
            yield f"{NO_AREA.capitalize()}: places in schemes that are in no area; they lessen the gap of no area."
    yield f"The range is of 8 in 10 runs and {covers(drawn_inputs(found.scenario))}." + _precision(table)


def _years(found: NeedRuns, asked: int) -> Iterator[str]:
    years = found.years
    parts = [
        f"{label} has {say_count(round(float(days)), 'day')}"
        for label, days, whole in zip(years.labels, years.lengths, years.whole_years, strict=True)
        if not whole
    ]
    if parts:
        yield f"{PART} Part of a financial year (April to March): {', '.join(parts)} here."
    if len(years.labels) < asked:
        there = say_count(len(years.labels), "financial year")
        yield f"The scenario measures no more than {there}; for {asked}, add --set years={asked}."


def _precision(table: pd.DataFrame) -> str:
    """Say how well the means are known, if there are several runs."""
    widest = float(((table["demand_high"] - table["demand_low"]) / 2).max())
    return f" Means of demand are known to within {amount(widest)} (95% interval)." if np.isfinite(widest) else ""


def as_data(found: NeedRuns, table: pd.DataFrame, settings: Iterable[str]) -> dict[str, Any]:
    """Return the table as plain data, with where it comes from; ``settings`` were set on the command line."""
    return {
        "study": found.study.name,
        "title": found.study.title,
        "option": found.option,
        "runs": found.runs,
        "seed": found.seed,
        "engine": found.engine,
        "set": list(settings),
        "stepdown": software()["stepdown"],
        "from": found.window.start.isoformat(),
        "days": found.window.days,
        "opening": opening_of(found.scenario),
        "inputs": {str(file): digest(file) for file in found.study.files},
        "needs": table.astype("object").where(table.notna(), None).to_dict("records"),
    }
