"""Everything about a person can be had, and can be erased: shown with text planted in every column there is."""

import itertools
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from uuid import UUID

import psycopg
import pytest
from psycopg.types.json import Jsonb

from rplay import db, security
from rplay.db import sessions, users
from rplay.db.personal_data import PLACES, erase
from tests.conftest import PASSWORD, error
from tests.judged import reviews_of, talk_of
from tests.races import PATIENCE, race, wait_until_blocked

NOBODY = "00000000-0000-4000-8000-000000000000"
TEXTS = {"text", "character varying", "jsonb", "ARRAY", "json", "bytea", "USER-DEFINED"}

# Every other table, and why nobody is in it.
OTHERS = {
    "ai_usage_days": "sums of ai_usage by day",
    "data_files": "rules of the training, the same files as on disk",
    "companies": "names of companies; the reference's, and used by no route",
    "difficulty_levels": "shipped texts",
    "fusion_model_archetypes": "what admins write about made-up clients",
    "fusion_model_communication_styles": "the same",
    "fusion_model_core_traits": "the same",
    "fusion_model_moods": "the same",
    "fusion_model_quirks": "the same",
    "groups": "names of groups",
    "parameter_categories": "what admins steer the agents with",
    "parameters": "the same",
    "pregenerated_profiles": "made-up clients, made for a setting and not for a person",
    "schema_migrations": "names of files",
    "server_secrets": "keys of the server itself",
    "waiting_lives": "made-up clients again, before anybody talks with them",
}


def columns(table):
    """Its columns that may hold text, by their type."""
    rows = db.rows(
        "SELECT column_name, data_type FROM information_schema.columns"
        " WHERE table_schema = 'public' AND table_name = %(table)s",
        table=table,
    )
    return {row["column_name"]: row["data_type"] for row in rows if row["data_type"] in TEXTS}


def tables():
    rows = db.rows(
        "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE'"
    )
    return {row["table_name"] for row in rows}


def found(text):
    """Every table and column of the database that holds this text anywhere."""
    places = db.rows("SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public'")
    return {
        (place["table_name"], place["column_name"])
        for place in places
        if db.value(
            f'SELECT EXISTS (SELECT 1 FROM {place["table_name"]} WHERE "{place["column_name"]}"::text ILIKE %(like)s)',
            like=f"%{text}%",
        )
    }


class Planted:
    """Somebody with rows in every place, and a text of their own in every column that takes one."""

    def __init__(self, person, word):
        self.person, self.word, self.marks = person, word, {}
        self.key = f"{word} simulations.simulation_id"
        self.email = f"{word}@example.com"
        self.change("users", role="learner", email=self.email)
        self.talk = self.row("simulations", user_id=person.id, completed_at="2026-01-01")["id"]
        self.row("client_lives", simulation_id=self.talk)
        self.row("talk_memories", simulation_id=self.talk)
        self.row("talk_fidelity", simulation_id=self.talk, turns=3, early=0, contradictions=0, blanks=0, repeats=0)
        self.row("simulation_origins", simulation_id=self.talk, parent_id=None, from_line=0)
        self.trained(self.talk)
        self.row("replaced_histories", simulation_id=self.talk, messages=1)
        self.judged(self.talk)
        self.row("nps_feedback", user_id=person.id, score=9, feedback_type="promoter", simulation_id=self.key)
        self.row("engagement_events", user_id=person.id)
        self.row("engagement_log", user_id=person.id)
        self.row("sessions", user_id=person.id, expires_at="2100-01-01")
        self.row("password_resets", user_id=person.id, expires_at="2100-01-01")
        self.row("sign_ins", user_id=person.id)
        self.row("mail_outbox", user_id=person.id, score=7, expires_at="2100-01-01")
        self.row("ai_usage", user_id=person.id, tokens_in=1, tokens_out=1, ms=1)
        self.row("jobs", by_user_id=person.id, done=0, total=1)

    def judged(self, talk):
        """What is kept of a review of the talk, and of whom a trainer sees it."""
        group = db.value("INSERT INTO groups (name) VALUES (%(name)s) RETURNING id", name=f"of {self.person.id[:8]}")
        self.row("group_members", group_id=group, user_id=self.person.id, role="learner")
        about = {"simulation_id": talk, "by_user_id": self.person.id}
        review = self.row("reviews", **about, version=1, source="client", scores=Jsonb({}))["id"]
        self.row("review_disputes", simulation_id=talk, review_id=review, resolution=None)
        self.row("review_overrides", **about, review_id=review, score=5)
        self.row("review_marks", **about, blind=True)
        self.row("review_views", simulation_id=talk, user_id=self.person.id)
        self.row("audit_log", user_id=self.person.id)

    def trained(self, talk):
        """What they made for others to practise with, and what they were given to practise."""
        scenario = self.row("scenarios", by_user_id=self.person.id)["id"]
        self.row("scenario_versions", scenario_id=scenario, version=1, by_user_id=self.person.id)
        given = self.row("assignments", scenario_id=scenario, user_id=self.person.id)["id"]
        self.row("assignment_attempts", assignment_id=given, user_id=self.person.id, simulation_id=talk)
        self.row("assignment_reminders", assignment_id=given, user_id=self.person.id, kind="day")

    def _values(self, table, fixed):
        for column, kind in columns(table).items():
            if column not in fixed:
                mark = f"{self.word} {table}.{column}"
                self.marks[table, column] = mark
                fixed[column] = {"jsonb": Jsonb({"deep": [mark]}), "ARRAY": [mark]}.get(kind, mark)
        return fixed

    def row(self, table, **fixed):
        values = self._values(table, fixed)
        names = ", ".join(f'"{name}"' for name in values)
        places = ", ".join(f"%({name})s" for name in values)
        return db.row(f"INSERT INTO {table} ({names}) VALUES ({places}) RETURNING *", **values)

    def change(self, table, **fixed):
        values = self._values(table, fixed)
        assignments = ", ".join(f'"{name}" = %({name})s' for name in values)
        db.execute(f"UPDATE {table} SET {assignments} WHERE id = %(its_id)s", **values, its_id=self.person.id)


