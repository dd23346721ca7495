"""`rplay serve` as a person runs it: the real command, its processes, its signals."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import psutil
import psycopg
import pytest
import requests
import socketio
from click.testing import CliRunner
from psycopg.rows import dict_row

from cli import main
from rplay import model_end_dates
from rplay.agents import meaning
from rplay.config import Settings
from rplay.server import demo, supervisor
from rplay.server.database import Database
from rplay.server.demo import Accounts
from rplay.server.model_servers import ModelServer
from rplay.server.screen import Start
from rplay.server.screen import show as screen_of
from rplay.server.serve import _model_servers, prepare
from tests.conftest import free_port, settings_for

RPLAY = Path(sys.executable).with_name("rplay")
PATIENCE = 240  # seconds, so that a test that hangs fails; on a busy machine much takes ten times as long as usual
GRACE = 20  # seconds; less than answers and streams get at the end, which here there are none of
ADMIN = {"email": "admin@example.com", "password": "Admin1234"}
LEARNER = {"email": "demo@example.com", "password": "Demo1234"}


def environment(folder: Path, **settings: str) -> dict[str, str]:
    """The machine's, with no setting but these."""
    names = {name.upper() for name in Settings.model_fields}
    kept = {name: value for name, value in os.environ.items() if name not in names}
    return {**kept, "INSTANCE_DIR": str(folder), "LOG_LEVEL": "error", "LOCAL_TYPING": "0", **settings}


