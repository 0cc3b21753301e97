"""Values given on the command line: ``--set settings.transitional.places=15``."""

from __future__ import annotations

from dataclasses import dataclass, replace

from stepdown.scenarios.errors import Fault, ScenarioError
from stepdown.scenarios.explain_faults import keys_at
from stepdown.scenarios.merge import merge
from stepdown.scenarios.quantities import looks_like_date
from stepdown.scenarios.trees import COMMAND_LINE, KeyPath, Node, Origin, child, fault_at, is_leaf, with_key
from stepdown.scenarios.words import did_you_mean
from stepdown.scenarios.yaml_text import parse_value, same_date

ON_COMMAND_LINE = Origin(None, 0, 0, COMMAND_LINE)
"""Where a value stands that was given on the command line."""


@dataclass(frozen=True)
class Override:
    """One value given on the command line."""

    text: str
    keys: tuple[str, ...]
    value: Node


def parse_override(text: str) -> Override:
    """Read ``path=value``; the keys of the path stand between dots, and the value is YAML.

    Raises
    ------
    ScenarioError
        Where there is no path or the value is not YAML.
    """
    path, equals, value = text.partition("=")
    keys = tuple(same_date(key.strip()) for key in path.split("."))
    if not equals or not all(keys):
        rule = f"--set {text}: this is not path=value"
        raise ScenarioError([Fault(None, 0, 0, (), rule, "Write, for example, --set settings.transitional.places=15")])
    try:
        return Override(text, keys, parse_value(value))
    except ScenarioError as error:
        raise ScenarioError(
            [Fault(None, 0, 0, keys, f"--set {text}: {f.rule}", f.remedy) for f in error.faults]
        ) from None


def apply_override(tree: Node, override: Override) -> Node | None:
    """Return the tree with the value set, or None where the path's parent is neither in it nor a part of the schema."""
    return _set(tree, override.keys, override.value, ())


def stands_in(tree: Node, override: Override) -> bool:
    """Whether the tree has a value at the very path."""
    node: Node | None = tree
    for key in override.keys:
        node = _step(node, key) if node is not None else None
    return node is not None


def missing_path(tree: Node, override: Override) -> Fault:
    """Return the fault for a path that no option has, with the nearest key."""
    node, path = tree, list[str]()
    for key in override.keys:
        below = _step(node, key)
        if below is None:
            break
        node, path = below, [*path, key]
    known = [str(name) for name, _ in node.children()]
    wrong = override.keys[len(path)]
    where = ".".join(path) or "the scenario"
    rule = f"--set {override.text}: {where} has no {wrong!r}{did_you_mean(wrong, known)}"
    return fault_at(ON_COMMAND_LINE, override.keys, rule)


def _step(node: Node, key: str) -> Node | None:
    return child(node, int(key) if isinstance(node.value, list) and key.isdecimal() else key)


def _set(node: Node, keys: tuple[str, ...], value: Node, path: KeyPath) -> Node | None:
    if len(keys) > 1:
        below = _step(node, keys[0])
        if below is None and keys[0] in keys_at(path):
            below = Node({}, value.at)  # a part that the schema has and the scenario says nothing of
        changed = _set(below, keys[1:], value, (*path, keys[0])) if below is not None else None
        return _with_child(node, keys[0], changed) if changed is not None else None
    (key,) = keys
    if isinstance(node.value, list):
        return _with_child(node, key, value) if _step(node, key) is not None else None
    if looks_like_date(key) and is_leaf(node):
        # A date below a single value: that value holds until then.
        return merge(node, Node({key: value}, value.at, node.key), path)
    return _with_child(node, key, value) if isinstance(node.value, dict) else None


def _with_child(node: Node, key: str, value: Node) -> Node:
    if isinstance(node.value, list):
        items = list(node.value)
        items[int(key)] = value
        return replace(node, value=items)
    old = node.value.get(key)
    return replace(
        node, value={**node.value, key: with_key(value, old.key if old and old is value else value.key or value.at)}
    )
