"""Yardsticks and readings for the theory tests: exact Markov chains, and what each replication showed."""

from __future__ import annotations

import itertools
import zlib
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy import integrate, sparse
from scipy.sparse.linalg import expm_multiply, spsolve

from stepdown.scenarios.compile_network import compile_network
from stepdown.scenarios.network import Network
from stepdown.scenarios.schema import Scenario
from stepdown.simulation.compiled.engine import simulate_batch
from stepdown.simulation.tables import concatenate

YEAR = 365.25
"""Days in the year of yearly rates."""

Array = np.ndarray
Raw = dict[str, Any]
State = Hashable
Moves = Callable[[Any], Iterable[tuple[State, float]]]
"""From a state, the states that may follow with their rates a day."""


def scenario(days: int, **parts: object) -> Raw:
    """Return a scenario that begins on 1 April 2026 and lasts so many days."""
    return {"start": "2026-04-01", "years": days / YEAR, **parts}


def exponential(days: float) -> Raw:
    return {"exponential": {"mean": f"{days} days"}}


def only_to(to: str, after: object = "0 days", **more: object) -> list[Raw]:
    """Return the routes of a setting from which everybody goes to one destination."""
    return [{"to": to, "share": "100%", "ready_after": after, **more}]


def living(people: int) -> list[dict[str, str]]:
    """Return residents of the opening caseload; where stays are exponential the date does not matter."""
    return [{"admitted": "2026-03-01"}] * people


def listed(people: int, setting: str = "flats") -> list[dict[str, str]]:
    """Return people of the opening caseload who wait for a setting."""
    return [{"admitted": "2026-02-01", "listed": "2026-03-01", "for": setting}] * people


def queue(days: int, flats: Raw, per_day: float, stay: object, **parts: object) -> Raw:
    """Return the simplest system: people wait in the community for a flat, live there, and leave."""
    joining = parts.pop("joining", {})
    return scenario(
        days,
        settings={"community": {"places": "unlimited"}, "flats": flats},
        routes={"community": only_to("flats", **joining), "flats": only_to("left", stay)},
        demand=[{"from": "community", "per_year": per_day * YEAR}],
        **parts,
    )


@dataclass(frozen=True)
class Spells:
    """Spells of time, each in one replication; all readings are arrays with one value a replication."""

    replication: Array
    begin: Array
    end: Array
    replications: int

    def at(self, day: float) -> Array:
        """Return how many spells are going on."""
        return self._sum((self.begin <= day) & (day < self.end))

    def days(self, since: float, until: float) -> Array:
        """Return the days spent within a time."""
        return self._sum(np.clip(np.minimum(self.end, until) - np.maximum(self.begin, since), 0, None))

    def begun(self, since: float, until: float) -> Array:
        return self._sum((since <= self.begin) & (self.begin < until))

    def ended(self, since: float, until: float) -> Array:
        return self._sum((since <= self.end) & (self.end < until))

    def lengths(self) -> Array:
        """Return the mean length of the spells, all of which have ended."""
        assert np.all(np.isfinite(self.end)), "the horizon is too short: some spells have not ended"
        return self._sum(self.end - self.begin) / self._sum(np.ones_like(self.begin))

    def _sum(self, values: Array) -> Array:
        return np.bincount(self.replication, weights=values, minlength=self.replications)


@dataclass(frozen=True)
class Runs:
    """The tables of many replications."""

    stays: pd.DataFrame
    case_steps: pd.DataFrame
    replications: int

    def stays_in(self, setting: str, **equal: object) -> Spells:
        """Return the stays in a setting, or those of them with the given values."""
        return self.spells(self.stays, "entered_day", "left_day", setting=setting, **equal)

    def waits_for(self, setting: str) -> Spells:
        """Return the time on the list of a setting, however it ended."""
        waited = self.stays["reason"].isin([f"gave_up:{setting}", f"died:{setting}"]) | (self.stays["to"] == setting)
        return self.spells(self.stays[waited & self.stays["listed_day"].notna()], "listed_day", "left_day")

    def queues_for(self, step: str) -> Spells:
        return self.spells(self.case_steps, "queued_day", "started_day", step=step)

    def cases_in(self, step: str) -> Spells:
        return self.spells(self.case_steps, "queued_day", "finished_day", step=step)

    def spells(self, table: pd.DataFrame, begin: str, end: str, **equal: object) -> Spells:
        """Return rows as spells; one that has not ended by the end of the run never does."""
        for column, value in equal.items():
            table = table[table[column] == value]
        table = table[table[begin].notna()]
        ends = table[end].fillna(np.inf)
        return Spells(table["replication"].to_numpy(), table[begin].to_numpy(), ends.to_numpy(), self.replications)