class Served:
    """A running `rplay serve`; `screen` is what it showed when it was ready."""

    patience = PATIENCE

    def __init__(self, folder: Path, port: int, *options: str, **settings: str) -> None:
        self.folder = folder
        self.process = subprocess.Popen(
            [RPLAY, "serve", "--port", str(port), *options],
            cwd=folder,
            env=environment(folder, **settings),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self._timer = threading.Timer(self.patience, self.process.kill)
        self._timer.start()
        self.screen = "".join(self._lines_of_the_screen())
        self.url = re.findall(r"http://127\.0\.0\.1:\d+", self.screen)[0]
        self.family = psutil.Process(self.process.pid).children(recursive=True)
        self.gunicorn = psutil.Process(self.process.pid).children()[0]

    def _lines_of_the_screen(self) -> Iterator[str]:
        """To the empty line after its notes."""
        assert self.process.stdout is not None
        noted = False
        for line in self.process.stdout:
            yield line
            noted = noted or line.startswith("Note")
            if noted and not line.strip():
                break

    def end(self, number: int | None = signal.SIGTERM) -> tuple[int, str]:
        """Exit status, and what else was said; without a signal it waits for an end by itself."""
        if number is not None:
            self.process.send_signal(number)
        try:
            said, _ = self.process.communicate(timeout=GRACE)
        finally:
            self._timer.cancel()
        return self.process.returncode, said

    def kill(self) -> None:
        for process in (self.process, *self.family):
            with suppress(psutil.NoSuchProcess):
                process.kill()
        self.end(None)

    def post(self, path: str, body: Any, headers: dict[str, str] | None = None) -> requests.Response:
        return requests.post(f"{self.url}{path}", json=body, headers=headers, timeout=self.patience)

    def is_gone(self) -> bool:
        """Whether gunicorn and its workers have ended, or do so now."""
        return not psutil.wait_procs(self.family, timeout=PATIENCE)[1]


Serve = Callable[..., Served]


@contextmanager
def a_folder() -> Iterator[Path]:
    """Not pytest's tmp_path: its parent is closed, so that root's PostgreSQL would live elsewhere."""
    folder = Path(tempfile.mkdtemp(prefix="rplay-serve-"))
    folder.chmod(0o755)
    yield folder
    for process in postgres_of(folder):
        process.kill()
    shutil.rmtree(folder)


@pytest.fixture
def folder() -> Iterator[Path]:
    with a_folder() as folder:
        yield folder


@pytest.fixture
def serve(folder: Path) -> Iterator[Serve]:
    started: list[Served] = []

    def start(*options: str, port: int = 0, **settings: str) -> Served:
        started.append(Served(folder, port, *options, **settings))
        return started[-1]

    yield start
    for one in started:
        one.kill()


def postgres_of(folder: Path) -> list[psutil.Process]:
    """The processes of the embedded server in this folder."""
    servers = [
        one for one in psutil.process_iter(["cmdline"]) if f"{folder}/postgres/data" in (one.info["cmdline"] or [])
    ]
    return [process for server in servers for process in (server, *server.children())]


def test_a_first_look(serve: Serve, folder: Path) -> None:
    first = serve()
    assert "\x1b" not in first.screen
    for account in (ADMIN, LEARNER):
        assert re.search(rf"{account['email']}\s+{account['password']}", first.screen)
    assert requests.get(f"{first.url}/health", timeout=PATIENCE).json()["status"] == "healthy"
    assert first.post("/api/auth/login", ADMIN).json()["data"]["user"]["role"] == "super_admin"
    assert first.post("/api/auth/login", LEARNER).json()["data"]["user"]["role"] == "learner"
    newcomer = {"name": "Nora New", "email": "nora@example.com", "password": "Newcomer1"}
    assert first.post("/api/auth/register", newcomer).status_code == 201
    assert (folder / "data" / "rubrics.json").exists()
    # A listener who says nothing would keep the server waiting for its 25 seconds of grace.
    listener = socketio.SimpleClient()
    listener.connect(first.url, transports=["websocket"])
    assert first.end() == (0, "")
    listener.disconnect()
    assert first.is_gone()
    assert not postgres_of(folder)


@pytest.mark.operations
def test_the_day_after(serve: Serve, folder: Path) -> None:
    first = serve()
    newcomer = {"name": "Nora New", "email": "nora@example.com", "password": "Newcomer1"}
    assert first.post("/api/auth/register", newcomer).status_code == 201
    assert first.end() == (0, "")

    second = serve("--workers", "2")
    assert "admin@example.com and demo@example.com" in second.screen
    assert "Admin1234" not in second.screen
    assert second.post("/api/auth/login", newcomer).status_code == 200
    assert "With several workers" in second.screen
    assert len(second.gunicorn.children()) == 2
    assert second.end(signal.SIGINT)[0] == 0
    assert second.is_gone()
    assert not postgres_of(folder)


@pytest.mark.operations
def test_what_was_killed_leaves_nothing_in_the_way(serve: Serve, folder: Path) -> None:
    port = free_port()
    first = serve(port=port)
    first.process.kill()
    assert first.is_gone()

    second = serve(port=port)
    assert second.post("/api/auth/login", LEARNER).status_code == 200
    second.gunicorn.kill()
    status, said = second.end(None)
    assert status == 1
    assert "Error: The server ended by itself (signal 9)" in said
    assert second.is_gone()
    assert not postgres_of(folder)


@pytest.mark.operations
class TestWhileItServes:
    """One server, whose database fails twice, and which ends in the middle of an answer."""

    @pytest.fixture(scope="class")
    @classmethod
    def served(cls) -> Iterator[Served]:
        with a_folder() as folder:
            served = Served(folder, 0, LOG_LEVEL="warning", LOCAL_TYPING="2")  # seconds
            try:
                yield served
            finally:
                served.kill()

    def told(self, served: Served, event: str) -> list[str]:
        """What it says until it tells of this."""
        lines = []
        assert served.process.stdout is not None
        for line in served.process.stdout:
            lines.append(line)
            if event in line:
                return lines
        raise AssertionError("".join(lines))

    def test_a_postgresql_that_was_killed_is_started_again(self, served: Served) -> None:
        server, *_ = postgres_of(served.folder)
        server.kill()
        server.wait()
        until = time.monotonic() + PATIENCE
        while (status := served.post("/api/auth/login", LEARNER).status_code) != 200:
            assert status == 500
            assert time.monotonic() < until
        assert requests.get(f"{served.url}/api/health/ready", timeout=PATIENCE).json()["status"] == "ready"
        assert len([one for one in postgres_of(served.folder) if one.parent() not in postgres_of(served.folder)]) == 1
        self.told(served, "postgres_started_again")

    def test_one_that_cannot_be_started_again_is_tried_until_it_can(self, served: Served) -> None:
        server, *_ = postgres_of(served.folder)
        version = served.folder / "postgres" / "data" / "PG_VERSION"
        right = version.read_text()
        version.write_text("9.6\n")
        server.kill()
        said = self.told(served, "postgres_not_started")
        assert not any("postgres_started_again" in line for line in said)
        assert "database files are incompatible with server" in said[-1]
        version.write_text(right)
        self.told(served, "postgres_started_again")

    def test_an_answer_that_is_under_way_is_finished(self, served: Served) -> None:
        token = served.post("/api/auth/login", LEARNER).json()["data"]["token"]
        talk = {"messages": [{"role": "user", "content": "Hello"}], "clientProfile": {"name": "Ann"}}
        body = talk | {"simulationSettings": {"industry": "insurance"}}
        headers = {"Authorization": f"Bearer {token}"}
        path = f"{served.url}/api/chat/client-response/stream"
        with requests.post(path, json=body, headers=headers, timeout=PATIENCE, stream=True) as answer:
            lines = answer.iter_lines(chunk_size=1, decode_unicode=True)
            assert next(lines) == "event: status"
            status, said = served.end()
            assert status == 0
            assert "postgres_started_again" not in said
            assert "event: complete" in lines
        assert not postgres_of(served.folder)


@pytest.mark.operations
def test_a_signal_while_it_prepares_ends_it_cleanly(folder: Path) -> None:
    process = subprocess.Popen(
        [RPLAY, "serve", "--port", "0"], cwd=folder, env=environment(folder), stdout=subprocess.PIPE
    )
    while not (folder / "postgres" / "lock").exists():
        assert process.poll() is None
    process.terminate()
    assert process.communicate(timeout=PATIENCE)[0] == b""
    assert process.returncode == 0
    assert not postgres_of(folder)


class TestRefusals:
    """Before anything is started, so they can be watched in this process."""

    @pytest.fixture
    def refused(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
        monkeypatch.chdir(folder)

        def run(*options: str, **settings: str) -> str:
            for name in Settings.model_fields:
                monkeypatch.delenv(name.upper(), raising=False)
            for name, value in {"INSTANCE_DIR": str(folder), **settings}.items():
                monkeypatch.setenv(name, value)
            done = CliRunner().invoke(main, ["serve", "--port", "0", *options])
            assert done.exit_code == 1
            assert not done.stdout
            assert not list(folder.iterdir())
            return done.stderr

        return run

    def test_a_port_in_use_is_named(self, refused, monkeypatch):
        monkeypatch.setattr(supervisor, "SETTLING", 0.0)
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
            assert refused("--port", str(port)).startswith(f"Error: Port {port} is in use: ")

    def test_an_address_of_another_machine_is_refused(self, refused):
        assert refused("--host", "203.0.113.9").startswith("Error: Cannot listen on 203.0.113.9 port")

    def test_a_bad_setting_is_named(self, refused):
        assert refused(DB_POOL_MAX="many").startswith("Error: The setting DB_POOL_MAX has a bad value")

    def test_a_bad_option_is_not_what_the_command_wants(self):
        done = CliRunner().invoke(main, ["serve", "--port", "70000"])
        assert (done.exit_code, done.stdout) == (2, "")
        assert "70000 is not in the range 0<=x<=65535" in done.stderr

    def test_a_database_that_is_away_is_said(self, refused):
        said = refused(DATABASE_URL=f"postgresql://me:secret@127.0.0.1:{free_port()}/rplay")
        assert said.startswith("Error: The database cannot be reached: ")
        assert "secret" not in said

    def test_what_is_no_address_of_a_database_is_not_shown(self, refused):
        said = refused(DATABASE_URL="my secret")
        assert said.startswith("Error: DATABASE_URL is not the address of a PostgreSQL database")
        assert "secret" not in said

    def test_a_schema_from_the_future_is_left_alone(self, refused, new_database):
        url = new_database()
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("INSERT INTO schema_migrations (number, name, checksum) VALUES (9999, '9999_later', '')")
        assert "9999_later, which this version of rplay does not know" in refused(DATABASE_URL=url)


class TestDemoAccounts:
    @pytest.fixture
    def url(self, new_database) -> str:
        return new_database()

    def test_are_made_once(self, url):
        assert demo.accounts(url, settings_for()) is Accounts.MADE
        assert demo.accounts(url, settings_for()) is Accounts.KNOWN
        assert [user["role"] for user in users_in(url)] == ["super_admin", "learner"]

    def test_are_not_made_where_somebody_is(self, url):
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("INSERT INTO users (name, email, password, role) VALUES ('A', 'a@b.c', 'x', 'learner')")
        assert demo.accounts(url, settings_for()) is Accounts.ABSENT
        assert len(users_in(url)) == 1

    def test_are_not_made_in_production(self, url):
        assert demo.accounts(url, settings_for(node_env="production")) is Accounts.ABSENT
        assert not users_in(url)

    def test_are_not_made_on_a_database_that_was_given(self, url, data_dir):
        assert prepare(settings_for(data_dir=data_dir), Database(url)) is Accounts.ABSENT
        assert not users_in(url)


def users_in(url: str) -> list[dict[str, Any]]:
    with psycopg.connect(url, row_factory=dict_row) as connection:
        return connection.execute("SELECT email, role FROM users ORDER BY created_at, email").fetchall()


class TestScreen:
    @pytest.fixture
    def screen(self, capsys) -> Callable[..., str]:
        def show(
            ai: tuple[str, ...] = ("local",), accounts: Accounts = Accounts.MADE, workers: int = 1, **settings: Any
        ) -> str:
            database = Database("postgresql://me:secret@db.example/training")
            screen_of(settings_for(**settings), Start("http://127.0.0.1:3001", database, accounts, ai, workers))
            return " ".join(capsys.readouterr().out.split())

        return show

    def test_says_what_to_set_for_real_ones(self, screen):
        said = screen()
        assert "AI rehearsal, a client made of rules (as no model is configured)" in said
        assert "For a real model set OPENAI_API_KEY, or OPENAI_BASE_URL" in said
        assert "For another voice set TTS_API_KEY, OPENAI_API_KEY or TTS_BASE_URL" in said

    def test_says_when_the_rehearsal_goes_by_words_alone(self, screen, monkeypatch):
        assert "by words alone" not in screen() or not meaning.installed()
        assert "by words alone, as LOCAL_MEANING is false" in screen(local_meaning=False)
        monkeypatch.setattr(meaning, "installed", lambda: False)
        assert "by words alone, as neither extra `voice` nor `local` is installed" in screen()

    def ends(self, monkeypatch, days: dict[str, date], host: str = "api.openai.com") -> None:
        monkeypatch.setattr(model_end_dates, "VENDORS", [model_end_dates.Vendor("OpenAI", (host,), days)])

    def test_says_that_the_local_voice_speaks_once_the_other_has_ended(self, screen, monkeypatch):
        today = datetime.now(UTC).date()
        self.ends(monkeypatch, {"tts-1": today})
        said = screen(openai_api_key="sk-secret")
        assert "Voice the local voice, as the model of the other has ended OpenAI's model tts-1 ended on" in said
        assert "Voice tts-1 at OpenAI" in screen(openai_api_key="sk-secret", tts_provider="openai")

    def test_says_when_a_deployment_in_azure_ends(self, screen, monkeypatch):
        tomorrow = datetime.now(UTC).date() + timedelta(days=1)
        self.ends(monkeypatch, {"gpt-9": tomorrow}, "services.ai.azure.com")
        endpoint = "https://x.services.ai.azure.com/api/projects/p"
        said = screen(("azure",), azure_ai_project_endpoint=endpoint, azure_ai_model_deployment_name="gpt-9")
        assert f"model gpt-9 ends on {tomorrow}: deploy another and name it in AZURE_AI_MODEL_DEPLOYMENT_NAME." in said

    def test_says_when_a_voice_model_ends(self, screen, monkeypatch):
        tomorrow = datetime.now(UTC).date() + timedelta(days=1)
        self.ends(monkeypatch, {"tts-1": tomorrow})
        assert f"OpenAI's model tts-1 ends on {tomorrow}" in screen(openai_api_key="sk-secret")
        assert "ends on" not in screen(openai_api_key="sk-secret", tts_base_url="http://127.0.0.1:1/v1")

    def test_says_when_the_model_of_the_talks_ends(self, screen, monkeypatch):
        yesterday = datetime.now(UTC).date() - timedelta(days=1)
        self.ends(monkeypatch, {"gpt-9": yesterday})
        said = screen(("openai",), openai_api_key="sk-secret", openai_model="gpt-9")
        assert f"OpenAI's model gpt-9 ended on {yesterday}: set OPENAI_MODEL to another." in said

    def test_shows_no_secret(self, screen):
        said = screen(("openai",), openai_api_key="sk-secret", tts_api_key="secret")
        assert "Database training on db.example, from DATABASE_URL" in said
        assert "AI gpt-6-luna at OpenAI (OPENAI_API_KEY is set)" in said
        assert "Voice tts-1 at OpenAI (a key is set), else the local voice" in said
        assert "secret" not in said

    def test_shows_no_secret_of_an_address(self, screen):
        said = screen(("openai",), openai_base_url="http://planted@gpu:8000/v1", tts_api_key="planted")
        assert "at http://********@gpu:8000/v1" in said
        assert "planted" not in said

    def test_names_a_voice_of_ones_own(self, screen):
        said = screen(tts_base_url="http://gpu:8880/v1", openai_tts_model="kokoro")
        assert "Voice kokoro at http://gpu:8880/v1 (TTS_BASE_URL is set), else the local voice" in said

    def test_names_a_server_of_ones_own(self, screen):
        said = screen(("openai", "local"), openai_base_url="http://gpu:8000/v1", ai_providers=["openai", "local"])
        assert "gpt-6-luna at http://gpu:8000/v1 (from OPENAI_BASE_URL), else rehearsal" in said

    def test_names_model_servers_that_nobody_chose(self, capsys):
        servers = [
            ModelServer("ollama", "Ollama", "http://127.0.0.1:11434/v1", ["qwen3:8b", "gemma3"]),
            ModelServer("llama.cpp", "llama.cpp", "http://127.0.0.1:8080/v1", ["tiny.gguf"]),
        ]
        database = Database("postgresql://db.example/x")
        screen_of(settings_for(), Start("http://x", database, Accounts.MADE, ("local",), model_servers=servers))
        said = " ".join(capsys.readouterr().out.split())
        assert "Ollama runs here with qwen3:8b, gemma3; to have it play: rplay models use qwen3:8b" in said
        assert "llama.cpp runs here with tiny.gguf; to have it play: rplay models use llama.cpp" in said

    @pytest.mark.parametrize(
        ("given", "providers", "looked"),
        [
            ({"node_env": "development"}, ["local"], True),
            ({"node_env": "development"}, ["openai", "local"], False),
            ({"node_env": "development", "ai_providers": ["local"]}, ["local"], False),
            ({"node_env": "production"}, [], False),
            ({"node_env": "test"}, ["local"], False),
        ],
    )
    def test_looks_for_model_servers_for_a_developer_with_nothing_else(self, monkeypatch, given, providers, looked):
        monkeypatch.setattr("rplay.server.model_servers.running", lambda: ["found"])
        assert list(_model_servers(settings_for(**given), providers)) == ["found"] * looked

    def test_warns_of_an_address_without_a_path(self, screen):
        assert "Note OPENAI_BASE_URL names a host without a path" in screen(openai_base_url="http://gpu:8000")

    def test_says_that_nobody_answers(self, screen):
        assert "AI none: chats answer with an error" in screen((), node_env="production")
        assert "Voice none: TTS_PROVIDER is openai and there is no key" in screen(tts_provider="openai")

    def test_names_the_project_in_azure(self, screen):
        said = screen(("azure", "openai"), azure_ai_project_endpoint="https://x.example", openai_api_key="k")
        assert "AI gpt-5.1 in Azure (AZURE_AI_PROJECT_ENDPOINT is set), else gpt-6-luna at OpenAI" in said

    def test_says_what_the_legacy_setting_opens_or_costs(self, screen):
        assert "LEGACY_FRONTEND is on" in screen()
        assert "LEGACY_FRONTEND is off: the existing frontend's calls without a token get 401" in screen(
            node_env="production"
        )
        assert "LEGACY_FRONTEND" not in screen(legacy_frontend=False)

    def test_warns_of_published_passwords_in_production(self, screen):
        assert "published passwords" in screen(accounts=Accounts.KNOWN, node_env="production")
        assert "published passwords" not in screen(accounts=Accounts.KNOWN)

    def test_ends_with_what_is_dangerous(self, capsys):
        start = Start("http://127.0.0.1:3001", Database("postgresql://db.example/x"), Accounts.MADE, (), 1, ["Beware."])
        screen_of(settings_for(), start)
        assert capsys.readouterr().out.rstrip().splitlines()[-1].split() == ["DANGER", "Beware."]

    def test_says_what_several_workers_need(self, screen):
        alone, shared = screen(workers=2), screen(workers=2, redis_url="redis://cache.example/0")
        for said in (alone, shared):
            assert "With several workers the voice comes by websocket only: polling needs servers of one worker" in said
        assert "REDIS_URL is not set: rate limits" in alone
        assert "REDIS_URL" not in shared
        assert "several workers" not in screen()
