"""Checks a running server over HTTP. It imports little, as container health checks run it every few seconds."""

import http.client
import json
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import urlsplit

import click

State = Literal["ok", "warning", "failed", "off"]
ANSWER_SECONDS = 6  # seconds; the server itself waits four for its database


@dataclass(frozen=True)
class Check:
    state: State
    check: str
    text: str


def look_at(url: str) -> list[Check]:
    """Return one check for the server and one for each thing it needs."""
    try:
        status, answer = _get(url, "/api/health/ready")
        parts = answer.get("checks")
        if not isinstance(parts, dict):
            return [Check("failed", "server", f"{url} answers with {status} and is no rplay server")]
        voice = _voice(url)
    except (OSError, http.client.HTTPException) as error:
        return [Check("failed", "server", f"{url} does not answer: {_why(error)}")]
    ready = status == 200
    server = Check("ok" if ready else "failed", "server", "ready" if ready else f"not ready ({status})")
    providers = parts.pop("providers", {})
    needs = [Check("ok" if said == "ok" else "failed", name, str(said)) for name, said in parts.items()]
    return [server, *needs, *(_provider(name, state) for name, state in providers.items()), voice]


def _get(url: str, path: str) -> tuple[int, dict[str, Any]]:
    parts = urlsplit(url)
    try:
        port = parts.port
    except ValueError:
        port = -1
    if parts.scheme not in ("http", "https") or not parts.hostname or port == -1:
        raise click.UsageError(f"--url must look like http://127.0.0.1:3001, not {url!r}.")
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(parts.hostname, port, timeout=ANSWER_SECONDS)
    try:
        connection.request("GET", f"{parts.path.rstrip('/')}{path}")
        response = connection.getresponse()
        return response.status, _object(response.read(1_000_000))
    finally:
        connection.close()


def _object(body: bytes) -> dict[str, Any]:
    try:
        parsed = json.loads(body)
    except ValueError:
        return {}
    return parsed if isinstance(parsed, dict) else {}


def _why(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return f"nothing within {ANSWER_SECONDS} s"
    return getattr(error, "strerror", None) or str(error) or type(error).__name__


def _provider(name: str, breaker: str) -> Check:
    """Return the state of a provider by its circuit breaker, which opens after failures. The provider is not called
    now.
    """
    if breaker == "closed":
        return Check("ok", f"AI: {name}", "in use; has not failed lately")
    return Check("warning", f"AI: {name}", f"has failed lately (breaker {breaker})")


def _voice(url: str) -> Check:
    """Report whether the server has a voice. The voice is not tested."""
    _, answer = _get(url, "/health")
    has_one = isinstance(answer.get("tts"), dict) and answer["tts"].get("enabled") is True
    return Check("ok", "voice", "has one") if has_one else Check("off", "voice", "has none")
