"""Small councils with a known truth, and their records."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

from stepdown.calibration.history import CouncilHistory
from stepdown.calibration.history_files import write_history
from stepdown.calibration.matching.calibrate import what_is_sought
from stepdown.calibration.matching.pool import Sought
from stepdown.calibration.matching.unknowns import Asked, find_unknowns
from stepdown.calibration.synthetic.past import simulate_past
from stepdown.scenarios.loader import CARRY_ON, Study, read_study

FLATS = """\
title: Twelve flats
start: 2022-04-01
years: 3
warm_up: 6 years
settings:
  ward: {places: unlimited}
  flats: {places: 12}
  home: {places: unlimited}
routes:
  ward:
    - {to: flats, share: 70%, ready_after: {exponential: {mean: 6 weeks}}}
    - {to: left, share: 30%, ready_after: {exponential: {mean: 6 weeks}}}
  flats:
    - {to: home, share: 100%, ready_after: {exponential: {mean: 5 months}}, requires: [letting]}
  home:
    - {to: left, share: 100%, ready_after: {exponential: {mean: 8 months}}}
steps:
  letting: {lettings: {per_year: {value: 20, low: 12, high: 60, source: "assumption: a guess"}, kept_for: 2 weeks}}
demand:
  - {from: ward, per_year: {value: 24, low: 15, high: 40, source: "assumption: a guess"}}
payers: [council]
prices:
  flats: {council: {per_person_per_week: {value: 500, low: 400, high: 600, source: "assumption: a guess"}}}
levers:
  more: {settings: {flats: {places: 15}}}
options:
  more-flats: [more]
"""
"""Lettings are scarce, so that flats are blocked."""

NEED = "routes.flats.0.ready_after.exponential.mean"
SHARE = "routes.ward.0.share"
LETTINGS = "steps.letting.lettings.per_year"


def flats(folder: Path, text: str = FLATS) -> Study:
    """Write the study into a folder, and read it."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "base.yaml").write_text(text, encoding="utf-8")
    return read_study(folder)


def past_of(study: Study, seed: int = 5) -> CouncilHistory:
    """Return a past of the study's own truth."""
    return simulate_past(study.options[CARRY_ON].scenario, seed, "borough")


def stays_alone(history: CouncilHistory) -> CouncilHistory:
    """Return the same records where nobody wrote down who was ready, asked for a place, or was at which step."""
    unknown = history.stays["ready"].mask(history.stays["entered"].notna())
    stays = history.stays.assign(ready=unknown)
    return dataclasses.replace(history, stays=stays, requests=history.requests[:0], steps=history.steps[:0])


def written(history: CouncilHistory, folder: Path) -> Path:
    """Write records into a folder, and return it."""
    write_history(history, folder)
    return folder


def look_for(study: Study, history: CouncilHistory, seed: int = 1, **limits: tuple[Any, Any]) -> Sought:
    """Return what is looked for: paths with their limits, and underscores twice for dots."""
    asked = [Asked(path.replace("__", "."), low, high, "", path) for path, (low, high) in limits.items()]
    return what_is_sought(study, history, find_unknowns(study.options[CARRY_ON], asked, []), seed)
