"""PostgreSQL goes away, stalls, refuses or is full."""

import subprocess
import threading
import time
from contextlib import ExitStack, suppress

import psycopg
import pytest
import requests

from tests.torture.postgres import FAST, IMMEDIATE
from tests.torture.world import holds

POOL, STATEMENT = 10, 15  # seconds that a request waits for a connection, and a statement for its end
PROBE = 5  # seconds a probe may take


@pytest.fixture
def probes(world):
    """Both probes, asked again and again; what they said, and how long the longest took."""
    over = threading.Event()
    found = []

    def ask():
        while not over.is_set():
            for path in ("/api/health/db", "/api/health/ready"):
                began = time.monotonic()
                status = requests.get(world.server.base + path, timeout=60).status_code
                found.append((path, status, time.monotonic() - began))
            time.sleep(0.5)

    thread = threading.Thread(target=ask, daemon=True)
    thread.start()
    yield found
    over.set()
    thread.join(60)


def seen(probes):
    assert max(seconds for _, _, seconds in probes) <= PROBE
    return {(path, status) for path, status, _ in probes}


DOWN = {("/api/health/db", 500), ("/api/health/ready", 503)}


class TestRestarted:
    def test_fast(self, world):
        outcome = world.strike(
            "PostgreSQL restarted (fast)", lambda: world.postgres.stop(FAST), world.postgres.start, hold=0, listeners=2
        )
        holds(outcome, slowest=POOL + 2)

    def test_immediate(self, world):
        outcome = world.strike(
            "PostgreSQL restarted (immediate)", lambda: world.postgres.stop(IMMEDIATE), world.postgres.start, hold=0
        )
        holds(outcome, slowest=POOL + 2)

    def test_away(self, world, probes):
        outcome = world.strike(
            "PostgreSQL away", lambda: world.postgres.stop(FAST), world.postgres.start, hold=15, after=14
        )
        assert seen(probes) >= DOWN
        holds(outcome, slowest=POOL + 2)


class TestKilled:
    def test_everything_at_once(self, world):
        outcome = world.strike(
            "PostgreSQL killed (SIGKILL) and started", world.postgres.kill, world.postgres.start, hold=2
        )
        holds(outcome, slowest=POOL + 2)

    def test_a_backend(self, world):
        def kill():
            world.postgres.kill_backend()
            time.sleep(0.1)  # it throws out the others
            world.postgres.wait()

        outcome = world.strike("One backend of PostgreSQL killed (SIGKILL)", kill, hold=0)
        holds(outcome, slowest=POOL + 2)


class TestSlow:
    def test_a_lock_held_by_another_session(self, world, probes):
        with psycopg.connect(world.postgres.url) as other:
            outcome = world.strike(
                "Table of talks locked by another session",
                lambda: other.execute("LOCK TABLE simulations"),
                other.rollback,
                hold=STATEMENT + 8,
                after=14,
            )
        assert seen(probes) >= DOWN  # every connection waits for the lock
        holds(outcome, slowest=2 * POOL + STATEMENT + 2)

    def test_frozen(self, world, probes):
        outcome = world.strike(
            "PostgreSQL frozen (SIGSTOP)", world.postgres.freeze, world.postgres.thaw, hold=30, after=14
        )
        assert seen(probes) >= DOWN
        holds(outcome, slowest=2 * POOL + STATEMENT + 4)


class TestRefusing:
    def test_out_of_connections(self, build):
        world = build({"max_connections": "24"})
        with ExitStack() as others:

            def take_all():
                """As many sessions as there are, and those of rplay thrown out, so that it has to ask for new ones."""
                with psycopg.connect(world.postgres.admin, autocommit=True) as admin:
                    admin.execute(
                        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'rplay'"
                    )
                while True:
                    try:
                        others.enter_context(psycopg.connect(world.postgres.url))
                    except psycopg.OperationalError:
                        return

            outcome = world.strike("No connections left at PostgreSQL", take_all, others.close, hold=8)
        holds(outcome, slowest=POOL + 2)

    def test_disk_full(self, build, folder):
        place = folder / "disk"
        place.mkdir()
        mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=160m,mode=755", "tmpfs", place], check=False)
        if mounted.returncode:
            pytest.skip("needs the right to mount a small disk")
        with ExitStack() as stack:
            stack.callback(subprocess.run, ["umount", "--lazy", place], check=True)  # its processes may still be ending
            world = build(place=place)
            stack.callback(world.postgres.kill_if_alive)

            def fill():
                with suppress(OSError), (place / "ballast").open("wb", buffering=0) as ballast:
                    while True:
                        ballast.write(b"x" * 65536)

            def make_room():
                (place / "ballast").unlink()
                if world.postgres.process.poll() is not None:  # it ends itself when it cannot write its log
                    world.postgres.start()
                world.postgres.wait()

            outcome = world.strike("PostgreSQL's disk full", fill, make_room, hold=6)
            outcome.notes.append(f"PostgreSQL {'ended' if world.postgres.starts > 1 else 'went on'}")
        assert any(one.what == "500" for one in outcome.meanwhile), "the disk was not full"
        holds(outcome, slowest=POOL + 2)
