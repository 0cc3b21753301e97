"""Rounded results of the shipped scenarios, so that a change that alters them is noticed and can be looked at.

They prove nothing by themselves: theory, traces and properties do. ``make snapshots`` accepts new ones.
"""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest
from experiments import ran

from stepdown.outputs.board import compare_options
from stepdown.outputs.run_folder import as_json
from stepdown.outputs.words.numbers import significant
from stepdown.scenarios.loader import read_study, shipped

pytestmark = pytest.mark.snapshots

SNAPSHOTS = Path(__file__).parent / "snapshots"

RUNS = {"orchard-house": 6, "leicester": 1, "adaptations": 1, "merger": 2, "recommissioning": 2, "regional": 2}
"""As many as take some seconds: a longer run would notice no more."""

KEPT = ("saving_mean", "wait_mean", "adaptation_mean", "step_downs_a_year", "waiting_at_end", "over_days_a_year")
FIGURES = 2

SCENARIOS = [name for name, _ in shipped()]


def results_of(scenario: str) -> dict[str, dict[str, float | None]]:
    """Return what matters of every option, rounded, with seed 1."""
    study = read_study(scenario)
    results, _, _ = ran(study, tuple(study.options), RUNS[scenario])
    rows = compare_options(results).set_index("option").to_dict("index")
    costs = results.summary.table("costs").groupby("option", observed=True)["pounds"].sum()
    costs = costs / results.runs / results.window.years
    return {
        option: {name: rounded(row[name]) for name in KEPT} | {"cost_a_year": rounded(costs[option])}
        for option, row in rows.items()
    }


def rounded(value: float) -> float | None:
    return None if math.isnan(value) else significant(float(value), FIGURES)


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_a_shipped_scenario_still_gives_the_results_that_were_looked_at(scenario, request):
    file = SNAPSHOTS / f"{scenario}.json"
    seen = results_of(scenario)
    if request.config.getoption("--refresh-snapshots"):
        file.parent.mkdir(exist_ok=True)
        file.write_text(as_json(seen), encoding="utf-8", newline="\n")
    kept = json.loads(file.read_text(encoding="utf-8"))
    assert seen == kept, f"results of {scenario} have changed; if they should have, accept them with: make snapshots"


def test_every_snapshot_is_of_a_scenario_that_is_shipped():
    assert sorted(file.stem for file in SNAPSHOTS.iterdir()) == SCENARIOS == sorted(RUNS)
