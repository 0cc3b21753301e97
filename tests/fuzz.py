"""Compares an engine with the reference on as many random networks as there is time for: ``make fuzz MINUTES=10``.

Networks are numbered; number n of a seed is always the same. A disagreement is made as plain as can be and written to a
file, with which it can be seen again.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sys
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from dataclasses import dataclass, field
from functools import partial
from itertools import count
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from features import features_of
from judging import Engine, engines, first_difference
from networks import Data, network_of, random_scenario, scenario
from picking import Replay, plainest
from pydantic import ValidationError

from stepdown.scenarios.errors import StepdownError
from stepdown.scenarios.network import Network
from stepdown.simulation.reference_batch import simulate_batch as reference
from stepdown.simulation.tables import Tables

BATCH = 25
"""Networks that one task compares."""

TOGETHER = 10
"""One in so many networks is run twice at once; else one run each reaches more in the same time."""

TRIES = 2000
"""Plainer networks that are tried where engines disagree; a minute or so."""

FOLDER = Path(".fuzz")
"""Where disagreements are written."""

KNOWN = Path(__file__).with_name("features.txt")
"""The features that random networks are known to reach."""


@dataclass
class Found:
    """What some comparisons found."""

    networks: int = 0
    stays: int = 0
    steps: int = 0
    features: Counter[str] = field(default_factory=Counter)
    disagreements: list[tuple[int, str]] = field(default_factory=list)
    """Number of the network, and the difference."""

    def add(self, other: Found) -> None:
        """Add what others found."""
        self.networks += other.networks
        self.stays += other.stays
        self.steps += other.steps
        self.features += other.features
        self.disagreements += other.disagreements


def compare(engine: Engine, seed: int, numbers: range) -> Found:
    """Compare an engine with the reference on some numbered networks."""
    found = Found()
    for number in numbers:
        data, _ = random_scenario(name_of(seed, number))
        network = network_of(data)
        expected = reference(network, "x", number, _replications(number))
        found.networks += 1
        found.stays += len(expected.stays)
        found.steps += len(expected.case_steps)
        found.features.update(features_of(network, expected))
        difference = _difference(engine, network, number, expected)
        if difference is not None:
            found.disagreements.append((number, difference))
    return found


def disagreement(engine: Engine, data: Data, seed: int) -> str | None:
    """Return how an engine disagrees with the reference on a scenario, or None; an engine that fails disagrees."""
    network = network_of(data)
    return _difference(engine, network, seed, reference(network, "x", seed, _replications(seed)))


def _difference(engine: Engine, network: Network, seed: int, expected: Tables) -> str | None:
    try:
        seen = engine(network, "x", seed, _replications(seed))
    except Exception:  # whatever it is, the reference did not fail
        return f"the engine fails:\n{traceback.format_exc()}"
    return first_difference(expected, seen)


def _replications(number: int) -> tuple[int, ...]:
    return (0, 1) if number % TOGETHER == 0 else (0,)


def name_of(seed: int, number: int) -> str:
    """Return what a numbered network of a seed is drawn by."""
    return f"{seed}:{number}"


def write_plainest(
    engine: Engine, name: str, seed: int, number: int, folder: Path = FOLDER, tries: int = TRIES
) -> Path:
    """Write the plainest scenario that can be found in which an engine disagrees as in a numbered network.

    First other choices are made; then parts that scenarios need not have, but the choices always give, are left out.
    """

    def disagrees(data: Data) -> bool:
        return disagreement(engine, data, number) is not None

    _, chosen = random_scenario(name_of(seed, number))
    data = scenario(Replay(plainest(chosen, lambda trial: disagrees(scenario(Replay(trial))), tries)))
    data = without_needless_parts(data, disagrees, tries)
    folder.mkdir(exist_ok=True)
    file = folder / f"{name}-{seed}-{number}.json"
    said = disagreement(engine, data, number)
    written = {"engine": name, "seed": number, "difference": str(said).splitlines(), "scenario": data}
    file.write_text(json.dumps(written, indent=1) + "\n", encoding="utf-8")
    return file


def without_needless_parts(data: Data, disagrees: Callable[[Data], bool], tries: int) -> Data:
    """Leave out entries one by one, as long as the scenario stays valid and engines disagree on it."""
    trials = _with_one_part_less(data)
    while tries > 0 and (trial := next(trials, None)) is not None:
        tries -= 1
        try:
            plainer = disagrees(trial)
        except (StepdownError, ValidationError, AssertionError, LookupError, ValueError):
            plainer = False  # it was needed: this is no scenario
        if plainer:
            data, trials = trial, _with_one_part_less(trial)
    return data


def _with_one_part_less(part: Any) -> Iterator[Any]:
    """Yield copies of plain data without one entry, whole parts first."""
    if isinstance(part, dict):
        yield from ({key: part[key] for key in part if key != left_out} for left_out in part)
        for key in part:
            yield from (part | {key: less} for less in _with_one_part_less(part[key]))
    elif isinstance(part, list):
        yield from ([*part[:at], *part[at + 1 :]] for at in range(len(part)))
        for at in range(len(part)):
            yield from ([*part[:at], less, *part[at + 1 :]] for less in _with_one_part_less(part[at]))


def replay(file: Path, known: dict[str, Engine]) -> str | None:
    """Return how the engine of a file that `write_plainest` wrote disagrees now, or None if it no longer does."""
    written: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return disagreement(known[written["engine"]], written["scenario"], written["seed"])


def run(engine: Engine, seed: int, seconds: float, jobs: int) -> Found:
    """Compare until the time is up or something disagrees."""
    end = time.monotonic() + seconds
    found = Found()
    tasks = (range(first, first + BATCH) for first in count(0, BATCH))
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as processes:
        start: Callable[[], Future[Found]] = partial(_start, processes, engine, seed, tasks)
        waiting = {start() for _ in range(jobs)}
        while waiting:
            done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
            for task in done:
                found.add(task.result())
                if time.monotonic() < end and not found.disagreements:
                    waiting.add(start())
    return found


def _start(processes: ProcessPoolExecutor, engine: Engine, seed: int, tasks: Iterator[range]) -> Future[Found]:
    return processes.submit(compare, engine, seed, next(tasks))


def report(found: Found) -> Iterator[str]:
    """Yield lines that say what was compared, and how often each feature was there."""
    names = sorted({*KNOWN.read_text(encoding="utf-8").splitlines(), *found.features})
    for name in sorted(names, key=lambda name: (-found.features[name], name)):
        yield f"{found.features[name]:9,} {found.features[name] / max(found.networks, 1):7.1%}  {name}"
    yield (
        f"{found.networks:,} networks compared: {found.stays:,} stays and {found.steps:,} steps of cases; "
        f"{len(found.disagreements)} disagree."
    )


def main(arguments: list[str]) -> int:
    """Run from the command line, and return its exit code: 1 if engines disagree."""
    known = engines()
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=1.0)
    parser.add_argument("--seed", type=int, default=None, help="repeats the networks of another time")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="processes")
    parser.add_argument("--engine", choices=known, default=next(iter(known)) if len(known) == 1 else "compiled")
    parser.add_argument("--replay", type=Path, default=None, help="a file that an earlier disagreement left")
    chosen = parser.parse_args(arguments)
    if chosen.replay is not None:
        difference = replay(chosen.replay, known)
        print(difference or "The engines agree now.")
        return 0 if difference is None else 1
    seed = random.SystemRandom().randrange(2**32) if chosen.seed is None else chosen.seed
    print(f"The {chosen.engine} engine against the reference; SEED={seed} repeats it.", flush=True)
    found = run(known[chosen.engine], seed, chosen.minutes * 60, chosen.jobs)
    for line in report(found):
        print(line)
    if not found.disagreements:
        return 0
    number, difference = min(found.disagreements)
    print(f"Network {number} disagrees: {difference}\nMaking it plain ...", flush=True)
    file = write_plainest(known[chosen.engine], chosen.engine, seed, number)
    print(f"{replay(file, known)}\nTo see it again: make fuzz REPLAY={file}")
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
