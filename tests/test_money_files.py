"""What a scenario says about money and cannot mean is refused, with the place and a remedy."""

from __future__ import annotations

from typing import Any

import pytest
from measures_tables import a_scenario

from stepdown.scenarios.check_money import check_money
from stepdown.scenarios.schema_money import Price, contract_of

pytestmark = pytest.mark.scenario_files

PAYERS = ["council", "nhs"]


def faults(**parts: Any) -> list[str]:
    return [problem.rule for problem in check_money(a_scenario(payers=PAYERS, **parts))]


def of_price(**price: Any) -> list[str]:
    return faults(prices={"house": {"council": price}})


@pytest.mark.parametrize(
    ("price", "rule"),
    [
        ({}, "a price needs `per_person_per_week` or `per_place_per_week`"),
        ({"contract": "spot", "per_place_per_week": 5}, "has no `per_person_per_week`"),
        ({"contract": "spot", "per_person_per_week": 5, "per_place_per_week": 5}, "pays for people, not for places"),
        ({"contract": "block", "per_person_per_week": 5}, "has no `per_place_per_week`"),
        ({"contract": "mixed", "per_place_per_week": 5, "per_person_per_week": 5}, "needs `block_places`"),
        ({"contract": "block", "per_place_per_week": 5, "block_places": 2}, "has no `block_places`"),
        ({"per_place_per_week": 5, "block_places": 2}, "needs `block_places`, and `per_person_per_week`"),
        ({"per_person_per_week": 5, "notice": "4 weeks"}, "ends on the day somebody leaves"),
        ({"contract": "tenancy", "per_person_per_week": 5, "tapers_to": {"1 month": 3}}, "does not taper"),
        ({"per_place_per_week": 5, "tapers_to": {"1 month": 3}}, "needs `per_person_per_week` to taper from"),
        ({"per_person_per_week": 5, "shared_with": {"council": "10%"}}, "cannot share with itself"),
        ({"per_person_per_week": 5, "shared_with": {"nhs": "60%", "x": "60%"}}, "more than 100%"),
        ({"per_person_per_week": 5, "price_year": "2010/11"}, "and it has none"),
    ],
)
def test_a_price_that_cannot_be_meant_is_refused(price: dict[str, Any], rule: str) -> None:
    assert any(rule in fault for fault in of_price(**price)), of_price(**price)


@pytest.mark.parametrize(
    ("price", "contract"),
    [
        ({"per_person_per_week": 5}, "spot"),
        ({"per_place_per_week": 5}, "block"),
        ({"per_place_per_week": 5, "per_person_per_week": 5}, "block"),
        ({"per_place_per_week": 5, "per_person_per_week": 5, "block_places": 2}, "mixed"),
        ({"contract": "unit_cost", "per_person_per_week": 5}, "unit_cost"),
    ],
)
def test_a_price_that_names_no_contract_has_the_one_that_it_describes(price: dict[str, Any], contract: str) -> None:
    assert contract_of(Price.model_validate(price)) == contract
    assert of_price(**price) == []


def test_a_year_before_the_first_of_the_deflator_is_refused() -> None:
    prices = {"house": {"council": {"per_person_per_week": 5, "price_year": "1995/96"}}}
    assert "begins in 2000/01" in faults(prices=prices, price_base="2026/27")[0]


@pytest.mark.parametrize(
    ("appraisal", "rule"),
    [({"discount": ["green-bok"]}, "no discount schedule"), ({"deflator": "cpi"}, "no price index")],
)
def test_a_published_table_that_there_is_not_is_refused(appraisal: dict[str, Any], rule: str) -> None:
    assert rule in faults(appraisal=appraisal)[0]


def test_what_would_be_paid_before_the_start_is_refused() -> None:
    capital = {"fit-out": {"council": {"2026-03-31": 5, "2026-04-01": 5, "2027-03-31": 5, "2027-04-01": 5}}}
    found = faults(one_off_costs={"capital": capital})
    assert [fault.split()[0] for fault in found] == ["2026-03-31"]


def test_a_void_charge_that_ends_before_it_begins_and_a_gift_to_oneself_are_refused() -> None:
    voids = {"house": {"council": {"per_place_per_week": 5, "from": "4 weeks", "until": "4 weeks"}}}
    assert faults(voids=voids) == ["the charge ends before it begins"]
    given = {"house": {"nhs": {"to": "nhs", "per_person_per_week": 5}}}
    assert faults(contributions=given) == ["nhs cannot contribute to itself"]
