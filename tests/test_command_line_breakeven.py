"""What `stepdown breakeven` prints and keeps: of a finished run without simulating, and of a study."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from commands import TINY, Answer, Stepdown, contents, only, shell, tiny, typing

from stepdown.outputs import run_folder

pytestmark = pytest.mark.command_line

PRICED = (
    TINY.replace(
        "prices:\n", "prices:\n  community: {council: {per_person_per_week: {value: 3000, low: 2000, high: 4000}}}\n"
    )
    .replace("payers: [council]", "payers: [council]\nprice_base: 2026/27\ntargets: {flats: 20 days}")
    .replace('{value: 12, source: "assumption: one a month"}', '{value: 12, low: 6, high: 20, source: "a guess"}')
    .replace("options:\n", 'options:\n  same: {about: "As it is", levers: []}\n')
)
"""The small scenario, in which people who wait for a flat cost so much that one flat more pays."""

FLAT = "prices.flats.council.per_place_per_week"


class Found(NamedTuple):
    """A finished run of the small scenario."""

    study: Path
    folder: Path


@pytest.fixture
def stepdown(monkeypatch: pytest.MonkeyPatch) -> Stepdown:
    return typing(monkeypatch)


@pytest.fixture(scope="module")
def simulated(tmp_path_factory: pytest.TempPathFactory) -> Found:
    folder = tmp_path_factory.mktemp("simulated")
    study = tiny(folder, PRICED)
    words = ["--option", "more", "--option", "same", "--runs", 20, "--jobs", 1, "-q", "-o", folder / "runs"]
    with pytest.MonkeyPatch.context() as patch:
        answer = typing(patch)("compare", study, *words)
    assert answer.code == 0, answer.err
    return Found(study, only(folder / "runs"))


@pytest.fixture
def run(simulated: Found) -> Found:
    """The finished run, of which nobody has asked anything yet."""
    (simulated.folder / "breakeven.json").unlink(missing_ok=True)
    return simulated


def rows_of(answer: Answer) -> list[dict[str, Any]]:
    assert answer.code == 0, answer.err
    return answer.data["break_evens"]


def saving_at(stepdown: Stepdown, run: Found, price: float, figure: str = "saving_a_year_mean") -> float:
    """What `stepdown cost` says that the option saves at a price of a flat."""
    answer = stepdown("cost", run.folder, "--json", "--set", f"{FLAT}={price}")
    assert answer.code == 0, answer.err
    (row,) = [row for row in answer.data["options"] if (row["option"], row["perspective"]) == ("more", "council")]
    return row[figure]


@pytest.mark.parametrize(("until", "figure"), [("saving", "saving_a_year_mean"), ("npv", "present_value:green-book")])
def test_a_price_turns_where_the_line_through_two_costings_does(stepdown, run, until, figure):
    words = ["--option", "more", "--input", FLAT, "--until", until, "--to", "£20,000", "--json"]
    (row,) = rows_of(stepdown("breakeven", run.folder, *words))
    one, other = (saving_at(stepdown, run, price, figure) for price in (0, 1000))
    exact = 1000 * one / (one - other)
    assert one > 0 > saving_at(stepdown, run, 2 * exact, figure)
    assert row["turns_at"] == pytest.approx(exact, rel=1e-9)
    assert saving_at(stepdown, run, row["turns_at"], figure) == pytest.approx(0, abs=1e-6 * one)
    assert row["holds_now"] == (row["margin_now"] > 0)
    assert row["margin_now"] == pytest.approx(saving_at(stepdown, run, 500, figure))
    assert row["interval_low"] < row["turns_at"] < row["interval_high"]
    assert (row["unit"], row["now"], row["in_carry_on_too"], row["one_way"]) == ("£", 500, True, True)


def test_the_sentence_says_the_limit_what_it_is_now_and_how_well_that_is_known(stepdown, run):
    answer = stepdown("breakeven", run.folder, "--option", "more", "--input", FLAT, "--to", "£20,000")
    assert answer.code == 0
    assert answer.err == f"Next: stepdown cost {run.folder}\n"
    said = re.sub(r"\s+", " ", answer.out)
    limit = r"more stops saving the council money if a place in flats costs more than £[\d,]+ a week \(now £500, "
    assert re.search(limit + r"\d+% more\)\. 95% interval: £[\d,]+ to £[\d,]+\.", said), said
    assert "on 20 runs, costed again at other prices" in said


def test_every_price_is_tried_and_the_most_fragile_comes_first(stepdown, run):
    answer = stepdown("breakeven", run.folder, "--option", "more")
    assert answer.code == 0, answer.err
    lines = answer.out.splitlines()
    assert max(map(len, lines[: lines.index("")] if "" in lines else lines[:-1])) <= 80
    rows = json.loads((run.folder / "breakeven.json").read_text(encoding="utf-8"))["break_evens"]
    assert {row["input"] for row in rows} == {
        "prices.community.council.per_person_per_week",
        FLAT,
        "prices.home.council.per_person_per_week",
    }
    changes = [abs(row["change"]) for row in rows if row["change"] is not None]
    assert changes == sorted(changes)
    assert changes
    assert re.sub(r"\s+", " ", answer.out).endswith(f"Kept: {run.folder}/breakeven.json ".replace("//", "/"))
    assert "Not tried: demand.0.per_year (it has to be simulated: name the study instead" in re.sub(
        r"\s+", " ", answer.out
    )


def test_what_was_found_is_kept_in_the_runs_folder_beside_earlier_answers(stepdown, run):
    before = contents(run.folder)
    one = rows_of(stepdown("breakeven", run.folder, "--option", "more", "--input", FLAT, "--json"))
    two = rows_of(stepdown("breakeven", run.folder, "--option", "more", "--input", FLAT, "--until", "npv", "--json"))
    again = rows_of(stepdown("breakeven", run.folder, "--option", "more", "--input", FLAT, "--json"))
    assert again == one
    kept = json.loads((run.folder / "breakeven.json").read_text(encoding="utf-8"))["break_evens"]
    assert kept == [*one, *two]
    after = contents(run.folder)
    assert after.keys() - before.keys() == {"breakeven.json"}
    assert {name: after[name] for name in before} == before


def test_what_was_asked_with_other_values_is_not_kept(stepdown, run):
    words = ["--input", FLAT, "--json", "--set", "prices.home.council.per_person_per_week=50"]
    (row,) = rows_of(stepdown("breakeven", run.folder, "--option", "more", *words))
    assert row["input"] == FLAT
    assert not (run.folder / "breakeven.json").exists()


def test_an_answer_that_cannot_be_written_whole_leaves_the_one_that_was_there(stepdown, run, monkeypatch):
    def no_space(path, text):
        path.write_text(text[:20], encoding="utf-8")
        raise OSError(28, "No space left on device", str(path))

    file = run.folder / "breakeven.json"
    stepdown("breakeven", run.folder, "--option", "more", "--input", FLAT)
    before = file.read_bytes()
    monkeypatch.setattr(run_folder, "write_text", no_space)
    answer = stepdown("breakeven", run.folder, "--option", "more", "--input", FLAT, "--until", "npv")
    assert (answer.code, answer.out) == (1, "")
    assert "No space left on device" in answer.err
    assert file.read_bytes() == before
    assert not list(run.folder.glob(".*"))


def test_a_damaged_file_of_earlier_answers_is_refused_with_what_to_do(stepdown, run):
    (run.folder / "breakeven.json").write_text("{}", encoding="utf-8")
    answer = stepdown("breakeven", run.folder, "--option", "more", "--input", FLAT)
    assert (answer.code, answer.out) == (1, "")
    assert "Delete it, and it is written anew" in answer.err


def test_an_option_that_is_carry_on_itself_turns_nowhere(stepdown, run):
    rows = rows_of(stepdown("breakeven", run.folder, "--option", "same", "--json"))
    assert [(row["margin_now"], row["turns_at"], row["holds_now"]) for row in rows] == [(0.0, None, False)] * 3
    assert all(row["sentence"].endswith(": it makes no difference.") for row in rows)


def test_what_never_turns_is_said_with_the_range_that_was_tried(stepdown, run):
    answer = stepdown("breakeven", run.folder, "--option", "more", "--input", FLAT, "--from", "100", "--to", "£101")
    said = re.sub(r"\s+", " ", answer.out)
    assert "more saves the council money whatever a place in flats costs, from £100 to £101 a week (now £500)." in said


def test_what_never_turns_is_said_in_one_sentence_where_everything_was_tried(stepdown, run):
    said = re.sub(r"\s+", " ", stepdown("breakeven", run.folder, "--option", "same").out)
    assert said.count("same does not save the council money") == 1
    tried = r"at every value that was tried of prices\.community\.council\.per_person_per_week \(£0 to £9,000\), "
    assert re.search(tried, said), said


def test_a_study_is_simulated_for_each_value_and_prices_turn_where_they_do_in_its_run(stepdown, run):
    words = ["--option", "more", "--input", FLAT, "--to", "20000", "--json"]
    (of_run,) = rows_of(stepdown("breakeven", run.folder, *words))
    (of_study,) = rows_of(stepdown("breakeven", run.study, *words, "--runs", 20, "--jobs", 1))
    assert of_study == of_run


def test_a_waiting_target_is_missed_when_more_people_come(stepdown, run):
    words = ["--option", "more", "--until", "wait:flats", "--runs", 10, "--jobs", 1]
    answer = stepdown("breakeven", run.study, *words, "--input", "demand.0.per_year")
    assert answer.code == 0, answer.err
    said = re.sub(r"\s+", " ", answer.out)
    assert re.search(r"(misses|misses the) .*target of 20 days for flats.* if demand\.0\.per_year is", said), said
    assert "10 runs, simulated for each value with the same luck; seed 1" in said
    every = stepdown("breakeven", run.study, *words, "--json")
    assert [row["input"] for row in rows_of(every)] == ["demand.0.per_year"], "prices do not change a wait"


def test_the_answer_is_the_same_from_one_process_and_from_two(stepdown, run, monkeypatch):
    words = ["breakeven", run.study, "--option", "more", "--input", "demand.0.per_year", "--runs", 150, "--json"]
    words += ["--from", 11.5, "--to", 12.5]  # where it does not turn: two rounds of runs
    one = stepdown(*words, "--jobs", 1)
    monkeypatch.setattr("stepdown.simulation.workers.WORTH_STARTING", 0.0)
    two = stepdown(*words, "--jobs", 2)
    assert (two.code, two.out) == (one.code, one.out) == (0, one.out)


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["--input", "prices.flat.council.per_place_per_week"], 2, "prices states no 'flat'. Did you mean 'flats'?"),
        (["--input", "settings.flats.places"], 2, "it has to be simulated. Name the study"),
        (["--input", "title"], 2, "is 'A small place', and no quantity"),
        (["--option", "mor"], 2, "is not an option of"),
        (["--until", "savings"], 2, "write saving, npv, or wait: with a list's name"),
        (["--until", "wait:flats"], 2, "name the study instead of a run"),
        (["--from", "3"], 2, "--from and --to go with --input"),
        (["--input", FLAT, "--from", "£10", "--to", "£5"], 2, "is no range"),
        (["--input", FLAT, "--from", "2 weeks"], 2, "is not an amount of money"),
        (["--runs", "5"], 2, "--runs goes with a study"),
        (["--set", "years=3"], 3, "says nothing about money"),
    ],
)
def test_a_mistake_is_refused_with_what_to_do(stepdown, run, words, code, said):
    answer = stepdown("breakeven", run.folder, *words)
    assert (answer.code, answer.out) == (code, "")
    assert said in re.sub(r"\s+", " ", answer.err)


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["--until", "wait:flat"], 2, "there is no list or step 'flat'. Did you mean 'flats'?"),
        (["--until", "wait:home"], 2, "it has no target. Add, for example, --set targets.home='12 weeks'"),
        (["--option", "carry-on"], 5, "name an option other than carry-on"),
        (["--input", "years"], 2, "says which time is measured"),
        (["--input", "settings.flats.maximum_stay", "--from", "0 days"], 3, "must be longer than nothing"),
    ],
)
def test_a_study_refuses_what_it_cannot_answer(stepdown, run, words, code, said):
    answer = stepdown("breakeven", run.study, "--runs", 2, "--jobs", 1, *words)
    assert (answer.code, answer.out) == (code, "")
    assert said in re.sub(r"\s+", " ", answer.err)


def test_a_pipe_gets_the_same_as_a_program_that_is_asked_in_a_shell(run, tmp_path):
    answer = shell("breakeven", run.folder, "--option", "more", "--json", folder=tmp_path)
    assert (answer.code, answer.err) == (0, "")
    assert len(answer.data["break_evens"]) == 3
