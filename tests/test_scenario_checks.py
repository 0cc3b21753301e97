"""Scenarios whose every word is well formed but that make no sense as a whole."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from stepdown.scenarios.checks import check_scenario
from stepdown.scenarios.names import names_in
from stepdown.scenarios.schema import Scenario
from stepdown.scenarios.trees import find, plain
from stepdown.scenarios.yaml_text import parse_yaml

pytestmark = pytest.mark.scenario_files

SOUND = """\
start: 2026-04-01
years: 2
groups: {mental_health: {}, learning_disabilities: {}}
areas: {city: 60%, county: 40%}
exits: [left]
settings:
  community: {places: unlimited}
  hospital: {places: 4, maximum_stay: 1 year, at_maximum: extend, area: city}
  home:
    maximum_stay: {from the start: none, 2027-04-01: 3 months}
    at_maximum: move_on
    access: by_scheme
    priority: [hospital, mental_health]
    turnaround: 1 week
    schemes:
      old-house: {places: 3, accepts: [mental_health, city], area: city}
      new-house: {places: 2, opens: 2026-10-01, closes: 2027-10-01, residents: move_on}
routes:
  community:
    - {to: home, share: 70%, ready_after: 0 days, requires: [[panel, adaptation]], scheme: old-house,
       gives_up: {after: 1 week, to: left}}
    - {to: hospital, share: {2026-04-01: 30%}, ready_after: 0 days}
  home:
    - {to: left, share: 100%, ready_after: 1 year, groups: [mental_health]}
    - {to: died, share: 100%, ready_after: 1 year, groups: [learning_disabilities]}
steps:
  panel: {panel: {meets_every: 2 weeks, priority: [hospital, minor, community]}}
  works: {grant: {per_year: 9000, amount: 900, payer: council}}
adaptations:
  tiers:
    minor: {share: 80%, steps: [works]}
    complex: {share: 20%, steps: [panel, works], steps_by_tenure: {owned: [panel]}, rehoused_first: 10%,
              rehousing_step: panel}
  tenures: {owned: 50%, rented: 50%}
  movers: {minor: 30%}
  community: {per_year: 9, season: [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]}
demand:
  - {from: community, group: mental_health, per_year: 4, area: city}
  - {name: others, from: community, group: learning_disabilities, dates: [2026-05-01]}
caseload:
  community:
    - {admitted: 2026-01-01, listed: 2026-02-01, for: home, group: mental_health}
  home:
    - {people: 2, group: mental_health, scheme: old-house}
payers: [council, nhs]
prices:
  home: {council: {per_person_per_week: 412, tapers_to: {1 year: 100}}}
  old-house: {nhs: {per_place_per_week: 20}}
