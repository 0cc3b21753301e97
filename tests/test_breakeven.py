"""Where margins made by hand turn, and how well that is known."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from stepdown.outputs.breakeven.crossing import Search, search

pytestmark = pytest.mark.measures

LUCK = np.array([-3.0, -1.0, 0.0, 1.0, 3.0])
"""What chance does to the margin of each of five runs, whatever the input."""


def look(function, today, low=0.0, high=10.0, whole=False) -> Search:
    """Search margins that are a function of the input, with luck added."""
    return search(lambda values: [function(value) + LUCK for value in values], today, low, high, 7, whole, 1e-9)


def test_a_straight_line_turns_where_two_of_its_points_say():
    found = look(lambda value: 30 - 4 * value, today=5.0)
    assert found.today.holds
    assert found.crossing.value == pytest.approx(7.5, abs=1e-9)
    assert not found.crossing.holds_above
    assert found.monotone
    assert found.matters


def test_how_well_it_is_known_is_the_interval_of_the_margin_by_its_slope():
    found = look(lambda value: 30 - 4 * value, today=5.0)
    half = stats.t.ppf(0.975, 4) * LUCK.std(ddof=1) / np.sqrt(5)
    assert found.crossing.half_width == pytest.approx(half / 4)
    assert found.crossing.interval == pytest.approx((7.5 - half / 4, 7.5 + half / 4))


def test_a_curve_turns_where_it_turns():
    assert look(lambda value: value**3 - 20, today=9.0).crossing.value == pytest.approx(20 ** (1 / 3), abs=1e-6)
    assert look(lambda value: value**3 - 20, today=9.0).crossing.holds_above


def test_what_fails_already_turns_where_it_would_begin_to_hold():
    found = look(lambda value: 30 - 4 * value, today=9.0)
    assert not found.today.holds
    assert found.crossing.value == pytest.approx(7.5)


def test_nothing_turns_that_holds_or_fails_everywhere():
    for margin in (1.0, -1.0):
        found = look(lambda value, margin=margin: margin + margin * value, today=5.0)
        assert found.crossing is None
        assert found.matters
        assert found.today.holds == (margin > 0)


def test_an_input_that_makes_no_difference_is_told_apart():
    found = look(lambda value: 5.0, today=5.0)
    assert (found.crossing, found.matters, found.monotone) == (None, False, True)


def test_what_does_not_go_one_way_turns_where_it_is_nearest_to_now():
    def hill(value):
        return 4 - (value - 5) ** 2

    found = look(hill, today=4.0)
    assert not found.monotone
    assert found.crossing.value == pytest.approx(3.0, abs=1e-6)
    assert found.crossing.holds_above
    assert look(hill, today=5.5).crossing.value == pytest.approx(7.0, abs=1e-6)


def test_nothing_turns_where_the_option_comes_to_be_carry_on_itself():
    found = search(lambda values: [value * (10 + LUCK) for value in values], 5.0, 0.0, 10.0, 7, False, 1e-9)
    assert found.crossing is None
    assert found.today.holds


def test_of_whole_numbers_it_is_the_first_on_the_other_side_of_now():
    tried = []

    def line(value):
        tried.append(value)
        return 7.5 - value

    assert look(line, today=3.0, whole=True).crossing.value == 8
    assert look(line, today=9.0, whole=True).crossing.value == 7
    assert all(value == int(value) for value in tried)


def test_runs_in_which_nobody_waited_say_nothing_and_one_run_has_no_interval():
    def margins(values):
        return [np.array([5 - value, np.nan]) for value in values]

    found = search(margins, 2.0, 0.0, 10.0, 7, False, 1e-9)
    assert found.crossing.value == pytest.approx(5.0)
    assert found.crossing.interval is None


def test_todays_value_may_lie_outside_the_range_that_is_tried():
    found = look(lambda value: 30 - 4 * value, today=20.0)
    assert not found.today.holds
    assert found.crossing.value == pytest.approx(7.5)
    assert [point.value for point in found.points] == pytest.approx(list(np.linspace(0, 10, 7)))


def test_the_interval_never_reaches_below_nothing():
    assert look(lambda value: 1 - value, today=0.5).crossing.interval[0] == 0.0
