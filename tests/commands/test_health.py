"""`rplay health`."""

import json
import os
import subprocess
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import psycopg
import pytest

from rplay.commands import checks
from rplay.data import DataFiles
from rplay.mail import smtp
from rplay.stt.local import installed as hears
from rplay.tts.local import installed
from tests.commands.conftest import NOWHERE, PATIENCE, RPLAY
from tests.conftest import free_port
from tests.fakes.mail_server import running as mail_running
from tests.fakes.openai_server import FakeOpenAI
from tests.live import live_server
from tests.redis_server import RedisServer, needs_redis
from tests.tts.fake_voice import FakeVoice


def checked(done):
    return {row["check"]: row for row in json.loads(done.stdout)}


class TestOfThisConfiguration:
    def test_is_well(self, run, url):
        DataFiles(Path("instance/data")).lay_out()
        done = run("health", "--json")
        assert done.exit_code == 0
        states = {name: row["state"] for name, row in checked(done).items()}
        assert states == {
            "settings": "ok",
            "database": "ok",
            "migrations": "ok",
            "data files": "ok",
            "disk": "ok",
            "Redis": "off",
            "mail server": "off",
            "AI: local": "ok",
            "voice": "ok" if installed() else "off",
            "listening": "ok" if hears() else "off",
        }

    def test_names_a_dead_database(self, run, settings):
        settings(DATABASE_URL=NOWHERE)
        done = run("health")
        assert done.exit_code == 3
        assert "failed\tdatabase\tThe database cannot be reached" in done.stdout
        assert done.stderr == "Failed: database\n"
        assert "secret" not in done.output

    def test_names_migrations_that_have_to_run(self, run, settings, new_database):
        settings(DATABASE_URL=new_database("empty"))
        assert "have to run: rplay db upgrade" in checked(run("health", "--json"))["migrations"]["text"]

    def test_makes_no_database_and_no_files(self, run, tmp_path):
        done = checked(run("health", "--json"))
        assert (done["database"]["state"], done["data files"]["state"]) == ("off", "warning")
        assert list(tmp_path.iterdir()) == []

    def test_names_a_data_file_that_cannot_be_read(self, run, url):
        DataFiles(Path("instance/data")).lay_out()
        Path("instance/data/rubrics.json").write_text("{")
        done = run("health", "--json")
        assert done.exit_code == 3
        assert "instance/data/rubrics.json is not JSON" in checked(done)["data files"]["text"]

    @pytest.mark.parametrize(("free", "state"), [(99, "failed"), (101, "warning"), (1001, "ok")])
    def test_looks_at_the_disk(self, run, url, monkeypatch, free, state):
        usage = type("Usage", (), {"free": free * 1_000_000})
        monkeypatch.setattr(checks.shutil, "disk_usage", lambda _path: usage)
        assert checked(run("health", "--json"))["disk"]["state"] == state

    def test_names_a_folder_that_is_not_writable(self, run, url, monkeypatch):
        monkeypatch.setattr(checks.os, "access", lambda _path, _mode: False)
        assert "is not writable for this account" in checked(run("health", "--json"))["disk"]["text"]

    def test_names_bad_settings(self, run, settings):
        settings(PORT="many")
        done = run("health", "--json")
        assert done.exit_code == 3
        assert checked(done)["settings"]["text"].startswith("The setting PORT has a bad value")

    def test_needs_an_ai_in_production(self, run, url, settings):
        settings(NODE_ENV="production")
        assert checked(run("health", "--json"))["AI"]["state"] == "failed"


class TestOfTheMailServer:
    def test_speaks_with_it(self, run, url, settings):
        with mail_running() as sink:
            settings(EMAIL_HOST="127.0.0.1", EMAIL_PORT=str(sink.port))
            check = checked(run("health", "--json"))["mail server"]
        assert check["state"] == "ok"
        assert sink.mails == []

    def test_says_that_it_is_away(self, run, url, settings):
        settings(EMAIL_HOST="127.0.0.1", EMAIL_PORT="9")
        check = checked(run("health", "--json"))["mail server"]
        assert (check["state"], check["text"]) == ("failed", "127.0.0.1:9 cannot be used: Connection refused")

    def test_says_that_it_does_not_let_us_in(self, run, url, settings):
        with mail_running() as sink:
            settings(EMAIL_HOST="127.0.0.1", EMAIL_PORT=str(sink.port), EMAIL_USER="me", EMAIL_PASSWORD="planted")
            done = run("health", "--json")
        assert checked(done)["mail server"]["state"] == "failed"
        assert "planted" not in done.output

    def test_does_not_wait_long_for_it(self):
        assert smtp.TIMEOUT <= 10


class TestOfRedis:
    @needs_redis
    def test_speaks_with_it(self, run, url, settings, monkeypatch):
        redis = RedisServer()
        monkeypatch.setenv("REDIS_URL", redis.url)
        try:
            assert checked(run("health", "--json"))["Redis"]["state"] == "ok"
            monkeypatch.setenv("REDIS_URL", redis.url.replace("redis-secret", "planted"))
            wrong = run("health", "--json")
        finally:
            redis.stop()
        assert checked(wrong)["Redis"]["state"] == "failed"
        assert "planted" not in wrong.output

    def test_says_that_it_is_away(self, run, url, settings):
        settings(REDIS_URL="redis://:planted@127.0.0.1:9/0")
        done = run("health", "--json")
        assert (done.exit_code, "planted" in done.output) == (3, False)
        assert checked(done)["Redis"]["text"] == "does not answer (ConnectionError)"


