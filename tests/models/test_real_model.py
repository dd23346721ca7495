"""A real model, small as it is, in a real server: llama.cpp's with SmolLM2 135M. `make models` installs and runs it.

What it says is nobody's to foretell; how its server says it is what is looked at.
"""

import contextlib
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import requests
from agents.conftest import SCENE, TALK
from structlog.testing import capture_logs

from rplay.agents import client, progress
from rplay.agents.chain import Chain
from rplay.agents.model_output import json_object
from rplay.agents.model_text import shown
from rplay.agents.providers import chat_completions
from rplay.agents.providers.openai import OpenAIProvider
from rplay.agents.providers.policy import Timeouts
from rplay.agents.types import Call, Usage
from rplay.data import DataFiles
from rplay.errors import AIBadAnswer
from tests.conftest import free_port
from tests.models.conftest import PATIENCE, model_server

pytestmark = [pytest.mark.models, pytest.mark.timeout(300)]


@pytest.fixture(scope="session")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with model_server(free_port(), tmp_path_factory.mktemp("model") / "said") as address:
        yield address


@pytest.fixture
def provider(address: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[OpenAIProvider]:
    """Its answers are bounded, as it finds no end by itself."""
    monkeypatch.setattr(chat_completions, "ROOM", dict.fromkeys(chat_completions.ROOM, 60))
    patient = Timeouts(first=PATIENCE, silence=PATIENCE, whole=PATIENCE)
    provider = OpenAIProvider(lambda: None, f"{address}/v1", "smollm2", patient)
    yield provider
    provider.close()


@pytest.fixture
def call() -> Call:
    said = [{"role": "user", "content": "Say hello in one short sentence."}]
    return Call("simulationClient", "You are John, a friendly teacher.", said, SCENE, temperature=0.0)


def test_it_answers(provider: OpenAIProvider, call: Call) -> None:
    answer = provider.answer(call)
    assert answer.text.strip() == shown(answer.text) != ""
    assert answer.usage.tokens_in > 10
    assert 0 < answer.usage.tokens_out <= 60


def test_it_streams(provider: OpenAIProvider, call: Call) -> None:
    pieces, usage = streamed(provider, call)
    assert len(pieces) > 1
    assert "".join(pieces) == provider.answer(call).text
    assert usage.tokens_out > 0


def streamed(provider: OpenAIProvider, call: Call) -> tuple[list[str], Usage]:
    pieces: list[str] = []
    stream = provider.stream(call)
    while True:
        try:
            pieces.append(next(stream))
        except StopIteration as end:
            return pieces, end.value


def test_a_client_speaks_though_all_of_their_life_does_not_fit_into_its_context(
    provider: OpenAIProvider, tmp_path: Path
) -> None:
    data = DataFiles(tmp_path)
    data.lay_out()
    scene = replace(SCENE, difficulty="advanced", rules=data.compliance())
    with capture_logs() as lines:
        reply = client.reply(Chain([provider]), scene, TALK, evaluate=False)
    assert reply.message
    assert [line["refused"] for line in lines if line["event"] == "openai_not_supported"] == ["whole prompt"]


def test_it_writes_json(provider: OpenAIProvider, call: Call) -> None:
    """A model of this size finds no end now and then, and is asked again."""
    asked = [{"role": "user", "content": "Write a JSON object with one short key and one short value."}]
    found = {}
    for _ in range(8):
        with contextlib.suppress(AIBadAnswer):
            found = json_object(provider.answer(replace(call, messages=asked, json=True, temperature=0.7)).text)
            break
    assert found


def test_it_leaves_tools_alone_and_the_talk_goes_on_without_progress(provider: OpenAIProvider) -> None:
    with capture_logs() as lines:
        found = progress.measure(Chain([provider]), SCENE, TALK, None)
    assert found is None or set(found) >= {"rapport", "needs"}
    assert not [line for line in lines if line["log_level"] == "error"]


def test_an_answer_that_is_cut_is_told_in_the_log(
    provider: OpenAIProvider, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chat_completions, "ROOM", dict.fromkeys(chat_completions.ROOM, 3))
    with capture_logs() as lines:
        provider.answer(call)
        list(provider.stream(call))
    assert [line["reason"] for line in lines if line["event"] == "ai_answer_cut"] == ["length", "length"]


def test_whoever_stops_listening_stops_the_model(
    provider: OpenAIProvider, call: Call, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chat_completions, "ROOM", dict.fromkeys(chat_completions.ROOM, 4_000))
    asked = [{"role": "user", "content": "Count from one to one thousand, in words."}]
    stream = provider.stream(replace(call, messages=asked))
    next(stream)
    assert busy(address)
    stream.close()
    until = time.monotonic() + PATIENCE
    while busy(address):
        assert time.monotonic() < until
        time.sleep(0.05)


def busy(address: str) -> bool:
    return any(slot["is_processing"] for slot in requests.get(f"{address}/slots", timeout=PATIENCE).json())


def test_the_chain_hands_out_its_words(provider: OpenAIProvider, call: Call) -> None:
    """A real prompt of ours takes this model a minute to read: a small one has to do."""
    chain = Chain([provider])
    words = chain.answer(call, str).value
    assert words
    assert "".join(map(str, chain.stream(call))).strip() == words
    assert chain.states()["openai"]["simulationClient"] == "closed"
