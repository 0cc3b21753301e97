"""The table that a board reads, and the sentences under it."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from typing import Any, NamedTuple

import pandas as pd
from rich import box
from rich.table import Table
from rich.text import Text

from stepdown.outputs.compare import BASELINE, WAIT_COLUMNS, comparison, savings
from stepdown.outputs.doubt import doubt_sentences
from stepdown.outputs.experiment import Results, opening_of
from stepdown.outputs.measures.adaptations import ADAPTATION_TIME
from stepdown.outputs.measures.periods import financial_years
from stepdown.outputs.stopping import stopping_sentences
from stepdown.outputs.summary import Summary
from stepdown.outputs.words.covers import covers, drawn_inputs
from stepdown.outputs.words.numbers import MISSING, amount, percent, pounds, pounds_range
from stepdown.outputs.words.wording import say_date
from stepdown.scenarios.schema import Scenario
from stepdown.simulation.tables import Window


def compare_options(results: Results) -> pd.DataFrame:
    """Return one row for each option: `stepdown.outputs.compare.comparison`, and the last full financial year.

    Returns
    -------
    pd.DataFrame
        The columns of `comparison`; ``adaptation_mean``, ``adaptation_p90`` (days from first contact to completion) and
        ``adaptation_beyond``, missing where there are none; ``last_year``, the label of the last full financial year,
        and ``last_year_saving``, the mean saving in it, missing where the run has none.
    """
    targets = results.study.options[BASELINE].scenario.targets
    return compare_runs(results.summary, results.window, targets)


def compare_runs(summary: Summary, window: Window, targets: Mapping[str, float]) -> pd.DataFrame:
    """Return one row for each option of summarised runs; see `compare_options`."""
    table = comparison(summary, window, targets=targets)
    table = table.join(_adaptations(summary), on="option")
    year = last_full_year(window)
    if year is None:
        return table.assign(last_year=None, last_year_saving=float("nan"))
    by_year = savings(summary, window, ["financial_year"])
    of_year = by_year[by_year["financial_year"].astype(str) == year].set_index("option")["mean"]
    return table.assign(last_year=year, last_year_saving=table["option"].map(of_year).fillna(0.0))


def _adaptations(summary: Summary) -> pd.DataFrame:
    """Return the end-to-end time of all adaptations, a row an option."""
    cases = summary.times(ADAPTATION_TIME)
    table = cases.assign(option=cases["option"].astype(str)).set_index("option")
    return table[list(WAIT_COLUMNS.values())].set_axis([f"adaptation_{name[5:]}" for name in WAIT_COLUMNS], axis=1)


def last_full_year(window: Window) -> str | None:
    """Return the last financial year that lies whole within the measured time."""
    years = financial_years(window)
    full = [label for label, whole in zip(years.labels, years.whole_years, strict=True) if whole]
    return full[-1] if full else None


def board_table(rows: pd.DataFrame) -> Table:
    """Return the comparison as a table that fits 80 columns."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
    table.add_column("Option", overflow="fold", max_width=22)
    shown = [column for column in _columns(rows) if column.shown]
    for column in shown:
        table.add_column(column.heading, justify="right")
    for row in rows.to_dict("records"):
        table.add_row(*(Text(cell) for cell in (row["option"], *(column.cell(row) for column in shown))))
    return table


Row = dict[Hashable, Any]


class _Column(NamedTuple):
    """One column of the board's table: its heading, its cells, and whether there is anything to show."""

    heading: str
    cell: Callable[[Row], str]
    shown: bool


def _columns(rows: pd.DataFrame) -> Iterable[_Column]:
    year = rows["last_year"].iloc[0]

    def number(column: str) -> Callable[[Row], str]:
        return lambda row: amount(row[column], 3)

    money = _money(rows)
    yield _Column("Saving a year\n(8 in 10 runs)", _saving, money)
    yield _Column(f"Saving in\n{year}", _saving_in_year, money and year is not None)
    yield _Column("Wait,\ndays", lambda row: say_wait(row, "wait"), bool(rows["wait_mean"].notna().any()))
    yield _Column("Adapt,\ndays", lambda row: say_wait(row, "adaptation"), bool(rows["adaptation_mean"].notna().any()))
    yield _Column("Step-\ndowns\na year", number("step_downs_a_year"), True)
    yield _Column("Waiting\nat the\nend", number("waiting_at_end"), True)
    yield _Column("Over-\nstays", number("over_at_end"), bool((rows["over_days_a_year"] > 0).any()))


def _money(rows: pd.DataFrame) -> bool:
    """Whether anything differs in cost."""
    return bool((rows[["saving_p10", "saving_p90"]] != 0).any(axis=None))


