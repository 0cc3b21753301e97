"""What records cannot say of themselves, in a YAML file beside them: whose they are, and which days they cover."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError

from stepdown.scenarios.errors import RunError, ScenarioError
from stepdown.scenarios.explain_faults import problems_of
from stepdown.scenarios.fields import Date, Days, Part
from stepdown.scenarios.trees import Node, Origin, Problem, locate, plain
from stepdown.scenarios.yaml_text import parse_yaml, read_text

GAP_DAYS = 3
"""Stays of a person in one place that are no more days apart are one stay, where nothing else is said."""


class About(Part):
    """What records cannot say of themselves."""

    name: str | None = None
    """What the council, or its history, is called in reports."""
    begins: Date | None = None
    """The first day that the records cover: whoever had left before it is not in them."""
    ends: Date | None = None
    """The first day that the records no longer cover."""
    simulated: bool = False
    """Whether the records are made up, and about nobody."""
    gap: Days = float(GAP_DAYS)
    """How far apart two stays of a person in one place may be and still be one stay, such as '3 days'."""


class CouncilFile(About):
    """What `council.yaml` may say beside plain tables."""

    caseload_date: Date | None = None
    """The day at whose beginning `caseload.csv` was true; the end of the records where nothing is said."""


Kind = TypeVar("Kind", bound=About)


@dataclass(frozen=True)
class Said:
    """What is said on the command line, which goes before what is said in a file.

    Attributes
    ----------
    name, begins, ends
        As in `About`; None where nothing is said.
    simulated
        Whether the records are made up.
    """

    name: str | None = None
    begins: dt.date | None = None
    ends: dt.date | None = None
    simulated: bool = False

    def over(self, about: Kind) -> Kind:
        """Return what a file says, with what is said here in its place."""
        given = {key: value for key in ("name", "begins", "ends") if (value := getattr(self, key)) is not None}
        return about.model_copy(update=given | {"simulated": self.simulated or about.simulated})


@dataclass(frozen=True)
class Covered:
    """The days that records cover.

    Attributes
    ----------
    begins, ends
        The first day that they cover, and the first that they do not.
    """

    begins: dt.date
    ends: dt.date


def covered(begins: dt.date | None, ends: dt.date | None, where: str) -> Covered:
    """Return the days that records cover.

    Parameters
    ----------
    begins, ends
        As they were said or found; None where they were not.
    where
        The file in which they may be said.

    Raises
    ------
    RunError
        If one of them is not known, or they are the wrong way round.
    """
    if begins is None or ends is None:
        missing = "begin" if begins is None else "end"
        raise RunError(
            f"nothing says when the records {missing}, and without that no length of stay can be told. "
            f"Write --{missing}s DATE, or '{missing}s: DATE' in {where}"
        )
    if begins >= ends:
        raise RunError(
            f"the records begin on {begins}, and end before {ends}. Write an earlier beginning or a later end"
        )
    return Covered(begins, ends)


def read_about(file: Path, kind: type[Kind]) -> tuple[Kind, Node]:
    """Read a YAML file of this kind; one without anything in it says nothing.

    Returns
    -------
    tuple
        What it says, and the tree that knows where each thing stands.

    Raises
    ------
    ScenarioError
        With everything that is wrong with it, each with its place and a remedy.
    """
    text = read_text(file)
    if not any(line.strip() and not line.lstrip().startswith("#") for line in text.splitlines()):
        return kind(), Node({}, Origin(file, 1, 1))
    document = parse_yaml(text, file)
    faults = list(document.faults)
    try:
        about = kind.model_validate(plain(document.root))
    except ValidationError as error:
        faults += [locate(document.root, problem) for problem in problems_of(error, document.root, kind)]
        raise ScenarioError(faults) from None
    if about.begins is not None and about.ends is not None and about.begins >= about.ends:
        wrong = Problem(("ends",), f"the records end on {about.ends}, and begin on {about.begins}", "Swap the two.")
        faults.append(locate(document.root, wrong))
    if faults:
        raise ScenarioError(faults)
    return about, document.root
