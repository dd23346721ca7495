"""rplay and the backend that it replaces, side by side on one database, and the way back.

The old backend is here what its tables are: the statements with which it writes and reads them.
"""

import re

import bcrypt
import psycopg
import pytest
from psycopg.rows import dict_row
from psycopg.types.json import Jsonb

from rplay import create_app, db
from rplay.db import migrate
from tests.conftest import settings_for
from tests.db.test_starting_states import run
from tests.live import ROOT

PASSWORD = "Passw0rdX"
# The only two rules of the old tables that rplay takes back: what it writes there has no value for them.
LOOSENED = {("parameters", "value_type"), ("engagement_events", "session_id")}
TALK = {
    "industry": "insurance",
    "subcategory": "life-health",
    "difficulty": "Beginner",
    "clientProfile": {"name": "John"},
}
HISTORY = [{"role": "user", "content": "It's “fine”, 😀"}]


class Old:
    """The old backend: plain tokens, addresses as they were typed."""

    def __init__(self, url):
        self.connection = psycopg.connect(url, autocommit=True, row_factory=dict_row)

    def one(self, statement, *values):
        return self.connection.execute(statement.encode(), values).fetchone()

    def all(self, statement, *values):
        return self.connection.execute(statement.encode(), values).fetchall()

    def run(self, statement, *values):
        self.connection.execute(statement.encode(), values)

    def register(self, name, email):
        hashed = bcrypt.hashpw(PASSWORD.encode(), bcrypt.gensalt(4, b"2a")).decode()
        return self.one(
            "INSERT INTO users (name, email, password, role) VALUES (%s, %s, %s, 'learner') RETURNING *",
            name,
            email,
            hashed,
        )

    def log_in(self, email, password):
        """A token, when the password fits."""
        user = self.one("SELECT * FROM users WHERE email = %s", email)
        if user is None or not bcrypt.checkpw(password.encode(), user["password"].encode()):
            return None
        token = f"{user['id']}-plain".ljust(64, "0")
        self.run(
            "INSERT INTO sessions (token, user_id, user_email, user_name, user_role, expires_at)"
            " VALUES (%s, %s, %s, %s, %s, now() + interval '30 days')",
            token,
            str(user["id"]),
            user["email"],
            user["name"],
            user["role"],
        )
        return token

    def user_of(self, token):
        return self.one("SELECT * FROM sessions WHERE token = %s AND expires_at > now()", token)

    def begin(self, user_id, key):
        return self.one(
            "INSERT INTO simulations (simulation_id, user_id, industry, subcategory, difficulty, client_profile)"
            " VALUES (%s, %s, 'insurance', 'life-health', 'beginner', %s) RETURNING *",
            key,
            user_id,
            Jsonb({"name": "Jane"}),
        )

    def save(self, talk_id, history):
        self.run(
            "UPDATE simulations SET conversation_history = %s, total_xp = 10 WHERE id = %s", Jsonb(history), talk_id
        )

    def talks(self, user_id):
        return self.all("SELECT * FROM simulations WHERE user_id = %s ORDER BY started_at DESC", user_id)


@pytest.fixture(scope="module", params=["the old backend's", "with additions by hand"])
def url(request, new_database):
    """An old database after the upgrade."""
    url = new_database("empty")
    run(url, "reference", *(["by_hand"] if "hand" in request.param else []), "rows")
    migrate.upgrade(url)
    return url


@pytest.fixture(scope="module")
def old(url):
    backend = Old(url)
    yield backend
    backend.connection.close()


@pytest.fixture(scope="module")
def new(url, data_dir):
    """Calls of rplay's API on the same database."""
    db.connect(url, size=4)
    client = create_app(settings_for(data_dir=data_dir)).test_client(use_cookies=False)

    def call(method, path, body=None, token=None):
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return client.open(path, method=method, json=body, headers=headers)

    yield call
    db.close()


