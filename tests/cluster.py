"""A PostgreSQL with a database of the current schema, made once while tests are collected: each process that runs tests
starts a copy, which takes 0.2 s of processor instead of 1.1."""

import os
import shutil
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path

import psycopg
from psycopg.conninfo import make_conninfo

from rplay.db import migrate
from rplay.postgres import embedded

ROOT = Path(__file__).parent.parent
TEMPLATE = "template_rplay"


def folder_in_memory() -> Path:
    """Where there is room in memory, a database is made in a fifth of the time that a busy disk takes."""
    memory = Path("/dev/shm")
    room = os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > 1 << 30
    folder = Path(tempfile.mkdtemp(prefix="rplay-tests-", dir=memory if room else None))
    folder.chmod(0o755)  # as root the server runs under another account, which must get in
    return folder


@cache
def begin() -> tuple[Path, subprocess.Popen[bytes]]:
    """Has it made by another process, where it will be."""
    folder = folder_in_memory()
    return folder, subprocess.Popen([sys.executable, "-m", "tests.cluster", folder], cwd=ROOT)


def finish() -> None:
    """Waits until what was begun is made. It is left where it is if that failed: then each makes its own."""
    if begin.cache_info().currsize:
        begin()[1].wait()


def remove() -> None:
    """By the process that began it."""
    if begin.cache_info().currsize:
        finish()
        shutil.rmtree(begin()[0])


def copy_to(folder: Path) -> None:
    """Puts it there, if there is one; owners stay as they are."""
    if begin.cache_info().currsize and (begin()[0] / "made").exists():
        subprocess.run(["cp", "-a", begin()[0] / "postgres", folder], check=True)


def create(server: str, name: str, template: str = "template0") -> str:
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY file_copy'.encode())
    return make_conninfo(server, dbname=name)


def has_template(server: str) -> bool:
    with psycopg.connect(server) as connection:
        found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [TEMPLATE])
        return found.fetchone() is not None


def make(folder: Path) -> None:
    with embedded.start(folder / "postgres", durable=False) as server:
        migrate.upgrade(create(server.superuser_url, TEMPLATE))
    (folder / "made").touch()


if __name__ == "__main__":
    make(Path(sys.argv[1]))
