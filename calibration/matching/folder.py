"""The calibrated study: its facts with what was found, joint draws, its options, and what was found as data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from stepdown.calibration.disclosure import Disclosure
from stepdown.calibration.history import CouncilHistory
from stepdown.calibration.matching.calibrate import Calibrated
from stepdown.calibration.matching.checks import INTERVALS
from stepdown.calibration.matching.findings import FIXED, HARDLY, Found, found_of, warnings_of
from stepdown.calibration.matching.shown import MEDIAN, cell, disclosed, period_of, tidy
from stepdown.calibration.study_folder import (
    BASE,
    OPTIONS,
    UNCERTAINTY,
    Stated,
    draws_text,
    scenario_text,
    with_stated,
)
from stepdown.outputs.run_folder import as_json, as_yaml
from stepdown.scenarios.amounts import with_amounts
from stepdown.scenarios.inputs import Input, bare
from stepdown.scenarios.levers import CARRY_ON, Facts, read_facts
from stepdown.scenarios.schema import UNCERTAINTY as DRAWS
from stepdown.scenarios.sources import entry_of
from stepdown.scenarios.trees import KeyPath, plain
from stepdown.simulation.software import software

PAGE, DATA = "calibration.html", "calibration.json"
"""The files of a calibrated study that are for readers, and for programs."""


def files_of(
    calibrated: Calibrated, history: CouncilHistory, source: str | Path, page: str, disclosure: Disclosure
) -> dict[str, str]:
    """Return the texts of a calibrated study's files, by name.

    Parameters
    ----------
    calibrated
        What was found.
    history
        What it was calibrated to.
    source
        The study that was calibrated, for its options.
    page
        The page that tells of it.
    disclosure
        How counts may be shown.
    """
    draws = draws_of(calibrated)
    data = {key: value for key, value in calibrated.sought.option.data.items() if key != DRAWS}
    data = with_stated(data, stated(calibrated, _source(history)))
    files = {PAGE: page, DATA: as_json(as_data(calibrated, history, disclosure))}
    if len(draws.columns):
        data[DRAWS] = UNCERTAINTY
        files[UNCERTAINTY] = draws_text(draws)
    facts = read_facts(entry_of(source)[1])
    if facts.levers or set(facts.choices) - {CARRY_ON}:
        files[OPTIONS] = _options_text(facts)
        files |= {file.name: file.read_text("utf-8-sig") for file in _tables_of_levers(facts, files[OPTIONS])}
    about = [f"Calibrated to records of {period_of(history)}: see {PAGE}."]
    return {BASE: scenario_text(data, about, {}), **files}


def _source(history: CouncilHistory) -> str:
    made_up = "made-up " if history.simulated else ""
    return f"calibrated to {made_up}records, {period_of(history)}"


def stated(calibrated: Calibrated, source: str) -> dict[KeyPath, Stated]:
    """Return what the study holds now, by path: medians with their ranges, and the shares that gave way."""
    option, found = calibrated.sought.option, found_of(calibrated)
    values: dict[KeyPath, Stated] = {}
    rounded = {one.unknown.input: _rounded(one.unknown.input, one.middle) for one in found}
    now = bare(with_amounts(option, rounded).data)
    for path, value in _differing(bare(option.data), now):
        values[path] = Stated(tidy(value), source=f"gives way to what was {source}")
    for one in found:
        values |= _of_unknown(one, now, source)
    return values


def _of_unknown(one: Found, now: Any, source: str) -> dict[KeyPath, Stated]:
    given = one.unknown.input
    hardly = one.ratio > HARDLY
    said = f"{source}; the records hardly tell it" if hardly else source
    quality = "poor" if hardly else "fair"
    if given.pieces > 1:
        held: Any = now
        for key in given.path:
            held = held[key]
        return {(*given.path, date): Stated(tidy(value), source=said, quality=quality) for date, value in held.items()}
    low, middle, high = (cell(given, amount, MEDIAN) for amount in (one.low, one.middle, one.high))
    return {given.path: Stated(middle, low, high, said, quality)}


def _rounded(given: Input, amount: float) -> float:
    return given.written.amount(cell(given, amount, MEDIAN))


def _differing(before: Any, after: Any, path: KeyPath = ()) -> Iterator[tuple[KeyPath, Any]]:
    """Yield the paths at which two scenarios of the same form hold something else, with what the second holds."""
    if isinstance(before, dict) and isinstance(after, dict):
        for key in before:
            if key in after:
                yield from _differing(before[key], after[key], (*path, key))
    elif isinstance(before, list) and isinstance(after, list):
        for at, (one, other) in enumerate(zip(before, after, strict=True)):
            yield from _differing(one, other, (*path, at))
    elif before != after:
        yield path, after


def draws_of(calibrated: Calibrated) -> pd.DataFrame:
    """Return joint draws of what was looked for and of what had been fitted, as a study's `uncertainty` has them."""
    sought, drawn = calibrated.sought, calibrated.drawn
    columns = {
        unknown.name: [cell(unknown.input, amount) for amount in drawn.amounts[:, at].tolist()]
        for at, unknown in enumerate(sought.unknowns)
        if FIXED not in unknown.input.path
    }
    for at, given in enumerate(sought.nuisance.inputs):
        amounts = sought.nuisance.draws[drawn.nuisance, at].tolist()
        columns[given.name] = [cell(given, amount) for amount in amounts]
    return pd.DataFrame(columns)


