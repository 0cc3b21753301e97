"""YAML 1.2 text, read into a tree of plain data with places.

The parser's events are built into data here, and not by its constructor, because the constructor stops at the first
fault, crashes on an impossible date and follows aliases. Only true, false, null and numbers become Python values;
dates, ``no`` and ``012`` stay text for the schema to judge.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml import events as ev
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from stepdown.scenarios.errors import Fault, ScenarioError
from stepdown.scenarios.quantities import looks_like_date, parse_date
from stepdown.scenarios.trees import COMMAND_LINE, UNREADABLE, KeyPath, Node, Origin

DEEPEST = 40
"""Levels of nesting that a file may have; a scenario needs fewer than ten."""

_NULL = re.compile(r"|~|null|Null|NULL")
_TRUE = re.compile(r"true|True|TRUE")
_FALSE = re.compile(r"false|False|FALSE")
# No leading zeros: 012 is ten to some and twelve to others. At most 15 digits: more would not be kept exactly.
_INTEGER = re.compile(r"[-+]?(0|[1-9]\d{0,14})")
_BASED = re.compile(r"0o[0-7]{1,15}|0x[0-9a-fA-F]{1,12}")
_FLOAT = re.compile(r"[-+]?(\.\d+|(0|[1-9]\d*)(\.\d*)?)([eE][-+]?\d+)?", re.ASCII)
_SPECIAL = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
_LINE_END = re.compile(r"\r\n|[\n\r\x85\u2028\u2029]")
_TEXT_TAGS = (None, "!", "tag:yaml.org,2002:str")
_MAP_TAGS = (None, "!", "tag:yaml.org,2002:map")
_LIST_TAGS = (None, "!", "tag:yaml.org,2002:seq")


@dataclass(frozen=True)
class Document:
    """What one file says.

    Attributes
    ----------
    file
        The file.
    root
        Its data; always a map.
    faults
        What was wrong and could be passed over, so that the rest can be checked too.
    """

    file: Path | None
    root: Node
    faults: tuple[Fault, ...]


def read_yaml(file: Path) -> Document:
    """Read a YAML file.

    Raises
    ------
    ScenarioError
        Where nothing sensible can be read: no such file, not text, not YAML, not a map.
    """
    return parse_yaml(read_text(file), file)


def read_text(file: Path) -> str:
    """Read a file's text as UTF-8, with or without a byte order mark."""
    try:
        content = file.read_bytes()
    except IsADirectoryError:
        raise ScenarioError([Fault(file, 0, 0, (), "is a folder, not a file")]) from None
    except FileNotFoundError:
        raise ScenarioError([Fault(file, 0, 0, (), "there is no such file")]) from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise ScenarioError([Fault(file, 0, 0, (), f"cannot be read: {reason}")]) from None
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = content[: error.start]
        line, column = before.count(b"\n") + 1, error.start - before.rfind(b"\n")
        rule = f"byte {content[error.start]:#04x} is not UTF-8 text"
        raise ScenarioError([Fault(file, line, column, (), rule, "Save the file with the encoding UTF-8.")]) from None


def parse_yaml(text: str, file: Path | None = None) -> Document:
    """Read YAML text whose top level is a map.

    Parameters
    ----------
    text
        The text.
    file
        The file that it came from, for the faults.
    """
    builder = _Builder(text, file)
    root = builder.document()
    if not isinstance(root.value, dict):
        what = "is empty" if root.value is None else "does not begin with keys"
        rule = f"the file {what}"
        builder.fault(root.at, (), rule, "Write keys and values, such as 'title: Leicester' and 'start: 2026-04-01'.")
        raise ScenarioError(builder.faults)
    return Document(file, root, tuple(builder.faults))


def parse_value(text: str) -> Node:
    """Read one value given on the command line: a scalar, or a list or map in brackets."""
    builder = _Builder(text, None, by=COMMAND_LINE)
    node = builder.document()
    if builder.faults:
        raise ScenarioError(builder.faults)
    return node


