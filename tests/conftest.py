"""One embedded PostgreSQL a test worker; a database cloned from a migrated template for each test module that asks."""

import atexit
import gc
import os
import re
import shutil
import signal
import socket
import ssl
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any

import hypothesis
import psycopg
import pytest
from flask import Flask
from flask.testing import FlaskClient
from gevent import Greenlet
from hypothesis import HealthCheck
from jinja2.bccache import Bucket, BytecodeCache
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from rplay import background, create_app, db, security
from rplay.config import Settings
from rplay.db import migrate, users
from rplay.postgres import embedded
from tests import cluster, described, encodings, practice, processor, rules, warm
from tests.described import Described
from tests.leaks import _watched_clients, pytest_runtest_makereport  # noqa: F401

PASSWORD = "Passw0rdX"
PATIENCE = 60  # seconds; on a busy machine much takes ten times as long as usual
MANY = 20  # test files, some of which start servers


def pytest_configure() -> None:
    """Run in the background of a shell, a process ignores Ctrl-C, and so does every process that a test starts from it."""
    for number, handler in ((signal.SIGINT, signal.default_int_handler), (signal.SIGQUIT, signal.SIG_DFL)):
        if signal.getsignal(number) is signal.SIG_IGN:
            signal.signal(number, handler)
    os.environ.pop("PYTEST_ADDOPTS", None)  # options for this pytest, not for those that tests start
    _trust_one()
    patient = [HealthCheck.too_slow]  # a busy machine says nothing of what is tried
    hypothesis.settings.register_profile("patient", deadline=None, suppress_health_check=patient)
    hypothesis.settings.load_profile("patient")
    gc.disable()
    re._MAXCACHE = 1 << 15  # type: ignore[attr-defined]  # 512 patterns are kept else, and tests of talks use thousands


def _trust_one() -> None:
    """Of the system's authorities, in this process and in what it starts: 25 ms of processor to read all, for each client."""
    known = ssl.create_default_context().get_ca_certs(binary_form=True)
    if known:
        with tempfile.NamedTemporaryFile("w", prefix="rplay-authority-", suffix=".pem", delete=False) as file:
            file.write(ssl.DER_cert_to_PEM_cert(known[0]))
        atexit.register(_remove, file.name, os.getpid())
        os.environ["SSL_CERT_FILE"] = file.name


def _remove(path: str, owner: int) -> None:
    if os.getpid() == owner:
        Path(path).unlink(missing_ok=True)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    practice.share_out(items)


def pytest_collection(session: pytest.Session) -> None:
    """While the whole suite is collected, a second core makes ready what servers and commands are forked from."""
    whole = session.config.args_source is pytest.Config.ArgsSource.TESTPATHS
    if whole and not session.config.getoption("collectonly"):
        warm.start("gunicorn")
        warm.start("rplay")
        cluster.begin()


def pytest_collection_finish(session: pytest.Session) -> None:
    """The tests and all that they import stay: looking through them for garbage again and again takes time."""
    rules.share()
    if len({item.path for item in session.items}) > MANY:
        warm.start("gunicorn")
        warm.start("rplay")
        described.of(rules.compile_all())
        encodings.share(session.config)
        warm.rehearse()
        warm.read_dictionaries()
        cluster.finish()
    gc.enable()
    gc.freeze()
    gc.set_threshold(10_000)


def pytest_unconfigure() -> None:
    warm.stop()
    cluster.remove()


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """A server of this worker's own; its URL."""
    folder = cluster.folder_in_memory()
    cluster.copy_to(folder / "postgres")
    server = embedded.start(folder / "postgres", durable=False)
    with psycopg.connect(server.superuser_url) as connection:
        [pid, *_] = connection.execute("SELECT pg_read_file('postmaster.pid')").fetchone()[0].splitlines()  # type: ignore[index]
    processor.watch(int(pid))
    try:
        yield server.superuser_url
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def migrated(postgres: str) -> str:
    """The name of a database with the current schema, to be copied."""
    if not cluster.has_template(postgres):
        migrate.upgrade(cluster.create(postgres, cluster.TEMPLATE))
    return cluster.TEMPLATE


_databases = count(1)


@pytest.fixture(scope="module")
def new_database(postgres: str, migrated: str) -> Iterator[Callable[..., str]]:
    """Makes an empty database or, by default, one with the current schema; its URL. They go when the module is through."""
    made = []

    def make(kind: str = "migrated") -> str:
        made.append(
            cluster.create(postgres, f"test_{next(_databases)}", migrated if kind == "migrated" else "template0")
        )
        return made[-1]

    yield make
    for url in made:
        drop(url)


