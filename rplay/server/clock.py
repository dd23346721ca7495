"""What a worker does because its time has come: talks whose time is over are ended."""

import gevent
import structlog

from rplay.errors import DatabaseError
from rplay.training import time_limits
from rplay.web.parts import Parts

log = structlog.get_logger()

PAUSE_SECONDS = 15.0  # well within what a talk may last beyond its limit, `assigning.GRACE`


def run(parts: Parts) -> None:
    """Without end."""
    while True:
        try:
            time_limits.end_those_over(parts.settings.enable_engagement_tracking)
        except DatabaseError as error:
            log.warning("clock_stopped", reason=str(error))
        gevent.sleep(PAUSE_SECONDS)
