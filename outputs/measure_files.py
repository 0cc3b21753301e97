"""The measures of a run as tidy files: a row for each option, replication and whatever a measure is of.

They are written some replications at a time, so that more of them need no more memory.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from stepdown.outputs.summary_parts import Column, Sheets, Summary, Texts
from stepdown.outputs.table_files import Form, write_csv

AT_ONCE = 250
"""Replications that are written at once."""


def write_measures(summary: Summary, folder: Path, form: Form) -> list[Path]:
    """Write what a summary says of every run to a folder, made if need be, and return the files."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for name in Sheets._fields:
        path = folder / f"{name}.{form}"
        if form == "csv":
            write_csv(summary.table(name), path)
        else:
            _write_parquet(summary, name, path)
        paths.append(path)
    return paths


def _write_parquet(summary: Summary, name: str, path: Path) -> None:
    """Write a table part by part; texts stay encoded, which other programs read as text."""
    parts = (_as_arrow(part.columns(name)) for one in summary.options for part in one.in_parts(AT_ONCE))
    first = next(parts)
    with pq.ParquetWriter(path, first.schema, compression="zstd") as writer:
        writer.write_table(first)
        for part in parts:
            writer.write_table(part)


def _as_arrow(columns: Mapping[str, Column]) -> pa.Table:
    arrays = [
        pa.DictionaryArray.from_arrays(
            pa.array(column.codes, mask=column.codes < 0), pa.array(column.labels, pa.string())
        )
        if isinstance(column, Texts)
        else pa.array(column)
        for column in columns.values()
    ]
    return pa.table(arrays, names=list(columns))
