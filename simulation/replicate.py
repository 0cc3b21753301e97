"""Many replications of many options, in as many processes as asked for; how it is run never shows in the results."""

from __future__ import annotations

import signal
import threading
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Generic, TypeVar

from joblib import Parallel, delayed

from stepdown.scenarios.network import Network
from stepdown.simulation.reference import simulate
from stepdown.simulation.tables import Tables, concatenate

Digest = TypeVar("Digest")

Digester = Callable[[str, tuple[int, ...], Tables], Digest]
"""Makes something of the tables of some replications of an option."""

BATCH = 10
"""Replications that one task simulates."""


@dataclass(frozen=True)
class Batch(Generic[Digest]):
    """Some replications of one option, and what was made of their tables."""

    option: str
    replications: tuple[int, ...]
    digest: Digest


def replicate(
    networks: Mapping[str, Network],
    seed: int,
    runs: int,
    jobs: int,
    digest: Digester[Digest],
) -> Iterator[Batch[Digest]]:
    """Simulate every option, and yield batches as they come.

    Parameters
    ----------
    networks
        The options, made ready to run, by name.
    seed
        Address of all chance. Replication r of one option shares its people and their luck with replication r of
        every other (common random numbers).
    runs
        Replications of each option, numbered from 0.
    jobs
        Processes; 1 stays in this one.
    digest
        What is made of a batch's tables in the process that simulated them; it must be picklable.

    Yields
    ------
    Batch
        In the order of options and replications, whatever the number of processes.
    """
    tasks = [
        (option, tuple(range(first, min(first + BATCH, runs))))
        for option in networks
        for first in range(0, runs, BATCH)
    ]
    work = (
        delayed(_simulate_batch)(networks[option], option, seed, replications, digest) for option, replications in tasks
    )
    with _ctrl_c_ignored():
        batches = Parallel(n_jobs=jobs, return_as="generator")(work)
    try:
        for batch in batches:  # noqa: UP028 - a generator that is closed would close the other without what follows
            yield batch
    finally:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # joblib wonders why somebody stops early
            batches.close()


@contextmanager
def _ctrl_c_ignored() -> Iterator[None]:
    """Let processes that begin meanwhile ignore Ctrl-C for good: this one hears it, and ends them without a word."""
    if threading.current_thread() is not threading.main_thread():  # signals belong to the main thread
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _simulate_batch(
    network: Network, option: str, seed: int, replications: tuple[int, ...], digest: Digester[Digest]
) -> Batch[Digest]:
    tables = concatenate([simulate(network, option, seed, replication) for replication in replications])
    return Batch(option, replications, digest(option, replications, tables))
