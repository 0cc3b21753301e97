"""The files of an extract, read in batches of a few columns, so that any number of rows fits into memory."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from stepdown.calibration.cld.vocabulary import NEEDED, OTHER_SPELLINGS, PEOPLE, plain
from stepdown.calibration.records.coding import Numbers
from stepdown.calibration.records.tables import FORMS
from stepdown.calibration.records.tally import Tally
from stepdown.scenarios.errors import Fault, RunError, ScenarioError
from stepdown.scenarios.words import did_you_mean

BLOCK_BYTES = 1 << 23
"""How much of a CSV file is read at once."""

BATCH_ROWS = 1 << 16
"""How many rows of a Parquet file are read at once."""

_NOTHING = ["", "NULL", "null", "None", "NaN", "nan", "N/A", "#N/A"]
"""What programs write into an empty cell."""


@dataclass(frozen=True)
class Texts:
    """A column of a batch: the number of each row's text, and the texts; an empty cell has number -1.

    Attributes
    ----------
    numbers
        One a row.
    texts
        Each different text once, without blanks at its ends.
    """

    numbers: Numbers
    texts: list[str]

    def through(self, values: Sequence[Any], empty: Any, kind: Any) -> np.ndarray:
        """Return a value for each row, from those of the texts; ``empty`` for an empty cell."""
        return np.array([*values, empty], dtype=kind)[self.numbers]


@dataclass(frozen=True)
class ExtractFile:
    """One file of an extract.

    Attributes
    ----------
    path
        The file.
    headings
        The names of its columns.
    encoding
        Of its text; of a Parquet file none.
    """

    path: Path
    headings: tuple[str, ...]
    encoding: str

    def column(self, name: str) -> int | None:
        """Return the number of the column that has a name, or one of its other spellings; None if there is none."""
        plain_headings = [plain(heading) for heading in self.headings]
        for spelling in (name, *_other_spellings(name)):
            if plain(spelling) in plain_headings:
                return plain_headings.index(plain(spelling))
        return None

    def batches(self, names: Sequence[str], tally: Tally) -> Iterator[dict[str, Texts]]:
        """Yield batches of the columns of these names; one that the file does not have is left out.

        Rows of another number of cells than the first row are counted and left out.
        """
        found = {name: number for name in names if (number := self.column(name)) is not None}
        numbers = sorted(set(found.values()))
        for batch in self._parquet(numbers) if self.path.suffix.lower() == ".parquet" else self._csv(numbers, tally):
            columns = {number: _texts(batch.column(place)) for place, number in enumerate(numbers)}
            yield {name: columns[number] for name, number in found.items()}

    def _parquet(self, numbers: list[int]) -> Iterator[pa.RecordBatch]:
        yield from pq.ParquetFile(self.path).iter_batches(BATCH_ROWS, columns=[self.headings[n] for n in numbers])

    def _csv(self, numbers: list[int], tally: Tally) -> Iterator[pa.RecordBatch]:
        names = [str(number) for number in range(len(self.headings))]
        wanted = [str(number) for number in numbers]

        def leave_out(row: Any) -> str:
            tally.add("dropped", f"rows of {self.path.name} have another number of cells than its first row", 1)
            return "skip"

        try:
            reader = pa_csv.open_csv(
                self.path,
                read_options=pa_csv.ReadOptions(
                    column_names=names, skip_rows=1, block_size=BLOCK_BYTES, encoding=self.encoding
                ),
                parse_options=pa_csv.ParseOptions(newlines_in_values=True, invalid_row_handler=leave_out),
                convert_options=pa_csv.ConvertOptions(
                    include_columns=wanted,
                    column_types=dict.fromkeys(wanted, pa.string()),
                    null_values=_NOTHING,
                    strings_can_be_null=True,
                    quoted_strings_can_be_null=True,
                ),
            )
            yield from reader
        except pa.ArrowInvalid as error:
            if "Empty CSV" not in str(error):  # a file of headings alone has no rows, and that is no mistake
                raise RunError(
                    f"{self.path} cannot be read as CSV. Save it once more as CSV, encoded in UTF-8"
                ) from None


def _other_spellings(name: str) -> tuple[str, ...]:
    return next((others for field, others in OTHER_SPELLINGS.items() if plain(field) == plain(name)), ())


def _texts(column: pa.Array) -> Texts:
    if pa.types.is_temporal(column.type):
        column = pc.cast(column, pa.date32())
    if not pa.types.is_string(column.type) and not pa.types.is_dictionary(column.type):
        column = pc.cast(column, pa.string())
    coded = column if pa.types.is_dictionary(column.type) else column.dictionary_encode()
    texts = [str(text).strip() for text in coded.dictionary.to_pylist()]
    numbers = coded.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int32)
    empty = [number for number, text in enumerate(texts) if text in _NOTHING]
    if empty:
        numbers = np.where(np.isin(numbers, empty), -1, numbers).astype(np.int32)
    return Texts(numbers, texts)


def open_extract(source: Path, columns: Sequence[str] = ()) -> list[ExtractFile]:
    """Return the files of an extract.

    Parameters
    ----------
    source
        A file, or a folder of files, CSV or Parquet.
    columns
        Columns that all of them have to have, beside those without which nothing can be told.

    Raises
    ------
    RunError
        If there are none.
    ScenarioError
        If they lack columns: all that is missing in any of them.
    """
    if source.is_dir():
        paths = sorted(path for path in source.iterdir() if path.suffix.lower() in FORMS and path.is_file())
    else:
        paths = [source]
    if not paths:
        raise RunError(f"{source} holds no records: put files of Client Level Data into it, CSV or Parquet")
    files = [_opened(path) for path in paths]
    faults = [fault for file in files for fault in _missing(file, columns)]
    if faults:
        raise ScenarioError(faults)
    return files


def _opened(path: Path) -> ExtractFile:
    if path.suffix.lower() == ".parquet":
        try:
            return ExtractFile(path, tuple(pq.read_schema(path).names), "")
        except pa.ArrowInvalid:
            raise RunError(f"{path} is not Parquet, or it is damaged. Save it once more") from None
    encoding = "utf8" if _is_utf8(path) else "cp1252"
    with path.open(encoding="utf-8-sig" if encoding == "utf8" else encoding, newline="") as text:
        headings = next(csv.reader(io.StringIO(text.readline())), [])
    return ExtractFile(path, tuple(heading.strip() for heading in headings), encoding)


def _is_utf8(path: Path) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    with path.open("rb") as content:
        try:
            while block := content.read(BLOCK_BYTES):
                decoder.decode(block)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
    return True


def _missing(file: ExtractFile, columns: Sequence[str]) -> Iterator[Fault]:
    for name in dict.fromkeys((*NEEDED, *columns)):
        if file.column(name) is None:
            remedy = did_you_mean(name, file.headings).removeprefix(". ")
            yield Fault(file.path, 1, 1, (), f"there is no column {str(name)!r}", remedy)
    if all(file.column(name) is None for name in PEOPLE):
        names = ", ".join(repr(str(name)) for name in PEOPLE)
        yield Fault(file.path, 1, 1, (), f"nothing tells people apart: there is none of {names}", "Add one of them.")
