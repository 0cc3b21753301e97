"""Every command on every shipped scenario: readable on any screen, and by other programs."""

from __future__ import annotations

import re
from pathlib import Path

import jsonschema
import pytest
from commands import Answer, Stepdown, tiny, typing

from stepdown.outputs import run_folder
from stepdown.scenarios.loader import read_study, shipped
from stepdown.scenarios.trees import plain
from stepdown.scenarios.yaml_text import read_yaml

pytestmark = pytest.mark.command_line

SCENARIOS = [name for name, _ in shipped()]

QUICK = ("--set", "years=1", "--jobs", "1")
BRIEF_WARM_UP = ("--set", "warm_up=30 days")

COLOUR = re.compile(r"\x1b\[[\d;]*\b[349][0-7]\b")


@pytest.fixture
def stepdown(monkeypatch: pytest.MonkeyPatch) -> Stepdown:
    return typing(monkeypatch)


@pytest.fixture
def windows(monkeypatch: pytest.MonkeyPatch) -> Stepdown:
    """Commands on a console that knows neither arrows nor box drawings."""
    return typing(monkeypatch, "cp1252")


def readable(answer: Answer, width: int = 80) -> str:
    """Require that a command succeeded and that every line can be read; return the result."""
    assert answer.code == 0, answer.err
    text = answer.out + answer.err
    assert "?" not in text, "a character that the console does not know"
    assert "\x1b" not in text, "escape codes where nobody can see them"
    wide = [
        line for line in answer.out.splitlines() if len(line) > width and not line.startswith(("Results:", "Load:"))
    ]
    assert wide == [], f"lines wider than {width} columns"
    return answer.out


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_everything_but_a_run_can_be_read_anywhere(stepdown, windows, scenario):
    readable(windows("check", scenario), width=10_000)
    for words in ([], ["--origin"]):
        shown = stepdown("show", scenario, *words)
        assert shown.code == 0
        shown.out.encode("cp1252")
    *_, last = read_study(scenario).options
    for option in ("carry-on", last):
        assert len(readable(windows("explain", scenario, option)).splitlines()) > 1


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_a_journey_can_be_read_anywhere(windows, scenario):
    quick = ["--set", "years=2", *(BRIEF_WARM_UP if scenario == "adaptations" else ())]
    assert readable(windows("journey", scenario, *quick)).startswith("Person ")


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_a_comparison_fits_80_columns_whatever_its_options_are_called(windows, scenario, tmp_path, monkeypatch):
    monkeypatch.setattr(run_folder, "make_charts", lambda results: [])  # tests of charts are elsewhere, and charts slow
    quick = [*QUICK, *(BRIEF_WARM_UP if scenario == "adaptations" else ())]
    longest = sorted(read_study(scenario).options, key=len)[-2:]
    chosen = [word for option in longest for word in ("--option", option)]
    text = readable(windows("compare", scenario, *quick, *chosen, "--runs", 2, "-o", tmp_path))
    for option in ("carry-on", *longest):
        assert re.search(rf"^\W?{option}\b", text, re.MULTILINE), f"{option} has no row"
    assert "2 runs of each option over 1 year from" in text


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_a_run_reports_carry_on_for_people_and_for_programs(windows, scenario, tmp_path, monkeypatch):
    monkeypatch.setattr(run_folder, "make_charts", lambda results: [])
    quick = [*QUICK, *(BRIEF_WARM_UP if scenario == "adaptations" else ()), "--runs", 1, "-o", tmp_path]
    assert "Waiting lists" in readable(windows("run", scenario, *quick))
    data = windows("run", scenario, *quick, "--json").data
    assert data["costs"][0].keys() == {"payer", "kind", "pounds_a_year"}
    assert {row["setting"] for row in data["settings"]} == set(
        read_study(scenario).options["carry-on"].scenario.settings
    )


def test_no_colour_is_used_where_it_is_not_wanted(stepdown, tmp_path, monkeypatch):
    monkeypatch.setenv("FORCE_COLOR", "1")
    words = ["run", tiny(tmp_path), "--option", "more", "--runs", 1, "--jobs", 1, "-o", tmp_path / "runs"]
    assert "\x1b[" in stepdown(*words).out, "this test rests on output that takes itself for a terminal's"
    monkeypatch.setenv("NO_COLOR", "1")
    answer = stepdown(*words)
    assert not COLOUR.search(answer.out + answer.err)


def shipped_files():
    folder = Path(run_folder.__file__).parents[1] / "scenarios"
    return sorted([*folder.glob("library/*/*.yaml"), *folder.glob("example/*.yaml")])


@pytest.mark.parametrize("file", shipped_files(), ids=str)
def test_the_schema_that_editors_read_accepts_every_scenario_that_is_shipped(stepdown, file):
    schema = stepdown("schema").data
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(plain(read_yaml(file).root), schema)


def test_the_schema_that_editors_read_refuses_what_the_program_refuses(stepdown, tmp_path):
    sound = tiny(tmp_path)
    faulty = tiny(tmp_path / "..", sound.read_text("utf-8").replace("maximum_stay", "max_stay"))
    with pytest.raises(jsonschema.ValidationError, match="max_stay"):
        jsonschema.validate(plain(read_yaml(faulty).root), stepdown("schema").data)
