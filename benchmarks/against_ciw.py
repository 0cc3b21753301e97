"""stepdown against Ciw: first the same answers, then the time of a stay."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from math import sqrt

import numpy as np
from in_a_row import (
    OUTSIDE,
    READINGS,
    SMALL,
    Array,
    Row,
    ciw_network,
    ciw_readings,
    ciw_simulation,
    readings,
    stepdown_network,
)
from measuring import Times, in_turns
from report import Section, Table, figures

from stepdown.scenarios.network import Network
from stepdown.simulation import reference_batch
from stepdown.simulation.compiled import engine
from stepdown.simulation.compiled.world import World
from stepdown.simulation.replicate import BATCH

HOW = f"""\
Three settings in a row with {SMALL.places[0]}, {SMALL.places[1]} and {SMALL.places[2]} places and mean stays of
{SMALL.stays[0]:g}, {SMALL.stays[1]:g} and {SMALL.stays[2]:g} days; random arrivals, {SMALL.per_day:g} a day, who wait
outside for the first; ten years after a warm-up of two. In Ciw a place is a server, and there are no queues between
nodes, so that somebody whose service has ended keeps the server until the next node has one: blocking, as in stepdown.
Both begin empty. That the networks are the same is shown first: means of independent replications of each, and their
difference in standard errors.

Then the time of one core for each stay in one of the three settings that has ended, warm-up included; each program's
time is divided by its own stays. stepdown also simulates the stay outside, which is not counted. Ciw
makes its simulation anew each time, as it has to; *with records* adds its `get_all_records`. It tracks no state and
detects no deadlock. stepdown's compiled engine *alone* is its `run`; *with tables*, as in the reference, is
`simulate_batch`, called for one replication at a time, or for {BATCH} at once as the command line does. All take turns;
the least of the repetitions and, in brackets, the median."""

REPLICATIONS = 60
REPETITIONS = 7
SIZES = (1, 10)
"""Times the places and the arrivals."""

SEED = 1
AT_ONCE = f"compiled, with tables, {BATCH} at once"


def against_ciw() -> Section:
    """Compare answers, then time."""
    return Section("Against Ciw", HOW, (_answers(), *(_times(SMALL.times(size)) for size in SIZES)))


def read_stepdown(row: Row, replications: int) -> Array:
    """Return the readings of replications of stepdown, one row a replication."""
    network = stepdown_network(row)
    each = (engine.simulate_batch(network, "row", SEED, [number]) for number in range(replications))
    return np.array([readings(row, tables) for tables in each])


def read_ciw(row: Row, replications: int) -> Array:
    """Return the readings of replications of Ciw, one row a replication."""
    network = ciw_network(row)
    return np.array([ciw_readings(row, ciw_simulation(row, network, seed)) for seed in range(replications)])


def _answers() -> Table:
    ours, theirs = read_stepdown(SMALL, REPLICATIONS), read_ciw(SMALL, REPLICATIONS)
    rows = []
    for at, name in enumerate(READINGS):
        sides = [(one[:, at].mean(), one[:, at].std(ddof=1) / sqrt(REPLICATIONS)) for one in (ours, theirs)]
        apart = (sides[0][0] - sides[1][0]) / sqrt(sum(error**2 for _, error in sides))
        rows.append((name, *(f"{mean:.4g} ± {error:.2g}" for mean, error in sides), f"{apart:+.1f}"))
    heads = (f"mean of {REPLICATIONS} replications ± standard error", "stepdown", "Ciw", "standard errors apart")
    return Table(heads, rows)


def _times(row: Row) -> Table:
    network = stepdown_network(row)
    works = dict(_works(row, network))
    stays = dict.fromkeys(("compiled, alone", "compiled, with tables", "reference"), stays_ended(network, 1))
    stays[AT_ONCE] = stays_ended(network, BATCH)
    theirs = len(ciw_simulation(row, ciw_network(row), SEED).get_all_records())
    stays |= dict.fromkeys(("Ciw", "Ciw, with records"), theirs)
    times = in_turns(works, REPETITIONS)
    ciw_least = times["Ciw"].least / theirs
    rows = [
        (name, f"{stays[name]:,}", _microseconds(spent, stays[name]), figures(ciw_least * stays[name] / spent.least))
        for name, spent in times.items()
    ]
    return Table((f"{sum(row.places)} places", "stays", "µs a stay", "times as fast as Ciw"), rows)


def stays_ended(network: Network, replications: int) -> int:
    """Return the stays in the three settings that end in some replications, warm-up included."""
    tables = engine.simulate_batch(network, "row", SEED, range(replications))
    return int((tables.stays["left_day"].notna() & (tables.stays["setting"] != OUTSIDE)).sum())


def _works(row: Row, network: Network) -> Iterator[tuple[str, Callable[[], object]]]:
    world, theirs = World(network), ciw_network(row)
    engine.run(world, SEED, 0)
    yield "Ciw", lambda: ciw_simulation(row, theirs, SEED)
    yield "Ciw, with records", lambda: ciw_simulation(row, theirs, SEED).get_all_records()
    yield "reference", lambda: reference_batch.simulate_batch(network, "row", SEED, [0])
    yield "compiled, with tables", lambda: engine.simulate_batch(network, "row", SEED, [0])
    yield AT_ONCE, lambda: engine.simulate_batch(network, "row", SEED, range(BATCH))
    yield "compiled, alone", lambda: engine.run(world, SEED, 0)


def _microseconds(times: Times, stays: int) -> str:
    return f"{figures(1e6 * times.least / stays)} ({figures(1e6 * times.median / stays)})"
