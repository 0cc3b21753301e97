"""Typing commands: in this process, which is quick, or as a user does, in a shell of its own."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from stepdown import cli

PROGRAM = Path(sys.executable).with_name("stepdown")
"""The console script that was installed with the package."""

TINY = """\
title: A small place
start: 2026-04-01
years: 1
settings:
  community: {places: unlimited}
  flats: {places: 2, maximum_stay: 2 months, at_maximum: extend}
  home: {places: unlimited}
routes:
  community:
    - {to: flats, share: 100%, ready_after: 0 days}
  flats:
    - {to: home, share: 100%, ready_after: {exponential: {mean: 60 days}}, requires: [panel]}
  home:
    - {to: left, share: 100%, ready_after: {exponential: {mean: 1 year}}}
steps:
  panel: {panel: {meets_every: 2 weeks, cases_per_meeting: 3}}
demand:
  - {from: community, per_year: {value: 12, source: "assumption: one a month"}}
caseload: {flats: 2, home: 3}
payers: [council]
prices:
  flats: {council: {per_place_per_week: 500}}
  home: {council: {per_person_per_week: 100}}
levers:
  one-more: {why: "One flat more", settings: {flats: {places: 3}}}
  longer: {years: 2}
options:
  more: {about: "One flat more", levers: [one-more]}
  later: {about: "The same for longer", levers: [longer]}
"""
"""A scenario that runs in an instant; its option 'later' cannot be compared."""

PLAIN = {"PATH": os.environ.get("PATH", ""), "HOME": os.environ.get("HOME", ""), "LANG": "C.UTF-8"}
"""An environment that says nothing of terminals and colours."""


class Answer(NamedTuple):
    """What a command answers."""

    code: int
    out: str
    err: str

    @property
    def data(self) -> Any:
        """What the standard output says as JSON, which knows no NaN."""
        return json.loads(self.out, parse_constant=lambda name: pytest.fail(f"{name} is not JSON"))


Stepdown = Callable[..., Answer]


def shell(*words: object, folder: Path | None = None, **environment: str) -> Answer:
    """Type a command in a shell of its own."""
    done = subprocess.run(
        [PROGRAM, *map(str, words)], cwd=folder, env=PLAIN | environment, capture_output=True, check=False
    )
    return Answer(done.returncode, done.stdout.decode(), done.stderr.decode())


def typing(monkeypatch: pytest.MonkeyPatch, encoding: str = "utf-8") -> Stepdown:
    """Return a function that types a command in this process, on a console of that encoding."""

    def type_(*words: object) -> Answer:
        monkeypatch.setattr(sys, "argv", ["stepdown", *map(str, words)])
        out, err = (io.TextIOWrapper(io.BytesIO(), encoding=encoding) for _ in range(2))
        code: Any = 0
        with redirect_stdout(out), redirect_stderr(err):
            try:
                cli.main()
            except SystemExit as stop:
                code = stop.code or 0
            out.flush()
            err.flush()
        return Answer(code, *(stream.buffer.getvalue().decode(encoding) for stream in (out, err)))

    return type_


def tiny(folder: Path, text: str = TINY) -> Path:
    """Write the small scenario to a file."""
    file = folder / "tiny.yaml"
    file.write_text(text, encoding="utf-8")
    return file


def only(folder: Path) -> Path:
    """Return the one folder of results that lies in a folder."""
    (found,) = folder.iterdir()
    return found


def contents(folder: Path) -> dict[str, bytes]:
    """Return every file below a folder, by its name."""
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in folder.rglob("*") if file.is_file()}
