"""/api/docs: the API's documentation, for people and for tools. It loads nothing from the internet."""

import json
from functools import cache, partial
from hashlib import sha256
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, current_app, render_template, request

from rplay import web
from rplay.errors import NotFound
from rplay.web import samples
from rplay.web.answers import Answer, respond
from rplay.web.asyncapi import document as asyncapi_document
from rplay.web.auth import public
from rplay.web.openapi import document, responds

SWAGGER = Path(web.__file__).with_name("swagger")
SCRIPTS = frozenset({"swagger-ui-bundle", "try"})
A_DAY = 86_400  # seconds

bp = Blueprint("docs", __name__, url_prefix="/api")


@bp.get("/openapi.json")
@public
@responds(200, bare=True, openapi=str, info=dict[str, Any], paths=dict[str, Any], components=dict[str, Any])
def openapi() -> Answer:
    """Return this document: OpenAPI 3.1."""
    return respond(_document())


@bp.get("/asyncapi.json")
@public
@responds(
    200, bare=True, asyncapi=str, info=dict[str, Any], channels=dict[str, Any], operations=dict[str, Any],
    components=dict[str, Any],
)  # fmt: skip
def asyncapi() -> Answer:
    """Return the description of the socket's events: AsyncAPI 3.1."""
    return respond(_socket_document())


@bp.get("/docs")
@public
@responds(200, kind="text/html")
def page() -> Answer:
    """Return the API documentation as a page."""
    return Response(_page(), content_type="text/html; charset=utf-8")


def _page() -> str:
    """Return the page, which is rendered only once as that takes 20 ms of the event loop's time."""
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
    """Return a page to try out API calls: Swagger UI."""
    return Response(render_template("try.html"), content_type="text/html; charset=utf-8")


@bp.get("/docs/try/swagger-ui.css")
@public
@responds(200, kind="text/css")
def style() -> Answer:
    """Return the style sheet of the Swagger UI page."""
    return _file("swagger-ui.css", "text/css; charset=utf-8")


@bp.get("/docs/try/<name>.js")
@public
@responds(200, kind="text/javascript")
def script(name: str) -> Answer:
    """Return a script of the Swagger UI page."""
    if name not in SCRIPTS:
        raise NotFound("Endpoint not found")
    return _file(f"{name}.js", "text/javascript; charset=utf-8")


def _file(name: str, kind: str) -> Answer:
    content, etag = _content(name)
    answer = Response(content, content_type=kind)
    answer.headers["Cache-Control"] = f"public, max-age={A_DAY}"
    answer.set_etag(etag)
    answer.make_conditional(request)
    return answer


@cache
def _content(name: str) -> tuple[bytes, str]:
    """Return the content of a Swagger UI file, read once, and its ETag."""
    content = (SWAGGER / name).read_bytes()
    return content, sha256(content).hexdigest()[:20]


_socket_document = cache(asyncapi_document)


def _document() -> dict[str, Any]:
    """Return the document, which is generated only once, as routes do not change while the server runs."""
    extensions = current_app.extensions
    if "rplay.openapi" not in extensions:
        extensions["rplay.openapi"] = document(current_app)
    made: dict[str, Any] = extensions["rplay.openapi"]
    return made
