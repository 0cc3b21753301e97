"""The table that a board reads, and the sentences under it."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from typing import Any

import pandas as pd
from rich import box
from rich.table import Table
from rich.text import Text

from stepdown.outputs.compare import BASELINE, comparison, savings
from stepdown.outputs.experiment import Results, opening_of
from stepdown.outputs.numbers import MISSING, amount, long_date, percent, pounds, pounds_range
from stepdown.outputs.periods import financial_years


def compare_options(results: Results) -> pd.DataFrame:
    """Return one row for each option: `stepdown.outputs.compare.comparison`, and the last full financial year.

    Returns
    -------
    pd.DataFrame
        The columns of `comparison`, and ``last_year`` (its label; missing where the run has no full financial year)
        with ``last_year_saving``, the mean saving in it.
    """
    targets = results.study.options[BASELINE].scenario.targets
    table = comparison(results.summary, results.window, targets=targets)
    year = last_full_year(results)
    if year is None:
        return table.assign(last_year=None, last_year_saving=float("nan"))
    by_year = savings(results.summary, results.window, ["financial_year"])
    of_year = by_year[by_year["financial_year"].astype(str) == year].set_index("option")["mean"]
    return table.assign(last_year=year, last_year_saving=table["option"].map(of_year).fillna(0.0))


def last_full_year(results: Results) -> str | None:
    """Return the last financial year that lies whole within the measured time."""
    years = financial_years(results.window)
    full = [label for label, days in zip(years.labels, years.lengths, strict=True) if days >= 365]
    return full[-1] if full else None


def board_table(rows: pd.DataFrame) -> Table:
    """Return the comparison as a table that fits 80 columns."""
    year = rows["last_year"].iloc[0]
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1))
    table.add_column("Option", overflow="fold")
    table.add_column("Saving a year\n(8 in 10 runs)", justify="right", min_width=18)
    if year is not None:
        table.add_column(f"Saving in\n{year}", justify="right")
    for heading in ("Wait,\nmean\ndays", "Step-\ndowns\na year", "Waiting\nat the\nend", "Over-\nstays"):
        table.add_column(heading, justify="right")
    for row in rows.to_dict("records"):
        table.add_row(*_cells(row, year is not None))
    return table


def _cells(row: dict[Hashable, Any], with_year: bool) -> Iterable[Text]:
    baseline = row["option"] == BASELINE
    spread = pounds_range(row["saving_p10"], row["saving_p90"])
    saving = "baseline" if baseline else f"{pounds(row['saving_mean'])}\n({spread})"
    cells = [row["option"], saving]
    if with_year:
        cells.append("" if baseline else pounds(row["last_year_saving"]))
    cells += [
        _wait(row),
        amount(row["step_downs_a_year"], 3),
        amount(row["waiting_at_end"], 3),
        amount(row["over_at_end"], 3),
    ]
    return (Text(cell) for cell in cells)


def _wait(row: dict[Hashable, Any]) -> str:
    """Return the mean wait; 'over' where some wait longer than anybody was seen to: then it is a lower bound."""
    wait = amount(row["wait_mean"], 3)
    return wait if wait == MISSING or not row["wait_beyond"] > 0.01 else f"over {wait}"


def sentences(results: Results, rows: pd.DataFrame) -> Iterable[str]:
    """Yield what must be read with the table."""
    scenario = results.study.options[BASELINE].scenario
    years = f"{results.window.years:.3g}".removesuffix(".0")
    yield (
        f"{results.runs} runs of each option over {years} years from {long_date(results.window.start)}, opening "
        f"{opening_of(scenario)}; seed {results.seed}."
    )
    yield (
        "Saving: carry-on minus option, paired run by run"
        + (f", in prices of {scenario.price_base}" if scenario.price_base else "")
        + ". The range is of 8 in 10 runs and covers chance only, not doubt about the inputs. "
        "Wait: on all lists, those still waiting included. Over-stays: people beyond the maximum stay at the end."
    )
    for row in rows.to_dict("records"):
        if row["option"] != BASELINE:
            yield _saving_sentence(row)
    for option in results.options:
        for load in results.loads[option]:
            if load.overloaded:
                yield f"Load, {option}: {load}."


def _saving_sentence(row: dict[Hashable, Any]) -> str:
    mean, low, high = row["saving_mean"], row["saving_low"], row["saving_high"]
    if mean < 0:
        said, bounds = f"costs {pounds(-mean)} a year more than carry-on", pounds_range(-high, -low)
    else:
        said, bounds = f"saves {pounds(mean)} a year", pounds_range(low, high)
    return (
        f"{row['option']} {said} on average (95% interval of the mean: {bounds}); "
        f"it saves money in {percent(row['saving_share'])} of runs."
    )
