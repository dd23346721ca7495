"""Holds a demo talk with the rehearsal: a generated client, a scripted trainee, the coach's help, and the review."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import gevent
from gevent.threadpool import ThreadPool

from rplay import briefing
from rplay.agents import client, expert
from rplay.agents.chain import Chain
from rplay.agents.observed import Observed
from rplay.agents.persona.life import Life
from rplay.agents.types import Message, Parameter, Scene
from rplay.data import DataFiles
from rplay.db import fusion
from rplay.db.ai_usage import Use
from rplay.db.simulations import Simulation
from rplay.demo.people import Planned
from rplay.reviews import making

XP = 25  # points for each line of the learner, as in the web frontend
WELL = 70  # progress from which an objective counts as reached
_HELPED_BELOW = 0.75  # skill from which on learners no longer ask the coach
_GREETING: Message = {"role": "system", "content": "Initial greeting"}


@dataclass(frozen=True)
class Turn:
    """A message with its time. With `coach` it is not part of the talk with the client."""

    role: str
    content: str
    at: datetime
    coach: bool = False

    def kept(self) -> dict[str, Any]:
        turn = {"role": self.role, "content": self.content, "timestamp": self.at.isoformat(timespec="milliseconds")}
        return {**turn, "coach": True} if self.coach else turn


@dataclass
class Held:
    planned: Planned
    profile: dict[str, Any]
    life: Life
    began: datetime
    turns: list[Turn] = field(default_factory=list)
    progress: dict[str, Any] = field(default_factory=dict)
    reached: dict[str, datetime] = field(default_factory=dict)  # when each objective was reached
    uses: list[Use] = field(default_factory=list)
    review: dict[str, Any] = field(default_factory=dict)
    fidelity: dict[str, int] = field(default_factory=dict)

    @property
    def ended(self) -> datetime:
        return self.turns[-1].at + timedelta(seconds=20)

    @property
    def seconds(self) -> int:
        return round((self.ended - self.began).total_seconds())

    @property
    def said(self) -> list[Message]:
        """Return the messages between advisor and client."""
        return [_GREETING, *(_message(turn) for turn in self.turns if not turn.coach)]

    @property
    def lines(self) -> list[Turn]:
        """Return the learner's messages to the client."""
        return [turn for turn in self.turns if turn.role == "user" and not turn.coach]

    @property
    def asked_the_coach(self) -> list[Turn]:
        return [turn for turn in self.turns if turn.coach]

    def note(self, call: Observed) -> None:
        at = self.turns[-1].at if self.turns else self.began
        use = (call.agent, call.provider, call.model, call.usage.tokens_in, call.usage.tokens_out)
        self.uses.append(Use(at, self.planned.learner.id, *use, call.first_token_ms, call.ms, call.outcome))


def _message(turn: Turn) -> Message:
    return {"role": "user" if turn.role == "user" else "assistant", "content": turn.content}


def hold(planned: Planned, chain: Chain, data: DataFiles, parameters: Sequence[Parameter], pause: float) -> Held:
    """Hold a talk from the greeting to the review, with `pause` seconds between two turns in which others can use
    the CPU.
    """
    scene, held = _met(planned, data, parameters)
    chain = chain.for_request(held.note)
    _hear(held, chain, scene)
    for number, line in enumerate(_apply(_script, planned)):
        gevent.sleep(pause)
        if number == 7 and planned.skill < _HELPED_BELOW and planned.number % 2:
            _ask_the_coach(held, chain, scene)
        said = _apply(_spoken, line, held.said, planned, held.profile["name"])
        _say(held, "user", said, 8 + 0.45 * len(said.split()))
        if _hear(held, chain, scene):
            break
    gevent.sleep(pause)
    held.review = making.made(chain, data, parameters, _as_stored(held), held.said, planned.difficulty, held.life)
    held.fidelity = _apply(_fidelity, held.life, held.said)
    return held


def _met(planned: Planned, data: DataFiles, parameters: Sequence[Parameter]) -> tuple[Scene, Held]:
    """Create the client. Return the scene and the talk that begins."""
    industry, subcategory = planned.learner.about.split("/")
    wish = briefing.wish(data, parameters, industry, planned.difficulty, subcategory)
    profile, life = _apply(_client, wish, planned.number)
    ids = data.competencies_for(industry, subcategory)
    scene = briefing.scene(
        data,
        parameters,
        profile,
        industry,
        planned.difficulty,
        fusion=fusion.named(briefing.fusion_names(profile, {})),
        life=life,
        subcategory=subcategory,
        competencies=[one["name"] for one in data.competencies() if one["id"] in ids],
        role_label=wish.industry_settings.get("aiRoleLabel"),
        role_description=wish.industry_settings.get("aiRoleDescription"),
    )
    return scene, Held(planned, profile, life, datetime.now(UTC) - planned.age)


def _hear(held: Held, chain: Chain, scene: Scene) -> bool:
    """Add the client's next line to the talk and update the progress. Return True if the client ended the talk."""
    reply = client.reply(chain, scene, held.said)
    _say(held, "assistant", reply.message, 3 + 0.35 * len(reply.message.split()))
    if reply.progress:
        held.progress = dict(reply.progress)
        for name, level in reply.progress.items():
            if isinstance(level, int) and level >= WELL:
                held.reached.setdefault(name, held.turns[-1].at)
    return reply.ended is not None


def _ask_the_coach(held: Held, chain: Chain, scene: Scene) -> None:
    question = "What should I ask next, and what have I missed so far?"
    advice = expert.advise(chain, scene, [*held.said, {"role": "user", "content": question}])
    _say(held, "user", question, 12, coach=True)
    _say(held, "assistant", advice.message, 25, coach=True)


def _say(held: Held, role: str, content: str, seconds: float, *, coach: bool = False) -> None:
    """Add a message, sent this many seconds after the previous one."""
    last = held.turns[-1].at if held.turns else held.began
    held.turns.append(Turn(role, content, last + timedelta(seconds=seconds), coach))


def _as_stored(held: Held) -> Simulation:
    """Return the talk as the review needs it, before it is stored in the database."""
    industry, subcategory = held.planned.learner.about.split("/")
    return Simulation(
        id=UUID(int=0),
        simulation_id=held.planned.key,
        user_id=held.planned.learner.id,
        industry=industry,
        subcategory=subcategory,
        difficulty=held.planned.difficulty,
        client_profile=held.profile,
        conversation_history=[],
        objectives_completed=[],
        started_at=held.began,
        completed_at=held.ended,
        total_xp=0,
        performance_review=None,
        duration_seconds=None,
    )


def _apply(work: Any, *given: Any) -> Any:
    """Run work in a thread, so that requests are served meanwhile. Its imports happen in that thread too."""
    pool: ThreadPool = gevent.get_hub().threadpool
    return pool.apply(work, given)


def _client(wish: Any, seed: int) -> tuple[dict[str, Any], Life]:
    from rplay.agents.persona.make import life_of
    from rplay.agents.rehearsal.generator.profiles import generate

    profile = generate(wish, seed)
    return profile, life_of(profile, wish.industry, wish.subcategory, wish.difficulty)


def _script(planned: Planned) -> Any:
    from rplay.demo.trainee import script

    return script(planned.skill, planned.random)


def _spoken(line: Any, said: Sequence[Message], planned: Planned, client_name: str) -> str:
    from rplay.demo.trainee import spoken

    return spoken(line, said, planned.learner.name, client_name, planned.learner.about)


def _fidelity(life: Life, said: Sequence[Message]) -> dict[str, int]:
    from rplay.agents.fidelity import measured

    return asdict(measured(life, said))
