"""One contract for every family of distributions."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from scipy import integrate, special, stats

from stepdown.scenarios.distributions import Distribution, Gamma, Pert, residual
from stepdown.scenarios.parse_distribution import FAMILIES, parse_distribution
from stepdown.scenarios.quantities import parse_duration

pytestmark = pytest.mark.theory

FORMS: list[dict[str, Any]] = [
    {"fixed": "21 days"},
    {"exponential": {"mean": "30 days"}},
    {"exponential": {"median": "30 days"}},
    {"weibull": {"mean": "30 days", "shape": 1.4}},
    {"weibull": {"median": "30 days", "shape": 0.8}},
    {"weibull": {"median": "30 days", "p90": "100 days"}},
    {"lognormal": {"median": "21 days", "p90": "56 days"}},
    {"lognormal": {"median": "21 days", "p25": "12 days"}},
    {"lognormal": {"mean": "21 days", "sd": "14 days"}},
    {"gamma": {"mean": "70 days", "sd": "42 days"}},
    {"gamma": {"mean": "70 days", "shape": 0.7}},
    {"uniform": {"low": "7 days", "high": "28 days"}},
    {"triangular": {"low": "7 days", "mode": "10 days", "high": "28 days"}},
    {"pert": {"low": "7 days", "mode": "10 days", "high": "28 days"}},
    {"quantiles": {"0%": "2 days", "50%": "10 days", "90%": "30 days", "100%": "90 days"}},
]
STEPPED = {"quantiles": {"0%": "2 days", "50%": "2 days", "80%": "7 days", "90%": "28 days", "100%": "28 days"}}
SHARES = (0.001, 0.05, 0.25, 0.5, 0.75, 0.95, 0.999)
CONTINUOUS = [form for form in FORMS if "fixed" not in form]


def read(form: dict[str, Any]) -> Distribution:
    return parse_distribution(form, parse_duration)


def every(forms: list[dict[str, Any]]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("form", forms, ids=str)


def scipy_twin(form: dict[str, Any]) -> Any:
    """The same distribution as scipy has it, from its own parameters."""
    ((family, given),) = form.items()
    days = {name: parse_duration(value) for name, value in given.items() if isinstance(value, str)}
    if family == "exponential":
        return stats.expon(scale=days.get("mean", days.get("median", 0) / math.log(2)))
    if family == "uniform":
        return stats.uniform(days["low"], days["high"] - days["low"])
    if family == "triangular":
        width = days["high"] - days["low"]
        return stats.triang((days["mode"] - days["low"]) / width, days["low"], width)
    if family == "pert":
        width = days["high"] - days["low"]
        peak = (days["mode"] - days["low"]) / width
        return stats.beta(1 + 4 * peak, 5 - 4 * peak, days["low"], width)
    if family == "gamma":
        shape = given.get("shape") or (days["mean"] / days["sd"]) ** 2
        return stats.gamma(shape, scale=days["mean"] / shape)
    if family == "weibull" and "shape" in given:
        unit = stats.weibull_min(given["shape"])
        scale = days["mean"] / unit.mean() if "mean" in days else days["median"] / unit.median()
        return stats.weibull_min(given["shape"], scale=scale)
    if family == "lognormal" and "mean" in days:
        sigma = math.sqrt(math.log1p((days["sd"] / days["mean"]) ** 2))
        return stats.lognorm(sigma, scale=days["mean"] / math.exp(sigma**2 / 2))
    return None


TWINNED = [form for form in CONTINUOUS if scipy_twin(form) is not None]


def test_every_family_is_tested() -> None:
    assert {family for form in FORMS for family in form} == FAMILIES.keys()


@every([form for form in CONTINUOUS if "quantiles" not in form])
def test_parameters_are_reproduced_as_people_know_them(form: dict[str, Any]) -> None:
    ((_, given),) = form.items()
    distribution = read(form)
    spread = integrate.quad(lambda share: (distribution.quantile(share) - distribution.mean) ** 2, 0, 1, limit=500)[0]
    known = {
        "mean": distribution.mean,
        "sd": math.sqrt(spread),
        "median": distribution.quantile(0.5),
        "p25": distribution.quantile(0.25),
        "p90": distribution.quantile(0.9),
        "low": distribution.quantile(1e-12),
        "high": distribution.quantile(1 - 1e-12),
    }
    for name, value in given.items():
        if name in known:
            assert known[name] == pytest.approx(parse_duration(value), rel=2e-3), name


@every(CONTINUOUS)
@pytest.mark.parametrize("share", SHARES)
def test_survival_and_quantile_are_inverse(form: dict[str, Any], share: float) -> None:
    distribution = read(form)
    assert distribution.survival(distribution.quantile(share)) == pytest.approx(1 - share, rel=1e-6)


@every([*FORMS, STEPPED])
def test_the_survival_of_many_values_is_that_of_each(form: dict[str, Any]) -> None:
    distribution = read(form)
    values = np.array([-1.0, 0.0, 2.0, 7.0, 10.0, 21.0, 28.0, 30.0, 90.0, 95.0, *np.linspace(0.1, 200.0, 50)])
    assert distribution.survivals(values) == pytest.approx(
        [distribution.survival(value) for value in values], abs=1e-14
    )


@every(FORMS)
def test_quantiles_never_fall_and_never_lie_before_nothing(form: dict[str, Any]) -> None:
    quantiles = [read(form).quantile(share) for share in np.linspace(1e-9, 1 - 1e-9, 400)]
    assert quantiles == sorted(quantiles)
    assert quantiles[0] >= 0


@every(FORMS)
def test_the_mean_is_the_area_under_the_quantiles(form: dict[str, Any]) -> None:
    distribution = read(form)
    area = integrate.quad(distribution.quantile, 0, 1, limit=500, points=[0.5, 0.9])[0]
    assert distribution.mean == pytest.approx(area, rel=1e-5)


@every(FORMS)
def test_everything_lasts_longer_than_before_the_beginning(form: dict[str, Any]) -> None:
    assert read(form).survival(-1.0) == 1.0


@every(TWINNED)
@pytest.mark.parametrize("share", SHARES)
def test_scipy_agrees(form: dict[str, Any], share: float) -> None:
    distribution, twin = read(form), scipy_twin(form)
    assert distribution.mean == pytest.approx(twin.mean())
    assert distribution.quantile(share) == pytest.approx(twin.ppf(share))
    assert distribution.survival(20.0) == pytest.approx(twin.sf(20.0))


@every(TWINNED)
@pytest.mark.parametrize("share", SHARES)
@pytest.mark.parametrize("already", [0.0, 8.0, 20.0])
def test_what_remains_is_conditional_on_what_has_passed(form: dict[str, Any], share: float, already: float) -> None:
    twin = scipy_twin(form)
    whole = residual(read(form), already, share)
    assert whole >= already
    assert twin.sf(whole) / twin.sf(already) == pytest.approx(1 - share, rel=1e-6)


@every(FORMS)
def test_what_could_not_have_lasted_so_long_ends_at_once(form: dict[str, Any]) -> None:
    already = 1e9
    assert residual(read(form), already, 0.5) == already


@pytest.mark.parametrize("mean", [10.0, 400.0])
def test_an_exponential_forgets_what_has_passed(mean: float) -> None:
    distribution = read({"exponential": {"mean": f"{mean} days"}})
    assert residual(distribution, 50.0, 0.3) - 50.0 == pytest.approx(distribution.quantile(0.3))


@pytest.mark.parametrize(
    ("form", "rule"),
    [
        ({"weibul": {"mean": "1 day"}}, "Did you mean 'weibull'"),
        ({"gamma": {"mean": "1 day"}}, "It needs {mean: …, sd: …} or {mean: …, shape: …}"),
        ({"gamma": "1 day"}, "needs its parameters in a map"),
        ({"gamma": {"mean": "0 days", "sd": "1 day"}}, "mean must be greater than 0"),
        ({"lognormal": {"median": "2 days", "p90": "1 day"}}, "wrong side of the median"),
        ({"uniform": {"low": "2 days", "high": "1 day"}}, "low must be less than high"),
        ({"pert": {"low": "2 days", "mode": "1 day", "high": "3 days"}}, "must rise in this order"),
        ({"quantiles": {"0%": "2 days", "90%": "3 days"}}, "must begin at 0% and end at 100%"),
        ({"gamma": {"mean": "1 day", "sd": "1 day"}, "fixed": "1 day"}, "one distribution was expected"),
        (3, "3 what?"),
    ],
)
def test_parameters_that_make_no_distribution_are_refused(form: Any, rule: str) -> None:
    with pytest.raises(ValueError) as refused:  # noqa: PT011 - the rule is compared below, as plain text
        parse_distribution(form, parse_duration)
    assert rule in str(refused.value)


def test_what_has_just_begun_may_last_no_time_at_all():
    distribution = read({"quantiles": {"0%": "0 days", "50%": "0 days", "100%": "20 days"}})
    assert residual(distribution, 0.0, 0.3) == 0.0
    assert residual(distribution, 0.0, 0.75) == pytest.approx(10.0)
    assert residual(distribution, 1.0, 0.3) > 1.0


@pytest.mark.parametrize("shape", [0.01, 0.05, 0.3, 1.0, 1.7, 12.0, 400.0, 1e4])
def test_a_gamma_quantile_is_scipys_to_eleven_digits(shape: float) -> None:
    shares = special.ndtr(np.linspace(-6.01, 5.0, 1733))
    exact = special.gammaincinv(shape, shares)
    ours = np.array([Gamma(shape, 1.0).quantile(share) for share in shares])
    assert ours[exact > 1e-290] == pytest.approx(exact[exact > 1e-290], rel=1e-11, abs=0.0)
    assert np.all(ours[exact <= 1e-290] <= 1e-289)


@pytest.mark.parametrize("mode", [0.0, 1e-3, 0.2, 0.5, 1.0])
def test_a_pert_quantile_is_scipys_to_thirteen_digits_of_its_range(mode: float) -> None:
    shares = special.ndtr(np.linspace(-8.0, 5.0, 1733))
    ours = [Pert(0.0, mode, 1.0).quantile(share) for share in shares]
    assert ours == pytest.approx(special.betaincinv(1 + 4 * mode, 5 - 4 * mode, shares), rel=0.0, abs=1e-13)


@pytest.mark.parametrize("share", [0.0, 5e-324, 2.0**-54, 1 - 2.0**-53, 1.0])
def test_quantiles_of_extreme_shares_are_finite_and_within_the_range(share: float) -> None:
    assert 0 <= Gamma(0.02, 30.0).quantile(share) < 30.0 * 1000
    assert 0 <= Gamma(3.0, 30.0).quantile(share) < 30.0 * 60
    assert 2 <= Pert(2.0, 2.0, 9.0).quantile(share) <= 9
    assert 2 <= Pert(2.0, 9.0, 9.0).quantile(share) <= 9
