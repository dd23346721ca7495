"""Timed work of a worker: ends talks whose time limit has passed, and queues reminders of deadlines."""

from datetime import UTC, datetime
from itertools import count

import gevent
import structlog

from rplay.config import Settings
from rplay.errors import DatabaseError
from rplay.training import reminders, time_limits
from rplay.web.parts import Parts

log = structlog.get_logger()

PAUSE_SECONDS = 15.0  # well below the time that a talk may exceed its limit, `assigning.GRACE`
REMINDER_TURNS = 20  # reminders are queued every five minutes


def home(settings: Settings) -> str:
    """Return the URL of the home page for mails that no request triggered.

    It is below CONSOLE_URL, or else on this machine. If the console is disabled, it is the web frontend.
    """
    if not settings.console:
        return settings.app_url
    here = "localhost" if settings.host in ("0.0.0.0", "::") else settings.host  # noqa: S104
    return f"{settings.console_url or f'http://{here}:{settings.port}'}/console/"


def run(parts: Parts) -> None:
    """Run the timed work forever."""
    for turn in count():
        try:
            time_limits.end_those_over(parts.settings.enable_engagement_tracking)
            if turn % REMINDER_TURNS == 0:
                reminders.put_due(parts.outbox, home(parts.settings), datetime.now(UTC))
        except DatabaseError as error:
            log.warning("clock_stopped", reason=str(error))
        gevent.sleep(PAUSE_SECONDS)
