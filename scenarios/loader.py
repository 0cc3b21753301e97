"""Reading a study: its files, levers and options, resolved and checked, with every fault reported at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from stepdown.scenarios.assumptions import Assumption, unwrap
from stepdown.scenarios.checks import check_scenario
from stepdown.scenarios.csv_files import CsvReader
from stepdown.scenarios.errors import Fault, ScenarioError
from stepdown.scenarios.explain_faults import problems_of
from stepdown.scenarios.levers import CARRY_ON, Choice, Facts, read_facts, resolve_levers
from stepdown.scenarios.names import names_in
from stepdown.scenarios.overrides import Override, apply_override, missing_path, parse_override, stands_in
from stepdown.scenarios.prune import name_faults
from stepdown.scenarios.schema import Scenario
from stepdown.scenarios.sources import entry_of, shipped
from stepdown.scenarios.trees import KeyPath, Node, Origin, deepest, has_unreadable, locate, origins_of, plain
from stepdown.scenarios.uncertainty import check_uncertainty

__all__ = ["CARRY_ON", "Option", "Study", "read_study", "shipped"]


@dataclass(frozen=True)
class Option:
    """One option, ready to run.

    Attributes
    ----------
    name, about
        What it is called, and what was written about it.
    levers
        The levers that it combines, in their order.
    whys
        Why, by lever; only those that say why.
    data
        The resolved data with its assumptions and the people of CSV files: written as YAML, it can be read again.
    origins
        Where each value of ``data`` was written.
    scenario
        The same as the schema reads it.
    assumptions
        What was said about its values.
    """

    name: str
    about: str
    levers: tuple[str, ...]
    whys: dict[str, str]
    data: dict[str, Any]
    origins: Mapping[KeyPath, Origin]
    scenario: Scenario
    assumptions: tuple[Assumption, ...]


@dataclass(frozen=True)
class Study:
    """A base with the options that are to be compared; ``carry-on`` comes first.

    Attributes
    ----------
    name, title
        What it is called in paths, and on paper.
    files
        Every file that was read.
    options
        By name.
    """

    name: str
    title: str
    files: tuple[Path, ...]
    options: dict[str, Option]


def read_study(
    source: str | Path, settings: Sequence[str] = (), also: Mapping[str, Sequence[str]] | None = None
) -> Study:
    """Read and check a study.

    Parameters
    ----------
    source
        A YAML file, a folder that holds ``options.yaml`` or ``base.yaml``, or the name of a shipped scenario.
    settings
        Values to set last, each as ``path=value``: in the options that state this value, or, where none does, in
        every option that has the part it belongs to.
    also
        Options that the study does not declare, by name: the levers that each combines.

    Raises
    ------
    ScenarioError
        With every fault of every file, in the order of files and lines.
    """
    name, file = entry_of(source)
    facts = read_facts(file)
    more = {option: Choice(option, tuple(levers), "", facts.base.at) for option, levers in (also or {}).items()}
    reading = Reading(replace(facts, choices=facts.choices | more), read_overrides(settings))
    reading.find_overridden()
    options = [reading.option(choice) for choice in reading.facts.choices.values()]
    reading.unused_levers()
    reading.refuse_faults()
    complete = {option.name: option for option in options if option is not None}
    title = complete[CARRY_ON].scenario.title
    study = Study(name, title, tuple(dict.fromkeys([*reading.facts.files, *reading.csv.files])), complete)
    check_uncertainty(study)
    return study


def read_overrides(settings: Sequence[str]) -> list[Override]:
    """Return values from the command line, each written ``path=value``; what is wrong with any is said at once."""
    overrides: list[Override] = []
    faults: list[Fault] = []
    for text in settings:
        try:
            overrides.append(parse_override(text))
        except ScenarioError as error:
            faults += error.faults
    if faults:
        raise ScenarioError(faults)
    return overrides


@dataclass
class Reading:
    """One reading of a study: its facts and the faults found so far."""

    facts: Facts
    overrides: list[Override]
    csv: CsvReader = field(default_factory=CsvReader)
    faults: list[Fault] = field(default_factory=list)
    only_in: dict[Fault, list[str]] = field(default_factory=dict)
    """Faults of whole options, with the options that have them."""
    applied: set[str] = field(default_factory=set)
    stated: set[str] = field(default_factory=set)
    """Overrides of values that some option states: they apply to these options alone."""

    def find_overridden(self) -> None:
        """Find which values from the command line replace one that is stated somewhere."""
        for choice in self.facts.choices.values():
            levers = [self.facts.levers[name] for name in choice.levers if name in self.facts.levers]
            tree = resolve_levers(self.facts.base, levers)
            self.stated |= {override.text for override in self.overrides if stands_in(tree, override)}

    def option(self, choice: Choice) -> Option | None:
        """Resolve, read and check one option; None where it cannot be used."""
        levers = [self.facts.levers[name] for name in choice.levers if name in self.facts.levers]
        tree = self.csv.expand(self._overridden(resolve_levers(self.facts.base, levers)))
        scenario, assumptions = self._read(tree, choice.name)
        if scenario is None:
            return None
        whys = {lever.name: lever.why for lever in levers if lever.why}
        origins = origins_of(tree)
        return Option(choice.name, choice.about, choice.levers, whys, plain(tree), origins, scenario, assumptions)

    def unused_levers(self) -> None:
        """Check the fields of levers that no option uses yet."""
        used = {name for choice in self.facts.choices.values() for name in choice.levers}
        for lever in self.facts.levers.values():
            if lever.name not in used:
                self._read(self.csv.expand(resolve_levers(self.facts.base, [lever])), None)

    def refuse_faults(self) -> None:
        """Raise everything that was found, once each, in the order of files and lines."""
        for override in self.overrides:
            if override.text not in self.applied:
                self.faults.append(missing_path(self.facts.base, override))
        found = [*self.facts.faults, *self.csv.faults, *self.faults]
        for fault, options in self.only_in.items():
            found.append(fault if CARRY_ON in options else _in_options(fault, options, len(self.facts.choices)))
        if found:
            files = [*self.facts.files, *self.csv.files]
            raise ScenarioError(sorted(dict.fromkeys(found), key=lambda fault: _place(fault, files)))

    def _overridden(self, tree: Node) -> Node:
        for override in self.overrides:
            if override.text in self.stated and not stands_in(tree, override):
                continue
            changed = apply_override(tree, override)
            if changed is not None:
                self.applied.add(override.text)
                tree = changed
        return tree

    def _read(self, tree: Node, option: str | None) -> tuple[Scenario | None, tuple[Assumption, ...]]:
        values = unwrap(tree)
        self.faults += [locate(tree, problem) for problem in values.problems]
        data = plain(values.tree)
        try:
            scenario = Scenario.model_validate(data)
        except ValidationError as error:
            self.faults += [locate(values.tree, problem) for problem in problems_of(error, values.tree)]
            self.faults += name_faults(values.tree)
            return None, ()
        if option is not None:
            for problem in check_scenario(scenario, names_in(data)):
                if has_unreadable(deepest(values.tree, problem.path)):
                    continue
                self.only_in.setdefault(locate(values.tree, problem), []).append(option)
        return scenario, values.assumptions


def _in_options(fault: Fault, options: Iterable[str], of: int) -> Fault:
    """Say in which options something is wrong that is right in the base."""
    names = list(dict.fromkeys(options))
    if len(names) >= of:
        return fault
    word = "option" if len(names) == 1 else "options"
    return replace(fault, rule=f"{fault.rule} (in {word} {', '.join(names)})")


def _place(fault: Fault, files: Sequence[Path]) -> tuple[int, int, int]:
    order = files.index(fault.file) if fault.file in files else len(files)
    return (order, fault.line, fault.column)
