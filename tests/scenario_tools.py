"""Small scenario files and the faults that reading them gives, for several kinds of test."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

from stepdown.scenarios.errors import ScenarioError
from stepdown.scenarios.loader import Study, read_study

SOUND = """\
title: A small place
start: 2026-04-01
years: 2
settings:
  community: {places: unlimited}
  home: {places: 3}
routes:
  community:
    - {to: home, share: 100%, ready_after: 0 days}
  home:
    - {to: left, share: 100%, ready_after: {exponential: {mean: 1 year}}}
demand:
  - {from: community, per_year: 4}
"""


def write(folder: Path, text: str, name: str = "study.yaml") -> Path:
    file = folder / name
    file.write_text(textwrap.dedent(text), encoding="utf-8")
    return file


def faults_of(text: str, folder: Path) -> list[str]:
    """Every fault as ``line:column path: rule``."""
    with pytest.raises(ScenarioError) as refused:
        read_study(write(folder, text))
    return [
        f"{fault.line}:{fault.column} {'.'.join(map(str, fault.path))}: {fault.rule}" for fault in refused.value.faults
    ]


def read(text: str, folder: Path) -> Study:
    return read_study(write(folder, text))
