"""What the text of a scenario file means as YAML, and what is refused in its place."""

from __future__ import annotations

from pathlib import Path

import pytest
from scenario_tools import faults_of

from stepdown.scenarios.errors import ScenarioError
from stepdown.scenarios.loader import read_study
from stepdown.scenarios.trees import find, plain
from stepdown.scenarios.yaml_text import parse_yaml, read_yaml

pytestmark = pytest.mark.scenario_files


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("true", True),
        ("null", None),
        ("~", None),
        ("", None),
        ("13", 13),
        ("-2.5e3", -2500.0),
        ("0o14", 12),
        ("no", "no"),
        ("yes", "yes"),
        ("012", "012"),
        ("2026-02-30", "2026-02-30"),
        ("1:30", "1:30"),
        ("1_000", "1_000"),
        ("40%", "40%"),
        ("'13'", "13"),
        ("12345678901234567890", "12345678901234567890"),
    ],
)
def test_only_true_false_null_and_plain_numbers_become_values(text: str, value: object) -> None:
    found = plain(parse_yaml(f"key: {text}").root)["key"]
    assert (type(found), found) == (type(value), value)


def test_keys_stay_text_and_possible_dates_are_written_alike() -> None:
    data = plain(parse_yaml("{2026-4-1: 1, 10%: 2, 13: 3, true: 4, 2026-02-30: 5}").root)
    assert list(data) == ["2026-04-01", "10%", "13", "true", "2026-02-30"]


def test_the_place_of_a_key_and_of_its_value_is_known() -> None:
    node = find(parse_yaml("a:\n  b: [x, y]").root, ("a", "b", 1))
    holder = find(parse_yaml("a:\n  b: [x, y]").root, ("a", "b"))
    assert node is not None
    assert holder is not None
    assert holder.key is not None
    assert (node.at.line, node.at.column, node.at.source) == (2, 10, "  b: [x, y]")
    assert (holder.key.line, holder.key.column) == (2, 3)


BOMB = "a: &a [x, x, x]\n" + "\n".join(f"b{n}: &b{n} [*{'a' if n == 0 else f'b{n - 1}'}, *a, *a]" for n in range(40))


@pytest.mark.parametrize(
    ("text", "line", "rule"),
    [
        ("title: x\nsettings:\n\thome: 3\n\taway: 4", 3, "a tab stands in the indentation"),
        (BOMB, 2, "the alias *a is not read"),
        ("a: &a {b: *a}", 1, "the alias *a is not read"),
        ("<<: {a: 1}", 1, "merge keys (<<) are not read"),
        ("title: x\n---\ntitle: y", 2, "a second document begins here (---)"),
        ("", 1, "the file is empty"),
        ("- a\n- b", 1, "the file does not begin with keys"),
        ("? [a]\n: 2", 1, "a key must be a word, not a list, a map or an alias"),
        ("title: !!python/object:os.system x", 1, "the tag tag:yaml.org,2002:python/object:os.system is not read"),
        ("a: " + "[" * 1000, 1, "maps and lists are nested more than 40 deep"),
        ("a: 1\n b: 2", 2, "this is not YAML: mapping values are not allowed here"),
        (": 1", 1, "there is no key before the colon"),
    ],
)
def test_text_that_is_no_scenario_is_refused_in_its_place(text: str, line: int, rule: str, tmp_path: Path) -> None:
    assert any(said.startswith(f"{line}:") and rule in said for said in faults_of(text, tmp_path))


def test_both_tabs_of_an_indentation_are_reported(tmp_path: Path) -> None:
    assert len(faults_of("title: x\nsettings:\n\thome: 3\n\taway: 4", tmp_path)) == 2


def test_bytes_that_are_no_text_are_shown_where_they_stand(tmp_path: Path) -> None:
    file = tmp_path / "study.yaml"
    file.write_bytes(b"title: x\nabout: caf\xe9\n")
    with pytest.raises(ScenarioError, match=r"study\.yaml:2:11: byte 0xe9 is not UTF-8 text"):
        read_study(file)


def test_a_missing_file_and_a_folder_without_a_scenario_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match="there is no such file"):
        read_study(tmp_path / "nowhere.yaml")
    with pytest.raises(ScenarioError, match="the folder holds neither"):
        read_study(tmp_path)
    with pytest.raises(ScenarioError, match="is a folder"):
        read_yaml(tmp_path)


def test_an_unknown_name_says_how_to_list_the_shipped_scenarios() -> None:
    with pytest.raises(ScenarioError, match="stepdown list"):
        read_study("no-such-scenario")
