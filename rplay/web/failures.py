"""How each error becomes an answer."""

import structlog
from flask import Flask
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from rplay.errors import DataFileError, Erased, HttpError, SharedAway, TooMany, Unauthorized, Unavailable
from rplay.web.answers import Answer, failed

log = structlog.get_logger()

DEAD = "Invalid or expired session"
AWAY = "This is not available for a moment. Please try again in a few seconds."
AWAY_SECONDS = 5

# Everything the framework itself refuses, in the contract's words.
TEXTS = {
    400: "Bad request",
    404: "Endpoint not found",
    405: "Method not allowed",
    413: "Request body too large",
    414: "Address too long",
}


def install(app: Flask) -> None:
    app.register_error_handler(HttpError, answer_to)
    app.register_error_handler(SharedAway, _away)
    app.register_error_handler(Erased, _erased)
    app.register_error_handler(HTTPException, _frameworks)
    app.register_error_handler(Exception, _unexpected)


def answer_to(error: HttpError) -> Answer:
    answer = failed(error.status, error.text, **error.extra)
    if isinstance(error, TooMany | Unavailable):
        answer.headers["Retry-After"] = str(error.retry_after)
    return answer


def _away(_: SharedAway) -> Answer:
    return answer_to(Unavailable(AWAY, AWAY_SECONDS))


def _erased(_: Erased) -> Answer:
    """Its session went with it."""
    return answer_to(Unauthorized(DEAD))


def _frameworks(error: HTTPException) -> Answer:
    status = error.code or 500
    answer = failed(status, TEXTS.get(status, error.name))
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        answer.headers["Allow"] = ", ".join(sorted(error.valid_methods))
    return answer


def _unexpected(error: Exception) -> Answer:
    """500 without any internals; the log has the traceback, and the request id to find it by."""
    if isinstance(error, DataFileError):
        log.error("data_file_unreadable", reason=str(error))
    else:
        log.error("request_failed", exc_info=error)
    return failed(500, "Internal server error")
