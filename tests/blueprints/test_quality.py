"""/api/quality: counted when a talk is completed, shown to admins."""

import time

import gevent

from rplay import db
from tests.conftest import error

PROFILE = {"name": "John Weaver", "age": 41, "income": "$65,000"}
HISTORY = [
    {"role": "user", "content": "Good morning, how are you?"},
    {"role": "assistant", "content": "Good morning. I'm 50. I make $65,000 a year before taxes."},
    {"role": "user", "content": "ok"},
    {"role": "assistant", "content": "I could see that working."},
    {"role": "user", "content": "ok"},
    {"role": "assistant", "content": "I could see that working."},
]


def completed(person, provider):
    about = {"industry": "insurance", "difficulty": "advanced", "clientProfile": PROFILE}
    simulation = person.post("/api/simulation", about).get_json()["data"]
    path = f"/api/simulation/{simulation['id']}"
    person.patch(path, {"conversation_history": HISTORY})
    db.execute(
        "INSERT INTO talk_memories (simulation_id, provider) VALUES (%(id)s, %(provider)s)",
        id=simulation["id"],
        provider=provider,
    )
    assert person.post(f"{path}/complete", {}).status_code == 200
    until = time.monotonic() + 60
    while time.monotonic() < until:
        if found := db.row("SELECT * FROM talk_fidelity WHERE simulation_id = %(id)s", id=simulation["id"]):
            return found
        gevent.sleep(0.02)
    raise AssertionError("nothing was measured")


def test_a_completed_talk_is_measured_and_shown_by_provider(alice, admin):
    found = completed(alice, "openai")
    counts = {name: found[name] for name in ("provider", "turns", "early", "contradictions", "blanks", "repeats")}
    assert counts == {
        "provider": "openai", "turns": 3, "early": 1, "contradictions": 1, "blanks": 2, "repeats": 1,
    }  # fmt: skip
    answer = admin.get("/api/quality").get_json()
    rates = {"early": 3.33, "contradictions": 3.33, "blanks": 6.67, "repeats": 3.33}
    assert answer == {
        "success": True,
        "data": {"talks": 1, "per10Turns": rates, "byProvider": {"openai": {"talks": 1, "per10Turns": rates}}},
    }


def test_learners_do_not_see_it(alice):
    assert error(alice.get("/api/quality"))[0] == 403
