"""When there are enough runs: a fixed number of them, or as many as it takes until results are precise enough.

Runs are added in rounds. After each the intervals are looked at; the next brings as many as seem to be needed, but at
most as many as there are. So there are few looks (each gives chance an opportunity to stop too early), and a first
estimate that is wrong does not cost much. The number of runs depends on nothing but the results of whole rounds.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from stepdown.outputs.precision import Known, Precision, as_data, how_well_known, say_precision
from stepdown.simulation.replicate import BATCH

FEWEST = BATCH
"""Runs before the first look: fewer say too little about how much they vary."""

MOST = 1000
"""Runs after which it is given up, unless something else is asked."""

SHOWN = 3
"""So many measures that are not known well enough are named in a sentence."""


@dataclass(frozen=True)
class Stopping:
    """How many runs are made of each option, and what is known then.

    Attributes
    ----------
    fewest, most
        Runs at the first look, and runs after which it is over; the same for a fixed number.
    precision
        What is asked; None for a fixed number of runs.
    known
        How well the main measures were known at the last look.
    """

    fewest: int
    most: int
    precision: Precision | None = None
    known: tuple[Known, ...] = ()

    @property
    def reached(self) -> bool:
        """Whether all that is asked about is known well enough."""
        return all(each.enough for each in self.known)

    def looked_at(self, values: Mapping[str, pd.DataFrame]) -> Stopping:
        """Return the same with how well it is known now; see `stepdown.outputs.precision.how_well_known`."""
        return self if self.precision is None else replace(self, known=tuple(how_well_known(values, self.precision)))

    def next_runs(self, runs: int) -> int:
        """Return the number of runs of the next round's end, as many as there are if this is the last."""
        if self.reached or runs >= self.most:
            return runs
        needed = min(max(each.runs_needed for each in self.known), 2 * runs)
        return min(self.most, math.ceil(max(needed, runs + 1) / BATCH) * BATCH)


def fixed(runs: int) -> Stopping:
    """Make so many runs of each option."""
    return Stopping(runs, runs)


def until_precise(precision: Precision, most: int = MOST) -> Stopping:
    """Make runs until results are as precise as asked, or there are as many as are allowed."""
    return Stopping(min(FEWEST, most), most, precision)


def stopping_sentences(stopping: Stopping, runs: int) -> Sequence[str]:
    """Say why there are as many runs as there are; nothing where their number was given."""
    if stopping.precision is None:
        return ()
    asked = say_precision(stopping.precision)
    if stopping.reached:
        return (f"Enough runs for 95% intervals as narrow as asked: {asked}.",)
    wide = sorted((each for each in stopping.known if not each.enough), key=lambda each: -each.runs_needed)
    rest = f", and {len(wide) - SHOWN} more" if len(wide) > SHOWN else ""
    return (
        f"{runs:,} runs, the most that were allowed, are too few for 95% intervals as narrow as asked ({asked}). "
        f"{'; '.join(map(str, wide[:SHOWN]))}{rest}. Ask for less with --precision, or allow more with --most-runs.",
    )


def stopping_data(stopping: Stopping) -> dict[str, Any] | None:
    """Return what was asked and what is known as plain data; None where the number of runs was given."""
    if stopping.precision is None:
        return None
    return {
        "asked": stopping.precision.text,
        "most_runs": stopping.most,
        "reached": stopping.reached,
        "measures": as_data(stopping.known),
    }
