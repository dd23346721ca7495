"""Translates errors into HTTP responses."""

import structlog
from flask import Flask
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from rplay.errors import DataFileError, Erased, HttpError, SharedAway, TooMany, Unauthorized, Unavailable
from rplay.web.answers import Answer, failed

log = structlog.get_logger()

DEAD = "Invalid or expired session"
AWAY = "This is not available for a moment. Please try again in a few seconds."
AWAY_SECONDS = 5

# The API contract's texts for errors that Flask raises itself.
TEXTS = {
    400: "Bad request",
    404: "Endpoint not found",
    405: "Method not allowed",
    413: "Request body too large",
    414: "Address too long",
}


def install(app: Flask) -> None:
    for kind in (HttpError, SharedAway, Erased, HTTPException, Exception):
        app.register_error_handler(kind, lambda error: answer_to(refusal_of(error)))


def refusal_of(error: Exception) -> HttpError:
    """Translate any error into an HttpError for the client. Unexpected errors are logged."""
    if isinstance(error, HttpError):
        return error
    if isinstance(error, SharedAway):
        return Unavailable(AWAY, AWAY_SECONDS)
    if isinstance(error, Erased):
        return Unauthorized(DEAD)  # the session was erased with the account
    return _of_framework(error) if isinstance(error, HTTPException) else _unexpected(error)


def answer_to(error: HttpError) -> Answer:
    answer = failed(error.status, error.text, **error.extra)
    answer.headers.update(headers_of(error))
    return answer


def headers_of(error: HttpError) -> dict[str, str]:
    if isinstance(error, TooMany | Unavailable):
        return {"Retry-After": str(error.retry_after)}
    return {"Allow": error.allow} if isinstance(error, _Framework) and error.allow else {}


class _Framework(HttpError):
    """An error that Flask raised itself."""

    def __init__(self, status: int, text: str, allow: str) -> None:
        super().__init__(text)
        self.status, self.allow = status, allow


def _of_framework(error: HTTPException) -> HttpError:
    status = error.code or 500
    methods = error.valid_methods if isinstance(error, MethodNotAllowed) else None
    return _Framework(status, TEXTS.get(status, error.name), ", ".join(sorted(methods or ())))


def _unexpected(error: Exception) -> HttpError:
    """Return a 500 without internals. The traceback is logged with the request id."""
    if isinstance(error, DataFileError):
        log.error("data_file_unreadable", reason=str(error))
    else:
        log.error("request_failed", exc_info=error)
    return HttpError("Internal server error")
