"""A history from plain tables: stays, and where there are any requests, steps, a caseload and prices."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pandas as pd

from stepdown.calibration.history import CouncilHistory
from stepdown.calibration.records import columns
from stepdown.calibration.records.about import CouncilFile, Covered, Said, covered, read_about
from stepdown.calibration.records.caseload import with_caseload
from stepdown.calibration.records.coding import Codings
from stepdown.calibration.records.dates import MISSING, OPEN, day_number
from stepdown.calibration.records.identities import codes_of
from stepdown.calibration.records.plain_rest import prices_of, steps_of
from stepdown.calibration.records.settling import as_requests, as_stays, settled
from stepdown.calibration.records.study_names import undeclared_names
from stepdown.calibration.records.tables import Table, find_table, read_table
from stepdown.calibration.records.tally import Tally
from stepdown.scenarios.errors import Fault, RunError, ScenarioError
from stepdown.scenarios.names import Names
from stepdown.scenarios.schema import DIED

COUNCIL = "council.yaml"
"""The file beside the tables that says whose they are, and which days they cover."""

_DEATH = {"died", "death", "dead", "deceased", "died in service", "rip"}
"""What people write for having died."""


def import_tables(folder: Path, said: Said, key: bytes, names: Names | None) -> CouncilHistory:
    """Return the history that a folder of plain tables tells.

    Parameters
    ----------
    folder
        It holds `stays.csv` and may hold `requests.csv`, `steps.csv`, `caseload.csv`, `prices.csv` and `council.yaml`.
    said
        What is said on the command line.
    key
        With it people's codes are made.
    names
        What the study declares with which the history is to be used; None where that is not known.

    Raises
    ------
    ScenarioError
        With everything in the files of which nothing sensible can be made.
    RunError
        If there are no stays, or nothing says which days the records cover.
    """
    council = folder / COUNCIL
    about = read_about(council, CouncilFile)[0] if council.is_file() else CouncilFile()
    about = said.over(about)
    reading = Reading(folder, about, covered(about.begins, about.ends, str(council)), key, names)
    return reading.history()


@dataclass
class Reading:
    """The tables of a folder on their way to a history; what is wrong with any of them is told at once."""

    folder: Path
    about: CouncilFile
    covers: Covered
    key: bytes
    names: Names | None
    tally: Tally = field(default_factory=Tally)
    codings: Codings = field(default_factory=Codings)
    tables: list[Table] = field(default_factory=list)

    def history(self) -> CouncilHistory:
        """Return the history, or raise what is wrong."""
        stays_table = self._table("stays", columns.STAYS, ("person", "setting", "entered"))
        if stays_table is None or stays_table.rows.empty:
            raise RunError(f"{self.folder} holds no stays: write one row for each stay into stays.csv")
        rows = self._stays(stays_table)
        caseload = self._table("caseload", columns.CASELOAD, ("person", "setting"))
        if caseload is not None:
            rows = with_caseload(rows, *self._caseload(caseload), self.tally)
        requests = self._table("requests", columns.REQUESTS, ("person", "requested"))
        asked = None if requests is None else self._requests(requests)
        steps_table = self._table("steps", columns.STEPS, ("queued",))
        steps = steps_of(steps_table, self.key, self.covers, self.tally)
        prices = prices_of(self._table("prices", columns.PRICES, ("setting", "mean")))
        faults = [fault for table in self.tables for fault in sorted(table.faults, key=lambda fault: fault.line)]
        if faults:
            raise ScenarioError(faults)
        lives = settled(rows, int(self.about.gap), self.covers, self.tally)
        history = CouncilHistory(
            name=self.about.name or self.folder.resolve().name,
            begins=self.covers.begins,
            ends=self.covers.ends,
            simulated=self.about.simulated,
            source="plain tables",
            stays=as_stays(lives, self.codings),
            steps=steps,
            prices=prices,
            findings=(),
        )
        if asked is not None:
            table = as_requests(asked, lives, self.codings, self.covers, self.tally)
            history = replace(history, requests=table)
        return replace(history, findings=self.tally.findings())

    def _table(self, name: str, spellings: columns.Spellings, needed: tuple[str, ...]) -> Table | None:
        file = find_table(self.folder, name)
        if file is None:
            return None
        table = read_table(file, spellings, needed, self.tally)
        self.tables.append(table)
        if self.names is not None:
            for what in ("setting", "scheme", "group", "area"):
                self._check(table, what, what)
        return table

    def _check(self, table: Table, column: str, what: str) -> None:
        """Refuse names that are none of the study's, each where it first stands."""
        assert self.names is not None
        texts = table.texts(column)
        for text in dict.fromkeys(texts):
            for problem in undeclared_names((column,), text or None, what, self.names):
                line = int(table.lines[np.flatnonzero(texts == text)[0]])
                table.faults.append(Fault(table.file, line, 1, problem.path, problem.rule, problem.remedy))

    def _stays(self, table: Table) -> pd.DataFrame:
        destinations = np.array([_destination(text) for text in table.texts("to")], dtype=object)
        if self.names is not None:
            table.rows["to"] = destinations
            self._check(table, "to", "destination")
        left = table.days("left")
        rows = self._who_and_where(table).assign(
            entered=table.days("entered"),
            left=np.where(left == MISSING, OPEN, left).astype("int32"),
            ready=table.days("ready"),
            to=self.codings.places.numbers(destinations),
            rank=0,
            unsure=MISSING,
        )
        named = (rows["person"] != 0) & (rows["setting"] >= 0) & (rows["entered"] != MISSING)
        self.tally.add("dropped", "rows of stays name no person, no setting or no first day", (~named).sum())
        forward = rows["entered"] <= rows["left"]
        self.tally.add("dropped", "stays ended before they began", (named & ~forward).sum())
        return rows[named & forward].reset_index(drop=True)

    def _who_and_where(self, table: Table) -> pd.DataFrame:
        coded = {
            "person": codes_of(list(table.texts("person")), self.key),
            "setting": self.codings.places.in_alphabet(table.texts("setting")),
            "scheme": self.codings.schemes.in_alphabet(table.texts("scheme")),
            "group": self.codings.groups.in_alphabet(table.texts("group")),
            "area": self.codings.areas.in_alphabet(table.texts("area")),
        }
        return pd.DataFrame(coded)

    def _caseload(self, table: Table) -> tuple[pd.DataFrame, int]:
        """Return the people of the snapshot, and its day."""
        days = {int(day) for day in table.days("on")} - {MISSING}
        if len(days) > 1:
            table.refuse([(0, "the snapshot is of several days. Write one file of one day")], "")
        day = day_number(self.about.caseload_date or self.covers.ends)
        return self._who_and_where(table).assign(entered=table.days("entered")), min(days, default=day)

    def _requests(self, table: Table) -> pd.DataFrame:
        rows = pd.DataFrame(
            {
                "person": codes_of(list(table.texts("person")), self.key),
                "group": self.codings.groups.numbers(table.texts("group")),
                "area": self.codings.areas.numbers(table.texts("area")),
                "from": self.codings.places.numbers(table.texts("from")),
                "to": self.codings.places.numbers(table.texts("to")),
                "requested": table.days("requested"),
            }
        )
        if self.names is not None:
            self._check(table, "from", "setting")
            self._check(table, "to", "destination")
        named = (rows["person"] != 0) & (rows["requested"] != MISSING)
        self.tally.add("dropped", "rows of requests name no person or no day", (~named).sum())
        return rows[named].reset_index(drop=True)


def _destination(text: str) -> str:
    return DIED if text.casefold() in _DEATH else text


def is_tables(source: Path) -> bool:
    """Whether a folder holds plain tables: it does if it holds a table of stays."""
    return source.is_dir() and find_table(source, "stays") is not None
