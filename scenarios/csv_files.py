"""People, dates and draws kept in CSV files, read into the tree where the scenario names the file."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from stepdown.scenarios.errors import Fault, ScenarioError
from stepdown.scenarios.schema import UNCERTAINTY
from stepdown.scenarios.schema_places import Resident
from stepdown.scenarios.trees import UNREADABLE, KeyPath, Node, Origin, fault_at
from stepdown.scenarios.words import did_you_mean
from stepdown.scenarios.yaml_text import read_text, resolve

RESIDENT_COLUMNS = tuple(known.alias or name for name, known in Resident.model_fields.items())
"""The columns that a file of people may have, besides ``setting``."""


Columns = tuple[str, ...] | None
"""The columns that a file may have; None for any."""


@dataclass
class CsvReader:
    """Reads the files that a tree names, each once, and gathers their faults.

    Attributes
    ----------
    files
        Every file that was read.
    faults
        What is wrong with them.
    """

    files: list[Path] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    _rows: dict[tuple[Path, Columns], list[dict[str, Node]]] = field(default_factory=dict)

    def expand(self, tree: Node) -> Node:
        """Return the tree with the named files replaced by what they hold."""
        entries = dict(tree.value)
        if "caseload" in entries:
            entries["caseload"] = self._caseload(entries["caseload"])
        if "demand" in entries and isinstance(entries["demand"].value, list):
            sources = [self._source(source, ("demand", i)) for i, source in enumerate(entries["demand"].value)]
            entries["demand"] = replace(entries["demand"], value=sources)
        if UNCERTAINTY in entries and isinstance(entries[UNCERTAINTY].value, str):
            entries[UNCERTAINTY] = self._draws(entries[UNCERTAINTY])
        return replace(tree, value=entries)

    def _draws(self, node: Node) -> Node:
        rows = self._read(node, (UNCERTAINTY,), None)
        return replace(node, value=UNREADABLE if rows is None else [Node(row, _start_of(row)) for row in rows])

    def _caseload(self, node: Node) -> Node:
        if isinstance(node.value, str):
            return self._all_settings(node)
        if not isinstance(node.value, dict):
            return node
        settings = {
            name: self._people(below, ("caseload", name)) if isinstance(below.value, str) else below
            for name, below in node.value.items()
        }
        return replace(node, value=settings)

    def _all_settings(self, node: Node) -> Node:
        rows = self._read(node, ("caseload",), ("setting", *RESIDENT_COLUMNS), needed="setting")
        if rows is None:
            return replace(node, value=UNREADABLE)
        settings: dict[str, Node] = {}
        for row in rows:
            setting = row.pop("setting", None)
            origin = _start_of(row) if row else node.at
            if setting is None:
                self._fault(Fault(origin.file, origin.line, 1, ("caseload",), "no setting is given", "", origin.source))
                continue
            people = settings.setdefault(setting.value, Node([], setting.at, setting.at))
            people.value.append(Node(row, origin, origin))
        return replace(node, value=settings)

    def _people(self, node: Node, path: KeyPath) -> Node:
        rows = self._read(node, path, RESIDENT_COLUMNS)
        if rows is None:
            return replace(node, value=UNREADABLE)
        people = [Node(row, _start_of(row)) for row in rows]
        return replace(node, value=people)

    def _source(self, node: Node, path: KeyPath) -> Node:
        dates = node.value.get("dates") if isinstance(node.value, dict) else None
        if dates is None or not isinstance(dates.value, str):
            return node
        rows = self._read(dates, (*path, "dates"), ("date",), needed="date")
        value = UNREADABLE if rows is None else [row["date"] for row in rows if "date" in row]
        return replace(node, value={**node.value, "dates": replace(dates, value=value)})

    def _read(
        self, node: Node, path: KeyPath, columns: Columns, needed: str | None = None
    ) -> list[dict[str, Node]] | None:
        """Return the rows of the file that a node names, or None where that cannot be read."""
        file = (node.at.file.parent if node.at.file else Path()) / str(node.value)
        try:
            if (file, columns) not in self._rows:
                text = read_text(file)
                self._rows[file, columns] = list(self._table(file, text, path, columns, needed))
                self.files.append(file)
        except ScenarioError as error:
            for fault in error.faults:
                # A file that cannot be opened is shown where it is named.
                self._fault(fault if fault.line else fault_at(node.at, path, f"{node.value}: {fault.rule}"))
            return None
        return [dict(row) for row in self._rows[file, columns]]

    def _table(
        self, file: Path, text: str, path: KeyPath, columns: Columns, needed: str | None
    ) -> Iterator[dict[str, Node]]:
        lines = text.splitlines()
        reader = csv.reader(io.StringIO(text, newline=""))
        try:
            headers = [header.strip() for header in next(reader, [])]
            self._check_headers(Origin(file, 1, 1, source=lines[0] if lines else ""), headers, path, columns, needed)
            for cells in reader:
                at = Origin(file, reader.line_num, 1, source=lines[min(reader.line_num, len(lines)) - 1])
                if len(cells) > len(headers):
                    self._fault(fault_at(at, path, f"the row has {len(cells)} cells, the first row {len(headers)}"))
                row = _row(at, headers, cells, columns)
                if row:
                    yield row
        except csv.Error as error:
            raise ScenarioError([Fault(file, reader.line_num or 1, 1, path, f"this is not CSV: {error}")]) from None

    def _check_headers(
        self, at: Origin, headers: Sequence[str], path: KeyPath, columns: Columns, needed: str | None
    ) -> None:
        for header in dict.fromkeys(headers):
            place = replace(at, column=at.source.find(header) + 1 or 1)
            if columns is not None and header not in columns:
                self._fault(fault_at(place, path, f"there is no column {header!r}{did_you_mean(header, columns)}"))
            if headers.count(header) > 1:
                self._fault(fault_at(place, path, f"the column {header!r} stands twice"))
        if needed and needed not in headers:
            raise ScenarioError([fault_at(at, path, f"the column {needed!r} is missing")])

    def _fault(self, fault: Fault) -> None:
        self.faults.append(fault)


def _start_of(row: dict[str, Node]) -> Origin:
    return replace(next(iter(row.values())).at, column=1)


def _row(at: Origin, headers: Sequence[str], cells: Sequence[str], columns: Columns) -> dict[str, Node]:
    """Return the cells that are filled, by column; a blank cell is not given."""
    row = {}
    for header, cell in zip(headers, cells, strict=False):
        content = cell.strip()
        if content and (columns is None or header in columns):
            place = replace(at, column=at.source.find(content) + 1 or 1)
            row[header] = Node(resolve(content) if header == "people" else content, place, place)
    return row
