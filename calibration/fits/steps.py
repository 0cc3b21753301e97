"""How long steps take, and how long cases wait for them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, TypeAlias

import numpy as np
import pandas as pd

from stepdown.calibration.fits.durations import NOON, Durations, bounds, days_between, observed
from stepdown.calibration.fits.estimates import Window
from stepdown.calibration.history import CouncilHistory

Part: TypeAlias = Literal["waiting", "working", "both"]
"""Of a step: queued until started, started until finished, or queued until finished."""

ABANDONED = "abandoned"
"""The outcome of a step that nobody needed any more: it was cut short."""

_COLUMNS: Mapping[Part, tuple[str, str]] = {
    "waiting": ("queued", "started"),
    "working": ("started", "finished"),
    "both": ("queued", "finished"),
}


def steps_of(history: CouncilHistory, step: str, part: Part, tier: str | None = None) -> Durations:
    """Return how long a step takes, or how long cases wait for it.

    Parameters
    ----------
    history
        The records.
    step
        The step.
    part
        Which part of it.
    tier
        The tier of the adaptation, or None for all cases.

    Returns
    -------
    Durations
        Abandoned ones are censored when they were abandoned, those that go on at the end of the records.
    """
    rows = history.steps[history.steps["step"] == step]
    rows = rows if tier is None else rows[rows["tier"] == tier]
    since, until = _COLUMNS[part]
    rows = rows[rows[since].notna()]
    begins, ends = pd.Timestamp(history.begins), pd.Timestamp(history.ends)
    abandoned = (rows["outcome"] == ABANDONED).to_numpy()
    over = rows[until].where(~abandoned | (part == "waiting") & rows["started"].notna())
    length, cut = days_between(rows[since], over), days_between(rows[since], rows["finished"])
    cut = np.where(np.isnan(cut), days_between(rows[since], ends) - NOON, cut)
    at_least, at_most = bounds(length, cut)
    entry = np.maximum(days_between(rows[since], begins) - NOON, 0.0)
    window = Window(history.begins, history.ends)
    route = np.full(len(rows), "", dtype=np.str_)
    return observed(Durations(entry, at_least, at_most, route, window, (step, tier or "", part)))
