"""Options and scenarios read back in sentences: the right words for each lever, and a sentence for every path."""

import pytest

from stepdown.outputs.words.differences import MISSING, Difference, differences
from stepdown.outputs.words.explain import describe, explain
from stepdown.outputs.words.explain_levers import sentence
from stepdown.outputs.words.wording import say_distribution, say_duration, say_money, say_number, say_roughly, say_share
from stepdown.scenarios.distributions import Fixed, exponential
from stepdown.scenarios.loader import read_study, shipped

pytestmark = pytest.mark.measures

BASE = """
title: A small town
start: 2026-04-01
years: 5
exits: [left]
settings:
  ward: {places: unlimited, review_every: 1 year}
  house:
    maximum_stay: 3 years
    at_maximum: extend
    access: by_scheme
    schemes:
      old-house: {places: 8}
      new-house: {places: 0}
  home: {places: unlimited}
routes:
  ward:
    - {to: house, share: 60%, ready_after: 6 months, requires: [panel]}
    - {to: left, share: 40%, ready_after: {exponential: {mean: 1 year}}}
  house:
    - {to: home, share: 100%, ready_after: 2 years, requires: [letting]}
  home:
    - {to: left, share: 100%, ready_after: 2 years}
steps:
  panel: {panel: {meets_every: 2 weeks, cases_per_meeting: 8}}
  letting: {lettings: {per_year: {value: 34, source: guess}}}
  team: {team: {workers: 1, takes: 3 days}}
demand: [{from: ward, per_year: 20}]
caseload:
  ward: 3
  house:
    - {admitted: 2024-01-01, scheme: old-house}
    - {admitted: 2025-01-01, scheme: old-house, listed: 2026-02-01, for: home}
payers: [council]
prices: {ward: {council: {per_person_per_week: 500}}}
"""


def study(tmp_path, levers, base=BASE):
    """A study whose one option 'change' combines levers, given as YAML."""
    (tmp_path / "base.yaml").write_text(base, encoding="utf-8")
    names = [line.split(":")[0].strip() for line in levers.splitlines() if line.startswith("  ") and line[2] != " "]
    text = f"extends: base.yaml\nlevers:\n{levers}\noptions:\n  change: [{', '.join(names)}]\n"
    (tmp_path / "options.yaml").write_text(text, encoding="utf-8")
    return read_study(tmp_path)


@pytest.mark.parametrize(
    ("lever", "said"),
    [
        ("steps: {panel: {panel: {meets_every: 1 week}}}", "panel meets every week instead of every 2 weeks."),
        (
            "steps: {panel: {panel: {cases_per_meeting: 12}}}",
            "panel considers up to 12 cases instead of 8 at a meeting.",
        ),
        ("steps: {panel: {panel: {approves: 90%}}}", "panel approves 90% of cases."),
        ("steps: {letting: {lettings: {per_year: 42}}}", "letting yields 42 homes instead of 34 a year."),
        ("steps: {team: {team: {workers: {2027-04-01: 2}}}}", "team has 2 workers from 1 April 2027 instead of 1."),
        ("steps: {team: {team: {takes: 1 week}}}", "The time that team takes: 1 week instead of 3 days."),
        (
            "settings: {house: {schemes: {second: {places: 13, opens: 2027-04-01}}}}",
            "Opens second: 13 places in house from 1 April 2027.",
        ),
        (
            "settings: {house: {schemes: {new-house: {places: {2026-11-01: 13}}}}}",
            "Opens new-house: 13 places in house from 1 November 2026.",
        ),
        ("settings: {house: {schemes: {old-house: {places: 6}}}}", "old-house has 6 places instead of 8."),
        (
            "settings: {house: {schemes: {old-house: {closes: 2028-01-01}}}}",
            "old-house closes on 1 January 2028; places go as they fall vacant.",
        ),
        ("settings: {house: {maximum_stay: 2 years}}", "The maximum stay in house is 2 years instead of 3 years."),
        ("settings: {house: {maximum_stay: none}}", "There is no maximum stay in house (before: 3 years)."),
        (
            "settings: {house: {at_maximum: {from the start: extend, 2027-04-01: move_on}}}",
            "People who reach the maximum stay in house must move on from 1 April 2027 (before, they could stay).",
        ),
        (
            "settings: {ward: {review_every: 6 months}}",
            "People in ward are reviewed every 6 months instead of every year.",
        ),
        (
            "settings: {house: {access: single}}",
            "house has one pooled waiting list instead of one waiting list for each scheme.",
        ),
        ("demand: [{from: ward, per_year: 25}]", "25 new people instead of 20 a year come to ward."),
        (
            "prices: {ward: {council: {per_person_per_week: 1169}}}",
            "council pays £1,169 instead of £500 a person a week in ward.",
        ),
        ("years: 3", "years: 3 instead of 5."),
    ],
)
def test_each_usual_lever_has_its_own_sentence(tmp_path, lever, said):
    sentences = explain(study(tmp_path, f"  only: {{why: Because, {lever}}}"), "change")
    assert sentences == ["change.", "Lever only: Because.", f"- {said}"]


