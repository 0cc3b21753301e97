"""A study made from another: values replaced, sources kept, and a folder that is whole or not there."""

from __future__ import annotations

from functools import cache

import pandas as pd
import pytest

from stepdown.calibration.study_folder import (
    BASE,
    Stated,
    draws_text,
    path_text,
    scenario_text,
    with_stated,
    write_study,
)
from stepdown.scenarios.errors import RunError, ScenarioError
from stepdown.scenarios.loader import CARRY_ON, read_study

pytestmark = pytest.mark.history

MEAN = ("routes", "hospital", 0, "ready_after", "gamma", "mean")


@cache
def carry_on(name: str = "leicester"):
    return read_study(name).options[CARRY_ON]


@pytest.mark.parametrize("name", ["adaptations", "recommissioning", "merger"])
def test_a_study_is_read_from_its_folder_as_it_was(name, tmp_path):
    option = carry_on(name)
    again = write_study(tmp_path / "copy", {BASE: scenario_text(option.data, ["a copy"], {"routes": "as before"})})
    assert again.options[CARRY_ON].scenario == option.scenario
    assert again.options[CARRY_ON].assumptions == option.assumptions
    assert (tmp_path / "copy" / BASE).read_text("utf-8").startswith("# a copy\n")
    assert "# as before\nroutes:" in (tmp_path / "copy" / BASE).read_text("utf-8")


def test_a_value_is_replaced_with_what_is_said_of_it_and_its_neighbours_keep_their_own_source(tmp_path):
    option = carry_on()
    stated = Stated("90 days", "80 days", "100 days", "fitted to 40 stays", "good")
    data = with_stated(option.data, {MEAN: stated})
    again = write_study(tmp_path / "copy", {BASE: scenario_text(data, [], {})}).options[CARRY_ON]
    said = {assumption.path: assumption for assumption in again.assumptions}
    assert said[MEAN].source == "fitted to 40 stays"
    assert (said[MEAN].low, said[MEAN].value, said[MEAN].high) == ("80 days", "90 days", "100 days")
    (before,) = [one for one in option.assumptions if one.path == MEAN[:4]]
    assert said[*MEAN[:5], "sd"].source == before.source
    assert said[*MEAN[:5], "sd"].value == "8 weeks"
    unchanged = {one.path: one for one in option.assumptions if one.path != MEAN[:4]}
    assert {path: said[path] for path in unchanged} == unchanged


def test_a_value_that_a_study_does_not_state_yet_is_added():
    data = with_stated(carry_on("orchard-house").data, {("targets", "transitional"): Stated("12 weeks", source="ours")})
    assert data["targets"]["transitional"] == {"value": "12 weeks", "source": "ours"}


def test_a_study_with_a_fault_or_in_the_place_of_another_is_not_written(tmp_path):
    faulty = with_stated(carry_on().data, {("routes", "hospital", 0, "share"): Stated("99%", source="wrong")})
    with pytest.raises(ScenarioError, match=r"copy/base\.yaml:\d+:\d+: routes\.hospital: the shares"):
        write_study(tmp_path / "copy", {BASE: scenario_text(faulty, [], {})})
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "copy").mkdir()
    (tmp_path / "copy" / "mine.txt").write_text("mine", "utf-8")
    with pytest.raises(RunError, match="is not overwritten"):
        write_study(tmp_path / "copy", {BASE: scenario_text(carry_on().data, [], {})})
    assert [file.name for file in (tmp_path / "copy").iterdir()] == ["mine.txt"]


def test_draws_are_headed_by_paths_as_they_are_typed():
    draws = pd.DataFrame({path_text(MEAN): ["90 days", "80.5 days"], "demand.0.per_year": [39, 40.5]})
    assert draws_text(draws) == (
        "routes.hospital.0.ready_after.gamma.mean,demand.0.per_year\n90 days,39.0\n80.5 days,40.5\n"
    )
