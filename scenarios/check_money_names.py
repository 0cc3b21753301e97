"""Whether every payer and place that a scenario's money names has been declared."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from stepdown.scenarios.names import Names, undeclared
from stepdown.scenarios.schema import Scenario
from stepdown.scenarios.trees import KeyPath, Problem


def check_money_names(scenario: Scenario, names: Names) -> Iterator[Problem]:
    """Yield every name in what is paid that has not been declared."""
    yield from _in_places(scenario, names)
    once = scenario.one_off_costs
    for setting, amounts in once.moves.items():
        path: KeyPath = ("one_off_costs", "moves", setting)
        yield from undeclared(path, setting, names.settings, "setting")
        yield from _payers(path, amounts, names)
    for tier, amounts in once.adaptations.items():
        path = ("one_off_costs", "adaptations", tier)
        yield from undeclared(path, tier, names.tiers, "tier")
        yield from _payers(path, amounts, names)
    for section, projects in (("set_up", once.set_up), ("capital", once.capital)):
        for name, dated in projects.items():
            yield from _payers(("one_off_costs", section, name), dated, names)
    for name, yearly in scenario.running_costs.items():
        yield from _payers(("running_costs", name), yearly, names)
    yield from _payers(("appraisal", "uplift_by_payer"), scenario.appraisal.uplift_by_payer, names)


def _in_places(scenario: Scenario, names: Names) -> Iterator[Problem]:
    places = dict.fromkeys((*names.settings, *names.schemes))
    for section in ("prices", "voids", "contributions"):
        for place, entries in getattr(scenario, section).items():
            yield from undeclared((section, place), place, places, "setting or scheme")
            yield from _payers((section, place), entries, names)
    for place, prices in scenario.prices.items():
        for payer, price in prices.items():
            yield from _payers(("prices", place, payer, "shared_with"), price.shared_with, names)
    for place, contributions in scenario.contributions.items():
        for payer, contribution in contributions.items():
            yield from undeclared(("contributions", place, payer, "to"), contribution.to, names.payers, "payer")


def _payers(path: KeyPath, amounts: Iterable[str], names: Names) -> Iterator[Problem]:
    for payer in amounts:
        yield from undeclared((*path, payer), payer, names.payers, "payer")
