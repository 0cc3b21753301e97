"""Money as flows: what each option pays, by line and financial year, and what it saves beside carry-on.

Flows are of the paired runs: the same people come with the same luck, so that differences are the option's doing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from stepdown.outputs.measures.intervals import Floats, Integers
from stepdown.outputs.money.bill import Bill
from stepdown.outputs.summary_parts import OptionSummary
from stepdown.scenarios.errors import NotComparableError

ONE_OFF = frozenset({"set-up", "capital"})
"""Kinds of payment that are made once; all others come back from year to year."""

UNINVOICED = frozenset({"unit cost"})
"""Kinds of payment that are average costs: less use frees capacity, and no budget falls."""


class FlowLine(NamedTuple):
    """What a flow is for: payer, kind (of `stepdown.outputs.money.line.KINDS`), setting ('' for none) and item."""

    payer: str
    kind: str
    setting: str
    item: str

    @property
    def one_off(self) -> bool:
        """Whether it is paid once, and not from year to year."""
        return self.kind in ONE_OFF

    @property
    def invoiced(self) -> bool:
        """Whether somebody sends a bill for it."""
        return self.kind not in UNINVOICED


class Flows(NamedTuple):
    """Pounds of one option, in prices of the price base.

    Attributes
    ----------
    option
        Its name.
    replications
        Shape (runs,): the replications.
    lines
        What the flows are for.
    years
        The financial years, such as ``2026/27``.
    pounds
        Shape (runs, lines, years).
    """

    option: str
    replications: Integers
    lines: tuple[FlowLine, ...]
    years: tuple[str, ...]
    pounds: Floats

    def where(self, wanted: Callable[[FlowLine], bool]) -> Flows:
        """Return the flows of some lines."""
        rows = np.array([wanted(line) for line in self.lines], dtype=np.bool_)
        return self._replace(
            lines=tuple(line for line, row in zip(self.lines, rows, strict=True) if row), pounds=self.pounds[:, rows]
        )

    def of_runs(self, replications: Integers) -> Flows:
        """Return the flows of some runs."""
        kept = np.isin(self.replications, replications)
        return self._replace(replications=self.replications[kept], pounds=self.pounds[kept])

    def weighted(self, weights: Sequence[float] | Floats) -> Floats:
        """Return the sum of the lines, each times its weight, shape (runs, years)."""
        return np.asarray(np.einsum("rly,l->ry", self.pounds, np.asarray(weights, dtype=np.float64)))

    def total(self) -> Floats:
        """Return the sum of all lines, shape (runs, years)."""
        return np.asarray(self.pounds.sum(axis=1))

    def means(self) -> Floats:
        """Return the mean of the runs, shape (lines, years)."""
        return np.asarray(self.pounds.mean(axis=0))


def flows_of(one: OptionSummary) -> Flows:
    """Return what an option pays."""
    sheet = one.sheets.costs
    years = sheet.keys.labels_of("financial_year")
    texts = sheet.keys.texts(("payer", "kind", "setting", "item"))
    lines = [FlowLine(*("" if text is None else str(text) for text in row)) for row in texts[:: max(len(years), 1)]]
    pounds = sheet.values().reshape(len(one.replications), len(lines), len(years))
    return Flows(one.option, one.replications, tuple(lines), years, pounds)


def flows_in(option: str, paid: Bill) -> Flows:
    """Return what the runs of one option pay, from their bill."""
    years, pounds = paid.of_financial_years()
    lines = tuple(FlowLine(line.payer, line.kind, line.setting or "", line.item) for line in paid.lines)
    by_line = np.stack(pounds, axis=1) if pounds else np.zeros((paid.runs.number, 0, len(years)))
    return Flows(option, paid.runs.replication, lines, years, by_line)


def in_a_row(parts: Sequence[Flows]) -> Flows:
    """Return the flows of one option whose runs come in several parts."""
    return parts[0]._replace(
        replications=np.concatenate([part.replications for part in parts]),
        pounds=np.concatenate([part.pounds for part in parts]),
    )


def savings_of(baseline: Flows, option: Flows) -> Flows:
    """Return what an option saves: the baseline's flows minus its own, above 0 where it saves.

    Raises
    ------
    NotComparableError
        If the two were not measured over the same years, or have no runs in common.
    """
    if baseline.years != option.years:
        raise NotComparableError(f"{option.option} was not measured over the same years as {baseline.option}")
    common, own, theirs = np.intersect1d(option.replications, baseline.replications, return_indices=True)
    if not len(common):
        raise NotComparableError(f"{option.option} and {baseline.option} have no runs in common")
    lines = tuple(dict.fromkeys([*baseline.lines, *option.lines]))
    pounds = np.zeros((len(common), len(lines), len(baseline.years)))
    for flows, runs, sign in ((baseline, theirs, 1.0), (option, own, -1.0)):
        for number, line in enumerate(flows.lines):
            pounds[:, lines.index(line)] += sign * flows.pounds[runs, number]
    return Flows(option.option, common, lines, baseline.years, pounds)