def drop(url: str) -> None:
    """Deletes this database, whoever uses it; each takes 13 MB."""
    name = conninfo_to_dict(url)["dbname"]
    with psycopg.connect(make_conninfo(url, dbname="postgres"), autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'.encode())


@pytest.fixture(scope="module")
def database(new_database: Callable[..., str]) -> Iterator[str]:
    """A migrated database, and the pool of this process opened on it."""
    url = new_database()
    db.connect(url, size=4)
    yield url
    db.close()


def settings_for(**given: Any) -> Settings:
    """Settings for a test: nothing of the machine's environment, quick hashes, no typing, no limits."""
    quick = {"bcrypt_cost": 4, "local_typing": (0, 0), "rate_limit_enabled": False, "node_env": "test"}
    return Settings.model_validate({**quick, **given})


@pytest.fixture(scope="session")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("data")


@pytest.fixture(scope="module")
def settings(data_dir: Path) -> Settings:
    """Override in a module to run it with others."""
    return settings_for(data_dir=data_dir)


class _Templates(BytecodeCache):
    """What pages are made from, compiled once for all applications of this process."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if kept := self._kept.get(bucket.key):
            bucket.bytecode_from_string(kept)

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._kept[bucket.key] = bucket.bytecode_to_string()


_templates = _Templates()


@pytest.fixture(scope="module")
def app(database: str, settings: Settings) -> Iterator[Flask]:
    """Whatever it answers in these tests, its description of itself has to hold."""
    app = create_app(settings)
    app.jinja_env.bytecode_cache = _templates
    described = Described(app)
    yield app
    assert not described.wrong


def swap_parts(app: Flask, monkeypatch: pytest.MonkeyPatch, **others: Any) -> None:
    """Other parts of this application, until the test is over."""
    monkeypatch.setitem(app.extensions, "rplay", replace(app.extensions["rplay"], **others))


@pytest.fixture
def background_done(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Waits for what was begun in the background since the test began, and nothing else that this process does."""
    begun: list[Greenlet] = []
    run = background.run

    def noted(*given: Any, **more: Any) -> Greenlet:
        begun.append(run(*given, **more))
        return begun[-1]

    def wait() -> None:
        while begun:
            begun.pop(0).join(PATIENCE)

    monkeypatch.setattr(background, "run", noted)
    return wait


class Person:
    """Somebody who calls the API."""

    def __init__(self, client: FlaskClient, user: dict[str, Any], token: str) -> None:
        self.client, self.user, self.token = client, user, token
        self.id: str = user["id"]
        self.email: str = user["email"]

    def call(self, method: str, path: str, json: Any = None, **options: Any) -> Any:
        headers = {"Authorization": f"Bearer {self.token}", **options.pop("headers", {})}
        return self.client.open(path, method=method, json=json, headers=headers, **options)

    def get(self, path: str, **options: Any) -> Any:
        return self.call("GET", path, **options)

    def post(self, path: str, json: Any = None, **options: Any) -> Any:
        return self.call("POST", path, json, **options)

    def put(self, path: str, json: Any = None, **options: Any) -> Any:
        return self.call("PUT", path, json, **options)

    def patch(self, path: str, json: Any = None, **options: Any) -> Any:
        return self.call("PATCH", path, json, **options)

    def delete(self, path: str, **options: Any) -> Any:
        return self.call("DELETE", path, **options)


@pytest.fixture
def anyone(app: Flask) -> FlaskClient:
    """Somebody without a session, and without a cookie jar: a test sends the cookies it means."""
    return app.test_client(use_cookies=False)


_numbers = iter(range(10**9))


@pytest.fixture(scope="module")
def person(app: Flask) -> Callable[..., Person]:
    """Makes a person with a role and signs them in."""
    hashed = security.hash_password(PASSWORD, 4)

    def make(name: str = "Somebody", role: str = "learner", email: str | None = None) -> Person:
        address = email or f"{name.lower().replace(' ', '-')}-{os.getpid()}-{next(_numbers)}@example.com"
        assert users.create(name, address, hashed, role, None) is not None
        client = app.test_client()
        data = client.post("/api/auth/login", json={"email": address, "password": PASSWORD}).get_json()["data"]
        return Person(client, data["user"], data["token"])

    return make


@pytest.fixture(scope="module")
def alice(person: Callable[..., Person]) -> Person:
    """A learner, the owner of what a test is about."""
    return person("Alice")


@pytest.fixture(scope="module")
def bob(person: Callable[..., Person]) -> Person:
    """Another learner: a stranger to what is Alice's."""
    return person("Bob")


@pytest.fixture(scope="module")
def trainer(person: Callable[..., Person]) -> Person:
    return person("Tara", "trainer")


@pytest.fixture(scope="module")
def company_admin(person: Callable[..., Person]) -> Person:
    return person("Cora", "company_admin")


@pytest.fixture(scope="module")
def admin(person: Callable[..., Person]) -> Person:
    """A super admin."""
    return person("Ada", "super_admin")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def error(answer: Any) -> tuple[int, str]:
    """Status and text of an error, after a look at its shape."""
    body = answer.get_json()
    assert body["success"] is False
    assert body["error"] == body["message"]
    return answer.status_code, body["error"]
