"""A history from an extract of Client Level Data: batch by batch to disk, then people by people into memory."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq

from stepdown.calibration.cld.events import following, requests_of, services_of
from stepdown.calibration.cld.extract import ExtractFile, open_extract
from stepdown.calibration.cld.mapping import read_mapping
from stepdown.calibration.cld.parts import ROWS_IN_MEMORY, Parts
from stepdown.calibration.cld.people import People
from stepdown.calibration.cld.prices import as_prices, prices_paid
from stepdown.calibration.cld.sifting import Sifter
from stepdown.calibration.history import CouncilHistory, Finding
from stepdown.calibration.records.about import Covered, Said, covered
from stepdown.calibration.records.dates import MISSING, date_of, day_number
from stepdown.calibration.records.settling import as_requests, as_stays, settled
from stepdown.calibration.records.tally import Tally
from stepdown.scenarios.errors import RunError
from stepdown.scenarios.names import Names
from stepdown.scenarios.schema import DIED

MAPPING = "mapping.yaml"
"""The file that says which service is which setting, where no other is named."""

_BYTES_A_ROW = 300
"""About what a row takes in CSV."""


def mapping_of(source: Path) -> Path:
    """Return where the mapping of an extract is looked for: in its folder."""
    return (source if source.is_dir() else source.parent) / MAPPING


def import_cld(source: Path, mapping_file: Path, said: Said, key: bytes, names: Names | None) -> CouncilHistory:
    """Return the history that an extract tells.

    Parameters
    ----------
    source
        A file, or a folder of files, CSV or Parquet.
    mapping_file
        Which service is which setting.
    said
        What is said on the command line.
    key
        With it people's codes are made.
    names
        What the study declares with which the history is to be used; None where that is not known.

    Raises
    ------
    ScenarioError
        With everything that is wrong with the mapping, or all columns that the files lack.
    RunError
        If nothing says which days the records cover, or no service is of any setting.
    """
    mapping = said.over(read_mapping(mapping_file, names))
    files = open_extract(source, mapping.columns)
    tally = Tally()
    people = People(key)
    people.learn(files)
    sifter = Sifter(mapping, people, tally)
    with Parts(_number_of_parts(files)) as parts:
        seen = _sift(files, sifter, parts)
        if not seen.parts:
            raise RunError(f"no row of {source} is of a setting: change the rules of {mapping_file}")
        covers = covered(mapping.begins or seen.begins, mapping.ends or seen.ends, str(mapping_file))
        whole = _Whole(sifter, covers, seen.periods(covers))
        for rows in parts.each():
            whole.add(rows)
    return whole.history(mapping.name or source.resolve().stem, len(files))


@dataclass
class _Seen:
    """The reference periods that rows were of."""

    parts: list[pd.DataFrame] = field(default_factory=list)

    def add(self, rows: pd.DataFrame) -> None:
        self.parts.append(rows[["council", "period_begins", "period_ends"]].drop_duplicates())

    @property
    def begins(self) -> dt.date | None:
        days = [day for part in self.parts for day in part["period_begins"] if day != MISSING]
        return date_of(min(days)) if days else None

    @property
    def ends(self) -> dt.date | None:
        days = [day for part in self.parts for day in part["period_ends"] if day != MISSING]
        return date_of(max(days) + 1) if days else None

    def periods(self, covers: Covered) -> pd.DataFrame:
        """Return the periods in order; rows of no period are taken to be of the whole time."""
        return following(_of_a_period(pd.concat(self.parts, ignore_index=True), covers))


def _of_a_period(rows: pd.DataFrame, covers: Covered) -> pd.DataFrame:
    last = day_number(covers.ends) - 1
    return rows.assign(period_ends=rows["period_ends"].mask(rows["period_ends"] == MISSING, last))


def _number_of_parts(files: Iterable[ExtractFile]) -> int:
    rows = 0
    for file in files:
        in_parquet = file.path.suffix.lower() == ".parquet"
        rows += pq.read_metadata(file.path).num_rows if in_parquet else file.path.stat().st_size // _BYTES_A_ROW
    return int(rows) // ROWS_IN_MEMORY + 1


def _sift(files: list[ExtractFile], sifter: Sifter, parts: Parts) -> _Seen:
    """Write to the parts what is kept of the files, and return the periods of it."""
    seen, without = _Seen(), 0
    for number, file in enumerate(files):
        found = False
        for batch in file.batches(sifter.columns, sifter.tally):
            rows = sifter.kept(file, number, batch)
            if len(rows):
                parts.add(rows)
                seen.add(rows)
                found |= bool((rows["period_ends"] == MISSING).any())
        without += found
    if without > 1:
        raise RunError(
            f"{without} files do not say of which reference period they are, so that nobody can tell which is the most "
            "recent. Say so under 'periods' in the mapping: a file's name with the first and last day of its period"
        )
    return seen


@dataclass
class _Whole:
    """The history as it grows, part by part."""

    sifter: Sifter
    covers: Covered
    periods: pd.DataFrame
    lives: list[pd.DataFrame] = field(default_factory=list)
    asked: list[pd.DataFrame] = field(default_factory=list)
    paid: list[pd.DataFrame] = field(default_factory=list)

    def __post_init__(self) -> None:
        # Schemes come in the order of rows; from here on in that of the alphabet, which no order of rows changes.
        schemes = self.sifter.codings.schemes
        self._places = schemes.alphabetical(np.arange(-1, len(schemes.names), dtype=np.int32))
        schemes.names.sort()

    def add(self, rows: pd.DataFrame) -> None:
        """Add what is known of some people."""
        codings, tally = self.sifter.codings, self.sifter.tally
        scheme = self._places[rows["scheme"].to_numpy() + 1]
        rows = _of_a_period(rows.assign(scheme=scheme), self.covers)
        services = services_of(rows, self.periods, codings.places.number(DIED), tally)
        lives = settled(services.assign(rank=services["setting"]), int(self.sifter.mapping.gap), self.covers, tally)
        self.lives.append(lives)
        self.asked.append(requests_of(rows, tally))
        self.paid.append(prices_paid(rows, lives, self.periods))

    def history(self, name: str, files: int) -> CouncilHistory:
        """Return it."""
        codings, tally, mapping = self.sifter.codings, self.sifter.tally, self.sifter.mapping
        lives = pd.concat(self.lives, ignore_index=True).sort_values(["person", "entered", "left"], ignore_index=True)
        stays = as_stays(lives, codings)
        asked = pd.concat(self.asked, ignore_index=True)
        requests = as_requests(asked, lives, codings, self.covers, tally)
        settings = set(stays["setting"].cat.categories)
        never = [
            Finding("noted", f"there is no stay in {setting!r}, for which there is a rule", 0)
            for setting in mapping.settings
            if setting not in settings
        ]
        return CouncilHistory(
            name=name,
            begins=self.covers.begins,
            ends=self.covers.ends,
            simulated=mapping.simulated,
            source=f"Client Level Data, {files} {'file' if files == 1 else 'files'}",
            stays=stays,
            requests=requests,
            prices=as_prices(pd.concat(self.paid, ignore_index=True), codings),
            findings=(*tally.findings(), *never),
        )
