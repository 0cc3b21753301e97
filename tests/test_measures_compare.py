"""Summaries of runs, and options compared with carry-on."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from measures_tables import WINDOW, a_scenario, a_stay, random_tables, the_tables
from scipy import stats

from stepdown.outputs.compare import changes, comparison, describe_runs, paired, savings, wait_changes
from stepdown.outputs.measures.runs import find_runs
from stepdown.outputs.summary import MEASURES, join_summaries, summarise
from stepdown.outputs.summary_parts import Sheets
from stepdown.simulation.tables import Tables, concatenate

pytestmark = pytest.mark.measures

PRICED = {
    "payers": ["council", "health"],
    "prices": {
        "ward": {"health": {"per_person_per_week": 700}},
        "house": {"council": {"per_place_per_week": 70}, "health": {"per_person_per_week": 7}},
    },
    "settings": {
        "ward": {"places": "unlimited"},
        "house": {"places": 2, "maximum_stay": "30 days"},
        "home": {"places": "unlimited"},
    },
}


def split(tables, replications):
    """Return only some replications."""
    stays, steps = (table[table["replication"].isin(replications)] for table in (tables.stays, tables.case_steps))
    return Tables(stays.reset_index(drop=True), steps.reset_index(drop=True), tables.places)


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 10_000))
def test_splitting_replications_into_batches_changes_nothing(seed):
    tables, scenario = random_tables(seed, replications=4), a_scenario(**PRICED)
    whole = summarise(tables, scenario, WINDOW)
    parts = join_summaries([summarise(split(tables, some), scenario, WINDOW) for some in ([3, 0], [1], [2])])
    for name in Sheets._fields:
        pd.testing.assert_frame_equal(whole.table(name), parts.table(name), check_categorical=False, obj=name)
    pd.testing.assert_frame_equal(comparison(whole, WINDOW), comparison(parts, WINDOW))


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 10_000))
def test_an_option_that_is_carry_on_saves_exactly_nothing(seed):
    scenario = a_scenario(**PRICED)
    options = ("carry-on", "same")
    parts = [summarise(random_tables(seed, option=option), scenario, WINDOW) for option in options]
    same = comparison(join_summaries(parts), WINDOW).set_index("option")
    saving = [name for name in same if name.startswith("saving")]
    assert (same.loc["same", saving] == 0).all()
    others = same.drop(columns=[*saving, "variance_ratio"])
    pd.testing.assert_series_equal(others.loc["same"], others.loc["carry-on"], check_names=False)


def two_options():
    """In carry-on one person stays on the ward; in the option they leave for the house on day 30 or 50."""
    stays = [a_stay("ward", 0, to="house", ready=10, replication=one) for one in (0, 1)]
    for one, day in ((0, 30), (1, 50)):
        stays.append(a_stay("ward", 0, day, "house", ready=10, option="move", replication=one))
        stays.append(a_stay("house", day, option="move", replication=one))
    places = [(option, "house", 0.0, 2.0) for option in ("carry-on", "move")]
    return summarise(the_tables(stays, places=places), a_scenario(**PRICED), WINDOW)


def test_a_comparison_has_the_known_answers():
    row = comparison(two_options(), WINDOW).set_index("option").loc["move"]
    # A day on the ward costs £100, a day in the house £1; the block contract costs the same in both.
    expected = np.array([70 * 99, 50 * 99]) * 3.6525
    assert row["runs"] == 2
    assert row["saving_mean"] == pytest.approx(expected.mean())
    half = stats.t.ppf(0.975, 1) * expected.std(ddof=1) / np.sqrt(2)
    assert row["saving_high"] - row["saving_mean"] == pytest.approx(half)
    assert row["saving_p10"] == pytest.approx(np.quantile(expected, 0.1))
    assert row["saving_share"] == 1
    assert (row["wait_mean"], row["wait_mean:house"], row["wait_p90"]) == (30, 30, 40)
    assert row["step_downs_a_year"] == pytest.approx(3.6525)
    assert (row["waiting_at_end"], row["over_at_end"]) == (0, 1)
    assert row["over_days_a_year"] == pytest.approx((40 + 20) / 2 * 3.6525)
    baseline = comparison(two_options(), WINDOW).set_index("option").loc["carry-on"]
    assert (baseline["waiting_at_end"], baseline["over_at_end"]) == (1, 0)
    assert np.isnan(baseline["wait_p90"]), "nobody had moved, so the curve does not come down"


def test_savings_are_split_by_year_and_payer():
    years = savings(two_options(), WINDOW, ["financial_year"]).set_index("option")
    assert years.loc["move", "mean"] == pytest.approx(60 * 99), "not a year, but in this part of the financial year"
    payers = savings(two_options(), WINDOW, ["payer"]).set_index(["option", "payer"])
    assert payers.loc[("move", "council"), "mean"] == 0
    assert payers.loc[("move", "health"), "cost_mean"] == pytest.approx((40 * 100 + 60) * 3.6525)
    assert payers["mean"].sum() == pytest.approx(savings(two_options(), WINDOW)["mean"].sum())


def test_any_measure_of_a_replication_can_be_paired():
    summary = two_options()
    waiting = changes(summary, "waiting_at_end").set_index("option")
    assert waiting.loc["move", ["value_mean", "baseline_mean", "mean"]].tolist() == [0, 1, -1]
    assert set(summary.table("measures")["measure"].astype(str)) == set(MEASURES)
    waits = wait_changes(summary).set_index(["option", "name"])
    assert waits.loc[("move", "house"), "mean"] == 30 - 90
    assert wait_changes(summary, measure="all lists").set_index("option").loc["move", "mean"] == 30 - 90


def test_pairing_shows_in_the_ratio_of_variances():
    random = np.random.default_rng(1)
    luck = random.normal(0, 10, 4000)
    values = pd.DataFrame(
        {
            "option": np.repeat(["carry-on", "b"], 4000),
            "replication": np.tile(np.arange(4000), 2),
            "value": np.concatenate([luck, luck + random.normal(5, 1, 4000)]),
        }
    )
    row = paired(values).set_index("option").loc["b"]
    assert row["variance_ratio"] == pytest.approx(1 / 201, rel=0.1)
    assert row["low"] < 5 < row["high"]


def test_one_run_has_no_interval():
    found = describe_runs(np.array([4.0]))
    assert (found["mean"], found["p10"], found["share_above_0"]) == (4, 4, 1)
    assert np.isnan(found["low"])


def test_runs_in_which_nobody_came_count_when_they_are_named():
    tables = the_tables([a_stay("ward", 0, 10, "house", ready=10)])
    summary = summarise(tables, a_scenario(**PRICED), WINDOW, known=[("carry-on", one) for one in range(4)])
    assert len(summary.runs()) == 4
    assert comparison(summary, WINDOW)["step_downs_a_year"].tolist() == pytest.approx([3.6525 / 4])


def test_tables_of_other_runs_are_refused():
    runs = find_runs(random_tables(1, replications=1))
    with pytest.raises(ValueError, match="not among the runs"):
        runs.of(random_tables(1, replications=2).stays)


def test_a_comparison_needs_its_baseline():
    with pytest.raises(ValueError, match="no runs of 'carry-on'"):
        comparison(summarise(random_tables(1, option="other"), a_scenario(), WINDOW), WINDOW)


def test_a_summary_of_nothing_is_empty():
    summary = summarise(the_tables(places=()), a_scenario(**PRICED), WINDOW)
    assert summary.options == ()


def test_several_options_of_one_scenario_can_be_measured_at_once():
    both = concatenate([random_tables(1), random_tables(2, option="b")])
    whole = summarise(both, a_scenario(**PRICED), WINDOW)
    assert whole.table("costs")["option"].astype(str).unique().tolist() == ["carry-on", "b"]
