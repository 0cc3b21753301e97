"""What one option's run says: waits, occupancy, moves, where delay comes from, adaptations, and costs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
from rich import box
from rich.table import Table
from rich.text import Text

from stepdown.outputs.by_area import by_area
from stepdown.outputs.experiment import Results
from stepdown.outputs.measures.adaptations import ADAPTATION_TIME
from stepdown.outputs.measures.waits import LIST, STEP_ELAPSED, STEP_WAIT
from stepdown.outputs.summary import MEASURES
from stepdown.outputs.words.numbers import amount, percent, pounds


class Part(NamedTuple):
    """One table of the report.

    Attributes
    ----------
    name, title
        What it is called in data, and on the screen.
    table
        Its rows, in full precision.
    columns
        What is shown: heading, column, and how a value is written.
    """

    name: str
    title: str
    table: pd.DataFrame
    columns: Sequence[tuple[str, str, Callable[[float], str]]]


def option_report(results: Results) -> list[Part]:
    """Return the parts of the report on one option's run."""
    parts = [
        _waits(results, LIST, "lists", "Waiting lists (people a run; those still waiting included as censored)"),
        _waits(results, STEP_WAIT, "steps", "Steps: waits until they begin (cases a run)"),
        _waits(results, STEP_ELAPSED, "steps_elapsed", "Steps: from queueing until they are done (cases a run)"),
        _adaptations(results),
        _settings(results),
        _areas(results),
        _moves(results),
        _delay(results),
        _costs(results),
    ]
    return [part for part in parts if len(part.table)]


def as_rich(part: Part) -> Table:
    """Return a part as a table for the screen, without its title."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    words = [name for name in part.table.columns if not pd.api.types.is_numeric_dtype(part.table[name])]
    for name in words:
        table.add_column(name.replace("_", " ").capitalize(), overflow="fold")
    for heading, _, _ in part.columns:
        table.add_column(heading, justify="right")
    for row in part.table.to_dict("records"):
        cells = [str(row[name]) for name in words] + [write(row[column]) for _, column, write in part.columns]
        table.add_row(*map(Text, cells))
    return table


def _days(value: float) -> str:
    return amount(value, 3)


_WAIT_COLUMNS = (
    ("Number", "number", _days),
    ("Mean days", "mean_days", _days),
    ("Median", "median_days", _days),
    ("90th\npercentile", "p90_days", _days),
    ("Within\ntarget", "share_within_target", percent),
)


def _waits(results: Results, measure: str, name: str, title: str) -> Part:
    targets = results.study.options[results.options[0]].scenario.targets
    waits = _texts(results.summary.times(measure, ["name"], targets))
    waits["number"] /= results.runs
    targeted = bool(waits["share_within_target"].notna().any())
    return Part(name, title, waits, _WAIT_COLUMNS if targeted else _WAIT_COLUMNS[:-1])


def _adaptations(results: Results) -> Part:
    cases = results.summary.times(ADAPTATION_TIME, ["tier", "tenure"])
    cases["number"] /= results.runs
    title = "Adaptations, from first contact to completion"
    return Part("adaptations", title, _texts(cases), _WAIT_COLUMNS[:-1])


def _settings(results: Results) -> Part:
    measures = _means(results, "measures")
    by_setting = measures[measures["name"] != "nan"]
    table = by_setting.pivot_table(index="name", columns="measure", values="mean", sort=False)
    table = table.reindex(columns=list(MEASURES)).dropna(axis="columns", how="all").reset_index()
    columns = {
        "People": "people",
        "Empty\nplaces": "voids",
        "Ready,\nnot moved": "delayed",
        "Listed at\nthe end": "waiting_at_end",
        "Over-stays": "over_at_end",
    }
    shown = [(heading, column, _days) for heading, column in columns.items() if column in table]
    return Part("settings", "Settings, on average over the time", table.rename(columns={"name": "setting"}), shown)


def _areas(results: Results) -> Part:
    columns = (
        ("Wait,\ndays", "wait_mean", _days),
        ("Listed at\nthe end", "waiting_at_end", _days),
        ("People", "people", _days),
        ("Of them\nelsewhere", "elsewhere", _days),
        ("Empty\nplaces", "voids", _days),
    )
    return Part("areas", "Areas, on average over the time", by_area(results).drop(columns="option"), columns)


def _moves(results: Results) -> Part:
    table = _a_year(results, "moves", ["from", "to", "kind"], "moves_a_year")
    return Part("moves", "Moves a year", table[table["moves_a_year"] > 0], (("A year", "moves_a_year", _days),))


def _delay(results: Results) -> Part:
    table = _a_year(results, "delay", ["cause", "name"], "days_a_year")
    table["share"] = table["days_a_year"] / table["days_a_year"].sum()
    table = table[table["days_a_year"] > 0]
    title = "Where delay comes from: days that people were ready but not moved"
    return Part("delay", title, table, (("Days a year", "days_a_year", _days), ("Share", "share", percent)))


def _costs(results: Results) -> Part:
    table = _a_year(results, "costs", ["payer", "kind"], "pounds_a_year")
    return Part("costs", "Cost a year, by payer", table, (("A year", "pounds_a_year", pounds),))


def _means(results: Results, sheet: str) -> pd.DataFrame:
    """Return the mean over the runs of each row of a sheet."""
    (option,) = results.summary.options
    return _texts(getattr(option.sheets, sheet).means())


def _a_year(results: Results, sheet: str, by: list[str], name: str) -> pd.DataFrame:
    """Return a sheet's means, added up over the years and whatever else it is split by, for one year."""
    table = _means(results, sheet).groupby(by, sort=False)["mean"].sum().reset_index()
    return table.assign(mean=table["mean"] / results.window.years).rename(columns={"mean": name})


def _texts(table: pd.DataFrame) -> pd.DataFrame:
    """Return the table with names as text, without the option that they all share."""
    names = [name for name in table.columns if isinstance(table[name].dtype, pd.CategoricalDtype)]
    plain = table.assign(**{name: np.asarray(table[name].astype("object").astype("str")) for name in names})
    return plain.drop(columns="option", errors="ignore")
