"""Tools of the agent that generates client profiles."""

from collections.abc import Mapping
from typing import Any

from rplay.agents.profile import diversity
from rplay.agents.profile_shape import validate_profile
from rplay.agents.tools.base import AgentTool, Objects, texts_of, wish_of
from rplay.agents.types import Call
from rplay.agents.wording import one_line


class GetIndustrySettings(AgentTool):
    """What is known of the industry that the client is wanted for."""

    industry: str
    subcategory: str | None = None

    def run(self, call: Call) -> dict[str, Any]:
        wish = wish_of(call)
        if not _same(self.industry, wish.industry):
            return {"error": f"The only industry known here is {one_line(wish.industry, 200)}."}
        kinds = wish.industry_settings.get("subcategories")
        kind = self.subcategory or wish.subcategory
        found = kinds.get(kind) if isinstance(kinds, Mapping) else None
        more = {"subcategory": texts_of(found)} if isinstance(found, Mapping) else {}
        return {"settings": texts_of(wish.industry_settings), **more}


class GetDifficultySettings(AgentTool):
    """How a client of this difficulty behaves, and what they tell right away."""

    difficulty: str
    industry: str | None = None

    def run(self, call: Call) -> dict[str, Any]:
        wish = wish_of(call)
        if not _same(self.difficulty, wish.difficulty) or not _same(self.industry or wish.industry, wish.industry):
            known = f"{wish.difficulty} in {one_line(wish.industry, 200)}"
            return {"error": f"The only difficulty known here is {known}."}
        return {"settings": texts_of(wish.difficulty_settings)}


class GenerateDiversityParams(AgentTool):
    """An age, a family and a kind of work that profiles of late did not have. Without a list, those known here."""

    recent_profiles: Objects | None = None

    def run(self, call: Call) -> dict[str, Any]:
        return dict(diversity(self.recent_profiles or wish_of(call).existing))


class ValidateProfile(AgentTool):
    """Whether a profile will do, what is wrong with it and what is poor about it."""

    profile: dict[str, Any]

    def run(self, call: Call) -> dict[str, Any]:  # noqa: ARG002
        valid, errors, warnings = validate_profile(self.profile)
        return {"valid": valid, "errors": errors, "warnings": warnings}


def _same(one: str, other: str) -> bool:
    return one.strip().casefold() == other.strip().casefold()
