"""What is read from scenario files, what is refused, and where the faults point."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path

import jsonschema
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from scenario_tools import SOUND, faults_of, read, write

from stepdown.scenarios import sources
from stepdown.scenarios.errors import ScenarioError
from stepdown.scenarios.json_schema import study_schema
from stepdown.scenarios.loader import read_study, shipped
from stepdown.scenarios.trees import plain
from stepdown.scenarios.yaml_text import parse_yaml, read_yaml

pytestmark = pytest.mark.scenario_files


FAULTY = """\
title: Faulty
start: 2026-02-30
years: 012
max_stay: 36
years: 5
settings:
  residential:  {places: no, review_every: 12}
  transitional: {beds: 9, maximum_stay: 3 yers, at_maximum: evict}
  hospital: {places: *anywhere}
routes:
  residential:
    - {to: transitionl, share: 40, ready_after: {weibul: {mean: 6 years, shape: 1.2}}, requires: panel}
    - {share: 60%, ready_after: {exponential: {mean: 12 years, sd: 3}}}
  transitional:
    - {to: hospitel, share: 70%, ready_after: 2 months}
steps:
  panel: {panel: {meets_every: {value: 2 weeks, low: 3 weeks, sorce: minutes}}}
demand:
  - {from: hospital, per_year: -3}
