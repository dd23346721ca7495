"""A small Azure AI Foundry project for tests: agents by name, their versions, and responses, over real HTTP.

    with FakeFoundry() as fake:
        fake.mode("429", "ok", retry_after="0")     # what calls of /openai/v1/responses meet, as with FakeOpenAI
        fake.broken = {"evaluation": "403"}         # what calls that concern an agent meet, by the end of its name
        fake.wants = [[("get_rubrics", {"difficulty": "beginner"})]]    # tools that are called before the answer

It is as strict as the service: nothing beside an agent's reference that belongs into its definition, a type for each
item, the outputs of exactly the tools that were called.
"""

import json
import re
import time
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

from fakes.openai_server import FLOODS, NEVER, FakeOpenAI, Received, _Cut, _dumped, _Handler

OWNED_BY_THE_AGENT = ("model", "instructions", "tools", "tool_choice", "temperature", "top_p", "text", "reasoning")
USAGE = {"input_tokens": 10, "output_tokens": 5, "total_tokens": 15}


class Identity:
    """Somebody whom the project knows, unless told otherwise. The SDK is imported late here too: it takes seconds."""

    def __init__(self) -> None:
        self.known = True
        self.asked = 0

    def get_token(self, *_: str, **__: Any) -> Any:
        from azure.core.credentials import AccessToken
        from azure.core.exceptions import ClientAuthenticationError

        self.asked += 1
        if not self.known:
            raise ClientAuthenticationError("DefaultAzureCredential failed with secret details")
        return AccessToken("a-token", int(time.time()) + 3600)


def sign_in_as(identity: Identity) -> Callable[[str], Any]:
    """Makes the client of a project, which over plain HTTP takes a key, as the SDK keeps tokens for TLS."""

    def sign_in(endpoint: str) -> Any:
        from azure.ai.projects import AIProjectClient
        from azure.core.credentials import AzureKeyCredential
        from azure.core.pipeline.policies import AzureKeyCredentialPolicy

        policy = AzureKeyCredentialPolicy(AzureKeyCredential("k"), "api-key")
        return AIProjectClient(endpoint, identity, authentication_policy=policy)

    return sign_in


class FakeFoundry(FakeOpenAI):
    def __init__(self) -> None:
        super().__init__()
        self._server.RequestHandlerClass = _FoundryHandler
        self.endpoint = self.url.removesuffix("/v1") + "/api/projects/practice"
        self.broken: dict[str, str] = {}
        self.wants: list[list[tuple[str, Any]]] = []
        self.preamble = ""  # what the model says before it calls tools
        self.agents: dict[str, list[dict[str, Any]]] = {}
        self.responses: dict[str, list[str]] = {}  # the tool calls that each response waits for

    def began(self, call: Received) -> str:
        """Calls that concern an agent do not use up the modes of the others."""
        if call.path.endswith("/openai/v1/responses"):
            return super().began(call)
        kept, self._modes = self._modes, ["ok"]
        try:
            super().began(call)
        finally:
            self._modes = kept
        name = urlsplit(call.path).path.removesuffix("/versions")
        return next((mode for end, mode in self.broken.items() if name.endswith(end)), "ok")

    @property
    def asked(self) -> list[dict[str, Any]]:
        """The bodies of the calls of /responses."""
        return [call.body for call in self.calls if call.path.endswith("/responses")]

    @property
    def made(self) -> list[str]:
        """The names of the agents that got a version, one entry a version, in order."""
        paths = [urlsplit(call.path).path for call in self.calls]
        return [path.split("/")[-2] for path in paths if path.endswith("/versions")]