@dataclass
class _Builder:
    """Builds the tree and gathers what is wrong on the way."""

    text: str
    file: Path | None
    by: str = "base"
    faults: list[Fault] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.lines = [line.replace("\t", " ") for line in _LINE_END.split(self.text)]

    def document(self) -> Node:
        """Read the one document of the text."""
        try:
            return self._document()
        except MarkedYAMLError as error:
            self._not_yaml(error)
        except (YAMLError, ValueError, OverflowError, IndexError, AttributeError) as error:
            # The parser itself gives up on some control characters and escapes with errors of other kinds.
            character = next((c for c in self.text if not c.isprintable() and c not in "\t\n\r"), None)
            hint = f": it holds the character {ord(character):#06x}" if character else f": {type(error).__name__}"
            self.fault(self._first_place(character), (), f"this is not YAML text{hint}")
        raise ScenarioError(self.faults)

    def _document(self) -> Node:
        events = iter(YAML(typ="safe", pure=True).parse(self.text))
        root: Node | None = None
        for event in events:
            if isinstance(event, ev.DocumentStartEvent) and root is not None:
                rule = "a second document begins here (---)"
                self.fault(self._at(event.start_mark), (), rule, "Keep one document a file.")
                break
            if isinstance(event, ev.NodeEvent):
                root = self._node(event, events, ())
        return root if root is not None else Node(None, self._place(1, 1))

    def _node(self, event: Any, events: Iterator[Any], path: KeyPath, key: Origin | None = None) -> Node:
        at = self._at(event.start_mark)
        if len(path) > DEEPEST:
            self.fault(at, (), f"maps and lists are nested more than {DEEPEST} deep")
            raise ScenarioError(self.faults)
        if isinstance(event, ev.AliasEvent):
            self.fault(at, path, f"the alias *{event.anchor} is not read", "Write the value out where it is needed.")
            return Node(UNREADABLE, at, key)
        if isinstance(event, ev.ScalarEvent):
            return Node(self._scalar(event, at, path), at, key)
        if isinstance(event, ev.SequenceStartEvent):
            return Node(self._list(event, events, at, path), at, key)
        return Node(self._map(event, events, at, path), at, key)

    def _scalar(self, event: Any, at: Origin, path: KeyPath) -> Any:
        tag = _tag(event)
        if not self._allowed(tag, _TEXT_TAGS, at, path):
            return UNREADABLE
        return event.value if tag or event.style else resolve(event.value)

    def _list(self, event: Any, events: Iterator[Any], at: Origin, path: KeyPath) -> list[Node]:
        self._allowed(_tag(event), _LIST_TAGS, at, path)
        items: list[Node] = []
        while not isinstance(below := next(events), ev.SequenceEndEvent):
            items.append(self._node(below, events, (*path, len(items))))
        return items

    def _map(self, event: Any, events: Iterator[Any], at: Origin, path: KeyPath) -> dict[str, Node]:
        self._allowed(_tag(event), _MAP_TAGS, at, path)
        entries: dict[str, Node] = {}
        while not isinstance(key_event := next(events), ev.MappingEndEvent):
            place = self._at(key_event.start_mark)
            key = self._key(key_event, events, place, path)
            value = self._node(next(events), events, (*path, key or "?"), place)
            if key in entries:
                first = entries[key].key
                rule = f"{key!r} stands twice; first on line {first.line if first else 0}"
                self.fault(place, (*path, key), rule, "Keep one of the two.")
            elif key is not None:
                entries[key] = value
        return entries

    def _key(self, event: Any, events: Iterator[Any], at: Origin, path: KeyPath) -> str | None:
        """Return the key as text, or None where it has been reported."""
        if not isinstance(event, ev.ScalarEvent):
            self._node(event, events, (*path, "?"))
            self.fault(at, path, "a key must be a word, not a list, a map or an alias")
            return None
        if not event.style and event.value == "<<":
            rule = "merge keys (<<) are not read"
            self.fault(at, path, rule, "Put common facts in a file of their own and name it with 'extends'.")
            return None
        if event.value == "":
            self.fault(at, path, "there is no key before the colon")
            return None
        return same_date(event.value)

    def _allowed(self, tag: str | None, tags: tuple[str | None, ...], at: Origin, path: KeyPath) -> bool:
        if tag in tags:
            return True
        self.fault(at, path, f"the tag {tag} is not read", "Remove it; write text that looks like a number in quotes.")
        return False

    def _not_yaml(self, error: MarkedYAMLError) -> None:
        tabs = [number for number, line in enumerate(_LINE_END.split(self.text), 1) if re.match(r" *\t", line)]
        mark = error.problem_mark or error.context_mark
        if tabs and mark is not None and mark.line + 1 >= tabs[0]:
            for number in tabs[:20]:
                column = len(re.match(" *", _LINE_END.split(self.text)[number - 1]).group()) + 1  # type: ignore[union-attr]
                rule = "a tab stands in the indentation"
                self.fault(self._place(number, column), (), rule, "Indent with spaces.")
            return
        said = " ".join(part for part in (error.context, error.problem) if part)
        self.fault(self._at(mark) if mark else self._place(1, 1), (), f"this is not YAML: {said}", _remedy(said))

    def fault(self, at: Origin, path: KeyPath, rule: str, remedy: str = "") -> None:
        """Note that something is wrong."""
        self.faults.append(Fault(at.file, at.line, at.column, path, rule, remedy, at.source))

    def _first_place(self, character: str | None) -> Origin:
        before = self.text[: self.text.index(character)] if character else ""
        lines = _LINE_END.split(before)
        return self._place(len(lines), len(lines[-1]) + 1)

    def _at(self, mark: Any) -> Origin:
        return self._place(mark.line + 1, mark.column + 1)

    def _place(self, line: int, column: int) -> Origin:
        if self.file is None and self.by == COMMAND_LINE:
            return Origin(None, 0, 0, self.by)
        return Origin(self.file, line, column, self.by, self.lines[line - 1] if line <= len(self.lines) else "")


def _tag(event: Any) -> str | None:
    """Return the tag that was written, if any."""
    return None if event.tag is None else str(event.tag)


def _remedy(said: str) -> str:
    if "mapping values are not allowed" in said:
        return "Check the indentation, and put text that holds a colon in quotes."
    if "quoted scalar" in said:
        return "Close the quotes."
    if "flow" in said:
        return "Close the bracket."
    return ""


def same_date(key: str) -> str:
    """Write possible dates alike, so that 2026-4-1 and 2026-04-01 are one key."""
    try:
        return parse_date(key).isoformat() if looks_like_date(key) else key
    except ValueError:
        return key


def resolve(text: str) -> Any:
    """Return what a plain scalar stands for: null, true or false, a number, or else the text itself."""
    if _NULL.fullmatch(text):
        return None
    if _TRUE.fullmatch(text) or _FALSE.fullmatch(text):
        return text.lower() == "true"
    if _INTEGER.fullmatch(text):
        return int(text)
    if _BASED.fullmatch(text):
        return int(text, 0)
    if _SPECIAL.fullmatch(text):
        return float(text.replace(".", "", 1))
    digits_only = text.lstrip("+-").isdigit()
    return float(text) if _FLOAT.fullmatch(text) and not digits_only else text
