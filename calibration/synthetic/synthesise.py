"""A council that is made up: its records in files, in the forms that real ones have, and the truth beside them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal, NamedTuple

import pandas as pd

from stepdown.calibration.history import REQUESTS, STAYS, STEPS, CouncilHistory, typed
from stepdown.calibration.history_files import write_history
from stepdown.calibration.new_folders import new_folder
from stepdown.calibration.synthetic.chance import Chance
from stepdown.calibration.synthetic.cld_files import write_extract, write_mapping
from stepdown.calibration.synthetic.cld_text import Release, as_text
from stepdown.calibration.synthetic.defects import Defect
from stepdown.calibration.synthetic.extracts import Council, prices_of, sound, spoilt
from stepdown.calibration.synthetic.past import simulate_past
from stepdown.calibration.synthetic.record_files import write_records
from stepdown.calibration.synthetic.recording import Recording
from stepdown.outputs.run_folder import as_yaml
from stepdown.scenarios.loader import Option
from stepdown.scenarios.quantities import parse_duration
from stepdown.scenarios.schema import Scenario

Form = Literal["tables", "cld", "both"]

WARM_UP = "10 years"
"""How long a scenario that opens empty is simulated before the records begin, so that the service is established."""

TABLES, CLD, TRUTH = "tables", "cld", "truth"
"""The folders of what is made up."""

MAPPING = "mapping.yaml"

FIRST_CODE = 9001
"""The code of the first council; no council in England has one so high."""

JOINED = {"stays": STAYS, "requests": REQUESTS, "steps": STEPS}
"""The tables of councils' histories that are joined."""


@dataclass(frozen=True)
class Plan:
    """What is made up.

    Attributes
    ----------
    name
        What the council is called; several are numbered.
    recording
        How it records what happens.
    seed
        Address of all chance.
    councils
        How many of them: replications of one scenario, whose records are joined.
    form
        Plain tables, Client Level Data, or both.
    release
        How Client Level Data is spelled.
    defects
        What is wrong with it.
    """

    name: str
    recording: Recording
    seed: int = 1
    councils: int = 1
    form: Form = "both"
    release: Release = 2
    defects: frozenset[Defect] = frozenset()


@dataclass(frozen=True)
class MadeUp:
    """What has been made up.

    Attributes
    ----------
    truth
        The history of all councils.
    rows
        How many rows of Client Level Data there are.
    hits
        How many people, or events, each defect concerns.
    """

    truth: CouncilHistory
    rows: int
    hits: Mapping[Defect, int]


def established(option: Option, years: int) -> tuple[Scenario, dict[str, Any]]:
    """Return an option that lasts so many years, as a scenario and as data that can be read again.

    One that would open empty has a warm-up of `WARM_UP`.
    """
    data = {**option.data, "years": years}
    changed: dict[str, Any] = {"years": float(years)}
    if option.scenario.warm_up is None and not option.scenario.caseload:
        data["warm_up"] = WARM_UP
        changed["warm_up"] = parse_duration(WARM_UP)
    return option.scenario.model_copy(update=changed), data


def synthesise(scenario: Scenario, data: Mapping[str, Any], plan: Plan, folder: Path) -> MadeUp:
    """Simulate, and write what councils would have recorded to a new folder.

    One council after the other is written, so that memory holds the rows of one only.

    Parameters
    ----------
    scenario, data
        What is simulated, and the same as data: see `established`.
    plan
        What is made up of it.
    folder
        A folder that is not there yet, or is empty.

    Raises
    ------
    RunError
        If the folder holds anything already.
    """
    with new_folder(folder) as beside:
        written = [_write_council(scenario, plan, number, beside / CLD) for number in range(plan.councils)]
        truth = _joined([one.history for one in written], plan)
        truth = replace(truth, prices=prices_of(pd.concat([one.paid for one in written], ignore_index=True)))
        hits = {defect: sum(one.hits[defect] for one in written) for defect in Defect if defect in plan.defects}
        if plan.form != "tables":
            begins = written[0].begins
            write_mapping(beside / CLD / MAPPING, plan.name, begins, truth.ends, scenario, plan.recording)
        if plan.form != "cld":
            write_records(truth, beside / TABLES)
        papers = {"scenario.yaml": as_yaml(data)} | ({"defects.csv": _ledger(hits)} if hits else {})
        write_history(truth, beside / TRUTH, papers)
    return MadeUp(truth, sum(one.rows for one in written), hits)


class _Written(NamedTuple):
    """What is kept of a council whose extract has been written."""

    history: CouncilHistory
    begins: dt.date
    paid: pd.DataFrame
    rows: int
    hits: Mapping[Defect, int]


def _write_council(scenario: Scenario, plan: Plan, number: int, folder: Path) -> _Written:
    name = plan.name if plan.councils == 1 else f"{plan.name}-{number + 1}"
    history = simulate_past(scenario, plan.seed, name, number)
    council = Council(history, scenario, plan.recording, Chance(plan.seed, number))
    whole = sound(council)
    extract = spoilt(whole, council, plan.defects)
    if plan.form != "tables":
        code = str(FIRST_CODE + number)
        table = as_text(extract.rows, extract.people, extract.periods, plan.release, code, name)
        write_extract(table, folder / f"{name}.csv")
    rows = 0 if plan.form == "tables" else len(extract.rows)
    return _Written(history, extract.begins, whole.paid, rows, extract.hits)


def _joined(histories: Sequence[CouncilHistory], plan: Plan) -> CouncilHistory:
    """Return the histories of several councils as one; people and cases of the second are 2-1, 2-2 and so on."""
    if len(histories) == 1:
        return histories[0]
    tables = {
        name: typed(
            pd.concat([_numbered(getattr(one, name), at) for at, one in enumerate(histories, 1)], ignore_index=True),
            columns,
        )
        for name, columns in JOINED.items()
    }
    source = f"{histories[0].source}, as {len(histories)} councils"
    return replace(
        histories[0], name=plan.name, source=source, stays=tables["stays"], requests=tables["requests"],
        steps=tables["steps"],
    )  # fmt: skip


def _numbered(table: pd.DataFrame, council: int) -> pd.DataFrame:
    codes = {column: f"{council}-" + table[column] for column in ("person", "case") if column in table}
    texts = {str(column): table[column].astype("object") for column in table.select_dtypes("category")}
    return table.assign(**texts, **codes)


def _ledger(hits: Mapping[Defect, int]) -> str:
    """Return what is wrong, and how often, as the text of a CSV file."""
    rows = [(defect.value, defect.__doc__, count) for defect, count in hits.items()]
    table = pd.DataFrame(rows, columns=["defect", "what it is", "people or events"])
    return table.to_csv(index=False, lineterminator="\n")
