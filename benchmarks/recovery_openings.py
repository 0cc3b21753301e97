"""What it costs to open simulated pasts with a council's residents: writes docs/recovery-openings.md.

The councils are those of `recovery_calibration.py`; their service has long been there when the records begin. A study
with the same warm-up opens as they did; one without opens with whoever lived there, and nobody knows who was blocked.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
from blocked_council import COUNCIL, write_council
from report import Table, wrapped

from stepdown.calibration.history import CouncilHistory
from stepdown.calibration.matching.calibrate import observed_by, what_is_sought
from stepdown.calibration.matching.learning import Learned, learn
from stepdown.calibration.matching.pool import Sought, grown
from stepdown.calibration.matching.priors import ranks_of, scores_of
from stepdown.calibration.matching.unknowns import UNKNOWNS, find_unknowns, read_unknowns
from stepdown.calibration.synthetic.past import simulate_past
from stepdown.scenarios.loader import CARRY_ON, Study, read_study

DOCUMENT = Path(__file__).parents[1] / "docs" / "recovery-openings.md"

COUNCILS, PASTS, FIRST = 12, 800, 20_000
"""Councils, pasts of each pool, and the first council's seed."""

SEED = 1

HEAD = f"""\
# Recovery: how a simulated past opens

Written by `benchmarks/recovery_openings.py`. The small council of [recovery: calibrate](recovery-calibration.md), all
that records can hold, {COUNCILS} councils with the study's own values, pools of {PASTS}. Shown for each unknown: its
rank in the prior, the mean of the posterior means over the councils, and the mean share of the posterior that lies
below the truth (0.5 where nothing pulls; the standard error of each is about 0.08). *Warm-up*: the study opens as the
councils did. *Residents*: as `stepdown calibrate` does it where a study has none, with the people of the first day; the
first year is simulated and not compared.
"""


def studies(folder: Path) -> tuple[Study, Study, Path]:
    """Return the council's study with its warm-up, the same with a caseload instead, and what is looked for."""
    warm = write_council(folder / "warm")
    living = write_council(folder / "living")
    (living / "base.yaml").write_text(COUNCIL.replace("warm_up: 12 years", "caseload: {transitional: 40}"), "utf-8")
    return read_study(warm), read_study(living), warm / UNKNOWNS


def learned_for(sought: Sought, history: CouncilHistory) -> Learned:
    """Return what a pool for a council's records has taught."""
    pool = grown(None, sought, PASTS, os.cpu_count() or 1, lambda done, expected: None)
    return learn(pool.ranks, pool.figures, np.flatnonzero(np.isfinite(observed_by(sought, history))), SEED)


def said(learned: Learned, sought: Sought, history: CouncilHistory, truth: Any) -> tuple[Any, Any]:
    """Return the posterior's means as ranks, and how much of it lies below the truth."""
    posterior = learned.posterior(observed_by(sought, history))
    return posterior.weights @ ranks_of(posterior.scores), posterior.share_below(scores_of(truth))


def main() -> None:
    """Measure, and write the document."""
    with tempfile.TemporaryDirectory() as folder:
        warm, living, file = studies(Path(folder))
        asked = read_unknowns(file)
    option = warm.options[CARRY_ON]
    histories = [simulate_past(option.scenario, FIRST + at, "a council") for at in range(COUNCILS)]
    unknowns = find_unknowns(option, asked, [])
    truth = np.array([float(one.prior.ranks(np.array([one.input.amount]))[0]) for one in unknowns])
    same = what_is_sought(warm, histories[0], unknowns, SEED)
    taught = learned_for(same, histories[0])
    after_warm_up = [said(taught, same, history, truth) for history in histories]
    with_residents = []
    for history in histories:
        sought = what_is_sought(living, history, find_unknowns(living.options[CARRY_ON], asked, []), SEED)
        with_residents.append(said(learned_for(sought, history), sought, history, truth))
    both = [np.mean([np.array(one) for one in found], axis=0) for found in (after_warm_up, with_residents)]
    rows = [
        (unknown.name, f"{truth[at]:.2f}", *(f"{found[which, at]:.2f}" for which in (0, 1) for found in both))
        for at, unknown in enumerate(unknowns)
    ]
    heads = ("unknown", "truth", "mean, warm-up", "mean, residents", "below, warm-up", "below, residents")
    DOCUMENT.write_text(f"{wrapped(HEAD)}\n\n{Table(heads, rows).markdown()}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
