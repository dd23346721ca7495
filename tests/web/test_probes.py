"""Probes: what they find, and what they cost."""

import subprocess
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest
import requests

from rplay import db
from rplay.db import migrate
from rplay.postgres import embedded
from rplay.web import probes
from rplay.web.probes import Probes
from tests.conftest import swap_parts
from tests.live import live_server

WELL = {"database": "ok", "migrations": "ok"}
PATIENCE = 60  # seconds, so that a test that hangs fails


@pytest.fixture
def opened(database, new_database) -> Iterator[str]:
    """A database of this test's own, for whose connections settings can be made."""
    yield new_database()
    db.connect(database, size=4)


def with_setting(url: str, setting: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f'ALTER DATABASE "{connection.info.dbname}" SET {setting}')
    db.connect(url, size=4)


class TestWhatIsFound:
    def test_is_well_where_everything_is(self, database):
        assert Probes().database() == WELL

    @pytest.mark.parametrize("setting", ["default_transaction_read_only = on", "temp_file_limit = 0"])
    def test_is_not_well_where_nothing_can_be_written(self, opened, setting):
        """Read-only as a standby is; and without room, of which a limit is the nearest kin that needs no mount."""
        with_setting(opened, setting)
        assert Probes().database() == WELL | {"database": "unwritable"}

    def test_leaves_nothing_behind(self, database):
        next_transaction = "SELECT pg_snapshot_xmax(pg_current_snapshot())"
        before = db.value(next_transaction)
        assert Probes().database() == WELL
        assert db.value(next_transaction) == before


class TestWhatItCosts:
    @pytest.fixture
    def statements(self, database, monkeypatch) -> list[str]:
        seen: list[str] = []
        run = db._run

        def watched(factory, sql, *rest):
            seen.append(sql)
            return run(factory, sql, *rest)

        monkeypatch.setattr(db, "_run", watched)
        return seen

    def test_is_one_look_a_second_for_all(self, app, statements, monkeypatch):
        monkeypatch.setattr(probes, "FRESH", 3600.0)
        swap_parts(app, monkeypatch, probes=Probes())
        for path in ("/api/health/ready", "/api/health/db") * 50:
            assert app.test_client().get(path).status_code == 200
        assert statements.count("SELECT 1") == 1

    def test_is_one_look_for_all_who_come_at_once(self, statements, monkeypatch):
        monkeypatch.setattr(probes, "FRESH", 3600.0)
        probe = Probes()
        with ThreadPoolExecutor(20) as pool:
            assert all(found == WELL for found in pool.map(lambda _: probe.database(), range(200)))
        assert statements.count("SELECT 1") == 1

    def test_is_a_write_more_seldom_than_a_look(self, statements, monkeypatch):
        monkeypatch.setattr(probes, "FRESH", 0.0)
        monkeypatch.setattr(probes, "FRESH_WRITE", 3600.0)
        probe = Probes()
        assert all(probe.database() == WELL for _ in range(10))
        assert sum("generate_series" in statement for statement in statements) == 1


@pytest.fixture
def place() -> Iterator[Path]:
    """Not pytest's tmp_path: its parent is closed, so as root the data would go elsewhere."""
    folder = Path(tempfile.mkdtemp(prefix="rplay-disk-"))
    folder.chmod(0o755)
    yield folder
    folder.rmdir()


@pytest.mark.operations
def test_a_server_on_a_full_disk_is_not_ready(place: Path, tmp_path: Path):
    mount = ["mount", "-t", "tmpfs", "-o", "size=160m,mode=755", "tmpfs", place]
    if subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("needs the right to mount a small disk")
    try:
        with embedded.start(place / "postgres", durable=False) as postgres:
            migrate.upgrade(postgres.url)
            with live_server(postgres.url, tmp_path) as server:
                with suppress(OSError), (place / "ballast").open("wb", buffering=0) as ballast:
                    while True:
                        ballast.write(b"x" * 65536)
                assert becomes(server.base, 503)["checks"]["database"] == "unwritable"
                (place / "ballast").unlink()
                assert becomes(server.base, 200)["checks"]["database"] == "ok"
    finally:
        subprocess.run(["umount", "--lazy", place], check=True)


def becomes(base: str, status: int) -> dict:
    until = time.monotonic() + PATIENCE
    while (answer := requests.get(f"{base}/api/health/ready", timeout=PATIENCE)).status_code != status:
        assert time.monotonic() < until, answer.text
    return answer.json()
