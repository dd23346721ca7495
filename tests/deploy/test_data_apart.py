"""Two servers that share no folder, behind the repository's nginx configuration: the data files are in PostgreSQL."""

import sys
import time

import psycopg
import pytest

from tests.deploy.cluster import cluster
from tests.deploy.traffic import newcomer
from tests.tts.running import eventually

NEW = "Says what the advice costs before anybody asks"
ENTRY = {"competency_id": "communication", "score_range": "9-10", "criteria": [NEW], "difficulty": "beginner"}


@pytest.fixture(scope="module")
def servers(new_database, tmp_path_factory):
    with cluster(new_database(), tmp_path_factory.mktemp("cluster"), apart=True, DATA_STORE="database") as found:
        yield found


@pytest.fixture(scope="module")
def admin(servers):
    person = newcomer(servers.url, "operator")
    with psycopg.connect(servers.database) as connection:
        connection.execute("UPDATE users SET role = 'super_admin' WHERE email = %s", [person.email])
    return person


def criteria(server, person):
    """What the talk of this person is measured by, as this server has it."""
    rubrics = server.live.call("GET", f"/api/simulation/{person.talk}", token=person.token).json()["simulation"][
        "rubrics"
    ]
    return {row["id"]: row["criteria"] for row in rubrics}["communication-beginner-5"]


def test_a_rubric_changed_on_one_is_seen_on_the_other(servers, admin, capsys):
    assert NEW not in criteria(servers.b, admin)
    changed = servers.a.live.call("POST", "/api/rubric-entry", ENTRY, admin.token)
    assert changed.status_code == 200, changed.text
    began = time.monotonic()
    eventually(lambda: criteria(servers.b, admin) == NEW)
    with capsys.disabled():
        sys.stdout.write(f" seen on the other server {(time.monotonic() - began) * 1000:.0f} ms after the answer ")


def test_one_changed_through_the_proxy_is_seen_on_both(servers, admin):
    answer = admin.call("POST", "/api/rubric-entry", {**ENTRY, "criteria": ["Listens"]})
    assert answer.status_code == 200, answer.text
    for server in (servers.a, servers.b):
        eventually(lambda server=server: criteria(server, admin) == "Listens")


@pytest.mark.operations
def test_it_outlasts_a_restart_of_both(servers, admin):
    answer = admin.call("POST", "/api/rubric-entry", {**ENTRY, "criteria": ["Stays"]})
    assert answer.status_code == 200, answer.text
    for server in (servers.a, servers.b):
        server.stop()
        server.start()
    assert criteria(servers.a, admin) == criteria(servers.b, admin) == "Stays"
