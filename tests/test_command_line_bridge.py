"""What `stepdown bridge` prints: the way from carry-on's cost to an option's, by setting and payer, and by lever."""

from __future__ import annotations

import re

import pytest
from commands import TINY, Stepdown, shell, tiny, typing

pytestmark = pytest.mark.command_line

LEVERS = TINY.replace(
    "options:\n",
    "  dearer: {prices: {home: {council: {per_person_per_week: 150}}}}\noptions:\n  both: [one-more, dearer]\n",
)


@pytest.fixture
def stepdown(monkeypatch: pytest.MonkeyPatch) -> Stepdown:
    return typing(monkeypatch)


def test_the_tables_fit_80_columns_and_the_sentences_say_where_the_difference_lies(stepdown, tmp_path):
    study = tiny(tmp_path, LEVERS)
    answer = stepdown("bridge", study, "--option", "both", "--runs", 5, "--jobs", 1)
    assert (answer.code, answer.err) == (0, f"Next: stepdown breakeven {study} --option both\n")
    assert max(map(len, answer.out.splitlines())) <= 80
    said = re.sub(r"\s+", " ", answer.out)
    assert re.search(r"both costs £[\d,]+ a year more than carry-on: mostly, more is paid for places in flats", said)
    assert "Together the levers come to an extra cost of £" in said
    assert said.rstrip().endswith("Means of 5 paired runs; seed 1. Costs of all payers in the first table.")


def test_json_holds_rows_that_add_up_and_levers_that_do(stepdown, tmp_path):
    words = ["--option", "both", "--runs", 5, "--jobs", 1, "--json"]
    answer = stepdown("bridge", tiny(tmp_path, LEVERS), *words)
    assert (answer.code, answer.err) == (0, "")
    said = answer.data
    assert said["cost"] == pytest.approx(said["carry_on"] + sum(row["pounds"] for row in said["rows"]))
    assert said["together"]["mean"] == pytest.approx(sum(lever["added"]["mean"] for lever in said["levers"]))
    alone = sum(lever["alone"]["mean"] for lever in said["levers"])
    assert said["interaction"]["mean"] == pytest.approx(said["together"]["mean"] - alone)
    assert said["together"]["mean"] == pytest.approx(said["carry_on"] - said["cost"])


def test_an_option_of_one_lever_has_no_table_of_levers(stepdown, tmp_path):
    answer = stepdown("bridge", tiny(tmp_path), "--option", "more", "--runs", 2, "--jobs", 1, "-q")
    assert (answer.code, answer.err) == (0, "")
    assert "Lever" not in answer.out


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        ([], 2, "Missing option '--option'"),
        (["--option", "carry-on"], 2, "name one of carry-on, more, later"),
        (["--option", "mor"], 2, "Did you mean 'more'"),
        (["--option", "later"], 5, "start or end at different times"),
    ],
)
def test_a_mistake_is_refused_with_what_to_do(stepdown, tmp_path, words, code, said):
    answer = stepdown("bridge", tiny(tmp_path), "--runs", 2, "--jobs", 1, *words)
    assert (answer.code, answer.out) == (code, "")
    assert said in answer.err


def test_a_pipe_gets_the_same_as_a_program_that_is_asked_in_a_shell(tmp_path):
    answer = shell("bridge", tiny(tmp_path), "--option", "more", "--runs", 2, "--json", folder=tmp_path)
    assert (answer.code, answer.err) == (0, "")
    assert [row["setting"] for row in answer.data["rows"]] == ["flats", "home"]
    assert [path.name for path in tmp_path.iterdir()] == ["tiny.yaml"], "no folder of results"
