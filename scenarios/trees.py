"""Data as a tree that remembers where each thing was written, so that every fault can point at its place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final, NamedTuple

from stepdown.scenarios.errors import Fault
from stepdown.scenarios.parse_distribution import FAMILIES
from stepdown.scenarios.quantities import FROM_THE_START, looks_like_date
from stepdown.scenarios.words import split_remedy

KeyPath = tuple[str | int, ...]
"""The keys and list numbers that lead to a value."""

BASE: Final = "base"
"""What origins call the facts that hold in every option."""

COMMAND_LINE: Final = "--set"
"""What origins call a value given on the command line."""


class Unreadable:
    """Stands where something was written that has been reported already."""


UNREADABLE: Final = Unreadable()


@dataclass(frozen=True)
class Origin:
    """Where something was written.

    Attributes
    ----------
    file
        The file, or None for a value set on the command line.
    line, column
        Counted from 1; 0 on the command line.
    by
        ``base``, the name of a lever, or ``--set``.
    source
        The text of the line.
    """

    file: Path | None
    line: int
    column: int
    by: str = BASE
    source: str = ""

    def __str__(self) -> str:
        """``file:line:column (by)``."""
        return f"{self.file}:{self.line}:{self.column} ({self.by})" if self.file else self.by


@dataclass(frozen=True)
class Node:
    """A scalar, a map (``dict`` of nodes) or a list (of nodes), with the place of its value and of its key."""

    value: Any
    at: Origin
    key: Origin | None = None

    def children(self) -> Iterator[tuple[str | int, Node]]:
        """Every key or number with its node; nothing for a scalar."""
        if isinstance(self.value, dict):
            yield from self.value.items()
        elif isinstance(self.value, list):
            yield from enumerate(self.value)


class Problem(NamedTuple):
    """Something wrong at a path, not yet tied to a place in a file."""

    path: KeyPath
    rule: str
    remedy: str = ""
    at_key: bool = False


def plain(node: Node) -> Any:
    """Return the data alone, as fresh dicts, lists and scalars."""
    if isinstance(node.value, dict):
        return {key: plain(child) for key, child in node.value.items()}
    if isinstance(node.value, list):
        return [plain(child) for child in node.value]
    return None if node.value is UNREADABLE else node.value


def as_tree(data: Any, at: Origin) -> Node:
    """Return plain data as a tree, all of it written in one place."""
    if isinstance(data, dict):
        return Node({key: as_tree(below, at) for key, below in data.items()}, at)
    return Node([as_tree(below, at) for below in data] if isinstance(data, list) else data, at)


def child(node: Node, key: str | int) -> Node | None:
    """Return the node under one key or list number, or None."""
    if isinstance(node.value, dict):
        return node.value.get(key)
    if isinstance(node.value, list) and isinstance(key, int) and 0 <= key < len(node.value):
        return node.value[key]  # type: ignore[no-any-return]
    return None


def find(node: Node, path: KeyPath) -> Node | None:
    """Return the node at a path, or None."""
    for key in path:
        below = child(node, key)
        if below is None:
            return None
        node = below
    return node


def deepest(node: Node, path: KeyPath) -> Node:
    """Return the node at a path, or the last one on the way that exists."""
    for key in path:
        below = child(node, key)
        if below is None:
            break
        node = below
    return node


def has_unreadable(node: Node) -> bool:
    """Whether it holds something that has been reported as unreadable."""
    return node.value is UNREADABLE or any(has_unreadable(below) for _, below in node.children())


def with_key(node: Node, key: Origin | None) -> Node:
    """Return the same node under another key's place."""
    return replace(node, key=key)


def given_by(node: Node, name: str) -> Node:
    """Return the same tree, said to be given by a lever."""
    value = node.value
    if isinstance(value, dict):
        value = {key: given_by(below, name) for key, below in value.items()}
    elif isinstance(value, list):
        value = [given_by(below, name) for below in value]
    key = replace(node.key, by=name) if node.key else None
    return Node(value, replace(node.at, by=name), key)


def fault_at(origin: Origin, path: KeyPath, rule: str, remedy: str = "") -> Fault:
    """Return the fault with the place that an origin gives; a remedy within the rule is set apart."""
    if not remedy:
        rule, remedy = split_remedy(rule)
    if remedy and remedy[-1] not in ".?!":
        remedy += "."
    return Fault(origin.file, origin.line, origin.column, path, rule, remedy, origin.source)


def locate(tree: Node, problem: Problem) -> Fault:
    """Return the fault for a problem, at its value, else at its key or at whatever holds it."""
    node = deepest(tree, problem.path)
    found = find(tree, problem.path) is not None
    at_key = problem.at_key or not found
    return fault_at(node.key if at_key and node.key else node.at, problem.path, problem.rule, problem.remedy)


def is_wrapper(node: Node) -> bool:
    """Whether it is an assumption: a map with the key ``value``."""
    return isinstance(node.value, dict) and "value" in node.value


def is_distribution(node: Node) -> bool:
    """Whether it is one family of distributions with its parameters."""
    if not isinstance(node.value, dict) or len(node.value) != 1:
        return False
    ((family, below),) = node.value.items()
    # A payer or a lever may be called 'fixed', but a fixed value is never a map.
    return family in FAMILIES and (family != "fixed" or not isinstance(below.value, dict) or is_wrapper(below))


def is_timeline(node: Node) -> bool:
    """Whether it is a map of values from dates."""
    return (
        isinstance(node.value, dict)
        and bool(node.value)
        and all(key == FROM_THE_START or looks_like_date(key) for key in node.value)
    )


def is_leaf(node: Node) -> bool:
    """Whether merging treats it as one value."""
    return not isinstance(node.value, dict) or not node.value or is_wrapper(node) or is_distribution(node)


def leaves(node: Node, path: KeyPath = ()) -> Iterator[tuple[KeyPath, Node]]:
    """Every leaf below a node, with its path."""
    if path and is_leaf(node):
        yield path, node
        return
    for key, below in node.value.items():
        yield from leaves(below, (*path, key))


def walk(node: Node, path: KeyPath = ()) -> Iterator[tuple[KeyPath, Node]]:
    """Every node from this one down, with its path."""
    yield path, node
    for key, below in node.children():
        yield from walk(below, (*path, key))


def origins_of(node: Node) -> dict[KeyPath, Origin]:
    """Return where each value of a tree was written, those within lists and assumptions too."""
    return {path: found.at for path, found in walk(node)}
