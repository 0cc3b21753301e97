"""How one set of facts is laid over another: maps merge, everything else is replaced.

An assumption and a distribution are one value each. Values from dates merge by date; laid over a single value they keep
it from the start. A step keeps its parameters only while its kind stays the same.
"""

from __future__ import annotations

from dataclasses import replace

from stepdown.scenarios.quantities import FROM_THE_START
from stepdown.scenarios.trees import KeyPath, Node, is_distribution, is_leaf, is_timeline, is_wrapper


def merge(base: Node, over: Node, path: KeyPath = ()) -> Node:
    """Return the base with another tree laid over it.

    Parameters
    ----------
    base, over
        The two trees; neither is changed.
    path
        Where they stand, which decides how they merge.
    """
    if not path:
        return _entries(base, over, path)
    if is_timeline(over):
        return _from_dates(base, over, path)
    if is_leaf(over) and over.value != {}:
        return over
    if not isinstance(base.value, dict) or is_wrapper(base) or is_distribution(base):
        return over
    if _another_kind(base, over, path):
        return over
    return _entries(base, over, path)


def _entries(base: Node, over: Node, path: KeyPath) -> Node:
    merged = dict(base.value)
    for key, node in over.value.items():
        merged[key] = merge(merged[key], node, (*path, key)) if key in merged else node
    return replace(base, value=merged)


def _from_dates(base: Node, over: Node, path: KeyPath) -> Node:
    if is_wrapper(base) and is_timeline(base.value["value"]):
        base = replace(base.value["value"], key=base.key)
    if is_timeline(base):
        return _entries(base, over, path)
    if isinstance(base.value, list) or is_distribution(base) or (isinstance(base.value, dict) and not is_wrapper(base)):
        return over
    return replace(over, value={FROM_THE_START: base, **over.value})


def _another_kind(base: Node, over: Node, path: KeyPath) -> bool:
    """Whether a step becomes one of another kind."""
    is_step = len(path) == 2 and path[0] == "steps"
    return is_step and bool(over.value) and not base.value.keys() & over.value.keys()
