"""Runs are added until results are precise enough: what is asked, when it stops, and what is said then."""

from __future__ import annotations

import itertools
import json
import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from commands import TINY, Stepdown, only, tiny, typing

from stepdown.outputs import run_folder
from stepdown.outputs.precision import DEFAULT_PRECISION, Width, how_well_known, parse_precision, say_precision
from stepdown.outputs.stopping import FEWEST, fixed, stopping_data, stopping_sentences, until_precise
from stepdown.scenarios.errors import ChoiceError
from stepdown.simulation.replicate import BATCH

pytestmark = pytest.mark.execution


@pytest.fixture
def stepdown(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Stepdown:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(run_folder, "make_charts", lambda results: [])
    return typing(monkeypatch)


@pytest.mark.parametrize(
    ("text", "cost", "wait"),
    [
        (DEFAULT_PRECISION, Width(share=0.01), Width(7, 0.05)),
        ("£10,000", Width(10_000), None),
        ("£1.5 million, 2 weeks", Width(1_500_000), Width(14)),
        ("3 days", None, Width(3)),
        (" 2.5%,  1 day or 10% ", Width(share=0.025), Width(1, 0.1)),
    ],
)
def test_what_is_asked_is_read_as_it_is_meant(text, cost, wait):
    assert dict(parse_precision(text).widths) == {
        name: width for name, width in (("cost", cost), ("wait", wait)) if width is not None
    }


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "neither how much money nor how many days"),
        ("10000", "neither how much money nor how many days"),
        ("£10,00", "neither how much money nor how many days"),
        ("3 dys", "neither how much money nor how many days"),
        ("7 days or 5", "neither how much money nor how many days"),
        ("150%", "neither how much money nor how many days"),
        ("£5, 2%", "says the same as the part before it"),
        ("£0", "is not more than nothing"),
    ],
)
def test_what_cannot_be_meant_is_refused(text, said):
    with pytest.raises(ChoiceError, match=said):
        parse_precision(text)


def test_what_is_asked_is_said_in_words():
    said = "money to within 1% of the yearly cost, waits to within 7 days or 5%"
    assert say_precision(parse_precision(DEFAULT_PRECISION)) == said
    said = "money to within £10,000 a year, waits to within 1 day"
    assert say_precision(parse_precision("£10,000, 1 day")) == said


def runs_of(cost: object, wait: object = math.nan, runs: int = 50) -> pd.DataFrame:
    """Return main measures by hand."""
    return pd.DataFrame({"cost": np.zeros(runs) + cost, "wait": np.zeros(runs) + wait})


def test_an_interval_is_of_paired_differences_from_carry_on():
    luck = np.random.default_rng(1).normal(0, 1000, 50)
    own = np.random.default_rng(2).normal(0, 10, 50)
    (known,) = how_well_known(
        {"carry-on": runs_of(5000 + luck), "x": runs_of(4000 + luck + own)}, parse_precision("1%, 1 day")
    )
    assert (known.option, known.measure) == ("x", "cost")
    assert known.half_width == pytest.approx(2.0096 * own.std(ddof=1) / math.sqrt(50), rel=1e-4)
    assert known.allowed == pytest.approx(0.01 * np.mean(5000 + luck))
    assert known.enough
    assert known.runs_needed < 50


def test_one_option_alone_is_measured_by_itself():
    luck = np.random.default_rng(1).normal(0, 10, 50)
    (known,) = how_well_known({"x": runs_of(0, 100 + luck)}, parse_precision("1 day"))
    assert known.half_width == pytest.approx(2.0096 * luck.std(ddof=1) / math.sqrt(50), rel=1e-4)
    assert known.runs_needed == pytest.approx(50 * known.half_width**2)


@pytest.mark.parametrize(
    "values",
    [
        {"carry-on": runs_of(5000), "x": runs_of(4000)},
        {"carry-on": runs_of(0), "x": runs_of(0)},
        {"carry-on": runs_of(5, 3), "x": runs_of(5)},
        {"carry-on": runs_of(0)},
    ],
    ids=["nothing varies", "no prices", "waits in one option only", "alone"],
)
def test_what_does_not_vary_or_is_missing_stops_at_the_fewest_runs(values):
    stopping = until_precise(parse_precision(DEFAULT_PRECISION)).looked_at(values)
    assert stopping.reached
    assert stopping.next_runs(FEWEST) == FEWEST


def test_a_fixed_number_of_runs_asks_nothing():
    stopping = fixed(7).looked_at({"carry-on": runs_of(np.arange(50.0))})
    assert (stopping.fewest, stopping.next_runs(7), stopping_data(stopping)) == (7, 7, None)
    assert list(stopping_sentences(stopping, 7)) == []


