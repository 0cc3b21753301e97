"""Families of distributions: `stepdown.scenarios.distributions`, compiled.

Each formula has the same operations in the same order as there, and the same functions: those of the C library, and of
SciPy by way of `scipy.special.cython_special`. So the results have the same bits.
"""

from __future__ import annotations

import math

from numba.extending import get_cython_function_address
from scipy.special import cython_special

from stepdown.scenarios.quantile_curves import HIGHEST, PIECES, PIECES_PER_UNIT, TERMS
from stepdown.simulation.compiled.facts import FIXED, GAMMA, LOGNORMAL, PERT, TRIANGULAR, WEIBULL
from stepdown.simulation.compiled.layout import DISTRIBUTION
from stepdown.simulation.compiled.memory import Record, World, accessor, call, compiled, larger, number_at, smaller
from stepdown.simulation.compiled.schedules import bisect_right

ARGUMENTS = {"ndtri": 1, "ndtr": 1, "gammaincc": 2, "betaincc": 3}
"""SciPy's functions that are used, with how many numbers each takes."""

JUST_BELOW_1 = math.nextafter(1.0, 0.0)


def special_functions() -> dict[str, int]:
    """Return the address of each of SciPy's functions in its variant for float64."""
    return {name: _address(name, arguments) for name, arguments in ARGUMENTS.items()}


def _address(name: str, arguments: int) -> int:
    wanted = f'"double ({", ".join(["double"] * arguments)}, int __pyx_skip_dispatch)"'
    for variant in (name, f"__pyx_fuse_0{name}", f"__pyx_fuse_1{name}"):  # by the types of its arguments
        if wanted in str(cython_special.__pyx_capi__.get(variant)):
            return int(get_cython_function_address("scipy.special.cython_special", variant))
    raise ImportError(f"scipy.special.cython_special has no {name} for float64")


distribution_of = accessor("distributions", DISTRIBUTION)


@compiled
def quantile(world: World, position: int, share: float) -> float:  # noqa: PLR0911 - one for each family
    """Return the value that the given share of draws stays below."""
    it = distribution_of(world, position)
    if it.family == FIXED:
        return it.first
    if it.family == WEIBULL:
        exponential = -math.log1p(-share)
        return it.first * (exponential if it.second == 1 else exponential ** (1 / it.second))
    if it.family == LOGNORMAL:
        return math.exp(it.first + it.second * call(world.ndtri, (share,)))
    if it.family == GAMMA:
        return it.second * math.exp(curve_at(world, it.values, share))
    if it.family == TRIANGULAR:
        return triangular_quantile(it, share)
    if it.family == PERT:
        within = smaller(larger(curve_at(world, it.values, share), 0.0), 1.0)
        return it.first + (it.third - it.first) * within
    return empirical_quantile(world, it, share)


@compiled
def survival(world: World, position: int, value: float) -> float:  # noqa: PLR0911 - one for each family
    """Return the probability that a draw is greater than the value."""
    it = distribution_of(world, position)
    if it.family == FIXED:
        return 1.0 if value < it.first else 0.0
    if it.family == WEIBULL:
        return math.exp(-((value / it.first) ** it.second)) if value > 0 else 1.0
    if it.family == LOGNORMAL:
        return call(world.ndtr, ((it.first - math.log(value)) / it.second,)) if value > 0 else 1.0
    if it.family == GAMMA:
        return call(world.gammaincc, (it.first, value / it.second)) if value > 0 else 1.0
    if it.family == TRIANGULAR:
        return triangular_survival(it, value)
    if it.family == PERT:
        rising, falling = pert_shapes(it)
        share = smaller(larger((value - it.first) / (it.third - it.first), 0.0), 1.0)
        return call(world.betaincc, (rising, falling, share))
    return empirical_survival(world, it, value)


@compiled
def curve_at(world: World, coefficients: int, share: float) -> float:
    """Return the value at a share of a smooth function of its normal score, in pieces of polynomials."""
    within = smaller(larger((call(world.ndtri, (share,)) + HIGHEST) * PIECES_PER_UNIT, 0.0), float(PIECES))
    piece = min(int(within), PIECES - 1)
    variable = 2 * (within - piece) - 1
    first = coefficients + piece * TERMS
    value = 0.0
    for term in range(TERMS - 1, -1, -1):
        value = value * variable + number_at(world.numbers, first + term)
    return value


@compiled
def triangular_quantile(it: Record, share: float) -> float:
    """Return the inverse of the two quadratic pieces."""
    low, mode, high = it.first, it.second, it.third
    width = high - low
    if share * width <= mode - low:
        return low + math.sqrt(share * width * (mode - low))
    return high - math.sqrt((1 - share) * width * (high - mode))


@compiled
def triangular_survival(it: Record, value: float) -> float:
    """Return the probability of a greater value."""
    low, mode, high = it.first, it.second, it.third
    width = high - low
    if value <= low:
        return 1.0
    if value >= high:
        return 0.0
    if value < mode:
        return 1 - (value - low) * (value - low) / (width * (mode - low))
    return (high - value) * (high - value) / (width * (high - mode))


@compiled
def pert_shapes(it: Record) -> tuple[float, float]:
    """Return the shapes of the beta distribution."""
    low, mode, high = it.first, it.second, it.third
    width = high - low
    return 1 + 4 * (mode - low) / width, 1 + 4 * (high - mode) / width


@compiled
def empirical_quantile(world: World, it: Record, share: float) -> float:
    """Return the value on the line between the neighbouring quantiles."""
    after = min(max(bisect_right(world, it.shares, it.length, share), 1), it.length - 1)
    low, high = number_at(world.numbers, it.shares + after - 1), number_at(world.numbers, it.shares + after)
    begin, end = number_at(world.numbers, it.values + after - 1), number_at(world.numbers, it.values + after)
    return begin + (end - begin) * (share - low) / (high - low)


@compiled
def empirical_survival(world: World, it: Record, value: float) -> float:
    """Return the share above the value; at a jump, the share strictly above."""
    if value < number_at(world.numbers, it.values):
        return 1.0
    after = bisect_right(world, it.values, it.length, value)
    if after == it.length:
        return 0.0
    low, high = number_at(world.numbers, it.values + after - 1), number_at(world.numbers, it.values + after)
    below, above = number_at(world.numbers, it.shares + after - 1), number_at(world.numbers, it.shares + after)
    return 1 - (below + (above - below) * (value - low) / (high - low))


@compiled
def residual(world: World, position: int, already: float, share: float) -> float:
    """Return the whole duration of something known to have lasted ``already`` and to go on."""
    # Nothing is known of what has only just begun: it may yet last no time at all.
    lasting = survival(world, position, already) if already > 0 else 1.0
    if lasting <= 0:
        return already
    below = smaller(1 - lasting * (1 - share), JUST_BELOW_1)
    return larger(already, quantile(world, position, below))
