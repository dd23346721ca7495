"""What a worker does because its time has come: talks whose time is over are ended, deadlines are reminded of."""

from datetime import UTC, datetime
from itertools import count

import gevent
import structlog

from rplay.config import Settings
from rplay.errors import DatabaseError
from rplay.training import reminders, time_limits
from rplay.web.parts import Parts

log = structlog.get_logger()

PAUSE_SECONDS = 15.0  # well within what a talk may last beyond its limit, `assigning.GRACE`
REMINDER_TURNS = 20  # reminders are looked for every five minutes


def home(settings: Settings) -> str:
    """The first page for a mail that no request asked for: below CONSOLE_URL, else at this machine; where there are no
    pages, the web frontend."""
    if not settings.console:
        return settings.app_url
    here = "localhost" if settings.host in ("0.0.0.0", "::") else settings.host  # noqa: S104
    return f"{settings.console_url or f'http://{here}:{settings.port}'}/console/"


def run(parts: Parts) -> None:
    """Without end."""
    for turn in count():
        try:
            time_limits.end_those_over(parts.settings.enable_engagement_tracking)
            if turn % REMINDER_TURNS == 0:
                reminders.put_due(parts.outbox, home(parts.settings), datetime.now(UTC))
        except DatabaseError as error:
            log.warning("clock_stopped", reason=str(error))
        gevent.sleep(PAUSE_SECONDS)
