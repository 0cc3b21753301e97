"""Reading a distribution from its map of named parameters."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from typing import Any

from scipy import special

from stepdown.scenarios.distributions import (
    Distribution,
    Empirical,
    Fixed,
    Gamma,
    Lognormal,
    Pert,
    Triangular,
    Weibull,
    exponential,
    uniform,
)
from stepdown.scenarios.quantities import is_number, parse_share
from stepdown.scenarios.words import did_you_mean

Parse = Callable[[object], float]
"""A parser of the distribution's dimension: a duration or an amount of money."""

_PERCENTILE = re.compile(r"p(\d{1,2}(?:\.\d+)?)")


def parse_distribution(raw: object, parse: Parse) -> Distribution:
    """Read ``{lognormal: {median: 3 weeks, p90: 8 weeks}}``, or a bare value for a fixed one.

    Parameters
    ----------
    raw
        A bare value, or a map of one family to its parameters.
    parse
        Parser of the values: `parse_duration` or `parse_money`.

    Raises
    ------
    ValueError
        With the wrong parameter and what the family needs.
    """
    if not isinstance(raw, Mapping):
        return Fixed(parse(raw))
    if len(raw) != 1:
        raise ValueError(f"one distribution was expected and {len(raw)} were found: {_names(raw)}")
    family, parameters = next(iter(raw.items()))
    if family not in FAMILIES:
        raise ValueError(f"{family!r} is not a distribution{did_you_mean(str(family), FAMILIES)}")
    if family == "fixed":
        return Fixed(parse(parameters))
    if not isinstance(parameters, Mapping):
        raise ValueError(f"{family} needs its parameters in a map: {FORMS[family]}")
    try:
        return FAMILIES[family](dict(parameters), parse)
    except (OverflowError, ZeroDivisionError):
        raise ValueError(f"{family}: these parameters are too extreme to compute with") from None


def _names(raw: Mapping[Any, Any]) -> str:
    return ", ".join(str(key) for key in raw) or "none"


def _take(family: str, parameters: dict[str, Any], *forms: tuple[str, ...]) -> tuple[str, ...]:
    """Return the one form whose parameter names are exactly those given (`pNN` stands for any percentile)."""
    given = {"pNN" if isinstance(name, str) and _PERCENTILE.fullmatch(name) else name for name in parameters}
    for form in forms:
        if given == set(form) and len(parameters) == len(form):
            return form
    raise ValueError(f"{family} was given {_names(parameters)}. It needs {FORMS[family]}")


def _positive(name: str, value: float) -> float:
    if value <= 0:
        raise ValueError(f"{name} must be greater than 0")
    return value


def _number(name: str, raw: object) -> float:
    if not is_number(raw):
        raise ValueError(f"{name} must be a plain number, not {raw!r}")
    return _positive(name, float(raw))  # type: ignore[arg-type]


def _percentile(parameters: dict[str, Any], parse: Parse) -> tuple[float, float]:
    """Return the share and the value of the one percentile that is given."""
    name = next(key for key in parameters if _PERCENTILE.fullmatch(key))
    share = float(name[1:]) / 100
    if not 0 < share < 1 or share == 0.5:
        raise ValueError(f"{name} must lie between p0 and p100 and differ from the median, such as p90")
    return share, _positive(name, parse(parameters[name]))


def _above_median(family: str, parameters: dict[str, Any], parse: Parse) -> tuple[float, float, float]:
    """Return the median, and a percentile's share and value on the right side of it."""
    median = _positive("median", parse(parameters["median"]))
    share, value = _percentile(parameters, parse)
    if (value > median) != (share > 0.5) or value == median:
        raise ValueError(f"{family}: the percentile lies on the wrong side of the median")
    return median, share, value


def _exponential(parameters: dict[str, Any], parse: Parse) -> Distribution:
    (name,) = _take("exponential", parameters, ("mean",), ("median",))
    value = _positive(name, parse(parameters[name]))
    return exponential(value if name == "mean" else value / math.log(2))


