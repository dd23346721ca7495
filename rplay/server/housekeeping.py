"""Deletes expired data in the background."""

from dataclasses import asdict

import gevent
import structlog

from rplay.db import housekeeping
from rplay.errors import DatabaseError

log = structlog.get_logger()

PAUSE_SECONDS = 3600.0  # seconds


def run(audit_days: int) -> None:
    """Delete expired data now and every hour, forever. If several processes start at the same time, only one does
    it.
    """
    while True:
        clear(audit_days)
        gevent.sleep(PAUSE_SECONDS)


def clear(audit_days: int) -> None:
    try:
        purged = housekeeping.purge(audit_days)
    except DatabaseError as error:
        log.warning("purge_failed", reason=str(error))
    else:
        if purged and any(asdict(purged).values()):
            log.info("purged", **asdict(purged))
