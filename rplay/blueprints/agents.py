"""/api/agents: calls to single AI agents, and the state of the agents in Azure."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any, NotRequired, get_args

from flask import Blueprint
from pydantic import AfterValidator, Field

from rplay import briefing
from rplay.agents import client, evaluation, expert
from rplay.agents.chain import Answered
from rplay.agents.types import AgentName
from rplay.briefing import messages_of
from rplay.db.sessions import SignedIn
from rplay.errors import AIError, AINotConfigured, BadRequest, NotConfigured, UpstreamFailed
from rplay.web import bounds, casting, shapes, sse
from rplay.web.answers import Answer, ok, respond
from rplay.web.auth import admin_only, public, signed_in_or_legacy
from rplay.web.body import Body, Title, takes, takes_nothing
from rplay.web.bounds import Bytes
from rplay.web.disconnect import while_waited_for
from rplay.web.fields.training import DifficultyLevel, Messages, Names, Talk
from rplay.web.limits import limited
from rplay.web.memories import asked_of
from rplay.web.openapi import responds
from rplay.web.parts import chain_of, parts
from rplay.web.scenes import scene_of, steering
from rplay.web.talk_ends import log_end, logging_end

bp = Blueprint("agents", __name__, url_prefix="/api/agents")

UNAVAILABLE = "Azure AI Agents not available. Use OpenAI fallback."
FAILED = "AI provider failed"
Metadata = dict[str, str]


def _named(things: list[Any]) -> list[Any]:
    if not all(isinstance(thing, dict) or (isinstance(thing, str) and thing.strip()) for thing in things):
        raise ValueError("a competency is an object or a name")
    return things


Rows = Annotated[list[Any], Field(strict=True, max_length=bounds.MANY), Bytes(bounds.LIST)]
Competencies = Annotated[
    list[Any], Field(strict=True, max_length=bounds.FEW), AfterValidator(_named), Bytes(bounds.LIST)
]


class ProfileRequest(Body):
    industry: Title
    difficulty: DifficultyLevel
    subcategory: Title | None = None
    focus_areas: Names | None = None
    existing_profiles: Rows | None = None


class EvaluationRequest(Body):
    messages: Messages
    competencies: Competencies
    difficulty: DifficultyLevel
    rubrics: Rows | None = None


@contextmanager
def _failing_politely(to_learner: bool = True) -> Iterator[None]:
    """Translate AI errors into HTTP errors. `to_learner` is True if the reader is a learner, who can rephrase their
    last line.
    """
    try:
        yield
    except AINotConfigured:
        raise NotConfigured(UNAVAILABLE, fallback=True) from None
    except AIError as error:
        raise UpstreamFailed(error.for_learner(FAILED) if to_learner else FAILED) from None


@bp.get("/health")
@public
@responds(200, bare=True, configured=bool, available=bool, client=shapes.AzureClient, agents=list[shapes.AzureAgent])
def health() -> Answer:
    """Return the state of the agents in Azure."""
    azure = parts().azure
    if azure:
        return respond(azure.health())
    client = {"configured": False, "initialized": False, "error": None}
    agents = [{"name": name, "initialized": False, "agentId": None} for name in get_args(AgentName)]
    return respond({"configured": False, "available": False, "client": client, "agents": agents})


@bp.post("/initialize")
@admin_only
@takes_nothing
@responds(200, agents=list[shapes.InitializedAgent])
def initialize(user: SignedIn) -> Answer:  # noqa: ARG001
    """Look up the agents in Azure again, and create those that are missing or outdated."""
    azure = parts().azure
    if azure is None:
        raise BadRequest("Azure is not configured")
    return ok(agents=azure.initialize())


@bp.post("/chat/client")
@signed_in_or_legacy
@limited("ai", "ai_address", anonymous="ai_anonymous")
@takes(Talk, large=True)
@while_waited_for
@responds(
    200,
    502,
    503,
    message=str,
    objectiveProgress=shapes.Progress | None,
    metadata=Metadata,
    ended=NotRequired[shapes.Ended],
)
def chat_with_client(user: SignedIn | None, body: Talk) -> Answer:
    """Return the client's next line and the progress of the talk."""
    evaluate = parts().settings.enable_ai_evaluation
    asked = asked_of(body, user)
    with _failing_politely():
        reply = client.reply(*asked.call, evaluate=evaluate)
    log_end(user, body, reply.ended)
    asked.keep(reply.progress, reply.answered.provider)
    ended: dict[str, Any] = {"ended": reply.ended} if reply.ended else {}
    return ok(message=reply.message, objectiveProgress=reply.progress, metadata=_by(reply.answered), **ended)


