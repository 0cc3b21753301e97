"""Back-tests: what is counted, that a forecast knows nothing of what came, and that right models are believed."""

from __future__ import annotations

import datetime as dt
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from stepdown.calibration.backtesting.backtest import backtest
from stepdown.calibration.backtesting.forecast import Forecast, forecast
from stepdown.calibration.backtesting.report import forecast_table, score_table, sentences
from stepdown.calibration.backtesting.series import Series, counted, periods, series_of
from stepdown.calibration.disclosure import Disclosure
from stepdown.calibration.history import STAYS, CouncilHistory, typed
from stepdown.calibration.matching.layout import layout_of
from stepdown.calibration.matching.records import records_of_history
from stepdown.calibration.synthetic.past import simulate_past
from stepdown.scenarios.errors import RunError
from stepdown.scenarios.loader import Study, read_study

pytestmark = pytest.mark.history

BASE = """
start: 2016-04-01
years: 8
warm_up: 6 years
settings:
  hospital: {{places: unlimited, level: 2}}
  flats: {{places: 14, level: 1}}
routes:
  hospital: [{{to: flats, share: 100%, ready_after: {{exponential: {{mean: 60 days}}}}}}]
  flats: [{{to: left, share: 100%, ready_after: {{gamma: {{mean: {stay} days, sd: 200 days}}}}}}]
demand: [{{from: hospital, per_year: 12}}]
"""
FROM = dt.date(2021, 4, 1)
COUNCILS = 12


def study(folder: Path, stay: float = 330) -> Study:
    folder.mkdir(exist_ok=True)
    (folder / "base.yaml").write_text(BASE.format(stay=stay), encoding="utf-8")
    return read_study(folder)


@contextmanager
def nothing_shown():
    yield lambda *_: None


def past(made: Study, seed: int) -> CouncilHistory:
    return simulate_past(made.options["carry-on"].scenario, seed, "borough")


def foretold(history: CouncilHistory, made: Study, runs: int = 60) -> Forecast:
    return forecast(history, made, FROM, 3, runs, 1, 1, lambda *_: None)


def test_periods_are_whole_and_begin_on_the_date():
    assert periods(dt.date(2021, 1, 31), dt.date(2021, 7, 1), 2) == (
        dt.date(2021, 1, 31),
        dt.date(2021, 3, 31),
        dt.date(2021, 5, 31),
    )
    assert len(periods(dt.date(2021, 4, 1), dt.date(2023, 4, 1), 3)) == 9


def test_who_is_there_who_waits_who_comes_and_who_goes_is_counted_period_by_period(tmp_path):
    rows = [
        ("a", "flats", "2020-01-01", None, "2021-04-20", "left"),
        ("b", "flats", "2021-04-10", "2021-05-05", "2021-08-01", "left"),
        ("c", "flats", "2021-07-01", None, None, None),
        ("d", "hospital", "2021-04-10", None, None, None),
    ]
    stays = typed(pd.DataFrame(rows, columns=["person", "setting", "entered", "ready", "left", "to"]), STAYS)
    history = CouncilHistory("x", dt.date(2021, 1, 1), dt.date(2022, 1, 1), True, "by hand", stays)
    scenario = study(tmp_path / "s").options["carry-on"].scenario
    layout = layout_of(scenario, history)
    edges = np.array([(date - history.begins).days for date in periods(FROM, dt.date(2021, 10, 1), 3)], dtype=float)
    series = [Series(kind, "flats") for kind in ("people", "waiting", "entries", "departures")]
    found = counted(records_of_history(history, layout).stays, layout.settings, series, edges)
    assert found.tolist() == [[1, 1], [1, 0], [1, 1], [1, 1]]
    assert [one.kind for one in series_of(history, ["hospital", "flats"]) if one.setting == "hospital"] == [
        "people",
        "entries",
        "departures",
    ]


