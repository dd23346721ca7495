"""`rplay db …`."""

import json
import os
import shutil
import stat
import subprocess
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from rplay.data import DataFiles
from rplay.errors import StartError
from rplay.postgres import dump, embedded
from tests.commands.conftest import NOWHERE


class TestUpgrade:
    def test_upgrades_an_empty_database_once(self, run, settings, new_database):
        settings(DATABASE_URL=new_database("empty"))
        before = run("db", "status")
        assert before.exit_code == 3
        assert "pending\t0001_reference" in before.stdout
        assert "Migrations have to run: rplay db upgrade" in before.stderr
        assert "0001_reference" in run("db", "upgrade").stdout.splitlines()
        again = run("db", "upgrade")
        assert (again.stdout, again.stderr) == ("", "The schema is up to date.\n")
        after = run("db", "status")
        assert after.exit_code == 0
        assert "pending" not in after.stdout

    def test_gives_a_new_database_the_shipped_parameters(self, run, settings, new_database):
        url = new_database("empty")
        settings(DATABASE_URL=url)
        for _ in range(2):
            run("db", "upgrade")
        with psycopg.connect(url) as connection:
            [(count,)] = connection.execute("SELECT count(*) FROM parameters").fetchall()
        shipped = DataFiles.parameter_defaults()
        assert count == sum(len(category["parameters"]) for category in shipped) > 10


class TestStatus:
    def test_changes_nothing(self, run, settings, new_database):
        url = new_database("empty")
        settings(DATABASE_URL=url)
        run("db", "status")
        with psycopg.connect(url) as connection:
            assert connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone() == (0,)

    def test_is_had_as_json(self, run, url):
        listed = json.loads(run("db", "status", "--json").stdout)
        assert {"state": "applied", "migration": "0001_reference"} in listed

    def test_names_what_a_newer_version_added_and_is_content(self, run, url, look):
        look("INSERT INTO schema_migrations (number, name, checksum, additive) VALUES (9001, '9001_added', '', true)")
        done = run("db", "status")
        assert done.exit_code == 0
        assert "newer\t9001_added" in done.stdout
        assert run("users", "list").exit_code == 0

    def test_refuses_what_a_newer_version_broke(self, run, url, look):
        look("INSERT INTO schema_migrations (number, name, checksum) VALUES (9001, '9001_breaks', '')")
        for command in (["db", "status"], ["db", "upgrade"], ["users", "list"]):
            done = run(*command)
            assert done.exit_code == 1
            assert "The database has migration 9001_breaks, which this version of rplay does not know" in done.stderr


class TestDoctor:
    def test_ends_with_3_on_what_is_serious(self, run, settings, new_database):
        settings(DATABASE_URL=new_database("empty"))
        sick = run("db", "doctor")
        assert sick.exit_code == 3
        assert "serious  Migrations have not run: run `rplay db upgrade`" in sick.stdout
        [finding] = json.loads(run("db", "doctor", "--json").stdout)
        assert finding["serious"] is True
        run("db", "upgrade")
        well = run("db", "doctor")
        assert (well.exit_code, well.stdout, well.stderr) == (0, "", "Nothing serious was found.\n")


@pytest.fixture
def kept(run, ann, tmp_path):
    """A backup with Ann in it."""
    done = run("db", "backup", "kept.dump")
    assert done.exit_code == 0, done.stderr
    assert done.stdout == "kept.dump\n"
    return tmp_path / "kept.dump"


def addresses(look):
    return [row[0] for row in look("SELECT email FROM users ORDER BY 1")]


