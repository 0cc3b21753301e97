"""Which service is which setting: the file that a user writes for an extract of Client Level Data.

Rules are tried in order, and the first whose conditions all hold says in which setting, and scheme, a service has a
person live. A service for which there is no rule is no place to live.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated

from pydantic import BeforeValidator, PlainValidator

from stepdown.calibration.cld.vocabulary import DECEASED, OUTCOMES, Field, plain
from stepdown.calibration.records.about import About, read_about
from stepdown.calibration.records.study_names import undeclared_names
from stepdown.scenarios.errors import ScenarioError
from stepdown.scenarios.fields import Date, Part, Several
from stepdown.scenarios.names import Names, undeclared
from stepdown.scenarios.schema import DIED
from stepdown.scenarios.trees import Problem, locate

LEFT = "left"
"""The exit that a person takes who needs no more of what the records know of."""

EXITS: Mapping[str, str] = {
    **{outcome: LEFT for outcome in OUTCOMES if outcome.startswith("NFA")},
    DECEASED: DIED,
}
"""The exits that event outcomes stand for, where the file says nothing of them; others are no exit."""


def _as_texts(raw: object) -> object:
    """Read one value as a list of it, numbers as they are written, and nothing as the empty text."""
    values = raw if isinstance(raw, list) else [raw]
    if any(isinstance(value, dict | list | bool) for value in values):
        raise ValueError("a condition is a value or a list of values. Write [one, another]; [] does for none")
    return ["" if value is None else str(value) for value in values]


class Column(Part):
    """A column that holds names."""

    column: str
    """The column's name, such as Provider_CQC_Location_Name."""


def _as_scheme(raw: object) -> str | Column | None:
    """Read a scheme's name, or the column that holds it."""
    if raw is None or isinstance(raw, str):
        return raw
    if isinstance(raw, dict) and set(raw) == {"column"} and isinstance(raw["column"], str):
        return Column(column=raw["column"])
    raise ValueError("a scheme is a name, or the column that holds it. Write {column: Provider_CQC_Location_Name}")


class Rule(Part):
    """One rule: services for which the conditions hold are of a setting."""

    where: dict[str, Annotated[Several[str], BeforeValidator(_as_texts)]]
    """Columns with the value, or values, that they must have, case and blanks aside; '' is an empty cell."""
    setting: str
    """The setting in which such a service has a person live."""
    scheme: Annotated[str | Column | None, PlainValidator(_as_scheme)] = None
    """The scheme: a name, or {column: NAME} for the column that holds it."""


class Period(Part):
    """The reference period of a file."""

    begins: Date
    """Its first day."""
    ends: Date
    """Its last day."""


class CldMapping(About):
    """What `mapping.yaml` says."""

    rules: Several[Rule] = ()
    """Which service is which setting: the first rule whose conditions hold decides."""
    priority: Several[str] = ()
    """Settings, the one first in which a person lives who has several services at once; else the order of the rules."""
    groups: dict[str, str] = {}
    """Client groups by primary support reason; people of other reasons are left out. {} leaves out nobody."""
    exits: dict[str, str] = dict(EXITS)
    """Exits by event outcome, for people who go on to no other setting."""
    areas: dict[str, str] = {}
    """Areas by the value of the area's column."""
    area_column: str = Field.LA_NAME
    """The column that holds areas."""
    periods: dict[str, Period] = {}
    """Reference periods by the name of a file, for files without columns that say so."""

    @property
    def settings(self) -> tuple[str, ...]:
        """The settings of the rules, in the order in which one is preferred to another."""
        return tuple(dict.fromkeys((*self.priority, *(rule.setting for rule in self.rules))))

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that rules and areas look at, besides those that are always read."""
        looked_at = [name for rule in self.rules for name in rule.where]
        schemes = [rule.scheme.column for rule in self.rules if isinstance(rule.scheme, Column)]
        return tuple(dict.fromkeys([*looked_at, *schemes, *([self.area_column] if self.areas else [])]))


def read_mapping(file: Path, names: Names | None = None) -> CldMapping:
    """Read a mapping file.

    Parameters
    ----------
    file
        The file.
    names
        What the study declares with which the history is to be used; None where that is not known.

    Raises
    ------
    ScenarioError
        With everything that is wrong with it, each with its place and a remedy.
    """
    mapping, root = read_about(file, CldMapping)
    problems = [*_clashes(mapping), *(_unknown(mapping, names) if names is not None else ())]
    if problems:
        raise ScenarioError([locate(root, problem) for problem in problems])
    return mapping


def _clashes(mapping: CldMapping) -> Iterator[Problem]:
    """Yield what cannot be as it is said, whatever the study."""
    if not mapping.rules:
        yield Problem(("rules",), "there is no rule, so that nobody would live anywhere", "Write rules, such as: "
                      "- {where: {Service_Component: Shared Lives}, setting: shared_lives}.")  # fmt: skip
    of_rules = {rule.setting for rule in mapping.rules}
    for number, name in enumerate(mapping.priority):
        yield from undeclared(("priority", number), name, of_rules, "rule for the setting")
        if name in mapping.priority[:number]:
            yield Problem(("priority", number), f"{name!r} stands twice", "Keep one of the two.")
    for file, period in mapping.periods.items():
        if period.ends <= period.begins:
            yield Problem(("periods", file, "ends"), f"the period ends on {period.ends}, and begins on {period.begins}")
    for number, rule in enumerate(mapping.rules):
        alike = {plain(column): column for column in rule.where}
        if len(alike) < len(rule.where):
            yield Problem(("rules", number, "where"), "a column stands twice, spelled in two ways", "Keep one of them.")


def _unknown(mapping: CldMapping, names: Names) -> Iterator[Problem]:
    """Yield the names that are none of the study's."""
    for number, rule in enumerate(mapping.rules):
        yield from undeclared_names(("rules", number, "setting"), rule.setting, "setting", names)
        if isinstance(rule.scheme, str):
            yield from undeclared_names(("rules", number, "scheme"), rule.scheme, "scheme", names)
    for reason, group in mapping.groups.items():
        yield from undeclared_names(("groups", reason), group, "group", names)
    for value, area in mapping.areas.items():
        yield from undeclared_names(("areas", value), area, "area", names)
    for outcome, way in mapping.exits.items() if "exits" in mapping.model_fields_set else ():
        yield from undeclared_names(("exits", outcome), way, "destination", names)
