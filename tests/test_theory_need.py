"""Demand for a limited number of places is the number in the system of a queue, year by year."""

from __future__ import annotations

import pytest
from theory_tools import Chain, exponential, listed, queue, ready, waiting, waiting_and_housed

from stepdown.outputs.experiment import window_of
from stepdown.outputs.measures.history import read_history
from stepdown.outputs.measures.housing_need import housing_need
from stepdown.scenarios.schema import Scenario
from stepdown.simulation.compiled.engine import simulate_batch

pytestmark = pytest.mark.theory

STAY, PLACES, FLATS = 30.0, 3, 1
YEARS = ((0, 365), (365, 731))
"""From 1 April 2026: two financial years, of which the second has a leap day."""


@pytest.mark.parametrize("stops", [None, 60.0])
def test_demand_in_each_financial_year_is_the_number_in_the_system(judge, stops):
    arrive, patience = 0.95 * PLACES / STAY, 0.0 if stops is None else 1 / stops
    joining = {} if stops is None else {"joining": {"gives_up": {"after": exponential(stops), "to": "left"}}}
    opening = {"community": listed(4), "flats": PLACES}
    scenario = queue(731, {"places": PLACES}, arrive, exponential(STAY), caseload=opening, **joining)
    network = ready(scenario)
    tables = simulate_batch(network, "theory", 20270331, range(3000))
    need = housing_need(read_history(tables, Scenario.model_validate(scenario), window_of(network)))

    chain = Chain([(4, PLACES)], waiting_and_housed(PLACES, arrive, 1 / STAY, patience))
    law = chain.law((4, PLACES))
    for year, (since, until) in enumerate(YEARS):
        exact = [
            (chain.total(law, until, value) - (chain.total(law, since, value) if since else 0)) / (until - since)
            for value in (sum, waiting)
        ]
        name = f"M/M/3{'' if stops is None else '+M'} at 95%, year {year + 1}"
        judge(f"{name}: demand", need.demand[:, FLATS, 0, year], exact[0], 0.025)
        judge(f"{name}: waiting elsewhere", need.waiting[:, FLATS, 0, year], exact[1], 0.05)
        at_end = chain.expected(chain.after(law, until), waiting)
        judge(f"{name}: waiting at the end", need.waiting_at_end[:, FLATS, 0, year], at_end, 0.06)
        judge.refutes(f"{name}: places for demand", need.demand[:, FLATS, 0, year], float(PLACES))
    assert need.places[:, FLATS, 0].tolist() == [[PLACES] * 2] * 3000
