"""The compiled engine against the reference: the same replications of the same networks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from measuring import Times, in_turns
from report import Section, Table, figures
from scale import scaled

from stepdown.outputs.experiment import networks_of
from stepdown.scenarios.loader import CARRY_ON, read_study
from stepdown.scenarios.network import Network
from stepdown.simulation import reference_batch
from stepdown.simulation.compiled import engine
from stepdown.simulation.compiled.world import World
from stepdown.simulation.draws import Draws
from stepdown.simulation.reference import History
from stepdown.simulation.tables import Tables

HOW = """\
Carry-on of the shipped scenarios, and `leicester` with ten and a hundred times the people, places, workers, homes and
money. Both engines simulate the same replications with the same luck, so the histories are the same. *Simulation alone*
is what happens before there are tables: `run` of the compiled engine, and the reference's `History`. *With tables* is
`simulate_batch`, which the command line calls. Time of one core (`process_time`), everything compiled and loaded
beforehand; the four take turns, repetition by repetition. Shown is the least of the repetitions and, in brackets, the
median, for one replication. An event is a moment that the tables record: a day of a stay or of a step of a case."""

SEED = 1
MOMENTS = ("entered_day", "ready_day", "identified_day", "prepared_day", "listed_day", "left_day")
STEP_MOMENTS = ("queued_day", "started_day", "finished_day")


@dataclass(frozen=True)
class Case:
    """A network, and how often it is simulated."""

    study: str
    times: int
    replications: int
    repetitions: int

    @property
    def name(self) -> str:
        """How the tables call it."""
        return self.study if self.times == 1 else f"{self.study} x {self.times}"


CASES = (
    Case("orchard-house", 1, 20, 7),
    Case("adaptations", 1, 2, 5),
    Case("leicester", 1, 5, 5),
    Case("leicester", 10, 1, 5),
    Case("leicester", 100, 1, 2),
)


def both_engines() -> Section:
    """Time both engines on all the cases."""
    heads = ("network", "people", "stays", "steps of cases", "events", "replications", "repetitions")
    sizes, alone, whole = [], [], []
    for case in CASES:
        network = network_of(case.study, case.times)
        tables = engine.simulate_batch(network, CARRY_ON, SEED, range(case.replications))
        events = events_of(tables) / case.replications
        counts = (people_of(tables), len(tables.stays), len(tables.case_steps))
        each = [f"{count / case.replications:,.0f}" for count in (*counts, events_of(tables))]
        sizes.append((case.name, *each, str(case.replications), str(case.repetitions)))
        times = in_turns(dict(_works(network, range(case.replications))), case.repetitions)
        alone.append(_row(case, events, times["compiled alone"], times["reference alone"]))
        whole.append(_row(case, events, times["compiled"], times["reference"]))
    return Section(
        "The compiled engine and the reference",
        HOW,
        (Table(heads, sizes), _table("simulation alone", alone), _table("with tables", whole)),
    )


def network_of(study: str, times: int) -> Network:
    """Return carry-on of a shipped scenario, so many times its size."""
    network = networks_of(read_study(study, ()), [CARRY_ON])[CARRY_ON]
    return network if times == 1 else scaled(network, times)


def _works(network: Network, replications: range) -> Iterator[tuple[str, Callable[[], object]]]:
    world = World(network)

    def compiled_alone() -> None:
        for replication in replications:
            engine.run(world, SEED, replication)

    def reference_alone() -> None:
        for replication in replications:
            History(network, Draws(SEED, replication)).clock.run_until(network.end_day)

    compiled_alone()
    yield "compiled alone", compiled_alone
    yield "reference alone", reference_alone
    yield "compiled", lambda: engine.simulate_batch(network, CARRY_ON, SEED, replications)
    yield "reference", lambda: reference_batch.simulate_batch(network, CARRY_ON, SEED, replications)


def _row(case: Case, events: float, compiled: Times, reference: Times) -> tuple[str, ...]:
    def milliseconds(times: Times) -> str:
        least, median = (figures(1000 * value / case.replications) for value in (times.least, times.median))
        return f"{least} ({median})"

    rates = [figures(events * case.replications / times.least) for times in (compiled, reference)]
    ratio = figures(reference.least / compiled.least)
    return case.name, milliseconds(compiled), milliseconds(reference), *rates, ratio


def _table(what: str, rows: list[tuple[str, ...]]) -> Table:
    heads = (what, "compiled, ms", "reference, ms", "compiled, events/s", "reference, events/s", "times as fast")
    return Table(heads, rows)


def events_of(tables: Tables) -> int:
    """Return the number of moments that tables record."""
    parts = (tables.stays[list(MOMENTS)], tables.case_steps[list(STEP_MOMENTS)])
    return int(sum(np.count_nonzero(part.notna().to_numpy()) for part in parts))


def people_of(tables: Tables) -> int:
    """Return the number of people of all replications."""
    return len(tables.stays[["replication", "person"]].drop_duplicates())
