"""Log lines: JSON in production, readable in development. Never a token, a key, a password or a body."""

import logging
import sys
from typing import Any

import orjson
import structlog
from flask import g, has_request_context
from structlog.processors import ExceptionRenderer
from structlog.tracebacks import ExceptionDictTransformer
from structlog.typing import EventDict

from rplay.config import Settings


def install(settings: Settings) -> None:
    level = getattr(logging, settings.log_level.upper())
    structlog.configure(
        processors=[
            _request,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            *_rendering(settings.production),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.BytesLoggerFactory(sys.stderr.buffer)
        if settings.production
        else structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )


def _rendering(production: bool) -> list[Any]:
    if production:
        # Never the local variables, which structlog adds by default: they are bodies, passwords and tokens.
        tracebacks = ExceptionRenderer(ExceptionDictTransformer(show_locals=False))
        return [tracebacks, structlog.processors.JSONRenderer(serializer=_bytes)]
    if sys.stderr.isatty():
        return [structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)]
    # Nobody watches: the aligned columns of a console take a tenth of a request's processor time.
    return [structlog.processors.format_exc_info, _line]


def _line(_logger: Any, _method: str, event: EventDict) -> str:
    """`time level event key=value …`, and below it the traceback, if there is one."""
    traceback = event.pop("exception", None)
    head = f"{event.pop('timestamp')} {event.pop('level'):7} {event.pop('event')}"
    line = " ".join([head, *(f"{name}={_shown(value)}" for name, value in event.items() if value is not None)])
    return f"{line}\n{traceback}" if traceback else line


def _shown(value: Any) -> str:
    """Never more than one line: a path is whatever somebody sent."""
    text = str(value)
    return text if text.isprintable() else ascii(text)


def _bytes(event: dict[str, Any], **_: Any) -> bytes:
    return orjson.dumps(event, default=str)


def _request(_logger: Any, _method: str, event: EventDict) -> EventDict:
    """Every line written while a request is answered carries its id."""
    if has_request_context() and "request_id" in g:
        event.setdefault("request_id", g.request_id)
    return event
