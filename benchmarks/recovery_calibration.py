"""Whether `stepdown calibrate` finds a truth that is known: writes docs/recovery-calibration.md.

One pool serves all synthetic councils, because they are observed alike: after the same warm-up, over the same years.
They are made by another path than the pool (tables, then a history, then records), with seeds that the pool never uses.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from blocked_council import write_council
from report import Table, wrapped

from stepdown.calibration.matching.calibrate import learned_from, what_is_sought
from stepdown.calibration.matching.checks import INTERVALS
from stepdown.calibration.matching.findings import HARDLY
from stepdown.calibration.matching.learning import Learned
from stepdown.calibration.matching.pool import Pool, Sought, grown
from stepdown.calibration.matching.priors import ranks_of, scores_of
from stepdown.calibration.matching.records import records_of_history
from stepdown.calibration.matching.shown import brief
from stepdown.calibration.matching.targets import measure, targets_of
from stepdown.calibration.matching.unknowns import UNKNOWNS, find_unknowns, read_unknowns
from stepdown.calibration.synthetic.past import simulate_past
from stepdown.scenarios.amounts import with_amounts
from stepdown.scenarios.loader import CARRY_ON, read_study

DOCUMENT = Path(__file__).parents[1] / "docs" / "recovery-calibration.md"

COUNCILS = 150
"""Synthetic councils with truths from the prior, and as many with the study's own truth."""

SIZES = (1000, 2000, 4000, 8000)
"""Of the pool."""

SHOWN = 4000
"""The size that `stepdown calibrate` makes unless something else is asked."""

RECORDS = {"stays alone": ("stays",), "stays, ready dates, requests and steps": ("stays", "ready", "requests", "steps")}
"""What councils record."""

SEED, OTHERS = 1, 10_000
"""Of the pool, and the first of the councils."""

HEAD = """\
# Recovery: calibrate

Written by `benchmarks/recovery_calibration.py`. A small council with a known truth ([its
study](../benchmarks/blocked_council.py)): hospital, residential care with reviews, {places} transitional places that
are blocked while people wait for a team and then for homes to let, and independent living; about {stays} stays in four
years of records. Five values are looked for; the records of {councils} councils are made with values drawn from the
priors, and those of {councils} more with the study's own. The same calibration takes each for the records of a council.
"""


@dataclass(frozen=True)
class Recovered:
    """What was said of the unknowns of many councils.

    Attributes
    ----------
    below
        Shape (councils, unknowns): how much of each posterior lies below the truth.
    medians
        Shape (councils, unknowns): posterior medians, as ranks in the priors.
    ratios
        Shape (councils, unknowns): how much of the prior's spread is left.
    """

    below: Any
    medians: Any
    ratios: Any

    def covered(self, interval: float) -> Any:
        """Return the share of middle intervals that hold the truth, by unknown."""
        return np.mean(np.abs(self.below - 0.5) < interval / 2, axis=0)


def council(sought: Sought, ranks: Any, number: int) -> tuple[Any, float, int]:
    """Return the figures of one synthetic council, its naive mean stay in transitional, and its stays."""
    amounts = {unknown.input: float(unknown.amounts(ranks[at])) for at, unknown in enumerate(sought.unknowns)}
    scenario = with_amounts(sought.option, amounts).scenario
    history = simulate_past(scenario, OTHERS + number, "a council")
    figures = measure(records_of_history(history, sought.layout), sought.layout)
    names = [target.name for target in targets_of(sought.layout)]
    return figures, float(figures[names.index("recorded stay in transitional: mean")]), len(history.stays)


def recovered(learned: Learned, ranks: Any, figures: Any) -> Recovered:
    """Take each council's figures for records, and return what is said of its unknowns."""
    posteriors = [learned.posterior(row) for row in figures]
    truth = scores_of(ranks)
    below = [posterior.share_below(scores) for posterior, scores in zip(posteriors, truth, strict=True)]
    medians = [_median(posterior) for posterior in posteriors]
    return Recovered(np.array(below), np.array(medians), np.array([posterior.ratios for posterior in posteriors]))


def _median(posterior: Any) -> Any:
    order = np.argsort(posterior.scores, axis=0)
    sorted_scores = np.take_along_axis(posterior.scores, order, axis=0)
    at = np.argmax(np.cumsum(posterior.weights[order], axis=0) >= 0.5, axis=0)
    return ranks_of(sorted_scores[at, np.arange(len(at))])


def main() -> None:
    """Measure, and write the document."""
    with tempfile.TemporaryDirectory() as folder:
        study = read_study(write_council(Path(folder) / "council"))
        asked = read_unknowns(Path(folder) / "council" / UNKNOWNS)
    option = study.options[CARRY_ON]
    sought = what_is_sought(
        study, simulate_past(option.scenario, OTHERS - 1, "any"), find_unknowns(option, asked, []), SEED
    )
    own = np.array([float(u.prior.ranks(np.array([u.input.amount]))[0]) for u in sought.unknowns])
    drawn = np.random.Generator(np.random.Philox(np.random.SeedSequence([OTHERS, 0]))).random((COUNCILS, len(own)))
    truths = np.concatenate([drawn, np.tile(own, (COUNCILS, 1))])
    with ProcessPoolExecutor(os.cpu_count()) as workers:
        made = list(workers.map(partial(council, sought), truths, range(len(truths)), chunksize=10))
    figures = np.array([one[0] for one in made])
    pools, seconds = _pools(sought), _seconds_a_past(sought)
    stays = [one[2] for one in made[COUNCILS:]]
    parts = [wrapped(HEAD.format(places=40, stays=round(np.mean(stays) / 10) * 10, councils=COUNCILS))]
    parts += _sections(sought, pools, seconds, truths, figures)
    parts.append(_naive([one[1] for one in made[COUNCILS:]], sought))
    DOCUMENT.write_text("\n\n".join(part.rstrip() for part in parts) + "\n", encoding="utf-8")


