"""What a calibration prints: before anything is simulated, and at its end."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
from rich import box
from rich.table import Table

from stepdown.calibration.history import CouncilHistory
from stepdown.calibration.matching.calibrate import Calibrated
from stepdown.calibration.matching.findings import found_of
from stepdown.calibration.matching.layout import RECORDED
from stepdown.calibration.matching.opening import opening_in_words
from stepdown.calibration.matching.pool import Sought
from stepdown.calibration.matching.priors import Numbers
from stepdown.calibration.matching.shown import brief, in_words, period_of
from stepdown.calibration.matching.targets import targets_of

PATH = 22
"""Letters of a line of a path in a table."""


def table_of(calibrated: Calibrated) -> Table:
    """Return what was found about each unknown, as a table for a screen."""
    table = _table("Unknown", "Prior", "Median", "8 in 10", "Left", "Said")
    for one in found_of(calibrated):
        given, prior = one.unknown.input, one.unknown.prior
        unit = _unit(given.written.unit)
        table.add_row(
            folded(one.unknown.name),
            f"{brief(prior.low)}-{brief(prior.high)}",
            f"{brief(one.middle)}{unit}",
            f"{brief(one.low)}-{brief(one.high)}",
            f"{100 * min(one.ratio, 1):.0f}%",
            one.said,
        )
    return table


def folded(path: str, letters: int = PATH) -> str:
    """Return a path in lines of at most so many letters, each but the last ending in a dot where that can be."""
    lines = [""]
    for key in re.findall(r"[^.]+\.?", path):
        if lines[-1] and len(lines[-1]) + len(key) > letters:
            lines.append("")
        lines[-1] += key
    return "\n".join(lines)


def _unit(unit: str) -> str:
    return f" {unit}s" if unit.isalpha() else unit


def _table(*head: str) -> Table:
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False)
    for at, name in enumerate(head):
        path = PATH if at == 0 else None
        table.add_column(name, justify="left" if at in (0, 5) else "right", overflow="fold", min_width=path)
    return table


def sentences_of(calibrated: Calibrated, history: CouncilHistory) -> list[str]:
    """Return what was done and how well it does, in sentences."""
    held = calibrated.held_out
    covered = 100 * float(np.mean(held.coverage(0.8)))
    reproduced = len(calibrated.used) - int(np.count_nonzero(calibrated.after.outside))
    return [
        f"{calibrated.pool.size:,} simulated pasts of {period_of(history)}; seed {calibrated.sought.seed}.",
        f"Of {len(held.below)} pasts whose truth is known, 80% intervals hold it for {covered:.0f}%.",
        f"The calibrated model reproduces {reproduced} of {len(calibrated.used)} figures of the records.",
        "Left: how much of the prior's spread is left. 8 in 10: between a tenth and nine tenths of the draws.",
    ]


def plan_of(sought: Sought) -> Table:
    """Return what would be looked for, as a table for a screen."""
    table = _table("Unknown", "Now", "From", "To", "Prior", "Why")
    for unknown in sought.unknowns:
        given, prior = unknown.input, unknown.prior
        now, low, high = (in_words(given, amount) for amount in (given.amount, prior.low, prior.high))
        table.add_row(folded(unknown.name), now, low, high, prior.kind, unknown.why)
    return table


def plan_sentences(sought: Sought, observed: Numbers, history: CouncilHistory) -> list[str]:
    """Return by what pasts would be compared, in sentences."""
    groups = [
        target.group for target, value in zip(targets_of(sought.layout), observed, strict=True) if np.isfinite(value)
    ]
    counted = ", ".join(f"{groups.count(group)} of {group}" for group in dict.fromkeys(groups))
    lacking = ", ".join(RECORDED[kind] for kind in sought.layout.lacking)
    return [
        f"Records of {period_of(history)}: {len(groups)} figures ({counted}).",
        f"The records lack {lacking}." if lacking else "The records lack nothing that could be used.",
        f"Simulated pasts open with {opening_in_words(sought.opening)}.",
        f"{len(sought.nuisance.inputs)} fitted values are drawn along.",
    ]


def plan_data(sought: Sought, observed: Numbers) -> dict[str, Any]:
    """Return what would be looked for as plain data."""
    return {
        "unknowns": [
            {
                "path": unknown.name,
                "unit": unknown.input.written.unit,
                "was": unknown.input.amount,
                "prior": {"kind": unknown.prior.kind, "low": unknown.prior.low, "high": unknown.prior.high},
                "why": unknown.why,
            }
            for unknown in sought.unknowns
        ],
        "figures": int(np.count_nonzero(np.isfinite(observed))),
        "lacking": list(sought.layout.lacking),
        "drawn_along": [given.name for given in sought.nuisance.inputs],
    }
