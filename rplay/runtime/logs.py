"""Log lines: JSON in production, readable in development. Never a token, a key, a password or a body."""

import logging
import sys
from typing import Any

import structlog
from flask import g, has_request_context
from structlog.typing import EventDict

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
    logging.basicConfig(handlers=[handler], force=True)  # what libraries have to say, from warnings on


def _request(_logger: Any, _method: str, event: EventDict) -> EventDict:
    """Every line written while a request is answered carries its id."""
    if has_request_context() and "request_id" in g:
        event.setdefault("request_id", g.request_id)
    return event
