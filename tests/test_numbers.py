"""Numbers as a board reads them."""

from __future__ import annotations

import math

import pytest

from stepdown.outputs.words.numbers import amount, percent, pounds, pounds_range, significant

pytestmark = pytest.mark.command_line


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (0, "£0"),
        (-0.3, "£0"),
        (-1e-9, "£0"),
        (84_123.45, "£84,100"),
        (-66_349, "-£66,300"),
        (999_999.6, "£1 million"),
        (1_254_000, "£1.25 million"),
        (-1_254_000, "-£1.25 million"),
        (12_540_000, "£12.5 million"),
        (math.nan, "n/a"),
        (math.inf, "n/a"),
    ],
)
def test_money_has_three_figures_commas_and_its_sign_before_the_pound(value, written):
    assert pounds(value) == written


def test_a_range_of_money_says_to_and_never_has_a_hyphen_between():
    assert pounds_range(52_000, 171_000) == "£52,000 to £171,000"
    assert pounds_range(-52_000, 171_000) == "-£52,000 to £171,000"
    assert pounds_range(math.nan, 1) == "n/a"


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (0, "0"),
        (-0.04, "0"),
        (0.06, "0.1"),
        (6.66, "6.7"),
        (7.0, "7"),
        (9.96, "10"),
        (1234.5, "1,200"),
        (math.nan, "n/a"),
    ],
)
def test_a_plain_number_is_whole_from_ten_up(value, written):
    assert amount(value) == written


@pytest.mark.parametrize(
    ("share", "written"),
    [(0, "0%"), (0.005, "under 1%"), (0.006, "1%"), (0.4, "40%"), (0.994, "99%"), (0.995, "over 99%"), (1, "100%")],
)
def test_a_share_reads_all_or_nothing_only_where_it_is(share, written):
    assert percent(share) == written


def test_rounding_to_figures_leaves_what_is_no_number():
    assert significant(123_456, 2) == 120_000
    assert significant(0.0123456) == 0.0123
    assert significant(math.inf) == math.inf
