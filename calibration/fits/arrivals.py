"""How many people come: a rate a year, and growth and a season where the records support them.

People come as a Poisson process (docs/model.md), so the number of a month is Poisson with mean rate times days, and
log rate = level + growth + factor of the month. Where months vary more than that (over-dispersion), variances are
multiplied by how much more: the draws widen, and a warning says so, because the model itself does not vary so much.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import special, stats

from stepdown.calibration.fits.estimates import DRAWS, FEW, SEED_OF_INTERVALS, Estimate, Window, estimated, generator
from stepdown.calibration.fits.poisson import PoissonFit, poisson_fit
from stepdown.calibration.history import CouncilHistory
from stepdown.outputs.measures.intervals import Booleans, Floats, Integers

SIGNIFICANT = 0.05
"""Growth and season are kept if chance explains them less often than this, and if they lower the AIC as well."""

ENOUGH_MONTHS = 24
"""Neither is looked for in fewer months: a season and growth look alike in one year."""

ENOUGH_OF_A_YEAR = 60
"""A season is not looked for in fewer arrivals: twelve factors would be made of noise."""


@dataclass(frozen=True)
class Months:
    """Arrivals by calendar month.

    Attributes
    ----------
    begins
        Shape (months,): the first day of each month that the records cover.
    calendar
        Shape (months,): 0 for January to 11.
    years
        Shape (months,): how much of a year the records cover of it.
    arrivals
        Shape (months,): how many came.
    """

    begins: np.ndarray
    calendar: Integers
    years: Floats
    arrivals: Integers

    @property
    def since_middle(self) -> Floats:
        """Shape (months,): years from the middle of the records to the middle of each month."""
        ends = np.cumsum(self.years)
        return np.asarray(ends - self.years / 2 - ends[-1] / 2)


@dataclass(frozen=True)
class Supported:
    """Whether the records support growth, or a season.

    Attributes
    ----------
    what
        'growth' or 'season'.
    kept
        Whether it was kept.
    p
        How often chance alone would do as much (likelihood ratio, over-dispersion considered); NaN if not tried.
    aic_gain
        By how much it lowers the AIC; NaN if not tried.
    why_not
        Why it was not tried; empty if it was.
    """

    what: str
    kept: bool
    p: float
    aic_gain: float
    why_not: str = ""


@dataclass(frozen=True)
class ArrivalFit:
    """How many people come.

    Attributes
    ----------
    months
        What it was fitted to.
    window
        The time that the records cover.
    address
        Whose arrivals: sets the draws apart.
    per_year
        People a year: over the whole time without growth, else in the year after the records end.
    growth
        Growth a year as a proportion, or None.
    season
        Twelve factors, January to December, whose mean over the year is 1; empty without a season.
    dispersion
        By how much months vary more than a Poisson process; 1 if not beyond chance.
    p_dispersion
        How often a Poisson process would vary as much.
    tried
        Growth and season: whether each was kept.
    fit
        The regression that was chosen; None if nobody came.
    warnings
        Sentences without any count.
    """

    months: Months
    window: Window
    address: tuple[str, ...]
    per_year: Estimate
    growth: Estimate | None
    season: tuple[Estimate, ...]
    dispersion: float
    p_dispersion: float
    tried: tuple[Supported, ...]
    fit: PoissonFit | None
    warnings: tuple[str, ...]

    @property
    def n(self) -> int:
        """How many came."""
        return int(self.months.arrivals.sum())

    def draws(self, count: int, seed: int) -> dict[str, Floats]:
        """Return joint draws: 'per_year' and, where kept, 'growth', each (count,), and 'season', (count, 12)."""
        kept = {row.what for row in self.tried if row.kept}
        return _drawn(self.months, self.fit, kept, self.dispersion, count, generator(seed, *self.address))


def arrivals_by_month(history: CouncilHistory, chosen: Booleans) -> Months:
    """Return the arrivals of some stays' people, by month.

    Parameters
    ----------
    history
        The records.
    chosen
        Shape (stays,): the stays that count if they are a person's first.
    """
    stays = history.stays
    first = ~stays.sort_values("entered", kind="stable").duplicated("person").sort_index()
    came = stays.loc[first.to_numpy() & chosen, "entered"]
    came = came[(came >= pd.Timestamp(history.begins)) & (came < pd.Timestamp(history.ends))]
    begins = pd.date_range(pd.Timestamp(history.begins).replace(day=1), history.ends, freq="MS", inclusive="left")
    starts = begins.to_numpy().astype("datetime64[D]")
    starts[0] = np.datetime64(history.begins)
    ends = np.append(starts[1:], np.datetime64(history.ends))
    month = np.searchsorted(starts, came.to_numpy().astype("datetime64[D]"), side="right") - 1
    days = (ends - starts) / np.timedelta64(1, "D")
    return Months(
        starts, begins.month.to_numpy().astype(np.int64) - 1, days / 365.25, np.bincount(month, minlength=len(starts))
    )


def fit_arrivals(
    history: CouncilHistory, setting: str, group: str | None = None, area: str | None = None
) -> ArrivalFit:
    """Return how many people come: those whose first stay is in a setting, and begins while the records run.

    Parameters
    ----------
    history
        The records.
    setting, group, area
        Where people come in, and who they are; all groups or areas if None.
    """
    stays = history.stays
    chosen = stays["setting"] == setting
    for column, name in (("group", group), ("area", area)):
        chosen &= True if name is None else stays[column] == name
    months = arrivals_by_month(history, chosen.to_numpy(dtype=np.bool_))
    address = (setting, group or "", area or "", "arrivals")
    return fit_months(months, Window(history.begins, history.ends), address)


def fit_months(months: Months, window: Window, address: tuple[str, ...] = ()) -> ArrivalFit:
    """Return the rate of arrivals, with growth and a season where months support them."""
    if not months.arrivals.sum():
        drawn = _drawn(months, None, set(), 1.0, DRAWS, generator(SEED_OF_INTERVALS, *address))
        rate = estimated(0.0, drawn["per_year"])
        why = "nobody came in the time that the records cover"
        return ArrivalFit(months, window, address, rate, None, (), 1.0, 1.0, (), None, (why,))
    barred = _barred(months)
    fullest = poisson_fit(months.arrivals, months.years, _terms(months, {"growth", "season"} - barred.keys()))
    dispersion, p_dispersion = _dispersion(fullest)
    tried = _tried(months, barred, dispersion)
    kept = {row.what for row in tried if row.kept}
    fit = poisson_fit(months.arrivals, months.years, _terms(months, kept))
    values = _values(months, fit, fit.coefficients[:, np.newaxis], kept)
    drawn = _drawn(months, fit, kept, dispersion, DRAWS, generator(SEED_OF_INTERVALS, *address))
    growth = estimated(float(values["growth"][0]), drawn["growth"]) if "growth" in kept else None
    season = tuple(
        estimated(float(values["season"][0, at]), drawn["season"][:, at]) for at in range(12 * ("season" in kept))
    )
    rate = estimated(float(values["per_year"][0]), drawn["per_year"])
    warnings = _warnings(months, dispersion)
    return ArrivalFit(months, window, address, rate, growth, season, dispersion, p_dispersion, tried, fit, warnings)


def _terms(months: Months, kept: set[str]) -> Floats:
    """Return the columns of the regression, shape (months, terms): level, growth, the months but January."""
    columns = [np.ones(len(months.years))]
    if "growth" in kept:
        columns.append(months.since_middle)
    if "season" in kept:
        columns += [(months.calendar == month).astype(np.float64) for month in range(1, 12)]
    return np.stack(columns, axis=1)


def _barred(months: Months) -> dict[str, str]:
    """Return what is not tried, and why."""
    if months.years.sum() * 12 < ENOUGH_MONTHS - 0.5:
        why = f"the records cover fewer than {ENOUGH_MONTHS} months"
        return {"growth": why, "season": why}
    by_month = np.bincount(months.calendar, weights=months.arrivals, minlength=12)
    if by_month.sum() < ENOUGH_OF_A_YEAR:
        return {"season": f"fewer than {ENOUGH_OF_A_YEAR} people came"}
    return {"season": "in some month of the calendar nobody ever came"} if not by_month.all() else {}


def _tried(months: Months, barred: Mapping[str, str], dispersion: float) -> tuple[Supported, ...]:
    """Return whether growth and season are supported.

    The season is judged first, beside growth, and growth beside what was kept of the season: in years that are not
    whole the one looks like the other.
    """
    season = _judged(months, "season", {"growth"} - barred.keys(), barred, dispersion)
    growth = _judged(months, "growth", {"season"} if season.kept else set(), barred, dispersion)
    return growth, season


def _judged(months: Months, what: str, beside: set[str], barred: Mapping[str, str], dispersion: float) -> Supported:
    if what in barred:
        return Supported(what, False, np.nan, np.nan, barred[what])
    without, with_it = (
        poisson_fit(months.arrivals, months.years, _terms(months, names)) for names in (beside, beside | {what})
    )
    more = len(with_it.coefficients) - len(without.coefficients)
    ratio = 2 * (with_it.log_likelihood - without.log_likelihood) / dispersion
    p, gain = float(stats.chi2.sf(ratio, more)), ratio - 2 * more
    return Supported(what, bool(p < SIGNIFICANT and gain > 0), p, float(gain))


def _dispersion(fit: PoissonFit) -> tuple[float, float]:
    """Return Pearson's factor of over-dispersion, 1 unless it is beyond chance, and how often chance exceeds it."""
    free = len(fit.expected) - len(fit.coefficients)
    if free < 1:
        return 1.0, 1.0
    squares = float(((fit.seen - fit.expected) ** 2 / fit.expected).sum())
    p = float(stats.chi2.sf(squares, free))
    return (squares / free if p < SIGNIFICANT else 1.0), p


