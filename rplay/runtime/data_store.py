"""Where the data files are stored: in a folder, or in the database, for servers that share no folder."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress

import gevent
import psycopg
import structlog

from rplay import db
from rplay.config import Settings
from rplay.data import DataFiles, Name, Store, Stored, shipped
from rplay.db import Connection, data_files
from rplay.errors import DatabaseError

log = structlog.get_logger()

POLL_SECONDS = 0.5  # seconds between two checks while notifications do not arrive
LISTEN_SECONDS = 5.0  # seconds of listening after which the versions are checked anyway
AGAIN_SECONDS = 30.0  # seconds of polling until listening is tried again


def files_of(settings: Settings) -> DataFiles:
    return DataFiles(settings.data_dir, InDatabase() if settings.data_store == "database" else None)


class InDatabase(Store):
    """Data files in the database, one row per file. While `watch` runs, files are read from memory until a newer
    version is announced.
    """

    def __init__(self) -> None:
        self._known: dict[str, int] | None = None  # None if `watch` is not running, and the database is asked each time
        self._tx: Connection | None = None
        self._written: dict[str, int] = {}

    def lay_out(self) -> list[str]:
        return []  # a file without a row has its shipped content

    def place(self, name: Name) -> str:
        return f"{name} in the database"

    def stamp(self, name: Name) -> int:
        return data_files.version(name) if self._known is None else self._known.get(name, 0)

    def read(self, name: Name, *, writing: bool = False) -> Stored:
        content = data_files.get(name, self._tx if writing else None)
        if content is None:
            return Stored(0, shipped(name))
        self._learn({name: content.version})
        return Stored(content.version, content.text.encode())

    @contextmanager
    def only_writer(self) -> Iterator[None]:
        """Open one transaction, so that several files are changed together or not at all."""
        with db.transaction() as tx:
            data_files.lock(tx)
            self._tx, self._written = tx, {}
            try:
                yield
            finally:
                self._tx = None
        self._learn(self._written)

    def write(self, name: Name, raw: bytes) -> None:
        assert self._tx is not None
        self._written[name] = data_files.put(name, raw.decode(), self._tx)

    def watch(self, url: str) -> None:
        """Listen forever for changes by other processes. Poll while notifications do not arrive."""
        while True:
            try:
                self._listen(url)
                reason = "notifications do not come through"
            except (psycopg.Error, DatabaseError) as error:
                reason = type(error).__name__ if isinstance(error, psycopg.Error) else str(error)
            log.warning("data_files_are_polled", reason=reason)
            self._poll()

    def _listen(self, url: str) -> None:
        """Listen for notifications. Return if none can be received."""
        with data_files.listening(url) as listener:
            if not listener.hears():
                return
            self._look()
            while True:
                for name, version in listener.heard(LISTEN_SECONDS):
                    self._learn({name: version})
                self._look()

    def _poll(self) -> None:
        for _ in range(int(AGAIN_SECONDS / POLL_SECONDS)):
            # whoever needs the database reports the error; the last known versions are used until then
            with suppress(DatabaseError):
                self._look()
            gevent.sleep(POLL_SECONDS)

    def _look(self) -> None:
        found = data_files.versions()
        if self._known is None:
            self._known = {}
        self._learn(found)

    def _learn(self, versions: dict[str, int]) -> None:
        """Note versions. They only increase, so of two that arrive in the wrong order the higher one counts."""
        if self._known is not None:
            for name, version in versions.items():
                self._known[name] = max(version, self._known.get(name, 0))
