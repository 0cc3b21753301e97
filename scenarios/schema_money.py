"""What a scenario may say about money: who pays, under which contracts, what is paid once, and how it is appraised."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import BeforeValidator, Field, PlainValidator, WithJsonSchema

from stepdown.scenarios.fields import CountTimeline, Date, Days, Growth, MoneyTimeline, Part, Several, Share
from stepdown.scenarios.financial_years import parse_financial_year
from stepdown.scenarios.quantities import parse_date, parse_duration, parse_growth, parse_money

Sector: TypeAlias = Literal["council", "nhs", "central_government", "residents", "landlords"]
"""Whose money a payer's is."""

PUBLIC: tuple[Sector, ...] = ("council", "nhs", "central_government")
"""The sectors that together are the public purse."""

Contract: TypeAlias = Literal["spot", "tenancy", "block", "mixed", "unit_cost"]
"""How places are bought."""

DatedMoney: TypeAlias = tuple[tuple[dt.date, float], ...]
"""Amounts with the dates on which they are paid, in order."""


MONEY = (
    "payers",
    "price_base",
    "prices",
    "voids",
    "contributions",
    "running_costs",
    "one_off_costs",
    "appraisal",
)
"""The keys of a scenario that are about money alone: a finished run can be costed again with others."""


def _parse_payers(raw: Any) -> Any:
    """Read names alone as payers of whose sectors nothing is said."""
    return {name: {} for name in raw} if isinstance(raw, list | tuple) else raw


def _parse_tapers(raw: object) -> tuple[tuple[float, float], ...]:
    """Pounds a week from times stayed on, in order of time."""
    if not isinstance(raw, dict):
        raise ValueError("write prices from times stayed on, such as {6 months: 75, 2 years: 0}")
    return tuple(sorted((parse_duration(stayed), parse_money(price)) for stayed, price in raw.items()))


def _parse_dated_money(raw: object) -> DatedMoney:
    if not isinstance(raw, dict) or not raw:
        raise ValueError("write amounts by the dates on which they are paid, such as {2027-01-15: £120,000}")
    return tuple(sorted((parse_date(date), parse_money(pounds)) for date, pounds in raw.items()))


def _parse_uplift(raw: object) -> dict[str, float]:
    """Growth of prices in each financial year; the key '' is every year that is not named."""
    if not isinstance(raw, dict):
        return {"": parse_growth(raw)}
    return {"" if year == "otherwise" else parse_financial_year(year): parse_growth(rate) for year, rate in raw.items()}


_DATED_MONEY = {"type": "object", "additionalProperties": {"type": ["string", "number"]}}
DatedAmounts = Annotated[DatedMoney, PlainValidator(_parse_dated_money), WithJsonSchema(_DATED_MONEY)]
FinancialYear = Annotated[str, PlainValidator(parse_financial_year), WithJsonSchema({"type": "string"})]
Uplift = Annotated[
    dict[str, float], PlainValidator(_parse_uplift), WithJsonSchema({"anyOf": [{"type": "string"}, {"type": "object"}]})
]


class Payer(Part):
    """Somebody who pays."""

    sector: Sector | None = None
    """Whose money it is: council, nhs, central_government, residents or landlords. A single payer is the council if
    nothing is said; where there are several, an appraisal asks for the sector of each."""
    council_bears: Share = 0.0
    """The share of what it pays that falls on the council in the end, such as housing benefit above what the government
    refunds."""


Payers = Annotated[
    dict[str, Payer], BeforeValidator(_parse_payers, json_schema_input_type=list[str] | dict[str, Payer])
]
"""Payers by name; a list of names will do."""


