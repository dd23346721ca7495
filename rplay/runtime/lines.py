"""The format of log lines: JSON in production, readable in development.

This does not import Flask: gunicorn's master logs too, and must not import Flask before gevent patches a worker.
"""

import logging
import sys
from typing import Any

import orjson
import structlog
from structlog.processors import ExceptionRenderer
from structlog.tracebacks import ExceptionDictTransformer
from structlog.typing import EventDict


class Lines(logging.Formatter):
    """Formats the log lines of libraries like our own. Control characters in quoted input are escaped, including
    those that JSON leaves unescaped but a terminal obeys (U+009B).
    """

    def __init__(self, *, production: bool) -> None:
        super().__init__()
        self._processors = [
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            *rendering(production),
        ]

    def format(self, record: logging.LogRecord) -> str:
        event: Any = {"event": _shown(record.getMessage()), "logger": record.name}
        if record.exc_info:
            event["exc_info"] = record.exc_info
        for processor in self._processors:
            event = processor(None, record.levelname.lower(), event)
        return event.decode() if isinstance(event, bytes) else str(event)


def rendering(production: bool) -> list[Any]:
    if production:
        # Leave out local variables, which structlog adds by default: they include bodies, passwords and tokens.
        tracebacks = ExceptionRenderer(ExceptionDictTransformer(show_locals=False))
        return [tracebacks, structlog.processors.JSONRenderer(serializer=_bytes)]
    if sys.stderr.isatty():
        return [structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)]
    # Nobody watches this output: the aligned columns of structlog's console renderer take a tenth of a request's CPU
    # time.
    return [structlog.processors.format_exc_info, _line]


def _line(_logger: Any, _method: str, event: EventDict) -> str:
    """Return `time level event key=value …`, followed by the traceback if there is one."""
    traceback = event.pop("exception", None)
    head = f"{event.pop('timestamp')} {event.pop('level'):7} {_shown(event.pop('event'))}"
    line = " ".join([head, *(f"{name}={_shown(value)}" for name, value in event.items() if value is not None)])
    return f"{line}\n{traceback}" if traceback else line


def _shown(value: Any) -> str:
    """Return the value as one line, with unprintable characters escaped, as a path is arbitrary user input."""
    text = str(value)
    return text if text.isprintable() else ascii(text)


def _bytes(event: dict[str, Any], **_: Any) -> bytes:
    return orjson.dumps(event, default=str)