@pytest.fixture(scope="module")
def newcomer(new):
    """Somebody who registered with rplay, with capitals, and has finished a talk there: user, token, talk."""
    person = {"name": "Nora", "email": "Nora@New.example", "password": PASSWORD, "jobRole": "Advisor"}
    data = new("POST", "/api/auth/register", person).get_json()["data"]
    token = data["token"]
    talk = new("POST", "/api/simulation", TALK, token).get_json()["data"]
    path = f"/api/simulation/{talk['id']}"
    assert (
        new(
            "PATCH", path, {"conversation_history": HISTORY, "objectives_completed": ["rapport"], "total_xp": 40}, token
        ).status_code
        == 200
    )
    review = {"overallScore": 7.5, "summary": "Good"}
    assert (
        new(
            "POST", f"{path}/complete", {"performance_review": review, "duration_seconds": 60, "total_xp": 40}, token
        ).status_code
        == 200
    )
    assert new("POST", "/api/feedback", {"simulationId": talk["simulation_id"], "rating": 90}, token).status_code == 201
    assert new("POST", "/api/engagement", {"eventType": "page_view"}, token).status_code == 201
    return data["user"], token, talk


class TestSideBySide:
    def test_what_the_old_one_writes_rplay_reads_and_goes_on_with(self, old, new):
        user = old.register("Olga", "Olga@Old.example")
        talk = old.begin(user["id"], "SIM-OLD-1")
        old.save(talk["id"], HISTORY)
        session = old.log_in("Olga@Old.example", PASSWORD)
        assert new("GET", "/api/auth/me", token=session).get_json()["user"]["name"] == "Olga"
        token = new("POST", "/api/auth/login", {"email": "olga@old.example", "password": PASSWORD}).get_json()["data"][
            "token"
        ]
        listed = new("GET", "/api/simulation", token=token).get_json()["simulations"]
        assert [row["simulation_id"] for row in listed] == ["SIM-OLD-1"]
        path = f"/api/simulation/{talk['id']}"
        assert new("GET", path, token=token).get_json()["simulation"]["conversation_history"] == HISTORY
        assert new("PATCH", path, {"conversation_history": HISTORY * 2}, token).status_code == 200
        assert old.talks(user["id"])[0]["conversation_history"] == HISTORY * 2
        old.save(talk["id"], HISTORY * 3)
        assert new("GET", path, token=token).get_json()["simulation"]["conversation_history"] == HISTORY * 3

    def test_what_rplay_writes_the_old_one_reads_and_goes_on_with(self, old, newcomer):
        user, _, talk = newcomer
        session = old.log_in("nora@new.example", PASSWORD)
        assert old.user_of(session)["user_id"] == user["id"]
        (row,) = old.talks(user["id"])
        assert (row["simulation_id"], row["difficulty"], row["client_profile"]) == (
            talk["simulation_id"],
            "beginner",
            {"name": "John"},
        )
        assert (row["conversation_history"], row["objectives_completed"], row["total_xp"]) == (HISTORY, ["rapport"], 40)
        assert row["performance_review"]["overallScore"] == 7.5
        assert row["completed_at"] >= row["started_at"]
        feedback = old.one("SELECT * FROM nps_feedback WHERE simulation_id = %s", talk["simulation_id"])
        assert (feedback["score"], feedback["feedback_type"]) == (9, "promoter")
        old.save(row["id"], [])

    def test_an_end_at_one_is_an_end_at_both(self, old, new):
        old.register("Otto", "otto@old.example")
        session = old.log_in("otto@old.example", PASSWORD)
        assert new("POST", "/api/auth/logout", token=session).status_code == 200
        assert old.user_of(session) is None

    def test_the_old_one_can_delete_what_rplay_has_added_to(self, old, new, newcomer):
        person = {"name": "Gone", "email": "gone@new.example", "password": PASSWORD}
        data = new("POST", "/api/auth/register", person).get_json()["data"]
        talk = new("POST", "/api/simulation", TALK, data["token"]).get_json()["data"]
        for history in (HISTORY, []):  # the second leaves a copy behind
            new("PATCH", f"/api/simulation/{talk['id']}", {"conversation_history": history}, data["token"])
        log = {"type": "message_sent", "sessionId": "s1", "simulationId": talk["simulation_id"]}
        assert new("POST", "/api/engagement/log", log, data["token"]).status_code in {200, 201}
        new("POST", "/api/auth/forgot-password", {"email": "gone@new.example"})
        for statement in (
            "DELETE FROM sessions WHERE user_id = %s::text",
            "DELETE FROM engagement_events WHERE user_id = %s",
            "DELETE FROM simulations WHERE user_id = %s",
            "DELETE FROM users WHERE id = %s",
        ):
            old.run(statement, data["user"]["id"])
        assert new("GET", "/api/auth/me", token=data["token"]).status_code == 401


