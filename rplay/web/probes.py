"""What probes are told of the database. They are never refused, so what they cost is bounded here."""

import time
from contextlib import suppress
from threading import Lock

import gevent
import structlog

from rplay import db
from rplay.db import health, migrate
from rplay.errors import DatabaseError

log = structlog.get_logger()

DATABASE_SECONDS = 4.0  # seconds the database may take: a probe must have its answer within 5
FRESH = 1.0  # seconds that an answer serves everybody
FRESH_WRITE = 10.0  # the same for a write that went well
NEWER = "a later version of rplay changed what this one uses: start that version (docs/deployment.md, Going back)"
EVENTS = {"unavailable": "database_unreachable", "unwritable": "database_unwritable"}


class Probes:
    """One look at a time, which all who ask meanwhile share."""

    def __init__(self) -> None:
        self._looking = Lock()
        self._checks: dict[str, str] = {}
        self._look_again = self._write_again = 0.0

    def database(self) -> dict[str, str]:
        """`database` is ok, unavailable or unwritable; `migrations` is ok, pending, newer or unknown."""
        with self._looking:
            if time.monotonic() >= self._look_again:
                self._checks = self._look()
                self._look_again = time.monotonic() + FRESH
            return dict(self._checks)

    def _look(self) -> dict[str, str]:
        """What can be found out within the time of a probe."""
        found = {"database": "unavailable", "migrations": "unknown"}
        reasons = []

        def ask() -> None:
            try:
                db.value("SELECT 1")
                found["database"] = "unwritable"
                found["migrations"] = migrate.state()
                self._try_to_write()
                found["database"] = "ok"
            except DatabaseError as error:
                reasons.append(str(error))

        with suppress(gevent.Timeout):
            gevent.spawn(ask).get(timeout=DATABASE_SECONDS)
        checks = dict(found)
        if checks["migrations"] == "newer":
            log.error("database_is_newer", reason=NEWER)
        if checks["database"] != "ok":
            log.error(EVENTS[checks["database"]], reason=", ".join(reasons) or "no answer in time")
        return checks

    def _try_to_write(self) -> None:
        if time.monotonic() >= self._write_again:
            health.try_to_write()
            self._write_again = time.monotonic() + FRESH_WRITE
