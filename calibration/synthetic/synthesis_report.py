"""What is said about a council that has been made up."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from stepdown.calibration.synthetic.synthesise import CLD, TABLES, TRUTH, MadeUp, Plan
from stepdown.outputs.experiment import opening_of
from stepdown.scenarios.schema import Scenario


def sentences(made: MadeUp, plan: Plan, scenario: Scenario) -> Iterator[str]:
    """Yield what was made up, what is wrong with it, and what is not in it."""
    truth = made.truth
    councils = "" if plan.councils == 1 else f" of {plan.councils:,} councils"
    yield (
        f"Records{councils} from {truth.begins} until before {truth.ends}: {len(truth.stays):,} stays of "
        f"{truth.stays['person'].nunique():,} people, who are made up. The service opened {opening_of(scenario)}."
    )
    if plan.form == "tables":
        return
    yield (
        f"Client Level Data, release {plan.release}: {made.rows:,} rows, with nothing wrong."
        if not made.hits
        else (f"Client Level Data, release {plan.release}: {made.rows:,} rows. What is wrong with them:")
    )
    for defect, count in made.hits.items():
        yield f"  {defect.value} ({count:,}): {defect.__doc__}"
    unseen = [setting for setting, service in plan.recording.services.items() if service is None]
    if unseen:
        yield f"Not in it, because social care does not record it: {', '.join(unseen)}."


def parts(plan: Plan, folder: Path) -> list[Path]:
    """Return the folders that were made."""
    kinds = {"tables": [TABLES], "cld": [CLD], "both": [TABLES, CLD]}[plan.form]
    return [folder / name for name in (*kinds, TRUTH)]


def next_command(plan: Plan, folder: Path) -> str:
    """Return the command that reads the records."""
    records = folder / (TABLES if plan.form == "tables" else CLD)
    return shlex.join(["stepdown", "import", str(records), "-o", str(folder.with_name(f"{folder.name}-history"))])


def as_data(made: MadeUp, plan: Plan, scenario: Scenario, folder: Path) -> dict[str, Any]:
    """Return the same for other programs."""
    truth = made.truth
    return {
        "name": truth.name,
        "begins": truth.begins.isoformat(),
        "ends": truth.ends.isoformat(),
        "opening": opening_of(scenario),
        "seed": plan.seed,
        "councils": plan.councils,
        "people": truth.stays["person"].nunique(),
        "stays": len(truth.stays),
        "rows": made.rows if plan.form != "tables" else None,
        "release": plan.release if plan.form != "tables" else None,
        "defects": {defect.value: count for defect, count in made.hits.items()},
        "services": {
            setting: service.component if service else None for setting, service in plan.recording.services.items()
        },
        "folders": [path.as_posix() for path in parts(plan, folder)],
    }
