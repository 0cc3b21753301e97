"""The types of a scenario's fields: each reads what people write and shows editors what may be written."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import partial
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, PlainValidator, Strict, WithJsonSchema

from stepdown.scenarios import quantities as q
from stepdown.scenarios.distributions import Distribution
from stepdown.scenarios.parse_distribution import FAMILIES, parse_distribution
from stepdown.scenarios.quantities import Timeline


class Part(BaseModel):
    """A part of a scenario: unknown keys are refused, values never change, docstrings are the manual."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, use_attribute_docstrings=True)


Item = TypeVar("Item")

Several = Annotated[tuple[Item, ...], Strict(False)]
"""A list in the file, kept as a tuple that nobody changes."""

NEVER = "none"
"""What is written where a limit or a review interval does not apply."""

_DURATION = {"type": "string", "pattern": r"^\s*[0-9.]+\s*[A-Za-z]+\s*$", "examples": ["18 months", "12 weeks"]}
_SHARE = {"type": ["string", "number"], "examples": ["40%", 0.4]}
_MONEY = {"type": ["string", "number"], "examples": [1200, "£1,200"]}
_NUMBER = {"type": "number", "minimum": 0}
_COUNT = {"type": "integer", "minimum": 0}
_PLACES = {"anyOf": [_COUNT, {"const": "unlimited"}]}
_DATE = {"type": "string", "format": "date"}


def _or_never(parse: Callable[[object], float]) -> Callable[[object], float | None]:
    return lambda raw: None if raw in (NEVER, None) else parse(raw)


def _or_never_schema(schema: dict[str, Any]) -> dict[str, Any]:
    return {"anyOf": [schema, {"const": NEVER}, {"type": "null"}]}


def _from_dates(schema: dict[str, Any]) -> WithJsonSchema:
    """One value, or values from dates."""
    dated = {"type": "object", "propertyNames": {"pattern": rf"^(\d{{4}}-\d\d-\d\d|{q.FROM_THE_START})$"}}
    return WithJsonSchema({"anyOf": [schema, {**dated, "additionalProperties": schema}]})


def _timeline(parse: Callable[[object], Any]) -> PlainValidator:
    return PlainValidator(partial(q.parse_timeline, parse=parse))


def _distribution(values: dict[str, Any]) -> WithJsonSchema:
    families = {name: {"type": "object"} for name in FAMILIES if name != "fixed"}
    family = {"type": "object", "properties": {"fixed": values, **families}, "additionalProperties": False}
    return WithJsonSchema({"anyOf": [values, {**family, "minProperties": 1, "maxProperties": 1}]})


def _parse_rule(raw: object) -> str:
    if raw not in ("move_on", "extend"):
        raise ValueError(f"{raw!r} is not a rule. Write move_on or extend")
    return str(raw)


def _parse_requires(raw: object) -> tuple[tuple[str, ...], ...]:
    """Stages in sequence, each of one or more step names done side by side."""
    if not isinstance(raw, list):
        raise ValueError("write the steps in a list, such as [panel, [housing-application, adaptation], letting]")
    stages = tuple(tuple(item) if isinstance(item, list) else (item,) for item in raw)
    names = [name for stage in stages for name in stage]
    if not all(isinstance(name, str) for name in names) or not all(stages):
        raise ValueError("each item is a step's name, or a list of names that are done side by side")
    if len(set(names)) < len(names):
        raise ValueError(f"a step stands twice in {names}; a case goes through each step once")
    return stages


Date = Annotated[dt.date, PlainValidator(q.parse_date), WithJsonSchema(_DATE)]
Days = Annotated[float, PlainValidator(q.parse_duration), WithJsonSchema(_DURATION)]
PositiveDays = Annotated[float, PlainValidator(q.parse_positive_duration), WithJsonSchema(_DURATION)]
Share = Annotated[float, PlainValidator(q.parse_share), WithJsonSchema(_SHARE)]
Growth = Annotated[float, PlainValidator(q.parse_growth), WithJsonSchema({"type": "string", "examples": ["3%"]})]
Multiplier = Annotated[float, PlainValidator(q.parse_multiplier), WithJsonSchema(_NUMBER)]
Count = Annotated[int, PlainValidator(q.parse_count), WithJsonSchema(_COUNT)]

PlacesTimeline = Annotated[Timeline[float], _timeline(q.parse_places), _from_dates(_PLACES)]
CountTimeline = Annotated[Timeline[int], _timeline(q.parse_count), _from_dates(_COUNT)]
RateTimeline = Annotated[Timeline[float], _timeline(q.parse_rate), _from_dates(_NUMBER)]
ShareTimeline = Annotated[Timeline[float], _timeline(q.parse_share), _from_dates(_SHARE)]
MoneyTimeline = Annotated[Timeline[float], _timeline(q.parse_money), _from_dates(_MONEY)]
IntervalTimeline = Annotated[Timeline[float], _timeline(q.parse_positive_duration), _from_dates(_DURATION)]
LimitTimeline = Annotated[
    Timeline[float | None],
    _timeline(_or_never(q.parse_positive_duration)),
    _from_dates(_or_never_schema(_DURATION)),
]
RuleTimeline = Annotated[
    Timeline[Literal["move_on", "extend"]], _timeline(_parse_rule), _from_dates({"enum": ["move_on", "extend"]})
]

Duration = Annotated[
    Distribution, PlainValidator(partial(parse_distribution, parse=q.parse_duration)), _distribution(_DURATION)
]
Amount = Annotated[
    Distribution, PlainValidator(partial(parse_distribution, parse=q.parse_money)), _distribution(_MONEY)
]

Requires = Annotated[
    tuple[tuple[str, ...], ...],
    PlainValidator(_parse_requires),
    WithJsonSchema(
        {
            "type": "array",
            "items": {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]},
        }
    ),
]
