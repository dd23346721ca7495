"""/api/agents: the AI agents, each by itself."""

from typing import Any

from flask import Blueprint

from rplay.agents import profile
from rplay.agents.types import ProfileWish
from rplay.db.sessions import SignedIn
from rplay.errors import AIError, NotConfigured
from rplay.web.answers import Answer, ok
from rplay.web.auth import signed_in_or_legacy
from rplay.web.body import Body, JsonList, Text, takes
from rplay.web.limits import limited
from rplay.web.openapi import answers
from rplay.web.parts import parts
from rplay.web.training import DifficultyLevel, Names, steering

bp = Blueprint("agents", __name__, url_prefix="/api/agents")

UNAVAILABLE = "Azure AI Agents not available. Use OpenAI fallback."


class ProfileRequest(Body):
    industry: Text
    difficulty: DifficultyLevel
    subcategory: Text | None = None
    focus_areas: Names | None = None
    existing_profiles: JsonList | None = None


@bp.post("/profile/generate")
@signed_in_or_legacy
@limited("ai", anonymous="ai_anonymous")
@takes(ProfileRequest, large=True)
@answers(200, 503, message=str, profile=dict[str, Any], metadata=dict[str, str])
def generate_profile(user: SignedIn | None, body: ProfileRequest) -> Answer:  # noqa: ARG001
    """A client; when nobody can make one the frontend takes one of its own."""
    try:
        made, answered = profile.generate(parts().chain, wish_of(body))
    except AIError:
        raise NotConfigured(UNAVAILABLE, fallback=True) from None
    metadata = {"provider": answered.provider, "model": answered.model}
    return ok(message="Client profile generated", profile=made, metadata=metadata)


def wish_of(body: ProfileRequest) -> ProfileWish:
    data = parts().data
    industry: dict[str, Any] = data.industry_metadata().get(body.industry, {})
    levels: dict[str, Any] = data.difficulty_settings().get(body.industry, {})
    return ProfileWish(
        industry=body.industry,
        difficulty=body.difficulty,
        subcategory=body.subcategory,
        focus_areas=body.focus_areas or (),
        existing=[profile for profile in body.existing_profiles or () if isinstance(profile, dict)],
        industry_settings=industry,
        difficulty_settings=levels.get(body.difficulty, {}),
        parameters=steering(),
    )
