"""Inputs that are not known for certain: every run takes a draw of them, the same in every option."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from stepdown.outputs.experiment import Plan
from stepdown.outputs.stopping import fixed
from stepdown.outputs.work import central_work, work_of
from stepdown.scenarios.errors import ScenarioError
from stepdown.scenarios.loader import Study, read_study
from stepdown.scenarios.uncertainty import uncertain_names, uncertain_options
from stepdown.simulation.replicate import Task

pytestmark = pytest.mark.scenario_files

BASE = """
start: 2026-04-01
years: 2
settings:
  hospital: {places: unlimited, level: 2}
  flats: {places: {2026-04-01: 6, 2027-04-01: 9}, level: 1}
routes:
  hospital:
    - {to: flats, share: 70%, ready_after: {exponential: {mean: 60 days}}, requires: [panel]}
    - {to: left, share: 20%, ready_after: 30 days}
    - {to: home, share: 10%, ready_after: 30 days}
  flats: [{to: left, share: 100%, ready_after: {lognormal: {median: 300 days, p90: 800 days}}}]
exits: [left, home]
steps: {panel: {team: {workers: {2026-04-01: 1, 2027-04-01: 2}, takes: 10 days}}}
demand: [{from: hospital, per_year: 14}]
caseload: {flats: 5}
payers: [council]
prices: {flats: {council: {per_person_per_week: 400}}}
uncertainty: draws.csv
"""
OPTIONS = """
extends: base.yaml
levers:
  quick: {steps: {panel: {team: {takes: 2 days}}}}
  more: {settings: {flats: {places: 9}}}
options: {carry-on: [], quick: [quick], more: [more]}
"""
COLUMNS = "demand.0.per_year,steps.panel.team.takes,routes.hospital.0.share"
DRAWS = ["10.5,8 days,60%", "15.25,12.5 days,71.25%", "20,9 days,80%"]


def study(folder: Path, columns: str = COLUMNS, draws: list[str] = DRAWS) -> Study:
    (folder / "base.yaml").write_text(BASE, encoding="utf-8")
    (folder / "options.yaml").write_text(OPTIONS, encoding="utf-8")
    (folder / "draws.csv").write_text("\n".join([columns, *draws]) + "\n", encoding="utf-8")
    return read_study(folder)


def test_a_run_takes_the_draw_of_its_number_and_begins_again_after_the_last(tmp_path):
    uncertain = uncertain_options(study(tmp_path), ["carry-on"])["carry-on"]
    assert [uncertain.drawn(run) for run in (0, 1, 2, 3)] == [
        (10.5, 8, 60),
        (15.25, 12.5, 71.25),
        (20, 9, 80),
        (10.5, 8, 60),
    ]
    network = uncertain.network(1)
    assert [route.share.at(0.0) for route in network.settings[0].routes] == pytest.approx(
        [0.7125, 0.575 / 3, 0.2875 / 3]
    )
    assert network.steps[0].takes.mean == 12.5


def test_where_a_lever_decides_an_input_no_draw_is_taken_of_it(tmp_path):
    uncertain = uncertain_options(study(tmp_path), ["carry-on", "quick", "more"])
    assert uncertain["quick"].reached == ("demand.0.per_year", "routes.hospital.0.share")
    assert uncertain["quick"].network(1).steps[0].takes.mean == 2
    assert uncertain["more"].reached == uncertain["carry-on"].reached == tuple(COLUMNS.split(","))


def test_a_run_is_that_of_a_study_with_its_draw_set(tmp_path):
    uncertain = study(tmp_path)
    (tmp_path / "certain").mkdir()
    for file in ("base.yaml", "options.yaml"):
        text = (tmp_path / file).read_text("utf-8").replace("uncertainty: draws.csv", "")
        (tmp_path / "certain" / file).write_text(text, encoding="utf-8")
    shares = ["routes.hospital.1.share=19.166666666667%", "routes.hospital.2.share=9.583333333333%"]
    drawn = [f"{name}={value}" for name, value in zip(COLUMNS.split(","), DRAWS[1].split(","), strict=True)]
    certain = read_study(tmp_path / "certain", [*drawn, *shares])
    for option in ("carry-on", "more"):
        seen = work_of(uncertain, [option], Plan(fixed(5))).simulate(Task(option, 0, 3))
        alone = work_of(certain, [option], Plan(fixed(5))).simulate(Task(option, 1, 2))
        stays = seen.stays[seen.stays["replication"] == 1].reset_index(drop=True)
        pd.testing.assert_frame_equal(stays, alone.stays, check_exact=False, rtol=1e-9)
        pd.testing.assert_frame_equal(seen.places, alone.places)


def test_without_its_draws_every_run_has_the_central_values(tmp_path):
    central = central_work(study(tmp_path), ["carry-on"], Plan(fixed(5)))
    stays = central.simulate(Task("carry-on", 0, 3)).stays
    one = central.simulate(Task("carry-on", 1, 2)).stays
    pd.testing.assert_frame_equal(stays[stays["replication"] == 1].reset_index(drop=True), one)
    assert central.networks["carry-on"].steps[0].takes.mean == 10


def test_draws_make_the_runs_differ_more_than_chance_alone(tmp_path):
    """Ten to thirty arrivals a year instead of fourteen: the spread of the number of people says so."""
    draws = [f"{rate}" for rate in np.linspace(4, 30, 40)]
    uncertain = study(tmp_path, "demand.0.per_year", draws)
    spread = []
    for work in (
        work_of(uncertain, ["carry-on"], Plan(fixed(40))),
        central_work(uncertain, ["carry-on"], Plan(fixed(40))),
    ):
        stays = work.simulate(Task("carry-on", 0, 40)).stays
        spread.append(stays.groupby("replication")["person"].nunique().std())
    assert spread[0] > 2 * spread[1], f"with draws {spread[0]:.2f}, without {spread[1]:.2f}"


def test_the_inputs_that_are_drawn_have_names(tmp_path):
    assert uncertain_names(study(tmp_path)) == tuple(COLUMNS.split(","))
    assert uncertain_names(read_study("leicester")) == ()


@pytest.mark.parametrize(
    ("columns", "draw", "said"),
    [
        ("demand.0.per_yaer", "10", "draws.csv:2:1: uncertainty.0.demand.0.per_yaer: carry-on states no"),
        ("demand.0.per_year", "many", "draws.csv:2:1: uncertainty.0.demand.0.per_year"),
        ("settings.flats.places", "8", "numbers of places are the same in every run"),
        ("prices.flats.council.per_person_per_week", "8", "prices are tried with 'stepdown breakeven'"),
        ("years", "8", "which time is measured"),
        ("demand", "8", "no quantity"),
    ],
)
def test_a_column_that_is_no_input_and_a_cell_that_is_no_amount_are_refused(tmp_path, columns, draw, said):
    with pytest.raises(ScenarioError) as refused:
        study(tmp_path, columns, [draw])
    assert said in str(refused.value)


def test_a_draw_gives_every_input(tmp_path):
    with pytest.raises(ScenarioError, match=r"draws.csv:3:1: .*: a draw gives every input: steps.panel.team.takes is"):
        study(tmp_path, draws=["10,8 days,60%", "11,,60%"])
