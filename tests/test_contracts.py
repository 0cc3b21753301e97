"""Hand-computed ledgers of each form of contract, month by month; the window is 1 April to 9 July 2026 (100 days)."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from measures_tables import START, WINDOW, a_scenario, a_stay, random_tables, the_tables

from stepdown.outputs.money.bill import Bill, costs
from stepdown.outputs.money.places_paid import held_with_notice, levels, void_spells
from stepdown.simulation.tables import Window

pytestmark = pytest.mark.measures

PAYERS = ["council", "nhs", "landlord", "residents", "capital"]
# April has 30 days, May 31, June 30, and 9 are left of July.
TWO_LEAVE = [a_stay("house", -20, 40, "home", ready=40), a_stay("house", -20, 70, "home", ready=70, person=1)]


def a_bill(stays: Any = (), places: Any = (("carry-on", "house", 0.0, 2.0),), **scenario: Any) -> Bill:
    return costs(the_tables(stays, places=places), a_scenario(payers=PAYERS, **scenario), WINDOW)


def ledger(bill: Bill) -> dict[tuple[str, str, str], Any]:
    """Pounds by payer, kind and item: April, May, June, July."""
    return {(line.payer, line.kind, line.item): pytest.approx(line.pounds[0].tolist()) for line in bill.lines}


def house(**price: Any) -> dict[str, Any]:
    return {"house": {"council": price}}


def test_a_spot_contract_ends_on_the_day_somebody_leaves() -> None:
    bill = a_bill(TWO_LEAVE, prices=house(contract="spot", per_person_per_week=70))
    assert ledger(bill) == {("council", "care", "house"): [600, (10 + 31) * 10, 9 * 10, 0]}


def test_a_tenancy_is_paid_until_its_notice_is_over() -> None:
    bill = a_bill(TWO_LEAVE, prices=house(contract="tenancy", per_person_per_week=70, notice="4 weeks"))
    # The first leaves on 11 May: notice to 7 June. The second on 10 June: notice to 7 July.
    assert ledger(bill) == {
        ("council", "care", "house"): [600, 410, 90, 0],
        ("council", "notice", "house"): [0, 21 * 10, (7 + 21) * 10, 7 * 10],
    }


def test_notice_that_reaches_beyond_the_window_is_paid_within_it_alone() -> None:
    bill = a_bill(TWO_LEAVE, prices=house(contract="tenancy", per_person_per_week=7, notice="52 weeks"))
    assert sum(ledger_total(bill, "notice")) == pytest.approx(60 + 30)


def ledger_total(bill: Bill, kind: str) -> list[float]:
    return [float(line.pounds.sum()) for line in bill.lines if line.kind == kind]


def test_a_block_is_paid_filled_or_not_and_saves_nothing_until_it_is_given_up() -> None:
    bill = a_bill(TWO_LEAVE, prices=house(contract="block", per_place_per_week=70))
    assert ledger(bill) == {("council", "place", "house"): [600, 620, 600, 180]}


def test_places_of_a_block_that_are_given_up_are_paid_until_people_leave_and_notice_is_over() -> None:
    given_up = (("carry-on", "house", 0.0, 2.0), ("carry-on", "house", 10.0, 0.0))
    bill = a_bill(TWO_LEAVE, given_up, prices=house(per_place_per_week=70, notice="2 weeks"))
    # No place goes before its resident does: on days 40 and 70. Notice runs until days 54 and 84.
    assert ledger(bill) == {
        ("council", "place", "house"): [600, 410, 90, 0],
        ("council", "notice", "house"): [0, 14 * 10, 14 * 10, 0],
    }


def test_notice_of_a_place_that_is_taken_up_again_is_not_paid_twice() -> None:
    again = (("carry-on", "house", 0.0, 2.0), ("carry-on", "house", 10.0, 1.0), ("carry-on", "house", 20.0, 2.0))
    bill = a_bill((a_stay("ward", 0),), again, prices=house(per_place_per_week=70, notice="4 weeks"))
    # 20 days at 2, 10 of them under notice for the second place.
    assert ledger(bill) == {
        ("council", "place", "house"): [10 * 20 + 10 * 10 + 10 * 20, 620, 600, 180],
        ("council", "notice", "house"): [10 * 10, 0, 0, 0],
    }


def test_support_may_be_paid_for_people_on_top_of_a_block() -> None:
    bill = a_bill(TWO_LEAVE, prices=house(per_place_per_week=7, per_person_per_week=70))
    assert ledger(bill) == {
        ("council", "place", "house"): [60, 62, 60, 18],
        ("council", "care", "house"): [600, 410, 90, 0],
    }


def test_a_mixed_contract_pays_its_block_and_each_person_beyond_it_at_every_moment() -> None:
    mixed = house(contract="mixed", per_place_per_week=70, block_places=1, per_person_per_week=140)
    bill = a_bill(TWO_LEAVE, prices=mixed)
    # Two people until day 40, then one, from day 70 nobody: one is always beyond the block until day 40.
    assert ledger(bill) == {
        ("council", "place", "house"): [300, 310, 300, 90],
        ("council", "care", "house"): [600, 200, 0, 0],
    }


def test_a_block_that_shrinks_within_a_mixed_contract_has_notice_too() -> None:
    shrinking = {"2026-04-01": 2, "2026-04-11": 0}
    mixed = house(per_place_per_week=70, block_places=shrinking, per_person_per_week=140, notice="2 weeks")
    bill = a_bill(TWO_LEAVE, prices=mixed)
    # The block is two until day 10 and held until day 24; then both people are beyond it.
    assert ledger(bill) == {
        ("council", "place", "house"): [200, 0, 0, 0],
        ("council", "notice", "house"): [14 * 20, 0, 0, 0],
        ("council", "care", "house"): [6 * 40, 10 * 40 + 21 * 20, 9 * 20, 0],
    }


def test_an_average_cost_that_nobody_invoices_is_a_kind_of_its_own() -> None:
    bill = a_bill(TWO_LEAVE, prices=house(contract="unit_cost", per_person_per_week=70))
    assert ledger(bill) == {("council", "unit cost", "house"): [600, 410, 90, 0]}


def test_shares_of_a_price_fall_on_those_who_bear_them() -> None:
    shared = house(per_person_per_week=70, shared_with={"nhs": "30%", "residents": "10%"})
    bill = a_bill(TWO_LEAVE, prices=shared)
    assert ledger(bill) == {
        ("council", "care", "house"): [360, 246, 54, 0],
        ("nhs", "care", "house"): [180, 123, 27, 0],
        ("residents", "care", "house"): [60, 41, 9, 0],
    }


def test_an_empty_place_is_paid_by_one_and_after_some_weeks_by_another() -> None:
    charges = {
        "house": {
            "landlord": {"per_place_per_week": 70, "until": "4 weeks"},
            "council": {"per_place_per_week": 70, "from": "4 weeks"},
        }
    }
    back = a_stay("house", 75, person=2)
    bill = a_bill([*TWO_LEAVE, back], voids=charges)
    # Empty from day 40 to 75 (filled first, because it has been empty the longest), and from day 70 on.
    assert ledger(bill) == {
        ("landlord", "void", "house"): [0, 21 * 10, (7 + 21) * 10, 7 * 10],
        ("council", "void", "house"): [0, 0, 7 * 10, 2 * 10],
    }


def test_places_that_are_empty_at_the_start_count_from_the_start() -> None:
    charges = {"house": {"council": {"per_place_per_week": 7, "from": "4 weeks"}}}
    assert ledger(a_bill([a_stay("ward", 0)], voids=charges)) == {("council", "void", "house"): [4, 62, 60, 18]}


def test_a_contribution_costs_one_what_it_gives_the_other() -> None:
    given_ = {"house": {"residents": {"to": "council", "per_person_per_week": 70}}}
    bill = a_bill(TWO_LEAVE, contributions=given_)
    paid = [600, 410, 90, 0]
    assert ledger(bill) == {
        ("residents", "contribution", "house"): paid,
        ("council", "contribution", "house"): [-pounds for pounds in paid],
    }


def test_running_costs_are_spread_over_the_days_of_their_financial_year() -> None:
    bill = a_bill(TWO_LEAVE, running_costs={"office": {"council": {"2026-04-01": 3650, "2026-06-01": 7300}}})
    assert ledger(bill) == {("council", "running", "office"): [300, 310, 600, 180]}


def test_a_running_cost_of_a_leap_year_comes_to_its_yearly_amount() -> None:
    tables = the_tables([a_stay("ward", 0)], places=())
    scenario = a_scenario(payers=PAYERS, years=3, running_costs={"office": {"council": 52_000}})
    years = costs(tables, scenario, Window(START, 3 * 365.0 + 1)).by_financial_year()
    assert years["pounds"].tolist() == pytest.approx([52_000] * 3)


def test_set_up_and_capital_are_paid_on_their_dates() -> None:
    once = {
        "set_up": {"recruitment": {"council": {"2026-04-15": 1_000, "2026-05-31": 500}}},
        # The window ends before the second.
        "capital": {"fit-out": {"capital": {"2026-06-01": 20_000, "2026-12-01": 90_000}}},
    }
    bill = a_bill(TWO_LEAVE, one_off_costs=once)
    assert ledger(bill) == {
        ("council", "set-up", "recruitment"): [1_000, 500, 0, 0],
        ("capital", "capital", "fit-out"): [0, 0, 20_000, 0],
    }


def test_a_price_of_another_year_is_turned_into_the_price_base() -> None:
    prices = house(per_person_per_week=70, price_year="2008/09")
    bill = a_bill(TWO_LEAVE, prices=prices, price_base="2026/27")
    # HM Treasury, March 2026: the deflator is 66.8397 in 2008/09 and 105.3095 in 2026/27.
    factor = 105.3095 / 66.8397
    assert ledger(bill) == {("council", "care", "house"): [factor * pounds for pounds in (600, 410, 90, 0)]}


ALL_FORMS = {
    "prices": {
        "ward": {"nhs": {"contract": "unit_cost", "per_person_per_week": 3000}},
        "house": {
            "council": {"per_place_per_week": 700, "notice": "3 weeks", "shared_with": {"nhs": "20%"}},
            "nhs": {"contract": "tenancy", "per_person_per_week": 10, "notice": "2 weeks"},
            "landlord": {"per_place_per_week": 70, "block_places": 1, "per_person_per_week": 90, "notice": "5 days"},
        },
    },
    "voids": {"house": {"landlord": {"per_place_per_week": 70, "until": "4 weeks"}}},
    "contributions": {"house": {"residents": {"to": "council", "per_person_per_week": 80}}},
    "running_costs": {"office": {"council": 9_000}},
    "one_off_costs": {"capital": {"fit-out": {"capital": {"2026-06-01": 20_000}}}, "moves": {"home": {"council": 500}}},
}


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000))
def test_every_pound_has_a_payer_and_transfers_cancel(seed: int) -> None:
    bill = costs(random_tables(seed), a_scenario(payers=PAYERS, **ALL_FORMS), WINDOW)
    total = bill.total()["pounds"].to_numpy()
    payers, pounds = bill.of_payers()
    assert set(payers) <= set(PAYERS)
    assert sum(pounds).sum(axis=1) == pytest.approx(total)
    without = {name: part for name, part in ALL_FORMS.items() if name != "contributions"}
    plain = costs(random_tables(seed), a_scenario(payers=PAYERS, **without), WINDOW)
    assert plain.total()["pounds"].to_numpy() == pytest.approx(total)


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(st.floats(0.5, 30), st.integers(0, 5)), min_size=1, max_size=12), st.floats(0, 40))
def test_what_is_held_under_notice_is_the_greatest_level_of_that_time(
    steps: list[tuple[float, int]], notice: float
) -> None:
    length, level = (np.array(column, dtype=float) for column in zip(*steps, strict=True))
    edges = np.array([0.0, length.sum()])
    cell = np.zeros(len(length), dtype=np.int64)
    begins = np.concatenate([[0.0], np.cumsum(length)[:-1]])
    moments = np.unique(np.concatenate([begins, begins + notice, edges]))
    moments = moments[moments <= edges[1]]
    expected = 0.0
    for start, end in itertools.pairwise(moments):
        middle = (start + end) / 2
        held = [
            one
            for one, begin, days in zip(level, begins, length, strict=True)
            if begin <= middle < begin + days + notice
        ]
        expected += max(held) * (end - start)
    assert held_with_notice(cell, length, level, notice, 1, edges)[0, 0] == pytest.approx(expected, rel=1e-9, abs=1e-9)


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(st.floats(0, 90), st.floats(0, 60)), max_size=15), st.integers(1, 4))
def test_void_spells_add_up_to_the_places_that_are_empty(stays: list[tuple[float, float]], places: int) -> None:
    edges = np.array([0.0, 30.0, 100.0])
    start = np.array([begin for begin, _ in stays])
    end = np.minimum(start + np.array([days for _, days in stays]), 100.0)
    pieces = levels(np.zeros(len(start), dtype=np.int64), start, end, 1, edges)
    empty = np.maximum(places - pieces.level, 0.0)
    spells = void_spells(pieces.cell, pieces.length, empty, 0.0)
    assert (spells.end >= spells.start).all()
    assert (spells.end - spells.start).sum() == pytest.approx((empty * pieces.length).sum())
    assert (np.diff(spells.start) >= 0).all()
    assert (np.diff(spells.end) >= 0).all()
