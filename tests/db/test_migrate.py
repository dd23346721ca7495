"""The migrations, on real databases."""

import threading

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from rplay.db import migrate
from rplay.errors import StartError


def tables(url):
    with psycopg.connect(url) as connection:
        rows = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
    return {name for (name,) in rows}


@pytest.fixture
def folder(tmp_path):
    """Two migrations of a made-up product."""
    (tmp_path / "0001_things.sql").write_text("CREATE TABLE things (id int);")
    (tmp_path / "0002_more.sql").write_text(
        "ALTER TABLE things ADD COLUMN name text; INSERT INTO things VALUES (1, 'a');"
    )
    return tmp_path


@pytest.fixture
def empty(new_database):
    return new_database("empty")


def test_ours_make_every_table_and_nothing_the_second_time(empty):
    assert migrate.status(empty).applied == []
    assert migrate.upgrade(empty) == [migration.name for migration in migrate.migrations()]
    assert {"users", "sessions", "simulations", "nps_feedback", "password_resets", "schema_migrations"} <= tables(empty)
    assert migrate.upgrade(empty) == []
    assert migrate.status(empty).pending == []


def test_run_in_order_and_only_once(empty, folder):
    assert migrate.upgrade(empty, folder) == ["0001_things", "0002_more"]
    (folder / "0003_last.sql").write_text("INSERT INTO things VALUES (2, 'b');")
    assert migrate.status(empty, folder).pending == ["0003_last"]
    assert migrate.upgrade(empty, folder) == ["0003_last"]


def test_one_that_fails_changes_nothing_and_says_so(empty, folder):
    (folder / "0003_bad.sql").write_text("CREATE TABLE half (id int); SELECT 1/0;")
    with pytest.raises(StartError, match=r"0003_bad failed and changed nothing: division by zero"):
        migrate.upgrade(empty, folder)
    assert "half" not in tables(empty)
    assert migrate.status(empty, folder).pending == ["0003_bad"]


def test_a_changed_one_stops_the_start(empty, folder):
    migrate.upgrade(empty, folder)
    (folder / "0001_things.sql").write_text("CREATE TABLE things (id bigint);")
    with pytest.raises(StartError, match=r"0001_things was changed after it had run"):
        migrate.upgrade(empty, folder)


def test_a_newer_schema_stops_the_start(empty, folder):
    migrate.upgrade(empty, folder)
    (folder / "0002_more.sql").unlink()
    with pytest.raises(StartError, match=r"0002_more, which this version of rplay does not know"):
        migrate.upgrade(empty, folder)


def test_two_starting_at_once_run_each_once(empty, folder):
    (folder / "0003_slow.sql").write_text("SELECT pg_sleep(0.2); INSERT INTO things VALUES (3, 'c');")
    ran = []
    threads = [threading.Thread(target=lambda: ran.extend(migrate.upgrade(empty, folder))) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(ran) == ["0001_things", "0002_more", "0003_slow"]


def test_a_database_that_is_away_is_told_in_a_sentence():
    with pytest.raises(StartError, match=r"The database cannot be reached: .* Check DATABASE_URL"):
        migrate.upgrade("postgresql://127.0.0.1:1/none")


def test_an_account_that_may_not_create_tables_is_told_so(empty):
    with psycopg.connect(empty, autocommit=True) as connection:
        connection.execute("DROP ROLE IF EXISTS reader")
        connection.execute("CREATE ROLE reader LOGIN")
        connection.execute("REVOKE CREATE ON SCHEMA public FROM public")
    with pytest.raises(StartError, match=r"The database account reader may not create tables\. Upgrade with"):
        migrate.upgrade(make_conninfo(empty, user="reader"))


def test_ours_have_each_a_number_of_its_own():
    numbers = [migration.number for migration in migrate.migrations()]
    assert numbers == sorted(set(numbers))
