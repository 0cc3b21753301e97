"""A run whose paper has to hold more than there is room for, with names that want to be markup and formulas."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from commands import only, typing

from stepdown.outputs.paper.blocks import Block, Picture, Points, Side, Table, Words
from stepdown.outputs.paper.facts import Facts, read_facts

BAD = "<script>alert(1)</script>"
"""A text that would run if it were taken as it is."""

LONG = "with-a-name-that-goes-on-and-on-and-on-until-nobody-reads-it"
SOURCE = "assumption: " + "a reason that is given at some length, because somebody will ask for it one day; " * 3


def _assumed(value: Any, low: Any, high: Any, quality: str = "poor") -> dict[str, Any]:
    return {"value": value, "low": low, "high": high, "source": SOURCE, "quality": quality, "owner": BAD}


def crowded() -> dict[str, Any]:
    """Return a scenario with more of everything than a paper shows."""
    limited = [f"setting-{number}-{LONG}" for number in range(8)]
    groups, areas = [f"group {number} {BAD}" for number in range(4)], [f"=area {number} {LONG}" for number in range(6)]
    payers = {f"payer-{number}-{LONG}": {"sector": "nhs" if number % 2 else "council"} for number in range(9)}
    steps = {f"step-{number}-{LONG}": {"delay": {"takes": "2 weeks"}} for number in range(7)}
    routes: dict[str, Any] = {
        "community": [{"to": name, "share": 0.125, "ready_after": "0 days"} for name in limited],
    }
    for name in limited:
        routes[name] = [
            {"to": "home", "share": 1, "ready_after": {"exponential": {"mean": "1 year"}}, "requires": list(steps)}
        ]
    routes["home"] = [{"to": "left", "share": 1, "ready_after": {"exponential": {"mean": "1 year"}}}]
    settings: dict[str, Any] = {
        name: {"places": "unlimited", "level": level} for name, level in (("community", 3), ("home", 1))
    }
    settings |= {name: {"places": _assumed(2, 1, 3), "review_every": "6 months", "level": 2} for name in limited}
    names = list(payers)
    return {
        "title": f"={BAD} & a title that goes on: {LONG}",
        "start": "2026-04-01",
        "years": 13,
        "groups": {name: {"deaths_per_1000_per_year": 10} for name in groups},
        "areas": areas,
        "settings": settings,
        "routes": routes,
        "steps": steps,
        "demand": [{"from": "community", "group": group, "per_year": _assumed(6, 4, 8)} for group in groups],
        "caseload": {name: [{"people": 1, "group": groups[0]}] for name in limited},
        "payers": payers,
        "price_base": "2026/27",
        "prices": {
            name: {names[at % 9]: {"per_person_per_week": 500 + at}, names[(at + 1) % 9]: {"per_place_per_week": 90}}
            for at, name in enumerate(limited)
        },
        "appraisal": {"optimism_bias": {"savings": "20%"}, "delivery_confidence": "50%"},
        "levers": {
            f"lever-{number}": {"why": BAD, "settings": {limited[number % 8]: {"places": 3 + number}}}
            for number in range(12)
        },
        "options": {
            f"option {number} {BAD} {LONG}": {
                "about": f"@{BAD} " + "what it is about, at length; " * 6,
                "levers": [f"lever-{number}"],
            }
            for number in range(12)
        },
    }


def compared(folder: Path, scenario: str, runs: int = 2, *words: object) -> Path:
    """Compare the options of a scenario within a folder, and return the folder of the run."""
    study = folder / "study.yaml"
    study.write_text(scenario, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        answer = typing(patch)("compare", study, "--runs", runs, "--jobs", 1, "-o", "runs", "-q", *words)
    assert answer.code == 0, answer.err
    return only(folder / "runs")


def crowded_run(folder: Path) -> Path:
    """Compare the options of the crowded scenario, with break-even sentences beside them."""
    run = compared(folder, json.dumps(crowded()))
    sentences = [f"Sentence {number} {BAD}: " + "it stops paying above so much a week; " * 12 for number in range(9)]
    options = json.loads((run / "manifest.json").read_text(encoding="utf-8"))["options"]
    found = [{"option": option, "sentence": sentence} for option in options for sentence in sentences]
    (run / "breakeven.json").write_text(json.dumps({"break_evens": found}), encoding="utf-8")
    return run


def facts_of(run: Path, option: str | None = None) -> Facts:
    """Read what a paper on a run needs to know."""
    return read_facts(run, option)


class Element(NamedTuple):
    """A tag that was opened, with its attributes."""

    tag: str
    attributes: dict[str, str | None]


EMPTY = {"meta", "br", "wbr", "link", "img"}


class Reader(HTMLParser):
    """Reads a page, and holds it to opening and closing its tags in pairs."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[Element] = []
        self.texts: list[tuple[str, str]] = []
        self._open: list[str] = []
        self._within_a_word = False
        self.feed(text)
        self.close()
        assert self._open == [], f"never closed: {self._open}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._within_a_word = tag == "wbr"
        self.elements.append(Element(tag, dict(attrs)))
        if tag not in EMPTY:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(Element(tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self._open, f"</{tag}> closes nothing"
        assert self._open[-1] == tag, f"</{tag}> closes <{self._open[-1]}>"
        self._open.pop()

    def handle_data(self, data: str) -> None:
        if self._within_a_word:
            within, before = self.texts.pop()
            self.texts.append((within, before + data))
        elif data.strip():
            self.texts.append((self._open[-1] if self._open else "", data))
        self._within_a_word = False

    def all(self, *tags: str) -> list[Element]:
        """Return the elements of some tags, in order."""
        return [element for element in self.elements if element.tag in tags]

    def text(self, tag: str = "") -> str:
        """Return all text, or that which stands directly in a tag."""
        return re.sub(r"\s+", " ", " ".join(text for within, text in self.texts if tag in {"", within}))


WIDE = 182.0
"""Millimetres of the width of the text."""


def height_of(side: Side) -> float:
    """Return about how many millimetres a side takes with wide letters: a plain count of lines, without a browser."""
    return 16.0 + sum(6.0 + sum(_height(block) for block in part.blocks) for part in side.parts)


def _height(block: Block) -> float:
    if isinstance(block, Words):
        return 1.0 + 4.6 * _lines(" ".join(block.sentences), 95)
    if isinstance(block, Points):
        return 1.0 + 4.6 * sum(_lines(sentence, 90) for sentence in block.sentences)
    if isinstance(block, Table):
        rows = [block.head, *([getattr(cell, "word", cell) for cell in row] for row in block.rows)]
        return 4.0 + 3.5 * _lines(block.note, 115) + sum(1.3 + 3.6 * _row(row) for row in rows)
    if isinstance(block, Picture):
        width, height = block.chart.figure().get_size_inches()
        return 4.0 + 3.5 * _lines(block.chart.subtitle, 115) + WIDE * height / width
    return 5.0


def _lines(text: str, letters: int) -> int:
    return -(-len(text) // letters)


def _row(cells: Sequence[str]) -> int:
    """Return the lines of a row whose columns share the width by their longest texts, as a browser has it."""
    return max(1, -(-sum(max(len(cell), 6) for cell in cells) // 105))
