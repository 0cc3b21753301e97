"""What an option costs: by payer, kind, place and month, for every replication.

Every amount has one payer, so that payers add up to the total. Amounts are in the prices of the scenario's price base;
what they are worth in cash, or discounted, is the appraisal's business. Which rule makes which line stands in
`stepdown.outputs.money.weekly_lines` and `stepdown.outputs.money.once_lines`.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from stepdown.outputs.measures.activity import Activity, activity_of
from stepdown.outputs.measures.frames import category
from stepdown.outputs.measures.history import read_history
from stepdown.outputs.measures.intervals import Floats
from stepdown.outputs.measures.periods import Periods, financial_year_of_month
from stepdown.outputs.measures.place_days import PlaceDays, place_days
from stepdown.outputs.measures.runs import Runs
from stepdown.outputs.money.line import KINDS, Line
from stepdown.outputs.money.once_lines import once_lines
from stepdown.outputs.money.terms import AllTerms, terms_of
from stepdown.outputs.money.weekly_lines import weekly_lines
from stepdown.scenarios.schema import Scenario
from stepdown.simulation.tables import Tables, Window

__all__ = ["KINDS", "Bill", "Line", "bill", "bill_of", "costs"]


class Bill(NamedTuple):
    """Everything that is paid: the lines, and the runs and months that their pounds are in."""

    lines: list[Line]
    runs: Runs
    months: Periods

    def by_month(self) -> pd.DataFrame:
        """Return columns option, replication, payer, kind, setting, item, month, pounds."""
        return self._frame("month", self.months.labels, [line.pounds for line in self.lines])

    def by_financial_year(self) -> pd.DataFrame:
        """Return columns option, replication, payer, kind, setting, item, financial_year, pounds."""
        return self._frame("financial_year", *self.of_financial_years())

    def of_financial_years(self) -> tuple[tuple[str, ...], list[Floats]]:
        """Return the labels of the financial years, and the pounds of each line, shape (runs, years)."""
        year = [financial_year_of_month(label) for label in self.months.labels]
        labels = tuple(dict.fromkeys(year))
        first = np.array([year.index(label) for label in labels])
        return labels, [np.add.reduceat(line.pounds, first, axis=1) for line in self.lines]

    def total(self) -> pd.DataFrame:
        """Return columns option, replication, pounds: the cost of the whole window, for each run."""
        table = self.runs.frame()
        table["pounds"] = sum((line.pounds.sum(axis=1) for line in self.lines), np.zeros(self.runs.number))
        return table

    def of_payers(self) -> tuple[tuple[str, ...], list[Floats]]:
        """Return the payers, and the pounds of each, shape (runs, months)."""
        payers = tuple(dict.fromkeys(line.payer for line in self.lines))
        pounds = [sum(line.pounds for line in self.lines if line.payer == payer) for payer in payers]
        return payers, [np.asarray(amount, dtype=np.float64) for amount in pounds]

    def payers_by_month(self) -> pd.DataFrame:
        """Return columns option, replication, payer, month, pounds."""
        payers = [Line(payer, "", "", None, pounds) for payer, pounds in zip(*self.of_payers(), strict=True)]
        table = Bill(payers, self.runs, self.months).by_month()
        return table.drop(columns=["kind", "setting", "item"])

    def _frame(self, period: str, labels: tuple[str, ...], pounds: list[Floats]) -> pd.DataFrame:
        rows, periods = len(self.lines), len(labels)
        table = self.runs.expand(rows * periods)
        line = np.tile(np.repeat(np.arange(rows), periods), self.runs.number)
        for name in ("payer", "kind", "setting", "item"):
            values = [getattr(line, name) for line in self.lines]
            names = tuple(dict.fromkeys(value for value in values if value is not None))
            codes = np.array([-1 if value is None else names.index(value) for value in values], dtype=np.int64)
            table[name] = category(names, codes[line])
        table[period] = category(labels, np.tile(np.arange(periods), self.runs.number * rows))
        table["pounds"] = np.stack(pounds, axis=1).ravel() if pounds else np.empty(0)
        return table


def costs(tables: Tables, scenario: Scenario, window: Window) -> Bill:
    """Return what the runs of one scenario cost within the window.

    Parameters
    ----------
    tables, scenario, window
        What the runs yielded, the scenario with its prices, and the time that is measured.
    """
    return bill(activity_of(read_history(tables, scenario, window)), scenario)


def bill(activity: Activity, scenario: Scenario) -> Bill:
    """Return what runs cost at the prices of a scenario, which need not be those that they were run with."""
    terms = terms_of(scenario, activity.sites)
    return bill_of(activity, scenario, terms, place_days(activity, terms.changes))


def bill_of(activity: Activity, scenario: Scenario, terms: AllTerms, ledger: PlaceDays) -> Bill:
    """Return what runs cost; the ledger's bins must begin where the terms change."""
    lines = [*weekly_lines(activity, terms, ledger), *once_lines(activity, scenario, ledger.months)]
    return Bill(lines, activity.runs, ledger.months)
