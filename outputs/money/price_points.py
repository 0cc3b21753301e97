"""Every single price of a scenario: a number of pounds that is paid for so much of something.

A bill is linear in each of them. A scenario in which one is £1, and nothing else costs anything, yields what is paid
for at that price: weeks, moves, payments. See `stepdown.outputs.money.paid_for`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from stepdown.outputs.words.wording import say_duration
from stepdown.scenarios.quantities import FROM_THE_START, Timeline
from stepdown.scenarios.schema import OneOffCosts, Price, Scenario
from stepdown.scenarios.schema_money import Contribution, DatedMoney, VoidCharge, contract_of
from stepdown.scenarios.schema_steps import Grant


class PricePoint(NamedTuple):
    """One price.

    Attributes
    ----------
    path
        The keys that lead to it in the scenario; of one that changes, the last says from when on it holds.
    pounds
        The price, as it was written.
    unit
        What it is paid for, such as '£ a person a week'.
    price_year
        The financial year in whose prices it is; None for the scenario's price base.
    payer
        Who pays it.
    shares
        Who bears which part of it; a contribution is paid by one (1) and received by another (-1).
    alone
        The scenario in which this price is £1 and nothing else costs anything.
    """

    path: tuple[str, ...]
    pounds: float
    unit: str
    price_year: str | None
    payer: str
    shares: Mapping[str, float]
    alone: Scenario


def price_points(scenario: Scenario) -> Iterator[PricePoint]:
    """Yield every price of a scenario, in the order in which the scenario has them."""
    bare = _without_money(scenario)
    for place, payers in scenario.prices.items():
        for payer, price in payers.items():
            yield from _of_price(bare, place, payer, price)
    for place, charges in scenario.voids.items():
        for payer, charge in charges.items():
            yield from _of_void(bare, place, payer, charge)
    for place, contributions in scenario.contributions.items():
        for payer, given in contributions.items():
            yield from _of_contribution(bare, place, payer, given)
    for name, yearly_of in scenario.running_costs.items():
        for payer, yearly in yearly_of.items():
            for keys, pounds, unit in _bands(yearly):
                alone = bare.model_copy(update={"running_costs": {name: {payer: unit}}})
                yield _point(("running_costs", name, payer, *keys), pounds, "£ a year", payer, alone)
    yield from _of_events(bare, scenario.one_off_costs)
    yield from _of_dated(bare, scenario.one_off_costs)
    yield from _of_grants(bare, scenario)


def _without_money(scenario: Scenario) -> Scenario:
    """Return the scenario with nothing to pay for; schemes with prices of their own keep that they have."""
    unpaid = {
        name: step if step.grant is None else step.model_copy(update={"grant": _nobody_pays(step.grant)})
        for name, step in scenario.steps.items()
    }
    own: dict[str, object] = {
        name: {place: {} for place in getattr(scenario, name)} for name in ("prices", "voids", "contributions")
    }
    return scenario.model_copy(update={**own, "running_costs": {}, "one_off_costs": OneOffCosts(), "steps": unpaid})


def _nobody_pays(grant: Grant) -> Grant:
    return grant.model_copy(update={"payer": None})


def _point(path: tuple[str, ...], pounds: float, unit: str, payer: str, alone: Scenario) -> PricePoint:
    return PricePoint(path, pounds, unit, None, payer, {payer: 1.0}, alone)


def _bands(timeline: Timeline[float]) -> Iterator[tuple[tuple[str, ...], float, Timeline[float]]]:
    """Yield each value of a timeline, with the key of its date and a timeline that is 1 while it holds."""
    dates = [timeline.since, *(date for date, _ in timeline.changes)]
    for number, (since, value) in enumerate(zip(dates, timeline.values(), strict=True)):
        ones = [float(other == number) for other in range(len(dates))]
        only = Timeline(ones[0], tuple(zip(dates[1:], ones[1:], strict=True)), timeline.since)
        keys = ((FROM_THE_START if since == dt.date.min else since.isoformat()),) if timeline.changes else ()
        yield keys, value, only


def _of_price(bare: Scenario, place: str, payer: str, price: Price) -> Iterator[PricePoint]:
    nothing = price.model_copy(
        update={
            "contract": contract_of(price),
            "per_person_per_week": price.per_person_per_week and price.per_person_per_week.map(lambda _: 0.0),
            "per_place_per_week": None,
            "tapers_to": tuple((days, 0.0) for days, _ in price.tapers_to),
            "price_year": None,
            "shared_with": {},
        }
    )
    shares = {payer: 1 - sum(price.shared_with.values()), **price.shared_with}

    def point(keys: tuple[str, ...], pounds: float, unit: str, changed: object) -> PricePoint:
        alone = nothing.model_copy(update={keys[0]: changed})
        scenario = bare.model_copy(update={"prices": {**bare.prices, place: {payer: alone}}})
        path = ("prices", place, payer, *keys)
        return PricePoint(path, pounds, unit, price.price_year, payer, shares, scenario)

    for field, unit in (("per_person_per_week", "£ a person a week"), ("per_place_per_week", "£ a place a week")):
        timeline = getattr(price, field)
        for keys, pounds, only in _bands(timeline) if timeline is not None else ():
            yield point((field, *keys), pounds, unit, only)
    for band, (days, pounds) in enumerate(price.tapers_to):
        ones = tuple((stayed, float(other == band)) for other, (stayed, _) in enumerate(price.tapers_to))
        yield point(("tapers_to", say_duration(days)), pounds, "£ a person a week", ones)


def _of_void(bare: Scenario, place: str, payer: str, charge: VoidCharge) -> Iterator[PricePoint]:
    for keys, pounds, only in _bands(charge.per_place_per_week):
        unit = charge.model_copy(update={"per_place_per_week": only})
        alone = bare.model_copy(update={"voids": {**bare.voids, place: {payer: unit}}})
        path = ("voids", place, payer, "per_place_per_week", *keys)
        yield _point(path, pounds, "£ an empty place a week", payer, alone)


def _of_contribution(bare: Scenario, place: str, payer: str, given: Contribution) -> Iterator[PricePoint]:
    for keys, pounds, only in _bands(given.per_person_per_week):
        unit = given.model_copy(update={"per_person_per_week": only})
        alone = bare.model_copy(update={"contributions": {**bare.contributions, place: {payer: unit}}})
        path = ("contributions", place, payer, "per_person_per_week", *keys)
        point = _point(path, pounds, "£ a person a week", payer, alone)
        yield point._replace(shares={payer: 1.0, given.to: -1.0})


def _of_events(bare: Scenario, once: OneOffCosts) -> Iterator[PricePoint]:
    for section, unit in (("moves", "£ a move"), ("adaptations", "£ an adaptation")):
        for name, payers in getattr(once, section).items():
            for payer, timeline in payers.items():
                for keys, pounds, only in _bands(timeline):
                    costs = OneOffCosts().model_copy(update={section: {name: {payer: only}}})
                    alone = bare.model_copy(update={"one_off_costs": costs})
                    yield _point(("one_off_costs", section, name, payer, *keys), pounds, unit, payer, alone)


def _of_dated(bare: Scenario, once: OneOffCosts) -> Iterator[PricePoint]:
    for section in ("set_up", "capital"):
        for name, payers in getattr(once, section).items():
            for payer, amounts in payers.items():
                for date, pounds in amounts:
                    one: DatedMoney = ((date, 1.0),)
                    costs = OneOffCosts().model_copy(update={section: {name: {payer: one}}})
                    alone = bare.model_copy(update={"one_off_costs": costs})
                    path = ("one_off_costs", section, name, payer, date.isoformat())
                    yield _point(path, pounds, "£ once", payer, alone)


def _of_grants(bare: Scenario, scenario: Scenario) -> Iterator[PricePoint]:
    for name, step in scenario.steps.items():
        if step.grant is not None and step.grant.payer is not None:
            alone = bare.model_copy(update={"steps": {**bare.steps, name: step}})
            yield _point(("steps", name, "grant", "amount"), 1.0, "£ for each £ granted", step.grant.payer, alone)
