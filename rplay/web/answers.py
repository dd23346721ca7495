"""JSON responses, all built in one place."""

from typing import Any

from flask import Response
from flask.json.provider import JSONProvider

from rplay.runtime import json

Answer = Response


class Provider(JSONProvider):
    """Make Flask use rplay's JSON encoder."""

    def dumps(self, obj: Any, **_: Any) -> str:
        return json.dumps(obj).decode()

    def loads(self, s: str | bytes, **_: Any) -> Any:
        return json.loads(s)

    def response(self, *args: Any, **kwargs: Any) -> Response:
        return respond(self._prepare_response_obj(args, kwargs))


def respond(body: Any, status: int = 200) -> Answer:
    return Response(json.dumps(body), status, content_type="application/json")


def ok(_status: int = 200, **keys: Any) -> Answer:
    """Return a response with the body `{"success": true, …}`."""
    return respond({"success": True, **keys}, _status)


def failed(status: int, text: str, **extra: Any) -> Answer:
    """Return an error response. All errors have this shape; the web frontend shows `message`."""
    return respond({"success": False, "error": text, "message": text, **extra}, status)
