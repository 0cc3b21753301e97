"""The files of a run's folder that later commands read, and their names."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import count
from pathlib import Path

from stepdown.outputs.charts.chart import plain_name

SCENARIOS, ACTIVITY, SUMMARY, MANIFEST = "scenarios", "activity", "summary.npz", "manifest.json"
"""Resolved scenarios, what is paid for, what is kept of all runs, and what the run says of itself."""

BREAK_EVENS = "breakeven.json"
"""How far inputs may move, once somebody has asked."""

SCENARIO_ENDING, ACTIVITY_ENDING = ".yaml", ".arrow"


def file_names(options: Iterable[str], ending: str) -> dict[str, str]:
    """Return a plain file name for each option; where two would have the same, the second has a number."""
    names: dict[str, str] = {}
    for option in options:
        plain = plain_name(option)
        taken = {name.casefold() for name in names.values()}
        numbered = (f"{plain}{ending}" if number == 1 else f"{plain}-{number}{ending}" for number in count(1))
        names[option] = next(name for name in numbered if name.casefold() not in taken)
    return names


def free_name(parent: Path, name: str) -> Path:
    """Return a path in a folder that nothing has yet: the name, with a number if need be."""
    taken = parent / name
    number = 2
    while taken.exists():
        taken = parent / f"{name}-{number}"
        number += 1
    return taken
