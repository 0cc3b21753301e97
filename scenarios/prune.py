"""Leaving out what the schema refuses, so that names elsewhere can still be checked in the same reading."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace

from pydantic import ValidationError

from stepdown.scenarios.check_names import check_names
from stepdown.scenarios.errors import Fault
from stepdown.scenarios.names import names_in
from stepdown.scenarios.schema import DIED, Scenario
from stepdown.scenarios.trees import KeyPath, Node, deepest, fault_at, plain, walk

STAND_INS: dict[str | int, object] = {
    "to": DIED,
    "share": 0,
    "ready_after": "1 day",
    "after": "1 day",
    "takes": "1 day",
    "workers": 1,
    "meets_every": "1 day",
    "per_year": 0,
    "amount": 0,
}
"""Values for needed keys, so that one that is missing or wrong does not hide what stands beside it."""

_ROUNDS = 12
"""Each round removes what the last one made incomplete; the schema is less deep than this."""


def name_faults(tree: Node) -> Iterator[Fault]:
    """Yield the undeclared names of a scenario that the schema refuses in parts.

    Parameters
    ----------
    tree
        The scenario, without assumptions.
    """
    names = names_in(plain(tree))
    paths = {id(node): path for path, node in walk(tree)}
    kept = tree
    for _ in range(_ROUNDS):
        try:
            scenario = Scenario.model_validate(plain(kept))
        except ValidationError as error:
            refused = [(tuple(details["loc"]), details["type"]) for details in error.errors()]
            standing_in = {path: Node(STAND_INS[path[-1]], tree.at) for path, _ in refused if path[-1] in STAND_INS}
            wrong = {path[:-1] if kind == "missing" else path for path, kind in refused if path not in standing_in}
            if any(len(path) < 2 and path[:1] in ((), ("start",), ("years",), ("settings",)) for path in wrong):
                kept = _complete(kept)
            kept = _changed(kept, wrong, standing_in, ())
            continue
        for problem in check_names(scenario, names):
            node = deepest(kept, problem.path)
            path = paths.get(id(node))
            # A rebuilt container has lost its path; only names themselves, which are kept whole, are reported.
            if path is not None and not isinstance(node.value, dict | list):
                yield fault_at(node.at, path, problem.rule, problem.remedy)
        return


def _complete(tree: Node) -> Node:
    """Stand in for what every scenario needs."""
    stand_in = {
        "start": Node("2000-01-01", tree.at),
        "years": Node(1, tree.at),
        "settings": Node({"?": Node({}, tree.at)}, tree.at),
    }
    usable = {key: node for key, node in tree.value.items() if key not in stand_in}
    settings = tree.value.get("settings")
    if settings is not None and isinstance(settings.value, dict) and settings.value:
        stand_in["settings"] = settings
    return replace(tree, value={**stand_in, **usable})


def _changed(node: Node, wrong: Collection[KeyPath], standing_in: Mapping[KeyPath, Node], path: KeyPath) -> Node:
    """Return the tree without the nodes at some paths, and with others in their stead.

    Untouched nodes stay the same objects, by which their paths in the file are known.
    """
    added = [there[-1] for there in standing_in if there[:-1] == path]
    below = {key: child for key, child in node.children() if (*path, key) not in wrong and key not in added}
    kept = {key: _changed(child, wrong, standing_in, (*path, key)) for key, child in below.items()}
    kept |= {key: standing_in[(*path, key)] for key in added}
    if kept.keys() == dict(node.children()).keys() and all(kept[key] is child for key, child in node.children()):
        return node
    return replace(node, value=list(kept.values()) if isinstance(node.value, list) else kept)
