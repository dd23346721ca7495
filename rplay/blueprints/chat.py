"""/api/chat: the client's replies and the coach's advice."""

import re
from typing import Annotated, Any, NotRequired

from flask import Blueprint
from pydantic import AfterValidator

from rplay.agents import client, expert
from rplay.briefing import messages_of
from rplay.db.sessions import SignedIn
from rplay.errors import AIError, AINotConfigured, BadRequest, UpstreamFailed
from rplay.web import client_lines, shapes, sse
from rplay.web.answers import Answer, failed, ok
from rplay.web.auth import admin_only, signed_in
from rplay.web.body import Body, Secret, takes
from rplay.web.client_lines import NO_KEY
from rplay.web.disconnect import while_waited_for
from rplay.web.fields.training import ChatRequest
from rplay.web.limits import limited
from rplay.web.memories import asked_of
from rplay.web.openapi import responds
from rplay.web.parts import chain_of, parts
from rplay.web.scenes import scene_of
from rplay.web.talk_ends import log_end

bp = Blueprint("chat", __name__, url_prefix="/api/chat")

NO_EXPERT = "I'm sorry, I'm having trouble providing guidance right now. Please try asking a more specific question."


def _one_word(key: str) -> str:
    """Refuse a key that cannot be sent in a header, as every call with it would fail."""
    if not re.fullmatch(r"[!-~]+", key.strip()):
        raise ValueError("no key")
    return key.strip()


class NewKey(Body):
    missing = "API key is required"
    api_key: Annotated[Secret, AfterValidator(_one_word)]


class KeyToTest(Body):
    api_key: Secret | None = None


@bp.post("/client-response")
@signed_in
@limited("ai", "ai_address")
@takes(ChatRequest, large=True)
@while_waited_for
@responds(
    200,
    502,
    message=str,
    objectiveProgress=shapes.Progress | None,
    source=str,
    ended=NotRequired[shapes.Ended],
)
def client_response(user: SignedIn, body: ChatRequest) -> Answer:
    """Return the client's next line and the progress of the talk."""
    asked = asked_of(body, user, body.api_key or None)
    try:
        reply = client.reply(*asked.call, evaluate=parts().settings.enable_ai_evaluation)
    except AINotConfigured:
        raise BadRequest(NO_KEY, objectiveProgress=None) from None
    except AIError as error:
        raise UpstreamFailed(error.for_learner(client.TROUBLE), objectiveProgress=None) from None
    log_end(user, body, reply.ended)
    asked.keep(reply.progress, reply.answered.provider)
    ended: dict[str, Any] = {"ended": reply.ended} if reply.ended else {}
    return ok(message=reply.message, objectiveProgress=reply.progress, source=reply.answered.provider, **ended)


@bp.post("/client-response/stream")
@signed_in
@limited("ai", "ai_address")
@takes(ChatRequest, large=True)
@responds(200, kind="text/event-stream", events=shapes.REPLY_EVENTS)
def client_response_stream(user: SignedIn, body: ChatRequest) -> Answer:
    """Return the client's next line as server-sent events while it is generated."""
    return sse.stream(client_lines.events(user, body))


@bp.post("/expert-response")
@signed_in
@limited("ai", "ai_address")
@takes(ChatRequest, large=True)
@while_waited_for
@responds(200, 502, message=str, tier=int, source=str)
def expert_response(user: SignedIn, body: ChatRequest) -> Answer:
    """Return the coach's advice on the learner's last line."""
    try:
        advice = expert.advise(
            chain_of(user), scene_of(body, user), messages_of(body.messages), key=body.api_key or None
        )
    except AINotConfigured:
        raise BadRequest(NO_KEY, tier=3) from None
    except AIError as error:
        raise UpstreamFailed(error.for_learner(NO_EXPERT), tier=3) from None
    return ok(message=advice.message, tier=advice.tier, source=advice.answered.provider)


@bp.post("/set-api-key")
@admin_only
@takes(NewKey)
@responds(200)
def set_api_key(user: SignedIn, body: NewKey) -> Answer:  # noqa: ARG001
    """Store the OpenAI key for calls, in memory only."""
    parts().key.store(body.api_key)
    return ok()


@bp.delete("/set-api-key")
@admin_only
@responds(200)
def forget_api_key(user: SignedIn) -> Answer:  # noqa: ARG001
    """Remove the stored OpenAI key; calls use the configured one again."""
    parts().key.forget()
    return ok()


@bp.post("/test-api-key")
@admin_only
@limited("ai", "ai_address")
@takes(KeyToTest)
@while_waited_for
@responds(200, success=bool, message=str)
def test_api_key(user: SignedIn, body: KeyToTest) -> Answer:  # noqa: ARG001
    """Test the key that was sent, or else the stored one, or else the configured one."""
    key = (body.api_key or "").strip() or parts().key.get()
    if not key:
        raise BadRequest("No API key provided")
    if parts().openai.probe_key(key):
        return ok(message="API key validated successfully")
    return failed(200, "Failed to validate API key. Please check and try again.")
