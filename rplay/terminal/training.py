"""A practice talk without server, database or account, with the same agents and data files."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from rplay import background, briefing
from rplay.agents import build_chain, client, evaluation, expert, profile, progress
from rplay.agents.chain import Chain
from rplay.agents.client import Event
from rplay.agents.persona.make import life_in
from rplay.agents.providers import catalogue
from rplay.agents.review import Review
from rplay.agents.types import Difficulty, Message, Parameter, ProfileWish, Scene
from rplay.config import Settings
from rplay.data import DataFiles
from rplay.errors import StartError
from rplay.runtime.data_store import files_of
from rplay.runtime.openai_key import Key

GREETING: Message = {"role": "system", "content": "Initial greeting"}  # asks the client to speak first
NO_AI = "No AI provider is configured: set OPENAI_API_KEY or OPENAI_BASE_URL, or AI_PROVIDERS=local for a rehearsal."


@dataclass
class Training:
    """One talk: the client, and the messages so far."""

    chain: Chain
    models: dict[str, str]  # model names by provider
    data: DataFiles
    scene: Scene
    level: dict[str, Any]
    messages: list[Message] = field(default_factory=lambda: [GREETING])

    @property
    def client(self) -> str:
        return str(self.scene.profile.get("name") or "The client")

    @property
    def has_begun(self) -> bool:
        return any(message["role"] == "user" for message in self.messages)

    def hear(self, said: str | None = None, voice: Mapping[str, Any] | None = None) -> Iterator[Event]:
        """Yield the client's reply as it arrives; without `said` their first line. A message that gets no reply is not
        kept.

        `voice` are measurements of the message if it was spoken.
        """
        asked = list(self.messages)
        if said:
            line: Message = {"role": "user", "content": said}
            asked.append({**line, "voice": voice} if voice else line)
        for event in client.stream(self.chain, self.scene, asked, evaluate=False):
            if event.type == "complete":
                self.messages = [*asked, {"role": "assistant", "content": event.data["response"]}]
            yield event

    def advise(self, question: str) -> str:
        """Return the coach's answer to a question, in Markdown. The client does not hear it."""
        asked: list[Message] = [*self.messages, {"role": "user", "content": question}]
        return expert.advise(self.chain, self.scene, asked).message

    def progress(self) -> dict[str, Any] | None:
        """Return the progress of the objectives, 0 to 100 each; None if it cannot be measured."""
        return progress.measure(self.chain, self.scene, self.messages, None)

    def review(self) -> Review:
        scene = self.scene
        competencies = [one for one in self.data.competencies() if one["name"] in scene.competencies]
        talk = briefing.transcript(
            self.data,
            scene.parameters,
            self.messages,
            scene.difficulty,
            competencies,
            profile=scene.profile,
            industry=scene.industry,
            life=life_in(scene),
        )
        return evaluation.review(self.chain, talk)


def begin(settings: Settings, industry: str, subcategory: str | None, difficulty: Difficulty) -> Training:
    """Create a client and begin a talk. Raise AIError if no provider can create one."""
    beside = partial(background.run, "ai_provider")
    # Outside the server, which uses gevent's sockets, simultaneous calls would wait for one another.
    settings = settings.model_copy(update={"review_calls": settings.review_calls or "one"})
    chain = build_chain(settings, catalogue.made(settings, Key(settings.openai_api_key).get, beside))
    if not chain.configured:
        raise StartError(NO_AI)
    data = files_of(settings)
    data.lay_out()
    subcategory = _subcategory(data, industry, subcategory)
    wish = briefing.wish(data, _parameters(data), industry, difficulty, subcategory)
    made, _ = profile.generate(chain, wish)
    models = {kind.name: kind.model(settings) for kind in catalogue.PROVIDERS if kind.is_model}
    return Training(chain, models, data, _scene(data, wish, made), dict(wish.difficulty_settings))


def _subcategory(data: DataFiles, industry: str, wanted: str | None) -> str:
    """Return the requested subcategory, or else the industry's first. Raise StartError if it does not exist."""
    industries = data.industry_metadata()
    if industry not in industries:
        raise StartError(f"There is no industry {industry!r}; there are {', '.join(industries)}.")
    known = list(industries[industry].get("subcategories", {})) or ["default"]
    if wanted is not None and wanted not in known:
        raise StartError(f"{industry} has no subcategory {wanted!r}; it has {', '.join(known)}.")
    return wanted or known[0]


def _scene(data: DataFiles, wish: ProfileWish, made: dict[str, Any]) -> Scene:
    ids = data.competencies_for(wish.industry, wish.subcategory)
    return briefing.scene(
        data,
        wish.parameters,
        made,
        wish.industry,
        wish.difficulty,
        subcategory=wish.subcategory,
        competencies=[one["name"] for one in data.competencies() if one["id"] in ids],
        role_label=wish.industry_settings.get("aiRoleLabel"),
        role_description=wish.industry_settings.get("aiRoleDescription"),
    )


def _parameters(data: DataFiles) -> list[Parameter]:
    """Return the shipped parameters. Those that admins changed are in a database, which the terminal does not use."""
    return [
        Parameter(one["name"], category["type"], one.get("value"), one.get("description"))
        for category in data.parameter_defaults()
        for one in category["parameters"]
    ]
