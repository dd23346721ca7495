"""A mail server that hangs, and data files that cannot be read or written."""

import socket
import subprocess
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import psycopg
import pytest
import requests

from tests.torture.learners import PASSWORD
from tests.torture.world import holds

SMTP = 10  # seconds that a mail server may take to answer


class Deaf:
    """A mail server that accepts connections; says a byte a second, or nothing."""

    def __init__(self, talks):
        self.talks = talks
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=512)
        self.port = self.listener.getsockname()[1]
        self.connections = []
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        with suppress(OSError):
            while True:
                connection, _ = self.listener.accept()
                self.connections.append(connection)
                if self.talks:
                    threading.Thread(target=self._talk, args=[connection], daemon=True).start()

    def _talk(self, connection):
        with suppress(OSError):
            for byte in b"220-" + b"x" * 600:
                connection.send(bytes([byte]))
                time.sleep(1)

    def close(self):
        self.listener.close()
        for connection in self.connections:
            connection.close()


@pytest.mark.parametrize(("talks", "most"), [(False, SMTP), (True, 60)], ids=["silent", "dripping"])
def test_mail_server_that_hangs(build, talks, most):
    deaf = Deaf(talks)
    world = build(ENABLE_EMAIL_NOTIFICATIONS="true", EMAIL_HOST="127.0.0.1", EMAIL_PORT=str(deaf.port))

    def register(number):
        person = {"name": "New", "email": f"new-{time.time_ns()}@example.com", "password": PASSWORD}
        began = time.monotonic()
        status = requests.post(f"{world.server.base}/api/auth/register", json=person, timeout=60).status_code
        return status, time.monotonic() - began

    answers = []

    def hurt():
        with ThreadPoolExecutor(50) as pool:
            answers.extend(pool.map(register, range(50)))

    name = "Mail server says " + ("a byte a second" if talks else "nothing")
    outcome = world.strike(name, hurt, hold=0, after=3)
    until = time.monotonic() + most + 10
    while not world.server.log().count("mail_failed") and time.monotonic() < until:
        time.sleep(0.5)
    with psycopg.connect(world.postgres.url) as connection:
        [(kept,)] = connection.execute(
            "SELECT count(*) FROM mail_outbox m JOIN users u ON u.id = m.user_id WHERE u.email LIKE 'new-%'"
        ).fetchall()
    outcome.notes.append(f"registrations took at most {max(took for _, took in answers):.1f} s; {kept} mails are kept")
    deaf.close()
    outcome.after = world.vitals()
    assert {status for status, _ in answers} == {201}
    assert max(took for _, took in answers) < SMTP
    assert kept == 50
    assert "mail_failed" in world.server.log()


class TestDataFiles:
    FILE = "data/competencies.json"

    def ask(self, world):
        return requests.get(f"{world.server.base}/api/competencies", timeout=10)

    def test_corrupt(self, world, folder):
        path = folder / self.FILE
        whole = path.read_bytes()
        seen = []

        def spoil():
            path.write_bytes(whole[: len(whole) // 2])
            seen.append(self.ask(world))

        outcome = world.strike("Data file cut in half", spoil, lambda: path.write_bytes(whole))
        assert path.read_bytes() == whole
        assert [answer.status_code for answer in seen] == [500]
        assert seen[0].json()["error"] == "Internal server error"
        assert self.ask(world).ok
        assert {one.kind for one in outcome.met if not one.good} <= {"read"}  # a talk is shown with its competencies
        holds(outcome, slowest=5)

    def test_read_only(self, world, folder):
        data = folder / "data"
        subprocess.run(["mount", "--bind", data, data], check=True)
        try:
            admin = self.admin(world)
            body = {"name": "New", "category": "General"}
            seen = []

            def hurt():
                subprocess.run(["mount", "-o", "remount,bind,ro", data], check=True)
                seen.append(world.server.call("POST", "/api/competencies", body, admin))
                seen.append(self.ask(world))

            def heal():
                subprocess.run(["mount", "-o", "remount,bind,rw", data], check=True)
                seen.append(world.server.call("POST", "/api/competencies", body, admin))

            outcome = world.strike("Folder of the data files read-only", hurt, heal)
        finally:
            subprocess.run(["umount", data], check=True)
        assert [answer.status_code for answer in seen] == [500, 200, 201]
        assert all(one.good for one in outcome.met)
        holds(outcome, slowest=5)

    def admin(self, world):
        person = {"name": "Ada", "email": "ada@example.com", "password": PASSWORD}
        token = world.server.call("POST", "/api/auth/register", person).json()["data"]["token"]
        with psycopg.connect(world.postgres.url) as connection:
            connection.execute("UPDATE users SET role = 'super_admin' WHERE name = 'Ada'")
        return token