class TestBackup:
    def test_is_for_nobody_elses_eyes(self, kept):
        assert stat.S_IMODE(kept.stat().st_mode) == 0o600

    def test_leaves_a_file_that_is_there(self, run, kept):
        before = kept.read_bytes()
        done = run("db", "backup", "kept.dump")
        assert (done.exit_code, done.stdout) == (1, "")
        assert "kept.dump is there already" in done.stderr
        assert kept.read_bytes() == before
        assert run("db", "backup", "kept.dump", "--force").exit_code == 0

    def test_finds_a_name_of_its_own(self, run, ann, tmp_path):
        name = run("db", "backup").stdout.strip()
        assert name.startswith("rplay-20")
        assert [path.name for path in tmp_path.glob("*.dump")] == [name]

    def test_keeps_the_newest_of_a_folder_and_nothing_but_its_own_goes(self, run, ann, tmp_path):
        folder = tmp_path / "backups"
        first = run("db", "backup", "--folder", folder)
        assert first.exit_code == 0, first.stderr
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        older = ["rplay-20200101-000000.dump", "rplay-20200102-000000.dump"]
        for name in (*older, "mine.dump", "rplay-20200101-000000.dump.gpg"):
            (folder / name).touch()
        Path(first.stdout.strip()).unlink()
        done = run("db", "backup", "--folder", folder, "--keep", 2)
        assert done.stderr.splitlines()[1:] == [f"{folder / older[0]} is deleted."]
        there = {path.name for path in folder.iterdir()}
        assert there == {older[1], "mine.dump", "rplay-20200101-000000.dump.gpg", Path(done.stdout.strip()).name}

    def test_deletes_none_when_it_fails(self, run, settings, tmp_path):
        settings(DATABASE_URL=NOWHERE)
        for day in (1, 2):
            (tmp_path / f"rplay-2020010{day}-000000.dump").touch()
        assert run("db", "backup", "--folder", tmp_path, "--keep", 1).exit_code == 1
        assert len(list(tmp_path.iterdir())) == 2

    @pytest.mark.parametrize("words", [["a.dump", "--folder", "x"], ["--keep", "2"], ["a.dump", "--keep", "2"]])
    def test_is_told_where_to_in_one_way(self, run, url, words):
        done = run("db", "backup", *words)
        assert (done.exit_code, "Give FILE, or --folder" in done.stderr) == (2, True)

    def test_leaves_no_file_when_it_fails(self, run, settings, url, tmp_path, monkeypatch):
        """The account may connect and not read, which pg_dump finds out when it has begun."""
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("CREATE ROLE blind LOGIN")
        try:
            settings(DATABASE_URL=make_conninfo(url, user="blind"))
            done = run("db", "backup", "all.dump")
        finally:
            with psycopg.connect(url, autocommit=True) as connection:
                connection.execute("DROP ROLE blind")
        assert done.exit_code == 1
        assert "pg_dump failed, and no backup was written: " in done.stderr
        assert "permission denied" in done.stderr
        assert list(tmp_path.iterdir()) == []

    def test_says_that_a_folder_is_not_there(self, run, url):
        done = run("db", "backup", "nowhere/all.dump")
        assert (done.exit_code, done.stderr) == (1, "Error: Cannot write to nowhere: No such file or directory.\n")

    def test_shows_no_password_to_others_on_the_machine(self, settings, url, monkeypatch):
        seen = []
        run = subprocess.run

        def watched(command, **options):
            seen.append((command, options.get("env", {})))
            return run(command, **options)

        monkeypatch.setattr(subprocess, "run", watched)
        monkeypatch.setattr(dump, "_server_major", lambda _url: 13)
        with pytest.raises(StartError):
            dump.backup("postgresql://me:secret@127.0.0.1:9/x?sslmode=disable", Path.cwd() / "x.dump")
        command, env = seen[-1]
        assert "secret" not in str(command)
        assert (env["PGPASSWORD"], env["PGHOST"], env["PGSSLMODE"]) == ("secret", "127.0.0.1", "disable")


