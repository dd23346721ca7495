"""What is kept of a talk while it goes on: for its owner, and for a talk that begins like the one it was made of."""

import json
import time

import gevent
import pytest
from agents.scripted import Scripted

from rplay import db
from rplay.agents import summary
from rplay.agents.chain import Chain
from tests.conftest import swap_parts

TALK = [
    {"role": ("user", "assistant")[number % 2], "content": f"<{number}> I said {number} things."}
    for number in range(61)
]
PROFILE = {"name": "John Weaver", "age": 41}
PROGRESS = json.dumps({"rapport": 33, "needs": 20, "objections": 0, "recommendations": 0, "explanation": "Warm."})
SUMMARY = json.dumps({"summary": "John has two daughters and pays 6 percent."})


@pytest.fixture
def provider(app, monkeypatch):
    scripted = Scripted("azure")
    swap_parts(app, monkeypatch, chain=Chain([scripted]))
    return scripted


@pytest.fixture
def simulation(alice):
    about = {"industry": "insurance", "difficulty": "beginner", "clientProfile": PROFILE}
    return alice.post("/api/simulation", about).get_json()["data"]


def say(person, simulation, talk, path="/api/chat/client-response"):
    settings = {"industry": "insurance", "difficulty": "beginner", "simulationId": simulation["simulation_id"]}
    body = {"messages": talk, "clientProfile": PROFILE, "simulationSettings": settings}
    answer = person.post(path, body)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def kept(column, simulation):
    """Once it is written down, beside the talk."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        if found := db.value(f"SELECT {column} FROM talk_memories WHERE simulation_id = %(id)s", id=simulation["id"]):
            return found
        gevent.sleep(0.01)
    raise AssertionError("nothing was kept")


def sent(call):
    return call.instructions + str(call.prompt)


@pytest.mark.parametrize("path", ["/api/chat/client-response", "/api/agents/chat/client"])
def test_progress_sees_the_numbers_measured_last(alice, simulation, provider, path):
    provider.enqueue("Hi.", PROGRESS, "Well.", PROGRESS)
    say(alice, simulation, TALK[:3], path)
    assert "33 of 100" not in sent(provider.history[1])
    assert kept("progress", simulation)["rapport"] == 33
    say(alice, simulation, TALK[:5], path)
    assert "- rapport: 33 of 100" in sent(provider.history[3])
    assert "- reason given: Warm." in sent(provider.history[3])
    assert "33 of 100" not in sent(provider.history[2])


def test_a_talk_that_went_another_way_has_no_numbers_yet(alice, simulation, provider):
    provider.enqueue("Hi.", PROGRESS, "Well.", PROGRESS)
    say(alice, simulation, TALK[:3])
    assert kept("progress", simulation)
    say(alice, simulation, [{**TALK[0], "content": "Something else"}, *TALK[1:5]])
    assert "33 of 100" not in sent(provider.history[3])


def test_nobody_else_is_told_of_them(alice, bob, simulation, provider):
    provider.enqueue("Hi.", PROGRESS, "Well.", PROGRESS)
    say(alice, simulation, TALK[:3])
    assert kept("progress", simulation)
    say(bob, simulation, TALK[:5])
    assert "33 of 100" not in sent(provider.history[3])
    assert kept("measured", simulation) == 3


def test_from_sixty_messages_on_the_beginning_is_summed_up(alice, simulation, provider):
    provider.enqueue("Hi.", PROGRESS, SUMMARY, "Well.", PROGRESS)
    say(alice, simulation, TALK)
    assert kept("summary", simulation) == "John has two daughters and pays 6 percent."
    asked = provider.history[2]
    assert asked.tool.name == "summariseTalk"
    assert "[20] CLIENT: ‹19>" in asked.prompt[0]["content"]
    assert "‹20>" not in asked.prompt[0]["content"]
    say(alice, simulation, TALK)
    first, *rest = provider.history[3].prompt
    assert "John has two daughters and pays 6 percent." in first["content"]
    assert "<19>" not in str(rest)
    assert "<20>" in str(provider.history[3].prompt)


def test_a_summary_of_another_talk_is_not_used(alice, simulation, provider):
    provider.enqueue("Hi.", PROGRESS, SUMMARY, "Well.", PROGRESS, SUMMARY)
    say(alice, simulation, TALK)
    assert kept("summary", simulation)
    say(alice, simulation, [{**TALK[0], "content": "Something else"}, *TALK[1:]])
    assert "two daughters" not in sent(provider.history[3])


def test_a_stream_keeps_the_same(alice, simulation, provider):
    provider.enqueue(["Hi."], PROGRESS)
    say(alice, simulation, TALK[:3], "/api/chat/client-response/stream")
    assert kept("progress", simulation)["rapport"] == 33


@pytest.mark.parametrize(("count", "due"), [(0, 0), (59, 0), (60, 20), (79, 20), (80, 40), (100, 60)])
def test_a_summary_grows_in_steps(count, due):
    assert summary.due(count) == due