def log(word, session, talk, user_id=None):
    db.execute(
        "INSERT INTO engagement_log (type, session_id, simulation_id, user_id, metadata)"
        " VALUES ('note', %(session)s, %(talk)s, %(user_id)s, %(metadata)s)",
        session=session,
        talk=talk,
        user_id=user_id,
        metadata=Jsonb({"note": word}),
    )


_numbers = itertools.count()


@pytest.fixture
def zoe(person):
    return Planted(person("Zoe"), f"zanzibar{next(_numbers)}x")


@pytest.fixture
def leo(person):
    """Somebody else, of whom as much is known."""
    return Planted(person("Leo"), f"lighthouse{next(_numbers)}x")


def test_every_table_was_considered(database):
    assert tables() == set(PLACES) | set(OTHERS)


def test_no_other_table_points_at_people(database):
    pointing = db.rows("SELECT conrelid::regclass::text AS name FROM pg_constraint WHERE confrelid = 'users'::regclass")
    assert {row["name"] for row in pointing} <= set(PLACES)
    named = db.rows(
        "SELECT table_name FROM information_schema.columns"
        " WHERE table_schema = 'public' AND column_name ~ '(user|email|person)'"
    )
    assert {row["table_name"] for row in named} <= set(PLACES)


class TestExport:
    def test_holds_every_text_there_is_but_secrets(self, zoe):
        answer = zoe.person.get(f"/api/users/{zoe.person.id}/export")
        data = answer.get_json()["data"]
        assert answer.status_code == 200
        assert set(data) == {"exported_at", *PLACES}
        for (table, column), mark in zoe.marks.items():
            assert (mark in str(data[table])) == (column not in PLACES[table].secrets), (table, column)
        assert data["users"][0]["email"] == zoe.email

    def test_shows_no_token_no_hash_and_nobody_elses(self, zoe, leo):
        text = zoe.person.get(f"/api/users/{zoe.person.id}/export").text
        assert zoe.person.token not in text
        for secret in ("password", "token", "token_hash"):
            assert f'"{secret}"' not in text
        assert leo.word not in text
        assert leo.person.id not in text

    def test_holds_what_others_wrote_about_ones_talks(self, zoe, leo):
        log("told by the page", "sitting", zoe.key)
        log("told by its id", "sitting", str(zoe.talk))
        log("of another", "sitting", leo.key)
        text = zoe.person.get(f"/api/users/{zoe.person.id}/export").text
        assert ("told by the page" in text, "told by its id" in text, "of another" in text) == (True, True, False)

    def test_reads_as_many_rows_as_there_are(self, zoe):
        db.execute(
            "INSERT INTO engagement_events (user_id, event_type) SELECT %(id)s, 'event' || n FROM generate_series(1, 1203) n",
            id=zoe.person.id,
        )
        data = zoe.person.get(f"/api/users/{zoe.person.id}/export").get_json()["data"]
        assert len({row["event_type"] for row in data["engagement_events"]}) == 1204

    def test_is_for_oneself_and_admins(self, zoe, alice, trainer, company_admin, admin):
        path = f"/api/users/{zoe.person.id}/export"
        for caller in (alice, trainer):
            assert error(caller.get(path)) == (403, "Unauthorized to view this user")
        for caller in (company_admin, admin):
            assert zoe.email in caller.get(path).text
        assert error(alice.get(f"/api/users/{NOBODY}/export")) == (403, "Unauthorized to view this user")
        assert error(admin.get(f"/api/users/{NOBODY}/export")) == (404, "User not found")
        assert error(alice.get("/api/users/me/export")) == (400, "Invalid user ID format")

    def test_is_a_file_that_nobody_keeps_on_the_way(self, zoe):
        headers = zoe.person.get(f"/api/users/{zoe.person.id}/export").headers
        assert headers["Content-Disposition"] == f'attachment; filename="rplay-{zoe.person.id}.json"'
        assert headers["Cache-Control"] == "no-store"


