"""The worker's own clearing away."""

import time

import gevent
import psycopg
from structlog.testing import capture_logs

from rplay import db
from rplay.server import housekeeping
from tests.live import live_server

EXPIRED = """
    INSERT INTO sessions (token, user_id, user_email, user_name, user_role, expires_at)
    VALUES ('old', 'x', 'x', 'x', 'x', (now() AT TIME ZONE 'UTC') - interval '1 second')
"""


def test_comes_again_after_every_pause(database, monkeypatch):
    monkeypatch.setattr(housekeeping, "PAUSE_SECONDS", 0.01)
    db.execute(EXPIRED)
    with capture_logs() as logs:
        running = gevent.spawn(housekeeping.run, 730)
        gevent.sleep(0.1)
        db.execute(EXPIRED)
        gevent.sleep(0.3)
        running.kill()
    assert [entry["sessions"] for entry in logs] == [1, 1]


def test_a_database_that_is_away_does_not_end_it(database, monkeypatch):
    monkeypatch.setattr(db, "_pool", None)
    with capture_logs() as logs:
        housekeeping.clear(730)
    assert [entry["event"] for entry in logs] == ["purge_failed"]


def test_a_worker_does_it_from_its_start(new_database, tmp_path):
    url = new_database()
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(EXPIRED.encode())
        with live_server(url, tmp_path) as server:
            until = time.monotonic() + 60
            while connection.execute("SELECT 1 FROM sessions").fetchone():
                assert time.monotonic() < until, server.log()
                time.sleep(0.05)
