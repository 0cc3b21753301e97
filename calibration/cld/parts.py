"""Rows on disk, parted by person: each part fits into memory, and holds all that is known of its people.

The files hold numbers alone, under codes for people, in a folder for their owner alone that goes when all is done.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType

import numpy as np
import pandas as pd
import pyarrow as pa

ROWS_IN_MEMORY = 400_000
"""About how many rows a part may have, for it to need a few hundred megabytes at most while it is worked on."""


class Parts:
    """Parts of rows, each of which holds all rows of its people; to be closed, or used in a ``with`` block.

    Parameters
    ----------
    number
        How many parts there are.
    """

    def __init__(self, number: int) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="stepdown-"))  # readable by its owner alone
        self._number = number
        self._writers: dict[int, pa.RecordBatchStreamWriter] = {}

    def __enter__(self) -> Parts:
        """Write within a ``with`` block."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Remove the files."""
        self._close()
        shutil.rmtree(self._folder, ignore_errors=True)

    def add(self, rows: pd.DataFrame) -> None:
        """Write rows to the parts of their people."""
        part = (rows["person"].to_numpy() % np.uint64(self._number)).astype(np.int64)
        for number in np.unique(part).tolist():
            mine = rows[part == number] if self._number > 1 else rows
            batch = pa.RecordBatch.from_pandas(mine, preserve_index=False)
            if number not in self._writers:
                self._writers[number] = pa.ipc.new_stream(str(self._file(number)), batch.schema)
            self._writers[number].write_batch(batch)

    def each(self) -> Iterator[pd.DataFrame]:
        """Yield the rows of each part that has any; nothing more can be added."""
        numbers = sorted(self._writers)
        self._close()
        for number in numbers:
            file = self._file(number)
            with pa.ipc.open_stream(str(file)) as reader:
                rows = reader.read_all().to_pandas()
            file.unlink()
            yield rows

    def _file(self, number: int) -> Path:
        return self._folder / f"{number}.arrows"

    def _close(self) -> None:
        for writer in self._writers.values():
            writer.close()
        self._writers = {}
