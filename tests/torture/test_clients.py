"""Fifty clients that send a byte a second, never read, or leave. To fifty others beside them nothing may happen."""

import json
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import psycopg
import pytest

from rplay.web import slow_bodies
from tests.torture.learners import TALK
from tests.torture.world import holds

CLIENTS = 50
HEAD = 5  # seconds for the head of a request
UNREAD = 30  # seconds a client may take nothing
SLACK = 5  # seconds, on a machine that does all of this at once


@pytest.fixture
def token(world):
    person = {"name": "Slow", "email": "slow@example.com", "password": "Passw0rdX"}
    return world.server.call("POST", "/api/auth/register", person).json()["data"]["token"]


def request(method, path, token, body=b"", length=None):
    head = f"{method} {path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nAuthorization: Bearer {token}\r\n"
    return f"{head}Content-Length: {len(body) if length is None else length}\r\n\r\n".encode() + body


def strike(world, name, act, slowest=5.0):
    """`act` is what each of the clients does with a connection; what each of them gave."""
    gave = []

    def all_at_once():
        with ThreadPoolExecutor(CLIENTS) as pool:
            gave.extend(pool.map(lambda _: act(world.server.connect()), range(CLIENTS)))

    outcome = world.strike(name, all_at_once, hold=0, after=3)
    others = [one for one in outcome.met if not one.good]
    assert others == []
    holds(outcome, slowest=slowest)
    return gave, outcome


def drip(connection, data):
    """A byte a second until the server hangs up: after how many seconds, and the first line of what it said."""
    began = time.monotonic()
    said = b""
    connection.settimeout(1)
    with connection:
        for byte in data:
            try:
                connection.sendall(bytes([byte]))
                piece = connection.recv(4096)
                said += piece
                if not piece:
                    break
            except TimeoutError:
                continue
            except OSError:
                break
    return time.monotonic() - began, said.partition(b"\r\n")[0]


class TestAByteASecond:
    def test_in_the_head(self, world):
        gave, outcome = strike(
            world,
            "50 clients send a head, a byte a second",
            lambda connection: drip(connection, b"GET /health HTTP/1.1\r\nX: " + b"x" * 60),
        )
        outcome.notes.append(f"hung up on after {max(seconds for seconds, _ in gave):.1f} s")
        assert max(seconds for seconds, _ in gave) <= HEAD + SLACK

    @pytest.mark.parametrize("path", ["/api/simulation", "/api/auth/login", "/api/users/bulk-import"])
    def test_in_the_body(self, world, token, path):
        with psycopg.connect(world.postgres.url) as connection:
            connection.execute("UPDATE users SET role = 'super_admin' WHERE name = 'Slow'")

        def act(connection):
            connection.sendall(request("POST", path, token, length=1000))
            return drip(connection, b"{" * 60)

        gave, outcome = strike(world, f"50 clients send a body to {path}, a byte a second", act)
        outcome.notes.append(f"hung up on after {max(seconds for seconds, _ in gave):.1f} s")
        assert {said for _, said in gave} == {b"HTTP/1.1 408 REQUEST TIMEOUT"}
        assert max(seconds for seconds, _ in gave) <= slow_bodies.GRACE + SLACK


class TestNeverReading:
    def test_a_long_answer(self, world, token):
        """Of 10 MB, so that no buffer of the system takes it."""
        with psycopg.connect(world.postgres.url) as connection:
            (number,) = connection.execute(
                """
                INSERT INTO simulations (simulation_id, user_id, industry, difficulty, client_profile,
                                         conversation_history)
                SELECT 'SIM-LONG', id, 'insurance', 'beginner', '{}',
                       jsonb_build_array(jsonb_build_object('role', 'user', 'content', repeat('long ', 2000000)))
                  FROM users WHERE name = 'Slow' RETURNING id::text
                """
            ).fetchone()
        gave, outcome = strike(
            world,
            "50 clients ask for 10 MB and never read",
            lambda connection: unread(connection, request("GET", f"/api/simulation/{number}", token)),
            slowest=15,
        )
        outcome.notes.append(f"hung up on after {max(gave):.0f} s")
        assert max(gave) <= UNREAD * 2 + SLACK

    def test_a_stream(self, world, fake, token):
        fake.reply = "word " * 20_000
        gave, outcome = strike(
            world,
            "50 clients ask for a long stream and never read",
            lambda connection: unread(
                connection, request("POST", "/api/chat/client-response/stream", token, json.dumps(TALK).encode())
            ),
            slowest=30,
        )
        outcome.notes.append(f"hung up on after {max(gave):.0f} s")


def unread(connection, data):
    """Seconds until the server has hung up on a client that takes nothing."""
    began = time.monotonic()
    with connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.sendall(data)
        while time.monotonic() < began + 120 and not hung_up(connection):
            time.sleep(0.5)
    return time.monotonic() - began


def hung_up(connection):
    """Whether the connection is in any state but an established one: byte 0 of the kernel's tcp_info."""
    return connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 1)[0] != 1


class TestLeaving:
    @pytest.mark.parametrize("path", ["/api/chat/client-response", "/api/chat/client-response/stream"])
    def test_before_the_answer(self, world, fake, token, path):
        fake.mode("slow", pause=0.2)

        def act(connection):
            with connection:
                connection.sendall(request("POST", path, token, json.dumps(TALK).encode()))
                with suppress(TimeoutError):
                    connection.settimeout(0.5)
                    connection.recv(1024)

        strike(world, f"50 clients ask {path} and leave", act, slowest=15)

    def test_in_the_middle_of_the_body(self, world, token):
        def act(connection):
            with connection:
                connection.sendall(request("POST", "/api/simulation", token, b'{"industry": ', length=1000))

        strike(world, "50 clients leave in the middle of their body", act)
