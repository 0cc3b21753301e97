"""Many replications: how they are run never shows, and options differ only by what they change."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from experiments import ran

from stepdown.outputs.board import compare_options
from stepdown.outputs.compare import savings
from stepdown.outputs.experiment import Results
from stepdown.outputs.measures.waits import LIST, STEP_ELAPSED, STEP_WAIT
from stepdown.outputs.summary_parts import Sheets, Summary
from stepdown.outputs.worked_example import write_example
from stepdown.scenarios.loader import Study, read_study
from stepdown.simulation import replicate, workers

pytestmark = pytest.mark.determinism

RUNS = 4
SAME = ("carry-on", "the-same")


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> Study:
    """The worked example, one year of it, with an option that changes nothing that matters."""
    folder = tmp_path_factory.mktemp("studies") / "example"
    write_example(folder)
    options = folder / "options.yaml"
    text = options.read_text(encoding="utf-8").replace("options:\n", "options:\n  the-same: [another-name]\n")
    lever = '  another-name: {title: "The same under another name"}\n'
    options.write_text(text.replace("levers:\n", "levers:\n" + lever), encoding="utf-8")
    return read_study(folder, ["years=1"])


@pytest.fixture(scope="module")
def orchard_house() -> Results:
    study = read_study("orchard-house")
    return ran(study, tuple(study.options), 16)[0]


def the_same(seen: tuple[pd.DataFrame, ...], expected: tuple[pd.DataFrame, ...]) -> None:
    """Require the same rows, in whatever order: to the last bit, and with names as text."""
    for table, other in zip(seen, expected, strict=True):
        pd.testing.assert_frame_equal(in_order(table), in_order(other), check_exact=True)


def kept_of(summary: Summary) -> list[pd.DataFrame]:
    """Return everything that is kept of runs, as tables."""
    times = [summary.times(measure, ["name"]) for measure in (LIST, STEP_WAIT, STEP_ELAPSED)]
    return [*(summary.table(name) for name in Sheets._fields), *times]


def in_order(table: pd.DataFrame) -> pd.DataFrame:
    names = [name for name, kind in table.dtypes.items() if isinstance(kind, pd.CategoricalDtype)]
    plain = table.astype(dict.fromkeys(names, "object"))
    return plain.sort_values(list(plain.columns), ignore_index=True)


def test_two_processes_yield_the_very_tables_and_measures_that_one_yields(example, monkeypatch):
    monkeypatch.setattr(workers, "WORTH_STARTING", 0.0)
    monkeypatch.setattr(replicate, "BATCH", 3)
    one, one_tables, _ = ran(example, SAME[:1], 11)
    two, two_tables, _ = ran(example, SAME[:1], 11, jobs=2)
    everything = zip((*two_tables, *kept_of(two.summary)), (*one_tables, *kept_of(one.summary)), strict=True)
    for seen, expected in everything:
        pd.testing.assert_frame_equal(seen, expected, check_exact=True)


@pytest.mark.parametrize("batch", [1, 3])
def test_it_does_not_matter_how_replications_are_batched(example, monkeypatch, batch):
    expected, tables, _ = ran(example, SAME, RUNS)
    monkeypatch.setattr(replicate, "BATCH", batch)
    results, others, told = ran(example, SAME, RUNS)
    sizes = [n for _ in SAME for n in [batch] * (RUNS // batch) + [RUNS % batch] if n]
    assert told == [(sum(sizes[: done + 1]), 2 * RUNS) for done in range(len(sizes))]
    the_same(others, tables)
    for seen, other in zip(kept_of(results.summary), kept_of(expected.summary), strict=True):
        pd.testing.assert_frame_equal(seen, other, check_exact=True)


def test_more_runs_leave_the_first_ones_as_they_were(example):
    _, few, _ = ran(example, SAME[:1], 2)
    _, more, _ = ran(example, SAME[:1], 3)
    the_same(few[:2], tuple(table[table["replication"] < 2] for table in more[:2]))


def test_another_seed_is_another_history(example):
    _, one, _ = ran(example, SAME[:1], 1)
    _, other, _ = ran(example, SAME[:1], 1, seed=2)
    assert not one.stays["left_day"].equals(other.stays["left_day"])


def test_an_option_that_changes_nothing_saves_exactly_nothing_in_every_replication(example):
    results, tables, _ = ran(example, SAME, RUNS)
    same = savings(results.summary, results.window).set_index("option").loc["the-same"]
    zeroes = same[["mean", "low", "high", "p10", "p90", "share_above_0"]].to_numpy(dtype=float)
    assert np.all(zeroes == 0), f"an option that is carry-on under another name differs from it: {dict(same)}"
    stays = {name: tables.stays[tables.stays["option"] == name] for name in ("carry-on", "the-same")}
    apart = [table.drop(columns="option").reset_index(drop=True) for table in stays.values()]
    pd.testing.assert_frame_equal(*apart, check_exact=True)


def test_carry_on_comes_first_and_is_its_own_baseline(orchard_house):
    rows = compare_options(orchard_house)
    assert rows["option"].tolist() == ["carry-on", "open", "open-and-give-up", "as-published", "blocks-and-voids"]
    assert rows.loc[0, "saving_mean"] == 0


def costs_of(results: Results, option: str) -> np.ndarray:
    """What an option costs in each replication."""
    costs = results.summary.table("costs")
    return costs[costs["option"] == option].groupby("replication")["pounds"].sum().to_numpy()


def test_common_luck_makes_savings_far_more_certain_than_independent_runs_would(record_property):
    """The variance of a paired saving against that of carry-on's and the option's runs made apart."""
    results, _, _ = ran(read_study("leicester", ["years=3"]), ("carry-on", "weekly-panel"), 8)
    rows = compare_options(results).set_index("option")
    carry_on, weekly = costs_of(results, "carry-on"), costs_of(results, "weekly-panel")
    ratio = (carry_on - weekly).var(ddof=1) / (carry_on.var(ddof=1) + weekly.var(ddof=1))
    assert rows.loc["weekly-panel", "variance_ratio"] == pytest.approx(ratio)
    record_property("variance ratio", float(ratio))
    assert ratio < 0.1, f"pairing keeps {ratio:.0%} of the variance: is the luck of replications still common?"


def test_pairing_helps_less_where_carry_on_hardly_varies_but_never_harms(orchard_house):
    """Without Orchard House all places are always taken, so that cost varies little and there is little to share."""
    ratios = compare_options(orchard_house).set_index("option")["variance_ratio"].drop("carry-on")
    assert ratios.max() < 1.1
    assert ratios["open-and-give-up"] < 0.95


def test_runs_that_do_not_share_their_luck_gain_nothing_by_pairing(orchard_house):
    carry_on, opened = costs_of(orchard_house, "carry-on"), costs_of(orchard_house, "open")
    mismatched = [np.var(carry_on - np.roll(opened, shift), ddof=1) for shift in range(1, len(opened))]
    ratio = np.mean(mismatched) / (carry_on.var(ddof=1) + opened.var(ddof=1))
    assert ratio == pytest.approx(1, abs=0.05)


@pytest.mark.parametrize("by", ["payer", "kind", "setting", "financial_year"])
def test_the_parts_of_a_saving_add_up_to_it(orchard_house, by):
    whole = savings(orchard_house.summary, orchard_house.window).set_index("option")["mean"]
    parts = savings(orchard_house.summary, orchard_house.window, [by], a_year=True)
    assert parts.groupby("option")["mean"].sum().to_dict() == pytest.approx(whole.to_dict(), abs=0.01)


def test_all_money_over_payers_is_the_total_by_month_and_by_year(example):
    summary = ran(example, SAME, RUNS)[0].summary
    totals = [
        table.pivot_table(index=["option", "replication"], columns="payer", values="pounds", aggfunc="sum")
        for table in (summary.table(name).astype({"payer": str}) for name in ("costs", "costs_by_month"))
    ]
    assert list(totals[0]) == ["adult-social-care", "nhs"]
    pd.testing.assert_frame_equal(*totals)
    assert (totals[0] > 0).all(axis=None)


def test_a_run_writes_nothing_where_it_was_started(example, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    ran(example, SAME[:1], 1)
    assert list(Path(tmp_path).iterdir()) == []
