"""What a user of `stepdown backtest` types and sees, and that the study is fitted to what was known."""

from __future__ import annotations

import datetime as dt
import re

import pandas as pd
import pytest
from commands import Stepdown, typing
from small_council import past, study, written

from stepdown.calibration.backtesting.remaking import Remade, knows_later
from stepdown.calibration.history import known_on
from stepdown.calibration.history_files import write_history
from stepdown.scenarios.loader import CARRY_ON

pytestmark = pytest.mark.command_line

FROM = "2024-04-01"


@pytest.fixture
def stepdown(monkeypatch: pytest.MonkeyPatch) -> Stepdown:
    return typing(monkeypatch)


@pytest.fixture
def history(tmp_path):
    write_history(past(), tmp_path / "history")
    return tmp_path / "history"


def test_the_scores_are_shown_in_80_columns_and_every_forecast_is_kept(stepdown, history, tmp_path):
    words = ["backtest", history, written(tmp_path / "study"), "--from", FROM, "-n", 20, "--jobs", 1]
    answer = stepdown(*words, "-o", tmp_path / "tested")
    assert (answer.code, answer.err) == (0, "")
    *shown, last = answer.out.splitlines()
    assert max(map(len, shown)) <= 80
    assert last == f"Report: {tmp_path / 'tested' / 'backtest.html'}"
    said = re.sub(r"\s+", " ", answer.out)
    assert "20 futures from 1 April 2024 until 1 April 2025, in periods of 3 months; seed 1." in said
    assert "Everything that was fitted was fitted again to what was known on the date." in said
    files = sorted(file.name for file in (tmp_path / "tested").iterdir())
    assert files == ["backtest.html", "backtest.json", "forecasts.csv", "scores.csv"]
    forecasts = pd.read_csv(tmp_path / "tested" / "forecasts.csv")
    assert set(forecasts["what"]) == {"came", "forecast", "naive forecast"}
    again = stepdown(*words, "-o", tmp_path / "tested")
    assert (again.code, "is not overwritten" in again.err) == (1, True)


def test_a_study_is_fitted_to_what_was_known_and_to_nothing_that_came_later(tmp_path):
    source = study(tmp_path / "study")
    remade = Remade(source, None, 1, 1, lambda: None)
    date = dt.date.fromisoformat(FROM)
    made = remade(known_on(past(), date)).options[CARRY_ON]
    assert made.scenario.start == date
    sources = [one.source for one in made.assumptions if one.source.startswith("fitted to")]
    assert sources
    assert all("to March 2024" in one for one in sources)
    assert knows_later(remade(known_on(past(), date)))
    assert not knows_later(source)


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["--from", "2031-04-01"], 1, "is not within the records, which cover 2021-04-01 until before 2025-04-01"),
        (["--from", "soon"], 2, "write dates such as 2024-04-01"),
        (["--from", FROM, "--as-is", "--calibrate"], 2, "name one of them"),
        ([], 2, "Missing option '--from'"),
    ],
)
def test_what_cannot_be_forecast_is_refused_with_what_to_type(stepdown, history, tmp_path, words, code, said):
    answer = stepdown("backtest", history, written(tmp_path / "study"), *words, "-o", tmp_path / "tested")
    assert answer.code == code
    assert said in answer.err
    assert not (tmp_path / "tested").exists()
