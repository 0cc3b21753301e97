"""How files, levers and values from the command line are laid over one another."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stepdown.scenarios.errors import ScenarioError
from stepdown.scenarios.levers import overlap
from stepdown.scenarios.loader import Study, read_study
from stepdown.scenarios.merge import merge
from stepdown.scenarios.trees import BASE, Node, Origin, leaves, plain
from stepdown.scenarios.yaml_text import parse_yaml

pytestmark = pytest.mark.scenario_files

FACTS = """\
title: A small place
start: 2026-04-01
years: 2
settings:
  community: {places: unlimited}
  home:
    schemes:
      old-house: {places: {value: 3, low: 2, high: 4, source: lease}}
routes:
  community:
    - {to: home, share: 100%, ready_after: 0 days, requires: [panel]}
  home:
    - {to: left, share: 100%, ready_after: {exponential: {mean: 1 year}}}
steps:
  panel: {panel: {meets_every: 2 weeks, approves: 90%}}
demand:
  - {from: community, per_year: 4}
"""

LEVERS = """\
extends: base.yaml
levers:
  new-house: {why: Board, settings: {home: {schemes: {new-house: {places: 5, opens: 2027-04-01}}}}}
  bigger: {settings: {home: {schemes: {old-house: {places: {2027-04-01: 6}}}}}}
  biggest: {settings: {home: {schemes: {old-house: {places: 9}}}}}
  weekly: {steps: {panel: {panel: {meets_every: 1 week}}}}
  no-panel: {steps: {panel: {delay: {takes: 1 day}}}}
