"""Costs on tables made by hand."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from measures_tables import START, WINDOW, a_scenario, a_stay, a_step, random_tables, the_tables

from stepdown.outputs.money.bill import costs
from stepdown.simulation.tables import Window

pytestmark = pytest.mark.measures

PAYERS = ["council", "health", "capital"]


def paid(tables, window=WINDOW, **scenario):
    """Pounds by payer, kind and item, over the whole window."""
    table = costs(tables, a_scenario(payers=PAYERS, **scenario), window).by_month()
    sums = table.groupby(["payer", "kind", "item"], observed=True)["pounds"].sum()
    return {key: pytest.approx(pounds) for key, pounds in sums.items()}


def test_a_person_costs_their_weeks():
    stays = [a_stay("house", -50, 14, "home", ready=14), a_stay("house", 93, person=1)]
    assert paid(the_tables(stays), prices={"house": {"council": {"per_person_per_week": 70}}}) == {
        ("council", "care", "house"): 70 * (2 + 1)
    }


def test_a_price_changes_on_its_day():
    prices = {"house": {"council": {"per_person_per_week": {"2026-04-01": 70, "2026-04-11": 140}}}}
    assert paid(the_tables([a_stay("house", 5, 15.5, "home", ready=14)]), prices=prices) == {
        ("council", "care", "house"): 5 * 10 + 5.5 * 20
    }


def test_support_tapers_with_the_time_stayed():
    prices = {"house": {"council": {"per_person_per_week": 70, "tapers_to": {"20 days": 35, "40 days": 0}}}}
    stays = [
        a_stay("house", 0, 30, "home", ready=14),
        a_stay("house", -30, 60, "home", ready=14, person=1),
        a_stay("house", 50, person=2),
    ]
    expected = (20 * 10 + 10 * 5) + 10 * 5 + (20 * 10 + 20 * 5)
    assert paid(the_tables(stays), prices=prices) == {("council", "care", "house"): expected}


def test_support_may_have_only_a_tapered_price():
    prices = {"house": {"council": {"tapers_to": {"90 days": 70}}}}
    assert paid(the_tables([a_stay("house", 0)]), prices=prices) == {("council", "care", "house"): 100}


def test_a_block_contract_is_paid_whether_filled_or_not_and_for_people_above_it():
    prices = {"house": {"council": {"per_place_per_week": 7}}}
    assert paid(the_tables([a_stay("ward", 0)]), prices=prices) == {("council", "place", "house"): 200}
    full = [a_stay("house", 0, person=one) for one in range(2)]
    assert paid(the_tables(full), prices=prices) == {("council", "place", "house"): 200}
    over = [*full, a_stay("house", 0, 30, "home", ready=30, person=3)]
    assert paid(the_tables(over), prices=prices) == {("council", "place", "house"): 230}


def test_a_block_contract_follows_places_and_prices_to_the_day():
    prices = {"house": {"council": {"per_place_per_week": {"2026-04-01": 7, "2026-04-21": 14}}}}
    places = [("carry-on", "house", 10.0, 1.0), ("carry-on", "house", 50.0, 3.0)]
    assert paid(the_tables([a_stay("ward", 0)], places=places), prices=prices) == {
        ("council", "place", "house"): 10 * 1 + 30 * 1 * 2 + 50 * 3 * 2
    }


def test_a_block_contract_of_unlimited_places_is_paid_by_person():
    prices = {"ward": {"council": {"per_place_per_week": 7}}}
    places = [("carry-on", "ward", 0.0, float("inf"))]
    assert paid(the_tables([a_stay("ward", 0)], places=places), prices=prices) == {("council", "place", "ward"): 100}


def test_a_schemes_own_prices_replace_its_settings():
    facts = {"house": {"schemes": {"oak": {"places": 1}, "elm": {"places": 2}}}, "home": {"places": "unlimited"}}
    prices = {
        "house": {"council": {"per_person_per_week": 7}, "health": {"per_person_per_week": 70}},
        "oak": {"council": {"per_person_per_week": 14}},
    }
    stays = [a_stay("house", 0, scheme="oak"), a_stay("house", 0, scheme="elm", person=1)]
    places = [("carry-on", "oak", 0.0, 1.0), ("carry-on", "elm", 0.0, 2.0)]
    assert paid(the_tables(stays, places=places), prices=prices, settings=facts) == {
        ("council", "care", "oak"): 200,
        ("council", "care", "elm"): 100,
        ("health", "care", "elm"): 1000,
    }


def test_a_move_costs_its_price_on_its_day_and_an_arrival_nothing():
    once = {"moves": {"home": {"council": {"2026-04-01": 500, "2026-04-11": 600}}}}
    stays = [
        a_stay("house", 0, 5, "home", ready=5),
        a_stay("home", 5),
        a_stay("house", 0, 10, "home", ready=5, person=1),
        a_stay("home", 20, person=2),
        a_stay("home", -20, person=3),
        a_stay("house", -20, -5, "home", ready=-5, person=4),
        a_stay("house", 0, to="home", ready=90, person=5),
        a_stay("house", 0, 8, "died", person=6, reason="died"),
    ]
    assert paid(the_tables(stays), one_off_costs=once) == {("council", "move", "home"): 1100}


def test_an_adaptation_is_paid_when_its_works_are_done():
    once = {"adaptations": {"minor": {"capital": 300}}}
    steps = [
        a_step("assess", 5, 5, 10, case=1, tier="minor"),
        a_step("build", 10, 10, 40, case=1, tier="minor"),
        a_step("assess", 5, 5, 10, case=2, tier="minor", outcome="rehoused"),
        a_step("assess", 5, 5, 10, case=3, tier="minor", outcome="abandoned"),
        a_step("assess", 5, case=4, tier="minor"),
        a_step("assess", 5, 5, 10, case=5, tier="complex"),
    ]
    bill = costs(the_tables(steps=steps), a_scenario(payers=PAYERS, one_off_costs=once), WINDOW)
    table = bill.by_month()
    assert table[table["pounds"] > 0][["item", "month", "pounds"]].to_numpy().tolist() == [["minor", "2026-05", 300]]


def test_a_grant_with_a_payer_is_paid_on_its_day():
    steps = {
        "works": {"grant": {"per_year": 10_000, "amount": 5_000, "payer": "capital"}},
        "loan": {"grant": {"per_year": 10_000, "amount": 5_000}},
    }
    rows = [
        a_step("works", 5, 6, 6, amount=4_000),
        a_step("works", 5, amount=3_000),
        a_step("works", 5, 6, 9, amount=1_000, outcome="abandoned"),
        a_step("loan", 5, 6, 6, amount=500),
    ]
    assert paid(the_tables(steps=rows), steps=steps) == {("capital", "grant", "works"): 4_000}


def test_months_and_financial_years_add_up_to_the_total():
    window = Window(START, 500.0)
    tables = the_tables([a_stay("house", 0)])
    prices = {"house": {"council": {"per_person_per_week": 70, "per_place_per_week": 7}}}
    bill = costs(tables, a_scenario(payers=PAYERS, prices=prices), window)
    years = bill.by_financial_year()
    assert years[years["kind"] == "care"]["pounds"].tolist() == pytest.approx([3650, 1350])
    assert bill.total()["pounds"].tolist() == pytest.approx([500 * 12])
    assert bill.by_month()["pounds"].sum() == pytest.approx(500 * 12)
    assert bill.payers_by_month()["pounds"].sum() == pytest.approx(500 * 12)


EVERYTHING = {
    "prices": {
        "ward": {"health": {"per_person_per_week": 3000}},
        "house": {
            "council": {"per_place_per_week": {"2026-04-01": 700, "2026-05-05": 800}},
            "health": {"per_person_per_week": 10, "tapers_to": {"10 days": 7}},
        },
    },
    "one_off_costs": {"moves": {"home": {"capital": 500}}},
    "payers": PAYERS,
}


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000))
def test_payers_add_up_to_the_total_of_every_run(seed):
    bill = costs(random_tables(seed), a_scenario(**EVERYTHING), WINDOW)
    by_payer = bill.payers_by_month().groupby("replication")["pounds"].sum()
    assert by_payer.to_numpy() == pytest.approx(bill.total()["pounds"].to_numpy())
    assert (bill.by_month()["pounds"] >= -1e-6).all()


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000))
def test_care_is_what_a_plain_loop_gives(seed):
    tables = random_tables(seed)
    expected = 0.0
    for stay in tables.stays[tables.stays["setting"] == "house"].itertuples():
        left = 100.0 if stay.left_day != stay.left_day else stay.left_day
        first = max(min(stay.entered_day + 10, left, 100) - max(stay.entered_day, 0), 0)
        rest = max(min(left, 100) - max(stay.entered_day + 10, 0), 0)
        expected += first * 10 / 7 + rest
    table = costs(tables, a_scenario(**EVERYTHING), WINDOW).by_month()
    care = table[(table["kind"] == "care") & (table["item"] == "house")]
    assert care["pounds"].sum() == pytest.approx(expected)


def test_a_scenario_without_prices_costs_nothing():
    bill = costs(the_tables([a_stay("house", 0)]), a_scenario(), WINDOW)
    assert bill.total()["pounds"].tolist() == [0]
    assert len(bill.by_month()) == len(bill.payers_by_month()) == 0


def test_empty_tables_have_an_empty_bill():
    bill = costs(the_tables(places=()), a_scenario(**EVERYTHING), WINDOW)
    assert len(bill.total()) == len(bill.by_financial_year()) == 0
