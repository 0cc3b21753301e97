"""What a back-test leaves in its folder: the page, the scores, and every forecast beside what came."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from stepdown.calibration.backtesting.page import backtest_paper
from stepdown.calibration.backtesting.report import Backtest, forecast_table, sentences
from stepdown.calibration.disclosure import Disclosure
from stepdown.calibration.new_folders import new_folder
from stepdown.outputs.paper.page import page
from stepdown.outputs.run_folder import as_json, write_text
from stepdown.outputs.table_files import write_csv

PAGE, SCORES, FORECASTS, ABOUT = "backtest.html", "scores.csv", "forecasts.csv", "backtest.json"


def write_backtest(found: Backtest, table: pd.DataFrame, disclosure: Disclosure, folder: Path) -> None:
    """Write a back-test into a new folder, which is there when it is complete.

    Raises
    ------
    RunError
        If the folder is there already, and holds anything.
    """
    with new_folder(folder) as beside:
        write_text(beside / PAGE, page(backtest_paper(found, table, disclosure), {}, "annex"))
        write_csv(table, beside / SCORES)
        write_csv(forecast_table(found, disclosure), beside / FORECASTS)
        write_text(beside / ABOUT, as_json(backtest_data(found, table)))


def backtest_data(found: Backtest, table: pd.DataFrame) -> dict[str, object]:
    """Return what a back-test says as plain data for JSON."""
    return {
        "history": found.name,
        "record": found.kind,
        "from": [each.date.isoformat() for each in found.forecasts],
        "until": found.forecasts[0].edges[-1].isoformat(),
        "months": found.months,
        "runs": found.runs,
        "seed": found.seed,
        "fitted_again": found.remade,
        "scores": table.to_dict("records"),
        "said": list(sentences(found, table)),
    }
