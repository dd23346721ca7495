"""Data files in the database: as in a folder, and heard of by whoever watches."""

from pathlib import Path
from threading import Thread

import psycopg
import pytest

from rplay import db
from rplay.config import load
from rplay.data import NAMES, DataFiles, shipped
from rplay.db import data_files
from rplay.errors import DataFileError, StartError
from rplay.runtime import data_store
from rplay.runtime.data_store import InDatabase, files_of
from tests.conftest import settings_for
from tests.live import live_server
from tests.tts.running import eventually


@pytest.fixture
def store(database):
    db.execute("DELETE FROM data_files")
    return InDatabase()


@pytest.fixture
def files(store):
    return DataFiles(Path("nowhere"), store)


@pytest.fixture
def others(store):
    """Another process, which has read everything already."""
    files = DataFiles(Path("nowhere"), InDatabase())
    for name in NAMES:
        files.raw(name)
    return files


def rename(files, name="Calm"):
    with files.change("competencies") as content:
        content[0]["name"] = name


def name_of(files):
    return files.competencies()[0]["name"]


def test_are_the_shipped_ones_until_somebody_changes_them(files):
    assert files.lay_out() == []
    assert {name: files.raw(name) for name in NAMES} == {name: shipped(name) for name in NAMES}
    assert data_files.versions() == {}


def test_keep_the_order_of_their_keys(files):
    with files.change("industry-metadata") as content:
        turned = dict(reversed(content.items()))
        content.clear()
        content.update(turned)
    assert list(files.industry_metadata()) == list(turned)


def test_are_seen_by_the_next_who_asks_where_nobody_watches(files, others):
    rename(files)
    assert name_of(files) == name_of(others) == "Calm"


def spoil(files):
    """Two changes together, of which one cannot be."""
    with files.change("competencies") as content:
        content[0]["name"] = "Calm"
        with files.change("rubrics") as rubrics:
            rubrics[0]["id"] = 5


def test_are_changed_together_or_not_at_all(files):
    before = {name: files.raw(name) for name in NAMES}
    with pytest.raises(DataFileError, match="rubrics in the database was not written"):
        spoil(files)
    assert {name: files.raw(name) for name in NAMES} == before


def test_that_cannot_be_read_are_named(files):
    with db.transaction() as tx:
        data_files.put("rubrics", "[5]", tx)
    with pytest.raises(DataFileError, match="rubrics in the database does not hold what it should: 0"):
        files.rubrics()


def test_many_who_change_at_once_lose_nothing(files, others):
    def add(files, who):
        for number in range(20):
            with files.change("industry-metadata") as content:
                content[f"{who}-{number}"] = {}

    threads = [Thread(target=add, args=given) for given in ((files, "a"), (others, "b"), (files, "c"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {f"{who}-{number}" for who in "abc" for number in range(20)} <= files.industries()
    assert data_files.version("industry-metadata") == 60


def test_wait_for_their_turn_and_no_longer(files, database, monkeypatch):
    monkeypatch.setattr(data_files, "LOCK_SECONDS", 1)
    with psycopg.connect(database) as held:
        held.execute("SELECT pg_advisory_xact_lock(%s)", [data_files._LOCK])
        with pytest.raises(db.DatabaseError):
            rename(files)
    rename(files)


class TestWatching:
    def test_is_told_of_what_others_write_and_of_no_more(self, store, database):
        with data_files.listening(database) as listener:
            assert listener.hears()
            rename(DataFiles(Path("nowhere"), store))
            with pytest.raises(ZeroDivisionError), DataFiles(Path("nowhere"), store).change("rubrics"):
                raise ZeroDivisionError
            assert list(listener.heard(0.5)) == [("competencies", 1)]

    def test_reads_from_memory_until_it_hears_of_another_version(self, files, store, others, monkeypatch):
        store._look()
        name_of(files)
        monkeypatch.setattr(data_files, "get", None)
        monkeypatch.setattr(data_files, "version", None)
        before = name_of(files)
        monkeypatch.undo()
        rename(others)
        assert name_of(files) == before
        store._learn({"competencies": 1})
        assert name_of(files) == "Calm"

    def test_takes_no_older_version_for_a_newer_one(self, files, store):
        store._look()
        rename(files)
        rename(files, "Patience")
        store._learn({"competencies": 1})
        assert name_of(files) == "Patience"
        assert store.stamp("competencies") == 2

    def test_goes_on_by_looking_when_the_listener_is_lost(self, new_database, tmp_path, monkeypatch):
        url = new_database()
        with live_server(url, tmp_path, DATA_STORE="database") as server, psycopg.connect(url, autocommit=True) as look:
            ended = """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                        WHERE application_name = 'rplay data files' AND datname = current_database()"""
            eventually(lambda: look.execute(ended).fetchone())
            eventually(lambda: "data_files_are_polled" in server.log())
            with look.transaction():
                look.execute(
                    "INSERT INTO data_files (name, content) VALUES ('competencies', %s)",
                    ['[{"id": "calm", "name": "Calm"}]'],
                )
            eventually(lambda: "Calm" in server.call("GET", "/api/competencies").text)
            assert server.call("GET", "/api/health/ready").json()["checks"]["data"] == "ok"


def test_the_setting_chooses(tmp_path, database):
    assert isinstance(files_of(settings_for(data_dir=tmp_path, data_store="database")).store, InDatabase)
    assert not isinstance(files_of(settings_for(data_dir=tmp_path)).store, InDatabase)


def test_one_connection_is_too_few():
    with pytest.raises(StartError, match="DATA_STORE=database needs a DB_POOL_MAX of 2 or more"):
        load({"DATA_STORE": "database", "DB_POOL_MAX": "1"})


def test_polls_often_enough():
    assert data_store.POLL_SECONDS <= 0.5
