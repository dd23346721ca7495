"""What a running server says of itself. Imports little, as containers ask every few seconds."""

import http.client
import json
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import urlsplit

import click

State = Literal["ok", "warning", "failed", "off"]
ANSWER_SECONDS = 6  # seconds; the server itself gives its database four


@dataclass(frozen=True)
class Check:
    state: State
    check: str
    text: str


def look_at(url: str) -> list[Check]:
    """One check for the server and one for each thing that it needs."""
    try:
        status, answer = _get(url)
    except (OSError, http.client.HTTPException) as error:
        return [Check("failed", "server", f"{url} does not answer: {_why(error)}")]
    parts = answer.get("checks")
    if not isinstance(parts, dict):
        return [Check("failed", "server", f"{url} answers with {status} and is no rplay server")]
    ready = status == 200
    server = Check("ok" if ready else "failed", "server", "ready" if ready else f"not ready ({status})")
    providers = parts.pop("providers", {})
    needs = [Check("ok" if said == "ok" else "failed", name, str(said)) for name, said in parts.items()]
    return [server, *needs, *(_provider(name, state) for name, state in providers.items())]


def _get(url: str) -> tuple[int, dict[str, Any]]:
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
        connection.request("GET", f"{parts.path.rstrip('/')}/api/health/ready")
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
    """A provider that fails is left out for a while: its breaker is open."""
    state: State = "ok" if breaker == "closed" else "warning"
    return Check(state, f"AI: {name}", "answers" if state == "ok" else f"has failed lately (breaker {breaker})")
