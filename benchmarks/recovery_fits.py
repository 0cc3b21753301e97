"""Whether what `stepdown fit` fits to records is what they were made from: writes docs/recovery-fits.md."""

from __future__ import annotations

import argparse
import math
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
from made_up_stays import AGES, ONE, TRUTHS, Service, records
from made_up_years import came, moved_down, with_deaths
from recovered import Trial, judged, table, tried
from report import Section, Table, wrapped

from stepdown.calibration.fits.arrivals import fit_months
from stepdown.calibration.fits.deaths import death_rate
from stepdown.calibration.fits.durations import Durations, Rules, stays_of
from stepdown.calibration.fits.estimates import Estimate, Unfitted, Window
from stepdown.calibration.fits.families import FAMILIES, Family
from stepdown.calibration.fits.fitted import DurationFit, fit_durations, fit_family
from stepdown.calibration.fits.relapse import relapse
from stepdown.calibration.fits.routes import RouteFit, fit_routes
from stepdown.scenarios.distributions import Distribution, Gamma, Weibull, exponential

DOCUMENT = Path(__file__).parents[1] / "docs" / "recovery-fits.md"

SIZES = (40, 250)
"""Stays in the records, on average."""

FAMILY = {family.name: family for family in FAMILIES}

HEAD = """\
# Recovery: fit

Written by `make recovery` (`benchmarks/recovery_fits.py`). Records of two years are made up with a known truth, {sets}
sets for each row; *established* services have been open for 25 years when the records begin, *young* ones for one.
*Bias* and *error* (root mean square) are in percent of the truth; *80% holds* says how often the interval called 80%
held the truth. Of {sets} sets a coverage of 80% is known to within {near:.0%}, one of 95% to within {nearer:.0%} (two
standard errors).
"""


def lengths(name: str, age: str, size: int, seed: int) -> Trial:
    """Fit lengths of stay: with the family known, with the family chosen, and with something neglected."""
    truth, family = TRUTHS[name], FAMILY[name]
    seen = stays_of(records(Service({"flats": truth}, ONE, AGES[age], size), seed), "house")
    known, chosen = fit_durations(seen, (family,)), fit_durations(seen)
    at = parameters(truth)
    found = estimates(known, truth, *dict.fromkeys((*family.parameters, "mean")))
    if isinstance(chosen, DurationFit):
        found |= {f"family chosen, {what}": (at[what], one) for what, one in chosen.averaged.items()}
    found["completed stays alone, mean"] = (truth.mean, float(seen.seen[seen.ended].mean()))
    found["truncation ignored, mean"] = (truth.mean, mean_of(family, replace(seen, entry=np.zeros(seen.n))))
    return found


def parameters(truth: Distribution) -> dict[str, float]:
    """Return the true values of what a fit states."""
    values = {"mean": truth.mean, "median": truth.quantile(0.5), "p90": truth.quantile(0.9)}
    match truth:
        case Weibull(_, shape):
            values["shape"] = shape
        case Gamma(shape, scale):
            values["sd"] = math.sqrt(shape) * scale
    return values


def estimates(
    fit: DurationFit | Unfitted, truth: Distribution, *names: str
) -> dict[str, tuple[float, Estimate | float]]:
    """Return estimates beside the truth, where there is a fit."""
    at = parameters(truth)
    return {name: (at[name], fit.estimates[name]) for name in names} if isinstance(fit, DurationFit) else {}


def mean_of(family: Family, seen: Durations) -> float:
    """Return the mean of the best fit of a family."""
    return float(family.mean(fit_family(family, seen).point))


