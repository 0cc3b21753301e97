"""The data-quality report: what an import found, and what was done about it, with counts as they may be shown."""

from __future__ import annotations

from typing import Any

import pandas as pd
from rich import box
from rich.table import Table

from stepdown.calibration.disclosure import Disclosure
from stepdown.calibration.history import CouncilHistory

QUALITY = "quality.md"
"""The file of the report in a history's folder."""

DONE = {
    "dropped": "left out",
    "joined": "joined",
    "guessed": "guessed",
    "mended": "mended",
    "noted": "as it is",
}
"""What was done about something, as the report says it."""

COLUMNS = ("setting", "stays", "people", "entered", "left", "live there")
"""The columns of the table of settings; the last is at the end of the records."""


def setting_counts(history: CouncilHistory) -> pd.DataFrame:
    """Return for each setting how many stays and people the history has, and how many came, left and are there.

    Returns
    -------
    pd.DataFrame
        Columns setting, stays, people, entered, left (within the days covered), residents (at their end).
    """
    stays = history.stays
    by_setting = stays.groupby("setting", observed=True)
    came = stays["entered"] >= pd.Timestamp(history.begins)
    table = pd.DataFrame(
        {
            "stays": by_setting.size(),
            "people": by_setting["person"].nunique(),
            "entered": came.groupby(stays["setting"], observed=True).sum(),
            "left": by_setting["left"].count(),
            "residents": stays["left"].isna().groupby(stays["setting"], observed=True).sum(),
        }
    )
    return table.reset_index(names="setting").astype({"setting": "str"})


def quality_data(history: CouncilHistory, shown: Disclosure) -> dict[str, Any]:
    """Return the report as plain data; a count that is withheld is None."""
    counts = setting_counts(history).to_dict("records")
    return {
        "name": history.name,
        "begins": history.begins.isoformat(),
        "ends": history.ends.isoformat(),
        "simulated": history.simulated,
        "source": history.source,
        "counts": "rounded to 5, and withheld under 5" if shown.rounded else "exact",
        "people": shown.number(history.stays["person"].nunique()),
        "stays": shown.number(len(history.stays)),
        "requests": shown.number(len(history.requests)),
        "steps": shown.number(len(history.steps)),
        "prices": len(history.prices),
        "settings": [
            {key: value if key == "setting" else shown.number(int(value)) for key, value in row.items()}
            for row in counts
        ],
        "findings": [
            {"kind": finding.kind, "what": finding.what, "rows": shown.number(finding.rows)}
            for finding in history.findings
        ],
    }


def headline(history: CouncilHistory, shown: Disclosure) -> str:
    """Return what was imported, as a sentence."""
    people, stays = history.stays["person"].nunique(), len(history.stays)
    said = f"{shown.words(stays)} stays of {shown.words(people)} people"
    return f"{history.name}: {said}, from {history.begins} until {history.ends}."


def _setting_rows(history: CouncilHistory, shown: Disclosure) -> list[list[str]]:
    rows = setting_counts(history).itertuples(index=False)
    return [[str(name), *(shown.words(int(count)) for count in counts)] for name, *counts in rows]


def _finding_rows(history: CouncilHistory, shown: Disclosure) -> list[list[str]]:
    return [[DONE[finding.kind], finding.what, shown.words(finding.rows)] for finding in history.findings]


def settings_table(history: CouncilHistory, shown: Disclosure) -> Table:
    """Return the table of settings for a screen of 80 columns."""
    table = _table(*COLUMNS[:1])
    for name in COLUMNS[1:]:
        table.add_column(name, justify="right")
    for row in _setting_rows(history, shown):
        table.add_row(*row)
    return table


def findings_table(history: CouncilHistory, shown: Disclosure) -> Table:
    """Return the table of what was noticed for a screen of 80 columns."""
    table = _table("done", "what")
    table.add_column("rows", justify="right", no_wrap=True)
    for row in _finding_rows(history, shown):
        table.add_row(*row)
    return table


def _table(*head: str) -> Table:
    return Table(*head, box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))


def quality_paper(history: CouncilHistory, shown: Disclosure) -> str:
    """Return the report as the text of a file, with tables in Markdown."""
    lines = [f"# Data quality: {history.name}", "", headline(history, shown), ""]
    lines += [f"Read from {history.source}. {rounding_sentence(shown)}", ""]
    lines += _markdown(list(COLUMNS), _setting_rows(history, shown))
    lines += ["", "## What was noticed", ""]
    lines += _markdown(["done", "what", "rows"], _finding_rows(history, shown)) if history.findings else ["Nothing."]
    return "\n".join(lines) + "\n"


def rounding_sentence(shown: Disclosure) -> str:
    """Say how counts are shown."""
    return "Counts are rounded to the nearest 5, and withheld under 5." if shown.rounded else "Counts are exact."


def _markdown(headings: list[str], rows: list[list[str]]) -> list[str]:
    table = [headings, ["---"] * len(headings), *([cell.replace("|", "\\|") for cell in row] for row in rows)]
    return [f"| {' | '.join(row)} |" for row in table]
