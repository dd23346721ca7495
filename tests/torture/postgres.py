"""A PostgreSQL that a test may restart, kill, freeze and fill up. Over TCP, as in production, and durable."""

import atexit
import os
import shutil
import signal
import subprocess
import tempfile
import time
from contextlib import suppress
from functools import cache
from pathlib import Path

import psutil
import psycopg

from rplay.db import migrate
from rplay.postgres import embedded
from rplay.postgres.embedded_account import account_for, hand_over, maker_for
from rplay.postgres.embedded_home import reachable_binaries, run_as
from tests.conftest import free_port

FAST, IMMEDIATE = signal.SIGINT, signal.SIGQUIT
READY = 30.0  # seconds a start may take


class Postgres:
    def __init__(self, folder: Path, **settings: str) -> None:
        self.folder = folder
        if not (folder / "data").exists():
            self._initialize()
        self._account = account_for(folder)
        self._tools = reachable_binaries(embedded.binaries(), self._account)
        self._settings = settings
        self.starts = 0
        self.port = free_port()
        self.admin = f"postgresql://postgres@127.0.0.1:{self.port}/postgres"
        self.url = f"postgresql://postgres@127.0.0.1:{self.port}/rplay"

    def _initialize(self) -> None:
        """A cluster with the current schema, copied from one made once."""
        data = self.folder / "data"
        subprocess.run(["cp", "-a", _template() / "data", data], check=True)

    def start(self) -> None:
        settings = {
            "listen_addresses": "127.0.0.1",
            "port": str(self.port),
            "unix_socket_directories": "",
            "timezone": "UTC",
            **self._settings,
        }
        command = [self._tools / "postgres", "-D", self.folder / "data", *(f"--{k}={v}" for k, v in settings.items())]
        identity = {"user": self._account.uid, "group": self._account.gid, "extra_groups": []} if self._account else {}
        self.starts += 1
        with (self.folder / "postgres.log").open("ab") as log:
            self.process = subprocess.Popen(
                command, cwd="/", env={"LC_ALL": "C"}, stdout=log, stderr=log, start_new_session=True, **identity
            )
        self.wait()

    def wait(self) -> None:
        """Until it answers."""
        end = time.monotonic() + READY
        while True:
            try:
                psycopg.connect(self.admin, connect_timeout=2).close()
                return
            except psycopg.OperationalError:
                assert self.process.poll() is None, (self.folder / "postgres.log").read_text()[-2000:]
                assert time.monotonic() < end, (self.folder / "postgres.log").read_text()[-2000:]
            time.sleep(0.02)

    def stop(self, how: signal.Signals = FAST) -> None:
        if self.process.poll() is None:
            self.process.send_signal(how)
            self.process.wait(30)

    def kill(self) -> None:
        """Everything at once, by SIGKILL."""
        for process in self._family():
            with suppress(psutil.NoSuchProcess):
                process.kill()
        self.process.wait(30)

    def kill_if_alive(self) -> None:
        if self.process.poll() is None:
            self.kill()

    def kill_backend(self) -> None:
        """One that works for rplay; PostgreSQL then throws out everybody and recovers by itself."""
        with psycopg.connect(self.admin) as connection:
            (pid,) = connection.execute(
                "SELECT pid FROM pg_stat_activity WHERE application_name = 'rplay' LIMIT 1"
            ).fetchone()
        os.kill(pid, signal.SIGKILL)

    def freeze(self) -> None:
        for process in self._family():
            process.suspend()

    def thaw(self) -> None:
        for process in self._family():
            process.resume()

    def connections(self) -> tuple[int, int]:
        """How many rplay holds, and how many of them are in the middle of something."""
        with psycopg.connect(self.admin) as connection:
            return connection.execute(
                """SELECT count(*), count(*) FILTER (WHERE state <> 'idle')
                     FROM pg_stat_activity WHERE application_name = 'rplay'"""
            ).fetchone()

    def _family(self) -> list[psutil.Process]:
        postmaster = psutil.Process(self.process.pid)
        return [postmaster, *postmaster.children(recursive=True)]


@cache
def _template() -> Path:
    """An initialized, migrated and stopped cluster."""
    folder = Path(tempfile.mkdtemp(prefix="rplay-torture-template-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    folder.chmod(0o755)
    account = account_for(folder)
    tools = reachable_binaries(embedded.binaries(), account)
    home = folder / "data"
    home.mkdir(mode=0o700)
    maker = maker_for(account)
    if maker:
        os.chown(home, maker.uid, maker.gid)
    access = ["--username=postgres", "--auth=trust"]
    done = run_as(maker, [tools / "initdb", "-D", home, *access, "--encoding=UTF8", "--locale=C"])
    assert done.returncode == 0
    hand_over(home, account)
    made = Postgres(folder)
    made.start()
    try:
        with psycopg.connect(made.admin, autocommit=True) as connection:
            connection.execute("CREATE DATABASE rplay")
        migrate.upgrade(made.url)
    finally:
        made.stop()
    return folder
