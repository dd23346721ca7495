"""Finds well-known model servers that run on this machine, and their chat models."""

import re
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import httpx2
import orjson

ANSWER_SECONDS = 1.0  # seconds for all of a server's answer
LIST_BYTES = 1024 * 1024  # bytes of a list of models that are read
MOST_MODELS = 20  # models of a server that are listed
_NAME = re.compile(r"[\w./:@+-]{1,200}")  # characters that are safe in a settings file and on a terminal
_NO_CHAT = re.compile(r"embed|rerank|minilm|\bbge\b|whisper|\btts\b", re.IGNORECASE)


@dataclass(frozen=True)
class ModelServer:
    """A model server. `name` is what `rplay models use` accepts."""

    name: str
    title: str
    base_url: str
    models: Sequence[str] = ()


# Model servers are recognised by their usual ports.
KNOWN = (
    ModelServer("ollama", "Ollama", "http://127.0.0.1:11434/v1"),
    ModelServer("lm-studio", "LM Studio", "http://127.0.0.1:1234/v1"),
    ModelServer("llama.cpp", "llama.cpp", "http://127.0.0.1:8080/v1"),
)


def running(known: Sequence[ModelServer] = KNOWN) -> list[ModelServer]:
    """Return the servers that answer within a second and have a chat model."""
    with ThreadPoolExecutor(len(known)) as pool:
        models = list(pool.map(_models, [one.base_url for one in known]))
    return [
        ModelServer(one.name, one.title, one.base_url, names) for one, names in zip(known, models, strict=True) if names
    ]


def _models(base_url: str) -> list[str]:
    """Return the server's chat models; empty if nothing listens there or it is not a model server."""
    try:
        listed = orjson.loads(_content(f"{base_url}/models"))["data"]
        names = [one["id"] for one in listed if isinstance(one["id"], str)]
    except (httpx2.HTTPError, ValueError, LookupError, TypeError):
        return []
    return [name for name in names if _NAME.fullmatch(name) and not _NO_CHAT.search(name)][:MOST_MODELS]


def _content(url: str) -> bytes:
    """Return the response body; empty if it is too large or too slow. No proxy is used for this machine."""
    until = time.monotonic() + ANSWER_SECONDS
    content = b""
    with (
        httpx2.Client(timeout=ANSWER_SECONDS, trust_env=False) as client,
        client.stream("GET", url, headers={"accept-encoding": "identity"}) as answer,
    ):
        for piece in answer.iter_raw():
            content += piece
            if len(content) > LIST_BYTES or time.monotonic() > until:
                return b""
    return content if answer.status_code == 200 else b""
