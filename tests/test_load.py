"""The load check against closed forms, and against what an unlimited twin of the setting comes to hold."""

from __future__ import annotations

import math

import pytest
from theory_tools import YEAR, exponential, only_to, queue, run, scenario

from stepdown.outputs.measures.load import Load, load_check
from stepdown.scenarios.compile_network import compile_network
from stepdown.scenarios.schema import Scenario

pytestmark = pytest.mark.theory

CLOSE = 2e-3
"""Time in a place is averaged over 400 quantiles: that cuts a thousandth off the mean of an exponential."""

FIVE_YEARS = 1826
UNLIMITED = {"places": "unlimited"}


def loads(option: dict[str, object]) -> dict[str, Load]:
    return {load.name: load for load in load_check(compile_network(Scenario.model_validate(option)))}


def flats(per_day: float, stay: object, places: int = 9, **parts: object) -> Load:
    """Return the load of flats for which people wait in the community."""
    rules = parts.pop("rules", {})
    option = queue(FIVE_YEARS, {"places": places} | rules, per_day, stay, **parts)  # type: ignore[operator]
    return loads(option)["flats"]


def steps(kinds: dict[str, object], requires: list[object], per_day: float = 0.1) -> dict[str, Load]:
    """Return the loads where people must go through steps before they leave."""
    return loads(
        scenario(
            FIVE_YEARS,
            settings={"home": UNLIMITED},
            routes={"home": only_to("left", requires=requires)},
            steps=kinds,
            demand=[{"from": "home", "per_year": per_day * YEAR}],
        )
    )


@pytest.mark.parametrize(("per_day", "stay"), [(0.1, 80.0), (0.1, 90.0), (0.1, 95.0)])
def test_a_queue_with_places_needs_the_arrival_rate_times_the_mean_stay(per_day, stay):
    load = flats(per_day, exponential(stay))
    assert load.needs == pytest.approx(per_day * stay, rel=CLOSE)
    assert (load.unit, load.has) == ("places", 9)
    assert load.overloaded is (load.needs >= load.has)
    assert load.overloaded is (stay > 90)


def test_needs_that_equal_the_places_are_an_overload_and_the_sentence_says_so():
    exact = flats(0.1, "90 days")
    assert exact.needs == pytest.approx(9, rel=1e-12)
    assert Load("flats", "places", 9.0, 9.0).overloaded
    assert str(Load("flats", "places", 9.0, 9.0)) == "flats needs 9 places, has 9: this list cannot stabilise"
    assert str(Load("flats", "places", 8.96, 9.0)) == "flats needs 9.0 places, has 9"
    assert str(Load("grant", "pounds a year", 1234567.8, 2e6)) == "grant needs 1,234,568 pounds a year, has 2,000,000"


def test_nobody_needs_nothing_even_of_nothing():
    nobody = flats(0.0, exponential(90), places=0)
    assert (nobody.needs, nobody.has, nobody.overloaded) == (0, 0, False)


def test_deaths_shorten_stays_as_one_more_clock():
    dying = 500 / 1000 / YEAR
    load = flats(0.1, exponential(90), groups={"adults": {"deaths_per_1000_per_year": 500}})
    assert load.needs == pytest.approx(0.1 / (1 / 90 + dying), rel=CLOSE)


def test_an_enforced_maximum_cuts_stays_and_one_that_is_not_does_not():
    rules = {"maximum_stay": "60 days", "at_maximum": "move_on"}
    assert flats(0.1, exponential(90), rules=rules).needs == pytest.approx(9 * (1 - math.exp(-60 / 90)), rel=CLOSE)
    assert flats(0.1, exponential(90), rules=rules | {"at_maximum": "extend"}).needs == pytest.approx(9, rel=CLOSE)


def test_people_at_the_maximum_take_the_routes_that_are_meant_for_them():
    rules = {"maximum_stay": "60 days", "at_maximum": "move_on"}
    rules["at_maximum_routes"] = [{"to": "hostel", "share": "100%"}]
    option = queue(FIVE_YEARS, {"places": 9} | rules, 0.1, exponential(90))
    option["settings"]["hostel"] = {"places": 5}
    option["routes"]["hostel"] = only_to("left", "40 days")
    assert loads(option)["hostel"].needs == pytest.approx(0.1 * math.exp(-60 / 90) * 40, rel=CLOSE)