def _options_text(facts: Facts) -> str:
    """Return levers and options as a file of their own, whatever files they stood in."""
    levers = {
        name: {**({"why": lever.why} if lever.why else {}), **plain(lever.changes)}
        for name, lever in facts.levers.items()
    }
    options = {
        name: {"levers": list(choice.levers), "about": choice.about} if choice.about else list(choice.levers)
        for name, choice in facts.choices.items()
    }
    return as_yaml({"extends": BASE, "levers": levers, "options": options})


def _tables_of_levers(facts: Facts, text: str) -> list[Path]:
    """Return the CSV files that levers name, beside the files in which they stand."""
    folders = dict.fromkeys(file.parent for file in facts.files)
    return [file for folder in folders for file in sorted(folder.glob("*.csv")) if f" {file.name}\n" in text]


def as_data(calibrated: Calibrated, history: CouncilHistory, disclosure: Disclosure) -> dict[str, Any]:
    """Return what was found, and whether it can be believed, as plain data."""
    sought, held, versions = calibrated.sought, calibrated.held_out, software()
    return {
        "stepdown": versions["stepdown"],
        "seed": sought.seed,
        "records": {
            "name": history.name,
            "begins": history.begins.isoformat(),
            "ends": history.ends.isoformat(),
            "simulated": history.simulated,
            "hold": sorted(sought.layout.recorded),
            "counts": "rounded" if disclosure.rounded else "exact",
        },
        "opening": "warm-up" if sought.opening.caseload is None else "residents",
        "not_compared_days": sought.opening.settling,
        "pool": [
            {"pasts": look.pasts, "held_out_error": look.error, "covers": look.covers} for look in calibrated.looks
        ],
        "unknowns": [_unknown_data(calibrated, at, one) for at, one in enumerate(found_of(calibrated))],
        "held_out": {
            "pasts": len(held.below),
            "coverage": {f"{100 * i:.0f}%": _by_name(calibrated, held.coverage(i)) for i in INTERVALS},
            "rank_histogram": {
                unknown.name: row for unknown, row in zip(sought.unknowns, held.histogram().tolist(), strict=True)
            },
            "chance_of_such_a_histogram": _by_name(calibrated, held.evenness()),
        },
        "figures": list(_figures(calibrated, disclosure)),
        "warnings": warnings_of(calibrated, disclosure),
    }


def _by_name(calibrated: Calibrated, values: Any) -> Mapping[str, float]:
    return {unknown.name: float(value) for unknown, value in zip(calibrated.sought.unknowns, values, strict=True)}


def _unknown_data(calibrated: Calibrated, at: int, one: Found) -> dict[str, Any]:
    prior, given = one.unknown.prior, one.unknown.input
    draws = np.quantile(calibrated.drawn.amounts[:, at], (0.025, 0.975))
    return {
        "path": one.unknown.name,
        "why": one.unknown.why,
        "unit": given.written.unit,
        "prior": {"kind": prior.kind, "low": prior.low, "high": prior.high},
        "was": given.amount,
        "median": one.middle,
        "low_10": one.low,
        "high_90": one.high,
        "low_2.5": float(draws[0]),
        "high_97.5": float(draws[1]),
        "ratio": one.ratio,
        "said": one.said,
        "expected_ratio": {kind or "as recorded": float(ratios[at]) for kind, ratios in calibrated.with_more.items()},
    }


def _figures(calibrated: Calibrated, disclosure: Disclosure) -> Iterator[dict[str, Any]]:
    shown = disclosed(calibrated.targets, calibrated.observed, calibrated.sought.layout, disclosure)
    for at in calibrated.used.tolist():
        target, before, after = calibrated.targets[at], calibrated.before, calibrated.after
        yield {
            "name": target.name,
            "group": target.group,
            "unit": target.unit,
            "recorded": shown[at],
            "from_priors": [float(before.low[at]), float(before.high[at])],
            "calibrated": [float(after.low[at]), float(after.middle[at]), float(after.high[at])],
            "outside_of_priors": bool(before.outside[at]),
            "outside": bool(after.outside[at]),
        }
