"""The scenario's contracts made ready for arithmetic: for each scheme and payer, pounds a week from days on."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from stepdown.outputs.measures.history import Sites
from stepdown.outputs.measures.intervals import Floats
from stepdown.outputs.measures.periods import Steps, steps
from stepdown.scenarios.published_rates import price_index
from stepdown.scenarios.quantities import Timeline
from stepdown.scenarios.schema import Scenario
from stepdown.scenarios.schema_money import Contract, Contribution, Price, VoidCharge, contract_of

NOTHING = Steps(np.array([-np.inf]), np.array([0.0]))
"""No pounds at any time."""


class Terms(NamedTuple):
    """What one payer pays for one scheme under a contract.

    Attributes
    ----------
    site
        Position of the scheme among the sites.
    payer, contract
        Who pays, and how it is bought.
    person
        Pounds a person a week, from days on.
    place
        Pounds a place a week, from days on.
    block
        The number of places in the block of a mixed contract, from days on; of no meaning in others.
    ages
        Shape (bands,): days stayed from which another price holds; the first is 0, where `person` holds.
    tapered
        Shape (bands,): pounds a person a week of each band; the first is not used.
    notice
        Days for which what has been given up is still paid for.
    shares
        Payers with the share that each bears, adding up to 1.
    """

    site: int
    payer: str
    contract: Contract
    person: Steps
    place: Steps
    block: Steps
    ages: Floats
    tapered: Floats
    notice: float
    shares: tuple[tuple[str, float], ...]

    @property
    def changes(self) -> tuple[float, ...]:
        """Days on which what is paid changes."""
        days = [float(day) for one in (self.person, self.place) for day in one.days[1:]]
        if self.contract == "mixed":
            days += [float(day) + later for day in self.block.days[1:] for later in (0.0, self.notice)]
        return tuple(days)

    @property
    def by_person(self) -> bool:
        """Whether anything is ever paid for people."""
        return bool((self.person.values > 0).any() or (self.tapered > 0).any())

    @property
    def by_place(self) -> bool:
        """Whether anything is ever paid for places."""
        return bool((self.place.values > 0).any())


class VoidTerms(NamedTuple):
    """What one payer pays for the empty places of one scheme.

    Attributes
    ----------
    site, payer
        Position of the scheme among the sites, and who pays.
    weekly
        Pounds a place a week, from days on.
    since, until
        Days that a place must have been empty, from and until which it is paid for.
    """

    site: int
    payer: str
    weekly: Steps
    since: float
    until: float


class ContributionTerms(NamedTuple):
    """What one payer gives to another for the people of one scheme.

    Attributes
    ----------
    site, payer, to
        Position of the scheme among the sites, who pays, and who receives it.
    weekly
        Pounds a person a week, from days on.
    """

    site: int
    payer: str
    to: str
    weekly: Steps


class AllTerms(NamedTuple):
    """Everything that is paid from week to week."""

    contracts: tuple[Terms, ...]
    voids: tuple[VoidTerms, ...]
    contributions: tuple[ContributionTerms, ...]

    @property
    def changes(self) -> tuple[float, ...]:
        """Days on which anything that is paid changes."""
        days = {day for terms in self.contracts for day in terms.changes}
        weekly = [*(charge.weekly for charge in self.voids), *(given.weekly for given in self.contributions)]
        days |= {float(day) for one in weekly for day in one.days[1:]}
        return tuple(sorted(days))


def terms_of(scenario: Scenario, known: Sites) -> AllTerms:
    """Return the terms of each scheme; a scheme's own entries replace its setting's altogether."""
    contracts: list[Terms] = []
    voids: list[VoidTerms] = []
    contributions: list[ContributionTerms] = []
    for site, (scheme, setting) in enumerate(zip(known.schemes, known.settings, strict=True)):
        for payer, price in scenario.prices.get(scheme, scenario.prices.get(setting, {})).items():
            contracts.append(_contract(scenario, site, payer, price))
        for payer, charge in scenario.voids.get(scheme, scenario.voids.get(setting, {})).items():
            voids.append(_void(scenario, site, payer, charge))
        for payer, given in scenario.contributions.get(scheme, scenario.contributions.get(setting, {})).items():
            contributions.append(_contribution(scenario, site, payer, given))
    return AllTerms(tuple(contracts), tuple(voids), tuple(contributions))


def _contract(scenario: Scenario, site: int, payer: str, price: Price) -> Terms:
    in_base = _into_price_base(scenario, price)
    ages = [0.0, *(age for age, _ in price.tapers_to)]
    tapered = [0.0, *(in_base(pounds) for _, pounds in price.tapers_to)]
    borne = 1 - sum(price.shared_with.values())
    return Terms(
        site,
        payer,
        contract_of(price),
        _pounds(scenario, price.per_person_per_week, in_base),
        _pounds(scenario, price.per_place_per_week, in_base),
        NOTHING if price.block_places is None else steps(price.block_places, scenario.start),
        np.array(ages),
        np.array(tapered),
        price.notice,
        ((payer, borne), *price.shared_with.items()),
    )


def _pounds(scenario: Scenario, timeline: Timeline[float] | None, in_base: Callable[[float], float]) -> Steps:
    return NOTHING if timeline is None else steps(timeline.map(in_base), scenario.start)


def _into_price_base(scenario: Scenario, price: Price) -> Callable[[float], float]:
    """Return how pounds of a price's own year become pounds of the scenario's price base."""
    if price.price_year is None or price.price_year == scenario.price_base:
        return lambda pounds: pounds
    factor = price_index(scenario.appraisal.deflator).factor(price.price_year, scenario.price_base)
    return lambda pounds: pounds * factor


def _void(scenario: Scenario, site: int, payer: str, charge: VoidCharge) -> VoidTerms:
    until = np.inf if charge.until is None else charge.until
    return VoidTerms(site, payer, steps(charge.per_place_per_week, scenario.start), charge.from_, until)


def _contribution(scenario: Scenario, site: int, payer: str, given: Contribution) -> ContributionTerms:
    return ContributionTerms(site, payer, given.to, steps(given.per_person_per_week, scenario.start))
