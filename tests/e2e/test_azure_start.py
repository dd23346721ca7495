"""A server that cannot sign in to its project in Azure: it starts all the same, says so, and talks go on without."""

import time

import pytest

from tests.fakes.openai_server import FakeOpenAI
from tests.live import live_server

BODY = {
    "messages": [{"role": "user", "content": "Hello"}],
    "clientProfile": {"name": "John"},
    "simulationSettings": {"industry": "insurance"},
}
NAMES = ["simulationClient", "profileGeneration", "evaluation", "expertGuidance"]


AZURE = {
    "AZURE_AI_PROJECT_ENDPOINT": "https://127.0.0.1:9/api/projects/practice",
    "AZURE_TENANT_ID": "t",
    "AZURE_CLIENT_ID": "c",
    "AZURE_CLIENT_SECRET": "planted-secret",
    "AZURE_AUTHORITY_HOST": "https://127.0.0.1:9",
}


@pytest.fixture(scope="module")
def live(new_database, tmp_path_factory):
    folder = tmp_path_factory.mktemp("azure")
    with FakeOpenAI() as fake:
        openai = {"OPENAI_API_KEY": "sk-fake", "OPENAI_BASE_URL": fake.url}
        with live_server(new_database(), folder, **openai, **AZURE) as server:
            yield server


def test_the_server_is_ready_before_the_agents_are_and_says_so(live):
    found = live.call("GET", "/api/agents/health").json()
    assert (found["configured"], found["available"]) == (True, False)
    assert [agent["name"] for agent in found["agents"]] == NAMES
    assert not any(agent["initialized"] for agent in found["agents"])
    assert live.call("GET", "/health").json()["agents"] == {"configured": True, "initialized": False, "count": 0}
    assert live.call("GET", "/api/health/ready").json()["checks"]["providers"]["azure"] == "closed"


def test_a_talk_goes_on_with_the_next_provider(live):
    person = {"name": "Azu", "email": "azu@example.com", "password": "Passw0rdX"}
    token = live.call("POST", "/api/auth/register", person).json()["data"]["token"]
    answer = live.call("POST", "/api/chat/client-response", BODY, token)
    assert answer.json()["source"] == "openai"


def test_what_is_wrong_is_told_once_it_is_known(live):
    for _ in range(600):
        found = live.call("GET", "/api/agents/health").json()
        if found["client"]["error"]:
            break
        time.sleep(0.1)
    assert found["client"]["error"].startswith("signing in to Azure failed")
    assert "planted-secret" not in live.log()