class TestOfTheAI:
    def test_asks_only_when_told(self, run, url, settings):
        with FakeOpenAI() as fake:
            settings(OPENAI_BASE_URL=fake.url, OPENAI_API_KEY="sk-planted")
            quiet = checked(run("health", "--json"))["AI: openai"]
            assert (quiet["state"], fake.calls) == ("off", [])
            asked = checked(run("health", "--json", "--ai"))["AI: openai"]
        assert asked["state"] == "ok"
        assert "answered in " in asked["text"]
        assert len(fake.calls) == 1

    def test_says_that_it_refuses_us(self, run, url, settings):
        with FakeOpenAI() as fake:
            fake.mode("401")
            settings(OPENAI_BASE_URL=fake.url, OPENAI_API_KEY="sk-planted")
            done = run("health", "--json", "--ai")
        assert done.exit_code == 3
        assert checked(done)["AI: openai"]["state"] == "failed"
        assert "sk-planted" not in done.output

    def test_says_what_there_is_instead_of_a_model_that_is_not(self, run, url, settings):
        with FakeOpenAI() as fake:
            fake.mode(lambda body: "404" if body else "ok")
            settings(OPENAI_BASE_URL=fake.url, OPENAI_MODEL="other")
            found = checked(run("health", "--json", "--ai"))["AI: openai"]
            told = "other: the server answered 404: no such path or model; not among the 1 that are offered: some-model"
            assert found["text"] == told
            settings(OPENAI_BASE_URL=fake.url.removesuffix("/v1"))
            fake.mode("404")
            assert (
                "whether the address lacks its path" in checked(run("health", "--json", "--ai"))["AI: openai"]["text"]
            )


class TestOfTheVoice:
    @pytest.fixture
    def server(self):
        server = FakeVoice()
        yield server
        server.shutdown()
        server.server_close()

    def test_is_asked_only_when_told(self, run, url, settings, server):
        settings(TTS_BASE_URL=server.url, TTS_API_KEY="sk-planted")
        quiet = checked(run("health", "--json"))["voice"]
        assert (quiet["state"], server.calls) == ("off", [])
        assert quiet["text"].endswith("was not asked; --voice asks")
        asked = checked(run("health", "--json", "--voice"))["voice"]
        assert len(server.calls) == 1
        assert (asked["state"], "spoke in" in asked["text"]) == ("ok", True)

    @pytest.mark.parametrize(("provider", "state"), [("openai", "failed"), ("auto", "warning")])
    def test_that_fails_is_named(self, run, url, settings, provider, state):
        if provider == "auto" and not installed():
            pytest.skip("the local voice, which would speak in its stead, is not installed")
        settings(TTS_BASE_URL="http://127.0.0.1:9/v1", TTS_PROVIDER=provider)
        found = checked(run("health", "--json", "--voice"))["voice"]
        assert found["state"] == state
        assert found["text"].startswith("tts-1 at http://127.0.0.1:9/v1")


class TestOfARunningServer:
    def test_says_what_the_server_says(self, run, new_database, tmp_path):
        url = new_database()
        with live_server(url, tmp_path) as server:
            well = run("health", "--url", server.base, "--json")
            with psycopg.connect(url, autocommit=True) as connection:
                connection.execute("DELETE FROM schema_migrations WHERE number = 1")
            while (sick := run("health", "--url", f"{server.base}/")).exit_code == 0:
                pass  # the server looks once a second
        assert well.exit_code == 0, well.stdout
        assert {name: row["state"] for name, row in checked(well).items()} == {
            "server": "ok",
            "database": "ok",
            "data": "ok",
            "migrations": "ok",
            "AI: local": "ok",
            "voice": "ok" if installed() else "off",
        }
        assert checked(well)["AI: local"]["text"] == "in use; has not failed lately"
        assert sick.exit_code == 3
        assert "failed\tserver\tnot ready (503)" in sick.stdout
        assert sick.stderr == "Failed: server, migrations\n"

    def test_says_that_nobody_answers(self, run):
        done = run("health", "--url", "http://127.0.0.1:9", "--json")
        assert done.exit_code == 3
        assert checked(done)["server"]["text"] == "http://127.0.0.1:9 does not answer: Connection refused"

    def test_says_that_another_server_answers(self, run):
        class Other(BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response(200)
                self.end_headers()
                self.wfile.write(b"<html>")

            def log_message(self, *_):
                pass

        other = HTTPServer(("127.0.0.1", free_port()), Other)
        thread = Thread(target=other.handle_request)
        thread.start()
        done = run("health", "--url", f"http://127.0.0.1:{other.server_port}")
        thread.join()
        other.server_close()
        assert done.exit_code == 3
        assert "answers with 200 and is no rplay server" in done.stdout

    @pytest.mark.parametrize(
        "address", ["127.0.0.1:3001", "http://", "ftp://x", "http://x:port", "http://x:99999", "x"]
    )
    def test_refuses_what_is_no_address(self, run, address):
        done = run("health", "--url", address)
        assert (done.exit_code, "--url must look like http://127.0.0.1:3001" in done.stderr) == (2, True)

    @pytest.mark.parametrize("question", ["--ai", "--voice"])
    def test_is_not_mixed_with_questions(self, run, question):
        assert run("health", "--url", "http://127.0.0.1:9", question).exit_code == 2

    def test_imports_little(self, settings):
        script = (
            "import sys, cli; cli.main(['health', '--url', 'http://127.0.0.1:9', '--json'], standalone_mode=False);"
            "sys.exit(any(name in sys.modules for name in ('flask', 'gevent', 'psycopg', 'pydantic', 'openai')))"
        )
        done = subprocess.run(
            [RPLAY.with_name("python"), "-c", script],
            env={**os.environ, "PYTHONPATH": str(Path(checks.__file__).parents[2])},
            capture_output=True,
            text=True,
            timeout=PATIENCE,
        )
        assert done.returncode == 0, done.stderr
