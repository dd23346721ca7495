"""The databases that rplay may find: empty, the old backend's, the same with later additions made by hand, its own."""

from pathlib import Path

import psycopg
import pytest
from psycopg.rows import dict_row

from rplay import create_app, db, security
from rplay.db import migrate
from rplay.web.views import declared
from tests.conftest import settings_for
from tests.described import Described

STATES = Path(__file__).parent / "states"
LEARNER, ADMIN = "a" * 64, "b" * 64


def script(name):
    old_hash = security.hash_password("Passw0rdX", 4).replace("$2b$", "$2a$")
    return (STATES / f"{name}.sql").read_text(encoding="utf-8").replace("{{hash}}", old_hash)


def run(url, *names):
    with psycopg.connect(url) as connection:
        for name in names:
            connection.execute(script(name).encode())


def everything(url):
    """Every row of every table, by table."""
    with psycopg.connect(url, row_factory=dict_row) as connection:
        names = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        tables = sorted(row["tablename"] for row in names)
        return {
            table: connection.execute(f"SELECT * FROM {table} ORDER BY {table}::text".encode()).fetchall()
            for table in tables
        }


def columns(url):
    """Table, column, type and whether it may be empty, of our tables."""
    with psycopg.connect(url) as connection:
        return set(
            connection.execute(
                "SELECT table_name, column_name, data_type, is_nullable FROM information_schema.columns "
                "WHERE table_schema = 'public'"
            ).fetchall()
        )


@pytest.fixture(scope="module", params=["the old backend's", "with additions by hand"])
def found(request, new_database):
    """An old database after the upgrade, and what it held before."""
    url = new_database("empty")
    run(url, "reference", *(["by_hand"] if "hand" in request.param else []), "rows")
    before = everything(url)
    migrate.upgrade(url)
    return url, before


def test_no_row_and_no_value_is_lost(found):
    url, before = found
    after = everything(url)
    for table, old_rows in before.items():
        new_rows = after[table]
        if table == "difficulty_levels":
            assert all(row in new_rows for row in old_rows)
            continue
        assert len(new_rows) == len(old_rows), table
        for old, new in zip(
            sorted(old_rows, key=lambda row: str(row["id"])),
            sorted(new_rows, key=lambda row: str(row["id"])),
            strict=True,
        ):
            kept = {key: new[key] for key in old if old[key] is not None}
            assert kept == {key: value for key, value in old.items() if value is not None}, table


def test_the_second_upgrade_does_nothing(found):
    url, _ = found
    before = everything(url)
    assert migrate.upgrade(url) == []
    assert everything(url) == before


def test_it_ends_as_a_new_database_would(found, new_database):
    url, before = found
    fresh = new_database()
    theirs = {"competency_rubrics", "narrative_parameter_examples", "guardrail_examples"}
    assert {column for column in columns(url) if column[0] not in theirs} == columns(fresh)
    assert theirs <= set(before)


@pytest.fixture(scope="module")
def client(found, data_dir):
    url, _ = found
    db.connect(url, size=4)
    app = create_app(settings_for(data_dir=data_dir))
    described = Described(app)
    yield app.test_client(use_cookies=False)
    db.close()
    assert not described.wrong


def get(client, path, token):
    return client.get(path, headers={"Authorization": f"Bearer {token}"})


def test_old_sessions_and_passwords_still_let_people_in(client):
    assert get(client, "/api/auth/me", LEARNER).get_json()["user"]["email"] == "Learner@Example.com"
    for dead in ("c" * 64, "d" * 64):
        assert get(client, "/api/auth/me", dead).status_code == 401
    for email, password, status in (
        ("learner@example.com", "Passw0rdX", 200),
        ("learner@example.com", "wrong", 401),
        ("seed@old.example", "Passw0rdX", 401),
    ):
        assert client.post("/api/auth/login", json={"email": email, "password": password}).status_code == status


def test_old_talks_are_there_with_all_they_hold(client):
    body = get(client, "/api/simulation", LEARNER).get_json()
    assert {row["simulation_id"] for row in body["simulations"]} == {"SIM-1001", "SIM-1002"}
    assert body["stats"] == {"total": 2, "completed": 1, "avgScore": 8}
    shown = get(client, "/api/simulation/by-sim-id/SIM-1001", LEARNER).get_json()["simulation"]
    assert shown["conversation_history"] == [{"role": "user", "content": "Hi"}]
    assert shown["feedback"][0]["comments"] == "it's fine"
    assert get(client, "/api/simulation/by-sim-id/SIM-1002", LEARNER).get_json()["simulation"]["total_xp"] == 0


