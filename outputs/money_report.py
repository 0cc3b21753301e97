"""What every option is worth, as a table and sentences: `stepdown cost`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from rich import box
from rich.table import Table
from rich.text import Text

from stepdown.outputs.compare import describe_runs
from stepdown.outputs.finished_run import FinishedRun
from stepdown.outputs.measures.intervals import Floats
from stepdown.outputs.measures.periods import parts_of_financial_years
from stepdown.outputs.money.appraisal import Worth
from stepdown.outputs.money.bill import bill
from stepdown.outputs.money.budget import BudgetView
from stepdown.outputs.money.case import Case, View, cases
from stepdown.outputs.money.flows import flows_in
from stepdown.outputs.money.perspectives import COUNCIL, PUBLIC_SECTOR, RESIDENTS, payers_mean
from stepdown.outputs.words.numbers import amount, percent, pounds, pounds_range
from stepdown.outputs.words.wording import say_count, say_list
from stepdown.scenarios.loader import CARRY_ON
from stepdown.scenarios.published_rates import discount_schedule

Row = dict[str, Any]


def cost_run(run: FinishedRun) -> list[Case]:
    """Cost a finished run at the prices of its options, and return each beside carry-on.

    Raises
    ------
    NotComparableError
        If carry-on was not run, or nothing else was.
    """
    scenarios = {name: run.options[name].scenario for name in (CARRY_ON, *run.compared)}
    flows = {name: flows_in(name, bill(run.activity(name), scenario)) for name, scenario in scenarios.items()}
    return cases(flows, scenarios, CARRY_ON, parts_of_financial_years(run.window))


def cost_rows(found: Sequence[Case], years: float) -> list[Row]:
    """Return a row for each option and perspective, in full precision.

    Returns
    -------
    list of dict
        option, perspective; saving_a_year (pounds; mean, low, high, p10, p90, share of the runs that save);
        present_value, equivalent_annual and their expected values (optimism bias and delivery confidence taken off) by
        discount schedule; payback_years; full_year, and in its cash cashable, avoided and non_cashable.
    """
    return [_row(case, view, years) for case in found for view in case.views.values()]


def _row(case: Case, view: View, years: float) -> Row:
    row: Row = {"option": case.option, "perspective": view.whose.name}
    yearly = describe_runs(view.whose.of(case.savings).sum(axis=1) / years)
    row |= {f"saving_a_year_{name}": value for name, value in yearly.items() if name != "runs"}
    for what, worths in (("", view.planned), ("expected_", view.expected)):
        for name, worth in worths.items():
            row[f"{what}present_value:{name}"] = float(worth.present_value.mean())
            row[f"{what}equivalent_annual:{name}"] = float(worth.equivalent_annual.mean())
    row["payback_years"] = _leading(view).payback_years
    if view.budget is not None and view.budget.full_year_effect is not None:
        at = view.budget.years.index(view.budget.full_year_effect[0])
        row["full_year"] = view.budget.full_year_effect[0]
        row |= {name: float(getattr(view.budget, name)[at]) for name in ("cashable", "avoided", "non_cashable")}
    return row


def _leading(view: View) -> Worth:
    """Return the worth at the first of the discount schedules."""
    return next(iter(view.planned.values()))


def cost_table(found: Sequence[Case], years: float) -> Table:
    """Return the table that fits 80 columns; present values are of the widest purse that differs from the council's."""
    public = _differ(found, PUBLIC_SECTOR, COUNCIL)
    residents = any(np.abs(case.views[RESIDENTS].whose.of(case.savings)).sum() > 0 for case in found)
    shown = [*((PUBLIC_SECTOR,) if public else ()), *((RESIDENTS,) if residents else ())]
    valued = PUBLIC_SECTOR if public else COUNCIL
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
    table.add_column("Option", overflow="fold", max_width=22)
    table.add_column("Council saves\na year\n(8 in 10 runs)", justify="right")
    for name in shown:
        table.add_column(f"{name.split()[0].capitalize()},\na year", justify="right")
    for name in found[0].views[valued].planned:
        table.add_column(f"NPV at\n{discount_schedule(name).rate(1):.1%}", justify="right")
    table.add_column("Pays\nback in", justify="right")
    for case in found:
        view = case.views[valued]
        cells = [case.option, _saving(case.views[COUNCIL], case, years)]
        cells += [_short(_yearly(case.views[name], case, years)) for name in shown]
        cells += [_short(float(worth.present_value.mean())) for worth in view.planned.values()]
        table.add_row(*(Text(cell) for cell in (*cells, _payback(_leading(view)))))
    return table