def _drawn(
    months: Months, fit: PoissonFit | None, kept: set[str], dispersion: float, count: int, rng: np.random.Generator
) -> dict[str, Floats]:
    if fit is None or not kept:
        # A rate alone has an exact posterior under Jeffreys' prior: Gamma(n + ½, years), spread by the dispersion.
        shape = (months.arrivals.sum() + 0.5) / dispersion
        return {"per_year": rng.gamma(shape, dispersion / months.years.sum(), count)}
    root = np.linalg.cholesky(fit.covariance * dispersion)
    drawn = fit.coefficients[:, np.newaxis] + root @ rng.standard_normal((len(fit.coefficients), count))
    return _values(months, fit, drawn, kept)


def _values(months: Months, fit: PoissonFit, at: Floats, kept: set[str]) -> dict[str, Floats]:
    """Return what a scenario states, from parameters of shape (terms, draws)."""
    level, slope = np.exp(at[0]), at[1] if "growth" in kept else np.zeros(at.shape[1])
    # The mean of the year that follows: growth e^slope a year, from the middle of the records.
    later = np.exp(slope * months.years.sum() / 2) * special.exprel(slope) if "growth" in kept else 1.0
    if "season" not in kept:
        return {"per_year": level * later} | ({"growth": np.expm1(slope)} if "growth" in kept else {})
    factors = np.exp(np.concatenate([np.zeros((1, at.shape[1])), at[-11:]]))
    weights = np.array([31, 28.25, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]) / 365.25
    middle = weights @ factors
    said = {"per_year": level * later * middle, "season": (factors / middle).T}
    return said | ({"growth": np.expm1(slope)} if "growth" in kept else {})


def _warnings(months: Months, dispersion: float) -> tuple[str, ...]:
    said = []
    if months.arrivals.sum() < FEW:
        said.append(f"fewer than {FEW} people came: the rate is rough")
    if dispersion > 1:
        said.append(
            "months vary more than people who come independently of each other would make them: "
            "the interval of the rate is widened, but in the model months vary less"
        )
    return tuple(said)
