"""What pydantic found wrong, in the words of the person who wrote the file."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from stepdown.scenarios.levers import FRAME
from stepdown.scenarios.schema import Resident, Route, Scenario, Setting, Source
from stepdown.scenarios.schema_steps import Lettings, Panel, Team, Tier
from stepdown.scenarios.trees import KeyPath, Node, Problem, deepest, find, has_unreadable, walk
from stepdown.scenarios.words import did_you_mean, nearest, split_remedy

_HOMES: dict[str, type[BaseModel]] = {
    "a setting": Setting,
    "a route": Route,
    "a source of demand": Source,
    "somebody in the caseload": Resident,
    "a team": Team,
    "a panel": Panel,
    "a step with lettings": Lettings,
    "a tier of adaptations": Tier,
}
"""Where a key may belong that stands in the wrong place; the likeliest first."""


def problems_of(error: ValidationError, tree: Node, schema: type[BaseModel] = Scenario) -> list[Problem]:
    """Return what is wrong, without what follows only from something unreadable that is reported already.

    Parameters
    ----------
    error
        What pydantic raised for the tree's plain data.
    tree
        The tree.
    schema
        What the data were to be.
    """
    found = [_narrowed(tree, _problem(details, schema)) for details in error.errors()]
    return [problem for problem in found if not has_unreadable(deepest(tree, problem.path))]


def _narrowed(tree: Node, problem: Problem) -> Problem:
    """Point at the one word within a distribution or values from dates that a message begins with."""
    holder = find(tree, problem.path)
    if holder is None or not isinstance(holder.value, dict | list):
        return problem
    below = [(path, node) for path, node in walk(holder, problem.path) if path != problem.path]
    values = [path for path, node in below if _is_scalar(node) and problem.rule.startswith(f"{node.value!r}")]
    keys = [path for path, _ in below if isinstance(path[-1], str) and problem.rule.startswith(f"{path[-1]!r}")]
    if len(values) + len(keys) != 1:
        return problem
    return problem._replace(path=(values + keys)[0], at_key=bool(keys))


def _is_scalar(node: Node) -> bool:
    return not isinstance(node.value, dict | list)


def _problem(details: ErrorDetails, schema: type[BaseModel]) -> Problem:
    path: KeyPath = tuple(details["loc"])
    kind, value = details["type"], details["input"]
    if kind == "extra_forbidden" and schema is Scenario and path[0] in FRAME:
        return Problem(path, f"`{path[0]}` stands at the top of a file, not in a lever or on the command line")
    if kind == "extra_forbidden":
        remedy = _belongs(str(path[-1]), keys_at(path[:-1], schema), schema)
        return Problem(path, f"there is no key {path[-1]!r} here", remedy, at_key=True)
    if kind == "missing":
        remedy = _meaning(path, schema)
        return Problem(path[:-1], f"needs `{path[-1]}`", f"{path[-1]}: {remedy}" if remedy else "", at_key=True)
    if kind == "value_error":
        return Problem(path, *_refused(str(details["ctx"]["error"]), value))
    if kind == "literal_error":
        known = [word.strip("' ") for word in re.split(r",| or ", str(details["ctx"]["expected"]))]
        return Problem(path, f"{say(value)} is not one of {', '.join(known)}", did_you_mean(str(value), known)[2:])
    rule, remedy = _WRONG_TYPE.get(kind, lambda value: (details["msg"], ""))(value)
    return Problem(path, rule, remedy)


def _belongs(key: str, known: list[str], schema: type[BaseModel]) -> str:
    """Say which key was meant here, or else where it belongs, or else what may stand here."""
    if schema is Scenario and nearest(key, known) is None:
        for where, kind in _HOMES.items():
            if meant := nearest(key, [_key(name, field) for name, field in kind.model_fields.items()]):
                return f"`{meant}` belongs to {where}."
    return did_you_mean(key, known).removeprefix(". ")


def _refused(message: str, value: Any) -> tuple[str, str]:
    """Return what a field's own parser says, with true, false and nothing as YAML writes them."""
    if value is None or isinstance(value, bool):
        message = message.replace(repr(value), say(value), 1)
    rule, remedy = split_remedy(message)
    if isinstance(value, str) and re.fullmatch(r"0\d+", value):
        # Some programs read 012 as ten, others as twelve, so it is not read as a number at all.
        remedy = f"Write {int(value)}: a number does not begin with 0."
    return rule, remedy


def _not_text(value: Any) -> tuple[str, str]:
    remedy = f"Write '{value}' in quotes." if isinstance(value, int | float) else "Write a name or a few words."
    return f"{say(value)} is not text", remedy


def _not_map(value: Any) -> tuple[str, str]:
    return f"{say(value)} stands where keys with values are needed", "Write a map, such as {key: value}."


def _not_list(value: Any) -> tuple[str, str]:
    shown = value if isinstance(value, str | int | float) else "…"
    return f"{say(value)} stands where a list is needed", f"Write it in square brackets: [{shown}]."


def _not_whole(value: Any) -> tuple[str, str]:
    return f"{say(value)} is not a whole number", "Write a whole number, such as 3."


def _too_few(value: Any) -> tuple[str, str]:
    return "is empty", "Write at least one."


_WRONG_TYPE: dict[str, Callable[[Any], tuple[str, str]]] = {
    "string_type": _not_text,
    "model_type": _not_map,
    "model_attributes_type": _not_map,
    "dict_type": _not_map,
    "tuple_type": _not_list,
    "list_type": _not_list,
    "int_type": _not_whole,
    "int_parsing": _not_whole,
    "too_short": _too_few,
}


def say(value: Any) -> str:
    """Return a value as a message shows it."""
    if isinstance(value, dict):
        return "a map"
    if isinstance(value, list):
        return "a list"
    if isinstance(value, bool):
        return str(value).lower()
    return "nothing" if value is None else repr(value)


def keys_at(path: KeyPath, schema: type[BaseModel] = Scenario) -> list[str]:
    """Return the keys that the schema knows at a path."""
    kind = _kind_at(path, schema)
    known = [_key(name, field) for name, field in kind.model_fields.items()] if kind else []
    return known + list(FRAME) if kind is Scenario else known


def _meaning(path: KeyPath, schema: type[BaseModel]) -> str:
    kind = _kind_at(path[:-1], schema)
    fields = {_key(name, field): field for name, field in kind.model_fields.items()} if kind else {}
    field = fields.get(str(path[-1]))
    return (field.description or "") if field else ""


def _key(name: str, field: FieldInfo) -> str:
    return field.alias or name


def _kind_at(path: KeyPath, schema: type[BaseModel]) -> type[BaseModel] | None:
    """Return the model that the schema has at a path, if it is a model."""
    kind: Any = schema
    for key in path:
        kind = _below(kind, key)
    return kind if isinstance(kind, type) and issubclass(kind, BaseModel) else None


def _below(kind: Any, key: str | int) -> Any:
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        fields = {_key(name, field): field for name, field in kind.model_fields.items()}
        return _bare(fields[str(key)].annotation) if str(key) in fields else None
    inner = get_args(kind)
    return _bare(inner[1] if get_origin(kind) is dict else inner[0]) if inner else None


def _bare(annotation: Any) -> Any:
    """Strip what only qualifies a type: Annotated, and None as an alternative."""
    if get_origin(annotation) is Annotated:
        return _bare(get_args(annotation)[0])
    alternatives = [item for item in get_args(annotation) if item is not type(None)]
    if get_origin(annotation) is Union or type(annotation).__name__ == "UnionType":
        return _bare(alternatives[0])
    return annotation
