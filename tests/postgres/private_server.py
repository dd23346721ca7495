"""What tests of the embedded server ask it, and how a folder looks that an earlier version made."""

import os
import subprocess
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest

from rplay.db import migrate
from rplay.postgres import embedded
from rplay.postgres.embedded_home import reachable_binaries

ROOT = os.geteuid() == 0
NOBODY = 65534
only_root = pytest.mark.skipif(not ROOT, reason="only root runs PostgreSQL under another account")


def ask(url: str, statement: str) -> object:
    with psycopg.connect(url, autocommit=True) as connection:
        cursor = connection.execute(statement)
        return row[0] if cursor.description and (row := cursor.fetchone()) else None


def postgres_pid(folder: Path) -> int:
    return int((folder / "server").read_text().splitlines()[1])


def make_as_earlier(folder: Path, *statements: str) -> None:
    """Data as 0.1.0 made them: root's by `nobody`, and everything in them the superuser's."""
    identity = {"user": NOBODY, "group": NOBODY, "extra_groups": []} if ROOT else {}
    common = {"check": True, "cwd": "/", "umask": 0o077, "env": {"LC_ALL": "C", "PATH": os.environ["PATH"]}}
    tools = reachable_binaries(embedded.binaries(), None)
    for name in ("data", "socket"):
        (folder / name).mkdir(mode=0o700, parents=True)
        if ROOT:
            os.chown(folder / name, NOBODY, NOBODY)
    access = ["--username=postgres", "--auth-local=trust", "--auth-host=reject"]
    locale = ["--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    command = [tools / "initdb", "--no-instructions", "--no-sync", "-D", folder / "data", *access, *locale]
    subprocess.run(command, stdout=subprocess.DEVNULL, **common, **identity)
    settings = ["--listen_addresses=", f"--unix_socket_directories={folder / 'socket'}", "--fsync=off"]
    control = [tools / "pg_ctl", "-D", folder / "data", "-w", "-s", "-l", folder / "data" / "log"]
    subprocess.run([*control, "-o", " ".join(settings), "start"], **common, **identity)
    try:
        url = f"postgresql://postgres@/{{}}?host={quote(str(folder / 'socket'), safe='')}"
        ask(url.format("postgres"), "CREATE DATABASE rplay")
        migrate.upgrade(url.format("rplay"))
        for statement in statements:
            ask(url.format("rplay"), statement)
    finally:
        subprocess.run([*control, "-m", "fast", "stop"], **common, **identity)
