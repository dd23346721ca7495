"""`rplay serve` beside a model server that somebody runs: named, chosen with one command, talked with."""

import socket
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.models.conftest import model_server
from tests.test_serve import LEARNER, RPLAY, Served, environment, folder

__all__ = ["folder"]

pytestmark = [pytest.mark.models, pytest.mark.timeout(600)]

PORT = 8080  # where llama.cpp's server is looked for
# So small a model may find no end in the 60 seconds of an answer, however often it is asked.
ONE_LINE = r"root ::= [^\n]{1,160}"
TALK = {
    "messages": [{"role": "user", "content": "Good morning, my name is Dana. What brings you here?"}],
    "clientProfile": {"name": "Alma Reyes", "age": 34, "occupation": "teacher"},
    "simulationSettings": {"industry": "insurance", "difficulty": "beginner"},
}


class Patient(Served):
    """A model on one core takes its time for the first prompt."""

    patience = 300


@pytest.fixture
def llama(tmp_path: Path) -> Iterator[str]:
    with socket.socket() as one:
        if one.connect_ex(("127.0.0.1", PORT)) == 0:
            pytest.skip(f"somebody listens at port {PORT}: end it, as a model server is to be found there")
    with model_server(PORT, tmp_path / "said", ONE_LINE) as address:
        yield address


@pytest.fixture
def serve(folder: Path) -> Iterator[Callable[[], Patient]]:
    started: list[Patient] = []

    def start() -> Patient:
        started.append(Patient(folder, 0))
        return started[-1]

    yield start
    for one in started:
        if one.process.poll() is None:
            one.end()


@pytest.mark.usefixtures("llama")
def test_it_is_named_at_the_start_and_talked_with_once_it_is_chosen(serve: Callable[[], Patient], folder: Path) -> None:
    first = serve()
    assert first.end()[0] == 0
    assert "rplay models use llama.cpp" in first.screen

    chosen = [RPLAY, "models", "use", "llama.cpp"]
    subprocess.run(chosen, cwd=folder, env=environment(folder), check=True, timeout=Patient.patience)
    second = serve()
    token = second.post("/api/auth/login", LEARNER).json()["data"]["token"]
    answer = said_until_answered(second, {"Authorization": f"Bearer {token}"})
    assert answer["source"] == "openai"
    assert answer["message"]


def said_until_answered(served: Served, headers: dict[str, str]) -> dict[str, Any]:
    """Where the machine is busy an answer may not come in its 60 seconds: the model's server keeps what it has read."""
    for _ in range(4):
        asked = served.post("/api/chat/client-response", TALK, headers)
        if asked.status_code == 200:
            break
    found: dict[str, Any] = asked.json()
    assert asked.status_code == 200, found
    return found
