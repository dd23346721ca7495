"""What is stored of a talk while it goes on: the progress measured last, and from 60 messages on a summary."""

from collections.abc import Generator, Sequence
from contextlib import closing
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from uuid import UUID

import orjson

from rplay import background
from rplay.agents import summary
from rplay.agents.chain import Chain
from rplay.agents.client import Event
from rplay.agents.types import Memory, Message, Scene
from rplay.agents.wording import spoken
from rplay.briefing import messages_of
from rplay.db import talk_memories
from rplay.db.sessions import SignedIn
from rplay.web.fields.training import Talk
from rplay.web.parts import chain_of
from rplay.web.scenes import scene_of


def _of_talk(simulation: str | None, user: SignedIn | None, messages: Sequence[Message]) -> Memory:
    """Return what was stored for the caller's own simulation. A stored part is used only if these messages begin with
    the ones it was made from.
    """
    kept = talk_memories.of_simulation(simulation, user.id) if simulation and user else None
    if kept is None:
        return Memory()
    lines = spoken(messages)
    summed = kept.summed if _begins(lines, kept.summed, kept.summed_digest) else 0
    measured = _begins(lines, kept.measured, kept.measured_digest)
    return Memory(
        summary=(kept.summary or "") if summed else "",
        summed=summed,
        progress=kept.progress if measured and isinstance(kept.progress, dict) else {},
    )


@dataclass(frozen=True)
class Asked:
    """The arguments for a call of the client, and the simulation in which its results are stored. They are stored only
    for the caller's own simulation.
    """

    chain: Chain
    scene: Scene
    messages: Sequence[Message]
    key: str | None
    simulation: str | None
    user_id: UUID | None

    @property
    def call(self) -> tuple[Chain, Scene, Sequence[Message], str | None]:
        return self.chain, self.scene, self.messages, self.key

    def keep(self, progress: dict[str, Any] | None, provider: str) -> None:
        """Store the progress in the background, and update the summary if it is due. The rehearsal reads the whole
        talk each time and needs no summary.
        """
        if not self.simulation or not self.user_id:
            return
        if progress:
            background.run("talk_progress", self._keep_progress, self.simulation, self.user_id, progress, provider)
        if provider != "local" and summary.due(len(spoken(self.messages))) > self.scene.memory.summed:
            background.run("talk_summary", self._sum_up, self.simulation, self.user_id)

    def keeping(self, events: Generator[Event]) -> Generator[Event]:
        """Pass on the events of a streamed reply and store its results when it is complete."""
        with closing(events):
            for event in events:
                if event.type == "complete":
                    self.keep(event.data["objectiveProgress"], event.data["metadata"]["provider"])
                yield event

    def _keep_progress(self, simulation: str, user_id: UUID, progress: dict[str, Any], provider: str) -> None:
        lines = spoken(self.messages)
        talk_memories.keep_progress(simulation, user_id, progress, len(lines), _digest(lines), provider)

    def _sum_up(self, simulation: str, user_id: UUID) -> None:
        lines = spoken(self.messages)
        summed = lines[: summary.due(len(lines))]
        text = summary.summarise(*self.call)
        talk_memories.keep_summary(simulation, user_id, text, len(summed), _digest(summed))


def asked_of(talk: Talk, user: SignedIn | None, key: str | None = None) -> Asked:
    named = talk.simulation_settings.simulation_id
    messages = messages_of(talk.messages)
    scene = scene_of(talk, user, _of_talk(named, user, messages))
    return Asked(chain_of(user), scene, messages, key, named, user.id if user else None)


def _begins(said: Sequence[Message], count: int, digest: str | None) -> bool:
    return bool(digest) and 0 < count <= len(said) and _digest(said[:count]) == digest


def _digest(said: Sequence[Message]) -> str:
    return sha256(orjson.dumps([(one["role"], one["content"]) for one in said])).hexdigest()[:32]
