"""The scenario's prices made ready for arithmetic: for each scheme and payer, pounds a week from days on."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from stepdown.outputs.measures.history import Sites
from stepdown.outputs.measures.intervals import Floats
from stepdown.outputs.measures.periods import Steps, steps
from stepdown.scenarios.schema import Price, Scenario


class WeeklyPrice(NamedTuple):
    """What one payer pays for one scheme.

    Attributes
    ----------
    scheme
        Position of the scheme among the sites.
    payer
        Who pays.
    person
        Pounds a person a week, from days on.
    place
        Pounds a place a week, filled or not, from days on; None if the contract is not by place.
    ages
        Shape (bands,): days stayed from which another price holds; the first is 0, where `person` holds.
    tapered
        Shape (bands,): pounds a person a week of each band; the first is not used.
    """

    scheme: int
    payer: str
    person: Steps
    place: Steps | None
    ages: Floats
    tapered: Floats

    @property
    def changes(self) -> tuple[float, ...]:
        """Days on which a price changes."""
        found = [self.person] if self.place is None else [self.person, self.place]
        return tuple(float(day) for one in found for day in one.days[1:])

    @property
    def by_person(self) -> bool:
        """Whether anything is ever paid for people, not places."""
        return bool((self.person.values > 0).any() or (self.tapered > 0).any())


def weekly_prices(scenario: Scenario, known: Sites) -> list[WeeklyPrice]:
    """Return the prices of each scheme; a scheme's own entry replaces its setting's altogether."""
    found = []
    for number, (scheme, setting) in enumerate(zip(known.schemes, known.settings, strict=True)):
        entry = scenario.prices.get(scheme, scenario.prices.get(setting, {}))
        found += [_weekly_price(scenario, number, payer, price) for payer, price in entry.items()]
    return found


def _weekly_price(scenario: Scenario, scheme: int, payer: str, price: Price) -> WeeklyPrice:
    nothing = Steps(np.array([-np.inf]), np.array([0.0]))
    ages, tapered = [0.0], [0.0]
    for age, pounds in price.tapers_to:
        ages.append(age)
        tapered.append(pounds)
    return WeeklyPrice(
        scheme,
        payer,
        nothing if price.per_person_per_week is None else steps(price.per_person_per_week, scenario.start),
        None if price.per_place_per_week is None else steps(price.per_place_per_week, scenario.start),
        np.array(ages),
        np.array(tapered),
    )
