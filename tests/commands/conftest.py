"""Commands as they are typed: most in this process, what is about processes as the real program."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

import pytest
from click.testing import CliRunner, Result
from structlog.testing import capture_logs

import cli
from rplay import db
from rplay.config import Settings
from tests import warm
from tests.conftest import drop

RPLAY = Path(sys.executable).with_name("rplay")
ROOT = Path(cli.__file__).parent
NOWHERE = "postgresql://rplay:secret@127.0.0.1:9/rplay"  # nothing listens there
PATIENCE = 120  # seconds, so that a test that hangs fails; to start takes a minute where many do

Run = Callable[..., Result]
Done = subprocess.CompletedProcess[str]
Set = Callable[..., None]


@pytest.fixture
def settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Set:
    """Sets what is given and nothing else, in a folder of its own."""
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)

    def set_(**given: str) -> None:
        for name, value in given.items():
            monkeypatch.setenv(name, value)

    set_(LOCAL_TYPING="0", BCRYPT_COST="4", NODE_ENV="test")
    return set_


@pytest.fixture
def run(settings: Set, monkeypatch: pytest.MonkeyPatch) -> Iterator[Run]:
    """Runs a command in this process, whose log stays as it is and out of the results."""
    monkeypatch.setattr("rplay.runtime.logs.install", lambda _settings: None)
    monkeypatch.setattr("rplay.commands.opening._log_to_stderr", lambda _level: None)
    with capture_logs():
        yield lambda *words, **options: CliRunner().invoke(cli.main, list(map(str, words)), **options)


class Command(warm.Process):
    """`rplay …` in a process of its own, which says it to files and reads what was typed."""

    def __init__(self, words: Iterable[object], env: Mapping[str, str], files: list[IO[bytes]]) -> None:
        self._files = files
        typed, output, errors = (file.fileno() for file in files)
        super().__init__(["rplay", *map(str, words)], env, Path.cwd(), output, errors, typed)

    def communicate(self, timeout: float) -> tuple[str, str]:
        """What it said and complained of, once it has ended."""
        out, err = self.said(timeout)
        return out.decode(), err.decode()

    def said(self, timeout: float) -> tuple[bytes, bytes]:
        self.wait(timeout)
        _, out, err = (os.pread(file.fileno(), 1 << 20, 0) for file in self._files)
        return out, err


@contextmanager
def begun(*words: object, typed: str = "", env: Mapping[str, str] = os.environ) -> Iterator[Command]:
    """A command, which ends with the block; nobody types more than this."""
    with TemporaryFile() as keyboard, TemporaryFile() as output, TemporaryFile() as errors:
        keyboard.write(typed.encode())
        keyboard.seek(0)
        command = Command(words, env, [keyboard, output, errors])
        try:
            yield command
        finally:
            command.kill()
            command.wait(PATIENCE)


def ended(*words: object, **options: object) -> Done:
    """What a command in a process of its own said, and its status."""
    with begun(*words, **options) as command:  # type: ignore[arg-type]
        out, err = command.communicate(PATIENCE)
        assert command.returncode is not None
        return subprocess.CompletedProcess(command.args, command.returncode, out, err)


@pytest.fixture
def url(settings: Set, new_database: Callable[..., str]) -> Iterator[str]:
    """A migrated database of this test's own, which the commands use."""
    made = new_database()
    settings(DATABASE_URL=made)
    yield made
    db.close()
    drop(made)


@pytest.fixture
def look(url: str) -> Callable[..., list[tuple[object, ...]]]:
    """Asks the database itself."""
    import psycopg

    def ask(statement: str, *parameters: object) -> list[tuple[object, ...]]:
        with psycopg.connect(url, autocommit=True) as connection:
            cursor = connection.execute(statement.encode(), parameters or None)
            return cursor.fetchall() if cursor.description else []

    return ask


@pytest.fixture(autouse=True)
def no_pool_is_left_open() -> object:
    yield
    db.close()


@pytest.fixture
def ann(run: Run, url: str) -> str:
    """Somebody who has an account; her address."""
    done = run("users", "create", "ann@example.com", "--name", "Ann Lee", "--password-file", "-", input="Passw0rdX\n")
    assert done.exit_code == 0, done.stderr
    return "ann@example.com"


def environment(**settings: str) -> dict[str, str]:
    return {**os.environ, **settings}