def _pools(sought: Sought) -> dict[int, Pool]:
    pools: dict[int, Pool] = {}
    pool = None
    for size in SIZES:
        pool = pools[size] = grown(pool, sought, size, os.cpu_count() or 1, lambda done, expected: None)
    return pools


def _seconds_a_past(sought: Sought, pasts: int = 200) -> float:
    """Return the processor seconds that a past takes in this process, everything compiled and loaded."""
    grown(None, sought, 1, 1, lambda done, expected: None)
    begun = time.process_time()
    grown(None, sought, pasts, 1, lambda done, expected: None)
    return (time.process_time() - begun) / pasts


def _sections(sought: Sought, pools: dict[int, Pool], seconds: float, truths: Any, figures: Any) -> list[str]:
    needs = np.array([target.needs for target in targets_of(sought.layout)])
    parts, sizes = [], []
    for name, kinds in RECORDS.items():
        columns = np.flatnonzero(np.isin(needs, kinds))
        for size, pool in pools.items():
            begun = time.process_time()
            learned, held = learned_from(pool, columns, SEED)
            learning = time.process_time() - begun
            found = recovered(learned, truths, figures)
            prior = Recovered(found.below[:COUNCILS], found.medians[:COUNCILS], found.ratios[:COUNCILS])
            sizes.append(
                (
                    name,
                    f"{size:,}",
                    f"{held.error:.3f}",
                    *(f"{100 * np.mean(prior.covered(interval)):.0f}%" for interval in INTERVALS),
                    f"{np.mean(prior.ratios):.3f}",
                    f"{seconds * size:.0f}",
                    f"{learning:.0f}",
                )
            )
            if size == SHOWN:
                parts.append(_section(sought, name, truths, found))
    heads = ("records", "pasts", "error", "50%", "80%", "95%", "left", "seconds", "learning")
    about = (
        "Error: held-out, in standard deviations of the prior. Then the coverage of intervals over all unknowns of the "
        "councils with values from the priors, the mean share of the prior's spread that is left, and the processor "
        f"seconds of the pool ({1000 * seconds:.1f} ms a past, measured on 200) and of learning and checking."
    )
    return [*parts, "## How large a pool", wrapped(about), Table(heads, sizes).markdown()]


def _section(sought: Sought, name: str, truths: Any, found: Recovered) -> str:
    rows, number = [], COUNCILS
    for at, unknown in enumerate(sought.unknowns):
        own = unknown.amounts(found.medians[number:, at])
        low, middle, high = np.quantile(own, (0.1, 0.5, 0.9))
        covers = [
            np.mean(np.abs(found.below[:, at] - 0.5).reshape(2, -1) < interval / 2, axis=1) for interval in INTERVALS
        ]
        rows.append(
            (
                unknown.name,
                brief(unknown.input.amount),
                brief(float(middle)),
                f"{brief(float(low))} to {brief(float(high))}",
                *(f"{100 * one[0]:.0f}%" for one in covers),
                *(f"{100 * one[1]:.0f}%" for one in covers[1:]),
                f"{np.mean(found.ratios[number:, at]):.2f}",
                f"{100 * np.mean(found.ratios[number:, at] > HARDLY):.0f}%",
            )
        )
    heads = ("unknown", "truth", "medians", "8 in 10", "50%", "80%", "95%", "own 80%", "own 95%", "left", "said so")
    about = (
        f"A pool of {SHOWN:,}. Posterior medians of the councils with the study's own values: the middle one and 8 in "
        "10. Then the coverage of intervals, first where truths come from the priors (where it must be as said), then "
        "for the study's own values (where a Bayesian interval need not); how much of the prior's spread is left; and "
        f"for how many councils the program said that the records hardly tell it (above {HARDLY})."
    )
    return "\n\n".join([f"## {name.capitalize()}", wrapped(about), Table(heads, rows).markdown()])


def _naive(stays: Sequence[float], sought: Sought) -> str:
    mean, error = float(np.mean(stays)), float(np.std(stays, ddof=1))
    (need,) = (u for u in sought.unknowns if u.name == "routes.transitional.0.ready_after.gamma.mean")
    months = 365.25 / 12
    true = 0.8 * need.input.amount + 0.2 * 10
    text = (
        f"Treating recorded stays as need: the mean recorded stay in transitional (with truncation and censoring) is "
        f"{mean / months:.1f} months, standard deviation {error / months:.1f} over the councils; the mean need, over "
        f"both routes, is {true:.1f}. Nothing but waiting lies between."
    )
    return "## What recorded stays alone would have said\n\n" + wrapped(text)


if __name__ == "__main__":
    main()