def test_what_old_talks_were_given_is_their_first_review(client):
    talk = db.value("SELECT id FROM simulations WHERE simulation_id = 'SIM-1001'")
    data = get(client, f"/api/simulation/{talk}/reviews", LEARNER).get_json()["data"]
    [kept] = data["reviews"]
    assert (kept["version"], kept["source"], kept["id"]) == (1, "client", data["current"])
    assert kept["review"] == db.value("SELECT performance_review FROM simulations WHERE id = %(id)s", id=talk)
    assert kept["scores"] == {"overall": 8}


def row_ids(table):
    return [str(row["id"]) for row in db.rows(f"SELECT id FROM {table} ORDER BY id")]


def readable(client):
    """Every route that reads, with the ids of old rows in its path."""
    ids = {
        "user_id": row_ids("users"),
        "simulation_id": row_ids("simulations"),
        "parameter_id": row_ids("parameters"),
        "competency_id": ["communication"],
        "key": ["beginner"],
        "group_id": [],
        "scenario_id": [],
        "assignment_id": [],
        "name": ["try"],
    }
    for rule in client.application.url_map.iter_rules():
        if "GET" in rule.methods and not declared(client.application.view_functions[rule.endpoint]).page:
            by_key = ["SIM-1001", "SIM-1002", "SIM-1003"] if "by-sim-id" in rule.rule else None
            for one in (
                zip(*((by_key or ids[name]) for name in rule.arguments), strict=True) if rule.arguments else [()]
            ):
                yield rule.build(dict(zip(rule.arguments, one, strict=True)))[1]


def test_odd_rows_break_no_route_that_reads(client):
    paths = [path for path in readable(client) if not path.startswith(("/api/profile-pre", "/api/engagement/score"))]
    assert len(paths) > 35
    for path in paths:
        assert get(client, path, ADMIN).status_code == 200, path


def test_old_rows_are_changed_and_removed_like_new_ones(client):
    headers = {"Authorization": f"Bearer {ADMIN}"}
    changes = [
        ("parameters", "PATCH", "/api/parameters", {"value": 7, "range": "1-9"}),
        ("parameter_categories", "PATCH", "/api/parameter-categories", {"name": "Renamed", "key": "renamed"}),
        ("fusion_model_core_traits", "PUT", "/api/personality/core-trait", {"name": "A", "category": "b"}),
        ("fusion_model_archetypes", "PUT", "/api/personality/archetype", {"name": "A"}),
        ("fusion_model_communication_styles", "PUT", "/api/personality/communication-style", {"name": "A"}),
        ("fusion_model_moods", "PUT", "/api/personality/mood", {"name": "A"}),
        ("fusion_model_quirks", "PUT", "/api/personality/quirk", {"name": "A", "impact": "b"}),
    ]
    for table, method, path, body in changes:
        row = row_ids(table)[0]
        assert client.open(f"{path}/{row}", method=method, json=body, headers=headers).status_code == 200, path
        if table != "parameter_categories":  # parameters are in it
            assert client.delete(f"{path}/{row}", headers=headers).status_code == 200, path
    odd = "/api/simulation/50000000-0000-4000-8000-000000000003"
    refused = client.patch(odd, json={"total_xp": 1}, headers=headers)
    assert (refused.status_code, refused.get_json()["error"]) == (403, "Not authorized to update this simulation")
    assert client.delete(odd, headers=headers).status_code == 200


def test_old_people_go_on_with_their_work(client):
    headers = {"Authorization": f"Bearer {LEARNER}"}
    path = "/api/simulation/50000000-0000-4000-8000-000000000002"
    saved = client.patch(path, json={"total_xp": 5}, headers=headers).get_json()["data"]
    assert (saved["total_xp"], saved["objectives_completed"]) == (5, [])
    done = client.post(f"{path}/complete", json={"performance_review": {"overallScore": 6}}, headers=headers)
    assert done.status_code == 200
    feedback = client.post("/api/feedback", json={"simulationId": "SIM-1002", "rating": 70}, headers=headers)
    assert feedback.status_code == 201
    admin = {"Authorization": f"Bearer {ADMIN}"}
    assert client.delete("/api/users/a0000000-0000-4000-8000-000000000001", headers=admin).status_code == 200
