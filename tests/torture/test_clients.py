"""Fifty clients that send a byte a second, never read, or leave. To fifty others beside them nothing may happen."""

import json
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress

import psycopg
import pytest

from rplay.web import slow_bodies
from tests.torture.learners import TALK
from tests.torture.world import holds

CLIENTS = 50
HEAD = 5  # seconds for the head of a request
UNREAD = 30  # seconds a client may take nothing
SLACK = 5  # seconds, on a machine that does all of this at once
GIVEN_UP = 2 * UNREAD + SLACK


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
        assert max(seconds for seconds, _ in gave) <= slow_bodies.GRACE_SECONDS + SLACK


class TestNeverReading:
    def test_a_long_answer(self, world, token):
        """Of 5 MB, so that no buffer of the system takes it."""
        with psycopg.connect(world.postgres.url) as connection:
            (number,) = connection.execute(
                """
                INSERT INTO simulations (simulation_id, user_id, industry, difficulty, client_profile,
                                         conversation_history)
                SELECT 'SIM-LONG', id, 'insurance', 'beginner', '{}',
                       jsonb_build_array(jsonb_build_object('role', 'user', 'content', repeat('long ', 1000000)))
                  FROM users WHERE name = 'Slow' RETURNING id::text
                """
            ).fetchone()
        with ThreadPoolExecutor(CLIENTS) as pool:  # so that the allocator has what it keeps
            list(pool.map(lambda _: world.server.call("GET", f"/api/simulation/{number}", token=token), range(CLIENTS)))
        asked = request("GET", f"/api/simulation/{number}", token)
        assert never_read(world, "50 clients ask for 5 MB and never read", asked) <= GIVEN_UP

    def test_a_stream(self, world, fake, token):
        words = {"life story": 20_000, "long day": 3_000}  # the second is as long as an answer may be, nearly
        fake.reply = lambda body: "word " * next((words[one] for one in words if one in str(body)), 4)
        path = "/api/chat/client-response/stream"

        def says(line):
            return {**TALK, "messages": [{"role": "user", "content": line}]}

        with ThreadPoolExecutor(CLIENTS) as pool:  # so that the allocator has what it keeps
            read = pool.map(lambda _: world.server.call("POST", path, says("A long day"), token=token), range(CLIENTS))
            assert all(one.status_code == 200 for one in read)
        asked = request("POST", path, token, json.dumps(says("Tell me your life story")).encode())
        assert never_read(world, "50 clients ask for a long stream and never read", asked) <= GIVEN_UP


def never_read(world, name, asked):
    """Seconds until the server holds none of their connections any more; the kernel tells only the server of it."""
    took = []

    def wait():
        began = time.monotonic()
        with ExitStack() as stack:
            clients = [stack.enter_context(world.server.connect()) for _ in range(CLIENTS)]
            for client in clients:
                client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
                client.sendall(asked)
            ports = {client.getsockname()[1] for client in clients}
            time.sleep(5)
            while ports & held(world.server) and time.monotonic() < began + 150:
                time.sleep(0.5)
        took.append(time.monotonic() - began)

    outcome = world.strike(name, wait, hold=0, after=3)
    outcome.notes.append(f"the last was given up after {took[0]:.0f} s")
    assert [one for one in outcome.met if not one.good] == []
    holds(outcome, slowest=30)  # for as long as it takes to make fifty such answers
    return took[0]


def held(server):
    """The ports of the clients that the worker is connected to."""
    return {one.raddr.port for one in server.worker.net_connections("tcp") if one.raddr}


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
