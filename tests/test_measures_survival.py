"""Kaplan-Meier against known curves, a plain loop, and scipy."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from stepdown.outputs.measures.survival import kaplan_meier, statistics, with_entries

pytestmark = pytest.mark.measures

OBSERVATIONS = st.lists(
    st.tuples(st.integers(0, 12), st.booleans(), st.integers(0, 6)).map(
        lambda row: (row[0], row[1], min(row[0], row[2]))
    ),
    min_size=1,
    max_size=30,
)


def a_plain_loop(rows):
    survival, curve = 1.0, []
    for time in sorted({duration for duration, completed, _ in rows if completed}):
        at_risk = sum(entry <= time <= duration for duration, _, entry in rows)
        survival *= 1 - sum(completed and duration == time for duration, completed, _ in rows) / at_risk
        curve.append((time, survival))
    return curve


def columns(rows):
    duration, completed, entry = zip(*rows, strict=True)
    return np.array(duration, dtype=float), np.array(completed), np.array(entry, dtype=float)


def test_without_censoring_the_mean_and_percentiles_are_those_of_the_times():
    curve = kaplan_meier(np.array([3.0, 1.0, 2.0, 4.0]), np.ones(4, dtype=bool))
    assert curve.mean == pytest.approx(2.5)
    assert (curve.median, curve.percentile(75), curve.percentile(90)) == (2, 3, 4)
    assert [curve.share_within(days) for days in (0.5, 2, 9)] == pytest.approx([0, 0.5, 1])
    assert np.isnan(curve.share_within(np.nan)), "without a target there is no share"


def test_people_still_waiting_lengthen_the_curve():
    curve = kaplan_meier(np.array([1.0, 2.0, 3.0, 5.0]), np.array([True, False, True, False]))
    assert curve.survival == pytest.approx([3 / 4, 3 / 8])
    assert curve.mean == pytest.approx(1 + 2 * 3 / 4 + 2 * 3 / 8), "restricted to the longest observation"
    assert curve.share_beyond == pytest.approx(3 / 8)
    assert curve.median == 3
    assert np.isnan(curve.percentile(90)), "the curve does not come down so far"
    assert np.isnan(curve.share_within(6)), "nobody was seen for six days"


def test_people_who_waited_before_the_start_are_at_risk_only_from_then():
    curve = kaplan_meier(np.array([2.0, 6.0]), np.array([True, True]), entry=np.array([0.0, 5.0]))
    assert curve.survival == pytest.approx([0, 0])
    curve = kaplan_meier(np.array([2.0, 8.0, 6.0]), np.array([True, True, True]), entry=np.array([0.0, 0.0, 5.0]))
    assert curve.survival == pytest.approx([1 / 2, 1 / 4, 0])


def test_nobody_gives_no_curve():
    curve = kaplan_meier(np.empty(0), np.empty(0, dtype=bool))
    assert np.isnan([curve.mean, curve.median, curve.share_within(1)]).all()


@settings(deadline=None)
@given(OBSERVATIONS)
def test_it_is_what_a_plain_loop_gives(rows):
    duration, completed, entry = columns(rows)
    curve, expected = kaplan_meier(duration, completed, entry), a_plain_loop(rows)
    assert curve.times.tolist() == [time for time, _ in expected]
    assert curve.survival == pytest.approx([survival for _, survival in expected])


@settings(deadline=None)
@given(OBSERVATIONS)
def test_it_is_what_scipy_gives_without_delayed_entry(rows):
    duration, completed, _ = columns(rows)
    curve = kaplan_meier(duration, completed)
    sample = stats.CensoredData(uncensored=duration[completed], right=duration[~completed])
    expected = stats.ecdf(sample).sf.evaluate(curve.times)
    assert curve.survival == pytest.approx(expected)


@settings(deadline=None)
@given(OBSERVATIONS, st.integers(1, 4))
def test_groups_and_counts_change_nothing(rows, copies):
    duration, completed, entry = columns(rows)
    alone = kaplan_meier(duration, completed, entry)
    many = np.tile(np.arange(copies), len(rows))
    seen = with_entries(many, *(np.repeat(column, copies) for column in (duration, completed, entry)), many * 0 + 1)
    targets = np.full(copies, 5.0)
    counted = kaplan_meier(duration, completed, entry, np.full(len(rows), copies))
    assert counted.times.tolist() == alone.times.tolist()
    assert counted.survival == pytest.approx(alone.survival)
    expected = [alone.mean, alone.median, alone.percentile(90), alone.longest, alone.share_beyond]
    for said in statistics(seen, copies, targets):
        assert said == pytest.approx([*expected, alone.share_within(5)], nan_ok=True)
