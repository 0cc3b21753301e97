"""Routes: shares and times are recovered together, also where routes take different times and many have not left."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from made_up_stays import AGES, ONE, Service, records
from public_data import made

from stepdown.calibration.fits.durations import Durations, stays_of
from stepdown.calibration.fits.estimates import Unfitted, wilson
from stepdown.calibration.fits.families import FAMILIES
from stepdown.calibration.fits.likelihood import log_likelihood as of_one
from stepdown.calibration.fits.mixtures import Mixture, log_likelihood
from stepdown.calibration.fits.routes import RouteFit, fit_routes
from stepdown.scenarios.distributions import Weibull, exponential
from stepdown.scenarios.parse_distribution import parse_distribution
from stepdown.scenarios.quantities import parse_duration

pytestmark = pytest.mark.theory

SLOW_AND_FAST = Service(
    {"flats": exponential(900.0), "hospital": exponential(200.0)}, {"flats": 0.6, "hospital": 0.4}, AGES["young"], 250
)
"""Most of those who have left by the end are those who leave fast."""

FIXED_AND_SCATTERED = replace(SLOW_AND_FAST, times={"flats": exponential(500.0), "hospital": Weibull(200.0, 4.0)})
"""One route's time hardly varies."""

SETS = 10


def routes_of(service: Service, seed: int) -> Durations:
    return stays_of(records(service, seed), "house")


def fitted(seen: Durations, declared: tuple[str, ...] = ("flats", "hospital"), families=FAMILIES[:1]) -> RouteFit:
    fit = fit_routes(seen, declared, families)
    assert isinstance(fit, RouteFit)
    return fit


def with_routes(*counts: tuple[str, int]) -> Durations:
    """Stays that all began and ended while records run, so many by each route."""
    rng = np.random.default_rng(4)
    route = np.repeat([name for name, _ in counts], [number for _, number in counts])
    times = rng.exponential(300.0, len(route))
    return replace(made(list(times), [True] * len(route), [0.0] * len(route)), route=route)


def test_shares_and_times_are_recovered_where_shares_of_those_who_left_miss_them():
    shares, naive, slow = [], [], []
    for seed in range(SETS):
        seen = routes_of(SLOW_AND_FAST, seed)
        fit = fitted(seen)
        assert fit.chosen_separate
        shares.append(fit.shares["flats"].value)
        naive.append(fit.observed("flats").estimate.value)
        slow.append(math.log(fit.estimates["flats"]["mean"].value))
    error = float(np.std(shares, ddof=1)) / math.sqrt(SETS)
    assert abs(np.mean(shares) - 0.6) < 3.5 * error
    assert abs(np.mean(naive) - 0.6) > 3.5 * float(np.std(naive, ddof=1)) / math.sqrt(SETS)
    assert abs(np.mean(slow) - math.log(900)) < 3.5 * float(np.std(slow, ddof=1)) / math.sqrt(SETS)


def test_with_one_distribution_for_all_the_mixture_is_the_multinomial_times_the_fit():
    seen = routes_of(SLOW_AND_FAST, 1)
    family, at = FAMILIES[1], np.array([6.0, 0.2])
    p = 0.7
    mixture = Mixture(("flats", "hospital"), (family, family), fitted(seen).common.top)
    together = log_likelihood(mixture, np.concatenate([[math.log((1 - p) / p)], at, at]), seen)
    counts = [(seen.route[seen.ended] == name).sum() for name in mixture.routes]
    assert together == pytest.approx(of_one(family, at, seen) + counts[0] * math.log(p) + counts[1] * math.log(1 - p))


def test_routes_share_a_distribution_where_they_take_the_same_time():
    seen = with_routes(("flats", 60), ("hospital", 25))
    fit = fitted(seen)
    assert not fit.chosen_separate
    assert fit.aic_separate > fit.aic_common - 2
    assert fit.shares["flats"].value == pytest.approx(60.5 / 86)
    drawn = fit.draws(4000, seed=1)
    assert (drawn.parameters["flats"]["mean"] == drawn.parameters["hospital"]["mean"]).all()
    assert drawn.shares["flats"].mean() == pytest.approx(60.5 / 86, abs=0.004)
    assert drawn.shares["flats"].std() == pytest.approx(math.sqrt(60.5 * 25.5 / 86**2 / 87), rel=0.06)


@pytest.mark.parametrize(
    "seen", [with_routes(("flats", 60), ("hospital", 9)), routes_of(SLOW_AND_FAST, 2)], ids=["few", "separate"]
)
def test_drawn_shares_add_up_and_what_was_never_seen_keeps_a_small_one(seen):
    fit = fitted(seen, ("flats", "left", "hospital"))
    assert fit.routes == ("flats", "left", "hospital")
    drawn = fit.draws(500, seed=1)
    assert sum(drawn.shares.values()) == pytest.approx(1.0)
    assert 0 < fit.shares["left"].value < 0.02
    assert any("nobody was seen to go to left" in warning for warning in fit.warnings)
    again = fit.draws(500, seed=1)
    assert all((again.shares[route] == drawn.shares[route]).all() for route in fit.routes)