"""


def test_a_sound_file_is_read_with_carry_on_as_its_only_option(tmp_path: Path) -> None:
    study = read(SOUND, tmp_path)
    assert study.name == "study"
    assert study.title == "A small place"
    assert list(study.options) == ["carry-on"]
    assert study.options["carry-on"].scenario.settings["home"].places is not None


def test_every_fault_of_a_file_is_reported_at_once_with_its_place(tmp_path: Path) -> None:
    assert faults_of(FAULTY, tmp_path) == [
        "2:8 start: '2026-02-30' is not a date",
        "3:8 years: '012' is not a number of years",
        "4:1 max_stay: there is no key 'max_stay' here",
        "5:1 years: 'years' stands twice; first on line 3",
        "7:26 settings.residential.places: 'no' is not a number of places",
        "7:44 settings.residential.review_every: 12 what?",
        "8:18 settings.transitional.beds: there is no key 'beds' here",
        "8:41 settings.transitional.maximum_stay: '3 yers': 'yers' is not a unit of time",
        "8:61 settings.transitional.at_maximum: 'evict' is not a rule",
        "9:22 settings.hospital.places: the alias *anywhere is not read",
        "12:12 routes.residential.0.to: there is no setting or exit 'transitionl'",
        "12:32 routes.residential.0.share: 40 is not between 0% and 100%",
        "12:50 routes.residential.0.ready_after.weibul: 'weibul' is not a distribution",
        "12:98 routes.residential.0.requires: write the steps in a list, "
        "such as [panel, [housing-application, adaptation], letting]",
        "13:7 routes.residential.1: needs `to`",
        "13:33 routes.residential.1.ready_after: exponential was given mean, sd",
        "15:12 routes.transitional.0.to: there is no setting or exit 'hospitel'",
        "17:54 steps.panel.panel.meets_every.low: low '3 weeks' is more than value '2 weeks'",
        "17:63 steps.panel.panel.meets_every.sorce: an assumption has no 'sorce'",
        "19:32 demand.0.per_year: -3 is not a rate",
    ]


@pytest.mark.parametrize(
    ("wrong", "remedy"),
    [
        ("max_stay", "`maximum_stay` belongs to a setting."),
        ("beds", "Did you mean 'places'?"),
        ("transitionl", "Did you mean 'transitional'?"),
        ("weibul", "Did you mean 'weibull'?"),
        ("12 what", "Write '12 months' or '12 weeks'."),
        ("'012'", "Write 12: a number does not begin with 0."),
        ("sorce", "Did you mean 'source'?"),
    ],
)
def test_a_fault_says_what_to_write_instead(wrong: str, remedy: str, tmp_path: Path) -> None:
    with pytest.raises(ScenarioError) as refused:
        read_study(write(tmp_path, FAULTY))
    assert [fault.remedy for fault in refused.value.faults if wrong in fault.rule] == [remedy]


def test_a_fault_shows_the_line_with_a_caret_under_the_wrong_word(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match="places") as refused:
        read_study(write(tmp_path, SOUND.replace("places: 3}", "places: 3.5}")))
    shown = str(refused.value).splitlines()
    assert shown[1][shown[2].index("^") :].startswith("3.5}")


def test_of_a_very_long_line_the_part_around_the_fault_is_shown(tmp_path: Path) -> None:
    text = SOUND.replace("places: 3}", f"places: {{from the start: {' ' * 300}3.5}}}}")
    with pytest.raises(ScenarioError) as refused:
        read_study(write(tmp_path, text))
    shown = str(refused.value).splitlines()
    assert shown[1][shown[2].index("^") :].startswith("3.5}")
    assert max(map(len, shown)) < 200


def test_messages_hold_no_words_of_the_validation_library(tmp_path: Path) -> None:
    text = SOUND.replace("places: 3}", "places: [3]}").replace("title: A small place", "title: 3")
    text = text.replace("community: {places: unlimited}", "community: 4").replace(
        "per_year: 4", "per_year: 4, dates: 3"
    )
    said = "\n".join(faults_of(text, tmp_path))
    assert said.count("\n") == 3
    assert not [word for word in ("pydantic", "Input", "valid ", "instance", "dict") if word in said]


def test_a_wrong_word_within_values_from_dates_or_a_distribution_is_shown_itself(tmp_path: Path) -> None:
    text = SOUND.replace("places: 3}", "places: {2026-04-01: 3, 2027-13-01: 4}}").replace("mean: 1 year", "mean: 1 yr")
    text = text.replace("per_year: 4", "per_year: {2026-04-01: 3, 2027-04-01: some}")
    assert faults_of(text, tmp_path) == [
        "6:34 settings.home.places.2027-13-01: '2027-13-01' is not a date",
        "11:65 routes.home.0.ready_after.exponential.mean: '1 yr': 'yr' is not a unit of time",
        "13:61 demand.0.per_year.2027-04-01: 'some' is not a rate",
    ]


@pytest.mark.parametrize(
    ("added", "rule"),
    [
        ("value: 3", "value: there is no key 'value' here"),
        (
            "steps: {panel: {panel: null}}",
            "steps.panel: a step has exactly one kind: delay, team, panel, lettings, grant",
        ),
        ("levers: {deep: {extends: other.yaml}}", "extends: `extends` stands at the top of a file"),
        ("about: {value: x, source: []}", "about.source: [] is not text"),
        ("caseload: {home: {value: 3, low: 4}}", "caseload.home.low: low 4 is more than value 3"),
    ],
)
def test_a_word_in_the_wrong_place_is_refused_and_does_not_hide_the_rest(added: str, rule: str, tmp_path: Path) -> None:
    (said,) = faults_of(f"{SOUND}{added}\n", tmp_path)
    assert rule in said


def test_resolved_data_can_be_written_and_read_again(tmp_path: Path) -> None:
    option = read(SOUND.replace("places: 3}", "places: {value: 3, source: lease}}"), tmp_path).options["carry-on"]
    again = read_study(write(tmp_path, json.dumps(option.data), "again.yaml")).options["carry-on"]
    assert again.scenario == option.scenario
    assert again.assumptions == option.assumptions


def test_a_shipped_scenario_is_found_by_its_name_and_a_misspelt_one_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "small-place").mkdir()
    write(tmp_path / "small-place", SOUND, "base.yaml")
    monkeypatch.setattr(sources, "library", lambda: tmp_path)
    assert shipped() == [("small-place", "A small place")]
    assert read_study("small-place").name == "small-place"
    with pytest.raises(ScenarioError, match="Did you mean 'small-place'"):
        read_study("small-palce")


def test_every_shipped_scenario_can_be_read_by_its_name() -> None:
    for name, title in shipped():
        assert read_study(name).title == title


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=200)
@given(text=st.text() | st.binary().map(lambda raw: raw.decode("latin-1")))
@example(text="a: \x00")
@example(text='a: "\\UFFFFFFFF"')
@example(text="%YAML 9.9\n---\na: 1")
@example(text="a: !<tag:\x85> 1")
def test_any_text_is_read_or_refused_but_never_crashes(text: str, tmp_path: Path) -> None:
    file = tmp_path / "study.yaml"
    file.write_bytes(text.encode("utf-8", "surrogatepass"))
    with pytest.raises(ScenarioError):
        read_study(file)


WORDS = st.sampled_from(["3", "no", "2026-04-01", "unlimited", "40%", "left", "{a: 1}", "[home]", "null", "{value: 3}"])


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=200)
@given(replacements=st.lists(st.tuples(st.integers(0, 60), WORDS), max_size=4))
def test_a_file_with_words_exchanged_never_crashes(replacements: list[tuple[int, str]], tmp_path: Path) -> None:
    words = SOUND.split(" ")
    for place, word in replacements:
        words[place % len(words)] = word + ("\n" if "\n" in words[place % len(words)] else "")
    file = write(tmp_path, " ".join(words))
    with contextlib.suppress(ScenarioError):
        assert read_study(file).options


def test_the_json_schema_accepts_what_is_sound_and_refuses_what_is_not() -> None:
    schema = study_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    assert not list(validator.iter_errors(plain(parse_yaml(SOUND).root)))
    wrapped = SOUND.replace("places: 3}", "places: {value: 3, source: lease}}")
    assert not list(validator.iter_errors(plain(parse_yaml(wrapped).root)))
    options = {"extends": "base.yaml", "levers": {"more": {"years": 3}}, "options": {"more": ["more"]}}
    assert not list(validator.iter_errors(options))
    assert list(validator.iter_errors(plain(parse_yaml(SOUND.replace("places: 3}", "places: 3.5}")).root)))
    assert list(validator.iter_errors({"title": "neither facts nor a file with facts"}))


def test_the_json_schema_accepts_every_shipped_file() -> None:
    validator = jsonschema.Draft202012Validator(study_schema())
    for name, _ in shipped():
        for file in (sources.library() / name).glob("*.yaml"):
            wrong = [(list(error.path), error.message) for error in validator.iter_errors(plain(read_yaml(file).root))]
            assert not wrong, file


def test_the_json_schema_describes_every_field() -> None:
    fields = study_schema()["$defs"]["Setting"]["properties"]
    assert not [name for name, field in fields.items() if "description" not in field]