def test_a_forecast_knows_nothing_of_what_came_after_its_date(tmp_path):
    made = study(tmp_path / "s")
    history = past(made, 1)
    at, stays = pd.Timestamp(FROM), history.stays
    later, yet_to_be_ready = stays["left"] >= at, stays["ready"] >= at
    others = stays.assign(
        left=stays["left"].mask(later), to=stays["to"].mask(later), ready=stays["ready"].mask(yet_to_be_ready)
    )
    nothing_more = replace(history, stays=typed(others[others["entered"] < at], STAYS))
    known, changed = foretold(history, made), foretold(nothing_more, made)
    assert np.array_equal(known.samples, changed.samples)
    assert np.array_equal(known.past, changed.past)
    assert not np.array_equal(known.observed, changed.observed)


def test_the_same_forecast_is_made_again_in_several_processes(tmp_path):
    made = study(tmp_path / "s")
    history = past(made, 1)
    one = forecast(history, made, FROM, 3, 130, 1, 1, lambda *_: None)
    two = forecast(history, made, FROM, 3, 130, 1, 2, lambda *_: None)
    assert np.array_equal(one.samples, two.samples)
    assert one.scores.place.tobytes() == two.scores.place.tobytes()


def places_of(made: Study, truth: Study, councils: int) -> np.ndarray:
    """Return where the number of people in flats a year ahead lies within its forecast, council by council."""
    found = []
    for seed in range(councils):
        each = foretold(past(truth, seed), made, runs=40)
        found.append(each.scores.place[each.series.index(Series("people", "flats")), 3])
    return np.array(found)


def test_a_right_model_is_believed_and_one_with_stays_that_are_too_short_is_not(tmp_path):
    """The places of outcomes within a right forecast are uniform: mean 1/2, variance 1/12, independent by council."""
    truth, wrong = study(tmp_path / "truth"), study(tmp_path / "wrong", stay=120)
    error = np.sqrt(1 / 12 / COUNCILS)
    right, misled = (places_of(made, truth, COUNCILS).mean() for made in (truth, wrong))
    assert abs(right - 0.5) < 4 * error, f"the right model: mean place {right:.3f}, not 0.5 ± {error:.3f}"
    assert abs(misled - 0.5) > 4 * error, f"the wrong model: mean place {misled:.3f}"


def test_scores_and_forecasts_say_whether_they_are_real_or_simulated(tmp_path):
    made = study(tmp_path / "s")
    history = past(made, 1)
    found = backtest(history, made, [FROM, dt.date(2022, 4, 1)], 3, 30, 1, 1, nothing_shown)
    table = score_table(found)
    assert set(table["record"]) == {"simulated"}
    assert table["series"].iloc[-1] == "everything"
    assert (
        table["outcomes"].iloc[-1]
        == table["outcomes"].iloc[:-1].sum()
        == sum(each.observed.size for each in found.forecasts)
    )
    real = replace(found, simulated=False)
    assert set(score_table(real)["record"]) == {"real"}
    rows = forecast_table(real, Disclosure(rounded=True))
    assert set(rows.loc[rows["what"] == "came", "record"]) == {"real"}
    assert set(rows.loc[rows["what"] != "came", "record"]) == {"simulated"}
    said = " ".join(sentences(real, table))
    assert "What came is real; forecasts are simulated." in said
    assert "this is no test of it" in said


def test_counts_of_real_people_are_rounded_in_the_files(tmp_path):
    made = study(tmp_path / "s")
    found = backtest(past(made, 1), made, [FROM], 3, 30, 1, 1, nothing_shown)
    came = forecast_table(found, Disclosure(rounded=True)).query("what == 'came'")["value"].dropna()
    assert set(came % 5) == {0}
    exact = forecast_table(found, Disclosure(rounded=False)).query("what == 'came'")["value"]
    assert set(exact % 5) != {0}
    assert exact.notna().all()


@pytest.mark.parametrize(
    ("date", "said"), [("2016-04-01", "is not within the records"), ("2024-02-01", "no whole period of 3")]
)
def test_a_date_that_leaves_nothing_to_know_or_to_forecast_is_refused(tmp_path, date, said):
    made = study(tmp_path / "s")
    with pytest.raises(RunError, match=said):
        backtest(past(made, 1), made, [dt.date.fromisoformat(date)], 3, 30, 1, 1, nothing_shown)