def run(option: Raw, replications: int) -> Runs:
    """Simulate independent replications of a scenario.

    The compiled engine does it, because exact results need many replications; engines are held equal elsewhere. The
    seed follows from the scenario, so that no two cases share their luck.
    """
    tables = simulate_batch(ready(option), "theory", zlib.crc32(repr(option).encode()), range(replications))
    return Runs(tables.stays, tables.case_steps, replications)


def run_each(options: Sequence[Raw]) -> Runs:
    """Simulate one replication of each of several scenarios of the same form; scenarios may recur."""
    numbers: dict[str, list[int]] = {}
    for number, option in enumerate(options):
        numbers.setdefault(repr(option), []).append(number)
    seed = zlib.crc32(repr(options[0]).encode())
    parts = [simulate_batch(ready(options[same[0]]), "theory", seed, same) for same in numbers.values()]
    tables = concatenate(parts)
    return Runs(tables.stays, tables.case_steps, len(options))


def ready(option: Raw) -> Network:
    """Return a scenario made ready to run."""
    return compile_network(Scenario.model_validate(option))


class Chain:
    """A Markov chain in continuous time: the Kolmogorov equations, solved numerically.

    Parameters
    ----------
    start
        States to begin with; all that can be reached from them belong to the chain.
    moves
        The rates.
    """

    def __init__(self, start: Iterable[State], moves: Moves) -> None:
        self.states = list(dict.fromkeys(start))
        self.index = {state: at for at, state in enumerate(self.states)}
        entries: list[tuple[int, int, float]] = []
        for at, state in enumerate(self.states):  # the list grows as states are reached
            for to, rate in moves(state):
                if rate > 0:
                    if to not in self.index:
                        self.index[to] = len(self.states)
                        self.states.append(to)
                    entries += [(at, self.index[to], rate), (at, at, -rate)]
        rows, columns, rates = zip(*entries, strict=True)
        size = len(self.states)
        self.generator = sparse.csr_matrix((rates, (rows, columns)), shape=(size, size))

    def law(self, state: State) -> Array:
        """Return the law that is certain of one state."""
        return self.each(lambda other: other == state)

    def each(self, value: Callable[..., float]) -> Array:
        """Return a value of each state."""
        return np.array([float(value(state)) for state in self.states])

    def after(self, law: Array, days: float) -> Array:
        """Return the law after so many days."""
        return expm_multiply(self.generator.T.tocsr() * days, law)

    def total(self, law: Array, days: float, value: Callable[..., float]) -> float:
        """Return the expected integral of a value over so many days."""
        reward = sparse.csr_matrix(self.each(value))
        growing = sparse.bmat([[self.generator.T, None], [reward, sparse.csr_matrix((1, 1))]]).tocsr()
        return float(expm_multiply(growing * days, np.append(law, 0.0))[-1])

    def expected(self, law: Array, value: Callable[..., float]) -> float:
        """Return the mean of a value under a law."""
        return float(law @ self.each(value))

    def steady(self) -> Array:
        """Return the law that solves pi Q = 0."""
        balance = self.generator.T.tolil()
        balance[0, :] = 1.0
        unit = np.zeros(len(self.states))
        unit[0] = 1.0
        return spsolve(balance.tocsc(), unit)

    def carry(self, law: Array, to: Chain, jump: Callable[..., State] = lambda state: state) -> Array:
        """Return the law in another chain, after everybody has jumped at once."""
        carried = np.zeros(len(to.states))
        for state, probability in zip(self.states, law, strict=True):
            carried[to.index[jump(state)]] += probability
        return carried


def waiting_and_housed(places: int, arrive: float, leave: float, stop_waiting: float = 0.0, most: int = 150) -> Moves:
    """Return the moves of M/M/c+M; the state is (waiting, housed), and housed may exceed places that were cut."""

    def moves(state: tuple[int, int]) -> Iterable[tuple[State, float]]:
        waiting, housed = state
        if waiting < most:
            yield ((waiting, housed + 1) if housed < places else (waiting + 1, housed)), arrive
        taken_up = waiting > 0 and housed <= places
        yield ((waiting - 1, housed) if taken_up else (waiting, housed - 1)), housed * leave
        yield (waiting - 1, housed), waiting * stop_waiting

    return moves


def waiting(state: tuple[int, ...]) -> int:
    return state[0]


def erlang_b(places: int, load: float) -> float:
    """Return the probability that all places are taken: B(c) = a B(c-1) / (c + a B(c-1))."""
    full = 1.0
    for place in range(1, places + 1):
        full = load * full / (place + load * full)
    return full


def erlang_c(places: int, load: float) -> float:
    """Return the probability of having to wait in M/M/c."""
    full = erlang_b(places, load)
    return full / (1 - load / places * (1 - full))


def area(function: Callable[[float], float], since: float, until: float, breaks: Sequence[float] = ()) -> float:
    """Return an integral, piece by piece between the breaks."""
    points = [since, *(point for point in sorted(breaks) if since < point < until), until]
    return sum(integrate.quad(function, low, high, limit=200)[0] for low, high in itertools.pairwise(points))
