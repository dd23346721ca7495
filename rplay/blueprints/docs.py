"""/api/docs: the API described by itself, for people and for tools. Needs nothing from the internet."""

from functools import cache
from typing import Any

from flask import Blueprint, Response, current_app, render_template

from rplay.web.answers import Answer, respond
from rplay.web.asyncapi import document as asyncapi_document
from rplay.web.auth import public
from rplay.web.openapi import document, responds

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
        extensions["rplay.docs"] = render_template("docs.html", api=_document())
    made: str = extensions["rplay.docs"]
    return made


_socket_document = cache(asyncapi_document)


def _document() -> dict[str, Any]:
    """Made once: the routes do not change while the server runs."""
    extensions = current_app.extensions
    if "rplay.openapi" not in extensions:
        extensions["rplay.openapi"] = document(current_app)
    made: dict[str, Any] = extensions["rplay.openapi"]
    return made
