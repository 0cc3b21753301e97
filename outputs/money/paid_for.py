"""What is paid for at each price: person-weeks, place-weeks, moves, payments, by run and financial year.

The bill is these amounts times their prices, so that it can be made again without the model.
"""

from __future__ import annotations

from typing import NamedTuple

from stepdown.outputs.measures.activity import Activity
from stepdown.outputs.measures.intervals import Floats
from stepdown.outputs.measures.place_days import place_days
from stepdown.outputs.money.bill import bill_of
from stepdown.outputs.money.price_points import PricePoint, price_points
from stepdown.outputs.money.terms import terms_of
from stepdown.scenarios.schema import Scenario

UNITS = {
    "care": "person-weeks",
    "unit cost": "person-weeks",
    "place": "place-weeks",
    "notice": "weeks of notice",
    "void": "empty place-weeks",
    "contribution": "person-weeks",
    "running": "years",
    "move": "moves",
    "adaptation": "adaptations",
    "grant": "£ granted",
    "set-up": "payments",
    "capital": "payments",
}
"""What is counted of each kind of `stepdown.outputs.money.line.KINDS`."""


class PaidFor(NamedTuple):
    """What is paid for at one price.

    Attributes
    ----------
    point
        The price.
    kind, setting, item
        What it is: see `stepdown.outputs.money.line.Line`; the setting is '' where there is none.
    amounts
        Shape (runs, years): in the unit of the kind (`UNITS`).
    """

    point: PricePoint
    kind: str
    setting: str
    item: str
    amounts: Floats


def paid_for(activity: Activity, scenario: Scenario) -> list[PaidFor]:
    """Return what is paid for at each price of a scenario; nothing for a price at which nothing ever is."""
    ledger = place_days(activity, terms_of(scenario, activity.sites).changes)
    found = []
    for point in price_points(scenario):
        unit = bill_of(activity, point.alone, terms_of(point.alone, activity.sites), ledger)
        _, pounds = unit.of_financial_years()
        for line, amounts in zip(unit.lines, pounds, strict=True):
            if line.payer == point.payer and amounts.any():
                found.append(PaidFor(point, line.kind, line.setting or "", line.item, amounts))
    return found
