"""How long stays last, as far as records show: which had begun before, which ended, which go on.

Dates are whole days, so what happens on a date is taken to happen at its noon, and the records begin and end at
midnight. A stay of D nights, D at least 1, lasts D days: the true length lies within a day of it on either side, and is
D on average. A stay that ended on the day it began lasted something up to half a day (as many true lengths are cut to 0
as lie below half a day); it is never taken as 0, which no density could bear.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd

from stepdown.calibration.fits.estimates import Share, Window
from stepdown.calibration.history import CouncilHistory
from stepdown.outputs.measures.intervals import Booleans, Floats

Reading: TypeAlias = Literal["stays", "needs"]
"""Recorded *stays* last until people left, and contain time that they were blocked; *needs* last until ``ready``."""

Names: TypeAlias = npt.NDArray[np.str_]
"""An array of names; empty where nobody knows."""

DIED = "died"
"""Where a stay leads that ends by death: a clock of its own, so the stay is censored."""

NOON = 0.5
"""Days from the beginning of a date until something happens on it."""

_ON_THE_DAY = 1.0
"""Days by which two recorded dates may differ from the days that they were made of."""


@dataclass(frozen=True)
class Rules:
    """What a setting's policy hides from its records.

    Attributes
    ----------
    review_every
        Days between reviews, at which readiness becomes known; None if it is known at once.
    start_early
        Days before readiness from which a review recognises it.
    maximum_stay
        Days of the longest intended stay, or None.
    enforced
        Whether who is not ready by then counts as ready: such people are censored there.
    """

    review_every: float | None = None
    start_early: float = 0.0
    maximum_stay: float | None = None
    enforced: bool = True


@dataclass(frozen=True)
class Durations:
    """Durations, each known to lie between two bounds, of people who were observed from some point on.

    Attributes
    ----------
    entry
        Shape (n,): days that had passed when observation began; 0 for those who were seen from their first day.
    at_least, at_most
        Shape (n,): the bounds in days. Both are the same where the duration is known; ``at_most`` is infinite where it
        had not ended when last seen (censored).
    route
        Shape (n,): where it led, empty if unknown or not ended.
    window
        The time that the records cover.
    address
        What they are durations of: setting, group, reading. Sets the draws of fits apart.
    left_out
        How many were over before observation began, and say nothing.
    """

    entry: Floats
    at_least: Floats
    at_most: Floats
    route: Names
    window: Window
    address: tuple[str, ...] = ()
    left_out: int = 0

    @property
    def n(self) -> int:
        """How many there are."""
        return len(self.entry)

    @property
    def ended(self) -> Booleans:
        """Shape (n,): which have ended."""
        return np.isfinite(self.at_most)

    @property
    def exposure(self) -> float:
        """Days that were observed, all together."""
        return float((self.seen - self.entry).sum())

    @property
    def seen(self) -> Floats:
        """Shape (n,): the middle of the bounds, or the day on which it was last seen."""
        return np.where(self.ended, (self.at_least + np.where(self.ended, self.at_most, 0.0)) / 2, self.at_least)

    def where(self, rows: Booleans) -> Durations:
        """Return some of them."""
        return replace(
            self,
            entry=self.entry[rows],
            at_least=self.at_least[rows],
            at_most=self.at_most[rows],
            route=self.route[rows],
        )


def stays_of(
    history: CouncilHistory,
    setting: str,
    group: str | None = None,
    *,
    reading: Reading = "stays",
    rules: Rules | None = None,
) -> Durations:
    """Return how long people stay in a setting, or how long they need to.

    Parameters
    ----------
    history
        The records.
    setting
        The setting.
    group
        The group, or None for everybody.
    reading
        'stays' for the time until they left; 'needs' for the time until ready, where it was written down: a stay that
        ended without it is censored at its end, and who was ready before the records begin is left out.
    rules
        What the setting's policy hides; nothing if not given.

    Returns
    -------
    Durations
        Deaths are censored. Those who reached an enforced maximum stay are censored there. Where readiness is seen at
        reviews alone, one that was recorded at a review lies between it and the one before, and nobody is known to
        be not ready after the last review that they had. Routes are those that people asked for (the first request
        from the setting during the stay), else those that they took.
    """
    hidden = Rules() if rules is None else rules
    rows = _rows(history, setting, group)
    came = rows["entered"]
    entry = np.maximum(days_between(came, pd.Timestamp(history.begins)) - NOON, 0.0)
    last_seen = days_between(came, pd.Timestamp(history.ends)) - NOON
    lived, died = days_between(came, rows["left"]), (rows["to"] == DIED).to_numpy()
    event = days_between(came, rows["ready"]) if reading == "needs" else np.where(died, np.nan, lived)
    event = np.where(died & (event >= lived), np.nan, event)
    at_least, at_most = bounds(event, np.where(np.isnan(lived), last_seen, lived))
    route = np.where(np.isfinite(at_most), _routes(history, rows, setting), "")
    window = Window(history.begins, history.ends)
    seen = observed(Durations(entry, at_least, at_most, route, window, (setting, group or "", reading)))
    if reading == "needs" and hidden.review_every is not None:
        seen = _between_reviews(seen, hidden.review_every, hidden.start_early)
    if hidden.maximum_stay is not None and hidden.enforced:
        seen = observed(_up_to(hidden.maximum_stay, seen))
    return seen


def bounds(ended: Floats, last_seen: Floats) -> tuple[Floats, Floats]:
    """Return the bounds of durations in whole days: NaN where one has not ended, and then when it was last seen."""
    over = ~np.isnan(ended)
    at_least = np.where(over, ended, np.maximum(last_seen, NOON / 2))
    at_most = np.where(over, ended, np.inf)
    at_least[over & (ended <= 0)], at_most[over & (ended <= 0)] = 0.0, NOON
    return at_least, at_most


def observed(durations: Durations) -> Durations:
    """Return durations without those that were over when observation began, which are counted as left out."""
    useful = np.where(durations.ended, durations.at_most, durations.at_least) > durations.entry
    return replace(durations.where(useful), left_out=durations.left_out + int((~useful).sum()))


def stayed_on(
    history: CouncilHistory, setting: str, group: str | None, maximum_stay: float, grace: float = _ON_THE_DAY
) -> Share:
    """Return the share of those who reached a maximum stay that lived on there, more than a grace beyond it.

    Parameters
    ----------
    history, setting, group
        Whose stays.
    maximum_stay
        Days of the limit.
    grace
        Days after the limit within which somebody still counts as having left at it.
    """
    stays = stays_of(history, setting, group)
    reached = (stays.entry < maximum_stay) & (stays.seen >= maximum_stay - _ON_THE_DAY)
    on = reached & (stays.seen > maximum_stay + grace)
    # Who was last seen, or died, between limit and grace shows nothing.
    gone = reached & stays.ended & ~on
    return Share(int(on.sum()), int(on.sum() + gone.sum()), (setting, group or "", "stayed on"))


def known_ready(history: CouncilHistory, setting: str, group: str | None = None) -> Share:
    """Return the share of stays, ended otherwise than by death, of which somebody wrote down when people were ready."""
    rows = _rows(history, setting, group)
    over = rows[rows["left"].notna() & (rows["to"] != DIED)]
    return Share(int(over["ready"].notna().sum()), len(over), (setting, group or "", "known ready"))


def _rows(history: CouncilHistory, setting: str, group: str | None) -> pd.DataFrame:
    stays = history.stays
    chosen = stays["setting"] == setting
    return stays[chosen if group is None else chosen & (stays["group"] == group)]


def days_between(since: pd.Series, until: pd.Series | pd.Timestamp) -> Floats:
    """Return the days from dates until others, shape (rows,); NaN where either is missing."""
    return np.asarray((until - since).dt.total_seconds() / 86_400, dtype=np.float64)


def _between_reviews(seen: Durations, every: float, early: float) -> Durations:
    """Return durations with bounds as reviews make them known."""

    def known_until(days: Floats) -> Floats:
        """Return until when somebody who is not known to be ready at a time is known not to have been."""
        return np.minimum(days, np.floor(days / every) * every + early)

    ready = np.where(seen.ended, seen.at_most, 0.0)
    review = np.round(ready / every)
    at_review = seen.ended & (review > 0) & (np.abs(ready - review * every) <= _ON_THE_DAY)
    before = np.minimum((review - 1) * every + early, ready)
    at_least = np.where(at_review, before, np.where(seen.ended, seen.at_least, known_until(seen.at_least)))
    # On the very day of a review the dates cannot say which came first.
    entry = np.minimum(known_until(seen.entry), at_least)
    return replace(seen, entry=entry, at_least=at_least, at_most=np.where(at_review, review * every, seen.at_most))


def _up_to(limit: float, seen: Durations) -> Durations:
    """Return durations that were cut at a limit: whoever reached it would have lasted longer."""
    cut = np.where(seen.ended, seen.at_most, seen.at_least) > limit - _ON_THE_DAY
    return replace(
        seen,
        at_least=np.where(cut, np.minimum(seen.at_least, limit), seen.at_least),
        at_most=np.where(cut, np.inf, seen.at_most),
        route=np.where(cut, "", seen.route),
    )


def _routes(history: CouncilHistory, rows: pd.DataFrame, setting: str) -> Names:
    """Return what people first asked for during each stay, else where they went, else nothing."""
    went = rows["to"].astype("object").where(rows["to"].notna() & (rows["to"] != DIED), "")
    asked = history.requests[(history.requests["from"] == setting) & history.requests["to"].notna()]
    if asked.empty:
        return went.to_numpy(dtype=np.str_)
    stays = rows[["person", "entered", "left"]].assign(stay=np.arange(len(rows)))
    both = stays.merge(asked[["person", "requested", "to"]], on="person")
    within = both[(both["requested"] >= both["entered"]) & ~(both["requested"] > both["left"])]
    first = within.sort_values(["stay", "requested"], kind="stable").drop_duplicates("stay").set_index("stay")["to"]
    wanted = first.astype("object").reindex(np.arange(len(rows)))
    return np.where(wanted.isna(), went, wanted).astype(np.str_)