class TestErasure:
    def erase(self, admin, planted):
        assert admin.delete(f"/api/users/{planted.person.id}").status_code == 200

    def test_what_is_to_be_erased_was_everywhere(self, zoe):
        assert found(zoe.word) >= set(zoe.marks)
        assert {table for table, _ in found(zoe.person.id)} == set(PLACES) - {
            "replaced_histories",
            "client_lives",
            "talk_memories",
            "talk_fidelity",
            "simulation_origins",
            "review_disputes",
        }

    def test_leaves_nothing_of_the_person(self, admin, zoe):
        self.erase(admin, zoe)
        kept = {(table, column) for table, column in zoe.marks if PLACES[table].outlives}
        kept |= {("ai_usage_days", column) for column in ("provider", "model", "agent")}
        assert found(zoe.word) == kept
        for trace in (zoe.person.id, str(zoe.talk), zoe.email, security.token_hash(zoe.person.token)):
            assert found(trace) == set(), trace

    def test_keeps_sums_without_a_person(self, admin, zoe):
        self.erase(admin, zoe)
        rows = db.rows("SELECT user_id, tokens_in FROM ai_usage WHERE agent LIKE %(word)s", word=f"{zoe.word}%")
        assert rows == [{"user_id": None, "tokens_in": 1}]

    def test_takes_what_others_wrote_about_the_talks(self, admin, zoe, leo):
        spoken = "spoken" + zoe.word
        feedback = {"simulation_id": zoe.key, "score": 1, "kind": "detractor", "comments": spoken}
        db.execute(
            "INSERT INTO nps_feedback (simulation_id, user_id, score, feedback_type, comments)"
            " VALUES (%(simulation_id)s, %(user_id)s, %(score)s, %(kind)s, %(comments)s)",
            user_id=leo.person.id,
            **feedback,
        )
        log(spoken, "sitting" + zoe.word, zoe.key)
        log(spoken, "sitting" + zoe.word, str(zoe.talk), leo.person.id)
        log(spoken, "sitting" + zoe.word, None)
        log(spoken, "sitting" + zoe.word, "SIM-never-kept")
        self.erase(admin, zoe)
        assert found(spoken) == set()

    def test_leaves_everybody_else_alone(self, admin, zoe, leo):
        for talk, user_id in ((leo.key, None), (str(leo.talk), None), (None, leo.person.id)):
            log("kept" + leo.word, "sitting" + zoe.word, talk, user_id)
        log("of Zoe", "sitting" + zoe.word, zoe.key)
        before = leo.person.get(f"/api/users/{leo.person.id}/export").get_json()["data"]
        self.erase(admin, zoe)
        after = leo.person.get(f"/api/users/{leo.person.id}/export").get_json()["data"]
        assert {**after, "exported_at": None} == {**before, "exported_at": None}
        assert found(leo.word) >= set(leo.marks)

    def test_a_login_on_the_way_leaves_no_session(self, admin, zoe):
        """It found the account, and writes its session after the account is gone."""
        account = users.by_email(zoe.email, zoe.email)
        self.erase(admin, zoe)
        assert not sessions.create("hash of a late one", account, 30)
        assert found(zoe.email) == set()

    def test_waits_for_what_is_being_written(self, database, admin, zoe):
        """A save that began before the erasure ends before it, and goes with the rest."""
        with psycopg.connect(database) as connection:
            connection.execute(
                "INSERT INTO engagement_events (user_id, event_type, event_data) VALUES (%s, 'page_view', %s)",
                [zoe.person.id, Jsonb({"late": zoe.word})],
            )
            with ThreadPoolExecutor(1) as pool:
                erasing = pool.submit(self.erase, admin, zoe)
                with pytest.raises(TimeoutError):
                    erasing.result(0.5)
                connection.commit()
                erasing.result(30)
        assert ("engagement_events", "event_data") not in found(zoe.word)

    def test_and_a_save_of_the_same_talk_do_not_wait_for_each_other(self, database, admin, zoe):
        """The save has the talk and drops the copy of what it replaces; the erasure takes both."""
        path = f"/api/simulation/{zoe.talk}"
        histories = [{"conversation_history": [{"role": "user", "content": word}]} for word in ("one", "other", "one")]
        for history in histories:
            assert zoe.person.patch(path, history).status_code == 200
        with psycopg.connect(database) as holder, ThreadPoolExecutor(2) as pool:
            holder.execute("SELECT 1 FROM simulations WHERE id = %s FOR UPDATE", [zoe.talk])
            saving = pool.submit(zoe.person.patch, path, {"conversation_history": []})
            wait_until_blocked(database, 1)
            erasing = pool.submit(self.erase, admin, zoe)
            wait_until_blocked(database, 2)
            holder.commit()
            assert saving.result(PATIENCE).status_code == 200
            erasing.result(PATIENCE)
        assert found(str(zoe.talk)) == set()


