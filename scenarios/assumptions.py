"""Assumptions: a value with its range, source, owner, date and quality."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from stepdown.scenarios.fields import Part
from stepdown.scenarios.quantities import (
    is_number,
    parse_date,
    parse_duration,
    parse_growth,
    parse_money,
    parse_share,
)
from stepdown.scenarios.trees import UNREADABLE, KeyPath, Node, Problem, is_wrapper, plain
from stepdown.scenarios.words import did_you_mean

_TEXTS = ("source", "owner", "quality")


class Assumption(Part):
    """A value that somebody answers for."""

    path: KeyPath
    """The keys that lead to it."""
    value: Any
    """What is assumed, as it was written."""
    low: Any = None
    """The lowest value that is plausible, as it was written."""
    high: Any = None
    """The highest value that is plausible, as it was written."""
    source: str = ""
    """Where it comes from, or the reasoning."""
    owner: str = ""
    """Who answers for it."""
    dated: dt.date | None = None
    """The date of the evidence or of the judgement."""
    quality: str = ""
    """How good the evidence is, such as 'good', 'fair' or 'poor'."""


KEYS = tuple(name for name in Assumption.model_fields if name != "path")
"""The keys that an assumption may have."""


@dataclass(frozen=True)
class Unwrapped:
    """A tree with every assumption replaced by its value.

    Attributes
    ----------
    tree
        The values alone, at their own places.
    assumptions
        What was said about them.
    problems
        What is wrong with the assumptions, by their paths in the tree as it was written.
    """

    tree: Node
    assumptions: tuple[Assumption, ...]
    problems: tuple[Problem, ...]


def unwrap(tree: Node) -> Unwrapped:
    """Replace every assumption in a tree by its value, and record and check what it says."""
    walk = _Walk()
    # The whole is never an assumption, even where somebody wrote 'value' at the top.
    entries = {key: walk.node(below, (key,), (key,)) for key, below in tree.value.items()}
    return Unwrapped(replace(tree, value=entries), tuple(walk.assumptions), tuple(walk.problems))


@dataclass
class _Walk:
    assumptions: list[Assumption] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def node(self, node: Node, path: KeyPath, written: KeyPath) -> Node:
        """Return the values of a node; ``written`` is the path in the file, with every ``value`` on the way."""
        if is_wrapper(node):
            return self._assumption(node, path, written)
        if isinstance(node.value, dict):
            entries = {key: self.node(below, (*path, key), (*written, key)) for key, below in node.value.items()}
            return replace(node, value=entries)
        if isinstance(node.value, list):
            items = [self.node(below, (*path, i), (*written, i)) for i, below in enumerate(node.value)]
            return replace(node, value=items)
        return node

    def _assumption(self, node: Node, path: KeyPath, written: KeyPath) -> Node:
        inner: Node = node.value["value"]
        if is_wrapper(inner):
            self._wrong((*written, "value"), "an assumption stands inside an assumption", "Keep one of the two.")
            return Node(UNREADABLE, inner.at, node.key)
        value = self.node(inner, path, (*written, "value"))
        said = {key: plain(below) for key, below in node.value.items()}
        found = len(self.problems)
        self._check_keys(said, written)
        self._check_texts(said, written)
        self._check_date(said, written)
        self._check_range(said, written)
        if len(self.problems) == found:
            said["dated"] = parse_date(said["dated"]) if said.get("dated") is not None else None
            said["value"] = plain(value)
            given = {key: item for key, item in said.items() if item is not None or key == "value"}
            self.assumptions.append(Assumption(path=path, **given))
        return replace(value, key=node.key)

    def _check_keys(self, said: dict[str, Any], written: KeyPath) -> None:
        for key in said.keys() - set(KEYS):
            rule = f"an assumption has no {key!r}{did_you_mean(key, KEYS)}"
            self.problems.append(Problem((*written, key), rule, at_key=True))
        if len(said) == 1:
            rule = "an assumption says nothing but its value"
            self._wrong(written, rule, "Write the value alone, or add low, high, source, owner, dated or quality.")

    def _check_texts(self, said: dict[str, Any], written: KeyPath) -> None:
        for key in _TEXTS:
            if not isinstance(said.get(key), str | None):
                self._wrong((*written, key), f"{said[key]!r} is not text", "Put it in quotes.")

    def _check_date(self, said: dict[str, Any], written: KeyPath) -> None:
        try:
            if said.get("dated") is not None:
                parse_date(said["dated"])
        except ValueError as error:
            self._wrong((*written, "dated"), str(error))

    def _check_range(self, said: dict[str, Any], written: KeyPath) -> None:
        for low, high in (("low", "value"), ("value", "high"), ("low", "high")):
            if said.get(low) is None or said.get(high) is None:
                continue
            at = (*written, low if low == "low" else high)
            amounts = _comparable(said[low], said[high])
            if amounts is None and _amounts(said[low]) and _amounts(said[high]):
                self._wrong(at, f"{low} {said[low]!r} and {high} {said[high]!r} are different kinds of quantity")
            if amounts is not None and amounts[0] > amounts[1]:
                rule = f"{low} {said[low]!r} is more than {high} {said[high]!r}"
                self._wrong(at, rule, "The order is low, value, high.")

    def _wrong(self, path: KeyPath, rule: str, remedy: str = "") -> None:
        self.problems.append(Problem(path, rule, remedy))


_KINDS: dict[str, Callable[[Any], float]] = {
    "share": parse_share,
    "growth": parse_growth,
    "duration": parse_duration,
    "money": parse_money,
}


def _amounts(raw: Any) -> dict[str, float]:
    """Return the size of a simple quantity for each kind that it can be read as."""
    if is_number(raw):
        return {"number": float(raw), "share": float(raw), "money": float(raw)}
    amounts = {}
    for kind, parse in _KINDS.items():
        try:
            amounts[kind] = parse(raw)
        except ValueError:
            continue
    return amounts


def _comparable(one: Any, other: Any) -> tuple[float, float] | None:
    """Return both sizes in a kind that they share, or None."""
    first, second = _amounts(one), _amounts(other)
    return next(((first[kind], second[kind]) for kind in first if kind in second), None)
