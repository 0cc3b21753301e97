"""The folder in which a run's results lie: written beside under another name, and renamed once it is complete.

A run that is stopped leaves nothing that looks finished.
"""

from __future__ import annotations

import datetime as dt
import json
import math
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path
from typing import Any

import pandas as pd
from ruamel.yaml import YAML

from stepdown.outputs.board import savings_by_payer
from stepdown.outputs.charts.chart import plain_name
from stepdown.outputs.charts.charts import make_charts, write_charts
from stepdown.outputs.experiment import Results
from stepdown.outputs.manifest import manifest
from stepdown.outputs.measure_files import write_measures
from stepdown.outputs.table_files import Form, write_csv
from stepdown.scenarios.errors import RunError
from stepdown.scenarios.loader import Study


@contextmanager
def new_run_folder(parent: Path, study: Study) -> Iterator[tuple[Path, Path]]:
    """Make a folder to write into, and give it its name when all is written.

    Parameters
    ----------
    parent
        Where runs lie; made if need be.
    study
        What is run; its name is part of the folder's.

    Yields
    ------
    (Path, Path)
        The folder to write into, and the name that it will have. If anything goes wrong it is removed.
    """
    now = dt.datetime.now()
    final = _free_name(parent, f"{study.name}-{now:%Y-%m-%d-%H%M%S}")
    partial = parent / f".{final.name}.unfinished"
    try:
        partial.mkdir(parents=True)
    except OSError as error:
        raise RunError(f"{parent} cannot hold results: {error.strerror}. Name another folder with --output") from None
    try:
        yield partial, final
        partial.rename(final)
    except BaseException:
        shutil.rmtree(partial, ignore_errors=True)
        raise


def _free_name(parent: Path, name: str, ending: str = "") -> Path:
    taken = parent / f"{name}{ending}"
    number = 2
    while taken.exists():
        taken = parent / f"{name}-{number}{ending}"
        number += 1
    return taken


def write_results(
    folder: Path,
    results: Results,
    comparison: pd.DataFrame,
    settings: Iterable[str],
    command: str,
    form: Form,
    jobs: int,
) -> None:
    """Write everything but the tables: scenarios, measures, comparison (if any), charts, and last the manifest."""
    for option in results.options:
        path = _free_name(folder / "scenarios", plain_name(option), ".yaml")
        write_text(path, as_yaml(results.study.options[option].data))
    write_measures(results.summary, folder / "measures", form)
    if len(comparison):
        write_csv(comparison, folder / "comparison.csv")
        write_csv(savings_by_payer(results), folder / "savings-by-payer.csv")
    write_charts(make_charts(results), folder / "charts", jobs)
    write_text(folder / "manifest.json", as_json(manifest(results, settings, command, folder)))


def write_text(path: Path, text: str) -> None:
    """Write a text file; its folder is made if need be."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")


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
