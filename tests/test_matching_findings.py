"""What is said of a calibration: warnings where they are due, and counts of real people only as they may be shown."""

from __future__ import annotations

import dataclasses
from contextlib import contextmanager

import numpy as np
import pytest
from councils import LETTINGS, NEED, flats, look_for, past_of, stays_alone

from stepdown.calibration.disclosure import Disclosure
from stepdown.calibration.history import STAYS, typed
from stepdown.calibration.matching import pool
from stepdown.calibration.matching.calibrate import Calibrated, Look, calibrate
from stepdown.calibration.matching.checks import predicted
from stepdown.calibration.matching.findings import found_of, said_of, warnings_of
from stepdown.calibration.matching.folder import as_data
from stepdown.calibration.matching.report import folded
from stepdown.calibration.matching.shown import cell, disclosed, figure_in_words, tidy
from stepdown.calibration.matching.targets import Target

pytestmark = pytest.mark.history

EXACT, ROUNDED = Disclosure(rounded=False), Disclosure(rounded=True)


@contextmanager
def unseen():
    yield lambda done, expected: None


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """Return what was found of twelve flats, and from which records."""
    study = flats(tmp_path_factory.mktemp("place"))
    history = stays_alone(past_of(study))
    limits = {NEED.replace(".", "__"): ("2 months", "12 months"), LETTINGS.replace(".", "__"): (12, 60)}
    return calibrate(look_for(study, history, **limits), history, 200, 50, 1, unseen), history


@pytest.fixture
def found(place) -> Calibrated:
    return place[0]


def test_records_unlike_every_past_are_said_loudly_and_first(found):
    assert not any("NO SIMULATED PAST" in said for said in warnings_of(found, EXACT))
    strange = found.observed * np.where([target.name == "arrivals into ward" for target in found.targets], 9, 1)
    other = dataclasses.replace(found, observed=strange, before=predicted(found.pool.figures, strange, share=1.0))
    assert warnings_of(other, EXACT)[0].startswith(
        "NO SIMULATED PAST IS LIKE THE RECORDS, whatever the unknowns are, in 1 of "
    )
    assert "arrivals into ward" in warnings_of(other, EXACT)[0]


def test_figures_that_the_calibrated_model_does_not_make_are_named(found):
    outside = np.array([target.name == "deaths" or target.name == "people in home, year 2" for target in found.targets])
    other = dataclasses.replace(found, after=dataclasses.replace(found.after, outside=outside))
    (said,) = [said for said in warnings_of(other, EXACT) if "does not reproduce" in said]
    assert "people in home, year 2 (" in said


def test_what_the_records_hardly_tell_is_said_with_the_records_that_would_tell_it(found):
    ranks = np.random.default_rng(1).random(found.posterior.scores.shape)
    vague = dataclasses.replace(found.posterior, scores=(ranks - 0.5) * 3.4)
    more = {"": np.array([0.9, 0.9]), "steps": np.array([0.5, 0.88]), "requests": np.array([0.4, 0.95])}
    other = dataclasses.replace(found, posterior=vague, with_more=more)
    first, second = [said for said in warnings_of(other, EXACT) if "hardly tell it" in said]
    assert first.endswith("90% is left; with requests for places 40%, with dates of steps 50%.")
    assert second.endswith("No other records would tell much more.")
    assert [one.said for one in found_of(other)] == ["hardly told", "hardly told"]
    assert [said_of(ratio) for ratio in (0.4, 0.5, 0.71)] == ["well told", "told", "hardly told"]


def test_a_posterior_crowded_at_a_limit_intervals_too_narrow_and_a_pool_too_small_are_said(found):
    crowded = dataclasses.replace(found.posterior, scores=np.full_like(found.posterior.scores, 2.5))
    held = dataclasses.replace(found.held_out, below=np.full_like(found.held_out.below, 0.01))
    looks = (Look(1000, 0.8, True), Look(2000, 0.6, True))
    said = " ".join(warnings_of(dataclasses.replace(found, posterior=crowded, held_out=held, looks=looks), EXACT))
    assert f"{NEED} is crowded at its high limit" in said
    assert "Intervals are too narrow: of held-out truths they hold 0% for 50%, 0% for 80%, 0% for 95%" in said
    assert "2,000 pasts were still better than 1,000" in said


