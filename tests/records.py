"""Hand-made records: plain tables and extracts of Client Level Data, and what an import makes of them."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import pandas as pd

from stepdown.calibration.cld.importing import import_cld
from stepdown.calibration.cld.vocabulary import COMMUNITY, RESIDENTIAL, SUPPORTED_LIVING
from stepdown.calibration.history import CouncilHistory
from stepdown.calibration.records.about import Said
from stepdown.calibration.records.plain import import_tables

KEY = b"k" * 32
"""A key, so that imports can be compared."""

OTHER_KEY = b"o" * 32

WINDOW = Said(name="borough", begins=dt.date(2020, 4, 1), ends=dt.date(2022, 4, 1))
"""What is said of plain tables: two financial years."""

MAPPING = f"""\
name: borough
begins: 2020-04-01
rules:
  - {{where: {{Service_Type: '{RESIDENTIAL}'}}, setting: residential}}
  - {{where: {{Service_Component: {SUPPORTED_LIVING}}}, setting: flats, scheme: {{column: Provider_CQC_Location_Name}}}}
  - {{where: {{Service_Component: Home support or domiciliary care}}, setting: home}}
"""
"""Care homes before flats before one's own home."""

QUARTERS = [("2021-04-01", "2021-06-30"), ("2021-04-01", "2021-09-30"), ("2021-04-01", "2021-12-31")]
"""Reference periods of an extract: each reaches back to the beginning of the year."""

Row = Mapping[str, str]


def write_table(folder: Path, name: str, text: str) -> None:
    """Write a plain table; lines may be indented."""
    folder.mkdir(exist_ok=True)
    (folder / name).write_text("\n".join(line.strip() for line in text.strip().splitlines()) + "\n", encoding="utf-8")


def imported(folder: Path, stays: str = "", said: Said = WINDOW, key: bytes = KEY, **others: str) -> CouncilHistory:
    """Import plain tables: stays, and others by their names."""
    for name, text in {"stays": stays, **others}.items():
        if text:
            write_table(folder, f"{name}.csv", text)
    return import_tables(folder, said, key, None)


def care(person: str, starts: str, ends: str = "", quarter: int = 2, **others: str) -> dict[str, str]:
    """Return a row of a care home in an extract, submitted in a quarter; columns are changed by their names."""
    begins, until = QUARTERS[quarter]
    row = {
        "LA_Code": "9001", "LA_Name": "Borough", "LA_Person_Unique_Identifier": person,
        "Reporting_Period_Start_Date": begins, "Reporting_Period_End_Date": until, "Client_Type": "Service user",
        "Primary_Support_Reason": "Mental health support", "Event_Type": "Service", "Event_Start_Date": starts,
        "Event_End_Date": ends, "Service_Type": RESIDENTIAL, "Service_Component": "", "Event_Outcome": "",
        "Provider_CQC_Location_Name": "", "Date_of_Death": "",
    }  # fmt: skip
    return row | others


def flat(person: str, starts: str, ends: str = "", quarter: int = 2, **others: str) -> dict[str, str]:
    """Return a row of a flat in supported living."""
    service = {"Service_Type": COMMUNITY, "Service_Component": SUPPORTED_LIVING, "Provider_CQC_Location_Name": "House"}
    return care(person, starts, ends, quarter, **(service | others))


def every_quarter(row: Row) -> list[dict[str, str]]:
    """Return a row as it is submitted in every quarter from that in which it began, not ended before its end."""
    rows = []
    for begins, until in QUARTERS:
        if row["Event_Start_Date"] <= until:
            over = row["Event_End_Date"] <= until
            known = {} if over else {"Event_End_Date": "", "Event_Outcome": ""}
            rows.append({**row, "Reporting_Period_Start_Date": begins, "Reporting_Period_End_Date": until, **known})
    return rows


def write_extract(file: Path, rows: Sequence[Row]) -> Path:
    """Write an extract as CSV."""
    file.parent.mkdir(exist_ok=True)
    columns = list(dict.fromkeys(name for row in rows for name in row))
    with file.open("w", encoding="utf-8", newline="") as text:
        writer = csv.DictWriter(text, columns, restval="")
        writer.writeheader()
        writer.writerows(rows)
    return file


def extracted(
    folder: Path, rows: Sequence[Row], mapping: str = MAPPING, key: bytes = KEY, said: Said | None = None
) -> CouncilHistory:
    """Import an extract of these rows."""
    file = write_extract(folder / "extract.csv", rows)
    (folder / "mapping.yaml").write_text(mapping, encoding="utf-8")
    return import_cld(file, folder / "mapping.yaml", said or Said(), key, None)


def told(history: CouncilHistory, *columns: str) -> list[tuple[str | None, ...]]:
    """Return stays as texts, without people: setting, first day, day of leaving, destination, and more columns."""
    stays = history.stays[["setting", "entered", "left", "to", *columns]].astype("object")
    return [tuple(_text(value) for value in row) for row in stays.itertuples(index=False)]


def _text(value: object) -> str | None:
    if pd.isna(value):  # type: ignore[call-overload]
        return None
    return value.date().isoformat() if isinstance(value, pd.Timestamp) else str(value)


def noticed(history: CouncilHistory, words: str) -> int:
    """Return how many rows a finding with these words concerns; 0 if there is none."""
    return sum(finding.rows for finding in history.findings if words in f"{finding.kind}: {finding.what}")


def people_of(history: CouncilHistory) -> Iterable[str]:
    """Return the codes of people, once each, in the order of rows."""
    return dict.fromkeys(history.stays["person"])