def test_routes_are_compared_by_where_they_lead(tmp_path):
    levers = """  early:
    routes:
      ward:
        - {to: left, share: 30%, ready_after: {exponential: {mean: 1 year}}}
        - {to: house, share: 70%, ready_after: 6 months, requires: [panel, letting], start_early: 4 months}
"""
    assert explain(study(tmp_path, levers), "change")[2:] == [
        "- 70% instead of 60% of people in ward are to go on to house.",
        "- For people in ward who are to go on to house must first be done: panel, then letting (before: panel).",
        "- For people in ward who are to go on to house preparation begins 4 months before they are ready.",
        "- 30% instead of 40% of people in ward are to leave.",
    ]


def test_routes_that_come_and_go_are_told(tmp_path):
    levers = "  away:\n    routes: {ward: [{to: home, share: 100%, ready_after: 1 year, requires: [panel]}]}\n"
    assert explain(study(tmp_path, levers), "change")[2:] == [
        "- None of the people in ward go on to house any more (before: 60%).",
        "- None of the people in ward leave any more (before: 40%).",
        "- 100% of people in ward are to go on to home; ready: 1 year; first panel.",
    ]


def test_each_change_stands_under_the_lever_that_makes_it_with_its_reason(tmp_path):
    levers = """  weekly: {why: "Board, 4 November", steps: {panel: {panel: {meets_every: 1 week}}}}
  homes: {steps: {letting: {lettings: {per_year: 42}}}}
"""
    assert explain(study(tmp_path, levers), "change") == [
        "change.",
        "It combines 2 levers: weekly and homes.",
        "Lever weekly: Board, 4 November.",
        "- panel meets every week instead of every 2 weeks.",
        "Lever homes: no reason is given.",
        "- letting yields 42 homes instead of 34 a year.",
    ]


def test_an_assumption_about_the_same_value_is_no_difference():
    before = {"steps": {"letting": {"per_year": {"value": 34, "source": "a guess"}}}}
    assert differences(before, {"steps": {"letting": {"per_year": 34}}}) == []


@pytest.mark.parametrize(
    "path", [("anything",), ("a_b", "c", "d"), ("settings", "x", "unheard_of"), ("steps", "s", "k")]
)
def test_every_path_has_a_readable_sentence(path):
    for before, after in [(1, 2), (MISSING, [1, "b"]), ({"x_y": 1}, MISSING), ("none", {"2027-04-01": 3}), (None, "a")]:
        said = sentence(Difference(path, before, after, path))
        assert said.endswith(".")
        assert "_" not in said
        assert "Missing" not in said


def test_carry_on_is_described_as_a_whole(tmp_path):
    sentences = explain(study(tmp_path, "  longer: {years: 6}"), "carry-on")
    for said in [
        "A small town: 5 years from 1 April 2026.",
        "It opens with its caseload: 3 people in ward and 2 people in house; 1 of them are on a waiting list already.",
        "20 new people a year come to ward.",
        "ward: unlimited places; people are reviewed every year.",
        "house: 2 schemes (old-house: 8 places; new-house: 0 places); people who reach the maximum stay of 3 years may "
        "stay on; one waiting list for each scheme.",
        "From ward 60% go to house; ready: 6 months; first panel.",
        "From ward 40% leave; ready: half within 8.3 months, nine in ten within 28 months.",
        "panel meets every 2 weeks, considers up to 8 cases and approves 100%.",
        "letting yields 34 homes a year at random.",
        "team is a team of 1 worker; a case takes 3 days.",
        "council pays for ward: £500 a person a week.",
    ]:
        assert said in sentences


def test_how_a_scenario_opens_is_always_said(tmp_path):
    empty = BASE[: BASE.index("caseload:")] + BASE[BASE.index("payers") :]
    scenario = study(tmp_path, "  longer: {years: 6}", empty).options["carry-on"].scenario
    assert "It opens empty: nobody is there at the start." in describe(scenario)
    warm = study(tmp_path, "  longer: {years: 6}", f"{empty}warm_up: 2 years\n").options["carry-on"].scenario
    assert any(said.startswith("It opens after a warm-up: 2 years") for said in describe(warm))


@pytest.mark.parametrize("name", [name for name, _ in shipped()])
def test_every_option_of_the_shipped_scenarios_is_explained_on_any_console(name):
    found = read_study(name)
    for option in found.options:
        sentences = explain(found, option)
        assert len(sentences) > 2, f"{option} has nothing to say"
        assert all(said.rstrip().endswith((".", "!", "?")) for said in sentences)
        assert "\n".join(sentences).encode("cp1252")


def test_quantities_are_said_in_the_units_of_people():
    assert say_duration(3 * 365.25) == "3 years"
    assert say_duration(365.25 / 2) == "6 months"
    assert say_duration(14) == "2 weeks"
    assert say_duration(29) == "29 days"
    assert say_duration(0) == "0 days"
    assert say_roughly(41 * 365.25 / 12) == "41 months"
    assert say_share(0.125) == "12.5%"
    assert say_money(1169) == "£1,169"
    assert say_money(20.6) == "£20.60"
    assert say_number(1234567.5) == "1,234,567.5"
    assert say_number(6.5) == "6.5"
    assert say_distribution(Fixed(14.0)) == "2 weeks"
    assert say_distribution(exponential(365.25)) == "half within 8.3 months, nine in ten within 28 months"
