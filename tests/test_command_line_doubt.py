"""What a user sees of inputs that are not known for certain: told apart from chance, and kept with the run."""

from __future__ import annotations

from pathlib import Path

import pytest
from commands import Stepdown, typing

pytestmark = pytest.mark.command_line

BASE = """
start: 2026-04-01
years: 2
settings: {ward: {places: unlimited}}
routes: {ward: [{to: left, share: 100%, ready_after: 7 days}]}
demand: [{from: ward, per_year: 30}]
payers: [council]
prices: {ward: {council: {per_person_per_week: 100}}}
uncertainty: draws.csv
"""
OPTIONS = """
extends: base.yaml
levers: {free: {prices: {ward: {council: {per_person_per_week: 0}}}}}
options: {carry-on: [], free: [free]}
"""


@pytest.fixture
def stepdown(monkeypatch: pytest.MonkeyPatch) -> Stepdown:
    return typing(monkeypatch)


def test_doubt_about_inputs_is_told_apart_and_kept_with_the_run(stepdown, tmp_path):
    (tmp_path / "base.yaml").write_text(BASE, encoding="utf-8")
    (tmp_path / "options.yaml").write_text(OPTIONS, encoding="utf-8")
    rates = "\n".join(["demand.0.per_year", "10", "20", "30", "40", "50"])
    (tmp_path / "draws.csv").write_text(f"{rates}\n", encoding="utf-8")
    words = ["compare", tmp_path, "--runs", 10, "--jobs", 1, "-q", "-o", tmp_path / "runs"]
    answer = stepdown(*words, "--json")
    assert answer.code == 0
    (saving,) = [row for row in answer.data["doubt"] if row["measure"] == "saving"]
    assert (saving["option"], saving["inputs"], saving["most_on"]) == ("free", 1, "demand.0.per_year")
    assert 0.5 < saving["share_of_inputs"] < 1
    folder = Path(answer.data["results"])
    assert (folder / "doubt.csv").is_file()
    assert (folder / "scenarios" / "draws.csv").read_text("utf-8").splitlines()[0] == "demand.0.per_year"
    assert "uncertainty: draws.csv" in (folder / "scenarios" / "free.yaml").read_text("utf-8")
    said = " ".join(stepdown(*words).out.split())
    assert "covers chance and doubt about 1 input, drawn anew for each run" in said
    assert "is doubt about 1 input, demand.0.per_year above all" in said
