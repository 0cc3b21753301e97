"""The pool: the same numbers however it is made, and however it has grown."""

from __future__ import annotations

import numpy as np
import pytest
from councils import LETTINGS, NEED, flats, look_for, past_of

from stepdown.calibration.matching.pool import grown, sizes, sobol
from stepdown.simulation import workers

pytestmark = pytest.mark.determinism

LIMITS = {NEED.replace(".", "__"): ("2 months", "12 months"), LETTINGS.replace(".", "__"): (12, 60)}


def no_progress(done: int, expected: int) -> None:
    """Tell nobody."""


def test_a_pool_is_the_same_in_one_process_and_in_two_and_when_it_has_grown(tmp_path, monkeypatch):
    study = flats(tmp_path)
    sought = look_for(study, past_of(study), **LIMITS)
    alone = grown(None, sought, 200, 1, no_progress)
    monkeypatch.setattr(workers, "WORTH_STARTING", 0.0)
    shared = grown(grown(None, sought, 100, 1, no_progress), sought, 200, 2, no_progress)
    for name in ("ranks", "nuisance", "figures"):
        np.testing.assert_array_equal(getattr(alone, name), getattr(shared, name))
    assert len(np.unique(alone.figures, axis=0)) == 200, "each past has its own luck"


def test_another_seed_is_another_pool(tmp_path):
    study = flats(tmp_path)
    history = past_of(study)
    one, other = (grown(None, look_for(study, history, seed=seed, **LIMITS), 20, 1, no_progress) for seed in (1, 2))
    assert (one.ranks != other.ranks).all()
    assert (one.figures != other.figures).any()


def test_a_longer_sequence_begins_with_a_shorter_one_and_fills_the_prior_evenly():
    np.testing.assert_array_equal(sobol(1000, 3, 1)[:100], sobol(100, 3, 1))
    counts = np.array([np.bincount((column * 8).astype(int), minlength=8) for column in sobol(1024, 3, 1).T])
    assert (counts == 128).all()


def test_a_pool_has_the_size_that_is_asked_for_or_doubles():
    assert list(sizes(700)) == [700]
    assert list(sizes(None)) == [1000, 2000, 4000, 8000, 16000]
