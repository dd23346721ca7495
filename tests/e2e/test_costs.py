"""What a chat through gunicorn leaves in the database."""

import time

import psycopg
import pytest
from psycopg.rows import dict_row

from tests.fakes.openai_server import FakeOpenAI
from tests.live import live_server

PLANTED = "zanzibar-lighthouse"
BODY = {
    "messages": [{"role": role, "content": f"{PLANTED} {role}"} for role in ("user", "assistant", "user")],
    "clientProfile": {"name": PLANTED},
    "simulationSettings": {"industry": "insurance"},
}


@pytest.fixture
def rows(new_database):
    url = new_database()

    def read():
        with psycopg.connect(url, row_factory=dict_row) as connection:
            return connection.execute("SELECT * FROM ai_usage ORDER BY id").fetchall()

    read.url = url
    return read


def wait_for(rows, count):
    for _ in range(1200):
        if len(rows()) >= count:
            break
        time.sleep(0.05)
    return rows()


def test_a_row_for_each_call_with_tokens_and_user_and_without_words(rows, tmp_path):
    with FakeOpenAI() as fake:
        fake.mode("ok", reply=f"I like {PLANTED}.")
        with live_server(rows.url, tmp_path, OPENAI_API_KEY="sk-fake", OPENAI_BASE_URL=fake.url) as live:
            person = {"name": "Use", "email": "use@example.com", "password": "Passw0rdX"}
            data = live.call("POST", "/api/auth/register", person).json()["data"]
            assert PLANTED in live.call("POST", "/api/chat/client-response/stream", BODY, data["token"]).text
            found = wait_for(rows, len(fake.calls))
            assert len(found) == len(fake.calls) >= 2  # the client's line, and the progress measured beside it
            before_the_end = len(fake.calls)
            assert live.call("POST", "/api/chat/expert-response", BODY, data["token"]).status_code == 200
        assert len(rows()) == len(fake.calls) == before_the_end + 1, "the last call was lost at the end"
    assert {str(row["user_id"]) for row in rows()} == {data["user"]["id"]}
    assert {(row["tokens_in"], row["tokens_out"], row["provider"]) for row in rows()} == {(10, 5, "openai")}
    streamed = [row for row in rows() if row["first_token_ms"] is not None]
    assert [(row["agent"], row["outcome"]) for row in streamed] == [("simulationClient", "ok")]
    assert PLANTED not in str(rows())
