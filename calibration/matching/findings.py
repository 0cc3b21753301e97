"""What was found about each unknown, and what must be known before anybody relies on it, in sentences."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from stepdown.calibration.disclosure import Disclosure
from stepdown.calibration.matching.calibrate import Calibrated
from stepdown.calibration.matching.checks import TOO_ODD, Predicted, sentence_of
from stepdown.calibration.matching.layout import RECORDED
from stepdown.calibration.matching.priors import ranks_of
from stepdown.calibration.matching.shown import brief, disclosed, figure_in_words
from stepdown.calibration.matching.unknowns import Unknown

HARDLY = 0.7
"""Where more than this share of the prior's spread is left, the records hardly tell."""

WELL = 0.4
"""Up to this share they tell well."""

HELPS = 0.1
"""Other records help if they would lower the ratio by so much at least."""

AT_THE_EDGE, CROWDED = 0.05, 0.25
"""A quarter of a posterior within a twentieth of the prior of its end is crowded there."""

FIXED = "places"
"""What is the same in every run, and so has no column among the draws."""


@dataclass(frozen=True)
class Found:
    """What was found about an unknown.

    Attributes
    ----------
    unknown
        Which.
    low, middle, high
        Tenth, half and nine tenths of the posterior, in the unit in which the value is written.
    ratio
        The standard deviation of its rank over the prior's.
    said
        How well the records tell it: 'well told', 'told' or 'hardly told'.
    """

    unknown: Unknown
    low: float
    middle: float
    high: float
    ratio: float
    said: str


def found_of(calibrated: Calibrated) -> tuple[Found, ...]:
    """Return what was found about each unknown."""
    tenths = np.quantile(calibrated.drawn.amounts, (0.1, 0.5, 0.9), axis=0, method="inverted_cdf").tolist()
    return tuple(
        Found(unknown, low, middle, high, float(ratio), said_of(float(ratio)))
        for unknown, ratio, low, middle, high in zip(
            calibrated.sought.unknowns, calibrated.ratios, *tenths, strict=True
        )
    )


def said_of(ratio: float) -> str:
    """Return how well records tell an unknown."""
    return "hardly told" if ratio > HARDLY else "well told" if ratio <= WELL else "told"


def warnings_of(calibrated: Calibrated, disclosure: Disclosure) -> list[str]:
    """Return what must be known before anybody relies on what was found, the gravest first."""
    return [
        *_unlike(calibrated, disclosure),
        *_not_reproduced(calibrated, disclosure),
        *_not_calibrated(calibrated),
        *_hardly_told(calibrated),
        *_at_the_edge(calibrated),
        *_still_growing(calibrated),
        *_left_out(calibrated),
    ]


def _unlike(calibrated: Calibrated, disclosure: Disclosure) -> Iterator[str]:
    outside = _named(calibrated, calibrated.before, disclosure)
    if outside:
        yield (
            f"NO SIMULATED PAST IS LIKE THE RECORDS, whatever the unknowns are, in {len(outside)} of "
            f"{len(calibrated.used)} figures: {sentence_of(outside)}. The study, its limits or the records are wrong "
            "there: mend them before you use these results."
        )


def _not_reproduced(calibrated: Calibrated, disclosure: Disclosure) -> Iterator[str]:
    outside = _named(calibrated, calibrated.after, disclosure)
    if outside:
        by_chance = max(1, round(0.01 * len(calibrated.used)))
        yield (
            f"The calibrated model does not reproduce {len(outside)} of {len(calibrated.used)} figures of the records "
            f"(about {by_chance} would be so by chance): {sentence_of(outside)}."
        )


def _named(calibrated: Calibrated, against: Predicted, disclosure: Disclosure) -> list[str]:
    """Name the figures of the records outside of a range, those that are farthest outside first."""
    shown = disclosed(calibrated.targets, calibrated.observed, calibrated.sought.layout, disclosure)
    width = np.maximum(against.high - against.low, 1e-9)
    away = np.maximum(against.low - calibrated.observed, calibrated.observed - against.high) / width
    order = sorted(np.flatnonzero(against.outside).tolist(), key=lambda at: -away[at])
    return [
        f"{calibrated.targets[at].name} ({figure_in_words(calibrated.targets[at], shown[at])} recorded, "
        f"{brief(against.low[at])} to {brief(against.high[at])} simulated)"
        for at in order
    ]


def _not_calibrated(calibrated: Calibrated) -> Iterator[str]:
    held = calibrated.held_out
    if not held.covers:
        covered = ", ".join(f"{100 * np.mean(held.coverage(i)):.0f}% for {100 * i:.0f}%" for i in (0.5, 0.8, 0.95))
        yield f"Intervals are too narrow: of held-out truths they hold {covered}. Ask for a larger --pool."
    odd = [name for name, chance in zip(_names(calibrated), held.evenness(), strict=True) if chance < TOO_ODD]
    if odd:
        yield f"The posterior is not where held-out truths are for {sentence_of(odd)}. Ask for a larger --pool."


def _hardly_told(calibrated: Calibrated) -> Iterator[str]:
    for at, found in enumerate(found_of(calibrated)):
        if found.ratio > HARDLY:
            yield (
                f"{found.unknown.name}: the records hardly tell it; {100 * min(found.ratio, 1):.0f}% of the prior's "
                f"spread is left. {_would_help(calibrated, at)}"
            )


def _would_help(calibrated: Calibrated, at: int) -> str:
    now = calibrated.with_more[""][at]
    helping = sorted(
        (float(ratios[at]), RECORDED[kind])
        for kind, ratios in calibrated.with_more.items()
        if kind and ratios[at] < now - HELPS
    )
    if not helping:
        lacking = any(kind for kind in calibrated.with_more)
        return "No other records would tell much more." if lacking else "All that records can hold was used."
    told = [f"with {what} {100 * ratio:.0f}%" for ratio, what in helping]
    return f"On average over pasts like these records, {100 * now:.0f}% is left; {', '.join(told)}."


def _at_the_edge(calibrated: Calibrated) -> Iterator[str]:
    ranks, weights = ranks_of(calibrated.posterior.scores), calibrated.posterior.weights
    for at, found in enumerate(found_of(calibrated)):
        for which, beyond in (("low", ranks[:, at] < AT_THE_EDGE), ("high", ranks[:, at] > 1 - AT_THE_EDGE)):
            if weights @ beyond > CROWDED:
                yield f"{found.unknown.name} is crowded at its {which} limit: it may lie beyond. Widen the limits."


def _still_growing(calibrated: Calibrated) -> Iterator[str]:
    looks = calibrated.looks
    if len(looks) > 1 and looks[-1].error < 0.98 * looks[-2].error:
        yield f"{looks[-1].pasts:,} pasts were still better than {looks[-2].pasts:,}: ask for more with --pool."


def _left_out(calibrated: Calibrated) -> Iterator[str]:
    dropped = calibrated.sought.nuisance.dropped
    if dropped:
        yield f"Looked for, or giving way to what is, and so not drawn as they were fitted: {sentence_of(dropped)}."
    fixed = [unknown.name for unknown in calibrated.sought.unknowns if FIXED in unknown.input.path]
    if fixed:
        yield f"Numbers of places are the same in every run, so only their medians were kept: {sentence_of(fixed)}."


def _names(calibrated: Calibrated) -> list[str]:
    return [unknown.name for unknown in calibrated.sought.unknowns]
