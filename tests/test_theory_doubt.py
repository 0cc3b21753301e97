"""Doubt about inputs and chance, told apart where both are known exactly."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from stepdown.outputs.doubt import doubt_apart, doubt_sentences
from stepdown.outputs.experiment import Plan
from stepdown.outputs.stopping import fixed
from stepdown.outputs.summary import join_summaries, summarise
from stepdown.outputs.work import work_of
from stepdown.scenarios.loader import read_study
from stepdown.simulation.replicate import Task

pytestmark = pytest.mark.theory

YEARS, RATE, RUNS = 5, 40.0, 100
STUDY = """
extends: base.yaml
levers: {free: {prices: {ward: {council: {per_person_per_week: 0}}}}}
options: {carry-on: [], free: [free]}
"""
BASE = f"""
start: 2026-04-01
years: {YEARS}
settings: {{ward: {{places: unlimited}}, beside: {{places: unlimited}}}}
routes:
  ward: [{{to: left, share: 100%, ready_after: 7 days}}]
  beside: [{{to: left, share: 100%, ready_after: 7 days}}]
demand: [{{from: ward, per_year: {RATE}}}, {{from: beside, per_year: 10}}]
payers: [council]
prices: {{ward: {{council: {{per_person_per_week: 100}}}}}}
"""


def told_apart(folder: Path, rates: np.ndarray | None) -> pd.DataFrame:
    """Simulate a ward in which everybody costs £100, with arrivals at a rate that is drawn, beside a decoy."""
    draws = "" if rates is None else "uncertainty: draws.csv\n"
    (folder / "base.yaml").write_text(BASE + draws, encoding="utf-8")
    (folder / "options.yaml").write_text(STUDY, encoding="utf-8")
    if rates is not None:
        decoy = np.random.default_rng(7).permutation(rates) / 4
        table = pd.DataFrame({"demand.1.per_year": decoy, "demand.0.per_year": rates})
        table.to_csv(folder / "draws.csv", index=False)
    study = read_study(folder)
    work = work_of(study, list(study.options), Plan(fixed(RUNS)))
    parts = []
    for option, scenario in work.scenarios.items():
        tables = work.simulate(Task(option, 0, RUNS))
        parts.append(summarise(tables, scenario, work.window, [(option, run) for run in range(RUNS)]))
    return doubt_apart(study, work, join_summaries(parts), 1, lambda *_: None)


@pytest.mark.parametrize("width", [5.0, 20.0])
def test_the_share_of_the_inputs_is_that_of_a_poisson_number_with_a_rate_that_is_drawn(tmp_path, width):
    """Var(N) = E[rate] T + Var(rate) T², the first part by chance and the second by the input."""
    rates = np.random.default_rng(3).permutation(np.linspace(RATE - width, RATE + width, RUNS))
    by_chance, by_input = RATE * YEARS, rates.var() * YEARS**2
    exact = by_input / (by_chance + by_input)
    # A variance of n normal values is known to sqrt(2 / n); here two of them are divided.
    error = (1 - exact) * np.sqrt(4 / RUNS)
    (row,) = told_apart(tmp_path, rates).query("measure == 'saving' and option == 'free'").itertuples()
    assert abs(row.share_of_inputs - exact) < 3 * error, f"{row.share_of_inputs:.3f}, exact {exact:.3f} ± {error:.3f}"
    assert abs(row.spread_by_chance / (100 * np.sqrt(by_chance) / YEARS) - 1) < 3 * np.sqrt(0.5 / RUNS)
    assert row.most_on == "demand.0.per_year"
    assert (row.inputs, row.runs) == (2, RUNS)


def test_without_draws_there_is_nothing_to_tell_apart(tmp_path):
    assert told_apart(tmp_path, None).empty


def test_a_sentence_says_how_much_of_the_spread_is_doubt(tmp_path):
    doubt = told_apart(tmp_path, np.linspace(RATE - 20, RATE + 20, RUNS))
    (said,) = doubt_sentences(doubt, "free")
    assert "is doubt about 2 inputs, demand.0.per_year above all; with these at their central values" in said
    assert list(doubt_sentences(doubt, "carry-on")) == []
