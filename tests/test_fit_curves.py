"""Curves without a family agree with published values, with the measures of a run, and with the truth."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from made_up_stays import AGES, TRUTHS, Service, records
from public_data import channing_men, made, remissions

from stepdown.calibration.fits.curves import aalen_johansen, kaplan_meier
from stepdown.calibration.fits.durations import Durations, stays_of
from stepdown.outputs.measures.survival import kaplan_meier as of_a_run

pytestmark = pytest.mark.theory

TIMES = {"flats": TRUTHS["lognormal"], "hospital": TRUTHS["weibull"]}
SERVICE = Service(TIMES, {"flats": 0.7, "hospital": 0.3}, AGES["established"], stays=200)

SETS = 60


def seen_of(seed: int) -> Durations:
    return stays_of(records(SERVICE, seed), "house")


def truth_at(days: float) -> float:
    """The share that has gone to flats by then."""
    return 0.7 * (1 - TRUTHS["lognormal"].survival(days))


def test_remissions_last_as_was_published_with_greenwoods_errors():
    curve = kaplan_meier(remissions())
    assert list(curve.days) == [6, 7, 10, 13, 16, 22, 23]
    assert curve.share == pytest.approx([0.857, 0.807, 0.753, 0.690, 0.627, 0.538, 0.448], abs=5e-4)
    assert curve.error == pytest.approx([0.0764, 0.0869, 0.0963, 0.1068, 0.1141, 0.1282, 0.1346], abs=5e-5)
    assert list(curve.at_risk) == [21, 17, 15, 12, 11, 7, 6]
    low, high = curve.between(0.95)
    assert (low[0], high[0]) == pytest.approx((0.620, 0.952), abs=1e-3)  # log-log, as R's survfit prints it
    assert curve.at(14) == pytest.approx((0.690, 0.1068), abs=5e-4)


def test_with_delayed_entry_the_curve_is_that_of_the_measures_of_a_run():
    seen = channing_men()
    ours, theirs = kaplan_meier(seen), of_a_run(seen.at_least, seen.ended, seen.entry)
    assert ours.days == pytest.approx(theirs.times)
    assert ours.share == pytest.approx(theirs.survival)


def test_ways_to_end_and_those_who_last_add_up_to_all():
    seen = seen_of(1)
    curves = aalen_johansen(seen, ("flats", "hospital"))
    lasting = kaplan_meier(seen)
    assert curves["flats"].share + curves["hospital"].share + lasting.share == pytest.approx(1.0)
    lost = aalen_johansen(seen, ("flats",))
    assert lost[""].share == pytest.approx(curves["hospital"].share)


def test_with_one_way_to_end_its_error_is_greenwoods():
    seen = replace(remissions(), route=np.where(remissions().ended, "relapse", ""))
    assert aalen_johansen(seen, ("relapse",))["relapse"].error == pytest.approx(kaplan_meier(seen).error)


def test_destinations_are_recovered_where_ignoring_entry_misses_them():
    right, naive, errors = [], [], []
    for seed in range(SETS):
        seen = seen_of(seed)
        share, error = aalen_johansen(seen, ("flats", "hospital"))["flats"].at(700)
        right.append(share)
        errors.append(error)
        naive.append(aalen_johansen(replace(seen, entry=np.zeros(seen.n)), ("flats", "hospital"))["flats"].at(700)[0])
    spread = float(np.std(right, ddof=1))
    assert abs(np.mean(right) - truth_at(700)) < 3.5 * spread / math.sqrt(SETS)
    assert abs(np.mean(naive) - truth_at(700)) > 3.5 * float(np.std(naive, ddof=1)) / math.sqrt(SETS)
    # The spread of 60 is known to 9%.
    assert np.mean(errors) == pytest.approx(spread, rel=3.5 * 0.09)


def test_from_where_everybody_at_risk_has_ended_there_is_no_error():
    curve = kaplan_meier(made([3.0, 5.0], [True, True], [0.0, 0.0]))
    assert list(curve.share) == [0.5, 0.0]
    assert np.isnan(curve.error[1])
    assert np.isnan(curve.between(0.95)[0][1])
    assert np.isnan(curve.at(1)[0])
