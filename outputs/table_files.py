"""The three tables as files: Parquet, or CSV for people who want to look; read back exactly as they were.

In CSV a text that a spreadsheet would take for a formula (it begins with = + - or @) is written with an apostrophe
before it, and so is one that begins with an apostrophe, so that reading takes exactly one away.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from stepdown.outputs.whole_files import written_whole
from stepdown.simulation.tables import CASE_STEPS, PLACES, STAYS, Tables

KINDS = {"stays": STAYS, "case_steps": CASE_STEPS, "places": PLACES}
"""The tables, with the types of their columns."""

FORMULA = ("=", "+", "-", "@", "\t", "\r", "'")
"""What a text must not begin with in CSV."""


Form = Literal["parquet", "csv"]
"""The forms in which tables are written."""


class TablesWriter:
    """Writes tables part by part, so that a long run need not be held in memory; close it when all is written.

    Parameters
    ----------
    folder
        Where the files go; made if need be.
    form
        Parquet, or CSV.
    """

    def __init__(self, folder: Path, form: Form = "parquet") -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.paths = [folder / f"{name}.{form}" for name in KINDS]
        self._form = form
        self._parquet: list[pq.ParquetWriter] = []
        self._places_of: set[str] = set()

    def __enter__(self) -> TablesWriter:
        """Write within a ``with`` block."""
        return self

    def __exit__(self, *error: object) -> None:
        """Close the files."""
        for writer in self._parquet:
            writer.close()

    def add(self, tables: Tables) -> None:
        """Write some more replications of an option; its places are written once."""
        if self._form == "parquet":
            self._add_parquet([_as_arrow(table) for table in tables])
            return
        new = ~tables.places["option"].isin(self._places_of)
        parts = tables._replace(places=tables.places[new])
        self._places_of |= set(tables.places["option"])
        for table, path in zip(parts, self.paths, strict=True):
            _escaped(table).to_csv(path, index=False, lineterminator="\n", mode="a", header=not path.exists())

    def add_files(self, folder: Path) -> None:
        """Write what `write_tables` wrote to a folder as Parquet; see `add`."""
        if self._form == "parquet":
            self._add_parquet([pq.read_table(folder / f"{name}.parquet") for name in KINDS])
        else:
            self.add(read_tables(folder))

    def _add_parquet(self, rows: list[pa.Table]) -> None:
        *others, places = rows
        known = pc.is_in(places["option"], pa.array(self._places_of, places["option"].type))
        self._places_of |= set(places["option"].to_pylist())
        rows = [*others, places.filter(pc.invert(known))]
        if not self._parquet:
            self._parquet = [
                pq.ParquetWriter(path, table.schema, compression="zstd")
                for path, table in zip(self.paths, rows, strict=True)
            ]
        for writer, table in zip(self._parquet, rows, strict=True):
            writer.write_table(table)


def write_tables(tables: Tables, folder: Path, form: Form = "parquet") -> list[Path]:
    """Write all the tables of a run to a folder, and return the files."""
    with TablesWriter(folder, form) as writer:
        writer.add(tables)
    return writer.paths


def write_csv(table: pd.DataFrame, path: Path) -> None:
    """Write any table as CSV that no spreadsheet takes for formulas; its folder is made if need be."""
    path.parent.mkdir(parents=True, exist_ok=True)
    _escaped(table).to_csv(path, index=False, lineterminator="\n")


def write_csv_whole(table: pd.DataFrame, path: Path) -> None:
    """Write CSV to a place of the user's own: there is no file, or the one that was there, until all is written."""
    with written_whole(path) as partial:
        write_csv(table, partial)


def read_tables(folder: Path) -> Tables:
    """Read the tables that `write_tables` wrote to a folder, in either form."""
    return Tables(*(_read(folder, name, kinds) for name, kinds in KINDS.items()))


def _read(folder: Path, name: str, kinds: dict[str, str]) -> pd.DataFrame:
    path = folder / f"{name}.parquet"
    if path.exists():
        return pd.read_parquet(path).astype(kinds)
    text = [column for column, kind in kinds.items() if kind == "category"]
    # Numbers are first read as text, because readers of numbers may lose the last digit; and only an empty cell is
    # missing, because a group may well be called "NA" or "none".
    plain = {column: "str" if column in text or kind == "float64" else kind for column, kind in kinds.items()}
    table = pd.read_csv(folder / f"{name}.csv", dtype=plain, keep_default_na=False, na_values=[""])
    for column in text:
        names = pd.Categorical(table[column])
        table[column] = names.rename_categories(lambda name: str(name).removeprefix("'"))
    return table.astype(kinds)


def _as_arrow(table: pd.DataFrame) -> pa.Table:
    """Return a table with names as text: the categories of parts differ, and files encode repetition themselves."""
    names = [column for column, kind in table.dtypes.items() if isinstance(kind, pd.CategoricalDtype)]
    # What pandas is told about the columns when it reads them is told of a table with texts.
    schema = pa.Schema.from_pandas(table.iloc[:0].astype(dict.fromkeys(names, "str")), preserve_index=False)
    return pa.Table.from_arrays([_arrow_column(table[field.name], field.type) for field in schema], schema=schema)


def _arrow_column(column: pd.Series, kind: pa.DataType) -> pa.Array:
    if not isinstance(column.dtype, pd.CategoricalDtype):
        return pa.array(column, kind, from_pandas=True)
    codes = column.cat.codes.to_numpy()
    return pa.array(column.cat.categories.to_numpy(), kind).take(pa.array(codes, mask=codes < 0))


def _escaped(table: pd.DataFrame) -> pd.DataFrame:
    """Return the table with an apostrophe before each text that begins like a formula."""
    safe = table.copy()
    for column, kind in table.dtypes.items():
        if isinstance(kind, pd.CategoricalDtype):
            safe[column] = table[column].cat.rename_categories([_harmless(name) for name in kind.categories])
        elif not pd.api.types.is_numeric_dtype(kind):
            safe[column] = table[column].map(_harmless)
    return safe


def _harmless(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value
