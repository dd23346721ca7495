"""What every measurement needs: a database, the server, load, and a table of what was found."""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from uuid import UUID

import bcrypt

from rplay import db, security
from rplay.db import migrate, sessions, users
from rplay.postgres import embedded
from rplay.values import account_of

ROOT = Path(__file__).parent.parent
PASSWORD = "Passw0rdX"


@dataclass(frozen=True)
class Person:
    id: UUID
    email: str
    token: str


@dataclass(frozen=True)
class Server:
    """A running server; `master` is gunicorn's process."""

    port: int
    master: int
    log: Path

    def workers(self) -> list[int]:
        children = Path(f"/proc/{self.master}/task/{self.master}/children").read_text()
        return [int(pid) for pid in children.split()]

    def get(self, path: str, token: str = "") -> Any:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=10)
        connection.request("GET", path, headers={"Authorization": f"Bearer {token}"} if token else {})
        return json.load(connection.getresponse())


@dataclass(frozen=True)
class Met:
    """What a group of clients met."""

    seconds: float
    milliseconds: Sequence[float]
    statuses: dict[str, int]
    bytes: int
    errors: Sequence[str]

    @property
    def rate(self) -> float:
        return len(self.milliseconds) / self.seconds

    def percentile(self, percent: float) -> float:
        return percentile(self.milliseconds, percent)


def percentile(values: Sequence[float], percent: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))]


# ---------------------------------------------------------------- what runs
@contextmanager
def database() -> Iterator[tuple[str, Path]]:
    """An embedded PostgreSQL that keeps what it is told, migrated and open in this process; its URL and a folder."""
    with tempfile.TemporaryDirectory(prefix="rplay-bench-") as name:
        folder = Path(name)
        folder.chmod(0o755)  # as root PostgreSQL runs under another account
        with embedded.start(folder / "postgres", durable=True) as server:
            migrate.upgrade(server.url)
            db.connect(server.url, size=4)
            try:
                yield server.url, folder
            finally:
                db.close()


@contextmanager
def server(url: str, folder: Path, workers: int = 1, /, app: str = "wsgi:app", **settings: str) -> Iterator[Server]:
    """The product behind gunicorn with its default settings and these; the log goes to a file."""
    port, log = free_port(), folder / "server.log"
    command = [sys.executable, "-m", "gunicorn", "--config", str(ROOT / "gunicorn.conf.py")]
    command += ["--bind", f"127.0.0.1:{port}", "--workers", str(workers), "--log-level", "warning", app]
    env = environment(DATABASE_URL=url, INSTANCE_DIR=str(folder), RATE_LIMIT_MAX_REQUESTS="10000000", **settings)
    with log.open("wb") as output, process(command, env=env, cwd=folder, stdout=output, stderr=output) as child:
        found = Server(port, child.pid, log)
        _wait_until_ready(found, child)
        yield found


def environment(**settings: str) -> dict[str, str]:
    """These settings and nothing else that this machine may have set."""
    return {name: os.environ[name] for name in ("PATH", "HOME", "PYTHONPATH") if name in os.environ} | settings


