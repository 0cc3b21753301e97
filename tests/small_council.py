"""A small council to fit to: a study whose truth is known, and its past as its records would have it."""

from __future__ import annotations

import datetime as dt
import tempfile
from functools import cache
from pathlib import Path

import pandas as pd

from stepdown.calibration.history import STAYS, CouncilHistory, typed
from stepdown.calibration.synthetic.past import simulate_past
from stepdown.scenarios.loader import CARRY_ON, Study, read_study

TRUTH = """\
title: A small council
start: 2021-04-01
years: 4
warm_up: 12 years
groups: {adults: {deaths_per_1000_per_year: 20}}
areas: [north, south]
exits: [left]
settings:
  ward: {places: unlimited}
  flats: {maximum_stay: 2 years, at_maximum: extend, schemes: {mill-lane: {places: 60, area: north}}}
  home: {places: unlimited}
routes:
  ward:
    - {to: flats, share: 100%, ready_after: {gamma: {mean: 60 days, sd: 40 days}}, requires: [papers]}
  flats:
    - {to: home, share: 92%, ready_after: {weibull: {mean: 300 days, shape: 1.5}}, requires: [letting]}
    - {to: ward, share: 8%, ready_after: {weibull: {mean: 300 days, shape: 1.5}}}
  home:
    - {to: left, share: 100%, ready_after: {exponential: {mean: 2 years}}}
steps:
  papers: {delay: {takes: {gamma: {mean: 30 days, sd: 20 days}}}}
  letting: {lettings: {per_year: 55}}
demand:
  - {name: north, from: ward, area: north, per_year: 30}
  - {name: south, from: ward, area: south, per_year: 20}
payers: [council]
prices: {flats: {council: {per_person_per_week: 500}}}
"""
"""What the council is like."""

STRUCTURE = (
    TRUTH.replace("share: 92%", "share: {value: 50%, source: guess}")
    .replace("share: 8%", "share: {value: 50%, source: guess}")
    .replace("weibull: {mean: 300 days, shape: 1.5}", "exponential: {mean: 5 years}")
    .replace("gamma: {mean: 60 days, sd: 40 days}", "exponential: {mean: 1 year}")
    .replace("exponential: {mean: 2 years}", "exponential: {mean: 9 years}")
    .replace("gamma: {mean: 30 days, sd: 20 days}", "exponential: {mean: 1 year}")
    .replace("per_year: 30", "per_year: 3")
    .replace("per_year: 20}", "per_year: 2}")
    .replace("per_1000_per_year: 2}", "per_1000_per_year: 5}")
)
"""What somebody thinks it is like: the same structure, and other numbers."""


def written(folder: Path, text: str = STRUCTURE, options: str = "") -> Path:
    """Write a study, with options if there are any."""
    folder.mkdir(exist_ok=True)
    (folder / "base.yaml").write_text(text, encoding="utf-8")
    if options:
        (folder / "options.yaml").write_text(options, encoding="utf-8")
    return folder


@cache
def past(seed: int = 1) -> CouncilHistory:
    """Return what happened in four years, as the council would have it on record."""
    with tempfile.TemporaryDirectory() as folder:
        scenario = read_study(written(Path(folder), TRUTH)).options[CARRY_ON].scenario
    return simulate_past(scenario, seed, "smallborough")


def study(folder: Path, text: str = STRUCTURE, options: str = "") -> Study:
    """Return a study that is written to a folder."""
    return read_study(written(folder, text, options))


def homes() -> CouncilHistory:
    """Return a few stays in homes, which are fitted in no time: for tests of something else."""
    rows = []
    for number in range(8):
        left = f"202{2 + number // 4}-0{1 + number % 4}-01" if number < 4 else None
        rows.append((f"p{number}", "adults", "home", None, "2021-06-01", None, left, "left" if left else None))
    return history_of(*rows)


def history_of(*stays: tuple[str | None, ...], simulated: bool = True) -> CouncilHistory:
    """Return a history of some stays: person, group, setting, scheme, entered, ready, left, to."""
    columns = ["person", "group", "setting", "scheme", "entered", "ready", "left", "to"]
    table = pd.DataFrame(list(stays), columns=columns)
    begins, ends = dt.date(2021, 4, 1), dt.date(2025, 4, 1)
    return CouncilHistory("by hand", begins, ends, simulated, "made by hand", typed(table, STAYS))
