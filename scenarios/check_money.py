"""Whether what a scenario says about money makes sense as a whole."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from stepdown.scenarios.errors import ChoiceError
from stepdown.scenarios.published_rates import discount_schedule, price_index
from stepdown.scenarios.schema import Scenario
from stepdown.scenarios.schema_money import Price, contract_of
from stepdown.scenarios.trees import KeyPath, Problem


def check_money(scenario: Scenario) -> Iterator[Problem]:
    """Yield every price, void charge and contribution that cannot be meant."""
    for place, payers in scenario.prices.items():
        for payer, price in payers.items():
            path: KeyPath = ("prices", place, payer)
            yield from _amounts(path, price)
            yield from _tapers(path, price)
            yield from _notice(path, price)
            yield from _shares(path, payer, price)
            yield from _price_year(path, scenario, price)
    yield from _names_of_tables(scenario)
    yield from _dates(scenario)
    yield from _voids(scenario)
    yield from _contributions(scenario)


def _amounts(path: KeyPath, price: Price) -> Iterator[Problem]:
    person, place = price.per_person_per_week, price.per_place_per_week
    contract = contract_of(price)
    if person is None and place is None:
        rule = "a price needs `per_person_per_week` or `per_place_per_week`"
        yield Problem(path, rule, "Write, for example, 'per_person_per_week: £412'.", at_key=True)
        return
    if contract in ("spot", "tenancy", "unit_cost"):
        if person is None:
            rule = f"a {contract} contract pays for people, and this price has no `per_person_per_week`"
            yield Problem(path, rule, "Add it, or write 'contract: block'.", at_key=True)
        if place is not None:
            rule = f"a {contract} contract pays for people, not for places"
            yield Problem((*path, "per_place_per_week"), rule, "Leave it out, or write 'contract: block'.", at_key=True)
    elif place is None:
        rule = f"a {contract} contract pays for places, and this price has no `per_place_per_week`"
        yield Problem(path, rule, "Add it, or write 'contract: spot'.", at_key=True)
    if contract == "mixed" and (price.block_places is None or person is None):
        rule = "a mixed contract needs `block_places`, and `per_person_per_week` for people beyond them"
        yield Problem(path, rule, "Add them, or write 'contract: block'.", at_key=True)
    if contract != "mixed" and price.block_places is not None:
        rule = f"a {contract} contract has no `block_places`"
        yield Problem((*path, "block_places"), rule, "Leave it out, or write 'contract: mixed'.", at_key=True)


def _tapers(path: KeyPath, price: Price) -> Iterator[Problem]:
    if not price.tapers_to:
        return
    if price.per_person_per_week is None:
        rule = "a price that tapers needs `per_person_per_week` to taper from"
        yield Problem((*path, "tapers_to"), rule, at_key=True)
    if contract_of(price) in ("tenancy", "mixed"):
        rule = f"what a {contract_of(price)} contract pays for people does not taper"
        yield Problem((*path, "tapers_to"), rule, "Leave it out, or write 'contract: spot'.", at_key=True)


def _notice(path: KeyPath, price: Price) -> Iterator[Problem]:
    contract = contract_of(price)
    if price.notice and contract in ("spot", "unit_cost"):
        rule = f"a {contract} contract ends on the day somebody leaves, without notice"
        yield Problem((*path, "notice"), rule, "Write 'contract: tenancy', or leave the notice out.", at_key=True)


def _shares(path: KeyPath, payer: str, price: Price) -> Iterator[Problem]:
    if payer in price.shared_with:
        rule = f"{payer} bears what the others do not, and cannot share with itself"
        yield Problem((*path, "shared_with", payer), rule, "Leave it out.", at_key=True)
    if sum(price.shared_with.values()) > 1:
        yield Problem((*path, "shared_with"), "the shares of others are more than 100%", at_key=True)


def _price_year(path: KeyPath, scenario: Scenario, price: Price) -> Iterator[Problem]:
    if price.price_year is None:
        return
    if not scenario.price_base:
        rule = "`price_year` is turned into the scenario's price base, and it has none"
        yield Problem((*path, "price_year"), rule, "Add, for example, 'price_base: 2026/27'.", at_key=True)
        return
    try:
        price_index(scenario.appraisal.deflator).factor(price.price_year, scenario.price_base)
    except ChoiceError as error:
        yield Problem((*path, "price_year"), str(error), "Turn the price over yourself.", at_key=True)


def _voids(scenario: Scenario) -> Iterator[Problem]:
    for place, payers in scenario.voids.items():
        for payer, charge in payers.items():
            if charge.until is not None and charge.until <= charge.from_:
                rule = "the charge ends before it begins"
                yield Problem(("voids", place, payer, "until"), rule, "Make `until` longer than `from`.", at_key=True)


def _contributions(scenario: Scenario) -> Iterator[Problem]:
    for place, payers in scenario.contributions.items():
        for payer, contribution in payers.items():
            if contribution.to == payer:
                rule = f"{payer} cannot contribute to itself"
                yield Problem(("contributions", place, payer, "to"), rule, "Name another payer.", at_key=True)


def _names_of_tables(scenario: Scenario) -> Iterator[Problem]:
    appraisal = scenario.appraisal
    for number, name in enumerate(appraisal.discount):
        yield from _refused(("appraisal", "discount", number), discount_schedule, name)
    yield from _refused(("appraisal", "deflator"), price_index, appraisal.deflator)


def _refused(path: KeyPath, find: Callable[[str], object], name: str) -> Iterator[Problem]:
    try:
        find(name)
    except ChoiceError as error:
        yield Problem(path, str(error))


def _dates(scenario: Scenario) -> Iterator[Problem]:
    """Yield every amount that would be paid before the start: nobody would see it."""
    once = scenario.one_off_costs
    for section, projects in (("set_up", once.set_up), ("capital", once.capital)):
        for name, payers in projects.items():
            for payer, amounts in payers.items():
                for date, _ in amounts:
                    if date < scenario.start:
                        rule = f"{date} lies before the start, {scenario.start}, so that it would not be counted"
                        path: KeyPath = ("one_off_costs", section, name, payer)
                        yield Problem(path, rule, "Move the payment, or the scenario's start.", at_key=True)
