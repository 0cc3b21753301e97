"""Curves without a family, for display beside the fits: Kaplan-Meier, and Aalen-Johansen for where stays lead.

Both with delayed entry: somebody is at risk of ending from the time already stayed when the records begin. Where a time
is known to lie between two bounds, the curve steps at the later one.

S(t) = Π (1 - d / Y) over the times up to t, d of Y at risk having ended; F_k(t) = Σ S(s-) d_k / Y. F and S add up to 1.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import special

from stepdown.calibration.fits.durations import Durations
from stepdown.outputs.measures.intervals import Floats


@dataclass(frozen=True)
class Steps:
    """A curve that steps at the times at which something ended.

    Attributes
    ----------
    days
        Shape (times,): when, rising.
    share
        Shape (times,): the share from each time until the next; those that last longer (Kaplan-Meier), or those that
        have ended in one way (Aalen-Johansen).
    error
        Shape (times,): the standard error of the share (Greenwood's formula, or its like for Aalen-Johansen); NaN
        from where everybody at risk had ended.
    at_risk, ended
        Shape (times,): how many were at risk, and how many of them ended so. Counts of people.
    """

    days: Floats
    share: Floats
    error: Floats
    at_risk: Floats
    ended: Floats

    def between(self, level: float) -> tuple[Floats, Floats]:
        """Return the ends of an interval around each share: symmetric for log(-log share), so within 0 and 1."""
        z = float(special.ndtri(0.5 + level / 2))
        with np.errstate(all="ignore"):
            log = np.log(self.share)
            reach = np.exp(z * np.abs(self.error / (self.share * log)))
            low, high = np.exp(log * reach), np.exp(log / reach)
        known = np.isfinite(low) & np.isfinite(high)
        return np.where(known, low, np.nan), np.where(known, high, np.nan)

    def at(self, days: float) -> tuple[float, float]:
        """Return the share at a time and its standard error; before the first step all last, and none has ended."""
        step = int(np.searchsorted(self.days, days, side="right")) - 1
        if step < 0:
            return float("nan"), float("nan")
        return float(self.share[step]), float(self.error[step])


def kaplan_meier(durations: Durations) -> Steps:
    """Return the share that lasts longer than each time."""
    days, at_risk, by_way = _counted(durations, np.zeros(durations.n, dtype=np.int64), 1)
    ended = by_way[0]
    with np.errstate(divide="ignore"):
        spread = np.cumsum(ended / (at_risk * (at_risk - ended)))
    share = np.cumprod(1 - ended / at_risk)
    with np.errstate(invalid="ignore"):
        error = share * np.sqrt(spread)
    return Steps(days, share, np.where(np.isfinite(spread), error, np.nan), at_risk, ended)


def aalen_johansen(durations: Durations, routes: Sequence[str]) -> dict[str, Steps]:
    """Return the share that has ended by each time, by where it led.

    Parameters
    ----------
    durations
        What was seen.
    routes
        The routes to tell apart; whatever else ended is under ''.
    """
    names = [*routes, ""]
    way = np.array([names.index(route) if route in names else len(routes) for route in durations.route], dtype=np.int64)
    days, at_risk, by_way = _counted(durations, way, len(names))
    ended = by_way.sum(axis=0)
    lasting = np.cumprod(1 - ended / at_risk)
    before = np.concatenate([[1.0], lasting[:-1]])
    curves = {}
    for name, here in zip(names, by_way, strict=True):
        share = np.cumsum(before * here / at_risk)
        curves[name] = Steps(days, share, _error(share, before, at_risk, ended, here), at_risk, here)
    return curves if way.size and (way == len(routes)).any() else {name: curves[name] for name in routes}


def _counted(durations: Durations, way: npt.NDArray[np.int64], ways: int) -> tuple[Floats, Floats, Floats]:
    """Return the times at which something ended, how many were at risk, and how many ended by (way, time)."""
    ended = durations.ended
    until = np.where(ended, durations.at_most, durations.at_least)
    days, row = np.unique(until[ended], return_inverse=True)
    entered = np.searchsorted(np.sort(durations.entry), days, side="left")
    gone = np.searchsorted(np.sort(until), days, side="left")
    by_way = np.zeros((ways, len(days)))
    np.add.at(by_way, (way[ended], row), 1.0)
    return days, (entered - gone).astype(np.float64), by_way


def _error(share: Floats, before: Floats, at_risk: Floats, ended: Floats, here: Floats) -> Floats:
    """Return the standard error of a share that ended in one way (the delta method; Marubini and Valsecchi, 1995).

    Σ over s ≤ t of (F(t) - F(s))² d / (Y (Y - d)) + S(s-)² d_k (Y - d_k) / Y³ - 2 (F(t) - F(s)) S(s-) d_k / Y²,
    written in powers of F(t), so that each is one running sum.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        hazard = ended / (at_risk * (at_risk - ended))
        own = before * here / at_risk**2
        noise = before**2 * here * (at_risk - here) / at_risk**3
        square = np.cumsum(hazard)
        line = np.cumsum(-2 * share * hazard - 2 * own)
        constant = np.cumsum(share**2 * hazard + noise + 2 * share * own)
        variance = share**2 * square + share * line + constant
    return np.where(np.isfinite(variance), np.sqrt(np.maximum(variance, 0.0)), np.nan)
