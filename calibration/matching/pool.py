"""A pool of simulated pasts: each with values of the unknowns of its own, its own luck, and what it shows."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from scipy.stats import qmc

from stepdown.calibration.matching.layout import Layout
from stepdown.calibration.matching.opening import Opening
from stepdown.calibration.matching.priors import Numbers
from stepdown.calibration.matching.records import Records, records_of_columns
from stepdown.calibration.matching.targets import measure
from stepdown.calibration.matching.unknowns import Unknown
from stepdown.scenarios.amounts import with_amounts
from stepdown.scenarios.compile_network import compile_network
from stepdown.scenarios.errors import ChoiceError
from stepdown.scenarios.inputs import Input
from stepdown.scenarios.loader import CARRY_ON, Option, Study
from stepdown.scenarios.schema import UNCERTAINTY
from stepdown.scenarios.schema_money import MONEY
from stepdown.scenarios.uncertainty import uncertain_options
from stepdown.simulation.compiled.engine import is_ready, simulate_columns
from stepdown.simulation.replicate import Task, replicate, tasks_of
from stepdown.simulation.workers import LocalWorkers

AGAIN = 2**31
"""From this number on are the replications that look at what was found; those before make the pool."""

_PURPOSES = {"nuisance": 1, "sobol": 2, "draws": 3}

Progress = Callable[[int, int], None]


def chance(seed: int, purpose: str) -> np.random.Generator:
    """Return the random numbers of one purpose."""
    return np.random.Generator(np.random.Philox(np.random.SeedSequence([seed, _PURPOSES[purpose]])))


@dataclass(frozen=True)
class Nuisance:
    """What was fitted with its uncertainty, and is not looked for: each simulated past takes one joint draw of it.

    Attributes
    ----------
    inputs
        Which values they are.
    draws
        Shape (draws, inputs): their amounts.
    dropped
        Names of fitted values that are looked for, or give way to what is.
    """

    inputs: tuple[Input, ...]
    draws: Numbers
    dropped: tuple[str, ...] = ()

    def rows(self, number: int, seed: int) -> np.ndarray[Any, np.dtype[np.int64]]:
        """Return which draw each past takes; all draws are taken as often, up to one, in an order of chance."""
        if not len(self.draws):
            return np.zeros(number, dtype=np.int64)
        order = chance(seed, "nuisance").permutation(len(self.draws))
        return order[np.arange(number) % len(order)]


def nuisance_of(study: Study, unknowns: Sequence[Unknown]) -> Nuisance:
    """Return what a study's own draws say of everything that is not looked for."""
    found = uncertain_options(study, [CARRY_ON]).get(CARRY_ON)
    if found is None:
        return Nuisance((), np.zeros((0, 0)))
    sought = {unknown.input.path for unknown in unknowns}
    lists = {path[:-2] for path in sought if path[-1] == "share"}
    kept = [
        at
        for at, one in enumerate(found.past)
        if not any(one.path[: len(path)] == path or path[: len(one.path)] == one.path for path in sought)
        and not (one.path[-1] == "share" and one.path[:-2] in lists)
    ]
    dropped = tuple(one.name for at, one in enumerate(found.past) if at not in kept)
    return Nuisance(tuple(found.past[at] for at in kept), np.array(found.draws)[:, kept], dropped)


@dataclass(frozen=True)
class Pasts:
    """What workers do: simulate pasts, each with its own values, and keep what they show.

    Attributes
    ----------
    option
        What is simulated, but for these values.
    inputs
        The values that differ.
    amounts
        Shape (pasts, inputs).
    opening, layout
        When and with whom the pasts begin, and what is looked at.
    seed, first
        Address of chance: the seed, and the number of the first replication.
    look
        What is told of the records of each past: an array of numbers.
    """

    option: Option
    inputs: tuple[Input, ...]
    amounts: Numbers
    opening: Opening
    layout: Layout
    seed: int
    first: int = 0
    look: Callable[[Records, Layout], Numbers] = measure

    def __call__(self, task: Task) -> Numbers:
        """Return the figures of the pasts of a task, shape (pasts, targets)."""
        return np.array([self._past(number) for number in task.replications])

    def _past(self, number: int) -> Numbers:
        option = with_amounts(self.option, dict(zip(self.inputs, self.amounts[number].tolist(), strict=True)))
        network = compile_network(self.opening.of(option.scenario))
        columns = simulate_columns(network, self.seed, self.first + number)
        return self.look(records_of_columns(columns, network, self.layout), self.layout)

    def seconds(self, tasks: Sequence[Task]) -> float:
        """Say about how long tasks would take in this process, from one past of the first."""
        if not tasks:
            return 0.0
        self._past(tasks[0].first)
        begun = time.perf_counter()
        self._past(tasks[0].first)
        return (time.perf_counter() - begun) * sum(len(task.replications) for task in tasks)

    def is_compiled(self) -> bool:
        """Whether this machine has compiled the engine before."""
        return is_ready()

    def compile_beside(self) -> None:
        """Compile nothing else: figures are taken without compiled code."""


