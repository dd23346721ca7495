"""The rooms that a request passes on its way down, as docs/architecture.md lists them."""

import inspect
from itertools import groupby
from pathlib import Path

from agents.scripted import Scripted

import rplay
from rplay import security
from rplay.agents.chain import Chain
from rplay.agents.types import Answer, Call
from tests.conftest import PASSWORD, swap_parts

FOLDER = Path(rplay.__file__).parent
TALK = {
    "messages": [{"role": "system", "content": "Initial greeting"}],
    "clientProfile": {"name": "John Weaver", "age": 41},
    "simulationSettings": {"industry": "insurance", "difficulty": "beginner"},
}


def rooms_here() -> list[str]:
    """The modules on the stack from the entrance down to here, one after the other: one that comes again is named again."""
    files = [Path(frame.filename) for frame in reversed(inspect.stack(0))]
    ours = [path.relative_to(FOLDER).with_suffix("") for path in files if path.is_relative_to(FOLDER)]
    return [room for room, _ in groupby(map(str, ours))]


class Watching(Scripted):
    """Notes from where it is asked."""

    rooms: list[str]

    def answer(self, call: Call) -> Answer:
        self.rooms = rooms_here()
        return super().answer(call)


def test_a_line_of_the_client_passes_five_and_never_climbs(app, alice, monkeypatch):
    provider = Watching("azure", "Hello there.")
    swap_parts(app, monkeypatch, chain=Chain([provider]))
    assert alice.post("/api/chat/client-response", TALK).status_code == 200
    assert provider.rooms == ["web/frame", "web/views", "blueprints/chat", "agents/client", "agents/chain"]


def test_a_login_passes_four_and_never_climbs(anyone, alice, monkeypatch):
    rooms: list[list[str]] = []
    check = security.password_matches

    def noting(*args: str) -> bool:
        rooms.append(rooms_here())
        return check(*args)

    monkeypatch.setattr(security, "password_matches", noting)
    assert anyone.post("/api/auth/login", json={"email": alice.email, "password": PASSWORD}).status_code == 200
    assert rooms == [["web/frame", "web/views", "blueprints/auth", "people/accounts"]]
