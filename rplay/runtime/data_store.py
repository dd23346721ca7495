"""Where the data files lie: in a folder, or in the database, for servers that share no folder."""

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

POLL_SECONDS = 0.5  # seconds between two looks where nothing can be heard
LISTEN_SECONDS = 5.0  # seconds of listening between two looks all the same
AGAIN_SECONDS = 30.0  # seconds of polling until listening is tried again


def files_of(settings: Settings) -> DataFiles:
    return DataFiles(settings.data_dir, InDatabase() if settings.data_store == "database" else None)


class InDatabase(Store):
    """One row a file. While `watch` runs, files are read from memory until another version is heard of."""

    def __init__(self) -> None:
        self._known: dict[str, int] | None = None  # None: nobody watches, and the database is asked each time
        self._tx: Connection | None = None
        self._written: dict[str, int] = {}

    def lay_out(self) -> list[str]:
        return []  # what is not there has its shipped content

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
        """One transaction: of several files that are changed together all are, or none."""
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
        """Without end: listens for what other processes change, and polls where it cannot."""
        while True:
            try:
                self._listen(url)
                reason = "notifications do not come through"
            except (psycopg.Error, DatabaseError) as error:
                reason = type(error).__name__ if isinstance(error, psycopg.Error) else str(error)
            log.warning("data_files_are_polled", reason=reason)
            self._poll()

    def _listen(self, url: str) -> None:
        """Returns where nothing is heard."""
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
            with suppress(DatabaseError):  # said by whoever needs it; what was read last is good until then
                self._look()
            gevent.sleep(POLL_SECONDS)

    def _look(self) -> None:
        found = data_files.versions()
        if self._known is None:
            self._known = {}
        self._learn(found)

    def _learn(self, versions: dict[str, int]) -> None:
        """Versions only rise: of two that come in the wrong order the later one counts."""
        if self._known is not None:
            for name, version in versions.items():
                self._known[name] = max(version, self._known.get(name, 0))