def needs(age: str, size: int, seed: int) -> Trial:
    """Fit needs of people who are blocked for 90 days on average, and of whom one in twenty dies a year."""
    truth, family = TRUTHS["weibull"], FAMILY["weibull"]
    past = records(Service({"flats": truth}, ONE, AGES[age], size, blocked=90.0, deaths=0.05), seed)
    ready, stays = stays_of(past, "house", reading="needs"), stays_of(past, "house")
    found = fit_durations(ready, (family,))
    return estimates(found, truth, "mean", "shape") | {
        "recorded stays taken as need, mean": (truth.mean, mean_of(family, stays)),
        "deaths taken as moves, mean": (truth.mean, mean_of(family, with_deaths(past, stays))),
    }


def hidden(age: str, size: int, seed: int) -> Trial:
    """Fit needs that are seen at a yearly review alone."""
    truth, family = TRUTHS["weibull"], FAMILY["weibull"]
    past = records(Service({"flats": truth}, ONE, AGES[age], size, blocked=60.0, review_every=365.25), seed)
    found = fit_durations(stays_of(past, "house", reading="needs", rules=Rules(review_every=365.25)), (family,))
    as_recorded = mean_of(family, stays_of(past, "house", reading="needs"))
    return estimates(found, truth, "mean") | {"reviews ignored, mean": (truth.mean, as_recorded)}


def limited(age: str, size: int, seed: int) -> Trial:
    """Fit stays that are cut at two years."""
    truth, family = TRUTHS["lognormal"], FAMILY["lognormal"]
    past = records(Service({"flats": truth}, ONE, AGES[age], size, limit=730.5), seed)
    found = fit_durations(stays_of(past, "house", rules=Rules(maximum_stay=730.5)), (family,))
    naive = float(family.quantile(fit_family(family, stays_of(past, "house")).point, 0.9))
    neglected = "leaving at the maximum taken as ready, p90"
    return estimates(found, truth, "p90") | {neglected: (truth.quantile(0.9), naive)}


def routes(alike: bool, age: str, size: int, seed: int) -> Trial:
    """Fit two routes, which take the same time or very different ones."""
    times = {"flats": exponential(540.0 if alike else 900.0), "hospital": exponential(540.0 if alike else 200.0)}
    shares = {"flats": 0.6, "hospital": 0.4}
    seen = stays_of(records(Service(times, shares, AGES[age], size), seed), "house")
    fit = fit_routes(seen, tuple(times), FAMILIES[:2])
    if not isinstance(fit, RouteFit):
        return {}
    return {
        "share of flats": (0.6, fit.shares["flats"]),
        "mean until flats": (times["flats"].mean, fit.estimates["flats"]["mean"]),
        "mean until hospital": (times["hospital"].mean, fit.estimates["hospital"]["mean"]),
        "share of those who left": (0.6, fit.observed("flats").estimate.value),
    }


def arrivals(per_year: float, growth: float, clumped: bool, seed: int) -> Trial:
    """Fit four years of arrivals."""
    months = came(seed, per_year, growth, clumped)
    fit = fit_months(months, Window(months.begins[0].item(), months.begins[-1].item()))
    # With growth, the rate is that of the year after the four, of which the middle has the rate that is stated.
    later = ((1 + growth) ** 3 - (1 + growth) ** 2) / math.log1p(growth) if growth else 1.0
    found: dict[str, tuple[float, Estimate | float]] = {"per year": (per_year * later, fit.per_year)}
    if growth and fit.growth is not None:
        found["growth, where it is kept"] = (growth, fit.growth)
    return found


def deaths(size: int, seed: int) -> Trial:
    """Fit a death rate."""
    past = records(Service({"flats": TRUTHS["weibull"]}, ONE, AGES["established"], size, deaths=0.03), seed)
    rate = death_rate(past)
    return {} if rate is None else {"deaths per 1000 a year": (30.0, rate.per_1000)}


def returns(moves: int, seed: int) -> Trial:
    """Fit the share who return to more support within a year."""
    past, truth = moved_down(moves, seed)
    fit = relapse(past, {"house": 2.0, "flats": 1.0})
    seen_to_return = fit.returned / max(fit.moves, 1)
    return {"share who return": (truth, fit.share), "returned so far over all moves": (truth, seen_to_return)}