def test_people_who_come_back_are_counted_each_time():
    """With relapse p, a person comes 1 / (1 - p) times; in two settings in a circle, so often to both."""
    option = queue(FIVE_YEARS, {"places": 9}, 0.1, "30 days")
    back = {"to": "hospital", "share": "40%", "ready_after": "60 days"}
    option["settings"]["hospital"] = {"places": 9}
    option["routes"]["flats"] = [back, {"to": "left", "share": "60%", "ready_after": "30 days"}]
    option["routes"]["hospital"] = only_to("flats", "20 days")
    seen = loads(option)
    assert seen["flats"].needs == pytest.approx(0.1 / 0.6 * (0.4 * 60 + 0.6 * 30), rel=1e-9)
    assert seen["hospital"].needs == pytest.approx(0.1 / 0.6 * 0.4 * 20, rel=1e-9)


@pytest.mark.parametrize("interval", [30, 90, 365])
def test_reviews_hold_people_until_the_next_multiple_of_the_interval(interval):
    """The mean of ceil(T / I) I is I / (1 - exp(-I / m)) for an exponential need of mean m."""
    load = flats(0.1, exponential(90), rules={"review_every": f"{interval} days"})
    assert load.needs == pytest.approx(0.1 * interval / (1 - math.exp(-interval / 90)), rel=2 * CLOSE)


def test_preparation_that_begins_late_or_early_is_counted_as_it_holds_people():
    delay = {"papers": {"delay": {"takes": "20 days"}}}
    for early, held in ((0, 70), (15, 55), (30, 50)):
        option = queue(FIVE_YEARS, {"places": 9}, 0.1, "50 days", steps=delay)
        option["routes"]["flats"][0] |= {"requires": ["papers"], "start_early": f"{early} days"}
        assert loads(option)["flats"].needs == pytest.approx(0.1 * held), f"started {early} days early"


def test_what_was_prepared_early_is_kept_at_an_enforced_maximum_if_the_route_is_the_same():
    """Ready on day 100, prepared from day 10 to 40, moved on at the maximum of 95 days; or prepared anew from then."""
    rules = {"maximum_stay": "95 days", "at_maximum": "move_on"}
    for routes, held in (({}, 95), ({"at_maximum_routes": [{"to": "left", "share": 1, "requires": ["papers"]}]}, 125)):
        option = queue(FIVE_YEARS, {"places": 9} | rules | routes, 0.1, "100 days")
        option["steps"] = {"papers": {"delay": {"takes": "30 days"}}}
        option["routes"]["flats"][0] |= {"requires": ["papers"], "start_early": "90 days"}
        assert loads(option)["flats"].needs == pytest.approx(0.1 * held)


def test_places_that_are_being_made_ready_again_are_needed_too():
    load = flats(0.1, exponential(80), rules={"turnaround": "10 days"})
    assert load.needs == pytest.approx(9, rel=CLOSE)


def test_what_is_in_force_at_the_end_counts():
    """Places and demand that change over time are taken from the last year."""
    rules = {"places": {"2026-04-01": 3, "2028-04-01": 12}}
    load = flats(0.1, "80 days", rules=rules)
    assert (load.needs, load.has) == (pytest.approx(8), 12)
    option = queue(FIVE_YEARS, {"places": 9}, 0.1, "80 days")
    option["demand"][0] |= {"growth": "10%"}
    assert loads(option)["flats"].needs == pytest.approx(8 * 1.1**4, rel=1e-3)


def test_dates_that_are_replayed_count_only_while_the_simulation_goes_on():
    option = queue(FIVE_YEARS, {"places": 9}, 0.1, "1 year")
    option["demand"] = [{"from": "community", "dates": ["2026-05-01"] * 20 + ["2020-01-01", "2040-01-01"]}]
    assert loads(option)["flats"].needs == pytest.approx(20 * 365.25 / FIVE_YEARS)


def test_a_team_needs_as_many_workers_as_its_cases_keep_busy():
    team = {"team": {"workers": 2, "takes": {"gamma": {"mean": "15 days", "sd": "9 days"}}}}
    load = steps({"team": team}, ["team"])["team"]
    assert (load.needs, load.has, load.unit) == (pytest.approx(1.5), 2, "workers")
    assert steps({"team": team}, ["team"], per_day=0.14)["team"].overloaded


def test_a_panel_needs_room_for_cases_that_come_back():
    panel = {"panel": {"meets_every": "2 weeks", "cases_per_meeting": 2, "approves": "80%"}}
    load = steps({"panel": panel}, ["panel"])["panel"]
    assert (load.needs, load.has, load.unit) == (pytest.approx(0.1 / 0.8 * 14), 2, "cases a meeting")
    panel["panel"].pop("cases_per_meeting")
    assert steps({"panel": panel}, ["panel"]) == {}, "a panel that considers any number of cases has no list"