class Price(Part):
    """What one payer pays for people and places, in pounds a week."""

    contract: Contract | None = None
    """How it is bought. `spot`: for people, as long as they live there. `tenancy`: for people, until the `notice` after
    they have left is over. `block`: for places, filled or not. `mixed`: for `block_places` filled or not, and for each
    person beyond them. `unit_cost`: an average cost that nobody sends a bill for, such as a hospital bed's. Without it:
    mixed where there are `block_places`, else block where there is a price for places, else spot."""
    per_person_per_week: MoneyTimeline | None = None
    """For each person who lives there (beside a block: on top of it; in a mixed contract: for each person beyond the
    block); one value, or values from dates."""
    tapers_to: Annotated[
        tuple[tuple[float, float], ...], PlainValidator(_parse_tapers), WithJsonSchema({"type": "object"})
    ] = ()
    """Pounds a person a week once somebody has stayed so long, such as {6 months: 75, 2 years: 0}."""
    per_place_per_week: MoneyTimeline | None = None
    """For each place, filled or not (block contract). Places that have been given up but are still lived in are paid
    for."""
    block_places: CountTimeline | None = None
    """How many places are in the block of a mixed contract; one number, or numbers from dates."""
    notice: Days = 0.0
    """How long a place is still paid for after it has been given up (block), or after its tenant has left (tenancy)."""
    price_year: FinancialYear | None = None
    """The year in whose prices it is, where that is not the scenario's `price_base`; the GDP deflator turns it over."""
    shared_with: dict[str, Share] = {}
    """Payers who bear a share of it, such as the NHS under section 117; this payer bears the rest."""


class VoidCharge(Part):
    """What an empty place costs somebody."""

    per_place_per_week: MoneyTimeline
    """For each empty place; one value, or values from dates."""
    from_: Days = Field(default=0.0, alias="from")
    """Only once the place has been empty for so long."""
    until: Days | None = None
    """Only until the place has been empty for so long."""


class Contribution(Part):
    """What somebody, such as a resident, pays towards another payer's cost: the one pays more, the other less."""

    to: str
    """The payer who receives it."""
    per_person_per_week: MoneyTimeline
    """For each person who lives there; one value, or values from dates."""


class OneOffCosts(Part):
    """What is paid once."""

    moves: dict[str, dict[str, MoneyTimeline]] = {}
    """For each move into a setting, by payer."""
    adaptations: dict[str, dict[str, MoneyTimeline]] = {}
    """For each adaptation of a tier that is carried out, by payer."""
    set_up: dict[str, dict[str, DatedAmounts]] = {}
    """What it takes to begin, such as recruitment or double running: by name and payer, amounts on dates."""
    capital: dict[str, dict[str, DatedAmounts]] = {}
    """Buildings and equipment: by name and payer, amounts on dates."""


class OptimismBias(Part):
    """How much plans of this kind have been too hopeful, taken off the appraisal."""

    capital: Growth = 0.0
    """How much more capital costs than planned."""
    set_up: Growth = 0.0
    """How much more it takes to begin than planned."""
    savings: Share = 0.0
    """How much of what is saved from year to year does not come."""
    delay: Days = 0.0
    """How much later it comes."""


class Appraisal(Part):
    """How money is appraised."""

    discount: Several[str] = ("green-book", "green-book-review-2026")
    """Names of discount schedules that come with stepdown, or rates of your own such as '4%'; results are shown for
    each, and the first one leads."""
    deflator: str = "gdp-deflator-2026-03"
    """Name of the price index that turns prices of one year into those of another."""
    uplift: Uplift = {}
    """Growth of cash prices: '3%' for every year, or by financial year, such as {2027/28: 4%, otherwise: 2%}. Without
    it, prices grow with the deflator."""
    uplift_by_payer: dict[str, Uplift] = {}
    """The same for what some payers pay, where it differs."""
    optimism_bias: OptimismBias = OptimismBias()
    """What is taken off for hope."""
    delivery_confidence: Share = 1.0
    """How much of the planned saving is expected to be delivered."""
    from_: Date | None = Field(default=None, alias="from")
    """The date whose financial year is year 0 of discounting; the scenario's start if not given."""


def contract_of(price: Price) -> Contract:
    """Return how something is bought, where nothing is said about it too."""
    if price.contract is not None:
        return price.contract
    if price.block_places is not None:
        return "mixed"
    return "block" if price.per_place_per_week is not None else "spot"
