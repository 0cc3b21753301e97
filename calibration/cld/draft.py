"""A draft of a mapping: everything that was found in an extract, and where the Department takes people to live."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd

from stepdown.calibration.cld.extract import Texts, open_extract
from stepdown.calibration.cld.people import COLUMNS as PEOPLE
from stepdown.calibration.cld.people import People
from stepdown.calibration.cld.vocabulary import (
    ACCOMMODATION,
    CARE_HOME,
    IN_PRISON,
    NURSING_HOME,
    SERVICE,
    SHARED_LIVES_SCHEME,
    SHELTERED,
    SUPPORTED,
    Field,
    as_release_2,
    plain,
)
from stepdown.calibration.disclosure import Disclosure
from stepdown.calibration.records.identities import key_of
from stepdown.calibration.records.tally import Tally
from stepdown.outputs.whole_files import written_whole
from stepdown.scenarios.names import Names
from stepdown.scenarios.words import nearest

SETTINGS: Mapping[str, str] = {
    NURSING_HOME: "nursing",
    CARE_HOME: "residential",
    IN_PRISON: "prison",
    SUPPORTED: "supported_living",
    SHARED_LIVES_SCHEME: "shared_lives",
    SHELTERED: "extra_care",
}
"""The settings that a draft proposes, by accommodation; a service at home, or of no place, is none."""

_HEAD = """\
# Which service is which setting: a draft, for you to edit. Counts are of people{rounded}.
# Then type: {command}
#
# name: what the council is called in reports
# begins: the first day that the records cover, such as 2023-04-01, where the extract does not say
# ends: the first day that they no longer cover

# The first rule whose conditions all hold decides; a service without a rule is no place to live. Any column may stand
# in a condition; a scheme is a name, or {{column: Provider_CQC_Location_Name}}.
rules:
"""


@dataclass
class _Found:
    """Who was seen with which values."""

    people: dict[tuple[str, ...], list[np.ndarray]] = field(default_factory=dict)

    def add(self, values: tuple[str, ...], codes: np.ndarray) -> None:
        known = self.people.setdefault(values, [])
        known.append(np.unique(codes))
        if len(known) > 1:
            self.people[values] = [np.unique(np.concatenate(known))]

    def counts(self) -> list[tuple[tuple[str, ...], int]]:
        """Return how many people were seen with each, most first."""
        counted = [(values, len(codes[0])) for values, codes in self.people.items()]
        return sorted(counted, key=lambda item: (-item[1], item[0]))


def draft_mapping(source: Path, file: Path, names: Names | None, shown: Disclosure) -> None:
    """Write a draft of a mapping for an extract; the file must not be there yet.

    Parameters
    ----------
    source
        The extract.
    file
        Where the draft goes.
    names
        What the study declares with which the history is to be used; None where that is not known.
    shown
        How counts may be shown.
    """
    services, reasons, councils = _found_in(source)
    rounded = ", rounded to 5 and withheld under 5" if shown.rounded else ""
    command = f"stepdown import {source}" + (f" --mapping {file}" if file.name != "mapping.yaml" else "")
    text = _HEAD.format(rounded=rounded, command=command) + "".join(_rules(services, names, shown))
    text += "".join(_groups(reasons, names, shown)) + "".join(_areas(councils, names, shown))
    text += f"\n# Records that are made up are about nobody.\nsimulated: {str(not shown.rounded).lower()}\n"
    with written_whole(file) as partial:
        partial.write_text(text, encoding="utf-8")


def _found_in(source: Path) -> tuple[_Found, _Found, _Found]:
    """Return who has which service, which support reason, and is known to which council."""
    columns = (*PEOPLE, Field.EVENT_TYPE, Field.SERVICE_TYPE, Field.COMPONENT, Field.SUPPORT_REASON, Field.LA_NAME)
    services, reasons, councils = _Found(), _Found(), _Found()
    people, tally = People(key_of(None)), Tally()
    for file in open_extract(source):
        for batch in file.batches(columns, tally):
            codes = people.codes(batch, tally)
            kind = _spelled(batch, Field.EVENT_TYPE, len(codes))
            service = np.array([plain(text).startswith(plain(SERVICE)) for text in kind.texts] + [False])[kind.numbers]
            for names, found in (
                ((Field.SERVICE_TYPE, Field.COMPONENT), services),
                ((Field.SUPPORT_REASON,), reasons),
                ((Field.LA_NAME,), councils),
            ):
                _add(found, [_spelled(batch, name, len(codes)) for name in names], codes, service)
    return services, reasons, councils


def _spelled(batch: Mapping[str, Texts], name: str, rows: int) -> Texts:
    return batch.get(name, Texts(np.full(rows, -1, dtype=np.int32), []))


def _add(found: _Found, columns: list[Texts], codes: np.ndarray, rows: np.ndarray) -> None:
    texts = [column.through([as_release_2(text) for text in column.texts], "", object) for column in columns]
    values = {str(number): column for number, column in enumerate(texts)}
    table = pd.DataFrame(values).assign(code=codes)[rows & (codes != 0)]
    for key, part in table.groupby(list(values)):
        found.add(tuple(str(value) for value in key), part["code"].to_numpy())


def _rules(services: _Found, names: Names | None, shown: Disclosure) -> Iterator[str]:
    """Yield the lines of the rules: those of places to live first, the others as remarks."""
    none = True
    others = []
    for (kind, component), count in services.counts():
        setting = _proposed(kind, component, names)
        empty = "''" if not component else _quoted(component)
        where = f"{{Service_Type: {_quoted(kind)}, Service_Component: {empty}}}"
        if setting is None:
            others.append(f"  # - {{where: {where}, setting: ?}}  # {shown.words(count)}\n")
            continue
        none = False
        yield f"  - where: {where}  # {shown.words(count)}\n    setting: {setting}\n"
    if none:
        yield "  []\n"
    yield "  # No places to live, as far as the Department knows; remove the mark of a remark to make one a setting.\n"
    yield from others or ["  # None was found.\n"]
    if names is not None:
        yield f"# The settings of the study: {', '.join(names.settings)}\n"
    yield "\n# Of several services at once, the setting that stands first here decides; else the order of rules.\n"
    yield "priority: []\n"


def _proposed(kind: str, component: str, names: Names | None) -> str | None:
    for of_kind, of_component, accommodation in ACCOMMODATION:
        alike = of_component is None or plain(of_component) == plain(component)
        if alike and plain(of_kind) == plain(kind) and accommodation in SETTINGS:
            proposal = SETTINGS[accommodation]
            return (nearest(proposal, names.settings) if names is not None else None) or proposal
    return None


def _groups(reasons: _Found, names: Names | None, shown: Disclosure) -> Iterator[str]:
    yield "\n# Client groups by primary support reason; once one is here, people of other reasons are left out.\n"
    if names is not None:
        yield f"# The groups of the study: {', '.join(names.groups)}\n"
    yield "groups: {}\n"
    yield from (
        f"#   {_quoted(reason)}: ?  # {shown.words(count)}\n" for (reason,), count in reasons.counts() if reason
    )


def _areas(councils: _Found, names: Names | None, shown: Disclosure) -> Iterator[str]:
    yield "\n# Areas by the council's name, or by another column, which is then named with 'area_column'.\n"
    if names is not None:
        yield f"# The areas of the study: {', '.join(names.areas)}\n"
    yield "areas: {}\n"
    yield from (f"#   {_quoted(name)}: ?  # {shown.words(count)}\n" for (name,), count in councils.counts() if name)


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