def of_services(trial: Callable[[str, int, int], Trial], sets: int) -> Iterator[tuple[str, ...]]:
    """Yield the rows of every age and size of a service."""
    for age in AGES:
        for size in SIZES:
            yield from judged(tried(partial(trial, age, size), sets), f"{age}, {size} stays: ")


def sections(sets: int) -> Iterator[Section]:
    """Yield what was found, part by part."""
    tables = [table(of_services(partial(lengths, name), sets), f"{name} stays") for name in TRUTHS]
    yield Section("Lengths of stay", LENGTHS, tables)
    yield Section("Needs", NEEDS, [table(of_services(needs, sets), "blocked for 90 days")])
    yield Section("Needs seen at yearly reviews", REVIEWS, [table(of_services(hidden, sets), "reviews")])
    yield Section("Stays cut at a maximum", LIMITS, [table(of_services(limited, sets), "maximum of two years")])
    alike = [table(of_services(partial(routes, same), sets), title) for same, title in ROUTES.items()]
    yield Section("Routes", SHARES, alike)
    yield Section("Arrivals, deaths and returns", OTHERS, [others(sets)])


def others(sets: int) -> Table:
    """Return what was found of arrivals, deaths and returns."""
    rows: list[tuple[str, ...]] = []
    for per_year, growth, clumped, title in ARRIVALS:
        rows += judged(tried(partial(arrivals, per_year, growth, clumped), sets), f"{title}: ")
    for size in SIZES:
        rows += judged(tried(partial(deaths, size), sets), f"{size} stays: ")
        rows += judged(tried(partial(returns, size), sets), f"{size} moves: ")
    return table(rows, "four years of arrivals, two of the rest")


ROUTES = {False: "flats after 900 days, hospital after 200", True: "both after 540 days"}

ARRIVALS = (
    (10.0, 0.0, False, "10 a year"),
    (60.0, 0.0, False, "60 a year"),
    (60.0, 0.0, True, "60 a year, months vary four times as much"),
    (240.0, 0.1, False, "240 a year and growing by 10%"),
)

LENGTHS = """\
The first rows of each service have the family known; then it is chosen as `stepdown fit` chooses it, and the interval
takes in what is not known of the family. The last two rows are what not to do."""

NEEDS = """\
Weibull needs with a mean of 540 days and a shape of 1.5; people then wait for 90 days on average, and one in twenty
dies a year. With ready dates the need is recovered; recorded stays contain the wait."""

REVIEWS = """\
The same needs, known at the next yearly review from admission alone. Taken as they are recorded, ready dates are half
a year late on average."""

LIMITS = """\
Lognormal stays (90% within 1,100 days), of which all that reach two years end there. Whoever reached the limit would
have stayed longer."""

SHARES = """\
Exponential times, fitted by exponentials and Weibulls. Where one route is much faster, most of those who have left a
young service took it, so the share of those who left is not the share of those who came. With few stays there is
seldom enough of each route (10 ended), or the AIC does not tell the routes apart: then one distribution is fitted to
both, and means and shares lie between."""

OTHERS = """\
Growth is kept where chance would do as much in fewer than one of twenty; the number in brackets says how often. With
growth the rate is that of the year after the records."""


def main() -> None:
    """Measure, and write the document."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sets", type=int, default=300, help="of records, for each row")
    sets = parser.parse_args().sets
    near, nearer = (2 * math.sqrt(level * (1 - level) / sets) for level in (0.80, 0.95))
    parts = [wrapped(HEAD.format(sets=sets, near=near, nearer=nearer)) + "\n"]
    for section in sections(sets):
        parts.append(section.markdown())
        print(parts[-1], flush=True)
    beside = DOCUMENT.with_suffix(".unfinished")
    beside.write_text("\n".join(parts), encoding="utf-8", newline="\n")
    beside.rename(DOCUMENT)


if __name__ == "__main__":
    main()
