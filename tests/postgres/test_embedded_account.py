"""Whom root's PostgreSQL runs as, and who else gets in."""

import os
import pwd
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import psycopg
import pytest

from rplay.errors import StartError
from rplay.postgres import doctor, dump, embedded, embedded_account
from rplay.postgres.embedded_account import Account
from rplay.postgres.embedded_home import reachable_binaries, run_as
from rplay.server.database import upgrade
from tests.postgres.private_server import NOBODY, ask, make_as_earlier, only_root, postgres_pid

MEANT = "SELECT count(*) FROM users u JOIN meanings m ON u.email::citext = m.email"
pytestmark = pytest.mark.usefixtures("state")


@pytest.fixture(scope="module")
def made(open_folder: Path) -> Path:
    folder = open_folder / "postgres"
    folder.mkdir()
    return folder


@pytest.fixture
def earlier(open_folder: Path, made_earlier: Path) -> Iterator[Path]:
    """A folder of the version before, with a row of an account in it."""
    folder = open_folder / "earlier"
    subprocess.run(["cp", "-a", made_earlier, folder], check=True)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def made_earlier(open_folder: Path) -> Path:
    folder = open_folder / "made-earlier"
    folder.mkdir()
    make_as_earlier(
        folder,
        "INSERT INTO users (name, email, password, role) VALUES ('Ann', 'ann@example.com', 'x', 'learner')",
        "CREATE TYPE mood AS ENUM ('good', 'bad')",
        "CREATE VIEW names AS SELECT name FROM users",
        "CREATE FUNCTION twice(n int) RETURNS int LANGUAGE sql AS 'SELECT 2 * n'",
        "CREATE TABLE numbered (id serial, kind mood)",
        "CREATE SCHEMA attic CREATE TABLE old (id int GENERATED ALWAYS AS IDENTITY)",
        "CREATE EXTENSION citext",
        "CREATE EXTENSION vector",
        "SELECT lo_from_bytea(0, 'large')",
    )
    return folder


def owners(folder: Path) -> set[int]:
    return {path.lstat().st_uid for path in (folder, *folder.rglob("*"))}


def gets_in(uid: int, folder: Path) -> list[str]:
    """What another account reaches: the data, the socket's folder, the server by either role."""
    account = Account(uid, uid)
    tools = reachable_binaries(embedded.binaries(), account)
    psql = [tools / "psql", "-X", "-c", "SELECT 1", "-h", folder / "socket", "-d", "rplay", "-U"]
    attempts = [["cat", folder / "data" / "PG_VERSION"], ["ls", folder / "data"], ["ls", folder / "socket"]]
    attempts += [[*psql, "postgres"], [*psql, "rplay"]]
    done = [run_as(account, attempt, capture_output=True, text=True) for attempt in attempts]
    assert all("Permission denied" in one.stderr for one in done if one.returncode)
    return [str(one.args) for one in done if one.returncode == 0]


