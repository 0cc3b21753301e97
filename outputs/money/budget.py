"""The budget view: cash by financial year, and which savings a budget holder could bank.

Cash is the constant-price amount times what prices have grown by since the price base: by the deflator, or as the
scenario says. Savings are labelled by rule:

- one-off: set-up and capital; recurrent: everything else.
- non-cashable: what is an average cost that nobody sends a bill for (`contract: unit_cost`): capacity is freed, and no
  budget falls.
- of what is invoiced and recurrent, each payer's saving is cashable as far as the option brings its spending below
  today's budget, which is carry-on's spending in the first full financial year, uplifted; the rest is growth that is
  avoided. What costs more is cashable in full: a budget really rises.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from stepdown.outputs.measures.intervals import Floats
from stepdown.outputs.money.flows import Flows
from stepdown.outputs.money.perspectives import Perspective
from stepdown.scenarios.errors import ChoiceError
from stepdown.scenarios.financial_years import financial_year_from, first_year
from stepdown.scenarios.published_rates import price_index
from stepdown.scenarios.schema import Scenario

FULL = 0.9986
"""From this part of its days on a financial year counts as full: half a day may be missing at the end of a window."""


class BudgetView(NamedTuple):
    """Mean cash that an option saves somebody, each of shape (years,).

    Attributes
    ----------
    years
        The financial years.
    parts
        The part of each that was measured.
    one_off
        Set-up and capital: below 0 where they are paid.
    cashable, avoided, non_cashable
        What is saved from year to year.
    """

    years: tuple[str, ...]
    parts: Floats
    one_off: Floats
    cashable: Floats
    avoided: Floats
    non_cashable: Floats

    @property
    def recurrent(self) -> Floats:
        """Cashable, avoided and non-cashable savings together."""
        return self.cashable + self.avoided + self.non_cashable

    @property
    def total(self) -> Floats:
        """Everything, one-off and recurrent."""
        return self.one_off + self.recurrent

    @property
    def cumulative(self) -> Floats:
        """The total added up from the first year on."""
        return np.asarray(np.cumsum(self.total))

    @property
    def full_year_effect(self) -> tuple[str, float] | None:
        """The last full financial year and the recurrent saving in it; None if no year was measured in full."""
        full = np.flatnonzero(self.parts >= FULL)
        return (self.years[full[-1]], float(self.recurrent[full[-1]])) if len(full) else None


def budget_view(baseline: Flows, savings: Flows, whose: Perspective, scenario: Scenario, parts: Floats) -> BudgetView:
    """Return the cash that an option saves.

    Parameters
    ----------
    baseline
        What carry-on pays.
    savings
        What the option saves: `stepdown.outputs.money.flows.savings_of`.
    whose
        Whose money counts.
    scenario
        The option's scenario.
    parts
        Shape (years,): the part of each financial year that was measured.
    """
    years = savings.years
    view = BudgetView(years, parts, *(np.zeros(len(years)) for _ in range(4)))
    for payer, weight in whose.weights.items():
        if not weight:
            continue
        own = savings.where(lambda line, payer=payer: line.payer == payer)  # type: ignore[misc]
        spent = baseline.where(lambda line, payer=payer: line.payer == payer)  # type: ignore[misc]
        cash = weight * uplift_factors(scenario, payer, years)
        cashable, avoided = _split(_recurrent(spent, invoiced=True), _recurrent(own, invoiced=True), parts)
        view = BudgetView(
            years,
            parts,
            view.one_off + own.where(lambda line: line.one_off).means().sum(axis=0) * cash,
            view.cashable + cashable * cash,
            view.avoided + avoided * cash,
            view.non_cashable + _recurrent(own, invoiced=False) * cash,
        )
    return view


def _recurrent(flows: Flows, invoiced: bool) -> Floats:
    """Return the mean of what comes back from year to year."""
    kept = flows.where(lambda line: not line.one_off and line.invoiced == invoiced)
    return np.asarray(kept.means().sum(axis=0))


def _split(spent: Floats, saved: Floats, parts: Floats) -> tuple[Floats, Floats]:
    """Return which part of a payer's recurrent saving is cashable, and which is growth avoided, in constant prices."""
    full = np.flatnonzero(parts >= FULL)
    first = int(full[0]) if len(full) else int(np.argmax(parts))
    today = spent[first] / parts[first] * parts  # a part of a year has its part of the budget
    below = np.maximum(today - (spent - saved), 0.0)
    cashable = np.where(saved > 0, np.minimum(saved, below), saved)
    return cashable, saved - cashable


def uplift_factors(scenario: Scenario, payer: str, years: tuple[str, ...]) -> Floats:
    """Return by how much a payer's constant-price pounds are multiplied to be cash of each year.

    Raises
    ------
    ChoiceError
        If the scenario has no price base.
    """
    need_price_base(scenario)
    base = first_year(scenario.price_base)
    factors = []
    for label in years:
        year = first_year(label)
        later = np.prod([1 + growth_of(scenario, payer, one) for one in range(base + 1, year + 1)])
        earlier = np.prod([1 + growth_of(scenario, payer, one) for one in range(year + 1, base + 1)])
        factors.append(float(later / earlier))
    return np.array(factors)


def growth_of(scenario: Scenario, payer: str, year: int) -> float:
    """Return by which part a payer's cash prices grow in the financial year that begins in April of a year."""
    rules, label = scenario.appraisal, financial_year_from(year)
    growth = rules.uplift_by_payer.get(payer, rules.uplift)
    rate = growth.get(label, growth.get(""))
    if rate is not None:
        return rate
    return price_index(rules.deflator).factor(financial_year_from(year - 1), label) - 1


def need_price_base(scenario: Scenario) -> None:
    """Refuse to speak of cash where it is not said of which year the prices are.

    Raises
    ------
    ChoiceError
        If the scenario has no price base.
    """
    if not scenario.price_base:
        raise ChoiceError(
            "the scenario does not say of which year its prices are, so that nothing can be said in cash. "
            "Add, for example, 'price_base: 2026/27'"
        )
