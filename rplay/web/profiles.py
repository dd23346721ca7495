"""What the profile agent is told about the client that is wanted."""

from collections.abc import Mapping, Sequence
from typing import Any

from rplay.agents.types import Difficulty, ProfileWish
from rplay.web.parts import parts
from rplay.web.training import steering


def wish(
    industry: str,
    difficulty: Difficulty,
    subcategory: str | None = None,
    focus_areas: Sequence[str] = (),
    existing: Sequence[Mapping[str, Any]] = (),
) -> ProfileWish:
    """`existing` are profiles that the new one should not resemble."""
    data = parts().data
    levels: dict[str, Any] = data.difficulty_settings().get(industry, {})
    return ProfileWish(
        industry=industry,
        difficulty=difficulty,
        subcategory=subcategory and data.subcategory_of(industry, subcategory),
        focus_areas=focus_areas,
        existing=existing,
        industry_settings=data.industry_metadata().get(industry, {}),
        difficulty_settings=levels.get(difficulty, {}),
        parameters=steering(),
    )