class TestRequestsThatRaceWithIt:
    """Their caller was there when they came, and is not when they do what they came for."""

    LOCK = "SELECT 1 FROM users WHERE id = %(id)s FOR UPDATE"
    CALLS = (
        ("POST", "/api/simulation", {"industry": "insurance", "difficulty": "beginner"}),
        ("POST", "/api/engagement", {"eventType": "login"}),
        ("POST", "/api/engagement/log", {"type": "x", "sessionId": "s"}),
        ("POST", "/api/simulation/{talk}/complete", {}),
        ("POST", "/api/simulation/{talk}/complete", {"performance_review": {"overallScore": 5}}),
        ("POST", "/api/simulation/{talk}/reviews", {}),
        ("POST", "/api/simulation/{talk}/disputes", {"reviewId": "{review}", "competency": "overall", "reason": "x"}),
        ("POST", "/api/feedback", {"simulationId": "{talk}", "rating": 90}),
        ("PUT", "/api/users/{id}", {"name": "Late", "email": "{email}"}),
        ("POST", "/api/auth/change-password", {"currentPassword": PASSWORD, "newPassword": "NewPassw0rd1"}),
    )

    @pytest.mark.parametrize(("method", "path", "body"), CALLS)
    def test_are_refused(self, database, person, method, path, body):
        gone = person("Gone")
        talk = talk_of(gone)
        known = {"id": gone.id, "email": gone.email, "talk": talk, "review": reviews_of(gone, talk)["current"]}
        path = path.format(**known)
        body = {name: value.format(**known) if isinstance(value, str) else value for name, value in body.items()}
        call = partial(gone.call, method, path, body)
        [answer] = race(database, self.LOCK, {"id": gone.id}, call, then=partial(erase, UUID(gone.id)))
        assert answer.status_code in (401, 404), answer.text
        assert found(gone.id) == set()

    @pytest.mark.parametrize(
        ("kind", "erased"),
        [("overrides", "owner"), ("overrides", "judge"), ("marks", "owner"), ("marks", "judge"), ("reviews", "judge")],
    )
    def test_are_refused_where_they_judge_a_talk(self, database, person, kind, erased):
        """Whoever is erased, the judge or the owner of the talk, neither waits for the other."""
        judge, owner = person("Judge", "super_admin"), person("Owner")
        talk = talk_of(owner)
        review = reviews_of(owner, talk)["current"]
        body = {
            "overrides": {"reviewId": review, "competency": "overall", "score": 5, "reason": "x"},
            "marks": {"scores": {"overall": 5}},
            "reviews": {},
        }[kind]
        gone = owner if erased == "owner" else judge
        call = partial(judge.call, "POST", f"/api/simulation/{talk}/{kind}", body)
        [answer] = race(database, self.LOCK, {"id": gone.id}, call, then=partial(erase, UUID(gone.id)))
        assert answer.status_code in (401, 404), answer.text
        assert found(gone.id) == set()
