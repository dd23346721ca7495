"""How a line of the log looks: JSON in production, readable in development.

Without Flask: gunicorn's master has lines too, and may not import that before gevent patches a worker.
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
    """Lines of libraries look as ours do. What they quote of a stranger is escaped, also what JSON leaves as it is and
    a terminal obeys (U+009B)."""

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
    head = f"{event.pop('timestamp')} {event.pop('level'):7} {_shown(event.pop('event'))}"
    line = " ".join([head, *(f"{name}={_shown(value)}" for name, value in event.items() if value is not None)])
    return f"{line}\n{traceback}" if traceback else line


def _shown(value: Any) -> str:
    """Never more than one line: a path is whatever somebody sent."""
    text = str(value)
    return text if text.isprintable() else ascii(text)


def _bytes(event: dict[str, Any], **_: Any) -> bytes:
    return orjson.dumps(event, default=str)
