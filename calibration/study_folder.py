"""A study made from another: some of its values replaced, with what is said of each, in a folder of its own.

The folder is complete: nothing in it refers to the study that it was made from. It is there when every file has been
written and read again without a fault.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from io import StringIO
from pathlib import Path
from typing import Any

import pandas as pd
from pydantic import ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq

from stepdown.calibration.new_folders import new_folder
from stepdown.outputs.run_folder import write_text
from stepdown.scenarios.assumptions import unwrap
from stepdown.scenarios.checks import check_scenario
from stepdown.scenarios.errors import RunError, ScenarioError
from stepdown.scenarios.explain_faults import problems_of
from stepdown.scenarios.loader import Option, Study, read_study
from stepdown.scenarios.names import names_in
from stepdown.scenarios.overrides import ON_COMMAND_LINE
from stepdown.scenarios.schema import Scenario
from stepdown.scenarios.trees import KeyPath, as_tree, origins_of, plain

BASE, OPTIONS, UNCERTAINTY = "base.yaml", "options.yaml", "uncertainty.csv"
"""The files of a study: its facts, its options, and joint draws of what is uncertain."""

LINE = 96
"""Letters of a map or a list that is kept on one line."""

_KEPT = ("source", "owner", "dated", "quality")
"""What a part of an assumption keeps of what was said of the whole; its range was that of the whole."""


@dataclass(frozen=True)
class Stated:
    """A value with what is said of it: an assumption of a scenario file.

    Attributes
    ----------
    value, low, high
        As a scenario file has them; low and high may be missing.
    source
        Where it comes from.
    quality
        How good the evidence is.
    """

    value: Any
    low: Any = None
    high: Any = None
    source: str = ""
    quality: str = ""

    def as_data(self) -> dict[str, Any]:
        """Return it as a scenario file has it, without what is not said."""
        said = {"value": self.value, "low": self.low, "high": self.high, "source": self.source, "quality": self.quality}
        return {key: item for key, item in said.items() if key == "value" or item not in (None, "")}


def path_text(path: KeyPath) -> str:
    """Return a path as it is typed after ``--set``, and as it heads a column of draws."""
    return ".".join(map(str, path))


def with_stated(
    data: Mapping[str, Any], values: Mapping[KeyPath, Stated], anew: Collection[KeyPath] = ()
) -> dict[str, Any]:
    """Return the data of a scenario with some values replaced, and all that was said of the others kept.

    Parameters
    ----------
    data
        As `Option.data` has it: with its assumptions.
    values
        By their paths in the data without assumptions; keys that are not there yet are added.
    anew
        Paths of maps that keep nothing of what they held before.
    """
    changed: Any = dict(data)
    for path in sorted(anew, key=str):
        changed = _replaced(changed, path, {})
    for path, stated in values.items():
        changed = _replaced(changed, path, stated.as_data())
    return changed  # type: ignore[no-any-return]


def _replaced(data: Any, path: KeyPath, value: Any) -> Any:
    if not path:
        return value
    if isinstance(data, dict) and "value" in data:
        data = _taken_apart(data["value"], {key: data[key] for key in _KEPT if key in data})
    key: Any = path[0]
    if isinstance(data, list):
        return [_replaced(item, path[1:], value) if at == key else item for at, item in enumerate(data)]
    held = data if isinstance(data, dict) else {}
    return {**held, key: _replaced(held.get(key), path[1:], value)}


def _taken_apart(value: Any, said: Mapping[str, Any]) -> Any:
    """Return the value of an assumption with each of its parts as an assumption of its own."""
    if isinstance(value, dict):
        return value if "value" in value else {key: _taken_apart(item, said) for key, item in value.items()}
    if isinstance(value, list):
        return [_taken_apart(item, said) for item in value]
    return {"value": value, **said} if said else value


def option_with(option: Option, data: dict[str, Any]) -> Option:
    """Return an option with other data, read as if from a file.

    Raises
    ------
    RunError
        If the data makes no sound scenario.
    """
    tree = as_tree(data, ON_COMMAND_LINE)
    values = unwrap(tree)
    problems = list(values.problems)
    bare = plain(values.tree)
    try:
        scenario = Scenario.model_validate(bare)
        problems += check_scenario(scenario, names_in(bare))
    except ValidationError as error:
        problems += problems_of(error, values.tree)
    if problems:
        said = "; ".join(f"{path_text(problem.path)}: {problem.rule}" for problem in problems)
        raise RunError(f"the study would not be sound with these values: {said}")
    return replace(option, data=data, scenario=scenario, assumptions=values.assumptions, origins=origins_of(tree))


def scenario_text(data: Mapping[str, Any], about: Sequence[str], remarks: Mapping[str, str]) -> str:
    """Return a scenario as YAML for people to read.

    Parameters
    ----------
    data
        The scenario, with its assumptions.
    about
        Lines of comment at the top.
    remarks
        A line of comment before some of the scenario's keys.
    """
    laid_out = _laid_out(dict(data))
    for key, remark in remarks.items():
        if key in laid_out:
            laid_out.yaml_set_comment_before_after_key(key, before=remark)
    yaml = YAML()
    yaml.width = 120
    yaml.indent(mapping=2, sequence=4, offset=2)
    text = StringIO()
    yaml.dump(laid_out, text)
    return "".join(f"# {line}\n" for line in about) + text.getvalue()


def _laid_out(data: Any) -> Any:
    """Return data with its small maps and lists on lines of their own; what has a source is never small."""
    if isinstance(data, dict):
        laid_out: Any = CommentedMap((key, _laid_out(value)) for key, value in data.items())
    elif isinstance(data, list):
        laid_out = CommentedSeq(_laid_out(value) for value in data)
    else:
        return data
    if len(repr(data)) <= LINE and not _has_source(data):
        laid_out.fa.set_flow_style()
    return laid_out


def _has_source(data: Any) -> bool:
    below = data.values() if isinstance(data, dict) else data if isinstance(data, list) else ()
    return (isinstance(data, dict) and "source" in data) or any(map(_has_source, below))


def draws_text(draws: pd.DataFrame) -> str:
    """Return joint draws as CSV: a column for each path, a row for each draw, cells as a scenario file has them."""
    return draws.to_csv(index=False, lineterminator="\n")


def write_study(folder: Path, files: Mapping[str, str]) -> Study:
    """Write the files of a study into a new folder, which is there when it is complete and without a fault.

    Parameters
    ----------
    folder
        Where to; it must not be there, or be empty.
    files
        Texts by the names of their files; one of them is `BASE`.

    Returns
    -------
    The study as it is read from there.

    Raises
    ------
    RunError
        If the folder is there already, and holds anything.
    ScenarioError
        If the study has faults.
    """
    with new_folder(folder) as beside:
        for name, text in files.items():
            write_text(beside / name, text)
        try:
            study = read_study(beside)
        except ScenarioError as error:
            raise ScenarioError([replace(fault, file=_final(fault.file, folder)) for fault in error.faults]) from None
    return replace(study, name=folder.resolve().name, files=tuple(folder / file.name for file in study.files))


def _final(file: Path | None, folder: Path) -> Path | None:
    return None if file is None else folder / file.name
