"""Who gains and who loses: the areas of an option beside the same areas of carry-on."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
from rich import box
from rich.table import Table
from rich.text import Text

from stepdown.outputs.compare import BASELINE
from stepdown.outputs.experiment import Results
from stepdown.outputs.measures.areas import AREA_LIST, AREA_MEASURES
from stepdown.outputs.words.numbers import amount
from stepdown.scenarios.errors import ChoiceError
from stepdown.scenarios.loader import Study

COLUMNS = {
    "Wait,\ndays": "wait_mean",
    "Waiting at\nthe end": "waiting_at_end",
    "Empty\nplaces": "voids",
    "People\nelsewhere": "elsewhere",
}
"""What the tables show of each area: the heading, and the column of `by_area`."""

MEANINGS = (
    "By area: waits and people are those of the area's people, wherever they live; people elsewhere live in a scheme "
    "that stands in another area; empty places are those of the schemes that stand in it."
)
"""What must be read with the tables."""


def require_areas(study: Study) -> None:
    """Refuse a study that has nothing to tell apart.

    Raises
    ------
    ChoiceError
        If carry-on has one area only.
    """
    if len(study.options[BASELINE].scenario.areas) < 2:
        raise ChoiceError(f"{study.name} has one area only. Declare several under 'areas', or leave out '--by area'")


def by_area(results: Results) -> pd.DataFrame:
    """Return what happens in each area, a row for each option and area; no rows where there is only one area.

    Returns
    -------
    pd.DataFrame
        option, area; wait_mean (days on all lists, by the area of the person; missing where nobody waited) and
        wait_beyond (share who wait longer than anybody was seen to; above 0, the mean is a lower bound); and the
        measures of `stepdown.outputs.measures.areas.AREA_MEASURES`, means over the runs.
    """
    waits = results.summary.times(AREA_LIST, ["name"])
    found = waits.set_index([waits["option"].astype(str), waits["name"].astype(str)])
    rows = []
    for one in results.summary.options:
        sheet = one.sheets.areas
        means = sheet.values().sum(axis=0) / max(sheet.runs, 1)
        areas = sheet.keys.labels_of("area")
        columns = dict(zip(AREA_MEASURES, means.reshape(len(AREA_MEASURES), len(areas)), strict=True))
        table = pd.DataFrame({"option": one.option, "area": np.array(areas, dtype=object), **columns})
        keys = pd.MultiIndex.from_arrays([table["option"], table["area"]])
        for name, statistic in (("wait_beyond", "share_beyond"), ("wait_mean", "mean_days")):
            table.insert(2, name, found[statistic].reindex(keys).to_numpy())
        rows.append(table)
    return pd.concat(rows, ignore_index=True)


def area_tables(results: Results) -> Iterator[tuple[str, Table]]:
    """Yield a title and a table for each option but carry-on: each area from carry-on to the option."""
    table = by_area(results).set_index("option")
    before = table.loc[[BASELINE]].set_index("area")
    for option in results.options:
        if option != BASELINE:
            yield f"By area, from carry-on to {option}", _as_rich(before, table.loc[[option]].set_index("area"))


def _as_rich(before: pd.DataFrame, after: pd.DataFrame) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("Area", overflow="fold")
    for heading in COLUMNS:
        table.add_column(heading, justify="right")
    for area in after.index:
        cells = (f"{_say(before.loc[area], column)} to {_say(after.loc[area], column)}" for column in COLUMNS.values())
        table.add_row(Text(str(area)), *map(Text, cells))
    return table


def _say(row: pd.Series, column: str) -> str:
    """Write one value; '>' where some wait longer than anybody was seen to: then the mean is a lower bound."""
    bound = ">" if column == "wait_mean" and row["wait_beyond"] > 0.01 else ""
    return bound + amount(float(row[column]), 3)
