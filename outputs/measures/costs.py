"""What an option costs: by payer, kind, place and month, for every replication.

- care: people times weekly price ÷ 7, over the days lived; where support tapers, by the time stayed in the scheme.
- place (block contract): max(places, people) times weekly price ÷ 7 at every moment, filled or not.
- move: once for each move into a setting, on its day; people who come by demand or were there do not pay it.
- adaptation: once for each adaptation that is carried out, on the day its last step is finished.
- grant: the amount of each grant with a payer, on the day it is paid.

Prices that change on a date change from that day on. Every amount has one payer, so that payers add up to the total.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from stepdown.outputs.measures.adaptations import Cases, adaptation_cases
from stepdown.outputs.measures.columns import destinations
from stepdown.outputs.measures.frames import category
from stepdown.outputs.measures.history import History, read_history, sites
from stepdown.outputs.measures.intervals import Floats, Integers, clipped, sums, time_within
from stepdown.outputs.measures.periods import Periods, financial_year_of_month, steps
from stepdown.outputs.measures.place_days import PlaceDays, place_days
from stepdown.outputs.measures.prices import WeeklyPrice, weekly_prices
from stepdown.outputs.measures.runs import Runs, positions
from stepdown.scenarios.quantities import UNIT_DAYS, Timeline
from stepdown.scenarios.schema import Scenario
from stepdown.scenarios.schema_steps import Grant
from stepdown.simulation.tables import Tables, Window

KINDS = ("care", "place", "move", "adaptation", "grant")
"""What is paid for."""

WEEK = UNIT_DAYS["week"]
"""Days of a week, for weekly prices."""


class Line(NamedTuple):
    """What one payer pays for one thing.

    Attributes
    ----------
    payer, kind
        Who pays, and for what (of `KINDS`).
    item
        The scheme lived in, the setting moved to, the tier of the adaptation, or the step that pays the grant.
    setting
        The setting lived in or moved to; None for adaptations and grants.
    pounds
        Shape (runs, months).
    """

    payer: str
    kind: str
    item: str
    setting: str | None
    pounds: Floats


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
    history = read_history(tables, scenario, window)
    return bill_of(history, place_days(history, price_changes(scenario)), adaptation_cases(history))


def price_changes(scenario: Scenario) -> tuple[float, ...]:
    """Return the days on which any weekly price changes."""
    return tuple(sorted({day for price in weekly_prices(scenario, sites(scenario)) for day in price.changes}))


def bill_of(history: History, ledger: PlaceDays, cases: Cases) -> Bill:
    """Return what the runs cost; the ledger's bins must begin where prices change."""
    once = _Once(history, ledger.months)
    weekly, adaptations = _weekly_lines(history, ledger), _adaptation_lines(once, cases)
    lines = [*weekly, *_move_lines(once), *adaptations, *_grant_lines(once)]
    return Bill(lines, history.runs, ledger.months)


def _weekly_lines(history: History, ledger: PlaceDays) -> list[Line]:
    known, begins = history.sites, ledger.edges[:-1]
    lines = []
    for price in weekly_prices(history.scenario, known):
        scheme, setting = known.schemes[price.scheme], known.settings[price.scheme]
        if price.by_person:
            weekly = ledger.people[:, price.scheme] * price.person.at(begins)
            if len(price.ages) > 1:
                weekly = _tapered(price, history, ledger)
            lines.append(Line(price.payer, "care", scheme, setting, ledger.by_month(weekly / WEEK)))
        if price.place is not None:
            paid = ledger.people[:, price.scheme] + ledger.void[:, price.scheme]
            pounds = ledger.by_month(paid * price.place.at(begins) / WEEK)
            lines.append(Line(price.payer, "place", scheme, setting, pounds))
    return lines


def _tapered(price: WeeklyPrice, history: History, ledger: PlaceDays) -> Floats:
    """Return days times pounds a week, shape (runs, bins), each stay cut where it comes into another band."""
    here = np.flatnonzero(history.stays.site == price.scheme)
    run, entered, left = history.stays.run[here], history.stays.entered[here], history.stays.left[here]
    weekly = np.zeros((history.runs.number, len(ledger.edges) - 1))
    for band, (low, high) in enumerate(zip(price.ages, np.append(price.ages[1:], np.inf), strict=True)):
        start, end = clipped(entered + low, np.fmin(entered + high, left), history.window.days)
        lived = time_within(run, start, end, history.runs.number, ledger.edges)
        weekly += lived * (price.person.at(ledger.edges[:-1]) if band == 0 else price.tapered[band])
    return weekly


class _Once(NamedTuple):
    """Adds up what is paid once, by run and month."""

    history: History
    months: Periods

    def add(self, run: Integers, day: Floats, pounds: Floats) -> Floats:
        number, months = self.history.runs.number, len(self.months.labels)
        within = (day >= 0) & (day < self.history.window.days)
        cell = run[within] * months + self.months.of(day[within])
        return sums(cell, pounds[within], number * months).reshape(number, months)

    def at_prices(self, run: Integers, day: Floats, price: Timeline[float]) -> Floats:
        return self.add(run, day, steps(price, self.history.scenario.start).at(day))


def _move_lines(once: _Once) -> list[Line]:
    stays, scenario = once.history.stays, once.history.scenario
    lines = []
    for place, payers in scenario.one_off_costs.moves.items():
        moved = np.flatnonzero(stays.to == destinations(scenario).index(place))
        for payer, price in payers.items():
            pounds = once.at_prices(stays.run[moved], stays.left[moved], price)
            lines.append(Line(payer, "move", place, place if place in scenario.settings else None, pounds))
    return lines


def _adaptation_lines(once: _Once, cases: Cases) -> list[Line]:
    scenario = once.history.scenario
    lines = []
    for tier, payers in scenario.one_off_costs.adaptations.items():
        of_tier = cases.tier == once.history.steps.tiers.index(tier)
        done = np.flatnonzero(of_tier & (cases.outcome == 0))
        for payer, price in payers.items():
            lines.append(Line(payer, "adaptation", tier, None, once.at_prices(cases.run[done], cases.end[done], price)))
    return lines


def _grant_lines(once: _Once) -> list[Line]:
    table, rows = once.history.tables.case_steps, once.history.steps
    lines = []
    for name, step in once.history.scenario.steps.items():
        if isinstance(step.kind, Grant) and step.kind.payer is not None:
            amount = table["amount"].to_numpy(dtype=np.float64)
            done = positions(table["outcome"], ("done",)) == 0
            paid = np.flatnonzero((rows.step == rows.names.index(name)) & done & ~np.isnan(amount))
            pounds = once.add(rows.run[paid], rows.finished[paid], amount[paid])
            lines.append(Line(step.kind.payer, "grant", name, None, pounds))
    return lines
