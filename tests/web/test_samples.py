"""Schemas in words, and values that they hold."""

import pytest

from rplay.web.openapi import document
from rplay.web.samples import example, fields, kind_of
from tests.described import registry_of, validator


@pytest.fixture(scope="module")
def api(app):
    return document(app)


@pytest.mark.parametrize(
    ("schema", "words"),
    [
        ({"type": "string", "maxLength": 200}, "text, at most 200 characters"),
        ({"type": "integer", "minimum": 0, "maximum": 100}, "whole number, 0 to 100"),
        ({"anyOf": [{"type": "string"}, {"type": "null"}]}, "text or null"),
        ({"type": "array", "items": {"enum": ["a", "b"]}}, "list of one of “a”, “b”"),
        ({"const": True}, "always true"),
        ({"$ref": "#/components/schemas/X"}, "object"),
        ({}, "anything"),
    ],
)
def test_a_schema_in_words(schema, words):
    assert kind_of(schema, {"X": {"type": "object"}}) == words


def test_the_fields_of_objects_inside_have_their_place():
    inner = {"type": "object", "properties": {"b": {"type": "string"}}, "required": ["b"]}
    found = list(fields({"properties": {"a": {"type": "array", "items": inner}}}, {}))
    assert [(one.name, one.required, one.kind) for one in found] == [
        ("a", False, "list of object"),
        ("a.b", True, "text"),
    ]


def test_every_example_of_an_answer_holds_to_its_schema(api):
    schemas, registry = api["components"]["schemas"], registry_of(api)
    for path, methods in api["paths"].items():
        for method, operation in methods.items():
            for status, response in operation["responses"].items():
                schema = response["content"].get("application/json", {}).get("schema")
                if schema:
                    known = validator(registry, path, method, status)
                    problem = next(known.iter_errors(example(schema, schemas)), None)
                    assert problem is None, (method, path, status, problem and problem.message)