def _weibull(parameters: dict[str, Any], parse: Parse) -> Distribution:
    form = _take("weibull", parameters, ("mean", "shape"), ("median", "shape"), ("median", "pNN"))
    if "pNN" in form:
        median, share, value = _above_median("weibull", parameters, parse)
        shape = math.log(-math.log1p(-share) / math.log(2)) / math.log(value / median)
        return Weibull(median / math.log(2) ** (1 / shape), shape)
    shape = _number("shape", parameters["shape"])
    value = _positive(form[0], parse(parameters[form[0]]))
    unit = Weibull(1.0, shape)
    return Weibull(value / (unit.mean if form[0] == "mean" else unit.quantile(0.5)), shape)


def _lognormal(parameters: dict[str, Any], parse: Parse) -> Distribution:
    form = _take("lognormal", parameters, ("median", "pNN"), ("mean", "sd"))
    if "pNN" in form:
        median, share, value = _above_median("lognormal", parameters, parse)
        return Lognormal(math.log(median), math.log(value / median) / float(special.ndtri(share)))
    mean, sd = (_positive(name, parse(parameters[name])) for name in ("mean", "sd"))
    variance = math.log1p((sd / mean) ** 2)
    return Lognormal(math.log(mean) - variance / 2, math.sqrt(variance))


def _gamma(parameters: dict[str, Any], parse: Parse) -> Distribution:
    form = _take("gamma", parameters, ("mean", "sd"), ("mean", "shape"))
    mean = _positive("mean", parse(parameters["mean"]))
    if form[1] == "sd":
        shape = (mean / _positive("sd", parse(parameters["sd"]))) ** 2
    else:
        shape = _number("shape", parameters["shape"])
    return Gamma(shape, mean / shape)


def _uniform(parameters: dict[str, Any], parse: Parse) -> Distribution:
    _take("uniform", parameters, ("low", "high"))
    low, high = parse(parameters["low"]), parse(parameters["high"])
    if low >= high:
        raise ValueError("uniform: low must be less than high")
    return uniform(low, high)


def _three_points(family: Callable[[float, float, float], Distribution], name: str) -> Callable[..., Distribution]:
    def read(parameters: dict[str, Any], parse: Parse) -> Distribution:
        _take(name, parameters, ("low", "mode", "high"))
        low, mode, high = (parse(parameters[key]) for key in ("low", "mode", "high"))
        if not low <= mode <= high or low == high:
            raise ValueError(f"{name}: low, mode and high must rise in this order")
        return family(low, mode, high)

    return read


def _empirical(parameters: dict[str, Any], parse: Parse) -> Distribution:
    points = sorted((parse_share(share), parse(value)) for share, value in parameters.items())
    shares, values = [share for share, _ in points], [value for _, value in points]
    if len(points) < 2 or shares[0] != 0 or shares[-1] != 1:
        raise ValueError(f"quantiles must begin at 0% and end at 100%: {FORMS['quantiles']}")
    if len(set(shares)) < len(shares) or values != sorted(values):
        raise ValueError("quantiles: each share may stand once, and the values may not fall")
    return Empirical(tuple(shares), tuple(values))


FAMILIES: dict[str, Callable[..., Distribution]] = {
    "fixed": Fixed,
    "exponential": _exponential,
    "weibull": _weibull,
    "lognormal": _lognormal,
    "gamma": _gamma,
    "uniform": _uniform,
    "triangular": _three_points(Triangular, "triangular"),
    "pert": _three_points(Pert, "pert"),
    "quantiles": _empirical,
}
"""The families by the names that scenario files use."""

FORMS = {
    "fixed": "fixed: 2 weeks",
    "exponential": "{mean: …} or {median: …}",
    "weibull": "{mean: …, shape: …}, {median: …, shape: …} or {median: …, p90: …}",
    "lognormal": "{median: …, p90: …} or {mean: …, sd: …}",
    "gamma": "{mean: …, sd: …} or {mean: …, shape: …}",
    "uniform": "{low: …, high: …}",
    "triangular": "{low: …, mode: …, high: …}",
    "pert": "{low: …, mode: …, high: …}",
    "quantiles": "{0%: …, 50%: …, 100%: …}",
}
"""The parameters of each family, as its manual and its error messages say them."""
