"""A made-up council's records as plain tables: what `stepdown import` reads besides Client Level Data."""

from __future__ import annotations

from pathlib import Path

from stepdown.calibration.history import CouncilHistory
from stepdown.outputs.run_folder import as_yaml, write_text
from stepdown.outputs.table_files import write_csv


def write_records(history: CouncilHistory, folder: Path) -> None:
    """Write a history as `stays.csv`, `requests.csv`, `steps.csv`, `caseload.csv`, `prices.csv` and `council.yaml`.

    The caseload is who was there when the records ended.
    """
    residents = history.residents(history.ends)
    tables = {
        "stays": history.stays,
        "requests": history.requests,
        "steps": history.steps,
        "caseload": residents[["person", "group", "area", "setting", "scheme", "entered"]],
        "prices": history.prices,
    }
    for name, table in tables.items():
        write_csv(table, folder / f"{name}.csv")
    about = {
        "name": history.name,
        "begins": history.begins.isoformat(),
        "ends": history.ends.isoformat(),
        "simulated": True,
        "caseload_date": history.ends.isoformat(),
    }
    write_text(folder / "council.yaml", as_yaml(about))
