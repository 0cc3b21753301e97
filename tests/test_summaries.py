"""What is kept of runs: the same however it was joined or written, as exact as it says, and no larger than it says."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from measures_tables import WINDOW, a_scenario, a_stay, a_step, random_tables, the_tables

from stepdown.outputs.compare import comparison
from stepdown.outputs.measure_files import write_measures
from stepdown.outputs.measures.adaptations import ADAPTATION_TIME, adaptation_observations
from stepdown.outputs.measures.occupancy import occupancy
from stepdown.outputs.measures.waits import LIST, STEP_ELAPSED, STEP_WAIT, describe, observations
from stepdown.outputs.sheets import narrowed
from stepdown.outputs.summary import Summary, join_summaries, summarise
from stepdown.outputs.summary_files import read_summary, write_summary
from stepdown.outputs.summary_parts import Sheets
from stepdown.outputs.tally import ENTERED, PER_DAY, SHORTEST, cells_of, least_of
from stepdown.scenarios.errors import RunError
from stepdown.simulation.tables import Tables, concatenate

pytestmark = pytest.mark.measures

PRICED = {
    "areas": ["city", "county"],
    "payers": ["council"],
    "prices": {"house": {"council": {"per_person_per_week": 7}}},
    "settings": {
        "ward": {"places": "unlimited"},
        "house": {"places": 2, "maximum_stay": "30 days"},
        "home": {"places": "unlimited"},
    },
}

WAITS = np.random.default_rng(1).exponential(9, 40)

WARMED_UP = replace(WINDOW, opening_day=-999.0)


def adapted(replications):
    """Cases of adaptation, so that all that can be kept is kept."""
    steps = []
    for replication in replications:
        for case, wait in enumerate(np.random.default_rng(replication).exponential(20, 9)):
            where = {"replication": replication, "case": 100 + case, "tier": "minor", "tenure": "owned"}
            steps.append(a_step("works", wait, wait + 1, 3 * wait if 3 * wait < 100 else np.nan, **where))
    return the_tables(steps=steps, places=())


def summary_of(seed, replications, option="carry-on", window=WINDOW):
    """Summarise random histories, one a replication."""
    histories = [random_tables(seed + one, replications=1, option=option) for one in replications]
    numbered = [
        Tables(history.stays.assign(replication=one), history.case_steps.assign(replication=one), history.places)
        for one, history in zip(replications, histories, strict=True)
    ]
    adaptations = adapted(replications)
    named = adaptations.case_steps.assign(option=pd.Categorical([option] * len(adaptations.case_steps)))
    tables = concatenate([*numbered, adaptations._replace(case_steps=named)])
    return tables, summarise(tables, a_scenario(**PRICED), window, [(option, one) for one in replications])


def arrays_of(summary):
    """Yield every array of a summary, named."""
    for one in summary.options:
        yield one.option, one.replications
        for name, sheet in one.sheets._asdict().items():
            yield f"{name}.numbers", sheet.numbers
            yield f"{name}.codes", sheet.keys.codes
            yield from ((f"{name}.{what}", values) for what, values in sheet.fixed.items())
        yield "times.codes", one.times.keys.codes
        yield from zip(one.times._fields[1:], one.times[1:], strict=True)


def require_same(one: Summary, other: Summary) -> None:
    """Require the same numbers to the last bit, of the same type, with the same labels."""
    for (name, array), (again, same) in zip(arrays_of(one), arrays_of(other), strict=True):
        assert (name, array.dtype) == (again, same.dtype)
        np.testing.assert_array_equal(array, same, strict=True, err_msg=name)
    keys = [[*(sheet.keys.labels for sheet in part.sheets), part.times.keys.labels] for part in one.options]
    assert keys == [[*(sheet.keys.labels for sheet in part.sheets), part.times.keys.labels] for part in other.options]


# Joining


@settings(max_examples=5, deadline=None)
@given(st.integers(0, 10_000), st.permutations(range(6)), st.lists(st.integers(1, 5), max_size=3))
def test_however_replications_are_batched_and_ordered_the_joined_summary_is_the_same_to_the_last_bit(seed, order, cuts):
    _, whole = summary_of(seed, range(6), window=WARMED_UP)
    batches = [part for part in np.split(np.array(order), sorted(set(cuts))) if len(part)]
    parts = [summary_of(seed, batch.tolist(), window=WARMED_UP)[1] for batch in batches]
    joined = join_summaries(parts)
    for name in Sheets._fields:
        pd.testing.assert_frame_equal(whole.table(name), joined.table(name), check_exact=True, obj=name)
    for measure in (LIST, STEP_WAIT, STEP_ELAPSED, ADAPTATION_TIME):
        pd.testing.assert_frame_equal(whole.times(measure, ["name"]), joined.times(measure, ["name"]), check_exact=True)
    require_same(joined, join_summaries([join_summaries(parts[:1]), *parts[1:][::-1]]))


def test_a_replication_cannot_be_joined_twice():
    _, summary = summary_of(1, [0, 1])
    with pytest.raises(ValueError, match="replications of 'carry-on' stand in several"):
        join_summaries([summary, summary])


def test_a_route_that_only_some_batches_know_has_zeros_in_the_others():
    gone = [a_stay("ward", 0, 10, "house", ready=10, replication=0), a_stay("ward", 0, 10, "home", replication=1)]
    parts = [summarise(the_tables([stay]), a_scenario(**PRICED), WINDOW) for stay in gone]
    moves = join_summaries(parts).table("moves")
    found = {(row["replication"], row["to"]): row["moves"] for _, row in moves.iterrows()}
    assert found == {(0, "house"): 1, (0, "home"): 0, (1, "house"): 0, (1, "home"): 1}


# How exact it is


@settings(deadline=None)
@given(st.floats(0, 1e5))
def test_times_that_are_counted_together_are_at_most_a_fifth_of_a_percent_apart(days):
    cell = cells_of(np.array([days]))
    least, above = least_of(cell)[0], least_of(cell + 1)[0]
    assert least <= days < above
    assert above - least <= max(least * 2**-9, SHORTEST)


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 10_000), st.booleans())
@example(406, True)
def test_what_counted_times_say_is_what_the_times_themselves_say(seed, warmed_up):
    window = WARMED_UP if warmed_up else WINDOW
    tables, summary = summary_of(seed, range(3), window=window)
    seen = observations(tables, a_scenario(**PRICED), window)
    for measure in (LIST, STEP_WAIT, STEP_ELAPSED):
        kept = summary.times(measure, ["name"], {"house": 20.0})
        exact = describe(seen[(seen["measure"] == measure).to_numpy()], ["measure", "name"], {"house": 20.0})
        exact = exact.set_index(exact["name"].astype(str)).loc[kept["name"].astype(str)]
        for column in ("number", "completed", "still_waiting", "stopped"):
            assert kept[column].tolist() == exact[column].tolist()
        # With delayed entry very few may be at risk, and one who is counted from the beginning of a cell weighs more.
        near = 1e-2 if warmed_up else 2e-3
        assert kept["mean_days"].to_numpy() == pytest.approx(exact["mean_days"].to_numpy(), rel=near)
        assert kept["longest_days"].to_numpy() == pytest.approx(exact["longest_days"].to_numpy(), rel=2e-3)


def test_without_censoring_a_mean_is_exact():
    stays = [a_stay("ward", 0, 10 + wait, "house", ready=10, person=one) for one, wait in enumerate(WAITS)]
    (mean,) = summarise(the_tables(stays), a_scenario(), WINDOW).times(LIST)["mean_days"]
    assert mean == pytest.approx(WAITS.mean(), abs=1 / PER_DAY)


def test_adaptations_are_counted_by_tier_and_tenure():
    tables, summary = summary_of(5, range(3))
    seen = adaptation_observations(tables, a_scenario(), WINDOW)
    kept, exact = summary.times(ADAPTATION_TIME, ["tier", "tenure"]), describe(seen, ["tier", "tenure"], {})
    assert kept[["tier", "tenure"]].astype(str).to_numpy().tolist() == [["minor", "owned"]]
    assert kept["number"].tolist() == exact["number"].tolist()
    assert kept["median_days"].to_numpy() == pytest.approx(exact["median_days"].to_numpy(), rel=2e-3)


def test_monthly_averages_are_kept_to_a_hundredth():
    tables, summary = summary_of(7, range(4))
    exact = occupancy(tables, a_scenario(**PRICED), WINDOW, each_replication=True)
    kept = summary.table("occupancy")
    for average in ("people", "places", "voids", "waiting", "delayed"):
        apart = np.nan_to_num(kept[average].to_numpy() - exact[average].to_numpy())
        assert np.abs(apart).max() <= 0.005 + 1e-9, average


# Files


def test_a_summary_comes_back_from_its_file_as_it_was(tmp_path):
    parts = [summary_of(3, range(4), window=WARMED_UP)[1], summary_of(4, [2, 7], option="=other; ä")[1]]
    summary = join_summaries(parts)
    write_summary(summary, tmp_path / "kept.npz")
    require_same(read_summary(tmp_path / "kept.npz"), summary)
    assert [file.name for file in tmp_path.iterdir()] == ["kept.npz"], "what was written beside has been renamed"
    again = join_summaries([read_summary(tmp_path / "kept.npz"), summary_of(3, [9])[1]])
    assert len(again.runs()) == len(summary.runs()) + 1


def test_an_empty_summary_comes_back_too(tmp_path):
    write_summary(Summary(()), tmp_path / "kept.npz")
    assert read_summary(tmp_path / "kept.npz") == Summary(())


@pytest.mark.parametrize("content", [b"", b"PK", b"a text"])
def test_a_file_that_is_no_summary_is_refused_by_name(tmp_path, content):
    (tmp_path / "kept.npz").write_bytes(content)
    with pytest.raises(RunError, match=r"kept\.npz is not a summary of runs"):
        read_summary(tmp_path / "kept.npz")


def test_measure_files_hold_the_tables_whatever_the_options(tmp_path):
    summary = join_summaries([summary_of(1, [0, 1])[1], summary_of(2, [0, 1, 2], option="b")[1]])
    for path in write_measures(summary, tmp_path, "parquet"):
        seen, expected = pd.read_parquet(path), summary.table(path.stem)
        assert len(seen) == len(expected) > 0, path.name
        pd.testing.assert_frame_equal(seen.astype(str), expected.astype(str), obj=path.name)


# How large it is


def test_what_is_counted_does_not_grow_with_the_number_of_runs():
    """However many waits there are, they are counted in the cells that there are."""
    _, summary = summary_of(11, range(3))
    copies = [one._replace(replications=one.replications + 3 * copy) for one in summary.options for copy in range(50)]
    joined = join_summaries([Summary((copy,)) for copy in copies]).of("carry-on")
    once = summary.of("carry-on").times
    assert len(joined.times.cell) == len(once.cell)
    assert (joined.times.number == 50 * once.number).all()
    cells = cells_of(np.array([WINDOW.days + 999.0]))[0] + 1
    assert len(joined.times.cell) <= len(joined.times.keys.codes) * (ENTERED + 1) * cells


def test_a_run_takes_as_many_bytes_as_its_sheets_have_cells_of_two_four_or_eight():
    _, summary = summary_of(11, range(8))
    sheets = summary.of("carry-on").sheets
    widths = {name: sheet.numbers.itemsize for name, sheet in sheets._asdict().items()}
    assert widths == {
        "measures": 8,
        "waits": 8,
        "occupancy": 2,
        "moves": 2,
        "delay": 8,
        "costs": 8,
        "costs_by_month": 4,
        "areas": 8,
    }
    assert sum(sheet.numbers.nbytes for sheet in sheets) / 8 < 2_000, "four months of three settings"


def test_numbers_that_two_bytes_cannot_hold_take_four():
    assert narrowed(np.array([65_535.0])).dtype == np.uint16
    assert narrowed(np.array([65_536.0])).tolist() == [65_536]


def test_a_comparison_of_counted_times_needs_no_tables():
    parts = [summary_of(3, range(4), option=option)[1] for option in ("carry-on", "b")]
    rows = comparison(join_summaries(parts), WINDOW)
    assert rows["option"].tolist() == ["carry-on", "b"]
    assert rows["wait_mean"].notna().all()