one_off_costs: {moves: {home: {council: 500}}, adaptations: {minor: {council: 90}}}
targets: {home: 18 weeks, panel: 4 weeks, complex: 1 year}
"""


def problems(data: dict[str, Any]) -> list[tuple[str, str]]:
    found = check_scenario(Scenario.model_validate(data), names_in(data))
    return [(".".join(map(str, problem.path)), problem.rule) for problem in found]


def sound() -> dict[str, Any]:
    data: dict[str, Any] = plain(parse_yaml(SOUND).root)
    return data


def changed(path: str, value: str) -> dict[str, Any]:
    """The sound scenario with one value set, or removed where the value is ``gone``."""
    data = sound()
    *parents, last = (int(key) if key.isdecimal() else key for key in path.split("/"))
    holder: Any = data
    for key in parents:
        holder = holder[key]
    if value == "gone":
        del holder[last]
    else:
        holder[last] = plain(parse_yaml(f"value: {value}").root)["value"]
    return data


def test_a_scenario_that_uses_everything_makes_sense() -> None:
    assert problems(sound()) == []


CASES = [
    # names
    ("routes/home/0/to", "lft", "routes.home.0.to", "there is no setting or exit 'lft'"),
    ("routes/home/0/groups", "[mh]", "routes.home.0.groups.0", "there is no group 'mh'"),
    ("routes/community/0/requires", "[pannel]", "routes.community.0.requires.0", "there is no step 'pannel'"),
    ("routes/community/0/scheme", "elsewhere", "routes.community.0.scheme", "there is no scheme of home 'elsewhere'"),
    ("routes/nowhere", "[]", "routes.nowhere", "there is no setting 'nowhere'"),
    ("settings/home/priority", "[council]", "settings.home.priority.0", "there is no setting or group 'council'"),
    ("settings/hospital/area", "town", "settings.hospital.area", "there is no area 'town'"),
    (
        "steps/panel/panel/priority",
        "[left]",
        "steps.panel.panel.priority.0",
        "there is no setting, group or tier 'left'",
    ),
    ("steps/works/grant/payer", "bank", "steps.works.grant.payer", "there is no payer 'bank'"),
    ("adaptations/movers", "{major: 10%}", "adaptations.movers.major", "there is no tier 'major'"),
    (
        "adaptations/tiers/complex/steps_by_tenure",
        "{tied: [panel]}",
        "adaptations.tiers.complex.steps_by_tenure.tied",
        "there is no tenure 'tied'",
    ),
    ("demand/0/from", "street", "demand.0.from", "there is no setting 'street'"),
    ("demand/0/group", "gone", "demand.0.group", "needs `group`, as there are several groups"),
    ("caseload/home/0/scheme", "shed", "caseload.home.0.scheme", "there is no scheme of home 'shed'"),
    ("prices/shed", "{}", "prices.shed", "there is no setting or scheme 'shed'"),
    ("prices/home/bank", "{per_place_per_week: 3}", "prices.home.bank", "there is no payer 'bank'"),
    ("one_off_costs/moves/left", "{}", "one_off_costs.moves.left", "there is no setting 'left'"),
    ("one_off_costs/adaptations/major", "{}", "one_off_costs.adaptations.major", "there is no tier 'major'"),
    ("targets/left", "1 day", "targets.left", "there is no setting, step or tier 'left'"),
    # clashes
    ("exits", "[left, home]", "exits.1", "'home' is also a setting"),
    ("groups/city", "{}", "groups.city", "'city' is also an area"),
    ("steps/home", "{delay: {takes: 1 day}}", "steps.home", "'home' is also a setting"),
    ("settings/hospital/schemes", "{old-house: {places: 1}}", "settings.home.schemes.old-house", "has a scheme"),
    ("settings/home/schemes/hospital", "{places: 1}", "settings.home.schemes.hospital", "'hospital' is also a setting"),
    ("steps/adaptation", "{delay: {takes: 1 day}}", "steps.adaptation", "built in"),
    ("adaptations/tiers/works", "{share: 0%, steps: [panel]}", "adaptations.tiers.works", "'works' is also a step"),
    # shares
    ("routes/community/0/share", "60%", "routes.community", "the shares of the routes add up to 90%"),
    (
        "routes/community/1/share",
        "{2026-04-01: 30%, 2027-04-01: 40%}",
        "routes.community",
        "the shares of the routes from 2027-04-01 add up to 110%",
    ),
    ("routes/home/0/share", "50%", "routes.home", "the shares of the routes for mental_health add up to 50%"),
    ("settings/home/at_maximum_routes", "[{to: left, share: 1%}]", "settings.home.at_maximum_routes", "add up to 1%"),
    ("areas", "{city: 60%, county: 30%}", "areas", "the shares add up to 90%"),
    ("adaptations/tenures/owned", "60%", "adaptations.tenures", "the shares add up to 110%"),
    ("adaptations/tiers/minor/share", "70%", "adaptations.tiers", "the shares add up to 90%"),
    ("adaptations/movers", "{minor: 60%, complex: 60%}", "adaptations.movers", "more than 100%"),
    # places
    ("settings/hospital/places", "gone", "settings.hospital", "needs `places` or `schemes`"),
    ("settings/home/schemes/old-house/places", "gone", "settings.home.schemes.old-house", "needs `places`"),
    ("settings/home/places", "3", "settings.home.places", "`places` belongs to each scheme"),
    ("settings/hospital/at_maximum", "gone", "settings.hospital.maximum_stay", "a maximum stay needs `at_maximum`"),
    ("settings/hospital/at_maximum", "move_on", "settings.hospital.at_maximum", "hospital has no routes"),
    ("settings/hospital/residents", "move_on", "settings.hospital.residents", "no date of closing is given"),
    ("settings/home/schemes/new-house/closes", "2026-09-01", "settings.home.schemes.new-house.closes", "not after it"),
    (
        "settings/home/access",
        "by_area",
        "settings.home.schemes.new-house",
        "needs `area`, as access to home is by_area",
    ),
    ("settings/home/level", "2", "settings.community", "needs `level`, as other settings have one"),
    ("routes/home/0/to", "home", "routes.home.0.to", "may not lead to home itself"),
    ("routes/community/0/gives_up/to", "home", "routes.community.0.gives_up.to", "given up waiting for"),
    ("routes/community/0/gives_up/to", "community", "routes.community.0.gives_up.to", "where they live already"),
    ("routes/home/0/start_early", "2 weeks", "routes.home.0.start_early", "changes nothing"),
    ("adaptations/tiers/minor/steps", "[adaptation]", "adaptations.tiers.minor.steps", "cannot be one of them"),
    ("adaptations/tiers/complex/steps", "[works]", "adaptations.tiers.complex.steps", "rehousing step 'panel'"),
    ("targets/home", "0 days", "targets.home", "longer than nothing"),
    # people
    ("demand/0/from", "home", "demand.0.from", "its places are limited"),
    ("demand/0/per_year", "gone", "demand.0", "needs either `per_year` or `dates`"),
    ("demand/0/season", "[1, 2]", "demand.0.season", "has 2 factors"),
    ("demand/1", "{from: community, group: mental_health, per_year: 1}", "demand.0", "has the same name"),
    ("warm_up", "1 year", "warm_up", "not both"),
    ("caseload/home/0/people", "gone", "caseload.home.0", "needs `people` or `admitted`"),
    (
        "caseload/home/0",
        "{people: 2, listed: 2026-03-01, for: hospital}",
        "caseload.home.0.listed",
        "the date on which",
    ),
    ("caseload/community/0/admitted", "2026-05-01", "caseload.community.0.admitted", "is after the start"),
    ("caseload/community/0/listed", "2026-05-01", "caseload.community.0.listed", "is after the start"),
    ("caseload/community/0/listed", "2025-05-01", "caseload.community.0.listed", "before the person was admitted"),
    ("caseload/community/0/for", "gone", "caseload.community.0", "needs `for`"),
    ("caseload/community/0/for", "community", "caseload.community.0.for", "no route from community leads to"),
    ("caseload/home/0/group", "learning_disabilities", "caseload.home.0", "old-house does not accept this person"),
    # money and dates
    ("prices/home/nhs", "{}", "prices.home.nhs", "a price needs"),
    ("prices/home/council/per_person_per_week", "gone", "prices.home.council.tapers_to", "to taper from"),
    ("demand/0/per_year", "{2027-04-01: 3}", "demand.0.per_year", "from the start, 2026-04-01, until 2027-04-01"),
]


@pytest.mark.parametrize(("path", "value", "at", "rule"), CASES)
def test_what_does_not_fit_together_is_refused(path: str, value: str, at: str, rule: str) -> None:
    found = problems(changed(path, value))
    assert [said for where, said in found if where == at and rule in said], found


def test_adaptations_must_be_given_where_a_route_requires_them() -> None:
    data = sound()
    del data["adaptations"]
    assert (
        "routes.community.0.requires.0.1",
        "the step 'adaptation' needs adaptations, and none are given",
    ) in problems(data)


def test_groups_that_a_setting_never_accepts_need_no_routes_from_it() -> None:
    data = sound()
    del data["settings"]["home"]["schemes"]["new-house"]
    data["routes"]["home"] = data["routes"]["home"][:1]
    assert problems(data) == []


def test_every_problem_has_a_place_in_the_file(tmp_path: Path) -> None:
    root = parse_yaml(SOUND.replace("[panel, adaptation]", "[pannel, adaptation]")).root
    data = plain(root)
    (problem,) = check_scenario(Scenario.model_validate(data), names_in(data))
    node = find(root, problem.path)
    assert node is not None
    assert node.at.source[node.at.column - 1 :].startswith("pannel")


def test_a_circle_in_which_no_time_passes_is_refused() -> None:
    data = sound()
    data["settings"]["limbo"] = {"places": "unlimited"}
    at_once = {"share": "100%", "ready_after": "0 days"}
    data["routes"]["community"] = [{"to": "limbo", **at_once}]
    data["routes"]["limbo"] = [{"to": "community", **at_once}]
    assert any("for ever within one day" in rule for _, rule in problems(data))


def test_a_person_is_listed_only_for_what_a_route_of_their_group_leads_to() -> None:
    data = sound()
    data["routes"]["community"] = [
        {"to": "home", "share": "100%", "ready_after": "1 day", "groups": ["mental_health"]},
        {"to": "hospital", "share": "100%", "ready_after": "1 day", "groups": ["learning_disabilities"]},
    ]
    data["caseload"]["community"][0]["group"] = "learning_disabilities"
    assert any("no route from community leads to 'home'" in rule for _, rule in problems(data))
