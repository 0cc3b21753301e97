"""Discounting, payback, uplift and labels, against published factors and flows made by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from measures_tables import START, a_scenario

from stepdown.outputs.measures.periods import parts_of_financial_years
from stepdown.outputs.money.appraisal import Worth, worth_of
from stepdown.outputs.money.budget import budget_view, uplift_factors
from stepdown.outputs.money.flows import FlowLine, Flows, savings_of
from stepdown.outputs.money.perspectives import perspective, perspectives, sectors_of
from stepdown.scenarios.errors import ChoiceError, NotComparableError
from stepdown.scenarios.published_rates import discount_schedule, price_index
from stepdown.simulation.tables import Window

pytestmark = pytest.mark.measures

GREEN_BOOK = discount_schedule("green-book")
YEARS = ("2026/27", "2027/28", "2028/29", "2029/30")
FULL_YEARS = np.ones(4)
PAYERS = {
    "asc": {"sector": "council"},
    "rents": {"sector": "central_government", "council_bears": "20%"},
    "health": {"sector": "nhs"},
    "people": {"sector": "residents"},
}


def a_study(**appraisal: Any) -> Any:
    return a_scenario(payers=PAYERS, price_base="2026/27", years=4, appraisal=appraisal)


def some_flows(option: str, runs: int = 2, **pounds: list[float]) -> Flows:
    """The same pounds in every run, by line written payer__kind."""
    lines = [FlowLine(*name.split("__"), "house", "house") for name in pounds]
    kinds = tuple(line._replace(kind=line.kind.replace("_", " " if "unit" in line.kind else "-")) for line in lines)
    values = np.array(list(pounds.values()), dtype=float)
    return Flows(option, np.arange(runs), kinds, YEARS, np.repeat(values[np.newaxis], runs, axis=0))


def test_green_book_factors_are_those_published() -> None:
    factors = GREEN_BOOK.factors(80)
    assert factors[0] == 1
    assert round(factors[1], 4) == 0.9662
    assert round(sum(factors[:5]), 6) == 4.673079
    assert round(sum(factors[1:6]), 6) == 4.515052
    assert factors[30] == pytest.approx(1.035**-30)
    assert factors[31] / factors[30] == pytest.approx(1 / 1.03)
    assert factors[76] / factors[75] == pytest.approx(1 / 1.025)


def test_the_reviews_rate_and_a_rate_of_ones_own_are_schedules_too() -> None:
    assert discount_schedule("green-book-review-2026").factors(3) == pytest.approx((1, 1 / 1.03, 1 / 1.03**2))
    assert discount_schedule("4%").factors(2) == pytest.approx((1, 1 / 1.04))
    with pytest.raises(ChoiceError, match=r"Did you mean 'green-book'\?"):
        discount_schedule("green-bok")


def test_the_deflator_turns_prices_of_one_year_into_those_of_another() -> None:
    index = price_index("gdp-deflator-2026-03")
    assert index.factor("2008/09", "2024/25") == pytest.approx(100 / 66.8397)
    assert index.factor("2026/27", "2026/27") == 1
    beyond = 113.6416 * (113.6416 / 111.3959) ** 2
    assert index.at("2032/33") == pytest.approx(beyond)
    assert index.extended("2032/33")
    assert not index.extended("2030/31")
    with pytest.raises(ChoiceError, match="begins in 2000/01"):
        index.at("1999/00")


def test_present_value_equivalent_and_payback_of_flows_made_by_hand() -> None:
    saving = np.array([[-100.0, 60.0, 60.0, 60.0]])
    worth = Worth(YEARS, saving, np.array(GREEN_BOOK.factors(4)), FULL_YEARS)
    expected = -100 + 60 / 1.035 + 60 / 1.035**2 + 60 / 1.035**3
    assert worth.present_value[0] == pytest.approx(expected)
    assert worth.equivalent_annual[0] == pytest.approx(expected / sum(GREEN_BOOK.factors(4)))
    # After two years 40 are still owed, and 60 come in the third.
    assert worth.payback_years == pytest.approx(1 + 1 + 40 / 60)


def test_payback_is_at_once_where_nothing_is_spent_and_never_where_it_does_not_come() -> None:
    factors = np.array(GREEN_BOOK.factors(4))
    assert Worth(YEARS, np.full((1, 4), 10.0), factors, FULL_YEARS).payback_years == 0
    assert Worth(YEARS, np.array([[-100.0, 10, 10, 10]]), factors, FULL_YEARS).payback_years is None
    again = Worth(YEARS, np.array([[-10.0, 20, -30, 40]]), factors, FULL_YEARS)
    assert again.payback_years == pytest.approx(3 + 20 / 40)


def test_a_part_year_is_shorter() -> None:
    parts = parts_of_financial_years(Window(START, 365 + 90.0))
    assert parts == pytest.approx([1, 90 / 366])  # February 2028 has 29 days


def test_what_the_council_bears_of_anothers_payment_is_the_councils_and_everything_adds_up() -> None:
    saving = some_flows("x", asc__care=[10, 0, 0, 0], rents__care=[100, 0, 0, 0], people__contribution=[5, 0, 0, 0])
    whose = {one.name: one.of(saving)[0, 0] for one in perspectives(a_study())}
    assert whose == {"council": 10 + 20, "public sector": 10 + 100, "residents": 5, "everybody": 115}


def test_the_sector_of_one_of_several_payers_must_be_said_and_a_single_one_is_the_council() -> None:
    assert sectors_of(a_scenario(payers=["asc"])) == {"asc": "council"}
    with pytest.raises(ChoiceError, match="whose money asc, nhs pays is not said"):
        sectors_of(a_scenario(payers=["asc", "nhs"]))


def test_savings_are_paired_and_need_the_same_years_and_runs() -> None:
    carry_on, option = some_flows("carry-on", 3, asc__care=[5] * 4), some_flows("x", 2, asc__place=[3] * 4)
    saving = savings_of(carry_on, option)
    assert saving.total().tolist() == [[2] * 4] * 2
    assert [line.kind for line in saving.lines] == ["care", "place"]
    with pytest.raises(NotComparableError, match="no runs in common"):
        savings_of(carry_on, option._replace(replications=np.array([7, 8])))
    with pytest.raises(NotComparableError, match="same years"):
        savings_of(carry_on, option._replace(years=YEARS[:3]))


def test_optimism_bias_raises_what_is_paid_once_and_lowers_and_delays_what_is_saved() -> None:
    bias = {"capital": "50%", "set_up": "10%", "savings": "20%", "delay": "6 months"}
    study = a_study(optimism_bias=bias, delivery_confidence="50%")
    saving = some_flows("x", asc__care=[100] * 4, asc__capital=[-200, 0, 0, 0], asc__set_up=[-10, 0, 0, 0])
    council = perspective(study, "council")
    planned, expected = (
        worth_of(saving, council, study, GREEN_BOOK, FULL_YEARS, adjusted) for adjusted in (False, True)
    )
    assert planned.saving[0].tolist() == [-110, 100, 100, 100]
    assert expected.saving[0] == pytest.approx([-300 - 11 + 20, 40, 40, 40])


def test_what_costs_more_from_year_to_year_costs_no_less_for_hope() -> None:
    study = a_study(optimism_bias={"savings": "20%", "delay": "2 years"}, delivery_confidence="50%")
    worse = some_flows("x", asc__care=[-100, -100, 50, 50])
    worth = worth_of(worse, perspective(study, "council"), study, GREEN_BOOK, FULL_YEARS, True)
    assert worth.saving[0] == pytest.approx([-100, -100, 0, 0])


def test_cashable_is_what_falls_below_todays_budget_and_the_rest_is_growth_avoided() -> None:
    study = a_study(uplift="0%")
    carry_on = some_flows("carry-on", asc__care=[100, 120, 140, 160])
    option = some_flows("x", asc__care=[100, 90, 130, 165])
    view = budget_view(carry_on, savings_of(carry_on, option), perspective(study, "council"), study, FULL_YEARS)
    assert view.cashable.tolist() == [0, 10, 0, -5]
    assert view.avoided.tolist() == [0, 20, 10, 0]
    assert view.recurrent.tolist() == [0, 30, 10, -5]
    assert view.full_year_effect == ("2029/30", -5)
    assert view.cumulative.tolist() == [0, 30, 40, 35]


def test_unit_costs_free_capacity_and_no_cash_and_what_is_paid_once_is_one_off() -> None:
    study = a_study(uplift="0%")
    carry_on = some_flows("carry-on", health__unit_cost=[50] * 4)
    option = some_flows("x", health__unit_cost=[20] * 4, asc__capital=[70, 0, 0, 0])
    view = budget_view(carry_on, savings_of(carry_on, option), perspective(study, "public sector"), study, FULL_YEARS)
    assert view.non_cashable.tolist() == [30] * 4
    assert view.one_off.tolist() == [-70, 0, 0, 0]
    assert not view.cashable.any()
    assert not view.avoided.any()


def test_cash_grows_with_the_deflator_or_as_the_scenario_says() -> None:
    index = price_index("gdp-deflator-2026-03")
    expected = [index.factor("2026/27", year) for year in YEARS]
    assert uplift_factors(a_study(), "asc", YEARS) == pytest.approx(expected)
    said = a_study(uplift={"2027/28": "10%", "otherwise": "1%"}, uplift_by_payer={"health": "5%"})
    assert uplift_factors(said, "asc", YEARS) == pytest.approx([1, 1.1, 1.1 * 1.01, 1.1 * 1.01**2])
    assert uplift_factors(said, "health", YEARS) == pytest.approx([1, 1.05, 1.05**2, 1.05**3])
    assert uplift_factors(said, "health", ("2025/26",)) == pytest.approx([1 / 1.05])


def test_nothing_is_said_in_cash_without_a_price_base() -> None:
    with pytest.raises(ChoiceError, match="Add, for example, 'price_base: 2026/27'"):
        uplift_factors(a_scenario(payers=["asc"]), "asc", YEARS)