@bp.post("/chat/client/stream")
@signed_in_or_legacy
@limited("ai", "ai_address", anonymous="ai_anonymous")
@takes(Talk, large=True)
@responds(200, 503, kind="text/event-stream", events=shapes.REPLY_EVENTS)
def chat_with_client_stream(user: SignedIn | None, body: Talk) -> Answer:
    """Return the client's next line as a stream."""
    evaluate = parts().settings.enable_ai_evaluation
    asked = asked_of(body, user)
    with _failing_politely():
        events = client.stream(*asked.call, evaluate=evaluate)
    return sse.stream(logging_end(user, body, asked.keeping(events)))


@bp.post("/chat/expert")
@signed_in_or_legacy
@limited("ai", "ai_address", anonymous="ai_anonymous")
@takes(Talk, large=True)
@while_waited_for
@responds(200, 502, 503, message=str, tier=int, metadata=Metadata)
def chat_with_expert(user: SignedIn | None, body: Talk) -> Answer:
    with _failing_politely():
        advice = expert.advise(chain_of(user), scene_of(body, user), messages_of(body.messages))
    return ok(message=advice.message, tier=advice.tier, metadata=_by(advice.answered))


@bp.post("/profile/generate")
@signed_in_or_legacy
@limited("ai", "ai_address", anonymous="ai_anonymous")
@takes(ProfileRequest, large=True)
@while_waited_for
@responds(200, 503, message=str, profile=shapes.Profile, metadata=Metadata)
def generate_profile(user: SignedIn | None, body: ProfileRequest) -> Answer:
    """Return a client profile: generated, or pregenerated if no provider can.

    If there is neither, the response is 503 and the frontend uses a profile of its own.
    """
    existing = [one for one in body.existing_profiles or () if isinstance(one, dict)]
    about = body.industry, body.subcategory, body.difficulty
    try:
        found = casting.client(user, *about, focus_areas=body.focus_areas or (), existing=existing)
    except AINotConfigured:
        found = None
    if found is None:
        raise NotConfigured(UNAVAILABLE, fallback=True)
    message = "Client profile made ahead" if found.ahead else "Client profile generated"
    return ok(message=message, profile=found.profile, metadata={"provider": found.provider, "model": found.model})


@bp.post("/evaluation/review")
@signed_in_or_legacy
@limited("ai", "ai_address", anonymous="ai_anonymous")
@takes(EvaluationRequest, large=True)
@while_waited_for
@responds(200, 502, 503, message=str, review=shapes.ReviewByName, metadata=Metadata)
def review(user: SignedIn | None, body: EvaluationRequest) -> Answer:
    rubrics = [row for row in body.rubrics or () if isinstance(row, dict)]
    competencies = _competencies(body.competencies)
    talk = briefing.transcript(parts().data, steering(), body.messages, body.difficulty, competencies, rubrics)
    with _failing_politely(to_learner=False):
        found = evaluation.review(chain_of(user), talk)
    return ok(message="Review generated", review=found.as_object(), metadata=found.metadata)


def _by(answered: Answered[Any]) -> Metadata:
    return {"provider": answered.provider, "model": answered.model}


def _competencies(given: list[Any]) -> list[dict[str, Any]]:
    """Return competencies as objects; a text stands for the competency with this id or name."""
    known = {one[key]: one for one in parts().data.competencies() for key in ("name", "id")}
    return [one if isinstance(one, dict) else known.get(one, {"name": one}) for one in given]
