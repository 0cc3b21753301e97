"""Months, financial years, and arithmetic on intervals."""

import datetime as dt
import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stepdown.outputs.measures.intervals import count_within, empty_within, last_before, shared_time, time_within
from stepdown.outputs.measures.periods import financial_years, months, steps, years
from stepdown.scenarios.quantities import Timeline
from stepdown.simulation.tables import Window

pytestmark = pytest.mark.measures

INTERVALS = st.lists(
    st.tuples(st.integers(0, 2), st.floats(0, 10), st.floats(0, 10)).map(
        lambda row: (row[0], min(row[1:]), max(row[1:]))
    ),
    max_size=15,
)
EDGES = np.array([0.0, 1.5, 4.0, 10.0])


def columns(rows):
    cell, start, end = np.array(rows, dtype=float).reshape(-1, 3).T
    return cell.astype(np.int64), start, end


def test_a_financial_year_runs_from_april_to_march():
    found = financial_years(Window(dt.date(2026, 1, 15), 500.0))
    assert found.labels == ("2025/26", "2026/27", "2027/28")
    assert found.edges.tolist() == [0, 76, 76 + 365, 500]


def test_the_first_and_last_month_may_be_parts():
    found = months(Window(dt.date(2026, 1, 15), 40.0))
    assert found.labels == ("2026-01", "2026-02")
    assert found.lengths.tolist() == [17, 23]


@pytest.mark.parametrize("length", [1, 2, 3, 4, 5, 10])
def test_whole_years_from_april_are_whole_financial_years(length):
    window = Window(dt.date(2026, 4, 1), length * 365.25)
    assert len(financial_years(window).labels) == length
    assert len(months(window).labels) == 12 * length
    assert years(window).labels == tuple(str(year + 1) for year in range(length))
    assert financial_years(window).edges[-1] == window.days


def test_a_century_ends_in_00():
    assert financial_years(Window(dt.date(2099, 4, 1), 10)).labels == ("2099/00",)


def test_values_from_dates_hold_from_that_day_on():
    value = steps(Timeline(1.0, ((dt.date(2026, 4, 11), None),)), dt.date(2026, 4, 1))
    assert value.at(np.array([-5.0, 9.9])).tolist() == [1, 1]
    assert np.isnan(value.at(np.array([10.0]))).all()


@settings(deadline=None)
@given(INTERVALS)
def test_time_in_each_bin_is_what_a_plain_loop_gives(rows):
    expected = np.zeros((3, 3))
    for cell, start, end in rows:
        for column in range(3):
            expected[cell, column] += max(min(end, EDGES[column + 1]) - max(start, EDGES[column]), 0)
    assert time_within(*columns(rows), 3, EDGES) == pytest.approx(expected)


@settings(deadline=None)
@given(INTERVALS, st.lists(st.integers(0, 3) | st.just(math.inf), min_size=9, max_size=9))
def test_empty_places_are_those_that_no_interval_takes(rows, places):
    number = np.array(places, dtype=float).reshape(3, 3)
    moments = sorted({*EDGES, *(moment for row in rows for moment in row[1:])})
    expected = np.zeros((3, 3))
    for since, until in itertools.pairwise(moments):
        middle = (since + until) / 2
        for cell in range(3):
            column = int(np.searchsorted(EDGES, middle)) - 1
            taken = sum(one == cell and start <= middle < end for one, start, end in rows)
            if math.isfinite(number[cell, column]):
                expected[cell, column] += max(number[cell, column] - taken, 0) * (until - since)
    assert empty_within(*columns(rows), EDGES, number) == pytest.approx(expected, abs=1e-9)


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 1), st.integers(-1, 1), st.floats(-1, 11))))
def test_moments_are_counted_where_they_fall_and_nowhere_outside(rows):
    row, column, moment = np.array(rows, dtype=float).reshape(-1, 3).T
    found = count_within(row.astype(np.int64), column.astype(np.int64), moment, 2, 2, EDGES)
    for one in range(2):
        for other in range(2):
            mine = [when for where, kind, when in rows if (where, kind) == (one, other)]
            assert found[one, other].tolist() == [
                sum(since <= when < until for when in mine) for since, until in itertools.pairwise(EDGES)
            ]


@settings(deadline=None)
@given(INTERVALS)
def test_shared_time_adds_up_to_the_time_that_anything_was_open(rows):
    rows = [row for row in rows if row[2] > row[1]]
    cell, start, end = columns(rows)
    covered = EDGES[-1] - empty_within(cell, start, end, EDGES, np.ones((3, 3))).sum(axis=1)
    shared = shared_time(cell, start, end)
    assert np.bincount(cell, weights=shared, minlength=3) == pytest.approx(covered)
    assert (shared <= end - start + 1e-9).all()


def test_two_that_are_open_side_by_side_share_equally():
    shared = shared_time(np.array([0, 0, 1]), np.array([0.0, 4.0, 0.0]), np.array([10.0, 6.0, 3.0]))
    assert shared.tolist() == [9, 1, 3]


@settings(deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 2), st.integers(0, 9))), st.lists(st.tuples(st.integers(0, 3), st.integers(0, 9)))
)
def test_the_last_row_before_a_time_is_found(rows, asked):
    keys, times = np.array(rows, dtype=float).reshape(-1, 2).T
    found = last_before(keys, times, *np.array(asked, dtype=float).reshape(-1, 2).T)
    for (key, time), row in zip(asked, found, strict=True):
        best = max((when for one, when in rows if one == key and when <= time), default=None)
        assert (row == -1) if best is None else (rows[row] == (key, best))