def final_runs(cost: np.ndarray, precision: str, most: int = 100_000) -> tuple[int, list[int]]:
    """Add runs of two options whose saving is given; return how many were enough, and the ends of rounds."""
    stopping = until_precise(parse_precision(precision), most)
    ends = [stopping.fewest]
    while True:
        n = ends[-1]
        values = {"carry-on": runs_of(0.0, runs=n), "x": runs_of(cost[:n], runs=n)}
        stopping = stopping.looked_at(values)
        if stopping.next_runs(n) == n:
            return n, ends
        ends.append(stopping.next_runs(n))


def test_rounds_are_of_whole_batches_and_at_most_double():
    cost = np.random.default_rng(3).normal(0, 1000, 100_000)
    runs, ends = final_runs(cost, "£30")
    assert len(ends) > 3
    assert all(end % BATCH == 0 for end in ends)
    assert all(first < then <= 2 * first for first, then in itertools.pairwise(ends))
    assert final_runs(cost, "£30", most=120) == (120, [100, 120])
    assert final_runs(cost, "£30", most=20) == (20, [20])
    assert runs == pytest.approx((1.96 * 1000 / 30) ** 2, rel=0.1)


def test_half_the_width_takes_four_times_the_runs():
    """The number of runs grows as 1 / precision squared."""
    draws = np.random.default_rng(4)
    means = [
        np.mean([final_runs(draws.normal(500, 1000, 20_000), f"£{width}")[0] for _ in range(40)]) for width in (80, 40)
    ]
    assert means[1] / means[0] == pytest.approx(4, rel=0.1)


SHAPES = {
    "normal": (lambda draws, size: draws.normal(100, 400, size), 0.94),
    "skewed": (lambda draws, size: draws.exponential(400, size) - 300, 0.92),
}
"""Savings whose mean is £100, and how often at the least intervals that are said to be of 95% are to hold it.

Where runs that cost much are rare, the first rounds may lack them: then it stops too early, as any such rule does."""


@pytest.mark.parametrize("shape", SHAPES)
def test_intervals_hold_the_truth_as_often_as_they_say_when_it_stops(shape):
    make, least = SHAPES[shape]
    draws = np.random.default_rng(5)
    held = []
    for _ in range(1500):
        saving = make(draws, 2000)
        n, _ = final_runs(saving, "£60")
        mean, half = saving[:n].mean(), 1.97 * saving[:n].std(ddof=1) / math.sqrt(n)
        held.append(abs(mean - 100) <= half)
    assert least <= np.mean(held) <= 0.97, f"{np.mean(held):.3f} of the intervals held the truth"


def test_the_number_of_runs_follows_from_results_alone(stepdown, tmp_path):
    answers = [
        stepdown(
            "compare", tiny(tmp_path), "--option", "more", "--precision", "3%", "--json", "--jobs", jobs, "-o", jobs
        )
        for jobs in (1, 2)
    ]
    assert [answer.code for answer in answers] == [0, 0]
    first, second = (answer.data for answer in answers)
    assert first["precision"] == second["precision"]
    assert first["precision"]["reached"]
    assert first["runs"] == second["runs"]
    assert first["options"] == second["options"]


def test_a_table_says_that_there_are_enough_runs(stepdown, tmp_path):
    answer = stepdown("compare", tiny(tmp_path), "--option", "more", "--precision", "£10,000")
    assert answer.code == 0, answer.err
    words = " ".join(answer.out.split())
    assert f"{FEWEST} runs of each option over 1 year" in words
    assert "Enough runs for 95% intervals as narrow as asked: money to within £10,000 a year." in words
    manifest = json.loads((only(tmp_path / "runs") / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["replications"] == FEWEST
    assert (manifest["precision"]["asked"], manifest["precision"]["reached"]) == ("£10,000", True)


@pytest.mark.parametrize("command", [("compare", "--option", "more"), ("run", "--option", "more")])
def test_a_run_that_is_not_precise_when_it_ends_says_so(stepdown, tmp_path, command):
    words = (command[0], tiny(tmp_path), *command[1:], "--precision", "£1, 0.1 days", "--most-runs", 50)
    answer = stepdown(*words)
    assert answer.code == 0, answer.err
    said = " ".join(answer.out.split())
    assert "50 runs, the most that were allowed, are too few for 95% intervals as narrow as asked" in said
    assert "more: money known to within £" in said
    assert "(asked: £1 a year; that would take about " in said
    assert "Ask for less with --precision, or allow more with --most-runs." in said
    reported = stepdown(*words, "--json").data["precision"]
    assert (reported["reached"], reported["most_runs"]) == (False, 50)
    measures = {each["measure"]: each for each in reported["measures"]}
    assert measures["pounds a year"]["runs_needed"] > 1000
    assert measures["days of waiting"]["half_width"] > 0.1


def test_a_scenario_without_prices_is_run_until_waits_are_known(stepdown, tmp_path):
    text = TINY[: TINY.index("payers:")] + TINY[TINY.index("levers:") :]
    answer = stepdown("compare", tiny(tmp_path, text), "--option", "more", "--json", "--precision", "£5")
    assert answer.code == 0, answer.err
    assert (answer.data["runs"], answer.data["precision"]["reached"]) == (FEWEST, True)
