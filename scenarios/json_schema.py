"""The JSON Schema of scenario files, for completion and live errors in editors."""

from __future__ import annotations

import inspect
from typing import Any

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from stepdown.scenarios.assumptions import Assumption
from stepdown.scenarios.levers import FRAME
from stepdown.scenarios.schema import Scenario

DIALECT = "https://json-schema.org/draft/2020-12/schema"
_SCALARS = {"string", "number", "integer", "boolean", "null"}
_ASSUMPTION = {"$ref": "#/$defs/Assumption"}
_FILE = {"type": "string", "pattern": r"\.csv$", "description": "The name of a CSV file."}


class _WithoutDefaults(GenerateJsonSchema):
    """Leaves defaults out: many are values such as timelines, which JSON cannot say."""

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        """Return the schema of the value alone."""
        return self.generate_inner(schema["schema"])


def study_schema() -> dict[str, Any]:
    """Return the JSON Schema of base files and options files."""
    generated = Scenario.model_json_schema(schema_generator=_WithoutDefaults)
    definitions = {name: _wrappable(part) for name, part in generated.pop("$defs").items()}
    base = _wrappable(generated)
    _allow_files(base, definitions)
    facts = base["properties"]
    changes = {"type": "object", "properties": {"why": {"type": "string"}, **_partial(facts)}}
    definitions["Lever"] = {**changes, "additionalProperties": False, "description": "A named change to the facts."}
    definitions["Assumption"] = _assumption()
    frame = _frame()
    return {
        "$schema": DIALECT,
        "title": "stepdown scenario",
        "description": inspect.getdoc(Scenario),
        "type": "object",
        "properties": {**frame, **facts},
        "additionalProperties": False,
        "anyOf": [{"required": ["extends"]}, {"required": base["required"]}],
        "$defs": definitions,
    }


def _frame() -> dict[str, Any]:
    names = {"type": "array", "items": {"type": "string"}}
    option = {"type": "object", "properties": {"levers": names, "about": {"type": "string"}}}
    schemas = (
        {"type": "string", "description": "A file whose facts, levers and options are taken over."},
        {
            "type": "object",
            "additionalProperties": {"$ref": "#/$defs/Lever"},
            "description": "Named changes to the facts, written as in the base file.",
        },
        {
            "type": "object",
            "additionalProperties": {"anyOf": [names, {**option, "additionalProperties": False}]},
            "description": "What is compared: each option with its levers; carry-on has none.",
        },
    )
    return dict(zip(FRAME, schemas, strict=True))


def _partial(facts: dict[str, Any]) -> dict[str, Any]:
    """Return the facts as a lever may change them: editors complete their names, and the program checks the rest."""
    return {name: {"description": fact.get("description", "")} for name, fact in facts.items()}


def _assumption() -> dict[str, Any]:
    properties: dict[str, Any] = {
        name: {"description": field.description} for name, field in Assumption.model_fields.items() if name != "path"
    }
    for name in ("source", "owner", "quality"):
        properties[name]["type"] = "string"
    properties["dated"] |= {"type": "string", "format": "date"}
    return {
        "type": "object",
        "description": inspect.getdoc(Assumption),
        "properties": properties,
        "required": ["value"],
        "minProperties": 2,
        "additionalProperties": False,
    }


def _allow_files(base: dict[str, Any], definitions: dict[str, Any]) -> None:
    """Let people and dates stand in CSV files, and a number stand for so many people."""
    caseload = base["properties"]["caseload"]
    entries = caseload["additionalProperties"]
    count = {"type": "integer", "minimum": 0}
    caseload["additionalProperties"] = {"anyOf": [entries, count, _ASSUMPTION, _FILE]}
    base["properties"]["caseload"] = {
        "description": caseload.get("description", ""),
        "anyOf": [{key: value for key, value in caseload.items() if key != "description"}, _FILE],
    }
    dates = definitions["Source"]["properties"]["dates"]
    definitions["Source"]["properties"]["dates"] = {
        "description": dates.get("description", ""),
        "anyOf": [{"type": "array", "items": dates.get("items", {})}, _FILE],
    }


def _wrappable(schema: Any) -> Any:
    """Let an assumption stand wherever a quantity may stand."""
    if isinstance(schema, list):
        return [_wrappable(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    if _is_quantity(schema):
        described = {key: schema[key] for key in ("description", "title") if key in schema}
        bare = {key: value for key, value in schema.items() if key not in described}
        return {**described, "anyOf": [bare, _ASSUMPTION]}
    return {key: _wrappable(value) for key, value in schema.items()}


def _is_quantity(schema: dict[str, Any]) -> bool:
    kinds = schema.get("type", [])
    kinds = {kinds} if isinstance(kinds, str) else set(kinds)
    return "const" in schema or "enum" in schema or (bool(kinds) and kinds <= _SCALARS and kinds != {"null"})