class _FoundryHandler(_Handler):
    def _answer(self, mode: str, key: str, body: dict[str, Any]) -> None:
        url = urlsplit(self.path)
        path = url.path.removeprefix("/api/projects/practice")
        if mode == "stall":
            self._wait(NEVER)
        if mode in {"stall", "drop"}:
            raise _Cut
        if mode.isdigit():
            return self._error(int(mode), "Something with secret details of the project", None)
        if mode in {"raw", "raw-open"}:
            return self._raw(mode == "raw-open")
        if mode in FLOODS:
            return self._flood(mode, bool(body.get("stream")))
        if mode == "garbage":
            return self._send(200, b"<html>It works!</html>", "text/html")
        if not (key or self.headers.get("api-key")):
            return self._error(401, "Access denied due to missing credentials.", None)
        if path == "/openai/v1/responses":
            return self._respond(mode, body)
        agent = re.fullmatch(r"/agents/([a-z0-9-]+)(/versions)?", path)
        if agent and url.query == "api-version=v1":
            return self._version(agent[1], body) if agent[2] else self._agent(agent[1])
        return self._error(404, f"Resource not found: {self.path}", None)

    def _agent(self, name: str) -> None:
        versions = self.server.fake.agents.get(name)
        if not versions:
            return self._error(404, f"Agent {name} doesn't exist", None)
        return self._json({"object": "agent", "id": name, "name": name, "versions": {"latest": versions[-1]}})

    def _version(self, name: str, body: dict[str, Any]) -> None:
        versions = self.server.fake.agents.setdefault(name, [])
        number = str(len(versions) + 1)
        head = {"object": "agent.version", "id": f"{name}:{number}", "name": name, "version": number}
        versions.append({**head, "created_at": 1_790_000_000, **body})
        self._json(versions[-1])

    def _respond(self, mode: str, body: dict[str, Any]) -> None:
        problem = self._problem(body)
        if problem:
            return self._send(problem[0], json.dumps({"error": problem[1]}).encode(), "application/json")
        response = self._response(mode, body)
        if body.get("stream"):
            return self._stream(mode, response)
        if mode == "slow":
            self._wait(self.server.fake.pause)
        return self._json(response)

    def _problem(self, body: dict[str, Any]) -> tuple[int, dict[str, Any]] | None:
        """Why the service would refuse this request: status and error."""
        fake = self.server.fake
        reference = body.get("agent_reference")
        if reference:
            misplaced = [name for name in OWNED_BY_THE_AGENT if name in body]
            if misplaced:
                return _invalid("Not allowed when agent is specified.", misplaced)
            known = {version["version"] for version in fake.agents.get(reference["name"], [])}
            if reference["type"] != "agent_reference" or reference["version"] not in known:
                return 404, {"code": "not_found", "message": f"Agent {reference['name']} doesn't exist"}
        refused = sorted(name for name in fake.refuses if name in body)
        if refused:
            return _invalid("Unsupported parameter", refused)
        if any("type" not in item for item in body["input"]):
            return _invalid("Invalid value: ''. Supported values are: 'message'", ["input"])
        answered = [item["call_id"] for item in body["input"] if item["type"] == "function_call_output"]
        if answered != fake.responses.get(body.get("previous_response_id"), []):
            return _invalid("No tool output found for function call", ["input"])
        return None

    def _response(self, mode: str, body: dict[str, Any]) -> dict[str, Any]:
        fake = self.server.fake
        number = f"resp_{len(fake.responses) + 1}"
        wanted = self._wanted(mode, body)
        calls = [
            {
                "type": "function_call",
                "id": f"fc_{n}",
                "call_id": f"{number}_call_{n}",
                "name": name,
                "arguments": _dumped(arguments),
            }
            for n, (name, arguments) in enumerate(wanted)
        ]
        fake.responses[number] = [call["call_id"] for call in calls]
        text = fake.preamble if calls else self._text(mode, body)
        content = {"type": "output_text", "text": text, "annotations": []}
        if mode == "refused":
            content = {"type": "refusal", "refusal": "I can't help with that."}
        message = {"type": "message", "id": "msg_1", "role": "assistant", "content": [content]}
        found = {
            "id": number,
            "object": "response",
            "status": "completed",
            "model": "gpt-4o",
            "error": None,
            "usage": USAGE,
        }
        if mode == "filtered":
            found |= {"status": "incomplete", "incomplete_details": {"reason": "content_filter"}}
            message["content"] = []
        if mode == "failed":
            found |= {"status": "failed", "error": {"code": "server_error", "message": "secret details"}}
        return {**found, "output": [*([message] if text or mode != "ok" else []), *calls]}

    def _wanted(self, mode: str, body: dict[str, Any]) -> list[tuple[str, Any]]:
        fake = self.server.fake
        if "tool_choice" in body and fake.arguments is not None:
            return [(body["tool_choice"]["name"], fake.arguments)]
        return fake.wants.pop(0) if fake.wants and mode not in {"empty", "refused"} else []

    def _events(self, mode: str, body: dict[str, Any]) -> Iterator[dict[str, Any]]:
        """Of a whole response: the words one by one, then everything."""
        begun = {**body, "status": "in_progress", "output": []}
        yield {"type": "response.created", "response": begun}
        yield {"type": "response.in_progress", "response": begun}
        for item in body["output"]:
            yield {"type": "response.output_item.added", "item": {**item, "content": []}}
            for part in item.get("content", []):
                kind = "output_text" if part["type"] == "output_text" else "refusal"
                for word in re.findall(r"\S*\s|\S+", part.get("text") or part.get("refusal") or ""):
                    yield {"type": f"response.{kind}.delta", "delta": word}
            yield {"type": "response.output_item.done", "item": item}
        yield {"type": f"response.{body['status']}", "response": body}

    def _break(self, mode: str) -> None:
        if mode == "error":
            self._chunk(b'data: {"type": "error", "code": "server_error", "message": "secret details"}\n\n')
        super()._break("silent" if mode == "silent" else "cut")


def _invalid(message: str, parameters: list[str]) -> tuple[int, dict[str, Any]]:
    details = [{"code": "ValidationError", "message": message, "param": name} for name in parameters]
    return 400, {"code": "invalid_payload", "message": "Invalid payload", "param": None, "details": details}
