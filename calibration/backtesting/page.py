"""The report of a back-test as a page that needs nothing else."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from stepdown.calibration.backtesting.chart import forecast_chart
from stepdown.calibration.backtesting.report import Backtest, sentences
from stepdown.calibration.backtesting.series import SAYS
from stepdown.calibration.disclosure import Disclosure
from stepdown.outputs.paper.blocks import Block, Paper, Part, Picture, Points, Side, Table
from stepdown.outputs.words.numbers import amount, percent
from stepdown.outputs.words.wording import say_date

HEAD = ("Series", "Outcomes", "In 50%", "In 80%", "In 95%", "Bias", "Score", "Naive in 80%", "Naive score")


def backtest_paper(found: Backtest, table: pd.DataFrame, disclosure: Disclosure) -> Paper:
    """Return the report: the scores, then each forecast beside what came."""
    counts = "rounded to 5, those under 5 withheld" if disclosure.rounded else "exact"
    sides = [Side("How good the forecasts were", [Part("scores", "Scores", list(_scores(found, table)))])]
    for each in found.forecasts:
        charts = [forecast_chart(each, kind, found.name, found.kind, disclosure) for kind in SAYS]
        parts = [
            Part(chart.name, SAYS[kind].format("each setting").capitalize(), [Picture(chart)])
            for kind, chart in zip(SAYS, charts, strict=True)
            if chart is not None
        ]
        sides.append(Side(f"From {say_date(each.date)}", parts))
    return Paper(f"Back-test: {found.name}", f"Records are {found.kind}; their counts are {counts}.", sides)


def _scores(found: Backtest, table: pd.DataFrame) -> Iterator[Block]:
    *others, naive = sentences(found, table)
    yield Points([*others[::-1][:1], naive, *others[:-1]])
    yield Table("Forecasts, series by series", HEAD, score_rows(table))


def score_rows(table: pd.DataFrame) -> list[tuple[str, ...]]:
    """Return the scores as they are read."""
    return [
        (
            str(row["series"]),
            f"{row['outcomes']:.0f}",
            *(percent(float(row[f"covered_{level}"])) for level in (50, 80, 95)),
            signed(float(row["bias"])),
            f"{row['ranked']:.2f}",
            percent(float(row["naive_covered_80"])),
            amount(float(row["naive_ranked"])) if pd.isna(row["naive_ranked"]) else f"{row['naive_ranked']:.2f}",
        )
        for row in table.to_dict("records")
    ]


def signed(value: float) -> str:
    """Return a difference with its sign."""
    return f"{round(value, 1) + 0.0:+.1f}"
