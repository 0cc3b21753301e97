"""The sentences of a paper: templates that are filled with numbers, and what they say at their edges."""

import numpy as np
import pytest

from stepdown.outputs.charts.chart_titles import MOST_WORDS, Change
from stepdown.outputs.money.appraisal import Worth
from stepdown.outputs.paper import sentences
from stepdown.outputs.paper.answer import cost_rating, waiting_rating
from stepdown.outputs.words.wording import cut

pytestmark = pytest.mark.papers

LONG = "a-name-of-an-option that goes on for many words and then some more of them"


def worth(*saved):
    years = tuple(f"year {number}" for number in range(len(saved)))
    return Worth(years, np.array([saved], dtype=float), np.ones(len(saved)), np.ones(len(saved)))


@pytest.mark.parametrize(
    ("mean", "clear", "title"),
    [
        (84_000, True, "Flats saves £84,000 a year"),
        (-84_000, True, "Flats costs £84,000 a year more"),
        (84_000, False, "No clear saving or cost with flats"),
    ],
)
def test_the_title_of_the_paper_says_what_an_option_costs(mean, clear, title):
    assert sentences.cost_title("flats", mean, clear) == title


def test_titles_have_at_most_ten_words_however_long_a_name_is():
    titles = [
        sentences.cost_title(LONG, 84_000, clear=True),
        sentences.cost_title(LONG, 84_000, clear=False),
        sentences.waits_title(LONG, Change(10, 5, clear=True)),
        sentences.waits_title(LONG, Change(10, 5, clear=False)),
        sentences.purse_title(-1_250_000, 900_000),
    ]
    assert max(len(title.split()) for title in titles) <= MOST_WORDS


def test_a_wait_that_is_a_lower_bound_is_said_as_one():
    waits = {"flats": "106", "carry-on": ">1,860"}
    assert sentences.wait_sentence("flats", waits, Change(44.4, 0.7, clear=True)) == (
        "People wait 106 days on average with flats, and more than 1,860 with carry-on; at the end 0.7 people wait, "
        "against 44.4."
    )


def test_adaptations_and_step_downs_are_told_beside_carry_on():
    times = {"flats": ">90", "carry-on": "152"}
    assert sentences.adaptations_sentence("flats", times) == (
        "Adaptations take more than 90 days on average from first contact to completion with flats, and 152 with "
        "carry-on."
    )
    assert sentences.moves_sentence("flats", Change(0, 7.7, clear=True)) == (
        "7.7 people a year step down to less support with flats, and 0 with carry-on."
    )


def test_what_one_purse_saves_and_another_pays_stands_in_one_sentence():
    saved = {"council": 84_000.0, "public sector": -12_000.0, "residents": -500.0}
    assert sentences.purses_sentence(saved) == (
        "In constant prices, the council saves £84,000, the public sector pays £12,000 more and residents pay £500 "
        "more a year."
    )
    assert sentences.purses_sentence({"council": 0.2}) == "Nobody pays more or less."
    assert sentences.purse_title(0, 0) == "Nobody pays more or less"
    assert sentences.purse_title(0, 900) == "The council pays the same"


@pytest.mark.parametrize(
    ("saved", "said"),
    [
        ((10, 10), "For the council there is nothing to pay back: no year ends with more spent than saved so far."),
        ((-10, 5), "For the council it does not pay back within the 2 years that were simulated."),
        ((-10, 20), "For the council it pays back after 1.5 years."),
    ],
)
def test_payback_is_said_in_years_or_as_never_within_the_time(saved, said):
    assert sentences.payback_sentence({"council": worth(*saved)}) == said


def test_purses_that_share_a_fate_share_a_sentence():
    assert sentences.payback_sentence({"council": worth(-10, 5), "public sector": worth(-20, 5)}) == (
        "For the council and the public sector it does not pay back within the 2 years that were simulated."
    )


def test_inputs_that_are_drawn_are_said_to_make_the_runs_differ():
    said = " ".join(sentences.range_sentences(6, 100, 3))
    assert "differ by chance (who comes, how long they stay, when a home is free) and by 3 inputs" in said
    assert "by chance only" not in said


def test_without_ranged_inputs_the_runs_are_said_to_differ_by_chance_only():
    none, some, one = (" ".join(sentences.range_sentences(number, 100, 0)) for number in (0, 6, 1))
    assert "differ by chance only" in none
    assert "gives no range of 8 in 10 runs" in none
    assert "6 inputs have a low and a high value, which these runs do not use" in some
    assert "1 input has" in one
    assert "8 in 10" not in some + one


def test_what_is_known_of_the_first_runs_alone_is_said_to_be():
    assert "the first 10 of 200 runs" in sentences.kept_sentence(10, 200)
    assert "all 10 runs" in sentences.kept_sentence(10, 10)
    assert "no more than one group, area or tenure" in sentences.not_split_sentence(["group", "area", "tenure"])


def test_what_is_left_after_optimism_bias_names_the_share_that_is_delivered():
    assert sentences.expected_sentence(-84_000, 0.5) == (
        "With optimism bias taken off and 50% of savings delivered, the net present value for the council is -£84,000."
    )
    assert "delivered" not in sentences.expected_sentence(-84_000, 1.0)


def test_one_row_more_stands_and_two_rows_more_stand_in_the_annex():
    assert sentences.more_sentence(1, "option") == "1 more option stands in the annex."
    assert sentences.more_sentence(2, "options") == "2 more options stand in the annex."


@pytest.mark.parametrize(("low", "high", "word"), [(1, 2, "GREEN"), (-2, -1, "RED"), (-1, 1, "AMBER"), (0, 0, "AMBER")])
def test_the_rating_of_cost_follows_the_interval_of_the_mean(low, high, word):
    assert cost_rating(low, high).word == word


@pytest.mark.parametrize(
    ("before", "after", "clear", "word"),
    [(10, 5, True, "GREEN"), (5, 10, True, "RED"), (10, 5, False, "AMBER")],
)
def test_the_rating_of_waiting_is_green_where_fewer_wait(before, after, clear, word):
    assert waiting_rating(Change(before, after, clear)).word == word


def test_a_text_that_is_too_long_is_cut_to_the_letters_that_there_is_room_for():
    assert cut("step-down flats", 15) == "step-down flats"
    assert cut("step-down flats", 10) == "step-do..."
    assert len(cut(LONG, 28)) <= 28
