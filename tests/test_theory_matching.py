"""Posteriors from pools against exact ones: a normal mean, and a queue that blocks."""

from __future__ import annotations

import numpy as np
import pytest
from councils import LETTINGS, NEED, flats, look_for, past_of

from stepdown.calibration.matching.calibrate import learned_from, observed_by
from stepdown.calibration.matching.checks import INTERVALS
from stepdown.calibration.matching.learning import Posterior, learn
from stepdown.calibration.matching.pool import Pool, grown, sobol
from stepdown.calibration.matching.priors import Prior, ranks_of, scores_of
from stepdown.calibration.matching.targets import targets_of

pytestmark = pytest.mark.theory

SEEN, NOISE = 8, 1.5
"""Observations in a past of the toy, and their standard deviation around the mean that is looked for."""

EXACT_SD = (1 + SEEN / NOISE**2) ** -0.5
"""With a standard normal prior the posterior is normal with this standard deviation."""


def toy(pasts: int, seed: int) -> Pool:
    """Return pasts of a normal mean (and of a second unknown that shows in nothing), seen with noise.

    Figures are exponentials less one, because figures are compared by their logarithms.
    """
    chance = np.random.default_rng(seed)
    ranks = sobol(pasts, 2, seed)
    seen = scores_of(ranks[:, :1]) + NOISE * chance.standard_normal((pasts, SEEN))
    return Pool(ranks, np.zeros(pasts, dtype=np.int64), np.expm1(np.column_stack([seen, np.zeros(pasts)])))


def moments(posterior: Posterior) -> tuple[float, float]:
    """Return mean and standard deviation of the first unknown's normal score."""
    mean = float(posterior.weights @ posterior.scores[:, 0])
    return mean, float(np.sqrt(posterior.weights @ (posterior.scores[:, 0] - mean) ** 2))


@pytest.fixture(scope="module")
def learned():
    pool = toy(1200, 1)
    return learn(pool.ranks, pool.figures, np.arange(SEEN + 1), 1)


def test_the_posterior_of_a_normal_mean_is_the_exact_one(learned):
    """Over 128 data sets; means and standard deviations in units of the exact standard deviation."""
    others = toy(128, 2)
    exact = EXACT_SD**2 * np.log1p(others.figures[:, :SEEN]).sum(axis=1) / NOISE**2
    found = np.array([moments(learned.posterior(figures)) for figures in others.figures])
    off = (found[:, 0] - exact) / EXACT_SD
    wide = found[:, 1] / EXACT_SD
    assert abs(np.mean(off)) < 0.1
    assert np.sqrt(np.mean(off**2)) < 0.35, "the means are off by noise of the pool alone"
    assert np.mean(wide) == pytest.approx(1, abs=0.06)
    pool = np.log1p(toy(1200, 1).figures[:, :SEEN])
    unlearned = [
        moments(_of_those_near(learned.scores, np.linalg.norm(pool - one, axis=1)))
        for one in np.log1p(others.figures[:, :SEEN])
    ]
    assert np.mean([spread for _, spread in unlearned]) > 1.3 * EXACT_SD, "rejection by the figures is too wide"


