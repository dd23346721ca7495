"""The table of what AI calls take."""

from dataclasses import replace
from datetime import UTC, datetime
from uuid import uuid4

import gevent
import pytest

from rplay import db
from rplay.db import ai_usage, personal_data, users
from rplay.db.ai_usage import Use

WHEN = datetime(2026, 5, 4, 3, 2, 1, 7, tzinfo=UTC)


@pytest.fixture
def user_id(database):
    db.execute("DELETE FROM ai_usage")
    return users.create("Una", f"una-{uuid4().hex}@example.com", "x", "learner", None).id


@pytest.fixture
def use(user_id):
    return Use(WHEN, user_id, "simulationClient", "openai", "some-model", 10, 5, 120, 900, "ok")


def rows():
    return db.all_of(
        Use,
        "SELECT at, user_id, agent, provider, model, tokens_in, tokens_out, first_token_ms, ms, outcome"
        "  FROM ai_usage ORDER BY id",
    )


def test_keeps_every_value(use):
    plain = replace(use, first_token_ms=None, outcome="refused", tokens_in=2**31 - 1)
    ai_usage.add([use, plain])
    assert rows() == [use, plain]


def test_keeps_calls_of_nobody_and_of_somebody_who_has_left(use):
    ai_usage.add([replace(use, user_id=None), replace(use, user_id=uuid4()), use])
    assert [row.user_id for row in rows()] == [None, None, use.user_id]


def test_forgets_who_asked_when_the_account_goes(use):
    ai_usage.add([use])
    with db.transaction() as tx:
        assert personal_data.erase(use.user_id, tx)
    assert rows() == [replace(use, user_id=None)]


def test_has_no_place_for_what_was_said(database):
    found = db.rows(
        "SELECT column_name FROM information_schema.columns"
        " WHERE table_name = 'ai_usage' AND data_type NOT IN ('integer', 'bigint')"
    )
    assert {row["column_name"] for row in found} == {"at", "user_id", "agent", "provider", "model", "outcome"}


class TestDays:
    """The sums by day, which triggers keep."""

    SUMS = "SELECT * FROM ai_usage_days WHERE calls > 0 ORDER BY day, provider, model, agent"
    FROM_ROWS = """
        SELECT (at AT TIME ZONE 'UTC')::date AS day, provider, model, agent, count(*) AS calls,
               count(*) FILTER (WHERE outcome <> 'ok') AS failed, sum(tokens_in) AS tokens_in,
               sum(tokens_out) AS tokens_out
          FROM ai_usage
      GROUP BY 1, 2, 3, 4
      ORDER BY 1, 2, 3, 4
        """

    def test_are_those_of_the_rows(self, use):
        late = replace(use, at=datetime(2026, 1, 31, 23, 59, 59, tzinfo=UTC), outcome="timeout")
        ai_usage.add([use, late, use, replace(use, agent="progress")])
        ai_usage.add([late])
        assert db.rows(self.SUMS) == db.rows(self.FROM_ROWS)
        assert sum(row["failed"] for row in db.rows(self.SUMS)) == 2

    def test_lose_what_is_removed_and_keep_what_loses_its_user(self, use):
        ai_usage.add([use, replace(use, agent="progress")])
        db.execute("DELETE FROM users WHERE id = %(id)s", id=use.user_id)
        assert [row["calls"] for row in db.rows(self.SUMS)] == [1, 1]
        db.execute("DELETE FROM ai_usage WHERE agent = 'progress'")
        assert db.rows(self.SUMS) == db.rows(self.FROM_ROWS) != []

    def test_of_two_that_write_in_another_order_are_both_there(self, use):
        calls = [replace(use, agent=f"agent{number:02}") for number in range(40)]
        jobs = [gevent.spawn(ai_usage.add, batch) for _ in range(10) for batch in (calls, calls[::-1])]
        gevent.joinall(jobs, raise_error=True)
        assert {row["calls"] for row in db.rows(self.SUMS)} == {20}
