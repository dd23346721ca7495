import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.fakes.openai_server import FakeOpenAI
from tests.torture.postgres import Postgres
from tests.torture.server import Server
from tests.torture.world import REPORT, World

LIMIT = 280  # seconds; the longest takes a minute


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if item.path.is_relative_to(here):
            item.add_marker("torture")
            item.add_marker(pytest.mark.timeout(LIMIT))
            # python-socketio leaves the socket of a connection that broke to the garbage collector.
            item.add_marker(pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"))


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that PostgreSQL's account can reach."""
    made = Path(tempfile.mkdtemp(prefix="rplay-torture-"))
    made.chmod(0o755)
    yield made
    shutil.rmtree(made, ignore_errors=True)


@pytest.fixture
def fake() -> Iterator[FakeOpenAI]:
    with FakeOpenAI() as server:
        yield server


@pytest.fixture
def build(folder: Path, fake: FakeOpenAI) -> Iterator[Callable[..., World]]:
    """Makes a world: a PostgreSQL of its own and a server, which asks the fake unless it is told otherwise."""
    with ExitStack() as stack:

        def make(postgres: dict[str, str] | None = None, place: Path | None = None, **settings: str) -> World:
            database = Postgres(place or folder, **(postgres or {}))
            database.start()
            stack.callback(database.kill_if_alive)
            asked = {
                "OPENAI_API_KEY": "sk-fake",
                "OPENAI_BASE_URL": fake.url,
                "TTS_BASE_URL": fake.url,
                "TTS_PROVIDER": "openai",
                "LOG_LEVEL": "warning",
                **settings,
            }
            server = Server(folder, database.url, **asked)
            stack.callback(server.stop)
            return World(database, server)

        yield make


@pytest.fixture
def world(build: Callable[..., World]) -> World:
    return build()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if not REPORT:
        return
    line = terminalreporter.write_line
    terminalreporter.section("what each fault did")
    line("connections to the database / greenlets / file descriptors / MiB, in the worker")
    line("| fault | lasted | requests meanwhile | slowest | first good | all good | before | after | lost |")
    line("| --- | --- | --- | --- | --- | --- | --- | --- | --- |")
    for outcome in REPORT:
        line(outcome.row())
