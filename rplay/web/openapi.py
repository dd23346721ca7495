"""The OpenAPI document, generated from the routes and the models that validate requests."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from importlib.metadata import version
from typing import Any, Literal, NotRequired, TypeVar, cast, get_args, get_origin

from flask import Flask
from pydantic import TypeAdapter
from pydantic.json_schema import models_json_schema
from werkzeug.routing import Rule

from rplay.web.body import Body
from rplay.web.views import declared

View = TypeVar("View", bound=Callable[..., Any])
Schema = dict[str, Any]

ERROR: Schema = {
    "type": "object",
    "required": ["success", "error", "message"],
    "properties": {
        "success": {"const": False},
        "error": {"type": "string", "description": "What is wrong, in words for people"},
        "message": {"type": "string", "description": "The same text"},
    },
}
MEANINGS = {
    400: "The request is not understood",
    401: "There is no live session",
    403: "The user may not do this",
    404: "There is no such thing",
    408: "The body came too slowly",
    409: "It conflicts with what is there",
    413: "The body is too large",
    415: "The body is not JSON",
    429: "Too many requests; Retry-After says when to come back",
    500: "Unexpected failure; the log has the request id",
    502: "An AI provider failed",
    503: "Not configured, or not available for a moment",
}
_STANDARD = {"ge": "minimum", "le": "maximum"}
_REF = "#/components/schemas/{model}"


@dataclass(frozen=True, slots=True)
class Answers:
    """The responses that `@responds` declares for a view. `schema` returns the schema of the success response, and
    adds the schemas it refers to to the given dict.
    """

    statuses: tuple[int, ...]
    errors: frozenset[int]
    kind: str
    schema: Callable[[dict[str, Schema]], Schema]


def responds(
    status: int = 200,
    /,
    *errors: int,
    kind: str = "application/json",
    bare: bool = False,
    body: Any = None,
    also: tuple[int, ...] = (),
    events: Mapping[str, type] | None = None,
    **keys: Any,
) -> Callable[[View], View]:
    """Declare a view's responses for the OpenAPI document: the status, the keys beside `success`, and error statuses
    that no decorator implies. Place this decorator right above the function.

    The value of a key is a type, NotRequired if the key may be absent. A `bare` response has no `success`; `body` is
    the type of a response with other keys or none; `also` are statuses with the same response; `events` are the events
    of a stream by name.
    """

    def decorate(view: View) -> View:
        if events:
            whole = partial(_stream, events)
        elif body is None:
            whole = partial(_object, keys if bare else {"success": Literal[True], **keys})
        else:
            whole = partial(_schema, body)
        declared(view).answers = Answers((status, *also), frozenset(errors), kind, whole)
        return view

    return decorate


def document(app: Flask) -> Schema:
    models = sorted(
        {model for _, _, view in routes(app) for model in _bodies(view).values()}, key=lambda model: model.__name__
    )
    _, defined = models_json_schema([(model, "validation") for model in models], ref_template=_REF)
    paths: dict[str, dict[str, Schema]] = {}
    schemas: dict[str, Schema] = {"Error": ERROR, **defined.get("$defs", {})}
    for rule, method, view in routes(app):
        path = re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule)
        paths.setdefault(path, {})[method.lower()] = _operation(rule, method, view, schemas)
    made = {
        "openapi": "3.1.0",
        "info": {
            "title": "rplay",
            "version": version("rplay"),
            "description": "Role-play training of advisors.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/", "description": "The server that gave this document"}],
        "paths": dict(sorted(paths.items())),
        "components": {
            "schemas": schemas,
            "securitySchemes": {"session": {"type": "http", "scheme": "bearer"}},
        },
    }
    return cast(Schema, standard(made))


def standard(node: Any) -> Any:
    """Convert pydantic's output to standard JSON Schema.

    Pydantic writes `ge` and `le` for bounds behind our own validators. It also writes `default: null` for properties
    that may not be null, from which client generators conclude that the property is always present.
    """
    if isinstance(node, list):
        return [standard(one) for one in node]
    if not isinstance(node, dict):
        return node
    left_out = {"default"} if node.get("default", "") is None else set()
    names = _STANDARD if {"ge", "le"} & node.keys() and "type" in node else {}
    return {names.get(key, key): standard(value) for key, value in node.items() if key not in left_out}


def routes(app: Flask) -> Iterator[tuple[Rule, str, Callable[..., Any]]]:
    """Yield every route of the API with each method except HEAD and OPTIONS."""
    for rule in app.url_map.iter_rules():
        if declared(app.view_functions[rule.endpoint]).page:
            continue
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            yield rule, method, app.view_functions[rule.endpoint]


def _bodies(view: Callable[..., Any]) -> dict[str, type[Body]]:
    models = (("application/json", declared(view).body), ("multipart/form-data", declared(view).form))
    return {kind: model for kind, model in models if model}


def _operation(rule: Rule, method: str, view: Callable[..., Any], schemas: dict[str, Schema]) -> Schema:
    access = declared(view).access or "public"
    bodies = _bodies(view)
    operation: Schema = {
        "operationId": f"{method.lower()}_{rule.endpoint.replace('.', '_')}",
        "tags": [rule.endpoint.split(".")[0]],
        "summary": _summary(rule, view),
        "description": f"Access: {access}.",
        "parameters": [*_path_parameters(rule, view), *_query_parameters(view)],
        "responses": dict(sorted(_responses(rule, view, schemas).items())),
    }
    operation["security"] = _security(access)
    if bodies:
        operation["requestBody"] = {
            "required": all(
                any(field.is_required() for field in body.model_fields.values()) for body in bodies.values()
            ),
            "content": {kind: {"schema": {"$ref": _REF.format(model=body.__name__)}} for kind, body in bodies.items()},
        }
    return operation


def _security(access: str) -> list[Schema]:
    if access == "public":
        return []
    return [{"session": []}, {}] if "legacy" in access else [{"session": []}]


def _summary(rule: Rule, view: Callable[..., Any]) -> str:
    """Return the first line of the view's docstring, or else a summary made of its name and resource."""
    about = rule.endpoint.split(".")[0].replace("_", " ")
    return (view.__doc__ or f"{view.__name__.replace('_', ' ').capitalize()} ({about})").strip().splitlines()[0]


