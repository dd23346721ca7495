"""Behind a pooler that gives each statement another connection, as pgbouncer does and Neon's pooled address."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from tests.conftest import free_port
from tests.deploy.cluster import running
from tests.live import live_server
from tests.programs import program
from tests.tts.running import eventually


@pytest.fixture
def pooled(new_database, tmp_path):
    """The address of a database behind pgbouncer."""
    pgbouncer = program("pgbouncer")
    found = conninfo_to_dict(new_database())
    port, owner = free_port(), Path(str(found["host"])).stat()
    settings = tmp_path / "pgbouncer.ini"
    settings.write_text(
        f"[databases]\n* = host={found['host']} port={found['port']} user={found['user']}\n"
        f"[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {port}\nunix_socket_dir =\n"
        "auth_type = any\npool_mode = transaction\ndefault_pool_size = 4\n"
    )
    # It does not run as root, and only PostgreSQL's own account reaches this socket. Its folder is closed to both.
    with settings.open() as open_file:
        command = [pgbouncer, f"/dev/fd/{open_file.fileno()}"]
        with running(command, port, tmp_path / "pgbouncer.log", user=owner.st_uid, pass_fds=[open_file.fileno()]):
            yield f"postgresql://{found['user']}@127.0.0.1:{port}/{found['dbname']}"


@pytest.mark.operations
def test_everything_works_without_prepared_statements(pooled, tmp_path):
    with live_server(pooled, tmp_path, DB_PREPARE="false") as server:
        person = {"name": "Paula", "email": "paula@example.com", "password": "Passw0rdX"}
        token = server.call("POST", "/api/auth/register", person).json()["data"]["token"]
        with ThreadPoolExecutor(16) as pool:
            answers = pool.map(lambda _: server.call("GET", "/api/simulation", token=token), range(150))
            assert Counter(answer.status_code for answer in answers) == {200: 150}


@pytest.mark.operations
def test_data_files_in_the_database_are_polled_as_no_word_of_changes_comes_through(pooled, tmp_path):
    """Each of the two servers hears nothing of the other."""
    (tmp_path / "a").mkdir(), (tmp_path / "b").mkdir()
    settings = {"DB_PREPARE": "false", "DATA_STORE": "database"}
    with live_server(pooled, tmp_path / "a", **settings) as a, live_server(pooled, tmp_path / "b", **settings) as b:
        person = {"name": "Ada", "email": "ada@example.com", "password": "Passw0rdX"}
        token = a.call("POST", "/api/auth/register", person).json()["data"]["token"]
        with psycopg.connect(pooled, autocommit=True, prepare_threshold=None) as connection:
            connection.execute("UPDATE users SET role = 'super_admin'")
        for server in (a, b):
            eventually(lambda log=server.log: "data_files_are_polled" in log())
        assert a.call("POST", "/api/competencies", {"name": "Calm", "category": "General"}, token).status_code == 201
        eventually(lambda: "Calm" in b.call("GET", "/api/competencies").text)