def _differ(found: Sequence[Case], one: str, other: str) -> bool:
    return any(
        not np.allclose(case.views[one].whose.of(case.savings), case.views[other].whose.of(case.savings))
        for case in found
    )


def _yearly(view: View, case: Case, years: float) -> float:
    return float(view.whose.of(case.savings).sum(axis=1).mean() / years)


def _saving(view: View, case: Case, years: float) -> str:
    of_runs = describe_runs(view.whose.of(case.savings).sum(axis=1) / years)
    return f"{_short(of_runs['mean'])}\n({_short(of_runs['p10'])} to\n{_short(of_runs['p90'])})"


def _short(value: float) -> str:
    return pounds(value, million="m")


def _payback(worth: Worth) -> str:
    years = worth.payback_years
    if years is None:
        return "never" if worth.cumulative[-1] <= worth.cumulative[0] else "not yet"
    return "at once" if years == 0 else say_count(float(amount(years)), "year")


def cost_sentences(found: Sequence[Case], run: FinishedRun) -> Iterable[str]:
    """Yield what must be read with the table."""
    scenario, runs = found[0].scenario, len(found[0].savings.replications)
    schedules = [discount_schedule(name) for name in scenario.appraisal.discount]
    rates = say_list([f"{one.title} ({one.rate(1):.1%})" for one in schedules])
    prices = f", in prices of {scenario.price_base}" if scenario.price_base else ""
    whose = "the public sector" if _differ(found, PUBLIC_SECTOR, COUNCIL) else "the council"
    yield f"Savings are carry-on minus option, paired over {runs} runs{prices}."
    yield (
        f"NPV: what {whose} saves over the measured {amount(run.window.years)} years, discounted by {rates}. "
        "Pays back: when savings make up for what was spent, on average."
    )
    for case in found:
        said = [_payers(case, run.window.years), *_cash(case), *_expected(case)]
        yield f"{case.option}: {' '.join(said)}"


def _payers(case: Case, years: float) -> str:
    each = {payer: float(values.sum() / years) for payer, values in payers_mean(case.savings).items()}
    less = [f"{payer} pays {pounds(value)} less" for payer, value in each.items() if value >= 0.5]
    more = [f"{payer} pays {pounds(-value)} more" for payer, value in each.items() if value <= -0.5]
    return f"a year {say_list([*less, *more])}." if less or more else "nobody pays more or less."


def _cash(case: Case) -> Iterable[str]:
    view = case.views[COUNCIL].budget
    if view is None or view.full_year_effect is None:
        return
    year, recurrent = view.full_year_effect
    at = view.years.index(year)
    if recurrent < 0:
        yield f"In cash the council pays {pounds(-recurrent)} more in {year}."
    else:
        split = [f"{pounds(float(amounts[at]))} {word}" for word, amounts in _labels(view) if amounts[at] >= 0.5]
        labels = f": {say_list(split)}" if split else ""
        yield f"In cash the council saves {pounds(recurrent)} in {year}{labels}."
    if view.one_off.sum() <= -0.5:
        yield f"Once, it pays {pounds(-float(view.one_off.sum()))} in cash."


def _labels(view: BudgetView) -> tuple[tuple[str, Floats], ...]:
    return (
        ("cashable (a budget falls)", view.cashable),
        ("of growth avoided", view.avoided),
        ("non-cashable (capacity is freed)", view.non_cashable),
    )


def _expected(case: Case) -> Iterable[str]:
    rules, view = case.scenario.appraisal, case.views[COUNCIL]
    planned, expected = _leading(view), next(iter(view.expected.values()))
    if np.array_equal(planned.saving, expected.saving):
        return
    confidence = (
        f", with {percent(rules.delivery_confidence)} of savings delivered" if rules.delivery_confidence < 1 else ""
    )
    values = expected.present_value
    low, high = np.quantile(values, [0.1, 0.9])
    yield (
        f"Optimism bias taken off{confidence}, the council's present value is {pounds(float(values.mean()))} "
        f"(8 in 10 runs {pounds_range(float(low), float(high))})."
    )
