"""How long steps take, and how long cases wait for them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Literal, TypeAlias

import numpy as np
import pandas as pd

from stepdown.calibration.fits.durations import Durations, days_between
from stepdown.calibration.fits.estimates import Window
from stepdown.calibration.history import CouncilHistory

Part: TypeAlias = Literal["waiting", "working", "both"]
"""Of a step: queued until started, started until finished, or queued until finished."""

ABANDONED = "abandoned"
"""The outcome of a step that nobody needed any more: it was cut short."""

_NOON = 0.5
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
    cut = np.where(np.isnan(cut), days_between(rows[since], ends) - _NOON, cut)
    ended = ~np.isnan(length)
    at_least = np.where(ended, length, np.maximum(cut, _NOON / 2))
    at_most = np.where(ended, length, np.inf)
    at_most[at_most <= 0], at_least[ended & (length <= 0)] = _NOON, 0.0
    entry = np.maximum(days_between(rows[since], begins) - _NOON, 0.0)
    window = Window(history.begins, history.ends)
    route = np.full(len(rows), "", dtype=np.str_)
    durations = Durations(entry, at_least, at_most, route, window, (step, tier or "", part))
    useful = np.where(ended, at_most, at_least) > entry
    return replace(durations.where(useful), left_out=int((~useful).sum()))
