"""`rplay sessions …`."""

import json

import psycopg
import pytest

from rplay.db import housekeeping


@pytest.fixture
def signed_in(run, ann, look):
    """Ann with two live sessions and an expired one, and Bo with one."""
    run("users", "create", "bo@example.com", "--name", "Bo", "--password-file", "-", input="Passw0rdX")
    look(
        """
        INSERT INTO sessions (token, user_id, user_email, user_name, user_role, expires_at, hashed)
        SELECT email || n, id::text, email, name, role, (now() AT TIME ZONE 'UTC') + n * interval '1 hour', n > 1
          FROM users, generate_series(-1, 2) n
         WHERE n <> 0 AND (email LIKE 'ann%' OR n = 2)
        """
    )
    return ann


class TestList:
    def test_shows_the_live_ones_and_no_token(self, run, signed_in):
        done = run("sessions", "list")
        assert done.stderr == "3 live sessions\n"
        assert done.stdout.count("ann@example.com") == 2
        assert "ann@example.com2" not in done.stdout

    def test_shows_one_persons(self, run, signed_in):
        [row] = json.loads(run("sessions", "list", "--user", "BO@example.com", "--json").stdout)
        assert list(row) == ["id", "user_email", "user_name", "created_at", "expires_at", "legacy"]
        assert (row["user_email"], row["legacy"]) == ("bo@example.com", False)

    def test_says_that_there_is_nobody(self, run, signed_in):
        assert run("sessions", "list", "--user", "nobody@example.com").exit_code == 1


class TestRevoke:
    def test_signs_one_person_out(self, run, signed_in, look):
        assert run("sessions", "revoke", signed_in).stderr == "3 sessions of ann@example.com ended.\n"
        assert look("SELECT user_email FROM sessions") == [("bo@example.com",)]

    def test_signs_everybody_out(self, run, signed_in, look):
        assert run("sessions", "revoke", "--all").exit_code == 2  # nobody is there to say yes
        assert len(look("SELECT 1 FROM sessions")) == 4
        assert run("sessions", "revoke", "--all", "--yes").stderr == "4 sessions of everybody ended.\n"
        assert look("SELECT 1 FROM sessions") == []

    @pytest.mark.parametrize("words", [[], ["ann@example.com", "--all"]])
    def test_wants_one_or_all(self, run, signed_in, look, words):
        assert run("sessions", "revoke", *words).exit_code == 2
        assert len(look("SELECT 1 FROM sessions")) == 4


class TestPurge:
    def test_removes_what_has_expired(self, run, signed_in, look):
        done = run("sessions", "purge", "--json")
        assert json.loads(done.stdout) == {
            "sessions": 1,
            "mail_outbox": 0,
            "password_resets": 0,
            "ai_usage": 0,
            "replaced_histories": 0,
            "sign_ins": 0,
            "jobs": 0,
            "audit_log": 0,
            "waiting_lives": 0,
        }
        assert len(look("SELECT 1 FROM sessions")) == 3
        assert (
            run("sessions", "purge").stdout
            == "sessions\t0\npassword_resets\t0\nai_usage\t0\nreplaced_histories\t0\nwaiting_lives\t0\nmail_outbox\t0\njobs\t0\nsign_ins\t0\naudit_log\t0\n"
        )

    def test_leaves_it_to_a_process_that_is_at_it(self, run, signed_in, look, url):
        with psycopg.connect(url) as other:
            other.execute("SELECT pg_advisory_xact_lock(%s)", [housekeeping._LOCK])
            done = run("sessions", "purge")
        assert (done.exit_code, done.stdout, done.stderr) == (0, "", "Another process is doing it.\n")
        assert len(look("SELECT 1 FROM sessions")) == 4