def _of_those_near(scores: np.ndarray, away: np.ndarray) -> Posterior:
    """Return the posterior of plain rejection: the nearest tenth, as they are."""
    pasts = np.argsort(away)[: len(away) // 10]
    return Posterior(pasts, scores[pasts], np.full(len(pasts), 1 / len(pasts)))


def test_truths_lie_evenly_within_their_posteriors_and_where_they_do_not_it_is_noticed():
    pool = toy(1200, 1)
    _, held = learned_from(pool, np.arange(SEEN + 1), 1)
    assert held.covers
    assert (held.evenness() > 0.001).all()
    for interval in INTERVALS:
        error = np.sqrt(interval * (1 - interval) / len(held.below))
        assert (np.abs(held.coverage(interval) - interval) < 4 * error).all()
    shifted = Pool(ranks_of(scores_of(pool.ranks) + EXACT_SD), pool.nuisance, pool.figures)
    wrong = Pool(np.concatenate([pool.ranks[:1020], shifted.ranks[1020:]]), pool.nuisance, pool.figures)
    assert not learned_from(wrong, np.arange(SEEN + 1), 1)[1].covers, "truths that lie elsewhere are noticed"


def test_what_shows_in_nothing_keeps_its_prior(learned):
    ratios = np.array([learned.posterior(figures).ratios for figures in toy(50, 3).figures])
    assert np.mean(ratios[:, 1]) == pytest.approx(1, abs=0.05)
    assert np.mean(ratios[:, 0]) < 0.6
    nothing = learn(toy(300, 1).ranks, np.zeros((300, 3)), np.arange(3), 1)
    assert nothing.posterior(np.zeros(3)).ratios == pytest.approx([1, 1], abs=0.15)


def test_a_figure_that_some_pasts_cannot_tell_still_tells_and_one_that_none_can_does_not(learned):
    pool = toy(1200, 1)
    figures = pool.figures.copy()
    figures[::3, 0] = np.nan
    figures[:, SEEN] = np.nan
    partly = learn(pool.ranks, figures, np.arange(SEEN + 1), 1)
    assert SEEN not in partly.scale.columns
    others = toy(50, 3).figures
    ratios = [np.mean([one.posterior(row).ratios[0] for row in others]) for one in (learned, partly)]
    assert ratios[1] == pytest.approx(ratios[0], rel=0.2)


@pytest.mark.parametrize("prior", [Prior("log-uniform", 2, 50), Prior("logit-uniform", 5, 90), Prior("uniform", -3, 4)])
def test_ranks_and_amounts_of_a_prior_are_each_others_inverse(prior):
    ranks = np.linspace(0, 1, 11)
    amounts = prior.amounts(ranks)
    assert (amounts[0], amounts[-1]) == pytest.approx((prior.low, prior.high))
    assert prior.ranks(amounts) == pytest.approx(ranks)
    middle = {"log-uniform": 10, "logit-uniform": 100 / (1 + np.sqrt((95 * 10) / (5 * 90))), "uniform": 0.5}
    assert amounts[5] == pytest.approx(middle[prior.kind])


def test_a_need_hidden_behind_blocked_flats_is_found_and_recorded_stays_are_not_it(tmp_path):
    """Five months are needed; recorded stays last as long as homes are scarce. Sixteen councils, one pool."""
    study = flats(tmp_path)
    limits = {NEED.replace(".", "__"): ("2 months", "12 months"), LETTINGS.replace(".", "__"): (12, 60)}
    histories = [past_of(study, seed) for seed in range(100, 116)]
    sought = look_for(study, histories[0], **limits)
    pool = grown(None, sought, 500, 1, lambda done, expected: None)
    observed = np.array([observed_by(sought, history) for history in histories])
    learned = learn(pool.ranks, pool.figures, np.flatnonzero(np.isfinite(observed).all(axis=0)), 1)
    truth = scores_of(np.array([u.prior.ranks(np.array([u.input.amount]))[0] for u in sought.unknowns]))
    posteriors = [learned.posterior(figures) for figures in observed]
    below = np.array([posterior.share_below(truth) for posterior in posteriors])
    held = np.count_nonzero(np.abs(below - 0.5) < 0.475, axis=0)
    assert (held >= 12).all(), "of 16 intervals of 95%; fewer than 12 has a chance below 1 in 1,000"
    assert np.mean([posterior.ratios for posterior in posteriors], axis=0)[0] < 0.5
    naive = _recorded_means(sought, observed)
    error = np.std(naive, ddof=1) / np.sqrt(len(naive))
    assert abs(np.mean(naive) - 5) > 6 * error, "recorded stays are no needs"


def _recorded_means(sought, observed):
    names = [target.name for target in targets_of(sought.layout)]
    return observed[:, names.index("recorded stay in flats: mean")] / (365.25 / 12)
