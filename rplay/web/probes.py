"""Database checks for health probes. Probes are never refused, so the cost of a check is limited here."""

import time
from contextlib import suppress
from threading import Lock

import gevent
import structlog

from rplay import db
from rplay.db import health, migrate
from rplay.errors import DatabaseError

log = structlog.get_logger()

DATABASE_SECONDS = 4.0  # seconds for the database to answer: a probe must be answered within 5
FRESH = 1.0  # seconds for which a result is reused
FRESH_WRITE = 10.0  # seconds for which the result of a successful write is reused
NEWER = "a later version of rplay changed what this one uses: start that version (docs/deployment.md, Going back)"
EVENTS = {"unavailable": "database_unreachable", "unwritable": "database_unwritable"}


class Probes:
    """Runs one check at a time; simultaneous callers share its result."""

    def __init__(self) -> None:
        self._looking = Lock()
        self._checks: dict[str, str] = {}
        self._look_again = self._write_again = 0.0

    def database(self) -> dict[str, str]:
        """Return the states: `database` is ok, unavailable or unwritable; `migrations` is ok, pending, newer or
        unknown.
        """
        with self._looking:
            if time.monotonic() >= self._look_again:
                self._checks = self._look()
                self._look_again = time.monotonic() + FRESH
            return dict(self._checks)

    def _look(self) -> dict[str, str]:
        """Run the checks and return what is known when the time of a probe is over."""
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
