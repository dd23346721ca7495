"""What is removed, and what stays."""

import psycopg

from rplay import db
from rplay.db import housekeeping
from rplay.db.housekeeping import Purged

GONE = Purged(
    sessions=3,
    password_resets=2,
    ai_usage=3,
    replaced_histories=1,
    waiting_lives=2,
    mail_outbox=2,
    jobs=1,
    sign_ins=2,
    audit_log=2,
)


def fill():
    """Of each kind a row on either side of its time."""
    db.execute("DELETE FROM sessions")
    db.execute("DELETE FROM users")
    db.execute("DELETE FROM ai_usage")
    db.execute("DELETE FROM simulations")
    db.execute("DELETE FROM waiting_lives")
    db.execute("DELETE FROM audit_log")
    db.execute("INSERT INTO users (name, email, password) VALUES ('Ann', 'ann@example.com', 'x')")
    db.execute(
        """
        INSERT INTO sessions (token, user_id, user_email, user_name, user_role, expires_at)
        SELECT n::text, 'x', 'x', 'x', 'x', (now() AT TIME ZONE 'UTC') + n * interval '1 minute'
          FROM generate_series(-2, 1) n
        """
    )
    db.execute(
        """
        INSERT INTO password_resets (token_hash, user_id, expires_at)
        SELECT n::text, id, now() + n * interval '1 minute' FROM users, generate_series(-1, 1) n
        """
    )
    db.execute(
        """
        INSERT INTO ai_usage (at, agent, provider, model, tokens_in, tokens_out, ms, outcome)
        SELECT now() - n * interval '1 day', 'a', 'p', n::text, 1, 1, 1, 'ok' FROM generate_series(398, 402) n
        """
    )
    db.execute(
        """
        WITH talk AS (INSERT INTO simulations (simulation_id, industry, difficulty, client_profile)
                      VALUES ('SIM-1', 'insurance', 'beginner', '{}') RETURNING id)
        INSERT INTO replaced_histories (simulation_id, messages, conversation_history, replaced_at)
        SELECT id, n, '[]', now() - n * interval '1 day' FROM talk, generate_series(29, 31) n WHERE n <> 30
        """
    )
    db.execute(
        """
        INSERT INTO waiting_lives (profile, life, made_at)
        SELECT n::text::bytea, '{}', now() - n * interval '1 hour' FROM generate_series(23, 26) n WHERE n <> 24
        """
    )
    db.execute(
        """
        INSERT INTO sign_ins (user_id, address, at)
        SELECT id, n::text, now() - n * interval '1 day' FROM users, generate_series(29, 32) n WHERE n <> 30
        """
    )
    db.execute(
        """
        INSERT INTO mail_outbox (kind, user_id, link, expires_at)
        SELECT n::text, id, '', now() + n * interval '1 minute' FROM users, generate_series(-1, 1) n
        """
    )
    db.execute(
        """
        INSERT INTO jobs (kind, by_user_id, total, begun_at)
        SELECT 'import', id, 1, now() - n * interval '1 day' FROM users, generate_series(6, 8, 2) n
        """
    )
    db.execute(
        """
        INSERT INTO audit_log (action, at)
        SELECT n::text, now() - n * interval '1 day' FROM generate_series(729, 732) n WHERE n <> 730
        """
    )


def test_what_has_expired_goes_and_the_rest_stays(database):
    fill()
    assert housekeeping.purge(730) == GONE
    assert [row["token"] for row in db.rows("SELECT token FROM sessions")] == ["1"]
    assert [row["token_hash"] for row in db.rows("SELECT token_hash FROM password_resets")] == ["1"]
    assert [row["model"] for row in db.rows("SELECT model FROM ai_usage ORDER BY at")] == ["399", "398"]
    assert [row["messages"] for row in db.rows("SELECT messages FROM replaced_histories")] == [29]
    assert [bytes(row["profile"]) for row in db.rows("SELECT profile FROM waiting_lives")] == [b"23"]
    assert [row["address"] for row in db.rows("SELECT address FROM sign_ins")] == ["29"]
    assert [row["kind"] for row in db.rows("SELECT kind FROM mail_outbox")] == ["1"]
    assert [row["action"] for row in db.rows("SELECT action FROM audit_log")] == ["729"]
    assert housekeeping.purge(730) == Purged(0, 0, 0, 0, 0, 0, 0, 0, 0)


def test_the_audit_log_is_kept_for_as_long_as_it_is_set(database):
    fill()
    assert [purged.audit_log for days in (800, 1) if (purged := housekeeping.purge(days))] == [0, 3]


def test_more_than_a_step_goes_too(database, monkeypatch):
    monkeypatch.setattr(housekeeping, "STEP_ROWS", 2)
    fill()
    assert housekeeping.purge(730) == GONE


def test_one_process_at_a_time_does_it(database):
    fill()
    with psycopg.connect(database) as other:
        other.execute("SELECT pg_advisory_xact_lock(%s)", [housekeeping._LOCK])
        assert housekeeping.purge(730) is None
        assert db.value("SELECT count(*) FROM sessions") == 4
    assert housekeeping.purge(730) == GONE


def test_the_age_of_usage_has_an_index(database):
    assert db.value("SELECT indexdef FROM pg_indexes WHERE indexname = 'idx_ai_usage_at'").endswith("USING brin (at)")