def test_the_more_the_records_hold_the_less_spread_is_left(found):
    as_they_are = found.with_more[""][0]
    assert set(found.with_more) == {"", "ready", "requests", "steps"}
    assert found.with_more["ready"][0] < as_they_are


def test_a_pool_grows_until_more_is_worth_nothing_or_it_has_doubled_often_enough(tmp_path, monkeypatch):
    monkeypatch.setattr(pool, "FIRST", 100)
    monkeypatch.setattr(pool, "DOUBLINGS", 1)
    study = flats(tmp_path)
    history = past_of(study)
    sought = look_for(study, history, **{LETTINGS.replace(".", "__"): (12, 60)})
    found = calibrate(sought, history, None, 20, 1, unseen)
    assert [look.pasts for look in found.looks] == [100, 200]
    assert found.pool.size == 200


def test_fifteen_people_and_a_setting_that_never_occurs_are_enough_to_say_how_little_is_known(tmp_path):
    study = flats(tmp_path)
    history = stays_alone(past_of(study))
    some = history.stays["person"].isin(history.stays["person"].unique()[:15]) & (history.stays["setting"] != "home")
    few = dataclasses.replace(history, stays=typed(history.stays[some], STAYS))
    limits = {NEED.replace(".", "__"): ("2 months", "12 months"), "demand__0__per_year": (1, 40)}
    found = calibrate(look_for(study, few, **limits), few, 200, 20, 1, unseen)
    assert "home" not in found.sought.layout.settings
    assert np.isfinite(found.ratios).all()
    assert np.isfinite(found.drawn.amounts).all()
    assert found.ratios[0] > 0.4, "fifteen people tell little of the need"


def test_counts_of_real_people_are_rounded_and_small_ones_withheld(place):
    found, history = place
    real = dataclasses.replace(history, simulated=False)
    figures = as_data(found, real, ROUNDED)["figures"]
    years = history.days / 365.25
    for one in figures:
        if one["recorded"] is not None and one["unit"] != "days":
            count = one["recorded"] * (years if one["unit"] == "a year" else 1)
            assert count == pytest.approx(5 * round(count / 5)), one["name"]
    exact = as_data(found, real, EXACT)["figures"]
    assert [one["recorded"] for one in exact] == pytest.approx(found.observed[found.used].tolist())


def test_what_rests_on_fewer_than_five_people_is_withheld(found):
    targets = (
        Target("moves", "moves", "stays", "a year"),
        Target("stay: mean", "lengths", "stays", "days", "moves"),
        Target("people", "occupancy", "stays", "people"),
    )
    layout = dataclasses.replace(found.sought.layout, days=730)
    few, some, many = np.array([1.9, 123.4, 3.2]), np.array([2.6, 123.4, 7.6]), np.array([30.0, 1234.0, 33.3])
    assert disclosed(targets, few, layout, ROUNDED) == [None, None, None]
    assert disclosed(targets, some, layout, ROUNDED) == pytest.approx([5 * 365.25 / 730, 120, 10])
    assert disclosed(targets, many, layout, ROUNDED) == pytest.approx([60 * 365.25 / 730, 1200, 35])
    assert disclosed(targets, few, layout, EXACT) == few.tolist()
    assert [figure_in_words(target, None) for target in targets[:2]] == ["fewer than 5", "from fewer than 5"]


def test_amounts_are_written_as_a_scenario_has_them(found):
    need, lettings = (unknown.input for unknown in found.sought.unknowns)
    assert [cell(need, amount) for amount in (4.5, 10.0, 0.0123456789)] == [
        "4.5 months",
        "10 months",
        "0.0123457 months",
    ]
    assert [cell(lettings, amount, 4) for amount in (23.456, 20.0)] == [23.46, 20.0]
    assert [tidy(value) for value in ("60.000000000000%", "12.500000000000 weeks", "100%", 5)] == [
        "60%",
        "12.5 weeks",
        "100%",
        5,
    ]


def test_paths_are_folded_at_their_dots():
    assert folded("routes.flats.0.ready_after.mean", 16).split("\n") == ["routes.flats.0.", "ready_after.mean"]
    assert folded("short", 16) == "short"
