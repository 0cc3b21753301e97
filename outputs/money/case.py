"""The money of every option beside carry-on's: what a finance officer is asked about."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from stepdown.outputs.measures.intervals import Floats
from stepdown.outputs.money.appraisal import Worth, worth_of
from stepdown.outputs.money.budget import BudgetView, budget_view
from stepdown.outputs.money.flows import Flows, savings_of
from stepdown.outputs.money.perspectives import Perspective, perspectives
from stepdown.scenarios.published_rates import discount_schedule
from stepdown.scenarios.schema import Scenario


class View(NamedTuple):
    """What an option is worth to somebody.

    Attributes
    ----------
    whose
        Whose money counts.
    planned
        By discount schedule: what it is worth as simulated.
    expected
        The same with optimism bias and delivery confidence taken off.
    budget
        In cash, by financial year; None where the scenario does not say of which year its prices are.
    """

    whose: Perspective
    planned: Mapping[str, Worth]
    expected: Mapping[str, Worth]
    budget: BudgetView | None


class Case(NamedTuple):
    """The money of one option.

    Attributes
    ----------
    option
        Its name.
    scenario
        Its scenario.
    flows
        What it pays.
    savings
        What it saves beside carry-on.
    views
        What that is worth, by perspective.
    """

    option: str
    scenario: Scenario
    flows: Flows
    savings: Flows
    views: Mapping[str, View]


def cases(flows: Mapping[str, Flows], scenarios: Mapping[str, Scenario], baseline: str, parts: Floats) -> list[Case]:
    """Return the money of every option but the baseline.

    Parameters
    ----------
    flows, scenarios
        What each option pays, and its scenario; the baseline among them.
    baseline
        The option to compare with.
    parts
        Shape (years,): the part of each financial year that was measured.
    """
    base = flows[baseline]
    found = []
    for option, paid in flows.items():
        if option != baseline:
            scenario, savings = scenarios[option], savings_of(base, paid)
            views = {whose.name: _view(base, savings, whose, scenario, parts) for whose in perspectives(scenario)}
            found.append(Case(option, scenario, paid, savings, views))
    return found


def _view(base: Flows, savings: Flows, whose: Perspective, scenario: Scenario, parts: Floats) -> View:
    schedules = {name: discount_schedule(name) for name in scenario.appraisal.discount}
    planned, expected = (
        {name: worth_of(savings, whose, scenario, schedule, parts, adjusted) for name, schedule in schedules.items()}
        for adjusted in (False, True)
    )
    budget = budget_view(base, savings, whose, scenario, parts) if scenario.price_base else None
    return View(whose, planned, expected, budget)
