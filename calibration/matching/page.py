"""The page that tells of a calibration."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from stepdown.calibration.disclosure import Disclosure
from stepdown.calibration.history import CouncilHistory
from stepdown.calibration.matching.calibrate import Calibrated
from stepdown.calibration.matching.charts import densities_chart, ranks_chart
from stepdown.calibration.matching.checks import INTERVALS
from stepdown.calibration.matching.findings import found_of, warnings_of
from stepdown.calibration.matching.layout import RECORDED
from stepdown.calibration.matching.opening import opening_in_words
from stepdown.calibration.matching.priors import WORDS
from stepdown.calibration.matching.shown import brief, disclosed, figure_in_words, in_words, period_of
from stepdown.outputs.paper.blocks import Paper, Part, Picture, Points, Rated, Side, Table
from stepdown.outputs.paper.page import page

GREEN, RED = Rated("Green"), Rated("Red")
"""Within what the model makes, and outside of it."""


def page_of(calibrated: Calibrated, history: CouncilHistory, title: str, disclosure: Disclosure) -> str:
    """Return the page that tells of a calibration, as HTML that needs no other file.

    Parameters
    ----------
    calibrated
        What was found.
    history
        What it was calibrated to.
    title
        What the study is about.
    disclosure
        How counts may be shown.
    """
    warnings = warnings_of(calibrated, disclosure)
    sides = [
        Side(
            "What the records say of what they do not show",
            [
                Part("warnings", "Read this first", [Points(warnings or ["Nothing gave cause for a warning."])]),
                Part("unknowns", "The unknowns", [_unknowns(calibrated), Picture(densities_chart(calibrated))]),
                Part("identified", "What other records would be worth", [_worth(calibrated)]),
            ],
        ),
        Side(
            "Whether it can be believed",
            [
                Part("held-out", "Where the truth is known", [_coverage(calibrated), Picture(ranks_chart(calibrated))]),
                Part("figures", "The records against the calibrated model", [_figures(calibrated, disclosure)]),
                Part("how", "How it was done", [Points(list(_how(calibrated)))]),
            ],
        ),
    ]
    return page(Paper(f"Calibration: {title}", _about(calibrated, history, disclosure), sides), {}, "annex")


def _about(calibrated: Calibrated, history: CouncilHistory, disclosure: Disclosure) -> str:
    whose = "made-up records" if history.simulated else "records of real people"
    rounded = ", counts rounded to the nearest 5 and those under 5 withheld" if disclosure.rounded else ""
    return (
        f"{whose.capitalize()}, {period_of(history)}{rounded}; {calibrated.pool.size:,} simulated pasts, "
        f"seed {calibrated.sought.seed}."
    )


def _unknowns(calibrated: Calibrated) -> Table:
    rows = []
    for one in found_of(calibrated):
        given, prior = one.unknown.input, one.unknown.prior
        limits = f"{brief(prior.low)} to {in_words(given, prior.high)}, {prior.kind}"
        low, high = brief(one.low), in_words(given, one.high)
        rows.append(
            (one.unknown.name, limits, in_words(given, one.middle), f"{low} to {high}", f"{one.ratio:.2f}", one.said)
        )
    kinds = dict.fromkeys(unknown.prior.kind for unknown in calibrated.sought.unknowns)
    return Table(
        "Each unknown before and after",
        ("Unknown", "Prior", "Median", "8 in 10", "Spread left", "Said"),
        rows,
        frozenset({1, 5}),
        "Spread left: the posterior's standard deviation over the prior's, on the prior's own scale. "
        + " ".join(f"{kind.capitalize()}: {WORDS[kind]}." for kind in kinds),
    )


def _worth(calibrated: Calibrated) -> Table:
    kinds = list(calibrated.with_more)
    rows = [
        (unknown.name, *(f"{calibrated.with_more[kind][at]:.2f}" for kind in kinds))
        for at, unknown in enumerate(calibrated.sought.unknowns)
    ]
    return Table(
        "Spread that is left of each unknown, of simulated pasts like the records",
        ("Unknown", *(f"with {RECORDED[kind]}" if kind else "as recorded" for kind in kinds)),
        rows,
        note="Measured: the same pasts, as this council records them, and with each kind of record that it lacks.",
    )


def _coverage(calibrated: Calibrated) -> Table:
    held = calibrated.held_out
    covered = [held.coverage(interval) for interval in INTERVALS]
    rows = [
        (unknown.name, *(f"{100 * column[at]:.0f}%" for column in covered), f"{held.evenness()[at]:.3f}")
        for at, unknown in enumerate(calibrated.sought.unknowns)
    ]
    return Table(
        f"How many of {len(held.below)} known truths the intervals hold",
        ("Unknown", *(f"{100 * interval:.0f}% interval" for interval in INTERVALS), "Chance of such ranks"),
        rows,
        note="Pasts of the pool that nothing was learned from, taken for records. A chance below 0.001 is a warning.",
    )


def _figures(calibrated: Calibrated, disclosure: Disclosure) -> Table:
    shown = disclosed(calibrated.targets, calibrated.observed, calibrated.sought.layout, disclosure)
    after = calibrated.after
    rows = [
        (
            calibrated.targets[at].name,
            calibrated.targets[at].unit,
            figure_in_words(calibrated.targets[at], shown[at]),
            brief(after.middle[at]),
            f"{brief(after.low[at])} to {brief(after.high[at])}",
            RED if after.outside[at] else GREEN,
        )
        for at in calibrated.used.tolist()
    ]
    number = int(np.count_nonzero(after.outside))
    return Table(
        f"{len(rows)} figures of the records, {number} of them outside of what the calibrated model makes",
        ("Figure", "Unit", "Recorded", "Simulated", "99 in 100", "Within"),
        rows,
        frozenset({1, 5}),
        "Simulated: median and range of pasts from draws of the posterior. Green lies within the range, red outside.",
    )


def _how(calibrated: Calibrated) -> Iterator[str]:
    sought = calibrated.sought
    yield f"Simulated pasts open with {opening_in_words(sought.opening)}."
    for look in calibrated.looks:
        covers = "intervals cover" if look.covers else "intervals are too narrow"
        yield f"A pool of {look.pasts:,} pasts: held-out error {look.error:.3f} of the prior's spread; {covers}."
    if sought.nuisance.inputs:
        yield f"Each past took a joint draw of {len(sought.nuisance.inputs)} fitted values, which are drawn along."
    for unknown in sought.unknowns:
        if unknown.why:
            yield f"{unknown.name}: {unknown.why}."
    yield "Small networks learned what figures say of unknowns; regression among the nearest pasts did the rest."
