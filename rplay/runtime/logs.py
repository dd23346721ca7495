"""Sets up logging: JSON in production, readable in development. Tokens, keys, passwords and bodies are never logged."""

import logging
import sys
import threading
from types import TracebackType
from typing import Any

import gevent.hub
import structlog
from flask import g, has_request_context
from structlog.typing import EventDict

from rplay.background import place_of
from rplay.config import Settings
from rplay.runtime.lines import Lines, rendering


def install(settings: Settings) -> None:
    level = getattr(logging, settings.log_level.upper())
    structlog.configure(
        processors=[
            _request,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            *rendering(settings.production),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.BytesLoggerFactory(sys.stderr.buffer)
        if settings.production
        else structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Lines(production=settings.production))
    logging.basicConfig(handlers=[handler], force=True)  # messages of libraries, from warnings on
    if settings.production:
        _take_the_rest()


def _take_the_rest() -> None:
    """Redirect everything else that would print to stderr: warnings and uncaught exceptions."""
    logging.captureWarnings(True)
    sys.excepthook = _uncaught
    sys.unraisablehook = lambda one: _uncaught(one.exc_type, one.exc_value, one.exc_traceback)
    threading.excepthook = lambda one: _uncaught(one.exc_type, one.exc_value, one.exc_traceback)
    gevent.hub.Hub.print_exception = lambda _hub, _greenlet, *error: _uncaught(*error)


def _uncaught(kind: type[BaseException], error: BaseException | None, _traceback: TracebackType | None) -> None:
    """Log an uncaught exception without its message, which may contain an address or a name."""
    structlog.get_logger().error("uncaught", error=kind.__name__, at=place_of(error) if error else [])


def _request(_logger: Any, _method: str, event: EventDict) -> EventDict:
    """Add the request id to every line that is logged while a request is handled."""
    if has_request_context() and "request_id" in g:
        event.setdefault("request_id", g.request_id)
    return event
