"""The runs in a set of tables: which replications of which options there are, and which of them a row belongs to."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
import pandas as pd

from stepdown.outputs.measures.intervals import Integers
from stepdown.simulation.tables import Tables


class Runs(NamedTuple):
    """The runs, in the order of option and replication.

    Attributes
    ----------
    options
        The names of the options, in order.
    option
        Shape (runs,): the position of each run's option.
    replication
        Shape (runs,): each run's replication.
    """

    options: tuple[str, ...]
    option: Integers
    replication: Integers

    @property
    def number(self) -> int:
        """How many runs there are."""
        return len(self.replication)

    def of(self, rows: pd.DataFrame) -> Integers:
        """Return the position of the run that each row belongs to."""
        first, asked = _stretches(rows, self.options)
        known = _key(self.option, self.replication)
        position = np.searchsorted(known, asked)
        if len(asked) and (not len(known) or (known[np.minimum(position, len(known) - 1)] != asked).any()):
            raise ValueError("the tables hold runs that are not among the runs to be measured; pass all their runs")
        return np.repeat(position, np.diff(first, append=len(rows))).astype(np.int64, copy=False)

    def frame(self) -> pd.DataFrame:
        """Return one row a run, with its option and replication."""
        return self.expand(1)

    def expand(self, rows: int) -> pd.DataFrame:
        """Return the option and replication of each run, so many rows a run."""
        option = pd.Categorical.from_codes(np.repeat(self.option, rows), categories=pd.Index(self.options, dtype=str))
        return pd.DataFrame({"option": option, "replication": np.repeat(self.replication, rows)})

    def number_of(self, options: pd.Series) -> Integers:
        """Return how many runs the option named in each row has."""
        return np.bincount(self.option, minlength=len(self.options) + 1)[_codes(options, self.options)]


def find_runs(tables: Tables, known: Iterable[tuple[str, int]] = ()) -> Runs:
    """Return the runs that stand in the tables, and those known otherwise.

    Parameters
    ----------
    tables
        What the runs yielded.
    known
        Option and replication of runs that count although nobody may have come in them.
    """
    names = [str(name) for rows in (tables.stays, tables.case_steps) for name in rows["option"].cat.categories]
    extra = list(known)
    options = tuple(dict.fromkeys([*(name for name, _ in extra), *names]))
    keys = [_stretches(rows, options)[1] for rows in (tables.stays, tables.case_steps)]
    keys.append(np.array([(options.index(name) << 32) + replication for name, replication in extra], dtype=np.int64))
    found = np.unique(np.concatenate(keys))
    used = np.unique(found >> 32)
    option = np.searchsorted(used, found >> 32)
    return Runs(tuple(options[position] for position in used), option.astype(np.int64), found & 0xFFFFFFFF)


def _stretches(rows: pd.DataFrame, options: tuple[str, ...]) -> tuple[Integers, Integers]:
    """Return the first row of each stretch of rows of one run, which mostly stand together, and its key."""
    option, replication = rows["option"].cat.codes.to_numpy(), rows["replication"].to_numpy(dtype=np.int64)
    other = (replication[1:] != replication[:-1]) | (option[1:] != option[:-1])
    first = np.flatnonzero(np.append(True, other)[: len(rows)])
    return first, _key(_among(rows["option"], options)[option[first]], replication[first])


def _codes(names: pd.Series, known: tuple[str, ...]) -> Integers:
    """Return the position among the known names of each row's name; -1 if it is missing or unknown."""
    return _among(names, known).take(names.cat.codes.to_numpy())


def _among(names: pd.Series, known: tuple[str, ...]) -> Integers:
    """Return where each category stands among the known names; the last is for what is missing."""
    positions = {name: position for position, name in enumerate(known)}
    return np.array([*(positions.get(str(name), -1) for name in names.cat.categories), -1], dtype=np.int64)


def _key(option: Integers, replication: Integers) -> Integers:
    """One number for an option and a replication (which is below 2³²)."""
    return (option << 32) + replication


def positions(names: pd.Series, known: Iterable[str]) -> Integers:
    """Return where each row's name stands among the known names; -1 if it is missing or not among them."""
    return _codes(names, tuple(known))
