"""How time and memory grow with the number of people of one replication."""

from __future__ import annotations

from math import log2
from typing import Any

from measuring import in_fresh_process
from one_size import NETWORKS, REPETITIONS
from report import Section, Table, figures, megabytes

SIZES = (1_000, 3_000, 10_000, 30_000, 100_000, 300_000, 1_000_000)

HOW = f"""\
One replication in the compiled engine, each size in a process of its own. *leicester* is the shipped scenario so many
times its size; *one queue* is a single list for a single setting with exponential stays, nine in ten places taken once
it has filled. Time is that of `run` on one core, the least of {REPETITIONS} and, in brackets, the median. n is the
number of stays with the steps of cases; the ratio to n log n is 1 for the smallest size.

Memory is the highest so far of the process (`VmHWM`; `ru_maxrss` of a new process would begin with its parent's): when
the network is there, as Python objects; when it has been simulated; and when its tables have been made."""


def growth() -> Section:
    """Measure all sizes of both networks."""
    return Section("From a thousand to a million people", HOW, [_table(name) for name in NETWORKS])


def _table(name: str) -> Table:
    found = [in_fresh_process("one_size.py", name, size) for size in SIZES]
    heads = (name, "stays", "steps of cases", "seconds", "µs a stay", "ratio to n log n")
    memory = ("MB: network", "simulated", "tables")
    first = _over_n_log_n(found[0])
    return Table((*heads, *memory), [_row(one, first) for one in found])


def _row(one: dict[str, Any], first: float) -> tuple[str, ...]:
    return (
        f"{one['people']:,} people",
        f"{one['stays']:,}",
        f"{one['jobs']:,}",
        f"{figures(one['least'])} ({figures(one['median'])})",
        figures(1e6 * one["least"] / one["stays"]),
        figures(_over_n_log_n(one) / first),
        *map(megabytes, one["peaks"]),
    )


def _over_n_log_n(one: dict[str, Any]) -> float:
    number = one["stays"] + one["jobs"]
    return float(one["least"] / (number * log2(number)))
