"""One person's history in dated sentences: all that happened, once each, in the order of time, and nothing else."""

import datetime as dt

import pandas as pd
import pytest
from measures_tables import WINDOW, a_scenario, a_stay, a_step, the_tables
from tracing import START, UNLIMITED, come, delay, lives, network, onward, route, run, team

from stepdown.outputs.words.journey import find_people, journey, tell
from stepdown.outputs.words.wording import MONTHS, say_date
from stepdown.scenarios.compile_network import compile_network
from stepdown.scenarios.errors import RunError
from stepdown.scenarios.loader import read_study
from stepdown.scenarios.schema import Scenario
from stepdown.simulation.reference import simulate
from stepdown.simulation.tables import Window, concatenate

pytestmark = pytest.mark.measures


def told(settings, routes, person=1, **more):
    """The history of somebody in a small world."""
    world = network(settings, routes, **more)
    scenario = Scenario.model_validate(
        {"start": START.isoformat(), "years": 1, "settings": settings, "routes": routes, **more}
    )
    tables = run(settings, routes, **more)
    return journey(tables, scenario, Window(world.start, world.end_day, world.opening_day), person)


def on(number):
    return say_date(START + dt.timedelta(days=number))


def test_somebody_comes_becomes_ready_waits_for_a_place_and_moves():
    settings = {"ward": UNLIMITED, "house": {"places": 1}}
    routes = {"ward": [route("house", 10)], "house": [route("left", 30)]}
    assert told(settings, routes, person=2, demand=[come("ward", 0, 5)]) == [
        f"{on(5)}: came to ward.",
        f"{on(15)}: was ready to move on to house.",
        f"{on(15)}: was put on the list for house.",
        f"{on(40)}: moved to house after waiting 25 days for a place.",
        f"{on(70)}: was ready to leave.",
        f"{on(70)}: left.",
    ]


def test_nobody_knows_that_somebody_is_ready_until_a_review():
    settings = {"ward": {**UNLIMITED, "review_every": "30 days"}, "home": UNLIMITED}
    routes = {"ward": [route("home", 40)]}
    assert told(settings, routes, demand=[come("ward", 0)])[1:4] == [
        f"{on(40)}: was ready to move on to home, but nobody knew.",
        f"{on(60)}: was found to have been ready for 20 days.",
        f"{on(60)}: moved to home.",
    ]


def test_steps_are_told_as_what_they_are():
    steps = {
        "panel": {"panel": {"meets_every": "14 days"}},
        "papers": delay(20),
        "assessor": team(1, 5),
        "letting": {"lettings": {"per_year": 100000, "kept_for": "1 day"}},
    }
    settings = {"ward": UNLIMITED, "home": UNLIMITED}
    routes = {"ward": [route("home", 10, requires=["panel", ["papers", "assessor"], "letting"])]}
    story = told(settings, routes, steps=steps, demand=[come("ward", 0)])
    assert story[1:-1] == [
        f"{on(10)}: was ready to move on to home.",
        f"{on(10)}: waited for the next meeting of the panel.",
        f"{on(14)}: was approved by the panel after 4 days.",
        f"{on(14)}: began papers.",
        f"{on(14)}: began assessor.",
        f"{on(19)}: finished assessor after 5 days.",
        f"{on(34)}: finished papers after 20 days.",
        f"{on(34)}: found a home (letting).",
        f"{on(34)}: moved to home.",
    ]


def test_preparation_before_being_ready_is_told_as_such():
    settings = {"ward": UNLIMITED, "home": UNLIMITED}
    routes = {"ward": [route("home", 50, requires=["papers"], start_early="30 days")]}
    story = told(settings, routes, steps={"papers": delay(10)}, demand=[come("ward", 0)])
    assert story[1:6] == [
        f"{on(20)}: began to prepare to move on to home, before being ready.",
        f"{on(20)}: began papers.",
        f"{on(30)}: finished papers after 10 days.",
        f"{on(30)}: had everything prepared after 10 days, before being ready.",
        f"{on(50)}: was ready to move on to home.",
    ]


