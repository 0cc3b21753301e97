"""A finished run, read back from its folder: what was run, at its own prices or others."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from commands import TINY, only, tiny, typing

from stepdown.outputs.finished_run import is_run, read_run
from stepdown.outputs.money.bill import bill
from stepdown.outputs.money_report import cost_run
from stepdown.scenarios.errors import NotComparableError, RunError, ScenarioError

pytestmark = pytest.mark.measures


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a finished run of 5 replications of two options."""
    at = tmp_path_factory.mktemp("finished")
    with pytest.MonkeyPatch.context() as patch:
        words = ["--option", "more", "--runs", 5, "--jobs", 1, "-q", "-o", at / "runs"]
        answer = typing(patch)("compare", tiny(at, TINY), *words)
    assert answer.code == 0, answer.err
    return only(at / "runs")


@pytest.fixture
def copy(folder: Path, tmp_path: Path) -> Path:
    """The same folder, to be damaged."""
    return Path(shutil.copytree(folder, tmp_path / "copy"))


def test_a_run_says_what_was_run_and_over_which_time(folder):
    run = read_run(folder)
    assert list(run.options) == ["carry-on", "more"]
    assert run.compared == ("more",)
    assert run.options["more"].about == "One flat more"
    assert run.options["more"].levers == ("one-more",)
    assert run.options["more"].scenario.settings["flats"].places.first == 3
    (assumption,) = run.options["more"].assumptions
    assert assumption.source == "assumption: one a month"
    assert (run.window.start.isoformat(), run.window.days) == ("2026-04-01", 365.0)


def test_what_is_read_costs_what_was_said_when_it_was_run(folder):
    run = read_run(folder)
    summary = run.summary()
    for name, option in run.options.items():
        costs = bill(run.activity(name), option.scenario).total()
        said = summary.of(name).sheets.costs.values().sum(axis=1)
        assert costs["replication"].tolist() == list(range(5))
        assert costs["pounds"].tolist() == pytest.approx(said.tolist(), rel=1e-12)


def test_other_money_is_laid_over_every_option_and_a_setting_comes_last(folder, tmp_path):
    prices = tmp_path / "prices.yaml"
    prices.write_text("prices: {flats: {council: {per_place_per_week: 600}}}\n", encoding="utf-8")
    run = read_run(folder, prices, ["prices.home.council.per_person_per_week=120"])
    for option in run.options.values():
        assert option.scenario.prices["flats"]["council"].per_place_per_week.first == 600
        assert option.scenario.prices["home"]["council"].per_person_per_week.first == 120
    assert run.options["more"].scenario.settings["flats"].places.first == 3, "nothing but money is changed"
    last = read_run(folder, prices, ["prices.flats.council.per_place_per_week=1"])
    assert last.options["more"].scenario.prices["flats"]["council"].per_place_per_week.first == 1


def test_what_is_no_money_is_refused(folder):
    with pytest.raises(ScenarioError, match="says nothing about money"):
        read_run(folder, settings=["settings.flats.places=3"])


@pytest.mark.parametrize("damage", ["", "{", "[]", '{"options": {"more": 3}}', "{}"])
def test_a_manifest_that_cannot_be_read_is_refused(copy, damage):
    (copy / "manifest.json").write_text(damage, encoding="utf-8")
    assert is_run(copy)
    with pytest.raises(RunError, match=r"manifest\.json cannot be read"):
        read_run(copy)


def test_an_activity_that_is_gone_is_missed_when_it_is_costed(copy):
    (copy / "activity" / "more.arrow").unlink()
    run = read_run(copy)
    with pytest.raises(RunError, match="Run the options again"):
        cost_run(run)


def test_a_run_without_anything_to_compare_says_so(copy):
    manifest = json.loads((copy / "manifest.json").read_text(encoding="utf-8"))
    for alone in ("carry-on", "more"):
        options = {alone: manifest["options"][alone]}
        (copy / "manifest.json").write_text(json.dumps(manifest | {"options": options}), encoding="utf-8")
        with pytest.raises(NotComparableError, match=f"holds {alone} alone"):
            cost_run(read_run(copy))


def test_a_folder_of_something_else_is_no_run(tmp_path):
    assert not is_run(tmp_path)
    with pytest.raises(RunError, match=r"holds no finished run: there is no manifest\.json"):
        read_run(tmp_path)