class TestRestore:
    def test_fills_an_empty_database(self, run, settings, kept, new_database):
        fresh = new_database("empty")
        settings(DATABASE_URL=fresh)
        done = run("db", "restore", "kept.dump")
        assert done.exit_code == 0, done.stderr
        assert "The database holds what kept.dump held." in done.stderr
        with psycopg.connect(fresh) as connection:
            assert connection.execute("SELECT email FROM users").fetchall() == [("ann@example.com",)]
        assert run("db", "status").exit_code == 0
        assert run("db", "doctor").exit_code == 0

    def test_refuses_a_database_that_holds_something(self, run, kept, look):
        look("UPDATE users SET email = 'changed@example.com'")
        done = run("db", "restore", "kept.dump")
        assert done.exit_code == 1
        assert "The database is not empty: it has " in done.stderr
        assert addresses(look) == ["changed@example.com"]

    def test_puts_it_in_the_place_of_everything_when_told(self, run, kept, look):
        look("UPDATE users SET email = 'changed@example.com'")
        look("CREATE TABLE later (of_user uuid REFERENCES users (id), number serial)")  # as a newer version might have
        look("CREATE VIEW seen AS SELECT * FROM users")
        assert run("db", "restore", "kept.dump", "--force").exit_code == 0
        assert addresses(look) == ["ann@example.com"]
        assert look("SELECT to_regclass('later'), to_regclass('seen')") == [(None, None)]
        assert run("db", "doctor").exit_code == 0

    @pytest.mark.operations
    def test_changes_nothing_when_the_file_ends_too_early(self, run, kept, look):
        look("UPDATE users SET email = 'changed@example.com'")
        whole = kept.read_bytes()
        for length in (10, len(whole) // 2, len(whole) - 2000):
            kept.write_bytes(whole[:length])
            done = run("db", "restore", "kept.dump", "--force")
            assert done.exit_code == 1, length
            assert addresses(look) == ["changed@example.com"]

    @pytest.mark.operations
    def test_changes_nothing_when_its_data_cannot_be_read(self, run, kept, look):
        """The list of contents is whole, which pg_restore looks at first."""
        look("UPDATE users SET email = 'changed@example.com'")
        whole = kept.read_bytes()
        packed = whole.rindex(b"\x78\x9c") + 4  # in the last block that zlib has packed
        kept.write_bytes(whole[:packed] + bytes(4) + whole[packed + 4 :])
        done = run("db", "restore", "kept.dump", "--force")
        assert done.exit_code == 1
        assert "The restore failed, and the database is as it was" in done.stderr
        assert addresses(look) == ["changed@example.com"]

    @pytest.mark.operations
    def test_changes_nothing_while_others_hold_the_tables(self, run, kept, url, look, monkeypatch):
        monkeypatch.setattr(dump, "LOCK_SECONDS", 0.2)
        with psycopg.connect(url) as other:
            other.execute("SELECT * FROM users")
            done = run("db", "restore", "kept.dump", "--force")
        assert done.exit_code == 1
        assert "lock timeout" in done.stderr
        assert addresses(look) == ["ann@example.com"]

    def test_refuses_what_is_no_backup(self, run, url, tmp_path):
        (tmp_path / "people.csv").write_text("name\nAnn\n")
        done = run("db", "restore", "people.csv")
        assert done.exit_code == 1
        assert "people.csv is no backup that `rplay db backup` made: " in done.stderr

    def test_refuses_a_file_that_is_not_there(self, run, url):
        assert run("db", "restore", "nothing.dump").exit_code == 2

    def test_asks_for_the_upgrade_of_an_older_backup(self, run, settings, url, look, new_database):
        look("DELETE FROM schema_migrations WHERE number = (SELECT max(number) FROM schema_migrations)")
        run("db", "backup", "older.dump")
        settings(DATABASE_URL=new_database("empty"))
        assert "run `rplay db upgrade` before the servers start" in run("db", "restore", "older.dump").stderr


class TestPrograms:
    def test_are_asked_for_where_there_are_none(self, run, url, monkeypatch, tmp_path):
        monkeypatch.setattr(dump, "_folders", lambda: iter(()))
        done = run("db", "backup", "all.dump")
        assert done.exit_code == 1
        assert "and pg_dump is not installed. Install PostgreSQL's client programs, version " in done.stderr
        assert list(tmp_path.iterdir()) == []

    def test_must_not_be_older_than_the_server(self, monkeypatch, tmp_path):
        for version in (14, 16, 17):
            pretend(tmp_path / str(version), version)
        monkeypatch.setattr(dump, "_folders", lambda: (tmp_path / name for name in ("17", "14", "16")))
        assert dump._programs(13, "pg_dump") == {"pg_dump": str(tmp_path / "14" / "pg_dump")}
        assert dump._programs(15, "pg_dump") == {"pg_dump": str(tmp_path / "16" / "pg_dump")}
        with pytest.raises(
            StartError, match="The server is PostgreSQL 18, and pg_dump is of version 17, which is too old"
        ):
            dump._programs(18, "pg_dump")

    def test_are_found_in_the_embedded_server(self, settings, monkeypatch):
        monkeypatch.setenv("PATH", "")
        monkeypatch.setattr(dump, "_PLACES", ())
        found = dump._programs(18, "pg_restore", "psql")
        assert found["psql"] == str(embedded.binaries() / "psql")


def pretend(folder, version):
    folder.mkdir()
    program = folder / "pg_dump"
    program.write_text(f"#!/bin/sh\necho 'pg_dump (PostgreSQL) {version}.2'\n")
    program.chmod(0o755)


def test_the_address_is_handed_on_as_libpq_reads_it(url):
    """A socket's folder, as the embedded server has, and whatever else the address says."""
    env = dump._environment(url)
    assert env["PGHOST"] == conninfo_to_dict(url)["host"]
    psql = shutil.which("psql") or str(embedded.binaries() / "psql")
    done = subprocess.run([psql, "-Atc", "SELECT current_database()"], env=env, capture_output=True, text=True)
    assert done.stdout.strip() == conninfo_to_dict(url)["dbname"]
    assert os.environ["PATH"] == env["PATH"]
