"""What the pool makes of a server that stops answering, cuts connections or refuses a statement."""

import os
import signal
import subprocess
import sys
from contextlib import contextmanager

import psycopg
import pytest

from rplay import db
from rplay.errors import DatabaseError


@pytest.fixture
def url(database, monkeypatch):
    monkeypatch.setattr(db, "MARGIN", 0.5)
    db.connect(database, size=1, statement_timeout=1.5)
    return database


@contextmanager
def frozen(pid):
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)


def test_a_server_that_says_nothing_is_given_up(url):
    with frozen(db.value("SELECT pg_backend_pid()")):
        with pytest.raises(DatabaseError):
            db.value("SELECT 1")
        assert db.value("SELECT 2") == 2, "on a new connection"


def test_a_transaction_that_hears_nothing_is_given_up(url):
    with pytest.raises(DatabaseError), db.transaction() as tx, frozen(db.value("SELECT pg_backend_pid()", tx=tx)):
        db.execute("SELECT 1", tx=tx)
    assert db.value("SELECT 2") == 2


def test_a_read_is_repeated_when_its_connection_was_cut(url):
    pid = db.value("SELECT pg_backend_pid()")
    with psycopg.connect(url) as other:
        other.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
    assert db.value("SELECT 2") == 2


def test_a_statement_that_is_refused_is_not_repeated(url):
    """Such as for want of room on the disk, which the driver counts among the errors of the connection."""
    db.execute("CREATE SEQUENCE tries")
    db.execute(
        """
        CREATE FUNCTION refused() RETURNS int LANGUAGE plpgsql AS $$
          BEGIN PERFORM nextval('tries'); RAISE EXCEPTION USING ERRCODE = '53100'; END $$
        """
    )
    with pytest.raises(DatabaseError, match="DiskFull"):
        db.value("SELECT refused()")
    assert db.value("SELECT last_value FROM tries") == 1


ENDED_WHILE_WAITING = """
from gevent import monkey; monkey.patch_all()
import sys, gevent
from rplay import db

db.connect(sys.argv[1], size=2)
with db.transaction(), db.transaction():
    waiting = [gevent.spawn(db.value, "SELECT 1") for _ in range(8)]
    gevent.sleep(0.2)
    gevent.killall(waiting)
    with gevent.Timeout(0.2, False):
        db.value("SELECT 1")
print([db.value("SELECT 1") for _ in range(4)])
"""


@pytest.mark.operations
def test_who_is_ended_while_waiting_takes_no_connection_along(database):
    command = [sys.executable, "-c", ENDED_WHILE_WAITING, database]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.stdout == "[1, 1, 1, 1]\n", done.stderr
