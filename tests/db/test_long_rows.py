"""Rows of old databases hold texts of a megabyte: no list fetches them all, and nothing that is sane is left out."""

import json
from uuid import UUID

import pytest

from rplay import db
from rplay.data import DESCRIPTION_CHARACTERS
from rplay.db import LIST_BYTES, fusion, parameters, personal_data
from tests.conftest import settings_for

MEGABYTE = 1_000_000
ROWS = 24  # so many megabytes; a list holds sixteen
FEW = range(14, 19)


@pytest.fixture(scope="module")
def settings(tmp_path_factory):
    return settings_for(data_dir=tmp_path_factory.mktemp("long-files"))


@pytest.fixture(scope="module", autouse=True)
def long_rows(database, app, admin):
    """Long rows below, and a short one that is the newest."""
    long = {"mine": UUID(admin.id), "rows": ROWS, "size": MEGABYTE}
    db.execute(
        """
        INSERT INTO nps_feedback (simulation_id, user_id, score, feedback_type, comments, submitted_at)
        SELECT 'SIM-LONG', %(mine)s, 9, 'promoter', repeat(chr(97 + n %% 20), %(size)s), now() - n * interval '1 hour'
          FROM generate_series(1, %(rows)s) n
        """,
        **long,
    )
    db.execute(
        """
        INSERT INTO engagement_events (event_type, user_id, event_data, timestamp)
        SELECT 'login', %(mine)s, jsonb_build_object('x', repeat('y', %(size)s)), now() - n * interval '1 hour'
          FROM generate_series(1, %(rows)s) n
        """,
        **long,
    )
    db.execute(
        """
        INSERT INTO engagement_log (type, session_id, metadata, timestamp)
        SELECT 'note_updated', 'long', jsonb_build_object('x', repeat('y', %(size)s)), now() - n * interval '1 hour'
          FROM generate_series(1, %(rows)s) n
        """,
        rows=ROWS,
        size=MEGABYTE,
    )
    db.execute(
        """
        INSERT INTO simulations (simulation_id, user_id, industry, difficulty, client_profile, performance_review,
                                 started_at)
        SELECT 'SIM-LONG-' || n, %(mine)s, 'insurance', 'beginner', '{}',
               jsonb_build_object('summary', repeat('z', %(size)s)), now() - n * interval '1 hour'
          FROM generate_series(1, %(rows)s) n
        """,
        **long,
    )
    db.execute(
        """
        INSERT INTO users (name, email, password)
        SELECT repeat('n', %(size)s), n || '@long.example', 'x' FROM generate_series(1, %(rows)s) n
        """,
        rows=ROWS,
        size=MEGABYTE,
    )
    db.execute(
        """
        INSERT INTO parameter_categories (name, type, key, description)
        SELECT 'Long ' || n, 'narrative', 'long-' || n, repeat('d', %(size)s) FROM generate_series(1, %(rows)s) n
        """,
        rows=ROWS,
        size=MEGABYTE,
    )
    db.execute(
        """
        INSERT INTO parameters (name, type, value, description, category_id)
        SELECT 'Long ' || n, 'narrative',
               CASE n %% 2 WHEN 0 THEN to_jsonb(repeat('v', %(size)s)) ELSE jsonb_build_object('a', repeat('v', %(size)s))
               END, repeat('d', %(size)s), (SELECT id FROM parameter_categories WHERE key = 'long-1')
          FROM generate_series(1, %(rows)s) n
        """,
        rows=ROWS,
        size=MEGABYTE,
    )
    db.execute(
        """
        INSERT INTO fusion_model_moods (name, description)
        SELECT 'Mood ' || n, repeat('d', %(size)s) FROM generate_series(1, %(rows)s) n
        """,
        rows=ROWS,
        size=MEGABYTE,
    )


@pytest.mark.sampled(3)
@pytest.mark.parametrize(
    ("path", "key"),
    [
        ("/api/feedback", "feedback"),
        ("/api/feedback?simulationId=SIM-LONG", "feedback"),
        ("/api/feedback/nps", "data"),
        ("/api/engagement/history?limit=500", "history"),
        ("/api/engagement/log", "data"),
        ("/api/simulation", "simulations"),
        ("/api/parameter-categories", "data"),
        ("/api/personality/moods", None),
    ],
)
def test_a_list_ends_where_its_rows_come_to_sixteen_megabytes(admin, path, key):
    answer = admin.get(path)
    body = answer.get_json()
    assert len(body[key] if key else body) in FEW
    assert len(answer.data) < LIST_BYTES + 3 * MEGABYTE


def test_so_does_the_log_of_a_session(admin):
    data = admin.get("/api/engagement/log?sessionId=long").get_json()["data"]
    assert data["count"] == len(data["data"]) in FEW


def test_so_do_the_parameters_which_are_shown_twice(admin):
    body = admin.get("/api/parameters").get_json()
    assert body["parameters"] == body["data"]
    assert len(body["data"]) in range(7, 11)


def test_the_rest_of_ones_talks_comes_with_an_offset(admin):
    first = admin.get("/api/simulation").get_json()
    second = admin.get(f"/api/simulation?offset={len(first['simulations'])}").get_json()
    found = [one["simulation_id"] for one in first["simulations"] + second["simulations"]]
    assert found == [f"SIM-LONG-{number}" for number in range(1, ROWS + 1)]
    assert first["total"] == ROWS


def test_people_are_all_listed_with_as_much_of_a_name_as_names_have(admin):
    answer = admin.get("/api/users?search=@long.example")
    users = answer.get_json()["users"]
    assert len(users) == ROWS
    assert {len(user["name"]) for user in users} == {200}


def test_agents_are_told_the_beginning_of_a_long_parameter():
    steering = [one for one in parameters.steering() if one.name.startswith("Long")]
    assert len(steering) == ROWS
    assert all(len(json.dumps(one.value)) + len(one.description) < 5_000 for one in steering)
    assert {str(one.value)[:8] for one in steering} == {"vvvvvvvv", '{"a": "v'}


def test_and_of_a_long_mood():
    fusion.forget()
    (mood,) = fusion.named(["mood 7"])
    assert len(mood["description"]) == 2_000


def test_an_export_reads_a_few_long_rows_at_once_and_leaves_none_out(admin, monkeypatch):
    read: list[int] = []
    rows = db.rows

    def counted(*args, **params):
        found = rows(*args, **params)
        read.append(sum(len(str(row)) for row in found if len(row) > 2))
        return found

    monkeypatch.setattr(db, "rows", counted)
    tables = {table: list(found) for table, found in personal_data.everything(UUID(admin.id))}
    assert len(tables["nps_feedback"]) == len(tables["engagement_events"]) == len(tables["simulations"]) == ROWS
    assert max(read) < personal_data.BATCH + MEGABYTE
    assert len(read) > 2 * ROWS // 4


def test_a_long_description_of_a_competency_is_cut_in_lists(app, anyone):
    with app.extensions["rplay"].data.change("competencies") as competencies:
        competencies[0]["description"] = "d" * MEGABYTE
    found = anyone.get("/api/competencies").get_json()["competencies"]
    assert len(found[0]["description"]) == DESCRIPTION_CHARACTERS


def test_there_are_so_many_competencies_and_no_more(admin, monkeypatch):
    monkeypatch.setattr("rplay.training.subjects.MOST_COMPETENCIES", 1)
    answer = admin.post("/api/competencies", {"name": "One more", "category": "General"})
    assert answer.status_code == 409
