"""How many who moved to less support come back to more."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import special

from stepdown.calibration.fits.curves import Steps, aalen_johansen
from stepdown.calibration.fits.durations import NOON, Durations, Names, days_between
from stepdown.calibration.fits.estimates import FEW, Estimate, Window, generator
from stepdown.calibration.history import CouncilHistory
from stepdown.outputs.measures.intervals import Floats

YEAR = 365.0
"""Days within which a return counts as a relapse."""


@dataclass(frozen=True)
class Relapse:
    """How many come back to more support after they have moved to less.

    Attributes
    ----------
    moves
        How many moves down were seen.
    returned
        After how many of them the person was seen to come back within the time.
    share
        The share that comes back within the time, by Aalen-Johansen: whoever died, or left for good, cannot.
    error
        Its standard error; 0 where nobody came back, or all.
    curve
        The share that has come back by each day.
    window
        The time that the records cover.
    address
        Whose moves.
    warnings
        Sentences without any count.
    """

    moves: int
    returned: int
    share: Estimate
    error: float
    curve: Steps
    window: Window
    address: tuple[str, ...]
    warnings: tuple[str, ...]

    def draws(self, count: int, seed: int) -> Floats:
        """Return draws of the share, shape (count,): those of a beta distribution of its mean and standard error."""
        return generator(seed, *self.address, "relapse").beta(*_beta(self.share.value, self.error, self.moves), count)


def relapse(
    history: CouncilHistory, levels: Mapping[str, float], group: str | None = None, within: float = YEAR
) -> Relapse:
    """Return how many return to a higher level within a time of having moved to a lower one.

    Parameters
    ----------
    history
        The records.
    levels
        The level of each setting: how much support it gives.
    group
        The group, or None for everybody.
    within
        Days.
    """
    moves = _moves_down(history, levels, group)
    entered = moves["entered"]
    came_back = moves["returned"]
    gone = moves["gone"].where(moves["gone"].notna() & ~(came_back <= moves["gone"]))
    last = pd.Series(pd.Timestamp(history.ends), index=moves.index)
    end = came_back.where(gone.isna(), gone).fillna(last)
    days = np.maximum(days_between(entered, end) - np.where(came_back.isna() & gone.isna(), NOON, 0.0), NOON / 2)
    how = np.where(gone.notna(), "gone", np.where(came_back.notna(), "returned", "")).astype(np.str_)
    durations = _from_the_first_day(days, how, Window(history.begins, history.ends))
    curve = aalen_johansen(durations, ("returned", "gone"))["returned"]
    share, error = np.nan_to_num(curve.at(within))
    back = int(((how == "returned") & (days <= within)).sum())
    estimate = _estimate(share, error, len(moves))
    warnings = (f"fewer than {FEW} moves down were seen: the share is rough",) if len(moves) < FEW else ()
    return Relapse(len(moves), back, estimate, error, curve, durations.window, (group or "",), warnings)


def _moves_down(history: CouncilHistory, levels: Mapping[str, float], group: str | None) -> pd.DataFrame:
    """Return one row a move to a lower level: when, when the person came back higher, and when they were gone."""
    stays = history.stays if group is None else history.stays[history.stays["group"] == group]
    stays = stays.sort_values(["person", "entered", "left"], kind="stable", na_position="last")
    level = stays["setting"].astype("object").map(levels).astype(np.float64)
    same = stays["person"] == stays["person"].shift()
    down = same & (level < level.shift()) & (stays["entered"] >= pd.Timestamp(history.begins))
    moves = pd.DataFrame({"person": stays["person"], "entered": stays["entered"], "level": level})[down]
    later = pd.DataFrame({"person": stays["person"], "then": stays["entered"], "higher": level})
    both = moves.reset_index(names="move").merge(later, on="person")
    back = both[(both["then"] > both["entered"]) & (both["higher"] > both["level"])].groupby("move")["then"].min()
    settings = set(history.stays["setting"].dropna().unique()) | set(levels)
    out = stays["left"].where(stays["to"].notna() & ~stays["to"].isin(settings))
    exits = pd.DataFrame({"person": stays["person"], "out": out})
    gone = moves.reset_index(names="move").merge(exits, on="person")
    left = gone[gone["out"] >= gone["entered"]].groupby("move")["out"].min()
    return moves.assign(returned=back.reindex(moves.index), gone=left.reindex(moves.index))


def _from_the_first_day(days: Floats, how: Names, window: Window) -> Durations:
    return Durations(np.zeros(len(days)), days, np.where(how == "", np.inf, days), how, window)


def _beta(share: float, error: float, moves: int) -> tuple[float, float]:
    """Return the shapes of a beta distribution as uncertain as a share, Jeffreys' half added to each."""
    of = share * (1 - share) / error**2 if error > 0 else float(moves)
    return share * of + 0.5, (1 - share) * of + 0.5


def _estimate(share: float, error: float, moves: int) -> Estimate:
    shapes = _beta(share, error, moves)
    return Estimate(share, *(float(special.betaincinv(*shapes, end)) for end in (0.10, 0.90, 0.025, 0.975)))
