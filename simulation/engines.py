"""The engines: each simulates replications of an option and yields the same tables, bit for bit."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from stepdown.scenarios.network import Network
from stepdown.simulation import reference
from stepdown.simulation.compiled import engine as compiled
from stepdown.simulation.tables import Tables

Engine = Callable[[Network, str, int, Sequence[int]], Tables]
"""Takes a network, the option's name, the seed and the replications; returns the tables of each in turn."""

ENGINES: dict[str, Engine] = {"compiled": compiled.simulate_batch, "reference": reference.simulate_batch}
"""The engines by name. The reference is the definition of the model; the compiled one is the default."""
