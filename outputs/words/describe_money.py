"""What a scenario says about money, in plain sentences."""

from __future__ import annotations

from collections.abc import Iterator

from stepdown.outputs.words.wording import (
    say_date,
    say_duration,
    say_list,
    say_money,
    say_over_time,
    say_share,
)
from stepdown.scenarios.schema import Scenario
from stepdown.scenarios.schema_money import Contribution, DatedMoney, Price, VoidCharge, contract_of

WHOSE = {
    "council": "the council",
    "nhs": "the NHS",
    "central_government": "central government",
    "residents": "the residents themselves",
    "landlords": "landlords",
}
"""Sectors of payers, as sentences call them."""


def describe_money(scenario: Scenario) -> Iterator[str]:
    """Yield who pays for what, and on which terms."""
    for name, who in scenario.payers.items():
        borne = f"; the council bears {say_share(who.council_bears)} of it" if who.council_bears else ""
        if who.sector is not None:
            yield f"What {name} pays is the money of {WHOSE[who.sector]}{borne}."
    for place, prices in scenario.prices.items():
        for payer, price in prices.items():
            yield f"{payer} pays for {place}: {_price(price)}."
    for place, charges in scenario.voids.items():
        for payer, charge in charges.items():
            yield f"{payer} pays for empty places in {place}: {_void(charge)}."
    for place, contributions in scenario.contributions.items():
        for payer, given in contributions.items():
            yield _contribution(place, payer, given)
    yield from _once(scenario)


def _once(scenario: Scenario) -> Iterator[str]:
    once = scenario.one_off_costs
    for what, costs in (("A move into {}", once.moves), ("A {} adaptation", once.adaptations)):
        for name, payers_of in costs.items():
            for payer, pounds in payers_of.items():
                yield f"{what.format(name)} costs {payer} {say_over_time(pounds, say_money)}."
    for name, payers_of in scenario.running_costs.items():
        for payer, pounds in payers_of.items():
            yield f"{name} costs {payer} {say_over_time(pounds, say_money)} a year."
    for what, projects in (("to set up", once.set_up), ("as capital", once.capital)):
        for name, dated in projects.items():
            for payer, amounts in dated.items():
                yield f"{name} costs {payer} {_dated(amounts)} {what}."


def _price(price: Price) -> str:
    parts = []
    contract = contract_of(price)
    if price.per_place_per_week is not None:
        places = "a place a week, filled or not"
        if contract == "mixed" and price.block_places is not None:
            places = f"a week for each of {say_over_time(price.block_places, str)} places, filled or not"
        parts.append(f"{say_over_time(price.per_place_per_week, say_money)} {places}")
    if price.per_person_per_week is not None:
        beyond = " beyond them" if contract == "mixed" else ""
        parts.append(f"{say_over_time(price.per_person_per_week, say_money)} a person a week{beyond}")
    parts += [f"{say_money(pounds)} after {say_duration(days)}" for days, pounds in price.tapers_to]
    if price.notice:
        parts.append(f"with {say_duration(price.notice)} of notice")
    if contract == "unit_cost":
        parts.append("an average cost that nobody sends a bill for")
    if price.price_year is not None:
        parts.append(f"in prices of {price.price_year}")
    if price.shared_with:
        shares = [f"{say_share(share)} by {payer}" for payer, share in price.shared_with.items()]
        parts.append(f"of which {say_list(shares)} is borne")
    return ", ".join(parts) or "nothing"


def _void(charge: VoidCharge) -> str:
    text = f"{say_over_time(charge.per_place_per_week, say_money)} a place a week"
    if charge.from_:
        text += f" after {say_duration(charge.from_)}"
    return text if charge.until is None else f"{text}, until it has been empty for {say_duration(charge.until)}"


def _contribution(place: str, payer: str, given: Contribution) -> str:
    amount = say_over_time(given.per_person_per_week, say_money)
    return f"In {place}, {payer} contribute {amount} a person a week to {given.to}."


def _dated(amounts: DatedMoney) -> str:
    return say_list([f"{say_money(pounds)} on {say_date(date)}" for date, pounds in amounts])
