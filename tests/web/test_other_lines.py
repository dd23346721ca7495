"""What gunicorn and libraries say, and what they quote of a stranger: a real gunicorn."""

import json
import os
import socket
import subprocess
import sys

import pytest

from tests.live import ROOT, live_server

ORIGIN = b"https://evil.example\x9b31m"
HANDSHAKE = (
    b"GET /socket.io/?EIO=4&transport=polling HTTP/1.1\r\nHost: x\r\nConnection: close\r\nOrigin: "
    + ORIGIN
    + b"\r\n\r\n"
)
NO_HTTP = b"GET /\x1b[2J\xc2\x9b31m HTTP/9\r\nHost: x\r\n\r\n"


def chunked(body, path="/api/auth/login"):
    head = f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
    return head.encode() + body


def exchange(server, request):
    """All that comes back on a connection on which only this was sent."""
    port = int(server.base.rpartition(":")[2])
    with socket.create_connection(("127.0.0.1", port), timeout=60) as client:
        client.sendall(request)
        client.shutdown(socket.SHUT_WR)
        said = b""
        while piece := client.recv(65536):
            said += piece
    return said


@pytest.fixture(scope="module", params=["production", "test"])
def server(request, new_database, tmp_path_factory):
    with live_server(new_database(), tmp_path_factory.mktemp("data"), NODE_ENV=request.param) as server:
        server.production = request.param == "production"
        yield server


@pytest.mark.parametrize("body", [b"zz\r\n{}\r\n", b"2\r\n{}--", b"5\r\n{}", b"", b"2;\x01=\r\n{}\r\n0\r\n\r\n"])
def test_a_body_in_chunks_that_cannot_be_read_is_the_callers_fault(server, body):
    head, _, said = exchange(server, chunked(body)).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 400 ")
    assert json.loads(said)["message"] == "Request body could not be read"
    assert "Traceback" not in server.log()


def test_a_poll_in_chunks_that_cannot_be_read_leaves_no_traceback(server):
    exchange(server, chunked(b"zz\r\n", "/socket.io/?EIO=4&transport=polling"))
    assert "Traceback" not in server.log()


def test_an_old_socket_client_is_told_so_in_one_clear_answer(server):
    old = HANDSHAKE.replace(b"EIO=4", b"EIO=3").replace(b"Origin: " + ORIGIN + b"\r\n", b"")
    head, _, said = exchange(server, old).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 400 ")
    assert b"unsupported version" in said.lower()
    assert "Traceback" not in server.log()


def test_what_they_quote_of_a_stranger_is_escaped(server):
    assert exchange(server, HANDSHAKE).startswith(b"HTTP/1.1 400 ")
    assert exchange(server, NO_HTTP).startswith(b"HTTP/1.1 400 ")
    log = server.log()
    assert "is not an accepted origin" in log
    assert "Invalid request from ip=127.0.0.1" in log
    assert "\x1b" not in log
    assert "\x9b" not in log


def test_in_production_every_line_is_json(server):
    exchange(server, HANDSHAKE)
    if server.production:
        lines = [json.loads(line) for line in server.log().splitlines()]
        assert {"engineio.server", "gunicorn.error", None} <= {line.get("logger") for line in lines}
        assert all({"event", "level", "timestamp"} <= line.keys() for line in lines)


@pytest.mark.operations
@pytest.mark.parametrize("place", ["environment", ".env"])
def test_so_are_those_of_a_start_that_fails(tmp_path, place):
    production = "NODE_ENV=production"
    (tmp_path / ".env").write_text(production if place == ".env" else "")
    command = [sys.executable, "-m", "gunicorn", "-c", str(ROOT / "gunicorn.conf.py"), "-b", "127.0.0.1:0"]
    env = {"PATH": os.environ["PATH"], "BCRYPT_COST": "99"} | dict([production.split("=")] * (place == "environment"))
    done = subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, text=True, timeout=60)
    assert done.returncode == 3
    lines = [json.loads(line) for line in done.stderr.splitlines()]
    assert any("The setting BCRYPT_COST has a bad value" in line["event"] for line in lines)


@pytest.mark.operations
@pytest.mark.parametrize(
    "command",
    [
        ["-m", "gunicorn", "-c", str(ROOT / "gunicorn.conf.py")],
        [str(ROOT / "cli.py"), "serve"],
        [str(ROOT / "cli.py"), "config", "check"],
    ],
    ids=["gunicorn", "serve", "config check"],
)
def test_an_env_file_that_cannot_be_read_is_named(tmp_path, command):
    (tmp_path / ".env").write_bytes(b"APP_URL=http://m\xfcller.example\n")
    done = subprocess.run([sys.executable, *command], cwd=tmp_path, capture_output=True, text=True, timeout=60)
    assert done.returncode not in (0, None)
    assert ".env cannot be read: it is not UTF-8 text." in done.stderr + done.stdout
    assert "Traceback" not in done.stderr