def test_the_opening_caseload_has_a_past():
    settings = {"ward": UNLIMITED, "house": {"places": {"from the start": 0, "2026-05-01": 1}}}
    routes = {"ward": [route("house", "1000 years")], "house": [route("left", "1000 years")]}
    story = told(settings, routes, caseload={"ward": [lives(-400, listed=-90, wants="house")]})
    assert story == [
        f"{on(0)}: had lived in ward since {on(-400)}, and had been on the list for house since {on(-90)}.",
        "1 May 2026: moved to house after waiting 120 days for a place.",
        "31 March 2027: still lived in house when the run ended.",
    ]


def test_the_maximum_stay_is_passed_and_the_days_beyond_it_are_counted():
    settings = {"house": {**UNLIMITED, "maximum_stay": "100 days", "at_maximum": "extend"}}
    routes = {"house": [route("left", 140)]}
    assert told(settings, routes, demand=[come("house", 0)])[1:] == [
        f"{on(100)}: passed the maximum stay of 100 days.",
        f"{on(140)}: was ready to leave.",
        f"{on(140)}: left, 40 days beyond the maximum stay.",
    ]


def test_who_must_move_on_at_the_maximum_stay_is_told_why():
    house = {**UNLIMITED, "maximum_stay": "100 days", "at_maximum": "move_on", "at_maximum_routes": [onward("home")]}
    settings = {"house": house, "home": {"places": {"from the start": 0, "2026-08-01": 5}}}
    routes = {"house": [route("left", 300)], "home": [route("left", "1000 years")]}
    assert told(settings, routes, demand=[come("house", 0)])[1:4] == [
        f"{on(100)}: reached the maximum stay of 100 days and had to move on to home.",
        f"{on(100)}: was put on the list for home.",
        "1 August 2026: moved to home after waiting 22 days for a place, 22 days beyond the maximum stay.",
    ]


def test_giving_up_is_told_with_how_long_it_took():
    settings = {"ward": UNLIMITED, "house": {"places": 0}, "home": UNLIMITED, "flat": {"places": 0}}
    tired = route("house", 10, gives_up={"after": "20 days", "to": "home"})
    nowhere = {"house": [route("left")], "home": [route("left", "1000 years")], "flat": [route("left")]}
    story = told(settings, {"ward": [tired], **nowhere}, demand=[come("ward", 0)])
    assert story[2:4] == [
        f"{on(10)}: was put on the list for house.",
        f"{on(30)}: gave up waiting for house after 20 days and moved to home.",
    ]
    other = route("house", 10, gives_up={"after": "20 days", "to": "flat"})
    story = told(settings, {"ward": [other], **nowhere}, demand=[come("ward", 0)])
    assert story[3:] == [
        f"{on(30)}: gave up waiting for house after 20 days and joined the list for flat.",
        "31 March 2027: still lived in ward when the run ended, waiting for flat for 335 days.",
    ]


def test_death_ends_the_story_and_abandons_what_was_begun():
    stay = a_stay("ward", 3.0, 30.0, "died", ready=10.0, prepared=float("nan"), listed=float("nan"), reason="died")
    tables = the_tables([stay], [a_step("papers", 10.0, 10.0, 30.0, person=0, outcome="abandoned")])
    assert journey(tables, a_scenario(), WINDOW, 0) == [
        f"{on(3)}: came to ward.",
        f"{on(10)}: was ready to move on.",
        f"{on(10)}: began papers.",
        f"{on(30)}: papers was no longer needed, after 20 days.",
        f"{on(30)}: died.",
    ]


def test_a_closing_scheme_is_the_reason():
    settings = {"house": {"places": 1, "closes": "2026-06-01", "residents": "move_on"}, "home": UNLIMITED}
    routes = {"house": [route("home", "1000 years")], "home": [route("left", "1000 years")]}
    story = told(settings, routes, caseload={"house": [lives(-10)]})
    assert story[1:3] == [
        "1 June 2026: had to move on to home, because house was closing.",
        "1 June 2026: moved to home.",
    ]


