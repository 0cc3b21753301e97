"""What is paid for in every run, in one Arrow file an option: a finished run can be costed again without simulating.

Stays, adaptations and grants are rows of one table; what its numbers stand for, and the places over time, are told in
the file's head.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from stepdown.outputs.measures.activity import Activity, Lived, Paid
from stepdown.outputs.measures.columns import destinations
from stepdown.outputs.measures.history import sites
from stepdown.outputs.measures.intervals import Integers
from stepdown.outputs.measures.periods import Steps
from stepdown.outputs.measures.runs import Runs
from stepdown.scenarios.errors import RunError
from stepdown.scenarios.schema import Scenario
from stepdown.simulation.tables import Window

LIVED, ADAPTATION, GRANT = range(3)
"""Kinds of rows: a stay from `start` to `end`; or what was paid for on the day `start`."""

COLUMNS = pa.schema(
    [
        ("replication", pa.int32()),
        ("kind", pa.int8()),
        ("what", pa.int16()),
        ("to", pa.int16()),
        ("start", pa.float64()),
        ("end", pa.float64()),
        ("pounds", pa.float64()),
    ]
)
"""The columns; `what` is the scheme lived in, the tier, or the step."""

_HEAD = b"stepdown"
_LIGHT = pa.ipc.IpcWriteOptions(compression=pa.Codec("zstd", compression_level=1))


def write_activity(activity: Activity, scenario: Scenario, path: Path) -> None:
    """Write what is paid for in runs of one option to a file."""
    lived, runs = activity.lived, activity.runs
    parts = [_rows(runs, LIVED, lived.run, lived.site, to=lived.to, start=lived.entered, end=lived.left)]
    for kind, paid in ((ADAPTATION, activity.adaptations), (GRANT, activity.grants)):
        parts.append(_rows(runs, kind, paid.run, paid.what, start=paid.day, pounds=paid.pounds))
    head = {
        "replications": runs.replication.tolist(),
        "sites": activity.sites.schemes,
        "destinations": destinations(scenario),
        "tiers": activity.tiers,
        "steps": list(scenario.steps),
        "places": [
            [site, [str(day) for day in steps.days], [str(number) for number in steps.values]]
            for (_, site), steps in sorted(activity.places.items())
        ],
    }
    _write(path, head, parts)


def join_activity(paths: Iterable[Path], path: Path) -> None:
    """Write what several files of one option hold to one, in their order."""
    head: dict[str, Any] = {}
    parts = []
    for one in paths:
        told, table = _read(one)
        replications = head.get("replications", []) + told["replications"]
        head = {**told, "replications": replications}
        parts.append(table)
    path.parent.mkdir(parents=True, exist_ok=True)
    _write(path, head, parts)


def read_activity(path: Path, option: str, scenario: Scenario, window: Window) -> Activity:
    """Read what is paid for in the runs of an option.

    Raises
    ------
    RunError
        If the file is no such file, or is not of this scenario.
    """
    head, table = _read(path)
    known = sites(scenario)
    expected = {
        "sites": list(known.schemes),
        "destinations": list(destinations(scenario)),
        "steps": list(scenario.steps),
    }
    for what, names in expected.items():
        if head[what] != names:
            raise RunError(f"{path} is not of this scenario: its {what} are {head[what]}, not {names}")
    replication = np.array(head["replications"], dtype=np.int64)
    order = np.argsort(replication, kind="stable")
    runs = Runs((option,), np.zeros(len(replication), dtype=np.int64), replication[order])
    columns = {name: table[name].to_numpy() for name in COLUMNS.names}
    run = np.searchsorted(runs.replication, columns["replication"]).astype(np.int64)
    kinds = [np.flatnonzero(columns["kind"] == kind) for kind in (LIVED, ADAPTATION, GRANT)]
    what, to = (columns[name].astype(np.int64) for name in ("what", "to"))
    start, end, pounds = (columns[name] for name in ("start", "end", "pounds"))
    lived, *paid = kinds
    places = {
        (0, int(site)): Steps(np.array(days, dtype=np.float64), np.array(numbers, dtype=np.float64))
        for site, days, numbers in head["places"]
    }
    stays = Lived(run[lived], what[lived], to[lived], start[lived], end[lived])
    adaptations, grants = (Paid(run[rows], what[rows], start[rows], pounds[rows]) for rows in paid)
    return Activity(window, runs, known, stays, adaptations, grants, places, tuple(head["tiers"]))


def _rows(runs: Runs, kind: int, run: Integers, what: Integers, **others: Any) -> pa.Table:
    rows = len(run)
    columns = {
        "replication": runs.replication[run],
        "kind": np.full(rows, kind),
        "what": what,
        "to": np.full(rows, -1),
        "start": np.full(rows, np.nan),
        "end": np.full(rows, np.nan),
        "pounds": np.full(rows, np.nan),
    }
    columns |= others
    arrays = [pa.array(columns[field.name].astype(field.type.to_pandas_dtype())) for field in COLUMNS]
    return pa.Table.from_arrays(arrays, schema=COLUMNS)


def _write(path: Path, head: dict[str, Any], parts: Iterable[pa.Table]) -> None:
    schema = COLUMNS.with_metadata({_HEAD: json.dumps(head)})
    partial = path.with_name(f".{path.name}.unfinished")
    with pa.OSFile(str(partial), "wb") as file, pa.ipc.new_file(file, schema, options=_LIGHT) as writer:
        for part in parts:
            writer.write_table(part)
    partial.replace(path)


def _read(path: Path) -> tuple[dict[str, Any], pa.Table]:
    try:
        with pa.OSFile(str(path), "rb") as file:
            table = pa.ipc.open_file(file).read_all()
        head = json.loads(table.schema.metadata[_HEAD])
    except (OSError, pa.ArrowInvalid, KeyError, TypeError, ValueError) as error:
        raise RunError(f"{path} does not say what was paid for ({error}). Run the options again") from None
    return head, table
