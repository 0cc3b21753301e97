"""The figures by which records and runs are compared: the same function of both, with known answers."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any

import numpy as np
import pandas as pd
import pytest
from councils import FLATS, flats, past_of, stays_alone

from stepdown.calibration.history import REQUESTS, STAYS, STEPS, CouncilHistory, typed
from stepdown.calibration.matching.layout import Layout, layout_of
from stepdown.calibration.matching.records import records_of_columns, records_of_history
from stepdown.calibration.matching.targets import lengths, measure, recorded_lengths, targets_of
from stepdown.calibration.synthetic.past import simulate_past
from stepdown.scenarios.compile_network import compile_network
from stepdown.scenarios.errors import RunError
from stepdown.scenarios.loader import CARRY_ON, read_study
from stepdown.scenarios.schema import Scenario
from stepdown.simulation.compiled.engine import simulate_columns

pytestmark = pytest.mark.history

BEGINS = dt.date(2022, 4, 1)


def shortened(name: str) -> Scenario:
    """Return a shipped scenario with one year."""
    return read_study(name).options[CARRY_ON].scenario.model_copy(update={"years": 1.0})


def council(stays: list[tuple[Any, ...]], requests: Any = (), steps: Any = (), days: int = 365) -> CouncilHistory:
    """Return records of two settings: person, setting, entered, ready, left, to; days since they begin."""

    def table(rows: Any, columns: str, kinds: Any) -> pd.DataFrame:
        made = pd.DataFrame(list(rows), columns=columns.split())
        for column in made.columns.intersection(
            ["entered", "ready", "left", "requested", "queued", "started", "finished"]
        ):
            made[column] = pd.Timestamp(BEGINS) + pd.to_timedelta(made[column].astype("float64"), unit="D")
        return typed(made, kinds)

    return CouncilHistory(
        name="borough",
        begins=BEGINS,
        ends=BEGINS + dt.timedelta(days=days),
        simulated=True,
        source="by hand",
        stays=table(stays, "person setting entered ready left to", STAYS),
        requests=table(requests, "person from to requested", REQUESTS),
        steps=table(steps, "case step queued started finished", STEPS),
    )


def figures(history: CouncilHistory, tmp_path: Any) -> dict[str, float]:
    """Return the figures of records of the twelve flats, by name."""
    layout = layout_of(flats(tmp_path / "study").options[CARRY_ON].scenario, history)
    found = measure(records_of_history(history, layout), layout)
    return {target.name: value for target, value in zip(targets_of(layout), found.tolist(), strict=True)}


@pytest.mark.parametrize("name", ["adaptations", "leicester", "orchard-house", "recommissioning"])
def test_a_run_shows_the_same_figures_straight_from_the_engine_as_through_its_history(name):
    scenario = shortened(name)
    history, network = simulate_past(scenario, 3, "borough"), compile_network(scenario)
    layout = layout_of(scenario, history)
    from_records = measure(records_of_history(history, layout), layout)
    from_columns = measure(records_of_columns(simulate_columns(network, 3, 0), network, layout), layout)
    np.testing.assert_array_equal(from_records, from_columns)
    assert len(from_records) == len(targets_of(layout))
    assert np.count_nonzero(from_records > 0) > 20


def test_a_run_that_is_simulated_for_longer_than_the_records_last_shows_the_same_figures(tmp_path):
    study = flats(tmp_path)
    history, scenario = past_of(study), study.options[CARRY_ON].scenario
    layout = layout_of(scenario, history)
    network = compile_network(scenario.model_copy(update={"years": 4.0}))
    longer = measure(records_of_columns(simulate_columns(network, 5, 0), network, layout), layout)
    np.testing.assert_array_equal(longer, measure(records_of_history(history, layout), layout))


def test_what_is_left_out_of_the_records_as_they_settle_is_left_out_of_a_run_as_well(tmp_path):
    study = flats(tmp_path)
    history, scenario = past_of(study), study.options[CARRY_ON].scenario
    layout = layout_of(scenario, history, settling=200)
    assert (layout.days, layout.years) == (1096 - 200, 2)
    network = compile_network(scenario)
    from_records = measure(records_of_history(history, layout), layout)
    np.testing.assert_array_equal(
        measure(records_of_columns(simulate_columns(network, 5, 0), network, layout), layout), from_records
    )
    late = dataclasses.replace(history, begins=history.begins + dt.timedelta(days=200))
    in_time = layout_of(scenario, late)
    assert in_time.days == layout.days
    np.testing.assert_array_equal(measure(records_of_history(late, in_time), in_time), from_records)


def test_stays_are_counted_in_people_and_days(tmp_path):
    seen = figures(
        council(
            [
                ("a", "flats", -100, None, 73, "home"),
                ("a", "home", 73, None, None, None),
                ("b", "flats", 292, None, None, None),
                ("c", "flats", 0, None, 73, "died"),
            ]
        ),
        tmp_path,
    )
    assert seen["people in flats, year 1"] == pytest.approx((73 + 73 + 73) / 365)
    assert seen["people in home, year 1"] == pytest.approx(292 / 365)
    year = 365.25 / 365
    assert seen["arrivals into flats"] == pytest.approx(2 * year), "who was there before has not arrived"
    assert seen["arrivals into home"] == 0, "who comes from the flats is not new"
    assert seen["moves from flats to home"] == seen["deaths"] == pytest.approx(year)


def test_moves_to_somewhere_unknown_are_shared_out_among_those_that_are_known(tmp_path):
    ended = [(str(at), "flats", 0, None, 50, to) for at, to in enumerate(["home", "home", "left", None, None, None])]
    seen = figures(council([*ended, ("x", "home", 10, None, None, None)]), tmp_path)
    assert seen["moves from flats to home"] == pytest.approx(4 * 365.25 / 365)
    assert seen["moves from flats to left"] == pytest.approx(2 * 365.25 / 365)


def test_waits_are_told_from_the_request_until_the_move_or_until_somebody_left(tmp_path):
    stays = [
        ("a", "ward", 0, None, 30, "flats"),
        ("a", "flats", 30, None, None, None),
        ("b", "ward", 0, None, 60, "left"),
        ("c", "ward", 0, None, None, None),
    ]
    requests = [("a", "ward", "flats", 10), ("b", "ward", "flats", 20), ("c", "ward", "flats", 265)]
    seen = figures(council(stays, requests), tmp_path)
    assert seen["people who wait for flats"] == pytest.approx((20 + 40 + 100) / 365)
    assert seen["wait for flats: first quartile"] == 20.5, "one of three moved, after 20 days"
    assert seen["wait for flats: median"] == 365, "nobody else was seen to move"


def test_blocked_days_run_from_ready_to_left(tmp_path):
    stays = [
        ("a", "flats", 0, 100, 173, "home"),
        ("b", "flats", -50, -10, 10, "home"),
        ("c", "home", 1, None, 2, "left"),
    ]
    seen = figures(council(stays), tmp_path)
    assert seen["people in flats who are ready to move"] == pytest.approx((73 + 10) / 365)
    assert seen["need for flats: median"] == 100.5, "who was ready before the records began has no need to be seen"


def test_steps_are_told_from_queued_to_started_to_finished(tmp_path):
    steps = [("1", "letting", 0, 40, 40), ("2", "letting", 10, None, None)]
    seen = figures(council([("a", "flats", 0, None, None, None)], steps=steps), tmp_path)
    assert seen["cases begun at letting"] == pytest.approx(365.25 / 365)
    assert seen["cases that wait for letting"] == pytest.approx((40 + 355) / 365)


def test_times_that_are_seen_late_or_not_to_their_end_count_for_what_was_seen():
    """By hand: at 10 one of two ends, at 20 one of two (the third is seen from 12), at 30 nobody is left to end."""
    entry, exits = np.array([0.0, 0.0, 12.0]), np.array([10.0, 20.0, 30.0])
    mean, first, median, third = lengths(entry, exits, np.array([True, True, False]), 40.0)
    assert (first, median, third) == (10.5, 10.5, 20.5)
    assert mean == pytest.approx(10.5 + 10 * 0.5 + 19.5 * 0.25)


def test_one_early_end_before_others_are_seen_ends_nothing():
    mean, *_, third = lengths(np.array([0.0, 50.0]), np.array([5.0, 90.0]), np.array([True, False]), 100.0)
    assert mean > 50
    assert third == 100


def test_nothing_is_told_from_nobody():
    assert np.isnan(lengths(np.array([]), np.array([]), np.array([], dtype=bool), 100.0)).all()


def test_recorded_stays_are_told_with_truncation_and_are_wrong_without(tmp_path):
    """Stays in wards need no place: their mean is known. Without truncation, who stays long counts too often."""
    text = FLATS.replace("mean: 6 weeks", "mean: 400 days").replace("share: 70%", "share: 0%").replace("30%", "100%")
    scenario = flats(tmp_path, text).options[CARRY_ON].scenario
    right, naive = [], []
    for seed in range(16):
        history = simulate_past(scenario, seed, "borough")
        layout = layout_of(scenario, history)
        stays = records_of_history(history, layout).stays
        horizon = Layout(**{**vars(layout), "horizons": (1000.0,) * len(layout.settings)})
        right.append(recorded_lengths(stays, 0, horizon)[0])
        own = stays.setting == 0
        ended = ~np.isnan(stays.left[own])
        exits = np.where(ended, stays.left[own], layout.days) - stays.entered[own]
        naive.append(lengths(np.zeros(len(exits)), exits, ended, 1000.0)[0])
    exact = 400 * (1 - np.exp(-1000 / 400))
    assert abs(np.mean(right) - exact) < 4 * np.std(right, ddof=1) / np.sqrt(16)
    assert abs(np.mean(naive) - exact) > 6 * np.std(naive, ddof=1) / np.sqrt(16)


def test_the_layout_knows_what_the_records_hold_and_lack(tmp_path):
    study = flats(tmp_path)
    history, scenario = past_of(study), study.options[CARRY_ON].scenario
    assert layout_of(scenario, history).lacking == ()
    assert layout_of(scenario, stays_alone(history)).lacking == ("ready", "requests", "steps")
    with pytest.raises(RunError, match="none is the same"):
        layout_of(shortened("adaptations"), history)
