"""The bridge from what carry-on costs to what an option costs: by setting, payer and what is paid for.

Its rows are the mean differences of the paired runs, and add up to the whole difference.
"""

from __future__ import annotations

import math
from typing import NamedTuple

from stepdown.outputs.money.flows import FlowLine, Flows, savings_of

GROUPS = {
    "care": "people",
    "unit cost": "people",
    "place": "places",
    "notice": "places",
    "void": "places",
    "contribution": "contributions",
    "running": "running costs",
    "move": "moves and works",
    "adaptation": "moves and works",
    "grant": "moves and works",
    "set-up": "setting up",
    "capital": "setting up",
}
"""What kinds of payment (of `stepdown.outputs.money.line.KINDS`) are for, in fewer words."""


class BridgeRow(NamedTuple):
    """One step of the bridge.

    Attributes
    ----------
    setting, payer, group
        The setting ('' for none), who pays, and what for: of `GROUPS`.
    pounds
        What the option costs more a year; below 0 it costs less.
    """

    setting: str
    payer: str
    group: str
    pounds: float


class Bridge(NamedTuple):
    """The way from one cost to the other, in pounds a year.

    Attributes
    ----------
    option
        The option.
    runs
        How many paired runs it rests on.
    carry_on, cost
        What carry-on costs, and what the option costs.
    rows
        The differences that lead from the one to the other; without those that are nothing.
    """

    option: str
    runs: int
    carry_on: float
    cost: float
    rows: tuple[BridgeRow, ...]


def bridge(carry_on: Flows, option: Flows, years: float) -> Bridge:
    """Return the bridge from carry-on to an option.

    Parameters
    ----------
    carry_on, option
        What each pays.
    years
        The years that were measured.

    Raises
    ------
    NotComparableError
        If the two were not measured over the same years, or have no runs in common.
    """
    savings = savings_of(carry_on, option)
    pounds: dict[tuple[str, str, str], float] = {}
    for line, saved in zip(savings.lines, savings.means().sum(axis=1) / years, strict=True):
        pounds[_step(line)] = pounds.get(_step(line), 0.0) - float(saved)
    paid = carry_on.of_runs(savings.replications).means()
    before = math.fsum(paid.ravel()) / years
    rows = tuple(BridgeRow(*step, amount) for step, amount in pounds.items() if amount)
    after = math.fsum([before, *(row.pounds for row in rows)])
    return Bridge(option.option, len(savings.replications), before, after, rows)


def _step(line: FlowLine) -> tuple[str, str, str]:
    return line.setting, line.payer, GROUPS[line.kind]
