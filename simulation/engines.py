"""The engines that simulate a scenario, by name. Whatever engine is chosen, the tables are the same."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Protocol, cast

from stepdown.scenarios.errors import ChoiceError
from stepdown.scenarios.words import did_you_mean

if TYPE_CHECKING:
    from stepdown.scenarios.network import Network
    from stepdown.simulation.tables import Tables

ENGINES = {"compiled": "stepdown.simulation.compiled.engine", "reference": "stepdown.simulation.reference_batch"}
"""The module of each engine, which is imported when the engine is used: it holds a function ``simulate_batch``."""

DEFAULT_ENGINE = "compiled"
"""The engine of a run that names none."""


class Engine(Protocol):
    """Simulates replications of one option, and returns their tables in the order of the replications."""

    def __call__(self, network: Network, option: str, seed: int, replications: Sequence[int]) -> Tables:
        """Simulate; the address of all chance is the seed with the number of the replication."""


def engine(name: str) -> Engine:
    """Return the engine of that name.

    Raises
    ------
    ChoiceError
        If there is none.
    """
    if name not in ENGINES:
        raise ChoiceError(f"{name!r} is not an engine{did_you_mean(name, ENGINES)}")
    return cast(Engine, import_module(ENGINES[name]).simulate_batch)


def is_ready(name: str) -> bool:
    """Whether an engine can begin at once; the compiled one takes some seconds on a machine that has not had it yet."""
    return bool(getattr(import_module(ENGINES[name]), "is_ready", lambda: True)())
