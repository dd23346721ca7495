"""The four agents in Azure: looked up by name, and created again if one is missing or differs from our definition."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, NoReturn, TypeVar

import orjson
import structlog
from gevent.lock import Semaphore

from rplay.agents.prompts import prompt
from rplay.agents.providers.foundry import Foundry, fault_of, held
from rplay.agents.providers.policy import Timeouts, persist, within
from rplay.agents.providers.responses import function_of
from rplay.agents.tools import tools_of
from rplay.agents.types import AgentName
from rplay.connections import Beside
from rplay.errors import AIError, AIUnavailable

log = structlog.get_logger()
R = TypeVar("R")

LOOK_UP_SECONDS = 30.0  # seconds until an agent whose look-up failed is looked up again
NO_AGENT = "the server's answer is no agent"
MARK = "rplay_definition"  # key in a version's metadata for the hash of the definition it was created from

NAMES: dict[AgentName, str] = {
    "simulationClient": "simulation-client",
    "profileGeneration": "profile-generation",
    "evaluation": "evaluation",
    "expertGuidance": "expert-guidance",
}
PURPOSES: dict[AgentName, str] = {
    "simulationClient": "You play the client in practice conversations of financial advisors in training.",
    "profileGeneration": "You write client profiles for practice conversations of financial advisors in training.",
    "evaluation": "You assess practice conversations of financial advisors in training.",
    "expertGuidance": "You are the trainer whom financial advisors turn to in the middle of a practice conversation.",
}


@dataclass(frozen=True)
class Version:
    """A version of an agent in Azure. `mark` is the hash of the definition it was created from."""

    id: str
    number: str
    mark: str | None


@dataclass
class Agent:
    """What this process knows of one agent.

    Calls name `version`, so that other servers may use another version of the same agent.
    """

    name: str
    id: str | None = None
    version: str | None = None
    error: AIError | None = None
    failed_at: float = 0
    lock: Semaphore = field(default_factory=Semaphore)

    def forget(self, error: AIError | None = None) -> None:
        self.id = self.version = None
        self.error, self.failed_at = error, time.monotonic()


class Agents:
    def __init__(self, foundry: Foundry, prefix: str, model: str, limits: Timeouts, beside: Beside) -> None:
        self._foundry = foundry
        self._beside = beside
        self._model = model
        self._limits = limits
        self._agents = {agent: Agent(prefix + name) for agent, name in NAMES.items()}

    def initialize(self) -> list[dict[str, Any]]:
        """Look up each agent again. One that fails does not stop the others."""
        until = time.monotonic() + self._limits.whole
        for kind, agent in self._agents.items():
            self._renew(kind, agent, until)
        return [_outcome(kind, agent) for kind, agent in self._agents.items()]

    def reference(self, kind: AgentName, until: float) -> dict[str, str]:
        """Return the reference with which a call names its agent, which is looked up first if nobody has done that yet.

        After a failed look-up calls fail at once, and the next look-up runs in the background: signing in may take
        seconds to fail.
        """
        agent = self._agents[kind]
        if agent.version is None and agent.error is None:
            with held(agent.lock, until):
                if agent.version is None and agent.error is None:
                    self._prepare(kind, agent, until)
        if agent.version is None:
            self._try_again(kind, agent)
        return {"type": "agent_reference", "name": agent.name, "version": str(agent.version)}

    def forget(self, kind: AgentName, error: AIError | None = None) -> None:
        """Have the agent looked up at the next call. After an error this happens in the background, and only after a
        while."""
        self._agents[kind].forget(error)

    def states(self) -> list[dict[str, Any]]:
        return [
            {"name": kind, "initialized": agent.version is not None, "agentId": agent.id}
            for kind, agent in self._agents.items()
        ]

    @property
    def error(self) -> str | None:
        """The first error of an agent that cannot be used; None if all can."""
        return next((str(agent.error) for agent in self._agents.values() if agent.error), None)

    def _try_again(self, kind: AgentName, agent: Agent) -> NoReturn:
        error = agent.error or AIUnavailable(NO_AGENT)
        now = time.monotonic()
        if now - agent.failed_at >= LOOK_UP_SECONDS:
            agent.failed_at = now
            self._beside(self._renew, kind, agent, now + self._limits.whole)
        raise type(error)(str(error))

    def _renew(self, kind: AgentName, agent: Agent, until: float) -> None:
        try:
            with held(agent.lock, until):
                self._prepare(kind, agent, until)
        except AIError as error:
            log.error("azure_agent_failed", agent=kind, name=agent.name, reason=str(error))

    def _prepare(self, kind: AgentName, agent: Agent, until: float) -> None:
        try:
            project = self._foundry.open(until).project
            version = self._look_up(project, agent.name, definition(kind, self._model), until)
        except AIError as error:
            agent.forget(error)
            raise
        agent.id, agent.version, agent.error = version.id, version.number, None
        log.info("azure_agent_ready", agent=kind, name=agent.name, version=agent.version)

    def _look_up(self, project: Any, name: str, wanted: dict[str, Any], until: float) -> Version:
        """Return the agent's latest version if it was created from the wanted definition, else create a new version."""
        mark = fingerprint(wanted)
        body = {"definition": wanted, "metadata": {MARK: mark}}
        known = self._ask(until, lambda options: _latest(project, name, options))
        if known and known.mark == mark:
            return known
        return self._ask(until, lambda options: _version(project.agents.create_version(name, body, **options)))

    def _ask(self, until: float, operation: Callable[[dict[str, Any]], R]) -> R:
        """Call the SDK with our time limits and number of tries in place of its own."""

        def attempt() -> R:
            with within(until):
                left = max(until - time.monotonic(), 0.001)
                connect = min(self._limits.connect, left)
                try:
                    return operation({"retry_total": 0, "connection_timeout": connect, "read_timeout": left})
                except ValueError:  # the answer is not JSON
                    raise AIUnavailable(NO_AGENT) from None

        return persist(attempt, until, self._limits, lambda error, _: fault_of(error))


def definition(kind: AgentName, model: str) -> dict[str, Any]:
    """Return an agent's definition. Client, rubrics and talk are no part of it: they come with each call."""
    return {
        "kind": "prompt",
        "model": model,
        "instructions": prompt("azure").filled(purpose=PURPOSES[kind]),
        "tools": [function_of(tool) for tool in tools_of(kind)],
    }


def _outcome(kind: AgentName, agent: Agent) -> dict[str, Any]:
    found = {"name": kind, "initialized": agent.version is not None}
    return {**found, "error": str(agent.error)} if agent.error else found


def fingerprint(found: dict[str, Any]) -> str:
    return sha256(orjson.dumps(found, option=orjson.OPT_SORT_KEYS)).hexdigest()


def _latest(project: Any, name: str, options: dict[str, Any]) -> Version | None:
    from azure.core.exceptions import ResourceNotFoundError

    try:
        found = project.agents.get(name, **options)
    except ResourceNotFoundError:
        return None
    return _version(found.get("versions", {}).get("latest"))


def _version(found: Any) -> Version:
    try:
        return Version(str(found["id"]), str(found["version"]), (found.get("metadata") or {}).get(MARK))
    except (LookupError, TypeError, AttributeError):
        raise AIUnavailable(NO_AGENT) from None
