"""How far estimates of many sets of records are off a known truth, and how often their intervals hold it."""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from typing import TypeAlias

import numpy as np
from report import Table, figures

from stepdown.calibration.fits.estimates import Estimate

Trial: TypeAlias = Mapping[str, tuple[float, Estimate | float]]
"""What one set of records gave: by name the truth, and an estimate with or without intervals."""

HEADS = ("", "truth", "bias", "error", "80% holds", "95% holds")


def judged(trials: Sequence[Trial], before: str = "") -> list[tuple[str, ...]]:
    """Return one row for each name: the truth, bias and root mean square error in percent of it, and coverage.

    Parameters
    ----------
    trials
        One for each set of records; a name that some of them lack is judged by the others, and how many is said.
    before
        What each row's name begins with.
    """
    names = dict.fromkeys(name for trial in trials for name in trial)
    return [_row(f"{before}{name}", [trial[name] for trial in trials if name in trial], len(trials)) for name in names]


def table(rows: Iterable[tuple[str, ...]], first: str) -> Table:
    """Return rows as a table whose first column says what they are about."""
    return Table((first, *HEADS[1:]), list(rows))


def tried(trial: Callable[[int], Trial], seeds: int) -> list[Trial]:
    """Return the trials of so many seeds, in their order, on all cores."""
    with ProcessPoolExecutor(max_workers=os.cpu_count()) as cores:
        return list(cores.map(trial, range(seeds), chunksize=max(seeds // 20, 1)))


def _row(name: str, found: Sequence[tuple[float, Estimate | float]], of: int) -> tuple[str, ...]:
    truth = found[0][0]
    values = np.array([one.value if isinstance(one, Estimate) else one for _, one in found])
    bias, error = values.mean() - truth, math.sqrt(float(((values - truth) ** 2).mean()))
    intervals = [one for _, one in found if isinstance(one, Estimate)]
    held = [np.mean([one.low <= truth <= one.high for one in intervals]) if intervals else math.nan]
    held += [np.mean([one.low95 <= truth <= one.high95 for one in intervals]) if intervals else math.nan]
    part = f" ({len(found)} of {of})" if len(found) < of else ""
    covers = ["" if math.isnan(share) else f"{share:.0%}" for share in held]
    return (f"{name}{part}", figures(truth), f"{bias / truth:+.1%}", f"{error / truth:.1%}", *covers)