def _saving(row: Row) -> str:
    if row["option"] == BASELINE:
        return "baseline"
    mean, low, high = (_short(row[f"saving_{what}"]) for what in ("mean", "p10", "p90"))
    return f"{mean}\n({low} to\n{high})"


def _short(value: float) -> str:
    return pounds(value, million="m")


def _saving_in_year(row: Row) -> str:
    return "" if row["option"] == BASELINE else _short(row["last_year_saving"])


def say_wait(row: Row, what: str) -> str:
    """Return a mean time; '>' where some wait longer than anybody was seen to: then it is a lower bound."""
    wait = amount(row[f"{what}_mean"], 3)
    return wait if wait == MISSING or not row[f"{what}_beyond"] > 0.01 else f">{wait}"


def sentences(results: Results, rows: pd.DataFrame) -> Iterable[str]:
    """Yield what must be read with the table."""
    scenario = results.study.options[BASELINE].scenario
    yield run_sentence(results)
    yield from stopping_sentences(results.plan.stopping, results.runs)
    yield " ".join(_meanings(rows, scenario))
    payers = savings_by_payer(results)
    for row in rows.to_dict("records"):
        if row["option"] != BASELINE and _money(rows):
            yield saving_sentence(row) + _who_saves(payers, str(row["option"]))
            yield from doubt_sentences(results.doubt, str(row["option"])) if len(results.doubt) else ()
    yield from load_sentences(results)


def run_sentence(results: Results) -> str:
    """Say what was run: how often, over which time, and how it opened."""
    opening = opening_of(results.study.options[results.options[0]].scenario)
    return say_runs(results.runs, results.window, opening, results.plan.seed)


def say_runs(runs: int, window: Window, opening: str, seed: int) -> str:
    """Say how often something was run, over which time, how it opened, and with which seed."""
    years = amount(window.years)
    years += " year" if years == "1" else " years"
    number = "1 run" if runs == 1 else f"{runs} runs"
    return f"{number} of each option over {years} from {say_date(window.start)}, opening {opening}; seed {seed}."


def savings_by_payer(results: Results) -> pd.DataFrame:
    """Return the saving of each option and payer, pounds a year: `stepdown.outputs.compare.savings`."""
    return savings(results.summary, results.window, ["payer"])


def _who_saves(payers: pd.DataFrame, option: str) -> str:
    """Say what each payer saves, where there are several."""
    rows = payers[(payers["option"] == option).to_numpy()]
    if len(rows) < 2:
        return ""
    each = [f"{row['payer']} {pounds(row['mean'])}" for row in rows.to_dict("records")]
    return f" By payer: {', '.join(each)}."


def _meanings(rows: pd.DataFrame, scenario: Scenario) -> Iterable[str]:
    """Yield what the columns that are shown mean."""
    shown = {column.heading.split("\n")[0] for column in _columns(rows) if column.shown}
    if "Saving a year" not in shown:
        yield "No difference in cost: either nothing has a price, or no option changes what is paid."
    else:
        yield "Saving: carry-on minus option, paired run by run."
        if scenario.price_base:
            yield f"Prices: {scenario.price_base}."
        yield f"The range is of 8 in 10 runs and {covers(drawn_inputs(scenario))}."
    if "Wait," in shown:
        yield "Wait: the mean on all lists, people still waiting included ('>': it cannot be said how much longer)."
    if "Adapt," in shown:
        yield "Adapt: the mean time from first contact to completed works."
    if "Over-" in shown:
        yield "Over-stays: people beyond the maximum stay at the end."


def load_sentences(results: Results) -> Iterable[str]:
    """Yield each list that cannot stabilise, with the options in which it cannot."""
    overloaded: dict[str, list[str]] = {}
    for option in results.options:
        for load in results.loads[option]:
            if load.overloaded:
                overloaded.setdefault(str(load), []).append(option)
    for sentence, options in overloaded.items():
        where = "every option" if len(options) == len(results.options) else ", ".join(options)
        yield f"Load: {sentence} ({where})."


def saving_sentence(row: Row) -> str:
    """Say what an option saves or costs more, from its row of `compare_runs`."""
    mean, low, high = row["saving_mean"], row["saving_low"], row["saving_high"]
    if low <= 0 <= high:
        return (
            f"{row['option']}: no clear difference in cost (a saving of {pounds(mean)} a year on average, 95% interval "
            f"{pounds_range(low, high)})."
        )
    if mean < 0:
        said, bounds = f"costs {pounds(-mean)} a year more than carry-on", pounds_range(-high, -low)
    else:
        said, bounds = f"saves {pounds(mean)} a year", pounds_range(low, high)
    return (
        f"{row['option']} {said} on average (95% interval of the mean: {bounds}); "
        f"it saves money in {percent(row['saving_share'])} of runs."
    )
