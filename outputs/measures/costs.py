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

from stepdown.outputs.measures.adaptations import adaptation_cases
from stepdown.outputs.measures.frames import category
from stepdown.outputs.measures.intervals import Floats, Integers, clipped, sums, time_within
from stepdown.outputs.measures.periods import Periods, financial_year_of_month, steps
from stepdown.outputs.measures.place_days import PlaceDays, Sites, place_days, site_of, sites
from stepdown.outputs.measures.prices import WeeklyPrice, weekly_prices
from stepdown.outputs.measures.runs import Runs, find_runs
from stepdown.outputs.measures.spells import days
from stepdown.scenarios.quantities import UNIT_DAYS
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
        year = [financial_year_of_month(label) for label in self.months.labels]
        labels = tuple(dict.fromkeys(year))
        first = np.array([year.index(label) for label in labels])
        return self._frame(
            "financial_year", labels, [np.add.reduceat(line.pounds, first, axis=1) for line in self.lines]
        )

    def total(self) -> pd.DataFrame:
        """Return columns option, replication, pounds: the cost of the whole window, for each run."""
        table = self.runs.frame()
        table["pounds"] = sum((line.pounds.sum(axis=1) for line in self.lines), np.zeros(self.runs.number))
        return table

    def payers_by_month(self) -> pd.DataFrame:
        """Return columns option, replication, payer, month, pounds."""
        payers = tuple(dict.fromkeys(line.payer for line in self.lines))
        sums = [sum(line.pounds for line in self.lines if line.payer == payer) for payer in payers]
        lines = [Line(payer, "", "", None, np.asarray(pounds)) for payer, pounds in zip(payers, sums, strict=True)]
        table = Bill(lines, self.runs, self.months).by_month()
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


def costs(
    tables: Tables,
    scenario: Scenario,
    window: Window,
    runs: Runs | None = None,
    ledger: PlaceDays | None = None,
) -> Bill:
    """Return what the runs of one scenario cost within the window.

    Parameters
    ----------
    tables, scenario, window
        What the runs yielded, the scenario with its prices, and the time that is measured.
    runs, ledger
        The runs and their place-days, where known already; bins must begin where prices change.
    """
    runs = find_runs(tables) if runs is None else runs
    known = sites(scenario)
    prices = weekly_prices(scenario, known)
    ledger = place_days(tables, known, window, runs, price_changes(prices)) if ledger is None else ledger
    once = _Once(runs, ledger.months, window)
    lines = [
        *_weekly_lines(tables, known, prices, runs, ledger, window),
        *_move_lines(tables, scenario, once),
        *_adaptation_lines(tables, scenario, once),
        *_grant_lines(tables, scenario, once),
    ]
    return Bill(lines, runs, ledger.months)


def price_changes(prices: list[WeeklyPrice]) -> tuple[float, ...]:
    """Return the days on which any weekly price changes."""
    return tuple(sorted({day for price in prices for day in price.changes}))


def _weekly_lines(
    tables: Tables, known: Sites, prices: list[WeeklyPrice], runs: Runs, ledger: PlaceDays, window: Window
) -> list[Line]:
    site, run, begins = site_of(tables, known), runs.of(tables.stays), ledger.edges[:-1]
    entered, left = days(tables.stays, "entered"), days(tables.stays, "left")
    lines = []
    for price in prices:
        scheme, setting = known.schemes[price.scheme], known.settings[price.scheme]
        if price.by_person:
            weekly = ledger.people[:, price.scheme] * price.person.at(begins)
            if len(price.ages) > 1:
                here = np.flatnonzero(site == price.scheme)
                weekly = _tapered(price, run[here], entered[here], left[here], runs, ledger, window)
            lines.append(Line(price.payer, "care", scheme, setting, ledger.by_month(weekly / WEEK)))
        if price.place is not None:
            paid = ledger.people[:, price.scheme] + ledger.void[:, price.scheme]
            pounds = ledger.by_month(paid * price.place.at(begins) / WEEK)
            lines.append(Line(price.payer, "place", scheme, setting, pounds))
    return lines


def _tapered(
    price: WeeklyPrice, run: Integers, entered: Floats, left: Floats, runs: Runs, ledger: PlaceDays, window: Window
) -> Floats:
    """Return days times pounds a week, shape (runs, bins), each stay cut where it comes into another band."""
    until = np.where(np.isnan(left), np.inf, left)
    weekly = np.zeros((runs.number, len(ledger.edges) - 1))
    for band, (low, high) in enumerate(zip(price.ages, np.append(price.ages[1:], np.inf), strict=True)):
        start, end = clipped(entered + low, np.minimum(entered + high, until), window.days)
        lived = time_within(run, start, end, runs.number, ledger.edges)
        weekly += lived * (price.person.at(ledger.edges[:-1]) if band == 0 else price.tapered[band])
    return weekly


class _Once(NamedTuple):
    """Adds up what is paid once, by run and month."""

    runs: Runs
    months: Periods
    window: Window

    def add(self, rows: pd.DataFrame, day: Floats, pounds: Floats) -> Floats:
        within = (day >= 0) & (day < self.window.days)
        months = len(self.months.labels)
        cell = self.runs.of(rows)[within] * months + self.months.of(day[within])
        size = self.runs.number * months
        return sums(cell, pounds[within], size).reshape(self.runs.number, months)


def _move_lines(tables: Tables, scenario: Scenario, once: _Once) -> list[Line]:
    lines = []
    for place, payers in scenario.one_off_costs.moves.items():
        moved = tables.stays[(tables.stays["to"] == place).to_numpy()]
        day = days(moved, "left")
        for payer, price in payers.items():
            pounds = once.add(moved, day, steps(price, scenario.start).at(day))
            lines.append(Line(payer, "move", place, place if place in scenario.settings else None, pounds))
    return lines


def _adaptation_lines(tables: Tables, scenario: Scenario, once: _Once) -> list[Line]:
    if not scenario.one_off_costs.adaptations:
        return []
    cases = adaptation_cases(tables, once.runs)
    cases = cases[(cases["outcome"] == 0).to_numpy()]
    lines = []
    for tier, payers in scenario.one_off_costs.adaptations.items():
        done = cases[(cases["tier"] == tier).to_numpy()]
        day = days(done, "end")
        for payer, price in payers.items():
            pounds = once.add(done, day, steps(price, scenario.start).at(day))
            lines.append(Line(payer, "adaptation", tier, None, pounds))
    return lines


def _grant_lines(tables: Tables, scenario: Scenario, once: _Once) -> list[Line]:
    lines = []
    for name, step in scenario.steps.items():
        if isinstance(step.kind, Grant) and step.kind.payer is not None:
            here = (tables.case_steps["step"] == name) & (tables.case_steps["outcome"] == "done")
            paid = tables.case_steps[here.to_numpy() & tables.case_steps["amount"].notna().to_numpy()]
            pounds = once.add(paid, days(paid, "finished"), paid["amount"].to_numpy(dtype=np.float64))
            lines.append(Line(step.kind.payer, "grant", name, None, pounds))
    return lines