def _path_parameters(rule: Rule, view: Callable[..., Any]) -> Iterator[Schema]:
    for name in sorted(rule.arguments):
        kind = {"type": "string", "format": "uuid"} if name in declared(view).ids else {"type": "string"}
        yield {"name": name, "in": "path", "required": True, "schema": kind}


def _query_parameters(view: Callable[..., Any]) -> Iterator[Schema]:
    query = declared(view).query
    properties = query.model_json_schema()["properties"] if query else {}
    for name, schema in properties.items():
        yield {"name": name, "in": "query", "required": False, "schema": schema}


def _responses(rule: Rule, view: Callable[..., Any], schemas: dict[str, Schema]) -> dict[str, Schema]:
    answers = _answers_of(view)
    done = {"description": "Done", "content": {answers.kind: {"schema": answers.schema(schemas)}}}
    error = {"application/json": {"schema": {"$ref": _REF.format(model="Error")}}}
    return {
        **{str(status): {"description": MEANINGS[status], "content": error} for status in _errors(rule, view)},
        **{str(status): {**done, "description": MEANINGS.get(status, "Done")} for status in answers.statuses},
    }


def _answers_of(view: Callable[..., Any]) -> Answers:
    answers = declared(view).answers
    assert answers, f"{view.__name__} does not say what it answers"
    return answers


def _errors(rule: Rule, view: Callable[..., Any]) -> set[int]:
    """Return the error statuses that the view declares and those that its decorators imply."""
    access = declared(view).access or "public"
    about = declared(view)
    implied = {429, 503}
    implied |= {401} if access != "public" else set()
    implied |= {403} if "admin" in access else set()
    implied |= {400, 408, 413, 415} if about.body or about.takes_nothing else set()
    implied |= {400} if about.query or about.ids else set()
    implied |= {400, 404} if rule.arguments else set()
    return implied | _answers_of(view).errors


def _object(keys: dict[str, Any], schemas: dict[str, Schema]) -> Schema:
    sure = [name for name, kind in keys.items() if get_origin(kind) is not NotRequired]
    kinds = {name: kind if name in sure else get_args(kind)[0] for name, kind in keys.items()}
    properties = {name: _schema(kind, schemas) for name, kind in kinds.items()}
    return {"type": "object", "required": sure, "properties": properties}


def _stream(events: Mapping[str, type], schemas: dict[str, Schema]) -> Schema:
    """Return the schema of an event stream. OpenAPI 3.1 cannot describe streams, so it is described as an array."""
    kinds = [
        {"properties": {"event": {"const": name}, "data": _named(kind, schemas)}, "required": ["event", "data"]}
        for name, kind in events.items()
    ]
    return {
        "type": "array",
        "description": "Server-sent events. Of each, `data` is one line of JSON.",
        "items": {"type": "object", "oneOf": kinds},
    }


def _named(kind: type, schemas: dict[str, Schema]) -> Schema:
    """Return a reference to the type's schema, which is added to `schemas`."""
    schemas[kind.__name__] = _schema(kind, schemas)
    return {"$ref": _REF.format(model=kind.__name__)}


def _schema(kind: Any, schemas: dict[str, Schema]) -> Schema:
    """Return the type's schema. The schemas it refers to are added to `schemas`."""
    schema = TypeAdapter(kind).json_schema(ref_template=_REF, mode="serialization")
    schemas.update(schema.pop("$defs", {}))
    return schema
