"""The compiled engine: replications of one option in, their tables out."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from stepdown.scenarios.network import NOWHERE, Network
from stepdown.simulation.clock import standstill
from stepdown.simulation.compiled.entry import copy_stays, copy_steps, is_compiled, note_compiled, simulate
from stepdown.simulation.compiled.kernel import STOOD_STILL
from stepdown.simulation.compiled.memory import NoRoomError
from stepdown.simulation.compiled.rows import (
    OWN_REASONS,
    STAY_CODES,
    STAY_DAYS,
    STEP_CODES,
    STEP_NUMBERS,
)
from stepdown.simulation.compiled.world import World
from stepdown.simulation.records import categories, places_of, reasons
from stepdown.simulation.tables import CASE_STEPS, STAYS, Tables

Column = np.ndarray[Any, np.dtype[Any]]


def simulate_batch(network: Network, option: str, seed: int, replications: Sequence[int]) -> Tables:
    """Simulate replications of one option.

    Parameters
    ----------
    network
        The option, made ready to run.
    option
        Its name, for the tables.
    seed, replications
        Address of their chance: the same in all options, so that they share their people and their luck.

    Returns
    -------
    Tables
        Those of each replication in turn; the same, bit for bit, as the reference engine's.

    Raises
    ------
    RunError
        If time stands still.
    """
    kept = _kept_of(network, option)
    world = kept.world
    stays = Rows(len(replications), ("person", "visit"), STAY_CODES, STAY_DAYS)
    steps = Rows(len(replications), ("case", "person"), STEP_CODES, STEP_NUMBERS)
    for replication in replications:
        run(world, seed, replication)
        used = world.record[0]
        row = stays.more(replication, int(used["stays_used"]))
        copy_stays(world.record, row, *stays.numbers, stays.flags, stays.codes, stays.values)
        row = steps.more(replication, int(used["jobs_used"]))
        copy_steps(world.record, row, *steps.numbers, steps.codes, steps.values)
    note_compiled()
    return Tables(_stays(stays, kept), _steps(steps, kept), kept.places)


class Columns(NamedTuple):
    """What one replication yields, as columns of numbers: names are positions among those of the network.

    Destinations (``to``) are positions among the settings and then the exits; whatever is missing is `NOWHERE` or NaN.
    ``reason`` is the kernel's key of a reason; see `listed_for`.
    """

    stays: dict[str, Column]
    steps: dict[str, Column]


def simulate_columns(network: Network, seed: int, replication: int) -> Columns:
    """Simulate one replication of a network that is used once: nothing is kept for others, and no table is made.

    Raises
    ------
    RunError
        If time stands still.
    """
    world = World(network)
    run(world, seed, replication)
    used = world.record[0]
    stays = Rows(1, ("person", "visit"), STAY_CODES, STAY_DAYS)
    row = stays.more(replication, int(used["stays_used"]))
    copy_stays(world.record, row, *stays.numbers, stays.flags, stays.codes, stays.values)
    steps = Rows(1, ("case", "person"), STEP_CODES, STEP_NUMBERS)
    row = steps.more(replication, int(used["jobs_used"]))
    copy_steps(world.record, row, *steps.numbers, steps.codes, steps.values)
    note_compiled()
    return Columns(dict(stays.columns()), dict(steps.columns()))


def listed_for(network: Network, reason: Column, to: Column) -> Column:
    """Return where stays were first meant to lead: who gave up, or died waiting, had been listed for another setting.

    Parameters
    ----------
    network
        What was simulated.
    reason, to
        Columns of `Columns.stays`.
    """
    lists = len(network.settings) + 1
    gave_up, died_waiting = np.divmod((reason - OWN_REASONS) // 2, lists)
    own = reason < OWN_REASONS
    wanted = np.where(gave_up > 0, gave_up - 1, np.where(died_waiting > 0, died_waiting - 1, to))
    return np.where(own, to, wanted)


def is_ready() -> bool:
    """Whether the engine can begin at once; else it is compiled first, once for this machine."""
    return is_compiled()


class _Kept(NamedTuple):
    """What is made of a network once, for all its batches."""

    network: Network
    option: str
    world: World
    names: dict[str, pd.CategoricalDtype]
    reasons: Column
    places: pd.DataFrame


_last = threading.local()


def _kept_of(network: Network, option: str) -> _Kept:
    """Return what is made of a network, or what this thread used last, if it is the same network's."""
    kept: _Kept | None = getattr(_last, "kept", None)
    if kept is None or kept.network is not network or kept.option != option:
        names, places = categories(network, option), places_of(network, option)
        kept = _last.kept = _Kept(network, option, World(network), names, _reason_codes(network), places)
    return kept


