"""From batches of an extract to rows of numbers: what a history needs of each row, and of no other row anything."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from stepdown.calibration.cld.costs import per_week
from stepdown.calibration.cld.extract import ExtractFile, Texts
from stepdown.calibration.cld.mapping import CldMapping
from stepdown.calibration.cld.people import COLUMNS as PEOPLE
from stepdown.calibration.cld.people import People
from stepdown.calibration.cld.rules import Rules
from stepdown.calibration.cld.vocabulary import (
    NEEDED,
    OUTCOMES,
    REQUEST,
    SERVICE,
    SERVICE_USER,
    Field,
    as_release_2,
    plain,
)
from stepdown.calibration.records.coding import Coding, Codings, Numbers
from stepdown.calibration.records.dates import MISSING, OPEN, Days, day_number, day_of
from stepdown.calibration.records.identities import NOBODY
from stepdown.calibration.records.lives import UNKNOWN
from stepdown.calibration.records.tally import Tally
from stepdown.scenarios.schema import DIED

UNREADABLE = MISSING + 1
"""The day of a date that cannot be read."""

NO_OUTCOME = len(OUTCOMES)
"""The rank of an event whose outcome is none that is known."""

Flags = np.ndarray[Any, np.dtype[np.bool_]]

_OUT = UNKNOWN - 1
"""The group of people who are left out."""

READ = (
    *PEOPLE,
    *NEEDED,
    Field.LA_NAME,
    Field.PERIOD_BEGINS,
    Field.PERIOD_ENDS,
    Field.DATE_OF_DEATH,
    Field.CLIENT_TYPE,
    Field.SUPPORT_REASON,
    Field.OUTCOME,
    Field.COMPONENT,
    Field.UNIT_COST,
    Field.COST_FREQUENCY,
    Field.UNITS,
)
"""The columns that are always read, where an extract has them."""

KEPT = {
    "person": "uint64", "service": "bool", "council": "int32", "type": "int32", "component": "int32",
    "setting": "int32", "scheme": "int32", "group": "int32", "area": "int32", "start": "int32", "end": "int32",
    "death": "int32", "period_begins": "int32", "period_ends": "int32", "outcome": "int32", "to": "int32",
    "price": "float64", "file": "int32",
}  # fmt: skip
"""What is kept of a row, and its types: codes and days; whether it is a service, else it is a request; its file."""


@dataclass
class Sifter:
    """Reads batches, and keeps of them what a history needs.

    Attributes
    ----------
    mapping
        Which service is which setting.
    people
        Who rows are about.
    tally
        What is left out is counted here.
    codings
        The names.
    """

    mapping: CldMapping
    people: People
    tally: Tally
    codings: Codings = field(default_factory=Codings)

    def __post_init__(self) -> None:
        # Names are numbered before any row is read, so that no number depends on the order of rows.
        self.codings.places.numbers([*self.mapping.settings, *sorted(self.mapping.exits.values()), DIED])
        self.codings.groups.numbers(sorted(self.mapping.groups.values()))
        self.codings.areas.numbers(sorted(self.mapping.areas.values()))
        self.rules = Rules(self.mapping, self.codings)
        self._types, self._components, self._councils = Coding(), Coding(), Coding()
        self._groups = {plain(as_release_2(reason)): group for reason, group in self.mapping.groups.items()}
        self._areas = {plain(value): area for value, area in self.mapping.areas.items()}
        self._ways = {plain(as_release_2(outcome)): way for outcome, way in self.mapping.exits.items()}
        self._ranks = {plain(outcome): rank for rank, outcome in enumerate(OUTCOMES)}

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns to read."""
        return tuple(dict.fromkeys((*READ, *self.mapping.columns)))

    def kept(self, file: ExtractFile, number: int, batch: Mapping[str, Texts]) -> pd.DataFrame:
        """Return what is kept of a batch of a file, which has a number: `KEPT`."""
        rows = len(next(iter(batch.values())).numbers)
        event = _coded(batch, Field.EVENT_TYPE, rows, _event, "")
        keep = np.isin(event, (SERVICE, REQUEST))
        keep = self._without(keep, self._carers(batch, rows), "rows are about carers")
        person = self.people.codes(batch, self.tally)
        keep = self._without(keep, person == NOBODY, "rows say nothing of who they are about")
        group = _coded(batch, Field.SUPPORT_REASON, rows, self._group, UNKNOWN).astype(np.int32)
        keep = self._without(keep, group == _OUT, "rows are about people of other groups than the mapping names")
        start, end, death = (_days(batch, name, rows) for name in (Field.STARTS, Field.ENDS, Field.DATE_OF_DEATH))
        keep = self._without(keep, (start == MISSING) | (start == UNREADABLE), "rows have no day on which they began")
        keep = self._without(keep, end == UNREADABLE, "rows have an end that is no date")
        end = np.where(end == MISSING, OPEN, end)
        keep = self._without(keep, end < start, "rows ended before they began")
        setting, scheme = self.rules.places(batch, rows)
        component = _coded(batch, Field.COMPONENT, rows, self._component, UNKNOWN).astype(np.int32)
        service = event == SERVICE
        nowhere = service & (setting == UNKNOWN) & (component != UNKNOWN)
        keep = self._without(keep, nowhere, "services are no place to live: there is no rule for them")
        begins, ends = self._period(file, batch, rows)
        columns = {
            "person": person, "service": service, "council": self._council(batch, rows),
            "type": _coded(batch, Field.SERVICE_TYPE, rows, self._type, UNKNOWN), "component": component,
            "setting": setting, "scheme": scheme, "group": group, "area": self._area(batch, rows), "start": start,
            "end": end, "death": np.where(death == UNREADABLE, MISSING, death), "period_begins": begins,
            "period_ends": ends, "outcome": _coded(batch, Field.OUTCOME, rows, self._rank, NO_OUTCOME),
            "to": _coded(batch, Field.OUTCOME, rows, self._way, UNKNOWN), "price": per_week(batch, rows),
            "file": np.full(rows, number),
        }  # fmt: skip
        return pd.DataFrame({name: columns[name][keep].astype(kind) for name, kind in KEPT.items()})

    def _without(self, keep: Flags, wrong: Flags, what: str) -> Flags:
        self.tally.add("dropped", what, int((keep & wrong).sum()))
        left: Flags = keep & ~wrong
        return left

    def _carers(self, batch: Mapping[str, Texts], rows: int) -> Flags:
        user = plain(SERVICE_USER)
        carer: Flags = _coded(batch, Field.CLIENT_TYPE, rows, lambda text: plain(as_release_2(text)) != user, False)
        return carer

    def _group(self, reason: str) -> int:
        known = plain(as_release_2(reason))
        if not self._groups or known in {"unknown", "invalidandnotmapped"}:
            return UNKNOWN
        return self.codings.groups.number(self._groups[known]) if known in self._groups else _OUT

    def _component(self, component: str) -> int:
        return self._components.number(plain(as_release_2(component)))

    def _type(self, kind: str) -> int:
        return self._types.number(plain(as_release_2(kind)))

    def _rank(self, outcome: str) -> int:
        return self._ranks.get(plain(as_release_2(outcome)), NO_OUTCOME)

    def _way(self, outcome: str) -> int:
        return self.codings.places.number(self._ways.get(plain(as_release_2(outcome))))

    def _council(self, batch: Mapping[str, Texts], rows: int) -> Numbers:
        name = Field.LA_CODE if Field.LA_CODE in batch else Field.LA_NAME
        return _coded(batch, name, rows, lambda text: self._councils.number(plain(text)), UNKNOWN).astype(np.int32)

    def _area(self, batch: Mapping[str, Texts], rows: int) -> Numbers:
        if not self._areas:
            return np.full(rows, UNKNOWN, dtype=np.int32)

        def number(text: str) -> int:
            return self.codings.areas.number(self._areas.get(plain(text)))

        return _coded(batch, self.mapping.area_column, rows, number, UNKNOWN).astype(np.int32)

    def _period(self, file: ExtractFile, batch: Mapping[str, Texts], rows: int) -> tuple[Days, Days]:
        """Return the first and last day of each row's reference period, where that is known."""
        if file.path.name in self.mapping.periods:
            period = self.mapping.periods[file.path.name]
            return _all(rows, period.begins), _all(rows, period.ends)
        days = (_days(batch, name, rows) for name in (Field.PERIOD_BEGINS, Field.PERIOD_ENDS))
        begins, ends = (np.where(day == UNREADABLE, MISSING, day) for day in days)
        return begins, ends


def _coded(
    batch: Mapping[str, Texts], name: str, rows: int, value: Callable[[str], object], empty: object
) -> np.ndarray:
    """Return a value for each row, from its text in a column; ``empty`` where it has none, or there is no column."""
    if name not in batch:
        return np.full(rows, empty)
    column = batch[name]
    return column.through([value(text) for text in column.texts], empty, None)


def _event(text: str) -> str:
    return next((kind for kind in (SERVICE, REQUEST) if plain(text).startswith(plain(kind))), "")


def _days(batch: Mapping[str, Texts], name: str, rows: int) -> Days:
    return _coded(batch, name, rows, _day, MISSING).astype(np.int32)


def _day(text: str) -> int:
    try:
        return day_of(text)
    except ValueError:
        return UNREADABLE


def _all(rows: int, date: dt.date) -> Days:
    return np.full(rows, day_number(date), dtype=np.int32)
