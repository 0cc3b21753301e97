"""The third side: from carry-on's cost to the option's, who pays, in which year, and what it is worth."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from stepdown.outputs.money.budget import FULL, BudgetView
from stepdown.outputs.money.case import View
from stepdown.outputs.money.perspectives import COUNCIL, PUBLIC_SECTOR, RESIDENTS, payers_mean, sectors_of
from stepdown.outputs.paper.blocks import Block, Part, Picture, Side, Table, Words
from stepdown.outputs.paper.bridge import bridge_chart
from stepdown.outputs.paper.facts import Facts
from stepdown.outputs.paper.sentences import (
    NOTHING,
    expected_sentence,
    more_sentence,
    payback_sentence,
    purse_title,
    purses_sentence,
)
from stepdown.outputs.words.numbers import pounds
from stepdown.outputs.words.wording import cut
from stepdown.scenarios.loader import CARRY_ON
from stepdown.scenarios.published_rates import discount_schedule

MOST_PAYERS, MOST_YEARS = 6, 11
"""Rows for which there is room."""

NAME = 40
"""Letters of the name of a payer."""

NEITHER = "neither"
"""What becomes of a payer who is not touched."""

PURSES = (COUNCIL, PUBLIC_SECTOR, RESIDENTS)
"""Whose money is told of."""


def money_side(facts: Facts) -> Side:
    """Return the third side."""
    saved = {name: yearly_saving(facts, name) for name in PURSES}
    parts = [
        Part("bridge", f"From {CARRY_ON} to {facts.name}", list(_bridge(facts))),
        Part("payers", "Who pays and who gains", list(_payers(facts, saved))),
        Part("years", "By financial year", list(_years(facts))),
        Part("worth", "What it is worth", list(_worth(facts))),
    ]
    return Side(purse_title(saved[COUNCIL], saved[PUBLIC_SECTOR]), parts)


def yearly_saving(facts: Facts, purse: str) -> float:
    """Return the mean pounds a year that somebody saves, in constant prices."""
    view = facts.case.views[purse]
    return float(view.whose.of(facts.case.savings).sum(axis=1).mean() / facts.run.window.years)


def _bridge(facts: Facts) -> Iterable[Block]:
    cost = facts.row(facts.option)["saving_mean"] + float(facts.case.flows.total().sum(axis=1).mean()) / _years_of(
        facts
    )
    chart = bridge_chart(facts.case.savings, cost, facts.run.window, facts.place)
    yield Picture(chart) if chart is not None else Words(["Nothing that is paid differs, or nothing has a price."])


def _years_of(facts: Facts) -> float:
    return facts.run.window.years


def _payers(facts: Facts, saved: dict[str, float]) -> Iterable[Block]:
    purses = dict(saved)
    if abs(purses[COUNCIL] - purses[PUBLIC_SECTOR]) < NOTHING:
        del purses[PUBLIC_SECTOR]
    yield Words([purses_sentence(purses)])
    table = payers_table(facts)
    touched = [row for row in table.rows if row[-1] != NEITHER]
    if len(touched) > 1:
        yield Table(table.caption, table.head, touched[:MOST_PAYERS], table.texts, table.note)
    left = len(touched) - MOST_PAYERS
    if left > 0:
        yield Words([more_sentence(left, "payer" if left == 1 else "payers")])


def payers_table(facts: Facts) -> Table:
    """Return what each payer saves a year, those with most at stake first."""
    sectors = sectors_of(facts.scenario)
    years = _years_of(facts)
    each = {payer: float(values.sum() / years) for payer, values in payers_mean(facts.case.savings).items()}
    rows = [
        (cut(payer, NAME), sectors[payer].replace("_", " "), pounds(value), _fate(value))
        for payer, value in sorted(each.items(), key=lambda item: -abs(item[1]))
    ]
    head = ["Payer", "Whose money", "Saving a year", "Who gains"]
    return Table("Saving a year by payer, constant prices, mean of the runs", head, rows, frozenset({1, 3}))


def _fate(value: float) -> str:
    return NEITHER if abs(value) < NOTHING else "gains" if value > 0 else "pays more"


def _years(facts: Facts) -> Iterable[Block]:
    table = years_table(facts)
    left = len(table.rows) - MOST_YEARS
    yield Table(table.caption, table.head, table.rows[:MOST_YEARS], table.texts, table.note)
    if left > 0:
        yield Words([more_sentence(left, "year" if left == 1 else "years")])


def years_table(facts: Facts) -> Table:
    """Return what the council saves in each financial year, in £000: in cash, or constant prices if it must be."""
    view = facts.case.views[COUNCIL]
    if view.budget is None:
        return _years_at_constant_prices(view)
    budget = view.budget
    kinds = {
        "One-off": budget.one_off,
        "Cashable": budget.cashable,
        "Growth avoided": budget.avoided,
        "Non-cashable": budget.non_cashable,
    }
    columns = {name: values for name, values in kinds.items() if (np.abs(values) >= NOTHING).any()}
    columns |= {"Total": budget.total, "Cumulative": budget.cumulative}
    rows = [
        (_year(budget, at), *(_thousands(float(values[at])) for values in columns.values()))
        for at in range(len(budget.years))
    ]
    head = ["Financial year", *columns]
    return Table(
        "What the council saves in cash, £000, mean of the runs",
        head,
        rows,
        note="Below 0 it pays more. Cashable: a budget falls; growth avoided: it rises less; non-cashable: capacity is "
        "freed, and no budget falls.",
    )


def _years_at_constant_prices(view: View) -> Table:
    worth = next(iter(view.planned.values()))
    means = worth.saving.mean(axis=0)
    rows = [
        (year, _thousands(float(saved)), _thousands(float(added)))
        for year, saved, added in zip(worth.years, means, worth.cumulative, strict=True)
    ]
    return Table(
        "What the council saves, constant prices, £000, mean of the runs",
        ["Financial year", "Saving", "Cumulative"],
        rows,
        note="Below 0 it pays more. Without a year of prices nothing can be said in cash.",
    )


def _year(budget: BudgetView, at: int) -> str:
    return budget.years[at] + ("" if budget.parts[at] >= FULL else " (part)")


def _thousands(value: float) -> str:
    thousands = value / 1000
    return f"{thousands + 0.0:,.1f}" if abs(thousands) < 100 else f"{thousands:,.0f}"


def _worth(facts: Facts) -> Iterable[Block]:
    council, public = facts.case.views[COUNCIL], facts.case.views[PUBLIC_SECTOR]
    same = bool(np.allclose(council.whose.of(facts.case.savings), public.whose.of(facts.case.savings)))
    purses = [council] if same else [council, public]
    yield worth_table(purses)
    leading = {view.whose.name: next(iter(view.planned.values())) for view in purses}
    yield Words([payback_sentence(leading), *_expected(facts, council)])


def worth_table(purses: Sequence[View]) -> Table:
    """Return the present value and what is worth as much every year, by purse and discount schedule."""
    schedules = {name: discount_schedule(name) for name in purses[0].planned}
    head = ["For the"]
    for schedule in schedules.values():
        head += [f"NPV at {schedule.rate(1):.1%}", f"A year at {schedule.rate(1):.1%}"]
    rows = [
        (
            view.whose.name,
            *(
                pounds(float(values.mean()))
                for worth in view.planned.values()
                for values in (worth.present_value, worth.equivalent_annual)
            ),
        )
        for view in purses
    ]
    titles = "; ".join(f"{schedule.rate(1):.1%}: {schedule.title}" for schedule in schedules.values())
    return Table(
        "Net present value, constant prices, discounted", head, rows, note=f"{titles}. A year: the same every year."
    )


def _expected(facts: Facts, council: View) -> Iterable[str]:
    name, planned = next(iter(council.planned.items()))
    expected = council.expected[name]
    if not np.array_equal(planned.saving, expected.saving):
        value = float(expected.present_value.mean())
        yield expected_sentence(value, facts.scenario.appraisal.delivery_confidence)
