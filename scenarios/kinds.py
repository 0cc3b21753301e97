"""Which parser the schema has for the value at a path: whether a plain number there is money, a share, or so many."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache, partial
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

from pydantic import BaseModel, PlainValidator

from stepdown.scenarios.parse_distribution import parse_distribution
from stepdown.scenarios.quantities import parse_rate
from stepdown.scenarios.schema import Scenario

Parser = Callable[[object], Any]


def parser_at(path: Sequence[str | int]) -> Parser | None:
    """Return the parser of single values at a path, or None where the schema has none of its own.

    Parameters
    ----------
    path
        Keys and list numbers from the top of a scenario; those within values from dates or a distribution may follow.
    """
    return _below(Scenario, [str(key) for key in path])


def _below(kind: Any, keys: Sequence[str]) -> Parser | None:
    origin, inner = get_origin(kind), get_args(kind)
    if origin is Annotated:
        plain = next((said.func for said in inner[1:] if isinstance(said, PlainValidator)), None)
        return _below(inner[0], keys) if plain is None else _of_values(plain, keys)
    if origin in (Union, UnionType):
        found = (_below(one, keys) for one in inner if one is not NoneType)
        return next((parser for parser in found if parser is not None), None)
    if not keys:
        return None
    if origin in (dict, tuple):
        return _below(inner[1 if origin is dict else 0], keys[1:])
    return _of_field(kind, keys) if isinstance(kind, type) and issubclass(kind, BaseModel) else None


def _of_field(part: type[BaseModel], keys: Sequence[str]) -> Parser | None:
    for name, field in part.model_fields.items():
        if keys[0] == (field.alias or name):
            return _below(_hints(part)[name], keys[1:])
    return None


@cache  # to read them takes as long as all the rest, and a part's never change
def _hints(part: type[BaseModel]) -> dict[str, Any]:
    return get_type_hints(part, include_extras=True)


def _of_values(plain: Any, keys: Sequence[str]) -> Parser:
    """Return the parser of the single values of which a timeline or a distribution is made."""
    if not isinstance(plain, partial):
        return plain  # type: ignore[no-any-return]
    if plain.func is parse_distribution and keys and keys[-1] == "shape":
        return parse_rate
    return plain.keywords["parse"]  # type: ignore[no-any-return]
