"""Calibration: a pool, what is learned from it, what it says of the records, and whether that can be believed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

import numpy as np

from stepdown.calibration.history import CouncilHistory
from stepdown.calibration.matching.checks import (
    HeldOut,
    Predicted,
    check_held_out,
    most_like,
    number_held_out,
    predicted,
)
from stepdown.calibration.matching.layout import layout_of
from stepdown.calibration.matching.learning import Learned, Posterior, learn
from stepdown.calibration.matching.opening import opening_of
from stepdown.calibration.matching.pool import (
    AGAIN,
    Pool,
    Progress,
    Sought,
    chance,
    grown,
    nuisance_of,
    simulated,
    sizes,
)
from stepdown.calibration.matching.priors import Numbers, ranks_of
from stepdown.calibration.matching.records import records_of_history
from stepdown.calibration.matching.targets import Target, measure, targets_of
from stepdown.calibration.matching.unknowns import Unknown
from stepdown.scenarios.loader import CARRY_ON, Study

LOOKED_AT_AGAIN = 200
"""Pasts that are simulated from the posterior, at the most."""

WORTH_DOUBLING = 0.02
"""A larger pool has to make the held-out error smaller by this share, or it is not made larger once more."""

LIKE, FEWEST_LIKE = 0.25, 50
"""Of the held-out pasts, the share that is most like the records; these say what other records would be worth."""

Shown = Callable[[], AbstractContextManager[Progress]]
"""Makes something to tell how far it is."""


@dataclass(frozen=True)
class Look:
    """What a pool of a size was worth: how many pasts, the held-out error, whether intervals cover."""

    pasts: int
    error: float
    covers: bool


@dataclass(frozen=True)
class Drawn:
    """Joint draws from the posterior.

    Attributes
    ----------
    ranks
        Shape (draws, unknowns): in the priors.
    amounts
        The same in the units in which the values are written.
    nuisance
        Shape (draws,): the draw of fitted values that belongs to each.
    """

    ranks: Numbers
    amounts: Numbers
    nuisance: np.ndarray[Any, np.dtype[np.int64]]


@dataclass(frozen=True)
class Calibrated:
    """What was found.

    Attributes
    ----------
    sought
        What was looked for, and how.
    targets, observed
        What pasts were compared by, and the records' own figures.
    used
        Which of the targets the records can tell, but for those that are the same in the records and in every past.
    pool, looks
        The pasts, and what pools of each size were worth.
    posterior, drawn
        What is known of the unknowns now, and draws of it.
    held_out
        How posteriors do where the truth is known.
    before, after
        The records against pasts from the priors, and from the posterior.
    with_more
        By what records lack: the ratios that records with it would lead to. Under '' those of the records as they are.
    """

    sought: Sought
    targets: tuple[Target, ...]
    observed: Numbers
    used: np.ndarray[Any, np.dtype[np.int64]]
    pool: Pool
    looks: tuple[Look, ...]
    posterior: Posterior
    drawn: Drawn
    held_out: HeldOut
    before: Predicted
    after: Predicted
    with_more: Mapping[str, Numbers]

    @property
    def ratios(self) -> Numbers:
        """The standard deviation of each unknown's rank in its prior, over what the prior's is."""
        return self.posterior.ratios


def what_is_sought(study: Study, history: CouncilHistory, unknowns: Sequence[Unknown], seed: int) -> Sought:
    """Return everything that simulated pasts are made from."""
    option = study.options[CARRY_ON]
    opening = opening_of(option.scenario, history)
    layout = layout_of(option.scenario, history, opening.settling)
    return Sought(option, tuple(unknowns), nuisance_of(study, unknowns), opening, layout, seed)


def observed_by(sought: Sought, history: CouncilHistory) -> Numbers:
    """Return the figures of a history; those that its records cannot tell are missing."""
    found = measure(records_of_history(history, sought.layout), sought.layout)
    needs = np.array([target.needs in sought.layout.recorded for target in targets_of(sought.layout)])
    return np.where(needs, found, np.nan)


def calibrate(
    sought: Sought, history: CouncilHistory, pasts: int | None, draws: int, jobs: int, shown: Shown
) -> Calibrated:
    """Find the values with which the model makes a past like a council's own.

    Parameters
    ----------
    sought
        What is looked for.
    history
        The council's records.
    pasts
        Size of the pool; None to let it grow until that is worth nothing.
    draws
        How many draws of the posterior are wanted.
    jobs
        Processes; the result does not depend on it.
    shown
        Makes something to tell how far it is.

    Raises
    ------
    ScenarioError
        If the study does not hold with some of the values, or when the records begin.
    """
    observed = observed_by(sought, history)
    told = np.flatnonzero(np.isfinite(observed))
    pool, learned, held, looks = _learned(sought, told, pasts, jobs, shown)
    posterior = learned.posterior(observed)
    drawn = _drawn(sought, pool, posterior, draws)
    again = min(draws, LOOKED_AT_AGAIN)
    with shown() as progress:
        work = sought.pasts(drawn.ranks[:again], drawn.nuisance[:again], AGAIN)
        figures = simulated(work, 0, again, jobs, progress)
    before = predicted(pool.figures, observed, share=1.0)
    differs = (before.low < before.high) | before.outside
    return Calibrated(
        sought=sought,
        targets=targets_of(sought.layout),
        observed=observed,
        used=told[differs[told]],
        pool=pool,
        looks=tuple(looks),
        posterior=posterior,
        drawn=drawn,
        held_out=held,
        before=before,
        after=predicted(figures, observed),
        with_more=dict(_with_more(sought, pool, told, learned, observed, held)),
    )


def _learned(
    sought: Sought, used: Any, asked: int | None, jobs: int, shown: Shown
) -> tuple[Pool, Learned, HeldOut, list[Look]]:
    """Let the pool grow until it is as large as asked, or a larger one is worth nothing."""
    pool: Pool | None = None
    looks: list[Look] = []
    for size in sizes(asked):
        with shown() as progress:
            pool = grown(pool, sought, size, jobs, progress)
        learned, held = learned_from(pool, used, sought.seed)
        looks.append(Look(size, held.error, held.covers))
        if len(looks) > 1 and held.covers and looks[-1].error > (1 - WORTH_DOUBLING) * looks[-2].error:
            break
    assert pool is not None  # there is at least one size
    return pool, learned, held, looks


def learned_from(pool: Pool, columns: Any, seed: int) -> tuple[Learned, HeldOut]:
    """Learn from all but the last pasts of a pool, and check on these.

    Parameters
    ----------
    pool
        The pasts.
    columns
        Which of their figures may be used.
    seed
        Of the networks' first weights.
    """
    kept = pool.size - number_held_out(pool.size)
    learned = learn(pool.ranks[:kept], pool.figures[:kept], columns, seed)
    return learned, check_held_out(learned, pool.ranks[kept:], pool.figures[kept:])


def _drawn(sought: Sought, pool: Pool, posterior: Posterior, draws: int) -> Drawn:
    chosen = posterior.drawn(draws, chance(sought.seed, "draws"))
    ranks = ranks_of(posterior.scores[chosen])
    amounts = [unknown.amounts(ranks[:, at]) for at, unknown in enumerate(sought.unknowns)]
    return Drawn(ranks, np.column_stack(amounts), pool.nuisance[posterior.pasts[chosen]])


def _with_more(
    sought: Sought, pool: Pool, used: Any, learned: Learned, observed: Numbers, held: HeldOut
) -> Sequence[tuple[str, Numbers]]:
    """Return how narrow posteriors are of held-out pasts that are like the records: as they are, and with more."""
    kept = pool.size - number_held_out(pool.size)
    summaries = learned.summary(pool.figures[kept:]).mean(axis=0)
    like = most_like(summaries, learned.summary(observed[None, :])[:, 0].mean(axis=0), LIKE, FEWEST_LIKE)
    found = [("", held.ratios[like].mean(axis=0))]
    needs = np.array([target.needs for target in targets_of(sought.layout)])
    for lacking in sought.layout.lacking:
        more = np.union1d(used, np.flatnonzero(needs == lacking))
        _, richer = learned_from(pool, more, sought.seed)
        found.append((lacking, richer.ratios[like].mean(axis=0)))
    return found