def test_steps_without_length_at_the_moment_of_a_move_belong_to_the_stay_that_needed_them():
    settings = {"ward": UNLIMITED, "house": UNLIMITED, "home": UNLIMITED}
    needs = {"requires": ["papers"]}
    routes = {
        "ward": [route("house", 10, **needs)],
        "house": [route("home", 0, **needs)],
        "home": [route("left", "1000 years")],
    }
    story = told(settings, routes, steps={"papers": delay(0)}, demand=[come("ward", 0)])
    assert story[1:-1] == [
        f"{on(10)}: was ready to move on to house.",
        f"{on(10)}: finished papers.",
        f"{on(10)}: moved to house.",
        f"{on(10)}: was ready to move on to home.",
        f"{on(10)}: finished papers.",
        f"{on(10)}: moved to home.",
    ]


@pytest.fixture(scope="module")
def leicester():
    study = read_study("leicester", ["years=4"])
    option = study.options["package"].scenario
    world = compile_network(option, study.options["carry-on"].scenario)
    tables = concatenate([simulate(world, "package", 1, replication) for replication in range(2)])
    return tables, option, Window(world.start, world.end_day, world.opening_day)


def dated(sentence):
    day, month, year = sentence.split(":")[0].split()
    return dt.date(int(year), MONTHS.index(month) + 1, int(day))


def test_every_history_is_in_order_and_tells_every_move_and_step_once(leicester):
    tables, option, window = leicester
    people = find_people(tables)
    for replication, person in people[["replication", "person"]].iloc[::7].itertuples(index=False):
        story = journey(tables, option, window, person, replication)
        days = [dated(sentence) for sentence in story]
        assert days == sorted(days), f"person {person} of run {replication} is not told in order"
        assert len(set(story)) == len(story), "something is told twice"
        stays = tables.stays[(tables.stays["person"] == person) & (tables.stays["replication"] == replication)]
        moves = sum("moved to" in sentence for sentence in story)
        assert moves == len(stays) - 1, "every move once"
        over = sum(": left" in sentence or ": died" in sentence or "still lived in" in sentence for sentence in story)
        assert over == 1, "a history ends once"
        assert sum("was ready to" in sentence or "had to" in sentence for sentence in story) == _readiness(stays)
        steps = tables.case_steps
        mine = steps[(steps["person"] == person).fillna(False) & (steps["replication"] == replication)]
        ends = ("approved by", "finished", "found a home", "no longer needed")
        assert sum(any(word in sentence for word in ends) for sentence in story) == int(
            mine["finished_day"].notna().sum()
        )


def _readiness(stays: pd.DataFrame) -> int:
    """How many stays became ready after the run began; the past of the opening caseload is told in one sentence."""
    return int((stays["ready_day"] >= 0).sum())


def test_people_are_found_by_what_is_notable(leicester):
    tables, _, _ = leicester
    people = find_people(tables)
    assert len(people) == len(tables.stays[["replication", "person"]].drop_duplicates())
    assert people["stays"].sum() == len(tables.stays)
    assert people["steps"].sum() == tables.case_steps["person"].notna().sum()
    gave_up = tables.stays["reason"].astype(str).str.startswith("gave_up").sum()
    assert people["gave_up"].sum() == gave_up > 0


def test_tell_chooses_somebody_with_much_to_tell_and_says_who(leicester):
    tables, option, window = leicester
    story = tell(tables, option, window)
    first = find_people(tables).iloc[0]
    assert (
        story[0] == f"Person {first['person']} (mental_health, Leicester), option package, run {first['replication']}."
    )
    assert len(story) > 10
    assert "\n".join(story).encode("cp1252")


def test_a_person_who_never_came_is_an_error_that_says_who_did(leicester):
    tables, option, window = leicester
    with pytest.raises(RunError, match=r"there is no person 99999: people are numbered from 1 to \d+"):
        tell(tables, option, window, 99999)
    assert tell(the_tables(), a_scenario(), WINDOW) == ["Nobody ever came."]
