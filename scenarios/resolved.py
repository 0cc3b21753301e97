"""Options that were resolved before, read again with other money laid over them: nothing has to be simulated."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from stepdown.scenarios.errors import Fault, ScenarioError
from stepdown.scenarios.levers import Choice, Facts, read_facts
from stepdown.scenarios.loader import Option, Reading, read_overrides
from stepdown.scenarios.merge import merge
from stepdown.scenarios.overrides import Override, apply_override, stands_in
from stepdown.scenarios.schema_money import MONEY
from stepdown.scenarios.trees import fault_at
from stepdown.scenarios.yaml_text import Document, read_yaml

_OF_MONEY = f"Other money may be any of {', '.join(MONEY)}; whatever else changes has to be simulated."


class Resolved(NamedTuple):
    """One option that was resolved before: its file, and what is known of it."""

    file: Path
    name: str
    about: str
    levers: Sequence[str]


def read_resolved(options: Sequence[Resolved], over: Path | None = None, settings: Sequence[str] = ()) -> list[Option]:
    """Read options that were resolved before, with other money laid over them.

    Parameters
    ----------
    options
        The options.
    over
        A file that says other things about money: any of `MONEY`.
    settings
        Values to set last, each as ``path=value``, of money alone: in the options that state this value, or, where none
        does, in every option that has the part it belongs to.

    Raises
    ------
    ScenarioError
        With every fault, in the order of files and lines.
    """
    overrides = read_overrides(settings)
    faults = [
        Fault(None, 0, 0, override.keys, f"{override.text!r} says nothing about money", _OF_MONEY)
        for override in overrides
        if override.keys[0] not in MONEY
    ]
    changes = read_yaml(over) if over is not None else None
    if changes is not None:
        faults += changes.faults
        for key, node in changes.root.value.items():
            if key not in MONEY:
                faults.append(fault_at((node.key or node.at), (key,), "is not about money", _OF_MONEY))
    if faults:
        raise ScenarioError(faults)
    return [_laid_over(option, changes, mine) for option, mine in _settings_of(options, changes, overrides)]


def _settings_of(
    options: Sequence[Resolved], changes: Document | None, overrides: Sequence[Override]
) -> Iterator[tuple[Resolved, list[Override]]]:
    """Yield each option with the values to set in it; one that has no place anywhere is set in all, to be refused."""
    trees = [_facts_of(option, changes).base for option in options]
    meant = []
    for override in overrides:
        stated = [stands_in(tree, override) for tree in trees]
        possible = stated if any(stated) else [apply_override(tree, override) is not None for tree in trees]
        meant.append(possible if any(possible) else [True] * len(trees))
    for number, option in enumerate(options):
        yield option, [override for override, of in zip(overrides, meant, strict=True) if of[number]]


def _facts_of(option: Resolved, changes: Document | None) -> Facts:
    facts = read_facts(option.file)
    if changes is None:
        return facts
    files = (*facts.files, changes.file) if changes.file is not None else facts.files
    return replace(facts, base=merge(facts.base, changes.root), files=files)


def _laid_over(option: Resolved, changes: Document | None, overrides: list[Override]) -> Option:
    facts = _facts_of(option, changes)
    reading = Reading(facts, overrides)
    reading.find_overridden()
    read = reading.option(Choice(option.name, (), option.about, facts.base.at))
    reading.refuse_faults()
    assert read is not None  # whatever is wrong has been refused
    return replace(read, levers=tuple(option.levers))