class TestWhatTheOldOneCannotHonour:
    def test_a_session_of_rplay(self, old, newcomer):
        """People sign in again: only the hash of their token is stored."""
        assert old.user_of(newcomer[1]) is None

    def test_an_address_with_the_capitals_that_were_typed(self, old, newcomer):
        assert old.log_in("Nora@New.example", PASSWORD) is None
        assert old.log_in("nora@new.example", PASSWORD.lower()) is None

    def test_a_hash_is_taken_for_a_token_until_the_sessions_of_rplay_are_deleted(self, old, newcomer):
        (stored,) = old.all("SELECT token FROM sessions WHERE hashed AND user_id = %s", newcomer[0]["id"])
        assert old.user_of(stored["token"]) is not None
        old.run(statement_of_the_page("DELETE FROM sessions"))
        assert old.user_of(stored["token"]) is None


class TestTheWayBack:
    def test_the_old_rules_hold_but_for_two(self, url, new_database):
        """Types, checks, keys, defaults and what may not be empty."""
        before = new_database("empty")
        run(before, "reference")
        assert rules(before) - rules(url) == {(*column, "NOT NULL") for column in LOOSENED}

    def test_no_table_of_rplay_holds_back_a_row_of_the_old_ones(self, url):
        with psycopg.connect(url) as connection:
            held = connection.execute(
                """
                SELECT conrelid::regclass::text, confdeltype::text FROM pg_constraint
                 WHERE contype = 'f' AND conrelid::regclass::text = ANY (%s)
                """,
                [["password_resets", "engagement_log", "ai_usage", "replaced_histories"]],
            ).fetchall()
        assert len(held) == 4
        assert {rule for _, rule in held} <= {"c", "n"}

    def test_every_row_fits_into_tables_that_rplay_never_touched(self, url, old, newcomer, new_database):
        """As after a restore of the rows into the old backend's own schema."""
        bare = new_database("empty")
        run(bare, "reference")
        with psycopg.connect(bare, autocommit=True) as there:
            there.execute("SET session_replication_role = replica")  # the order of tables does not matter here
            found = columns(bare)
            for table in sorted({table for table, *_ in found}):
                kinds = {name: kind for one, name, kind in found if one == table}
                places = ", ".join(["%s"] * len(kinds))
                for row in old.all(f"SELECT {', '.join(kinds)} FROM {table}"):
                    if any(row[name] is None for name in kinds if (table, name) in LOOSENED):
                        continue
                    values = [
                        Jsonb(row[name]) if kind == "jsonb" and row[name] is not None else row[name]
                        for name, kind in kinds.items()
                    ]
                    there.execute(f"INSERT INTO {table} ({', '.join(kinds)}) VALUES ({places})".encode(), values)
            users = there.execute("SELECT count(*) FROM users").fetchone()
        assert users == (old.one("SELECT count(*) AS n FROM users")["n"],)


def columns(url):
    """Table, column and type."""
    with psycopg.connect(url) as connection:
        return connection.execute(
            "SELECT table_name, column_name, data_type FROM information_schema.columns"
            " WHERE table_schema = 'public' ORDER BY ordinal_position"
        ).fetchall()


def rules(url):
    """What the tables ask of a row: types, what may not be empty, defaults, and constraints."""
    with psycopg.connect(url) as connection:
        found = connection.execute(
            """
            SELECT table_name, column_name, data_type FROM information_schema.columns WHERE table_schema = 'public'
             UNION ALL
            SELECT table_name, column_name, 'NOT NULL' FROM information_schema.columns
             WHERE table_schema = 'public' AND is_nullable = 'NO'
             UNION ALL
            SELECT table_name, column_name, 'DEFAULT ' || column_default FROM information_schema.columns
             WHERE table_schema = 'public' AND column_default IS NOT NULL
             UNION ALL
            SELECT conrelid::regclass::text, '', pg_get_constraintdef(oid) FROM pg_constraint
             WHERE connamespace = 'public'::regnamespace AND contype <> 'n'
            """
        )
        return set(found.fetchall())


def statement_of_the_page(begin):
    """The statement in docs/cut-over.md that begins so."""
    page = (ROOT / "docs/cut-over.md").read_text(encoding="utf-8")
    return re.search(rf"{begin}[^;]*;", page)[0]