@dataclass(frozen=True)
class Pool:
    """Simulated pasts.

    Attributes
    ----------
    ranks
        Shape (pasts, unknowns): the share of each prior below the value that a past was made with.
    nuisance
        Shape (pasts,): which joint draw of fitted values it was made with.
    figures
        Shape (pasts, targets): what it shows.
    """

    ranks: Numbers
    nuisance: np.ndarray[Any, np.dtype[np.int64]]
    figures: Numbers

    @property
    def size(self) -> int:
        """How many pasts there are."""
        return len(self.ranks)


@dataclass(frozen=True)
class Sought:
    """Everything that simulated pasts are made from.

    Attributes
    ----------
    option
        The study's carry-on.
    unknowns, nuisance
        What is looked for, and what else is uncertain.
    opening, layout
        When and with whom pasts begin, and what is looked at.
    seed
        Address of all chance.
    """

    option: Option
    unknowns: tuple[Unknown, ...]
    nuisance: Nuisance
    opening: Opening
    layout: Layout
    seed: int

    def pasts(self, ranks: Numbers, rows: np.ndarray[Any, np.dtype[np.int64]], first: int) -> Pasts:
        """Return the work of simulating pasts with such values of the unknowns, and such draws of the rest."""
        own = [unknown.amounts(ranks[:, at]) for at, unknown in enumerate(self.unknowns)]
        inputs = (*(unknown.input for unknown in self.unknowns), *self.nuisance.inputs)
        rest = self.nuisance.draws[rows] if self.nuisance.inputs else np.zeros((len(rows), 0))
        amounts = np.column_stack([*own, rest])
        return Pasts(_light(self.option), inputs, amounts, self.opening, self.layout, self.seed, first)


def _light(option: Option) -> Option:
    """Return an option without what its pasts do not need, because it goes to other processes."""
    data = {key: value for key, value in option.data.items() if key != UNCERTAINTY and key not in MONEY}
    return replace(option, data=data, origins={}, assumptions=())


def sobol(pasts: int, unknowns: int, seed: int) -> Numbers:
    """Return ranks that fill the prior evenly, shape (pasts, unknowns): a longer sequence begins with a shorter one."""
    powers = max(int(np.ceil(np.log2(max(pasts, 2)))), 1)
    return np.asarray(qmc.Sobol(unknowns, scramble=True, seed=chance(seed, "sobol")).random_base2(powers)[:pasts])


def grown(pool: Pool | None, sought: Sought, size: int, jobs: int, progress: Progress) -> Pool:
    """Return a pool with more pasts: the same as if it had been made at once, whatever the number of processes."""
    ranks = sobol(size, len(sought.unknowns), sought.seed)
    rows = sought.nuisance.rows(size, sought.seed)
    done = 0 if pool is None else pool.size
    figures = simulated(sought.pasts(ranks, rows, 0), done, size, jobs, progress)
    return Pool(ranks, rows, figures if pool is None else np.concatenate([pool.figures, figures]))


def simulated(work: Pasts, done: int, size: int, jobs: int, progress: Progress) -> Numbers:
    """Simulate pasts from one number until before another, and return their figures in order."""
    found: dict[Task, Numbers] = {}
    tasks = tasks_of([work.option.name], size, done)
    with LocalWorkers(work, jobs) as workers:
        for task, figures in replicate(tasks, workers):
            found[task] = figures
            progress(done + sum(map(len, found.values())), size)
    return np.concatenate([found[task] for task in tasks])


def sizes(asked: int | None) -> Iterator[int]:
    """Yield the sizes that a pool grows to: the one that was asked for, or doubling until it is enough.

    Raises
    ------
    ChoiceError
        If it is too small to learn from.
    """
    if asked is not None and asked < LEAST:
        raise ChoiceError(f"a pool of {asked} is too small to learn from. Ask for {LEAST} at least with --pool")
    yield from (FIRST * 2**times for times in range(DOUBLINGS + 1)) if asked is None else (asked,)


FIRST, DOUBLINGS = 1000, 4
"""Pasts of a pool that grows by itself, and how often it may double."""

LEAST = 200
"""Pasts without which nothing can be learned, or checked."""
