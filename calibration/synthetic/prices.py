"""What a council pays a week for a person in a place, as a scenario's prices say."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import numpy as np

from stepdown.scenarios.schema import Price, Scenario
from stepdown.scenarios.schema_money import contract_of

Floats = np.ndarray[Any, np.dtype[np.float64]]


def council_prices(scenario: Scenario, setting: str, scheme: str) -> list[Price]:
    """Return the prices that a council pays for a scheme: its own, else those of its setting.

    A payer is the council if its sector says so, or says nothing.
    """
    paid = scenario.prices.get(scheme) or scenario.prices.get(setting) or {}
    return [price for payer, price in paid.items() if scenario.payers[payer].sector in (None, "council")]


def weekly_costs(prices: Sequence[Price], dates: Sequence[dt.date], at: Any, stayed: Floats) -> Floats:
    """Return what people cost on some dates, in pounds a week as the prices are written; 0 where nothing is paid.

    Parameters
    ----------
    prices
        What is paid for each of them.
    dates
        The dates on which something may be asked.
    at
        For each person, the position of the date.
    stayed
        For each person, the days stayed by then: prices may taper.
    """
    total = np.zeros(len(stayed))
    for price in prices:
        per_place = np.array([price.per_place_per_week.on(date) if price.per_place_per_week else 0.0 for date in dates])
        total += per_place[at]
        if price.per_person_per_week is not None and not (price.per_place_per_week and contract_of(price) == "mixed"):
            per_person = np.array([price.per_person_per_week.on(date) for date in dates])[at]
            for since, pounds in price.tapers_to:
                per_person = np.where(stayed >= since, pounds, per_person)
            total += per_person
    return total