def run(world: World, seed: int, replication: int) -> None:
    """Simulate one replication in a world, which is given more room as often as need be."""
    while True:
        try:
            ended = simulate(world.record, np.uint64(seed), np.uint64(replication))
        except NoRoomError:
            world.make_room()
            continue
        if ended == STOOD_STILL:
            raise standstill(float(world.record["now"][0]))
        return


class Rows:
    """Columns that grow by the rows of each replication.

    Parameters
    ----------
    replications
        How many there will be.
    numbers, codes, values
        Names of the columns that hold numbers of things, positions of names, and days or pounds.
    """

    def __init__(self, replications: int, numbers: Sequence[str], codes: Sequence[str], values: Sequence[str]) -> None:
        self._expected = replications
        self._names = numbers, codes, values
        self._used = 0
        self._replications: list[tuple[int, int]] = []
        self._make(0)

    def _make(self, rows: int) -> None:
        numbers, codes, values = map(len, self._names)
        self.numbers: Column = np.empty((numbers, rows), np.int64)
        self.flags: Column = np.empty(rows, np.bool_)
        self.codes: Column = np.empty((codes, rows), np.int32)
        self.values: Column = np.empty((values, rows), np.float64)

    def more(self, replication: int, rows: int) -> int:
        """Make room for a replication's rows, and return where they begin."""
        first, self._used = self._used, self._used + rows
        self._replications.append((replication, rows))
        if self._used > len(self.flags):
            old = self.numbers, self.flags, self.codes, self.values
            left = self._expected - len(self._replications)
            self._make(self._used + left * rows * 9 // 8)  # the others will be about as large
            for before, after in zip(old, (self.numbers, self.flags, self.codes, self.values), strict=True):
                after[..., :first] = before[..., :first]
        return first

    def columns(self) -> Iterator[tuple[str, Column]]:
        """Yield the columns with their names."""
        yield "replication", np.repeat(*np.array(self._replications, dtype=np.int64).reshape(-1, 2).T)
        for names, table in zip(self._names, (self.numbers, self.codes, self.values), strict=True):
            yield from zip(names, table[:, : self._used], strict=True)
        yield "opening", self.flags[: self._used]


def _stays(rows: Rows, kept: _Kept) -> pd.DataFrame:
    columns: dict[str, Any] = dict(rows.columns())
    columns["reason"] = kept.reasons[columns["reason"]]
    return _table(columns, STAYS, kept)


def _steps(rows: Rows, kept: _Kept) -> pd.DataFrame:
    columns: dict[str, Any] = dict(rows.columns())
    columns["person"] = pd.arrays.IntegerArray(columns["person"], columns["person"] == NOWHERE)
    return _table(columns, CASE_STEPS, kept)


def _table(columns: dict[str, Any], kinds: dict[str, str], kept: _Kept) -> pd.DataFrame:
    """Return columns as a table, which refers to them."""
    columns["option"] = np.zeros(len(columns["replication"]), np.int8)
    found = {
        name: pd.Categorical.from_codes(columns[name], dtype=kept.names[name]) if kind == "category" else columns[name]
        for name, kind in kinds.items()
    }
    return pd.DataFrame(found, copy=False)


def _reason_codes(network: Network) -> Column:
    """Return, by the kernel's key of a reason (see `reason_code`), its position among `reasons`."""
    lists = len(network.settings) + 1
    codes = np.full(OWN_REASONS + 2 * lists * lists + 1, NOWHERE - 1, np.int32)
    codes[-1] = NOWHERE  # the key of no reason
    for code, (name, (gave_up, died_on_list)) in enumerate(reasons(network).items()):
        died = name == "died" or died_on_list != NOWHERE
        own = code < OWN_REASONS
        codes[code if own else OWN_REASONS + 2 * ((gave_up + 1) * lists + died_on_list + 1) + died] = code
    return codes
