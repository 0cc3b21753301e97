"""Files that extend one another, their levers, and the options that combine levers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from pathlib import Path

from stepdown.scenarios.errors import Fault, ScenarioError
from stepdown.scenarios.merge import merge
from stepdown.scenarios.trees import KeyPath, Node, Origin, fault_at, given_by, leaves, plain
from stepdown.scenarios.words import did_you_mean
from stepdown.scenarios.yaml_text import Document, read_yaml

CARRY_ON = "carry-on"
"""The option that changes nothing; every other is compared with it."""

FRAME = ("extends", "levers", "options")
"""The keys of a file that are not facts."""


@dataclass(frozen=True)
class Lever:
    """A named change to the facts."""

    name: str
    changes: Node
    why: str
    at: Origin


@dataclass(frozen=True)
class Choice:
    """An option as it is declared: a combination of levers."""

    name: str
    levers: tuple[str, ...]
    about: str
    at: Origin


@dataclass(frozen=True)
class Facts:
    """What a file and all that it extends say together.

    Attributes
    ----------
    base
        The facts that hold in every option.
    levers, choices
        By name, in the order of the files; ``carry-on`` comes first.
    files
        Every file that was read, the nearest first.
    faults
        What is wrong with the frame: the levers and options.
    """

    base: Node
    levers: dict[str, Lever]
    choices: dict[str, Choice]
    files: tuple[Path, ...]
    faults: tuple[Fault, ...]


def read_facts(file: Path) -> Facts:
    """Read a file with all that it extends.

    Raises
    ------
    ScenarioError
        Where a file cannot be read at all.
    """
    documents = _chain(file)
    faults = [fault for document in documents for fault in document.faults]
    base = Node({}, documents[0].root.at)
    levers: dict[str, Lever] = {}
    choices: dict[str, Choice] = {}
    for document in reversed(documents):
        entries = document.root.value
        facts = {key: node for key, node in entries.items() if key not in FRAME}
        base = merge(base, replace(document.root, value=facts)) if base.value else replace(document.root, value=facts)
        levers.update(_levers(entries.get("levers"), faults))
        choices.update(_choices(entries.get("options"), faults))
    choices = _with_carry_on(choices, documents[0], faults)
    faults += _unknown_levers(choices, levers)
    faults += _conflicts(choices, levers)
    faults += _idle(base, levers)
    files = tuple(document.file for document in documents if document.file)
    return Facts(base, levers, choices, files, tuple(faults))


def resolve_levers(base: Node, levers: Sequence[Lever]) -> Node:
    """Return the facts with levers applied in their order."""
    for lever in levers:
        base = merge(base, lever.changes)
    return base


def _chain(file: Path) -> list[Document]:
    """Read a file and all that it extends, the nearest first."""
    documents = [read_yaml(file)]
    while (named := documents[-1].root.value.get("extends")) is not None:
        seen = [document.file.resolve() for document in documents if document.file]
        gathered = [fault for document in documents for fault in document.faults]
        if not isinstance(named.value, str):
            wrong = fault_at(named.at, ("extends",), "is not the name of a file", "Write 'extends: base.yaml'.")
            raise ScenarioError([*gathered, wrong])
        following = (documents[-1].file or file).parent / named.value
        if following.resolve() in seen:
            wrong = fault_at(named.at, ("extends",), f"{named.value} extends this file in turn, without end")
            raise ScenarioError([*gathered, wrong])
        try:
            documents.append(read_yaml(following))
        except ScenarioError as error:
            raise ScenarioError([*gathered, *(_at_extends(fault, named) for fault in error.faults)]) from None
    return documents


def _at_extends(fault: Fault, named: Node) -> Fault:
    """Show a file that cannot be opened where it is named."""
    return fault if fault.line else fault_at(named.at, ("extends",), f"{named.value}: {fault.rule}")


def _levers(node: Node | None, faults: list[Fault]) -> Iterator[tuple[str, Lever]]:
    for name, changes in _map_of(node, ("levers",), faults):
        if not isinstance(changes.value, dict):
            rule = "a lever needs the keys that it changes"
            faults.append(fault_at(changes.at, ("levers", name), rule, "Write them as in the base file."))
            continue
        entries = dict(changes.value)
        why = _text(entries.pop("why", None), ("levers", name, "why"), faults)
        tree = given_by(replace(changes, value=entries), name)
        yield name, Lever(name, tree, why, changes.key or changes.at)


def _choices(node: Node | None, faults: list[Fault]) -> Iterator[tuple[str, Choice]]:
    for name, option in _map_of(node, ("options",), faults):
        path, about, listed = ("options", name), "", option
        if isinstance(option.value, dict):
            for key in option.value.keys() - {"levers", "about"}:
                rule = f"an option has no {key!r}{did_you_mean(key, ('levers', 'about'))}"
                faults.append(fault_at(option.value[key].key or option.at, (*path, key), rule))
            about = _text(option.value.get("about"), (*path, "about"), faults)
            listed = option.value.get("levers", replace(option, value=[]))
        if not isinstance(listed.value, list) or not all(isinstance(item.value, str) for item in listed.value):
            rule = "an option is a list of levers"
            faults.append(fault_at(listed.at, path, rule, f"Write '{name}: [lever, lever]', or [] for none."))
            continue
        yield name, Choice(name, tuple(item.value for item in listed.value), about, option.key or option.at)


def _map_of(node: Node | None, path: KeyPath, faults: list[Fault]) -> Iterator[tuple[str, Node]]:
    if node is not None and isinstance(node.value, dict):
        yield from node.value.items()
    elif node is not None and node.value is not None:
        faults.append(fault_at(node.at, path, f"{path[0]} need names", f"Write '{path[0]}:' and one name a line."))


def _text(node: Node | None, path: KeyPath, faults: list[Fault]) -> str:
    if node is None or isinstance(node.value, str):
        return node.value if node else ""
    faults.append(fault_at(node.at, path, "is not text", "Put it in quotes."))
    return ""


def _with_carry_on(choices: dict[str, Choice], nearest: Document, faults: list[Fault]) -> dict[str, Choice]:
    carry_on = choices.get(CARRY_ON, Choice(CARRY_ON, (), "", nearest.root.at))
    if carry_on.levers:
        rule = f"{CARRY_ON} changes nothing, so it has no levers"
        faults.append(fault_at(carry_on.at, ("options", CARRY_ON), rule, f"Write '{CARRY_ON}: []'."))
        carry_on = replace(carry_on, levers=())
    return {CARRY_ON: carry_on, **{name: choice for name, choice in choices.items() if name != CARRY_ON}}


def _unknown_levers(choices: dict[str, Choice], levers: dict[str, Lever]) -> Iterator[Fault]:
    for choice in choices.values():
        path = ("options", choice.name)
        for name in dict.fromkeys(choice.levers):
            if name not in levers:
                yield fault_at(choice.at, path, f"there is no lever {name!r}{did_you_mean(name, levers)}")
            if choice.levers.count(name) > 1:
                yield fault_at(choice.at, path, f"the lever {name!r} stands twice")


def _conflicts(choices: dict[str, Choice], levers: dict[str, Lever]) -> Iterator[Fault]:
    """Two levers of one option that set the same value; each pair of levers once."""
    told = set()
    for choice in choices.values():
        known = [levers[name] for name in dict.fromkeys(choice.levers) if name in levers]
        for one, other in combinations(known, 2):
            if (one.name, other.name) not in told:
                told.add((one.name, other.name))
                yield from _conflicts_between(choice, one, other)


def _conflicts_between(choice: Choice, one: Lever, other: Lever) -> Iterator[Fault]:
    first = list(leaves(one.changes))
    for path, node in leaves(other.changes):
        for earlier, earlier_node in first:
            if overlap(earlier, path):
                both = f"{one.name!r} ({_place(earlier_node)}) and {other.name!r} ({_place(node)})"
                rule = f"the levers {both} of option {choice.name!r} set the same value"
                yield fault_at(node.key or node.at, path, rule, "Let only one of them set it.")
                break


def _place(node: Node) -> str:
    return f"{node.at.file.name if node.at.file else ''}:{node.at.line}:{node.at.column}"


def overlap(one: KeyPath, other: KeyPath) -> bool:
    """Whether setting one path touches the other: the same, one within the other, or a step of two kinds."""
    length = min(len(one), len(other))
    if one[:length] == other[:length]:
        return True
    # A step has one kind, so what gives it another kind replaces what it was.
    return length > 2 and one[0] == "steps" and one[:2] == other[:2] and one[2] != other[2]


def _idle(base: Node, levers: dict[str, Lever]) -> Iterator[Fault]:
    before = plain(base)
    for lever in levers.values():
        if plain(merge(base, lever.changes)) == before:
            rule = f"the lever {lever.name!r} changes nothing"
            yield fault_at(lever.at, ("levers", lever.name), rule, "The base says the same already; remove the lever.")
