"""/api/docs: the API described by itself, for people and for tools. Needs nothing from the internet."""

import json
from functools import cache, partial
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, current_app, render_template, send_file

from rplay import web
from rplay.errors import NotFound
from rplay.web import samples
from rplay.web.answers import Answer, respond
from rplay.web.asyncapi import document as asyncapi_document
from rplay.web.auth import public
from rplay.web.openapi import document, responds

SWAGGER = Path(web.__file__).with_name("swagger")
FILES = {
    "swagger-ui.css": "text/css",
    "swagger-ui-bundle.js": "text/javascript",
    "try.js": "text/javascript",
}
A_DAY = 86_400  # seconds

bp = Blueprint("docs", __name__, url_prefix="/api")


@bp.get("/openapi.json")
@public
@responds(200, bare=True, openapi=str, info=dict[str, Any], paths=dict[str, Any], components=dict[str, Any])
def openapi() -> Answer:
    """This document: OpenAPI 3.1."""
    return respond(_document())


@bp.get("/asyncapi.json")
@public
@responds(
    200, bare=True, asyncapi=str, info=dict[str, Any], channels=dict[str, Any], operations=dict[str, Any],
    components=dict[str, Any],
)  # fmt: skip
def asyncapi() -> Answer:
    """The events of the socket: AsyncAPI 3.1."""
    return respond(_socket_document())


@bp.get("/docs")
@public
@responds(200, kind="text/html")
def page() -> Answer:
    """The same, to be read."""
    return Response(_page(), content_type="text/html; charset=utf-8")


def _page() -> str:
    """Rendered once: it takes 20 ms of the hub's time."""
    extensions = current_app.extensions
    if "rplay.docs" not in extensions:
        extensions["rplay.docs"] = _rendered(_document())
    made: str = extensions["rplay.docs"]
    return made


def _rendered(api: dict[str, Any]) -> str:
    groups: dict[str, list[dict[str, Any]]] = {}
    for path, methods in api["paths"].items():
        for method, operation in methods.items():
            one = {"path": path, "method": method, "operation": operation}
            groups.setdefault(operation["tags"][0], []).append(one)
    schemas = api["components"]["schemas"]
    tools: dict[str, Any] = {
        "fields": samples.fields,
        "example": samples.example,
        "kind_of": samples.kind_of,
        "pretty": partial(json.dumps, indent=2, ensure_ascii=False),
    }
    return render_template("docs.html", api=api, groups=groups, schemas=schemas, socket=_socket_document(), **tools)


@bp.get("/docs/try")
@public
@responds(200, kind="text/html")
def trial() -> Answer:
    """The calls, to be tried out: Swagger UI."""
    return Response(render_template("try.html"), content_type="text/html; charset=utf-8")


@bp.get("/docs/try/<name>")
@public
@responds(200, kind="*/*")
def file(name: str) -> Answer:
    """A file of that page."""
    if name not in FILES:
        raise NotFound("Endpoint not found")
    return send_file(SWAGGER / name, mimetype=FILES[name], max_age=A_DAY, conditional=True)


_socket_document = cache(asyncapi_document)


def _document() -> dict[str, Any]:
    """Made once: the routes do not change while the server runs."""
    extensions = current_app.extensions
    if "rplay.openapi" not in extensions:
        extensions["rplay.openapi"] = document(current_app)
    made: dict[str, Any] = extensions["rplay.openapi"]
    return made