@only_root
class TestRoot:
    @pytest.mark.operations
    def test_runs_it_under_a_number_that_no_account_has_and_keeps_to_it(self, made: Path) -> None:
        seen = set()
        for _ in range(2):
            with embedded.start(made, durable=False):
                server = psutil.Process(postgres_pid(made))
                seen |= {*server.uids(), *server.gids()}
        (number,) = seen
        with pytest.raises(KeyError):
            pwd.getpwuid(number)
        assert (made / "account").read_text().split()[0] == str(number)
        assert owners(made / "data") == {number}

    @pytest.mark.operations
    @pytest.mark.parametrize("uid", [NOBODY, 1])
    def test_lets_no_other_account_at_data_or_socket(self, made: Path, uid: int) -> None:
        with embedded.start(made, durable=False):
            assert not gets_in(uid, made)

    def test_makes_the_data_where_nobody_else_gets_in(self, open_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """initdb runs as `nobody`: others who do must not reach what it makes."""
        seen: list[Any] = []
        monkeypatch.setattr(
            "rplay.postgres.embedded_cluster.hand_over",
            lambda folder, account: seen.append((account, folder.parent.stat())),
        )
        with pytest.raises(StartError):  # as the data stay `nobody`'s
            embedded.start(open_folder / "watched", durable=False)
        ((account, closed),) = seen
        assert (closed.st_uid, closed.st_gid, closed.st_mode & 0o777) == (0, account.gid, 0o710)

    @pytest.mark.operations
    def test_takes_data_of_nobodys_over(self, earlier: Path) -> None:
        assert owners(earlier / "data") == {NOBODY}
        with embedded.start(earlier, durable=False) as server:
            number = psutil.Process(postgres_pid(earlier)).uids().real
            assert number not in (0, NOBODY)
            assert ask(server.url, "SELECT name FROM users") == "Ann"
            assert not gets_in(NOBODY, earlier)
        assert owners(earlier / "data") == owners(earlier / "socket") == {number}

    @pytest.mark.operations
    def test_takes_data_over_that_came_back_from_a_copy_as_roots(self, earlier: Path) -> None:
        embedded.start(earlier, durable=False).stop()
        number = (earlier / "data").stat().st_uid
        subprocess.run(["chown", "-R", "0:0", earlier / "data"], check=True)
        with embedded.start(earlier, durable=False) as server:
            assert ask(server.url, "SELECT name FROM users") == "Ann"
        assert owners(earlier / "data") == {number}

    @pytest.mark.operations
    def test_takes_another_number_when_an_account_was_given_it(
        self, earlier: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        embedded.start(earlier, durable=False).stop()
        number = (earlier / "data").stat().st_uid
        known = embedded_account._has_name
        monkeypatch.setattr(embedded_account, "_has_name", lambda one: one == number or known(one))
        with embedded.start(earlier, durable=False) as server:
            assert ask(server.url, "SELECT name FROM users") == "Ann"
        assert number not in owners(earlier / "data")

    @pytest.mark.operations
    def test_leaves_a_persons_data_to_the_person(self, earlier: Path) -> None:
        subprocess.run(["chown", "-R", "1:1", earlier / "data", earlier / "socket"], check=True)
        with embedded.start(earlier, durable=False) as server:
            assert ask(server.url, "SELECT name FROM users") == "Ann"
            assert psutil.Process(postgres_pid(earlier)).uids().real == 1
        assert owners(earlier / "data") == {1}

    @pytest.mark.operations
    @pytest.mark.parametrize(
        "kind",
        ["link", "second name", "another's"],
    )
    def test_gives_nothing_away_that_was_put_among_the_data(self, earlier: Path, open_folder: Path, kind: str) -> None:
        precious = open_folder / "precious"
        precious.write_text("root's")
        planted = earlier / "data" / "base" / "planted"
        if kind == "link":
            planted.symlink_to(precious)
        elif kind == "second name":
            planted.hardlink_to(precious)
        else:
            shutil.copy(precious, planted)
        with pytest.raises(StartError, match=r"planted is no plain file .* Nothing was changed"):
            embedded.start(earlier, durable=False)
        assert precious.stat().st_uid == 0
        assert {path.lstat().st_uid for path in (earlier / "data").rglob("*") if path != planted} == {NOBODY}

    @pytest.mark.operations
    def test_leaves_everything_as_it_was_when_it_cannot_give_it_all(
        self, earlier: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        given = []
        chown = os.chown

        def refused(path: Any, uid: int, gid: int, **options: Any) -> None:
            if uid not in (0, NOBODY):
                given.append(path)
                if len(given) > 100:
                    raise PermissionError(1, "Operation not permitted", str(path))
            chown(path, uid, gid, **options)

        monkeypatch.setattr(os, "chown", refused)
        with pytest.raises(StartError, match=r"cannot be given to PostgreSQL alone.* Nothing was changed"):
            embedded.start(earlier, durable=False)
        assert len(given) > 100
        assert owners(earlier / "data") == {NOBODY}

    @pytest.mark.operations
    def test_ends_a_change_that_was_killed_half_way(self, earlier: Path) -> None:
        embedded.start(earlier, durable=False).stop()
        number = (earlier / "data").stat().st_uid
        for path in (earlier / "data", earlier / "data" / "base", *(earlier / "data" / "global").iterdir()):
            os.chown(path, NOBODY, NOBODY)
        with embedded.start(earlier, durable=False) as server:
            assert ask(server.url, "SELECT name FROM users") == "Ann"
        assert owners(earlier / "data") == {number}


def test_the_files_that_processes_share_are_closed_to_others(made: Path) -> None:
    """Who can open one can hold its lock for ever."""
    with embedded.start(made, durable=False):
        files = [made / "lock", made / "server", *(made / "users").iterdir()]
        assert len(files) == 3
        assert not any(path.stat().st_mode & 0o077 for path in files)
        assert (made / "socket" / ".s.PGSQL.5432").stat().st_mode & 0o777 == 0o700


class TestTheApplication:
    def test_is_no_superuser(self, made: Path) -> None:
        with embedded.start(made, durable=False) as server:
            assert ask(server.url, "SELECT current_user") == "rplay"
            assert (
                ask(server.url, "SELECT rolsuper OR rolcreaterole OR rolcreatedb FROM pg_roles WHERE rolname = user")
                is False
            )
            for statement in (
                "COPY (SELECT 1) TO PROGRAM 'cat'",
                "SELECT pg_read_file('/etc/passwd')",
                "ALTER ROLE rplay SUPERUSER",
                "SET ROLE postgres",
                "CREATE EXTENSION adminpack2",
                "ALTER SYSTEM SET shared_buffers = '1GB'",
            ):
                with pytest.raises(psycopg.Error, match=r"permission denied|must be|not available"):
                    ask(server.url, statement)

    @pytest.mark.parametrize("extension", ["citext", "vector"])
    def test_makes_the_extensions_it_may_need(self, made: Path, extension: str) -> None:
        with embedded.start(made, durable=False) as server:
            ask(server.url, f"CREATE EXTENSION {extension}")
            assert ask(
                server.url,
                "SELECT '[1,2]'::vector <-> '[1,4]'" if extension == "vector" else "SELECT 'A'::citext = 'a'",
            )
            ask(server.url, f"DROP EXTENSION {extension}")

    @pytest.mark.operations
    def test_owns_what_an_earlier_version_made_as_superuser(self, earlier: Path) -> None:
        with embedded.start(earlier, durable=False) as server:
            assert (
                ask(
                    server.url,
                    "SELECT count(*) FROM pg_tables WHERE tableowner <> 'rplay' AND schemaname IN ('public', 'attic')",
                )
                == 0
            )
            for statement in (
                "ALTER TABLE users ADD COLUMN extra text",
                "ALTER TYPE mood ADD VALUE 'so-so'",
                "CREATE OR REPLACE VIEW names AS SELECT name, 1 AS one FROM users",
                "CREATE OR REPLACE FUNCTION twice(n int) RETURNS int LANGUAGE sql AS 'SELECT n + n'",
                "INSERT INTO numbered (kind) VALUES ('good')",
                "ALTER SEQUENCE numbered_id_seq RESTART",
                "DROP TABLE attic.old",
                "DROP SCHEMA attic",
                "CREATE TABLE more (id int)",
                "SELECT lo_unlink(oid) FROM pg_largeobject_metadata",
            ):
                ask(server.url, statement)

    @pytest.mark.operations
    def test_upgrades_looks_through_saves_and_brings_back(self, made: Path, tmp_path: Path) -> None:
        saved = tmp_path / "saved.dump"
        with embedded.start(made, durable=False) as server:
            upgrade(server.url)
            ask(
                server.url,
                "INSERT INTO users (name, email, password, role) VALUES ('A', 'ann@example.com', 'x', 'learner')",
            )
            ask(server.url, "CREATE EXTENSION citext")
            ask(server.url, "CREATE EXTENSION vector")
            ask(server.url, "CREATE TABLE meanings (email citext, meaning vector(2))")
            ask(server.url, "INSERT INTO meanings VALUES ('Ann@example.com', '[1,2]')")
            assert [finding.serious for finding in doctor.examine(server.url)] == [True]  # Ann's password is no hash
            dump.backup(server.url, saved)
            ask(server.url, "DELETE FROM users")
            dump.restore(server.url, saved, force=True)
            assert ask(server.url, MEANT) == 1
        with embedded.start(made.with_name("restored"), durable=False) as server:
            dump.restore(server.url, saved)
            assert ask(server.url, MEANT) == 1
            upgrade(server.url)

    @pytest.mark.operations
    def test_gets_all_of_it_or_nothing(self, earlier: Path) -> None:
        """A lock that somebody holds is the usual hindrance."""
        with embedded.start(earlier, durable=False) as server:
            ask(server.superuser_url, "ALTER DATABASE rplay OWNER TO postgres")
            ask(server.superuser_url, "ALTER TABLE users OWNER TO postgres")
            ask(server.superuser_url, "ALTER TABLE sessions OWNER TO postgres")
            with psycopg.connect(server.superuser_url) as busy:
                busy.execute("LOCK TABLE users")
                with pytest.raises(StartError, match=r"lock timeout\. Nothing was changed"):
                    embedded.start(earlier, durable=False)
            assert (
                ask(server.superuser_url, "SELECT tableowner FROM pg_tables WHERE tablename = 'sessions'") == "postgres"
            )
            embedded.start(earlier, durable=False).stop()
            assert ask(server.superuser_url, "SELECT tableowner FROM pg_tables WHERE tablename = 'users'") == "rplay"
