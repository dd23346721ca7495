"""The migrations, on real databases."""

import re
import threading

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from rplay import db
from rplay.db import migrate
from rplay.errors import StartError
from tests.conftest import drop


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


@pytest.fixture
def bytes_only(postgres):
    """A database whose texts have no encoding."""
    url = make_conninfo(postgres, dbname="bytes_only")
    with psycopg.connect(postgres, autocommit=True) as connection:
        connection.execute(
            "CREATE DATABASE bytes_only ENCODING 'SQL_ASCII' LOCALE 'C' LOCALE_PROVIDER libc TEMPLATE template0"
        )
    yield url
    drop(url)


def test_a_database_without_an_encoding_stops_the_start(bytes_only):
    for look in (migrate.upgrade, migrate.status):
        with pytest.raises(StartError, match="has the encoding SQL_ASCII"):
            look(bytes_only)
    assert tables(bytes_only) == set()


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


def add(folder, name, sql):
    (folder / f"{name}.sql").write_text(sql)


def forget(folder, name):
    """What an earlier version has of the folder."""
    (folder / f"{name}.sql").unlink()


def test_a_newer_schema_that_breaks_this_version_stops_the_start(empty, folder):
    migrate.upgrade(empty, folder)
    forget(folder, "0002_more")
    with pytest.raises(StartError, match=r"0002_more, which this version of rplay does not know and cannot work with"):
        migrate.upgrade(empty, folder)
    with pytest.raises(StartError, match=r"0002_more, which"):
        migrate.status(empty, folder)


def test_a_newer_schema_that_only_adds_is_named_and_worked_with(empty, folder):
    add(folder, "0003_added", "-- additive\nCREATE TABLE added (id int);")
    migrate.upgrade(empty, folder)
    forget(folder, "0003_added")
    assert migrate.upgrade(empty, folder) == []
    assert migrate.status(empty, folder) == migrate.Status(["0001_things", "0002_more"], [], ["0003_added"])


def test_one_that_breaks_counts_whatever_was_added_beside_it(empty, folder):
    add(folder, "0003_added", "-- additive\nCREATE TABLE added (id int);")
    add(folder, "0004_breaks", "-- breaking: things have other names\nALTER TABLE things RENAME TO objects;")
    migrate.upgrade(empty, folder)
    forget(folder, "0003_added")
    forget(folder, "0004_breaks")
    with pytest.raises(StartError, match="0004_breaks"):
        migrate.upgrade(empty, folder)


def test_a_database_of_a_version_that_marked_nothing_is_worked_with(empty, folder):
    migrate.upgrade(empty, folder)
    with psycopg.connect(empty, autocommit=True) as connection:
        connection.execute("ALTER TABLE schema_migrations DROP COLUMN additive")
    assert migrate.status(empty, folder) == migrate.Status(["0001_things", "0002_more"], [], [])
    add(folder, "0003_added", "-- additive\nCREATE TABLE added (id int);")
    assert migrate.upgrade(empty, folder) == ["0003_added"]
    forget(folder, "0003_added")
    assert migrate.status(empty, folder).newer == ["0003_added"]


class TestState:
    """What a probe is told, on the pool of a server that runs."""

    @pytest.fixture
    def server(self, new_database):
        url = new_database()
        db.connect(url, size=2)
        yield url
        db.close()

    @staticmethod
    def run(statement):
        db.execute(f"INSERT INTO schema_migrations (number, name, checksum, additive) VALUES {statement}")

    def test_is_ok_on_the_schema_of_this_version(self, server):
        assert migrate.state() == "ok"

    def test_stays_ok_when_a_newer_version_added_something(self, server):
        self.run("(9001, '9001_added', '', true)")
        assert migrate.state() == "ok"

    def test_is_newer_when_a_newer_version_broke_something(self, server):
        self.run("(9001, '9001_breaks', '', false)")
        assert migrate.state() == "newer"

    @pytest.mark.parametrize("change", ["DELETE FROM", "UPDATE"])
    def test_is_pending_when_ours_have_not_run_as_they_stand(self, server, change):
        what = "schema_migrations SET checksum = 'x'" if change == "UPDATE" else "schema_migrations"
        db.execute(f"{change} {what} WHERE number = 2")
        assert migrate.state() == "pending"


def test_each_new_one_of_ours_says_whether_earlier_versions_can_work_with_it():
    first_lines = {one.name: one.sql.partition("\n")[0] for one in migrate.migrations() if one.number > 15}
    assert [name for name, line in first_lines.items() if not re.match("-- additive$|-- breaking: .", line)] == []


def test_those_of_ours_that_say_they_only_add_change_nothing_that_was_there():
    """A table that they make themselves may have any column; one that was there only such as may be left out."""
    for migration in migrate.migrations():
        if migration.is_additive:
            assert not re.search(r"\b(DROP|RENAME|SET NOT NULL|TYPE|TRUNCATE)\b", migration.sql), migration.name
            for column in re.findall(r"ADD COLUMN [^,;]+", migration.sql):
                assert "NOT NULL" not in column or "DEFAULT" in column, (migration.name, column)


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