def test_homes_and_money_are_needed_by_every_case():
    kinds = {
        "letting": {"lettings": {"per_year": 30}},
        "grant": {"grant": {"per_year": 300000, "amount": {"lognormal": {"mean": 8000, "sd": 5000}}}},
        "papers": {"delay": {"takes": "1 year"}},
    }
    seen = steps(kinds, [["letting", "grant"], "papers"])
    assert list(seen) == ["letting", "grant"], "nobody queues for a delay"
    assert (seen["letting"].needs, seen["letting"].has) == (pytest.approx(0.1 * YEAR), pytest.approx(30))
    assert (seen["grant"].needs, seen["grant"].has) == (pytest.approx(0.1 * YEAR * 8000), pytest.approx(300000))
    assert seen["letting"].overloaded
    assert not seen["grant"].overloaded


def adapting() -> dict[str, object]:
    """Return cases of the community and of people who move: rehoused first, and by another way in some tenures."""
    worker = {"team": {"workers": 3, "takes": "10 days"}}
    return queue(
        FIVE_YEARS,
        {"places": 9},
        0.1,
        "50 days",
        joining={"requires": ["adaptation"]},
        steps=dict.fromkeys(("screening", "rehousing", "therapist", "council-works", "works"), worker),
        adaptations={
            "tenures": {"owner": "70%", "council": "30%"},
            "tiers": {
                "minor": {"share": "60%", "steps": ["screening", "works"]},
                "complex": {
                    "share": "40%",
                    "rehoused_first": "25%",
                    "rehousing_step": "rehousing",
                    "steps": ["screening", "rehousing", "therapist", "works"],
                    "steps_by_tenure": {"council": ["screening", "rehousing", "council-works"]},
                },
            },
            "movers": {"complex": "50%"},
            "community": {"per_year": 0.2 * YEAR},
        },
    )


def test_adaptations_count_the_community_and_movers_by_tier_and_tenure_less_those_who_are_rehoused():
    seen = {name: load.needs / 10 for name, load in loads(adapting()).items() if load.unit == "workers"}
    complex_cases = 0.2 * 0.4 + 0.1 * 0.5
    assert seen == {
        "screening": pytest.approx(0.2 + 0.1 * 0.5),
        "rehousing": pytest.approx(complex_cases),
        "therapist": pytest.approx(complex_cases * 0.75 * 0.7),
        "council-works": pytest.approx(complex_cases * 0.75 * 0.3),
        "works": pytest.approx(0.2 * 0.6 + complex_cases * 0.75 * 0.7),
    }


def test_a_circle_that_nobody_leaves_has_no_load_and_stops_nothing():
    option = queue(FIVE_YEARS, {"places": 9}, 0.1, "50 days")
    option["settings"]["hospital"] = {"places": 2}
    option["routes"] |= {"flats": only_to("hospital", "50 days"), "hospital": only_to("flats", "50 days")}
    assert loads(option) == {}


def test_a_setting_without_a_way_out_needs_no_end_of_places():
    option = queue(FIVE_YEARS, {"places": 9}, 0.1, "50 days")
    del option["routes"]["flats"]
    assert str(loads(option)["flats"]) == "flats needs no end of places, has 9: this list cannot stabilise"
    option["demand"][0]["per_year"] = 0
    assert loads(option)["flats"].needs == 0


def test_nothing_approved_is_no_end_of_cases_unless_there_are_none():
    panel = {"panel": {"meets_every": "2 weeks", "cases_per_meeting": 2, "approves": 0}}
    assert steps({"panel": panel}, ["panel"])["panel"].needs == math.inf
    assert steps({"panel": panel}, ["panel"], per_day=0)["panel"].needs == 0


def twin(**rules: object) -> dict[str, object]:
    """Return flats with everything that lengthens stays: reviews, a maximum, a panel, a delay, deaths and relapse."""
    gamma = {"gamma": {"mean": "60 days", "sd": "40 days"}}
    return scenario(
        1100,
        groups={"adults": {"deaths_per_1000_per_year": 200}},
        settings={
            "community": UNLIMITED,
            "flats": {"review_every": "30 days", "maximum_stay": "100 days", "at_maximum": "move_on"} | rules,
        },
        routes={
            "community": only_to("flats"),
            "flats": [
                {"to": "left", "share": "70%", "ready_after": gamma, "requires": ["meeting"]},
                {"to": "community", "share": "30%", "ready_after": exponential(50)}
                | {"requires": ["forms"], "start_early": "20 days"},
            ],
        },
        steps={
            "meeting": {"panel": {"meets_every": "2 weeks", "approves": "70%"}},
            "forms": {"delay": {"takes": "25 days"}},
        },
        demand=[{"from": "community", "per_year": 0.1 * YEAR}],
    )


def test_an_unlimited_twin_of_the_setting_comes_to_hold_what_the_load_check_says(judge):
    needs = loads(twin(places=9))["flats"].needs
    runs = run(twin(places="unlimited"), 100)
    judge("load check: people in an unlimited twin", runs.stays_in("flats").days(500, 1100) / 600, needs, 0.02)
