"""The scores of a back-test as a table for a screen of 80 columns."""

from __future__ import annotations

import pandas as pd
from rich import box
from rich.table import Table
from rich.text import Text

from stepdown.calibration.backtesting.page import score_rows

HEAD = ("Outcomes", "In\n50%", "In\n80%", "In\n95%", "Bias", "Score", "Naive\nscore")


def printed_table(table: pd.DataFrame) -> Table:
    """Return the scores; the naive forecast's ranges stand in the report alone."""
    printed = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
    printed.add_column("Series", overflow="fold", max_width=32)
    for name in HEAD:
        printed.add_column(name, justify="right")
    for row in score_rows(table):
        printed.add_row(*(Text(cell) for cell in (*row[:7], row[8])))
    return printed
