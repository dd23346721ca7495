"""Describes JSON schemas in words and makes example values, for the readable API documentation."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Schema = Mapping[str, Any]
DEPTH = 6  # levels of nested objects in an example
TEXTS = {
    "uuid": "3f0c2a9e-6d0b-4c57-9a51-0d4a4a7f2f10",
    "date-time": "2026-01-31T12:00:00.000Z",
    "date": "2026-01-31",
    "binary": "(a file)",
    "email": "ada@example.com",
}
NAMES = {"string": "text", "integer": "whole number", "boolean": "true or false"}
# Typical values of fields with these names.
USUAL: Mapping[str, Any] = {
    "email": "ada@example.com", "name": "Ada Advisor", "password": "Secret123", "newPassword": "Secret123",
    "currentPassword": "Secret123", "token": "the session's token", "role": "learner", "job_role": "Advisor",
    "jobRole": "Advisor", "industry": "insurance", "subcategory": "life-health", "difficulty": "beginner",
    "simulation_id": "SIM-0123456789ABCDEF", "simulationId": "SIM-0123456789ABCDEF", "content": "Good morning.",
    "text": "Good morning.", "voice": "alloy", "messages": [{"role": "user", "content": "Good morning."}],
    "conversation_history": [{"role": "user", "content": "Good morning."}], "error": "What is wrong, in words",
    "message": "Done, in words", "provider": "local", "source": "local", "score": 7, "overallScore": 7,
    "line": 3, "quote": "What matters most to you?", "reason": "It followed from what she said.",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Field:
    """A key of an object. `name` is its full path, as in `profile.traits`."""

    name: str
    required: bool
    kind: str
    about: str


def resolved(schema: Schema, schemas: Mapping[str, Schema]) -> Schema:
    """Return the schema that a reference points to, or the schema itself."""
    while "$ref" in schema:
        schema = schemas[schema["$ref"].rpartition("/")[2]]
    return schema


def kind_of(schema: Schema, schemas: Mapping[str, Schema]) -> str:
    """Return the type in words: `text`, `number`, `list of text`, `one of a, b` …"""
    schema = resolved(schema, schemas)
    if "const" in schema:
        return f"always {_shown(schema['const'])}"
    if "enum" in schema:
        return "one of " + ", ".join(map(_shown, schema["enum"]))
    if options := schema.get("anyOf") or schema.get("oneOf"):
        return " or ".join(dict.fromkeys(kind_of(one, schemas) for one in options))
    if schema.get("type") == "array":
        return f"list of {kind_of(schema.get('items', {}), schemas)}"
    kind = str(schema.get("type", "anything"))
    return NAMES.get(kind, kind) + _bounds(schema)


def _bounds(schema: Schema) -> str:
    low, high = schema.get("minimum"), schema.get("maximum")
    if low is not None and high is not None:
        return f", {low} to {high}"
    most = schema.get("maxLength")
    return f", at most {most} characters" if most else ""


def _shown(value: Any) -> str:
    return f"“{value}”" if isinstance(value, str) else str(value).lower()


def fields(schema: Schema, schemas: Mapping[str, Schema], place: str = "", depth: int = 2) -> Iterator[Field]:
    """Yield the keys of an object, including those of nested objects."""
    schema = resolved(schema, schemas)
    for name, inner in schema.get("properties", {}).items():
        about = inner.get("description") or resolved(inner, schemas).get("description", "")
        yield Field(place + name, name in schema.get("required", ()), kind_of(inner, schemas), about)
        if depth and (deeper := _object_in(inner, schemas)):
            yield from fields(deeper, schemas, f"{place}{name}.", depth - 1)


def _object_in(schema: Schema, schemas: Mapping[str, Schema]) -> Schema | None:
    schema = resolved(schema, schemas)
    if schema.get("properties"):
        return schema
    inside = [schema["items"]] if "items" in schema else schema.get("anyOf", ())
    return next((found for one in inside if (found := _object_in(one, schemas))), None)


def example(schema: Schema, schemas: Mapping[str, Schema], name: str = "", depth: int = DEPTH) -> Any:
    """Return a value that the schema accepts; fields with common names get typical values."""
    schema = resolved(schema, schemas)
    for given in ("const", "example", "default"):
        if schema.get(given) is not None:
            return schema[given]
    if "enum" in schema:
        return schema["enum"][0]
    if name in USUAL:
        return USUAL[name]
    if options := [one for one in schema.get("anyOf") or schema.get("oneOf") or () if one.get("type") != "null"]:
        return example(options[0], schemas, name, depth)
    match schema.get("type"):
        case "object":
            inside = schema.get("properties", {}) if depth > 0 or schema.get("required") else {}
            return {key: example(inner, schemas, key, depth - 1) for key, inner in inside.items()}
        case "array" if "prefixItems" in schema:
            return [example(one, schemas, name, depth - 1) for one in schema["prefixItems"]]
        case "array":
            wanted = "items" in schema and (depth > 0 or schema.get("minItems"))
            return [example(schema["items"], schemas, name, depth - 1)] if wanted else []
        case "integer" | "number":
            return schema.get("minimum", 1)
        case "boolean":
            return True
        case "string":
            return TEXTS.get(schema.get("format", ""), "text")
    return None
