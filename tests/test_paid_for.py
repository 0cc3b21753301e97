"""What is paid for at each price, times the prices, is the bill: for every form of contract, whatever happened."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from measures_tables import WINDOW, a_scenario, a_stay, a_step, random_tables, the_tables

from stepdown.outputs.measures.activity import activity_of
from stepdown.outputs.measures.history import read_history
from stepdown.outputs.money.bill import bill
from stepdown.outputs.money.paid_for import paid_for
from stepdown.outputs.money.price_points import price_points
from stepdown.scenarios.published_rates import price_index

pytestmark = pytest.mark.measures

FORMS: dict[str, Any] = {
    "payers": ["council", "nhs", "landlord", "residents", "capital"],
    "price_base": "2026/27",
    "steps": {"works": {"grant": {"per_year": 10_000, "amount": 5_000, "payer": "capital"}}},
    "prices": {
        "ward": {"nhs": {"contract": "unit_cost", "per_person_per_week": 3000, "price_year": "2023/24"}},
        "house": {
            "council": {
                "per_place_per_week": {"2026-04-01": 700, "2026-05-05": 800},
                "notice": "3 weeks",
                "shared_with": {"nhs": "20%"},
            },
            "nhs": {"contract": "tenancy", "per_person_per_week": 10, "notice": "2 weeks"},
            "landlord": {"per_place_per_week": 70, "block_places": 1, "per_person_per_week": 90, "notice": "5 days"},
        },
        "home": {
            "council": {"per_person_per_week": {"from the start": 50, "2026-05-20": 55}, "tapers_to": {"10 days": 7}}
        },
    },
    "voids": {"house": {"landlord": {"per_place_per_week": {"2026-04-01": 70, "2026-06-01": 80}, "until": "4 weeks"}}},
    "contributions": {"house": {"residents": {"to": "council", "per_person_per_week": 80}}},
    "running_costs": {"office": {"council": {"2026-04-01": 9_000, "2026-05-01": 8_000}}},
    "one_off_costs": {
        "moves": {"home": {"council": {"2026-04-01": 500, "2026-05-01": 600}}},
        "set_up": {"team": {"council": {"2026-04-15": 1_000, "2026-05-31": 500}}},
        "capital": {"fit-out": {"capital": {"2026-06-01": 20_000}}},
    },
}


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000))
def test_amounts_times_prices_times_shares_are_the_bill(seed: int) -> None:
    tables, scenario = random_tables(seed), a_scenario(**FORMS)
    activity = activity_of(read_history(tables, scenario, WINDOW))
    index = price_index(scenario.appraisal.deflator)
    made: Any = defaultdict(lambda: np.zeros((activity.runs.number, 1)))
    for one in paid_for(activity, scenario):
        point = one.point
        based = point.pounds * (index.factor(point.price_year, "2026/27") if point.price_year else 1)
        for payer, share in point.shares.items():
            made[payer, one.kind, one.setting, one.item] += one.amounts * based * share
    expected: Any = defaultdict(lambda: np.zeros((activity.runs.number, 1)))
    whole = bill(activity, scenario)
    for line, pounds in zip(whole.lines, whole.of_financial_years()[1], strict=True):
        expected[line.payer, line.kind, line.setting or "", line.item] += pounds
    for line, pounds in expected.items():
        assert made[line] == pytest.approx(pounds, rel=1e-9, abs=1e-6), line
    assert made.keys() <= expected.keys()


def test_amounts_are_weeks_moves_and_payments_in_the_unit_of_their_price() -> None:
    stays = [a_stay("house", 0, 14, "home", ready=14), a_stay("home", 14)]
    steps = [a_step("works", 5, 6, 6, amount=4_000)]
    scenario = a_scenario(**FORMS)
    activity = activity_of(read_history(the_tables(stays, steps), scenario, WINDOW))
    found = {(one.point.path, one.kind): float(one.amounts.sum()) for one in paid_for(activity, scenario)}
    tenancy = ("prices", "house", "nhs", "per_person_per_week")
    assert found[tenancy, "care"] == pytest.approx(2)
    assert found[tenancy, "notice"] == pytest.approx(2)
    assert found[("prices", "house", "council", "per_place_per_week", "2026-04-01"), "place"] == pytest.approx(
        2 * 34 / 7
    )
    assert found[("prices", "home", "council", "tapers_to", "10 days"), "care"] == pytest.approx(76 / 7)
    assert found[("contributions", "house", "residents", "per_person_per_week"), "contribution"] == pytest.approx(2)
    assert found[("running_costs", "office", "council", "2026-04-01"), "running"] == pytest.approx(30 / 365)
    assert found[("one_off_costs", "moves", "home", "council", "2026-04-01"), "move"] == 1
    assert found[("one_off_costs", "set_up", "team", "council", "2026-05-31"), "set-up"] == 1
    assert found[("steps", "works", "grant", "amount"), "grant"] == 4_000


def test_every_price_of_a_scenario_is_a_point_of_its_own() -> None:
    points = list(price_points(a_scenario(**FORMS)))
    assert len({point.path for point in points}) == len(points)
    assert sorted(point.pounds for point in points) == sorted(
        [3000, 700, 800, 10, 70, 90, 50, 55, 7, 70, 80, 80, 9000, 8000, 500, 600, 1000, 500, 20_000, 1]
    )