def test_too_few_of_one_route_bar_times_of_their_own():
    fit = fitted(with_routes(("flats", 60), ("hospital", 9)))
    assert fit.separate is None
    assert any("too few went to hospital" in warning for warning in fit.warnings)


def test_rare_routes_share_one_time_beside_those_that_have_their_own():
    seen = with_routes(("flats", 80), ("hospital", 8), ("left", 6))
    fast = np.isin(seen.route, ["hospital", "left"])
    faster = replace(
        seen,
        at_least=np.where(fast, seen.at_least / 10, seen.at_least),
        at_most=np.where(fast, seen.at_most / 10, seen.at_most),
    )
    fit = fitted(faster, ("flats", "hospital", "left"))
    assert fit.chosen_separate
    assert fit.pooled == ("hospital", "left")
    rare = faster.at_least[fast].mean()
    assert (
        fit.estimates["hospital"]["mean"].value == fit.estimates["left"]["mean"].value == pytest.approx(rare, rel=1e-3)
    )
    assert fit.estimates["flats"]["mean"].value == pytest.approx(faster.at_least[~fast].mean(), rel=1e-3)
    drawn = fit.draws(4000, 1)
    assert sum(drawn.shares.values()) == pytest.approx(1.0)
    assert drawn.shares["hospital"].mean() == pytest.approx(8 / 94, abs=0.01)
    assert (drawn.parameters["left"]["mean"] == drawn.parameters["hospital"]["mean"]).all()


def test_routes_that_were_not_declared_follow_those_that_were():
    fit = fitted(with_routes(("flats", 30), ("abroad", 12), ("left", 12)), ("left",))
    assert fit.routes == ("left", "abroad", "flats")
    assert fit.counts == {"left": 12, "abroad": 12, "flats": 30}


def test_who_left_nobody_knows_where_counts_for_times_and_not_for_shares():
    seen = routes_of(SLOW_AND_FAST, 3)
    rng = np.random.default_rng(2)
    lost = replace(seen, route=np.where(rng.random(seen.n) < 0.3, "", seen.route))
    fit = fitted(lost)
    assert fit.durations.ended.sum() > sum(fit.counts.values())
    full = fitted(seen)
    for route in full.routes:
        one, other = fit.shares[route], full.shares[route]
        assert one.low95 < other.value < one.high95
    assert any("nobody knows where they went" in warning for warning in fit.warnings)
    nowhere = fit_routes(replace(seen, route=np.full(seen.n, "")))
    assert isinstance(nowhere, Unfitted)
    assert "nobody knows where" in nowhere.why


def test_each_route_may_be_of_a_family_of_its_own():
    fit = fitted(routes_of(FIXED_AND_SCATTERED, 1), families=FAMILIES[:2])
    assert fit.chosen_separate
    assert [fit.families[route].name for route in fit.routes] == ["exponential", "weibull"]
    read = parse_distribution(fit.written("hospital"), parse_duration)
    assert read.mean == pytest.approx(fit.estimates["hospital"]["mean"].value, rel=1e-3)


def test_one_route_alone_has_the_whole_share():
    fit = fitted(routes_of(Service({"flats": exponential(300.0)}, ONE, AGES["young"], 60), 1), ("flats",))
    assert fit.shares["flats"].value == pytest.approx(1.0)
    assert fit.draws(5, 1).shares["flats"] == pytest.approx(1.0)


def test_wilsons_interval_is_as_published_and_covers_where_the_usual_one_does_not():
    """Newcombe (1998): 81 of 263 give 0.2553 to 0.3662; 0 of 20, 0 to 0.1611."""
    assert wilson(81, 263, 0.95) == pytest.approx((0.2553, 0.3662), abs=5e-5)
    assert wilson(0, 20, 0.95) == pytest.approx((0.0, 0.1611), abs=5e-5)
    n, p = 15, 0.1
    weights = [math.comb(n, yes) * p**yes * (1 - p) ** (n - yes) for yes in range(n + 1)]
    covers = [low <= p <= high for low, high in (wilson(yes, n, 0.95) for yes in range(n + 1))]
    reach = [1.96 * math.sqrt(yes / n * (1 - yes / n) / n) for yes in range(n + 1)]
    usual = [abs(yes / n - p) <= half for yes, half in enumerate(reach)]
    assert sum(np.array(weights) * covers) > 0.93
    assert sum(np.array(weights) * usual) < 0.82
