"""Settings in a row that block each other: one network, written for stepdown and for Ciw, and read in the same way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import ciw
import numpy as np
import pandas as pd

from stepdown.scenarios.compile_network import compile_network
from stepdown.scenarios.network import Network
from stepdown.scenarios.quantities import DAYS_PER_YEAR
from stepdown.scenarios.schema import Scenario
from stepdown.simulation.tables import Tables

Array = np.ndarray[Any, np.dtype[np.float64]]

READINGS = ("people who leave a year", "days waited outside", "days blocked in the first", "days blocked in the second")
"""What is read of a replication, in this order; days are means of the stays that ended after the warm-up."""


@dataclass(frozen=True)
class Row:
    """Three settings in a row: people arrive at random, wait outside for the first, and stay exponential times.

    Somebody whose stay is over keeps their place until the next setting has one.

    Attributes
    ----------
    places, stays
        Of each setting: its places, and the mean stay in days.
    per_day
        Arrivals.
    warm_up, days
        Time that is not measured, and time that is.
    """

    places: tuple[int, int, int]
    stays: tuple[float, float, float]
    per_day: float
    warm_up: float
    days: float

    def times(self, size: int) -> Row:
        """Return a row with so many times the places and arrivals."""
        first, second, third = (size * places for places in self.places)
        return Row((first, second, third), self.stays, size * self.per_day, self.warm_up, self.days)


SMALL = Row((12, 12, 12), (90.0, 80.0, 90.0), 0.11, 2 * DAYS_PER_YEAR, 10 * DAYS_PER_YEAR)
"""Nearly nine in ten places are taken, and nearly a tenth of that time is blocking."""

ROOMS = ("first", "second", "third")
OUTSIDE = "outside"


def stepdown_network(row: Row) -> Network:
    """Return the row as a scenario, made ready to run."""
    onward = {OUTSIDE: "first", "first": "second", "second": "third", "third": "left"}
    stays = dict(zip(ROOMS, row.stays, strict=True))

    def ready(setting: str) -> Any:
        return {"exponential": {"mean": f"{stays[setting]} days"}} if setting in stays else "0 days"

    data = {
        "start": "2026-04-01",
        "warm_up": f"{row.warm_up} days",
        "years": row.days / DAYS_PER_YEAR,
        "settings": {OUTSIDE: {"places": "unlimited"}}
        | {room: {"places": places} for room, places in zip(ROOMS, row.places, strict=True)},
        "routes": {setting: [{"to": to, "share": 1, "ready_after": ready(setting)}] for setting, to in onward.items()},
        "demand": [{"from": OUTSIDE, "per_year": row.per_day * DAYS_PER_YEAR}],
    }
    return compile_network(Scenario.model_validate(data))


def ciw_network(row: Row) -> ciw.network.Network:
    """Return the row as a network of Ciw: a queue outside, and none between nodes, so that they block each other."""
    return ciw.create_network(
        arrival_distributions=[ciw.dists.Exponential(rate=row.per_day), None, None],
        service_distributions=[ciw.dists.Exponential(rate=1 / days) for days in row.stays],
        number_of_servers=list(row.places),
        queue_capacities=[float("inf"), 0, 0],
        routing=[[0.0, 1.0, 0.0], [0.0, 0.0, 1.0], [0.0, 0.0, 0.0]],
    )


def ciw_simulation(row: Row, network: ciw.network.Network, seed: int) -> ciw.Simulation:
    """Simulate the row by Ciw for the warm-up and the time that is measured."""
    ciw.seed(seed)
    simulation = ciw.Simulation(network)
    simulation.simulate_until_max_time(row.warm_up + row.days)
    return simulation


def ciw_readings(row: Row, simulation: ciw.Simulation) -> Array:
    """Read what Ciw has recorded of one replication."""
    ended = [record for record in simulation.get_all_records() if record.exit_date >= row.warm_up]
    by_node = [[record for record in ended if record.node == node] for node in (1, 2, 3)]
    waited = np.mean([record.waiting_time for record in by_node[0]])
    blocked = [np.mean([record.time_blocked for record in records]) for records in by_node[:2]]
    return np.array([len(by_node[2]) / (row.days / DAYS_PER_YEAR), waited, *blocked])


def readings(row: Row, tables: Tables) -> Array:
    """Read the tables of one replication of stepdown."""
    ended = tables.stays[tables.stays["left_day"] >= 0].assign(setting=lambda table: table["setting"].astype("str"))
    first, second, third = (ended[ended["setting"] == room] for room in ROOMS)
    outside = tables.stays[(tables.stays["setting"] == OUTSIDE).to_numpy()]
    waited = _by_person(first, "entered_day") - _by_person(outside, "entered_day").reindex(first["person"])
    blocked = [(room["left_day"] - room["ready_day"]).mean() for room in (first, second)]
    return np.array([len(third) / (row.days / DAYS_PER_YEAR), waited.mean(), *blocked])


def _by_person(stays: pd.DataFrame, day: str) -> pd.Series[float]:
    return stays.set_index("person")[day]
