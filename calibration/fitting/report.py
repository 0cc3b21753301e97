"""What was fitted, as a table and sentences for the screen, and as data for other programs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from rich import box
from rich.table import Table

from stepdown.calibration.disclosure import Disclosure
from stepdown.calibration.fitting.results import Fitted, FittedValue
from stepdown.calibration.fitting.written_values import period_of
from stepdown.calibration.study_folder import path_text
from stepdown.outputs.words.wording import say_count, say_roughly
from stepdown.scenarios.quantities import parse_duration

_UNSHOWN = ("shape", "sd", "p90", "price_year")
"""What stands in the scenario and not in the table: the spread of times, and of which year a price is."""


def fitted_table(values: Sequence[FittedValue]) -> Table:
    """Return what was fitted: a row a value, spreads of times left out."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
    table.add_column("Fitted")
    table.add_column("Value", justify="right", no_wrap=True)
    table.add_column("8 in 10", justify="right", no_wrap=True)
    table.add_column("Quality", no_wrap=True)
    for value in values:
        if value.path[-1] not in _UNSHOWN:
            table.add_row(value.what, said(value.stated.value), range_of(value), value.stated.quality)
    return table


def said(raw: Any) -> str:
    """Return a value as people read it: times roughly, lists by their ends."""
    if isinstance(raw, list):
        return f"{min(raw):.2g} to {max(raw):.2g}"
    if isinstance(raw, str) and raw.endswith("days"):
        return say_roughly(parse_duration(raw))
    if isinstance(raw, str) and raw.endswith("%"):
        return f"{float(raw[:-1]):.1f}%"
    return f"{raw:,.4g}" if isinstance(raw, float) else str(raw)


def range_of(value: FittedValue) -> str:
    """Return the range that holds 8 in 10 of what a value may be."""
    low, high = value.stated.low, value.stated.high
    return "" if low is None or high is None else f"{said(low)} to {said(high)}"


def sentences(fitted: Fitted, disclosure: Disclosure) -> Iterator[str]:
    """Yield what was fitted to, what was not fitted and why, what is noted, and last the warnings."""
    history = fitted.history
    people = disclosure.words(history.stays["person"].nunique())
    made_up = "made-up people" if history.simulated else "people, counts rounded" if disclosure.rounded else "people"
    values = say_count(len(fitted.found), "value")
    yield (
        f"{history.name}: {values} fitted to records of {people} {made_up}, {period_of(history)}. The scenario begins "
        "where they end."
    )
    yield from (f"Not fitted: {kept.what}: {kept.why}." for kept in fitted.kept)
    for one in fitted.unknowns:
        yield f"Unknown: {path_text(one.path)}, {said(one.low)} to {said(one.high)}: {one.why}."
    yield from (f"Noted: {note}." for note in fitted.notes)
    yield from (f"Warning: {warning}." for warning in fitted.warnings)


def fitted_data(fitted: Fitted) -> dict[str, Any]:
    """Return what was fitted, for other programs."""
    return {
        "history": fitted.history.name,
        "simulated": fitted.history.simulated,
        "records": period_of(fitted.history),
        "values": [
            {"path": path_text(value.path), "what": value.what, **value.stated.as_data()} for value in fitted.found
        ],
        "kept": [{"what": kept.what, "why": kept.why} for kept in fitted.kept],
        "unknowns": [
            {"path": path_text(one.path), "low": one.low, "high": one.high, "why": one.why} for one in fitted.unknowns
        ],
        "notes": list(fitted.notes),
        "warnings": list(fitted.warnings),
    }
