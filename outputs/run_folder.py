"""The folder in which a run's results lie."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable
from concurrent.futures import Executor
from io import StringIO
from pathlib import Path
from typing import Any

import pandas as pd
from ruamel.yaml import YAML

from stepdown.outputs.board import savings_by_payer
from stepdown.outputs.by_area import by_area
from stepdown.outputs.charts.charts import make_charts, write_charts
from stepdown.outputs.experiment import Results
from stepdown.outputs.manifest import manifest
from stepdown.outputs.measure_files import write_measures
from stepdown.outputs.run_files import MANIFEST, SCENARIO_ENDING, SCENARIOS, SUMMARY, file_names
from stepdown.outputs.summary_files import write_summary
from stepdown.outputs.table_files import Form, write_csv
from stepdown.scenarios.schema import UNCERTAINTY


def write_results(
    folder: Path,
    results: Results,
    comparison: pd.DataFrame,
    settings: Iterable[str],
    command: str,
    form: Form,
    pool: Executor | None,
) -> None:
    """Write everything but the tables: scenarios, measures, comparison (if any), charts, and last the manifest."""
    _write_scenarios(results, folder / SCENARIOS)
    write_summary(results.summary, folder / SUMMARY)
    write_measures(results.summary, folder / "measures", form)
    if len(comparison):
        write_csv(comparison, folder / "comparison.csv")
        if len(results.doubt):
            write_csv(results.doubt, folder / "doubt.csv")
        write_csv(savings_by_payer(results), folder / "savings-by-payer.csv")
        if len(areas := by_area(results)):
            write_csv(areas, folder / "comparison-by-area.csv")
    write_charts(make_charts(results), folder / "charts", pool)
    write_text(folder / MANIFEST, as_json(manifest(results, settings, command, folder)))


def _write_scenarios(results: Results, folder: Path) -> None:
    """Write each option as it was resolved; draws of inputs go to CSV files, which are read faster, once each."""
    written: list[Any] = []
    for option, name in file_names(results.options, SCENARIO_ENDING).items():
        data = dict(results.study.options[option].data)
        draws = data.get(UNCERTAINTY)
        if draws:
            if draws not in written:
                written.append(draws)
                write_text(folder / _draws_name(len(written)), pd.DataFrame(draws).to_csv(index=False))
            data[UNCERTAINTY] = _draws_name(written.index(draws) + 1)
        write_text(folder / name, as_yaml(data))


def _draws_name(number: int) -> str:
    return "draws.csv" if number == 1 else f"draws-{number}.csv"


def write_text(path: Path, text: str) -> None:
    """Write a text file; its folder is made if need be."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")


def write_text_whole(path: Path, text: str) -> None:
    """Write a text file that somebody may have already: there is the old one, or none, until all is written."""
    partial = path.with_name(f".{path.name}.unfinished")
    try:
        write_text(partial, text)
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


def as_yaml(data: Any) -> str:
    """Return plain data as YAML that can be read again."""
    yaml = YAML()
    yaml.default_flow_style = False
    yaml.width = 120
    text = StringIO()
    yaml.dump(data, text)
    return text.getvalue()


def as_json(data: Any) -> str:
    """Return plain data as JSON; what is missing or without end is null, because JSON knows neither."""
    return json.dumps(_finite(data), indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def _finite(data: Any) -> Any:
    if isinstance(data, dict):
        return {key: _finite(value) for key, value in data.items()}
    if isinstance(data, list):
        return [_finite(value) for value in data]
    return None if isinstance(data, float) and not math.isfinite(data) else data
