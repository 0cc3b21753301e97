"""The values that are looked for: which they are, between which limits, and an option with other values of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from stepdown.calibration.matching.priors import Numbers, Prior, prior_of
from stepdown.scenarios.amounts import with_amounts
from stepdown.scenarios.errors import ChoiceError, Fault, ScenarioError
from stepdown.scenarios.inputs import Input, find_input, inputs_of, no_such_input
from stepdown.scenarios.loader import Option
from stepdown.scenarios.trees import KeyPath, Node, fault_at
from stepdown.scenarios.words import did_you_mean
from stepdown.scenarios.written import PERCENT
from stepdown.scenarios.yaml_text import read_yaml, resolve

UNKNOWNS = "unknowns.yaml"
"""The file of a study's folder that says what is looked for."""

FIELDS = ("low", "high", "why")
"""What may be said of an unknown."""

_ASKED = re.compile(r"\s*(?P<path>[^=]+?)\s*=\s*(?P<low>.+?)\s+to\s+(?P<high>.+?)\s*")


@dataclass(frozen=True)
class Asked:
    """An unknown as somebody wrote it down.

    Attributes
    ----------
    path
        Where the value stands, as for ``--set``.
    low, high
        The limits, as a scenario would hold them.
    why
        Why it is not known, or where the limits come from.
    where
        How to speak of the place at which it was written.
    """

    path: str
    low: Any
    high: Any
    why: str
    where: str


@dataclass(frozen=True)
class Unknown:
    """A value that is looked for.

    Attributes
    ----------
    input
        What it is in the option, and how it is written.
    prior
        What is thought of it beforehand.
    why
        Why it is not known; may be empty.
    """

    input: Input
    prior: Prior
    why: str = ""

    @property
    def name(self) -> str:
        """The path of the value, as it is typed."""
        return self.input.name

    def amounts(self, ranks: Numbers) -> Numbers:
        """Return the amounts below which such shares of the prior lie, as they can be written."""
        amounts = self.prior.amounts(ranks)
        if not self.input.written.whole:
            return amounts
        return np.clip(np.floor(amounts + 0.5), np.ceil(self.prior.low), np.floor(self.prior.high))


def asked_unknown(text: str) -> Asked:
    """Read an unknown as it is typed: ``PATH=LOW to HIGH``.

    Raises
    ------
    ChoiceError
        If it is nothing of the kind.
    """
    found = _ASKED.fullmatch(text)
    if found is None:
        raise ChoiceError(
            f"--unknown {text}: this is not PATH=LOW to HIGH. "
            "Write, for example, --unknown 'steps.letting.lettings.per_year=20 to 60'"
        )
    where = f"--unknown {found['path']}"
    return Asked(found["path"], resolve(found["low"]), resolve(found["high"]), "asked for", where)


def read_unknowns(file: Path) -> list[Asked]:
    """Read a file of unknowns; there may be none.

    Raises
    ------
    ScenarioError
        With everything that is wrong with the file.
    """
    if not file.is_file():
        return []
    document = read_yaml(file)
    faults = list(document.faults)
    entries = document.root.value.get("unknowns")
    if entries is None or not isinstance(entries.value, dict) or len(document.root.value) > 1:
        rule = "the file holds one map, 'unknowns', from paths to their low and high values"
        faults.append(fault_at(document.root.at, (), rule))
        raise ScenarioError(faults)
    found = [_read_one(path, node, file, faults) for path, node in entries.value.items()]
    if faults:
        raise ScenarioError(faults)
    return [asked for asked in found if asked is not None]


def _read_one(path: str, node: Node, file: Path, faults: list[Fault]) -> Asked | None:
    keys: KeyPath = ("unknowns", path)
    if not isinstance(node.value, dict) or not {"low", "high"} <= node.value.keys():
        faults.append(fault_at(node.key or node.at, keys, "needs 'low' and 'high'"))
        return None
    for key, below in node.value.items():
        if key not in FIELDS:
            rule = f"an unknown has no {key!r}{did_you_mean(key, FIELDS)}"
            faults.append(fault_at(below.key or below.at, (*keys, key), rule))
        elif isinstance(below.value, dict | list):
            faults.append(fault_at(below.at, (*keys, key), "write one value"))
    low, high, why = (node.value[key].value if key in node.value else "" for key in FIELDS)
    return Asked(path, low, high, str(why), f"{file.name}: {path}")


def find_unknowns(option: Option, written: Sequence[Asked], typed: Sequence[Asked]) -> list[Unknown]:
    """Return what is looked for: what a file and the command line name, else every assumption with a low and a high.

    Parameters
    ----------
    option
        The option that is calibrated.
    written, typed
        What the study's file names, and what the command line does; the latter prevails.

    Raises
    ------
    ChoiceError
        If there is nothing to look for, or something named cannot be.
    """
    asked = {one.path: one for one in (*written, *typed)}
    found = [_unknown(option, one) for one in asked.values()] if asked else list(_assumed(option))
    if not found:
        raise ChoiceError(
            f"nothing to look for: {option.name} has no assumption with a low and a high value that shapes what "
            f"happens. Name one with --unknown 'PATH=LOW to HIGH', or write {UNKNOWNS} beside the study"
        )
    _refuse_overlaps(option, found)
    return found


def _unknown(option: Option, asked: Asked) -> Unknown:
    found = find_input(option, asked.path)
    if found is None:
        raise ChoiceError(str(no_such_input(option, asked.path)).replace("--input", "--unknown", 1))
    if found.is_money:
        raise ChoiceError(f"{asked.where} is money, which no record of stays can tell. Take it out")
    try:
        low, high = found.written.amount(asked.low), found.written.amount(asked.high)
    except ValueError as error:
        raise ChoiceError(f"{asked.where}: {error}") from None
    if not low < high:
        raise ChoiceError(f"{asked.where}: the low value {asked.low!r} is not below the high one {asked.high!r}")
    return Unknown(found, _prior(found, low, high), asked.why)


def _assumed(option: Option) -> Iterator[Unknown]:
    for found in inputs_of(option):
        # Who is there at first is not looked for: the council's own residents are those of its records.
        shapes = not found.is_money and found.path[0] != "caseload"
        if shapes and found.low is not None and found.high is not None and found.low < found.high:
            yield Unknown(found, _prior(found, found.low, found.high), "an assumption of the study")


def _prior(found: Input, low: float, high: float) -> Prior:
    return prior_of(low, high, found.written.unit == PERCENT, found.written.whole)


def _refuse_overlaps(option: Option, unknowns: Sequence[Unknown]) -> None:
    """Refuse unknowns of which one holds another, and limits that the scenario does not allow."""
    paths = {unknown.input.path for unknown in unknowns}
    for unknown in unknowns:
        path = unknown.input.path
        above = next((path[:length] for length in range(1, len(path)) if path[:length] in paths), None)
        if above is not None:
            raise ChoiceError(f"{unknown.name} is a part of {'.'.join(map(str, above))}: look for one of the two")
    for which, rank in (("low", 0.0), ("high", 1.0)):
        try:
            with_amounts(option, {unknown.input: amount_at(unknown, rank) for unknown in unknowns})
        except ScenarioError as error:
            rules = "; ".join(fault.rule for fault in error.faults)
            raise ChoiceError(
                f"with every unknown at its {which} value the scenario does not hold: {rules}. Change the limits, or "
                "look for fewer: one share of those that make up 100% has to give way"
            ) from None


def amount_at(unknown: Unknown, rank: float) -> float:
    """Return the amount below which such a share of the prior lies."""
    return float(unknown.amounts(np.array([rank]))[0])
