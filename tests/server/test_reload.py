"""SIGHUP to gunicorn: master and workers read `.env` again."""

import os
import signal
import socket
import subprocess
import sys

import pytest

from tests.conftest import free_port
from tests.live import QUIET, UNASKED_VOICE, Live, wait_until_ready


@pytest.fixture
def start(new_database, tmp_path):
    """Starts gunicorn in a folder with this `.env`; it ends with the test."""
    with (tmp_path / "log").open("wb") as log:
        running = []

        def begun(**env):
            given = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "DATABASE_URL": new_database(), **env}
            config = "python:rplay.server.gunicorn_config"
            command = [sys.executable, "-m", "gunicorn", "-c", config, "wsgi:app"]
            running.append(subprocess.Popen(command, cwd=tmp_path, env=given, stdout=log, stderr=subprocess.STDOUT))
            return running[-1]

        yield begun
        for process in running:
            process.terminate()
            process.wait(60)


def write(folder, port, app_url):
    (folder / ".env").write_text(f"PORT={port}\nAPP_URL={app_url}\n")


def allows(server, origin):
    answer = server.call("GET", "/health", headers={"Origin": origin})
    return answer.headers.get("Access-Control-Allow-Origin") == origin


@pytest.mark.operations
def test_what_env_says_now_holds(start, tmp_path):
    before, after = free_port(), free_port()
    write(tmp_path, before, "https://before.example.com")
    process = start(**QUIET, **UNASKED_VOICE)
    first, second = (Live(f"http://127.0.0.1:{port}", process, tmp_path / "log", "") for port in (before, after))
    wait_until_ready(first)
    assert allows(first, "https://before.example.com")

    write(tmp_path, after, "https://after.example.com")
    process.send_signal(signal.SIGHUP)
    wait_until_ready(second)
    assert allows(second, "https://after.example.com")
    assert not allows(second, "https://before.example.com")
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", before), timeout=60)
