"""The reference engine as one of the engines: replication after replication."""

from __future__ import annotations

from collections.abc import Sequence

from stepdown.scenarios.network import Network
from stepdown.simulation.reference import simulate
from stepdown.simulation.tables import Tables, concatenate


def simulate_batch(network: Network, option: str, seed: int, replications: Sequence[int]) -> Tables:
    """Simulate replications of one option; see `stepdown.simulation.engines.Engine`.

    The table of places, which no replication changes, stands once.
    """
    parts = [simulate(network, option, seed, replication) for replication in replications]
    return concatenate(parts)._replace(places=parts[0].places)