options:
"""


def study(folder: Path, options: str, settings: tuple[str, ...] = (), levers=LEVERS, facts=FACTS) -> Study:
    (folder / "base.yaml").write_text(facts, encoding="utf-8")
    (folder / "options.yaml").write_text(levers + options, encoding="utf-8")
    return read_study(folder, settings)


def refused(folder: Path, options: str, settings: tuple[str, ...] = (), levers=LEVERS) -> list[str]:
    with pytest.raises(ScenarioError) as error:
        study(folder, options, settings, levers)
    return [str(fault) for fault in error.value.faults]


def merged(base: str, over: str) -> Any:
    return plain(merge(parse_yaml(base).root, parse_yaml(over).root))


@pytest.mark.parametrize(
    ("base", "over", "result"),
    [
        ("a: {b: 1, c: 2}", "a: {c: 3, d: 4}", {"a": {"b": 1, "c": 3, "d": 4}}),
        ("a: [1, 2]", "a: [3]", {"a": [3]}),
        ("a: {b: 1}", "a: 2", {"a": 2}),
        ("a: 2", "a: {b: 1}", {"a": {"b": 1}}),
        ("a: 1", "a: null", {"a": None}),
        ("a: {value: 1, source: x}", "a: {value: 2, owner: y}", {"a": {"value": 2, "owner": "y"}}),
        ("a: {gamma: {mean: 1, sd: 2}}", "a: {gamma: {mean: 1, shape: 3}}", {"a": {"gamma": {"mean": 1, "shape": 3}}}),
        ("a: {gamma: {mean: 1, sd: 2}}", "a: {fixed: 1}", {"a": {"fixed": 1}}),
        (
            "a: {2026-04-01: 1, 2028-04-01: 2}",
            "a: {2027-4-1: 5, 2028-04-01: 6}",
            {"a": {"2026-04-01": 1, "2028-04-01": 6, "2027-04-01": 5}},
        ),
        ("a: 1", "a: {2027-04-01: 5}", {"a": {"from the start": 1, "2027-04-01": 5}}),
        (
            "a: {value: 1, low: 0}",
            "a: {2027-04-01: 5}",
            {"a": {"from the start": {"value": 1, "low": 0}, "2027-04-01": 5}},
        ),
        ("a: {2026-04-01: 1}", "a: 3", {"a": 3}),
        ("a: 1", "a: {from the start: 2, 2027-04-01: 5}", {"a": {"from the start": 2, "2027-04-01": 5}}),
        (
            "steps: {x: {panel: {meets_every: 1, approves: 2}}}",
            "steps: {x: {panel: {meets_every: 3}}}",
            {"steps": {"x": {"panel": {"meets_every": 3, "approves": 2}}}},
        ),
        (
            "steps: {x: {panel: {meets_every: 1}}}",
            "steps: {x: {delay: {takes: 3}}}",
            {"steps": {"x": {"delay": {"takes": 3}}}},
        ),
    ],
)
def test_maps_merge_and_everything_else_is_replaced(base: str, over: str, result: object) -> None:
    assert merged(base, over) == result


NOWHERE = Origin(None, 0, 0)
NAMES = st.sampled_from(["a", "b", "c", "steps", "panel", "team"])


def node(data: Any) -> Node:
    if isinstance(data, dict):
        return Node({key: node(below) for key, below in data.items()}, NOWHERE)
    return Node(data, NOWHERE)


TREES = st.recursive(
    st.integers(0, 9) | st.text("xyz", max_size=2),
    lambda below: st.dictionaries(NAMES, below, min_size=1, max_size=3),
    max_leaves=8,
)
MAPS = st.dictionaries(NAMES, TREES, max_size=4)


@given(base=MAPS, one=MAPS, other=MAPS)
def test_levers_that_touch_different_paths_may_come_in_any_order(
    base: dict[str, Any], one: dict[str, Any], other: dict[str, Any]
) -> None:
    facts, first, second = node(base), node(one), node(other)
    apart = not any(overlap(here, there) for here, _ in leaves(first) for there, _ in leaves(second))
    if apart:
        assert plain(merge(merge(facts, first), second)) == plain(merge(merge(facts, second), first))


@given(base=MAPS, over=MAPS)
def test_laying_the_same_over_twice_changes_nothing_more(base: dict[str, Any], over: dict[str, Any]) -> None:
    once = merge(node(base), node(over))
    assert plain(merge(once, node(over))) == plain(once)


@given(base=MAPS)
def test_nothing_laid_over_facts_leaves_them_as_they_are(base: dict[str, Any]) -> None:
    assert plain(merge(node(base), node({}))) == base


def test_options_are_their_levers_laid_over_the_base_and_carry_on_comes_first(tmp_path: Path) -> None:
    found = study(tmp_path, "  both: {levers: [new-house, weekly], about: All of it}\n  carry-on: []\n")
    assert list(found.options) == ["carry-on", "both"]
    both = found.options["both"]
    assert (both.about, both.levers, both.whys) == ("All of it", ("new-house", "weekly"), {"new-house": "Board"})
    assert list(both.scenario.settings["home"].schemes) == ["old-house", "new-house"]
    assert both.scenario.steps["panel"].panel is not None
    assert both.scenario.steps["panel"].panel.meets_every.first == 7
    assert list(found.options["carry-on"].scenario.settings["home"].schemes) == ["old-house"]
    assert [file.name for file in found.files] == ["options.yaml", "base.yaml"]


def test_each_value_knows_the_file_and_the_lever_that_set_it(tmp_path: Path) -> None:
    option = study(tmp_path, "  more: [bigger]\n", ("years=3",)).options["more"]
    places = ("settings", "home", "schemes", "old-house", "places")
    lease = option.origins[(*places, "from the start", "value")]
    added = option.origins[(*places, "2027-04-01")]
    assert (lease.file, lease.line, lease.by) == (tmp_path / "base.yaml", 8, BASE)
    assert (added.file, added.line, added.by) == (tmp_path / "options.yaml", 4, "bigger")
    assert str(option.origins["years",]) == "--set"


def test_an_assumption_is_recorded_and_the_schema_sees_its_value(tmp_path: Path) -> None:
    option = study(tmp_path, "  more: [bigger]\n").options["more"]
    (assumption,) = option.assumptions
    assert assumption.path == ("settings", "home", "schemes", "old-house", "places", "from the start")
    assert (assumption.value, assumption.low, assumption.high, assumption.source) == (3, 2, 4, "lease")
    timeline = option.scenario.settings["home"].schemes["old-house"].places
    assert timeline is not None
    assert timeline.values() == (3, 6)


@pytest.mark.parametrize(
    ("wrapper", "rule"),
    [
        ("{value: 3, low: 4, source: x}", "low 4 is more than value 3"),
        ("{value: 3, high: 2}", "value 3 is more than high 2"),
        ("{value: 3, low: 2 weeks}", "low '2 weeks' and value 3 are different kinds of quantity"),
        ("{value: 3, dated: 2026-02-30}", "'2026-02-30' is not a date"),
        ("{value: 3, source: 5}", "5 is not text"),
        ("{value: 3}", "an assumption says nothing but its value"),
        ("{value: {value: 3, low: 1}, source: x}", "an assumption stands inside an assumption"),
        ("{value: 3, souce: x}", "an assumption has no 'souce'"),
    ],
)
def test_an_assumption_that_contradicts_itself_is_refused(wrapper: str, rule: str, tmp_path: Path) -> None:
    file = tmp_path / "study.yaml"
    file.write_text(FACTS.replace("{value: 3, low: 2, high: 4, source: lease}", wrapper), encoding="utf-8")
    with pytest.raises(ScenarioError) as error:
        read_study(file)
    assert [fault.rule for fault in error.value.faults] == [rule]


def test_two_levers_that_set_the_same_value_are_a_conflict(tmp_path: Path) -> None:
    (said,) = refused(tmp_path, "  both: [bigger, biggest]\n")
    assert "options.yaml:5:53" in said
    assert "'bigger' (options.yaml:4:73) and 'biggest' (options.yaml:5:61) of option 'both' set the same value" in said


def test_two_levers_that_give_a_step_two_kinds_are_a_conflict(tmp_path: Path) -> None:
    (said,) = refused(tmp_path, "  both: [weekly, no-panel]\n")
    assert "set the same value" in said


def test_a_lever_that_changes_nothing_is_refused_even_where_it_is_not_used(tmp_path: Path) -> None:
    levers = LEVERS.replace("levers:\n", "levers:\n  idle: {settings: {home: {schemes: {}}}}\n")
    (said,) = refused(tmp_path, "  more: [bigger]\n", levers=levers)
    assert "the lever 'idle' changes nothing" in said


def test_a_lever_that_is_not_used_is_still_read(tmp_path: Path) -> None:
    levers = LEVERS.replace("levers:\n", "levers:\n  loose: {years: many}\n")
    (said,) = refused(tmp_path, "  more: [bigger]\n", levers=levers)
    assert "options.yaml:3:18: years: 'many' is not a number of years" in said


@pytest.mark.parametrize(
    ("options", "rule"),
    [
        ("  more: [biger]\n", "there is no lever 'biger'\n    Did you mean 'bigger'?"),
        ("  more: [bigger, bigger]\n", "the lever 'bigger' stands twice"),
        ("  carry-on: [bigger]\n", "carry-on changes nothing, so it has no levers"),
        ("  more: bigger\n", "an option is a list of levers"),
        ("  more: {lever: [bigger]}\n", "an option has no 'lever'\n    Did you mean 'levers'?"),
    ],
)
def test_an_option_that_cannot_be_put_together_is_refused(options: str, rule: str, tmp_path: Path) -> None:
    said = "\n".join(refused(tmp_path, options))
    assert all(part in said for part in rule.split("\n"))


def test_a_fault_of_the_base_is_told_once_and_one_of_an_option_names_it(tmp_path: Path) -> None:
    levers = LEVERS.replace(
        "levers:\n", "levers:\n  away: {routes: {home: [{to: left, share: 90%, ready_after: 1 year}]}}\n"
    )
    (tmp_path / "base.yaml").write_text(FACTS.replace("to: home, share: 100%", "to: home, share: 80%"))
    (tmp_path / "options.yaml").write_text(levers + "  a: [away]\n  b: [bigger]\n")
    with pytest.raises(ScenarioError) as error:
        read_study(tmp_path)
    assert [(fault.file, fault.rule) for fault in error.value.faults] == [
        (tmp_path / "options.yaml", "the shares of the routes add up to 90% (in option a)"),
        (tmp_path / "base.yaml", "the shares of the routes add up to 80%"),
    ]


def test_files_that_extend_one_another_in_a_ring_are_refused(tmp_path: Path) -> None:
    (tmp_path / "base.yaml").write_text("extends: options.yaml")
    (tmp_path / "options.yaml").write_text("extends: base.yaml")
    with pytest.raises(ScenarioError, match="without end"):
        read_study(tmp_path)


def test_a_file_that_is_extended_and_missing_is_shown_where_it_is_named(tmp_path: Path) -> None:
    (tmp_path / "options.yaml").write_text("extends: nowhere.yaml")
    with pytest.raises(ScenarioError, match=r"options\.yaml:1:10: extends: nowhere\.yaml: there is no such file"):
        read_study(tmp_path)


def test_a_chain_of_files_is_laid_over_in_order(tmp_path: Path) -> None:
    (tmp_path / "base.yaml").write_text(FACTS)
    (tmp_path / "middle.yaml").write_text("extends: base.yaml\nyears: 4\ntitle: Middle")
    (tmp_path / "top.yaml").write_text("extends: middle.yaml\nyears: 5")
    found = read_study(tmp_path / "top.yaml")
    assert (found.title, found.options["carry-on"].scenario.years) == ("Middle", 5)


def test_a_value_from_the_command_line_is_set_last_in_every_option(tmp_path: Path) -> None:
    settings = ("settings.home.schemes.new-house.places=7", "routes.home.0.ready_after={fixed: 2 weeks}")
    found = study(tmp_path, "  more: [new-house]\n", settings)
    assert found.options["more"].data["settings"]["home"]["schemes"]["new-house"]["places"] == 7
    assert "new-house" not in found.options["carry-on"].data["settings"]["home"]["schemes"]
    assert found.options["carry-on"].scenario.routes["home"][0].ready_after.mean == 14


def test_a_date_on_the_command_line_keeps_the_value_until_then(tmp_path: Path) -> None:
    found = study(tmp_path, "  more: [bigger]\n", ("demand.0.per_year.2027-04-01=8",))
    assert found.options["more"].data["demand"][0]["per_year"] == {"from the start": 4, "2027-04-01": 8}


@pytest.mark.parametrize(
    ("setting", "rule"),
    [
        ("settings.hom.level=3", "settings has no 'hom'\n    Did you mean 'home'?"),
        ("routes.home.7.to=left", "routes.home has no '7'"),
        ("yeers=3", "there is no key 'yeers' here"),
        ("years=many", "'many' is not a number of years"),
        ("years", "this is not path=value"),
        ("a..b=1", "this is not path=value"),
        ("years=[1", "this is not YAML"),
    ],
)
def test_a_wrong_value_on_the_command_line_is_refused(setting: str, rule: str, tmp_path: Path) -> None:
    said = "\n".join(refused(tmp_path, "  more: [bigger]\n", (setting,)))
    assert said.startswith("command line")
    assert rule in said
