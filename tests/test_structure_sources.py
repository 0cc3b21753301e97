"""Every number that the shipped scenarios and the worked example state as a fact says where it comes from."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from stepdown.scenarios.loader import CARRY_ON, Option, read_study, shipped
from stepdown.scenarios.trees import KeyPath

pytestmark = pytest.mark.structure

SCENARIOS = [name for name, _ in shipped()]

CITATION = re.compile(r"\b\d_[a-z]+_\d{2}\b")
"""An entry of the table of evidence, such as 1_movement_03."""

NOT_FACTS = {"title", "about", "price_base", "price_year", "start", "years", "warm_up", "level"}
"""What is chosen or said, rather than found: texts, the time that is simulated, and the order of settings."""

DATE = re.compile(r"\d{4}-\d\d-\d\d")
NOTHING_TO_KNOW = re.compile(r"0(\.0+)?( \w+)?|0%|100(\.0)?%|1(\.0)?")
"""Nothing at all, or all of it."""


def carry_on(scenario: str) -> Option:
    return read_study(scenario).options[CARRY_ON]


def bare_numbers(data: Any, path: KeyPath = ()) -> Iterator[KeyPath]:
    """Yield where a number stands that no source explains."""
    if isinstance(data, dict) and "value" in data:
        if not data.get("source"):
            yield path
    elif isinstance(data, dict | list):
        parts = list(data.items()) if isinstance(data, dict) else list(enumerate(data))
        shares = [(*path, key, "share") for key, below in parts if isinstance(below, dict) and "share" in below]
        shares = shares or [(*path, key) for key, _ in parts if path[-1:] == ("tenures",)]
        found = [at for key, below in parts if key not in NOT_FACTS for at in bare_numbers(below, (*path, key))]
        # One share among several completes them to 100%.
        completing = [at for at in found if at in shares]
        yield from (at for at in found if completing != [at])
    elif is_number(data):
        yield path


def is_number(data: Any) -> bool:
    """Whether it is a number, or a text that begins with one, other than a date, nothing and all."""
    if isinstance(data, bool) or not isinstance(data, int | float | str):
        return False
    text = str(data).strip()
    return bool(re.match(r"[£\d]", text)) and not DATE.fullmatch(text) and not NOTHING_TO_KNOW.fullmatch(text)


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_every_number_of_a_shipped_scenario_has_a_source(scenario):
    option = carry_on(scenario)
    bare = [f"{option.origins[path]}: {'.'.join(map(str, path))}" for path in bare_numbers(option.data)]
    assert bare == [], f"{len(bare)} numbers without a source: write {{value: ..., source: ...}}\n" + "\n".join(bare)


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_every_source_cites_evidence_or_calls_itself_an_assumption(scenario):
    for assumption in carry_on(scenario).assumptions:
        said = assumption.source
        where = ".".join(map(str, assumption.path))
        assert "assumption" in said or CITATION.search(said), f"{where}: {said!r} is neither evidence nor assumption"


@pytest.mark.parametrize("file", sorted((Path(__file__).parents[1] / "scenarios" / "library").rglob("*.yaml")))
def test_every_citation_reads_as_an_entry_of_the_table_of_evidence(file):
    text = file.read_text(encoding="utf-8")
    cited = re.findall(r"\bevidence +(\w+)", text)
    assert cited or file.name == "options.yaml"
    assert [name for name in cited if re.match(r"\d", name) and not CITATION.fullmatch(name)] == []


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_every_lever_of_a_shipped_scenario_says_why(scenario):
    study = read_study(scenario)
    for option in study.options.values():
        assert option.about, f"{option.name} does not say what it is about"
        assert set(option.levers) == set(option.whys), f"{option.name}: a lever does not say why"


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_lists_of_dated_people_stand_under_a_comment_that_calls_them_assumptions(scenario):
    option = carry_on(scenario)
    for path, origin in option.origins.items():
        if path[:1] == ("caseload",) and path[-1:] == ("admitted",):
            above = origin.file.read_text(encoding="utf-8").splitlines()[: origin.line]
            while "admitted" in above[-1]:
                above.pop()
            assert re.match(r"\s*#.*assumption", above[-1]), f"{origin}: no comment says that these people are assumed"


def test_a_number_without_a_source_would_be_found():
    said = {"value": "3 weeks", "source": "assumption"}
    routes = [{"share": "40%", "ready_after": said}, {"share": {"value": "60%", "source": "x"}, "ready_after": said}]
    assert list(bare_numbers({"years": 5, "routes": {"flats": routes}, "places": {"2026-04-01": 0}})) == []
    routes.append({"share": "5%", "ready_after": {"exponential": {"mean": "1 year"}}})
    found = [path[1:] for path in bare_numbers({"flats": routes})]
    assert found == [(0, "share"), (2, "share"), (2, "ready_after", "exponential", "mean")]
    assert list(bare_numbers({"places": {"2026-04-01": 3}, "price": "£500"})) == [("places", "2026-04-01"), ("price",)]
