"""The world: memory for the replications of one network."""

from __future__ import annotations

from typing import Any

import numpy as np

from stepdown.scenarios.network import Network
from stepdown.simulation.compiled.distributions import special_functions
from stepdown.simulation.compiled.facts import Facts
from stepdown.simulation.compiled.layout import GROWING, STATE, TABLES, WORLD
from stepdown.simulation.compiled.memory import LINE

Table = np.ndarray[Any, np.dtype[Any]]

LEAST_ROOM = 1024
"""Rows that a growing table has at first, at least."""

MORE = 4
"""How many times larger a table becomes that turned out too small. Memory that is not used costs nothing."""


class World:
    """The tables of a network's replications, one replication at a time, and the record that the kernel is given.

    The growing tables begin as large as the number of people makes likely, are not cleared between replications (each
    row is written when it comes into use), and keep their size.

    Parameters
    ----------
    network
        What every engine takes.

    Attributes
    ----------
    record
        One `WORLD` record in an array.
    """

    def __init__(self, network: Network) -> None:
        facts = Facts(network)
        rows = {**_rows_of_state(network, facts.queues), **dict.fromkeys(GROWING, _expected_people(network))}
        self.tables: dict[str, Table] = dict(facts.tables)
        self.record = np.zeros(1, WORLD)
        for name, value in {**facts.alone, **special_functions()}.items():
            self.record[name] = value
        for table in facts.tables:
            self._note(table)
        for table, number in rows.items():
            self._make(table, number)

    def make_room(self) -> None:
        """Make the tables larger that are full."""
        for table in GROWING:
            if self.record[f"{table}_used"][0] == self.record[f"{table}_room"][0]:
                self._make(table, MORE * len(self.tables[table]))

    def _make(self, table: str, rows: int) -> None:
        self.tables[table] = _in_lines(rows, TABLES[table])
        if table in GROWING:
            self.record[f"{table}_room"] = rows
        self._note(table)

    def _note(self, table: str) -> None:
        self.record[table] = self.tables[table].ctypes.data


def _in_lines(rows: int, kind: np.dtype[Any]) -> Table:
    """Return an empty table that begins where a line of the processor's cache does."""
    memory = np.empty(rows * kind.itemsize + LINE, np.uint8)
    first = -memory.ctypes.data % LINE
    return memory[first : first + rows * kind.itemsize].view(kind)


def _rows_of_state(network: Network, queues: int) -> dict[str, int]:
    schemes = len(network.schemes)
    choices = [len(network.areas), schemes, len(network.adaptations.tenures) if network.adaptations else 0]
    choices += [len(network.adaptations.tiers) + 1 if network.adaptations else 0]
    choices += [max(len(setting.routes), len(setting.at_maximum_routes)) for setting in network.settings]
    rows = {
        "queues": queues,
        "houses": schemes,
        "lists": len(network.settings),
        "desks": len(network.steps),
        "streams": len(network.sources) + 1 + 2 * len(network.steps),
        "rings": schemes,
        "choices": max(choices),
    }
    assert set(rows) == {*STATE, "choices"}
    return rows


def _expected_people(network: Network) -> int:
    """Return about twice how many people are to be expected: those who are there, and those who come."""
    coming = [
        len(source.days) if source.arrivals is None else source.arrivals.expected_by(network.end_day)
        for source in network.sources
    ]
    return LEAST_ROOM + 4 * (len(network.residents) + int(sum(coming)) // 2)
