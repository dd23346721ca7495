"""The table of what AI calls take."""

from dataclasses import replace
from datetime import UTC, datetime
from uuid import uuid4

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