def _wait_until_ready(server: Server, child: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until and child.poll() is None:
        try:
            if server.get("/api/health/ready").get("status") == "ready":
                return
        except (OSError, ValueError):
            pass
        time.sleep(0.05)
    raise SystemExit(f"The server did not become ready:\n{server.log.read_text()[-3000:]}")


@contextmanager
def redis() -> Iterator[str | None]:
    """A Redis; its address, None where it is not installed."""
    if not shutil.which("redis-server"):
        yield None
        return
    port = free_port()
    command = ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", ""]
    with process(command, stdout=subprocess.DEVNULL):
        yield f"redis://127.0.0.1:{port}/0"


@contextmanager
def fake_model(**options: float | str) -> Iterator[int]:
    """The model that always takes the same time; its port."""
    command = [sys.executable, str(ROOT / "bench/fake_model.py")]
    command += [word for name, value in options.items() for word in (f"--{name}", str(value))]
    with process(command, stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        yield int(child.stdout.readline())


@contextmanager
def process(command: Sequence[str], **options: Any) -> Iterator["subprocess.Popen[bytes]"]:
    """A child that has ended after the block, if need be by force."""
    child = subprocess.Popen(command, **options)
    try:
        yield child
    finally:
        child.send_signal(signal.SIGTERM)
        try:
            child.wait(35)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def load(port: int, *groups: dict[str, Any]) -> dict[str, Met]:
    """Lets these groups of clients work at the same time, in a process of their own (load.py)."""
    job = json.dumps({"port": port, "groups": groups})
    command = [sys.executable, str(ROOT / "bench/load.py")]
    done = subprocess.run(command, input=job, capture_output=True, text=True, timeout=300, check=False)
    if done.returncode:
        raise SystemExit(f"The load client failed:\n{done.stderr}")
    return {name: Met(**found) for name, found in json.loads(done.stdout)["groups"].items()}


def probe(meanwhile: str | None = None, seconds: float = 120) -> dict[str, Any]:
    """A client that asks for /health a hundred times a second, as long as another group works."""
    asking = [request("GET", "/health")]
    group = {"name": "health", "connections": 1, "pause": 0.01, "seconds": seconds, "requests": asking}
    return group | ({"while": meanwhile} if meanwhile else {})


def request(method: str, path: str, body: Any = None, token: str = "") -> str:
    """A request as the web frontend's browser would send it."""
    content = "" if body is None else json.dumps(body)
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", "Origin: http://localhost:3000", "Accept: */*"]
    lines += [f"Authorization: Bearer {token}"] if token else []
    lines += ["Content-Type: application/json", f"Content-Length: {len(content.encode())}"] if content else []
    return "\r\n".join(lines) + "\r\n\r\n" + content


def free_port() -> int:
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


# ---------------------------------------------------------------- who asks
def people(count: int, role: str = "learner") -> list[Person]:
    """People with a session each; all have the same password."""
    hashed = security.hash_password(PASSWORD, 10)
    start = os.urandom(4).hex()
    emails = [f"{role}-{start}-{number}@example.com" for number in range(count)]
    users.create_many([users.NewUser("Somebody", email, hashed, role, None) for email in emails])
    return [signed_in(email) for email in emails]


def signed_in(email: str) -> Person:
    """A new session of who has this address."""
    account, token = users.by_email(email, account_of(email)), security.new_token()
    assert account is not None
    assert sessions.create(security.token_hash(token), account, 1)
    return Person(account.id, email, token)


def bare_bcrypt() -> float:
    """Checks of a password that this machine can do now in a second, with a thread a core and nothing around them."""
    password = PASSWORD.encode()
    hashed = bcrypt.hashpw(password, bcrypt.gensalt(10))
    threads = max(2, os.cpu_count() or 2)
    began = time.perf_counter()
    with ThreadPoolExecutor(threads) as pool:
        count = len(list(pool.map(lambda _: bcrypt.checkpw(password, hashed), range(20 * threads))))
    return count / (time.perf_counter() - began)


# ---------------------------------------------------------------- what came out
def report(title: str, *rows: tuple[str, float, str, float | None]) -> None:
    """One line a figure: what, measured, unit, limit. A limit below zero is a least value, None means none."""
    print(f"\n{title}; load average {os.getloadavg()[0]:.1f}")
    for what, measured, unit, limit in rows:
        print(f"  {what:<62} {_number(measured):>9} {unit:<9} {_judged(measured, limit)}", flush=True)


def _judged(measured: float, limit: float | None) -> str:
    if limit is None:
        return ""
    fits = measured >= -limit if limit < 0 else measured <= limit
    return f"{'at least' if limit < 0 else 'at most':>8} {_number(abs(limit)):>6}  {'ok' if fits else 'OVER'}"


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.2f}"
