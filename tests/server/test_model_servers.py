"""Model servers on this machine: found by asking them, over real HTTP."""

import json
import socket
from collections.abc import Iterator
from dataclasses import replace

import pytest

from rplay.server import model_servers
from rplay.server.model_servers import KNOWN, ModelServer, running
from tests.fakes.openai_server import FakeOpenAI

JSON = {"content-type": "application/json"}
OLLAMA = KNOWN[0]


@pytest.fixture
def fake() -> Iterator[FakeOpenAI]:
    with FakeOpenAI() as server:
        yield server


@pytest.fixture(autouse=True)
def patient(monkeypatch):
    """On a busy machine a second is soon over."""
    monkeypatch.setattr(model_servers, "ANSWER_SECONDS", 30)


def models_of(fake: FakeOpenAI, content: object) -> list[str]:
    body = content if isinstance(content, bytes) else json.dumps(content).encode()
    fake.mode("raw", raw=[body], raw_headers=JSON)
    return [name for one in running([replace(OLLAMA, base_url=fake.url)]) for name in one.models]


def test_they_are_looked_for_where_they_usually_are():
    assert [(one.name, one.base_url) for one in KNOWN] == [
        ("ollama", "http://127.0.0.1:11434/v1"),
        ("lm-studio", "http://127.0.0.1:1234/v1"),
        ("llama.cpp", "http://127.0.0.1:8080/v1"),
    ]


def test_one_that_answers_is_named_with_its_models(fake):
    fake.mode("raw", raw=[json.dumps({"data": [{"id": "qwen3:8b"}, {"id": "gemma3"}]}).encode()], raw_headers=JSON)
    there = replace(OLLAMA, base_url=fake.url)
    with socket.create_server(("127.0.0.1", 0)) as unused:
        nobody = replace(KNOWN[1], base_url=f"http://127.0.0.1:{unused.getsockname()[1]}/v1")
    assert running([there, nobody]) == [ModelServer("ollama", "Ollama", fake.url, ["qwen3:8b", "gemma3"])]
    assert fake.calls[0].path == "/v1/models"


def test_models_that_do_not_chat_are_left_out(fake):
    names = ["nomic-embed-text:latest", "bge-m3", "all-minilm", "whisper-large", "kokoro-tts", "llama3.2:3b"]
    assert models_of(fake, {"data": [{"id": name} for name in names]}) == ["llama3.2:3b"]


def test_a_name_that_steers_a_terminal_or_a_file_is_none(fake):
    names = ["a\nOPENAI_API_KEY=x", "\x1b[31mred", "a'b", "", "x" * 201, "/models/tiny.gguf"]
    assert models_of(fake, {"data": [{"id": name} for name in names]}) == ["/models/tiny.gguf"]


@pytest.mark.parametrize(
    "content",
    [b"<html>It works!</html>", [], {}, {"data": None}, {"data": [{"name": "x"}]}, {"data": [{"id": 7}]}, b"\xff"],
)
def test_whoever_answers_something_else_is_none(fake, content):
    assert models_of(fake, content) == []


@pytest.mark.parametrize("mode", ["401", "500", "stall", "drop", "endless"])
def test_whoever_refuses_or_does_not_end_is_none(fake, mode, monkeypatch):
    monkeypatch.setattr(model_servers, "ANSWER_SECONDS", 1)
    fake.mode(mode)
    assert running([replace(OLLAMA, base_url=fake.url)]) == []


def test_no_proxy_is_asked(fake, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    assert models_of(fake, {"data": [{"id": "gemma3"}]}) == ["gemma3"]
