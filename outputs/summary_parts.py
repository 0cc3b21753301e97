"""What is kept of each replication, so that the tables themselves need not be.

A worker summarises the runs that it made; summaries are joined, and comparisons are made on the joined one. It makes no
difference how the replications were split, or in which order they come. What is kept of a run is some kilobytes of
numbers in dense arrays; times of all runs are counted together, because a median over all runs cannot be had from the
medians of each (see `stepdown.outputs.tally`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple, TypeAlias

import numpy as np
import pandas as pd

from stepdown.outputs.measures.frames import category, join
from stepdown.outputs.measures.intervals import Booleans, Floats, Integers
from stepdown.outputs.measures.occupancy import AVERAGES
from stepdown.outputs.sheets import Keys, Numbers, Sheet, join_sheets, product
from stepdown.outputs.tally import Tally, describe_tally, join_tallies

MEASURES = {
    "step_down_a_year": "step-downs a year",
    "step_up_a_year": "step-ups a year",
    "sideways_a_year": "moves to the same level of support a year",
    "exit_a_year": "people who leave a year",
    "died_a_year": "deaths a year",
    "waiting_at_end": "people on each list at the end",
    "over_at_end": "people beyond the maximum stay at the end, by setting",
    "over_days_a_year": "days beyond the maximum stay a year, by setting",
    "people": "people who live in each setting, on average",
    "voids": "empty places in each setting, on average",
    "delayed": "people ready but not moved, on average, by setting",
}
"""The measures of each replication that a summary holds, with what they mean."""

ALL_LISTS = "all lists"
"""The measure, and name, of the waits on all lists together."""


class Sheets(NamedTuple):
    """What is kept of each run of an option, a sheet a kind.

    Attributes
    ----------
    measures
        measure (of `MEASURES`), name (setting or list; missing where the measure is of the whole).
    waits
        measure, name and the statistics of `stepdown.outputs.measures.waits.describe`; the measure `ALL_LISTS` is of
        all lists together.
    occupancy
        average (of `stepdown.outputs.measures.occupancy.AVERAGES`), setting, month: in hundredths of a person or place;
        only those that are ever above 0. The places are the same in every run, and stand with the people.
    moves
        from, to, kind, financial_year: moves; and the days of the year.
    delay
        cause, name: days.
    costs
        payer, kind, setting, item, financial_year: pounds.
    costs_by_month
        payer, month: pounds, to seven digits.
    areas
        measure (of `stepdown.outputs.measures.areas.AREA_MEASURES`), area; nothing where there is only one area.
    """

    measures: Sheet
    waits: Sheet
    occupancy: Sheet
    moves: Sheet
    delay: Sheet
    costs: Sheet
    costs_by_month: Sheet
    areas: Sheet


class Texts(NamedTuple):
    """A column of texts: what they may be, and which each row has; -1 where there is none."""

    labels: tuple[str, ...]
    codes: Numbers

    def some(self, rows: Booleans) -> Texts:
        """Return some of the rows."""
        return Texts(self.labels, self.codes[rows])


Column: TypeAlias = Texts | Numbers
"""A column of a tidy table."""


class OptionSummary(NamedTuple):
    """What is kept of the runs of one option.

    Attributes
    ----------
    option
        Its name.
    replications
        Shape (runs,): the replications, in order.
    sheets
        What is kept of each.
    times
        Waits and adaptations of all runs together, counted.
    """

    option: str
    replications: Integers
    sheets: Sheets
    times: Tally

    def in_parts(self, runs: int) -> Iterator[OptionSummary]:
        """Yield what is kept of each so many runs, one after the other; the times are of all."""
        for first in range(0, max(len(self.replications), 1), runs):
            some = slice(first, first + runs)
            sheets = Sheets(*(sheet._replace(numbers=sheet.numbers[some]) for sheet in self.sheets))
            yield self._replace(replications=self.replications[some], sheets=sheets)

    def columns(self, name: str) -> dict[str, Column]:
        """Return a sheet as the columns of a tidy table; see `Summary.tables`."""
        return self._occupancy_columns() if name == "occupancy" else self._sheet_columns(getattr(self.sheets, name))

    def _sheet_columns(self, sheet: Sheet) -> dict[str, Column]:
        columns = self.key_columns(sheet.keys)
        columns |= {name: sheet.values(name).ravel() for name in sheet.columns}
        columns |= {name: np.tile(values, len(self.replications)) for name, values in sheet.fixed.items()}
        if not sheet.sparse:
            return columns
        first = sheet.numbers[:, :, 0]
        kept = ~(np.isnan(first) | (first == 0)).ravel()
        return {
            name: column.some(kept) if isinstance(column, Texts) else column[kept] for name, column in columns.items()
        }

    def _occupancy_columns(self) -> dict[str, Column]:
        columns = self.key_columns(product(setting=self.settings, month=self.months))
        for average in AVERAGES:
            by_setting = [self.monthly(setting, average) for setting in self.settings]
            columns[average] = np.stack(by_setting, axis=1).ravel()
        return columns

    def key_columns(self, keys: Keys) -> dict[str, Column]:
        """Return option, replication and what rows are of, for every run."""
        rows, runs = len(keys.codes), len(self.replications)
        columns: dict[str, Column] = {
            "option": Texts((self.option,), np.zeros(rows * runs, dtype=np.int32)),
            "replication": np.repeat(self.replications, rows),
        }
        for name in keys.names:
            columns[name] = Texts(keys.labels_of(name), np.tile(keys.column(name).astype(np.int32), runs))
        return columns

    def monthly(self, setting: str, average: str) -> Floats:
        """Return an average of a setting by month, shape (runs, months); see `AVERAGES`."""
        shape = (len(self.replications), len(self.months))
        if average == "places":
            return np.broadcast_to(self.places(setting), shape)
        rows = self.sheets.occupancy.keys.where(average=average, setting=setting)
        return self.sheets.occupancy.some_rows(rows).values() if rows.any() else np.zeros(shape)

    def places(self, setting: str) -> Floats:
        """Return the places of a setting, the same in every run, shape (months,); infinity where unlimited."""
        sheet = self.sheets.occupancy
        return sheet.fixed["places"][sheet.keys.where(average="people", setting=setting)]

    @property
    def months(self) -> tuple[str, ...]:
        """The months of the window."""
        return self.sheets.occupancy.keys.labels_of("month")

    @property
    def settings(self) -> tuple[str, ...]:
        """The settings."""
        return self.sheets.occupancy.keys.labels_of("setting")

    def in_order(self) -> OptionSummary:
        """Return the same with its replications in order."""
        order = np.argsort(self.replications, kind="stable")
        if (self.replications[order][1:] == self.replications[order][:-1]).any():
            raise ValueError(f"replications of {self.option!r} stand in several of the summaries to be joined")
        if (order[1:] > order[:-1]).all():
            return self
        sheets = Sheets(*(sheet.some_runs(order) for sheet in self.sheets))
        return self._replace(replications=self.replications[order], sheets=sheets)


class Summary(NamedTuple):
    """What is kept of runs: `OptionSummary`, one an option."""

    options: tuple[OptionSummary, ...]

    @property
    def names(self) -> list[str]:
        """The options."""
        return [one.option for one in self.options]

    def of(self, option: str) -> OptionSummary:
        """Return what is kept of an option."""
        return self.options[self.names.index(option)]

    @property
    def any_costs(self) -> bool:
        """Whether anything has a price in any option."""
        return any(len(one.sheets.costs.keys.codes) > 0 for one in self.options)

    def runs(self) -> pd.DataFrame:
        """Return option and replication of every run."""
        keys = Keys((), (), np.empty((1, 0), dtype=np.int64))
        return join([_frame(one.key_columns(keys)) for one in self.options])

    def times(self, measure: str, by: Sequence[str] = (), targets: Mapping[str, float] | None = None) -> pd.DataFrame:
        """Return what the times of all runs together say: option, and the columns of `describe_tally`."""
        parts = []
        for one in self.options:
            table = describe_tally(one.times, measure, by or ["measure"], targets or {})
            table.insert(0, "option", category([one.option], np.zeros(len(table))))
            parts.append(table if by else table.drop(columns="measure"))
        return join(parts)

    def tables(self, name: str) -> Iterator[pd.DataFrame]:
        """Yield a sheet of each option as a tidy table: option, replication, what its rows are of, and the values.

        Occupancy has a column for each average, and places; a run's waits and causes of delay that did not occur have
        no row.
        """
        for one in self.options:
            yield _frame(one.columns(name))

    def table(self, name: str) -> pd.DataFrame:
        """Return a sheet of all options as one tidy table; see `tables`."""
        return join(list(self.tables(name)))


def _frame(columns: Mapping[str, Column]) -> pd.DataFrame:
    return pd.DataFrame(
        {name: category(*column).array if isinstance(column, Texts) else column for name, column in columns.items()}
    )


def join_summaries(parts: Sequence[Summary]) -> Summary:
    """Return summaries of different runs as one; replications may come in any order.

    Raises
    ------
    ValueError
        If a replication of an option stands in several of them.
    """
    found: dict[str, list[OptionSummary]] = {}
    for part in parts:
        for one in part.options:
            found.setdefault(one.option, []).append(one)
    return Summary(tuple(_joined(same) for same in found.values()))


def _joined(parts: list[OptionSummary]) -> OptionSummary:
    """Return what is kept of runs of one option as one."""
    parts = sorted(parts, key=lambda part: part.replications.min(initial=0))
    sheets = Sheets(*(join_sheets(same) for same in zip(*(part.sheets for part in parts), strict=True)))
    replications = np.concatenate([part.replications for part in parts])
    times = join_tallies([part.times for part in parts])
    return OptionSummary(parts[0].option, replications, sheets, times).in_order()
