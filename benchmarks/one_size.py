"""One network of one size in a process of its own: time and memory, printed as JSON."""

from __future__ import annotations

import json
import sys

from both_engines import SEED, network_of
from measuring import in_turns, peak_memory

from stepdown.scenarios.compile_network import compile_network
from stepdown.scenarios.network import Network
from stepdown.scenarios.quantities import DAYS_PER_YEAR
from stepdown.scenarios.schema import Scenario
from stepdown.simulation.compiled.engine import run, simulate_batch
from stepdown.simulation.compiled.world import World

REPETITIONS = 5

LEICESTER_PEOPLE = 634
"""About so many people does one replication of carry-on have."""


def leicester(people: int) -> Network:
    """Return `leicester` with about so many people."""
    return network_of("leicester", max(1, round(people / LEICESTER_PEOPLE)))


def one_queue(people: int) -> Network:
    """Return one waiting list for one setting, 90% full in the long run, with about so many people in ten years."""
    years, stays_a_year = 10, 1
    data = {
        "start": "2026-04-01",
        "years": years,
        "settings": {"outside": {"places": "unlimited"}, "flats": {"places": round(people / 9)}},
        "routes": {
            "outside": [{"to": "flats", "share": 1, "ready_after": "0 days"}],
            "flats": [
                {
                    "to": "left",
                    "share": 1,
                    "ready_after": {"exponential": {"mean": f"{DAYS_PER_YEAR / stays_a_year} days"}},
                }
            ],
        },
        "demand": [{"from": "outside", "per_year": people / years}],
    }
    return compile_network(Scenario.model_validate(data))


NETWORKS = {"leicester": leicester, "one queue": one_queue}


def main(name: str, people: int) -> None:
    """Measure one size and print what was found.

    The peak is looked at when the network is there, when it has been simulated, and when there were tables.
    """
    run(World(one_queue(10)), SEED, 0)  # loads the engine
    network = NETWORKS[name](people)
    peaks = [peak_memory()]
    world = World(network)
    run(world, SEED, 0)
    peaks.append(peak_memory())
    times = in_turns({"run": lambda: run(world, SEED, 0)}, REPETITIONS)["run"]
    counts = {table: int(world.record[f"{table}_used"][0]) for table in ("people", "stays", "jobs")}
    simulate_batch(network, "x", SEED, [0])
    peaks.append(peak_memory())
    print(json.dumps(counts | {"least": times.least, "median": times.median, "peaks": peaks}))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
