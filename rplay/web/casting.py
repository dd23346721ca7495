"""Finds a client for a new talk: generated now or, if no provider can, pregenerated."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rplay import briefing
from rplay.agents import profile
from rplay.agents.types import Difficulty
from rplay.db import pregenerated_profiles
from rplay.db.sessions import SignedIn
from rplay.errors import AIError, AINotConfigured
from rplay.web import lives
from rplay.web.parts import chain_of, parts
from rplay.web.scenes import steering


@dataclass(frozen=True, slots=True)
class Cast:
    """A client profile with the provider and model that made it. `ahead` is True if it was pregenerated."""

    profile: dict[str, Any]
    provider: str
    model: str
    ahead: bool = False


def client(
    user: SignedIn | None,
    industry: str,
    subcategory: str | None,
    difficulty: Difficulty,
    *,
    focus_areas: Sequence[str] = (),
    existing: Sequence[Mapping[str, Any]] = (),
) -> Cast | None:
    """Return a client; None if none can be generated and none is stored. Raise AINotConfigured if there is no
    provider.
    """
    wanted = briefing.wish(
        parts().data, steering(), industry, difficulty, subcategory, focus_areas=focus_areas, existing=existing
    )
    try:
        made, answered = profile.generate(chain_of(user), wanted)
    except AINotConfigured:
        raise
    except AIError:
        return _made_ahead(industry, subcategory, difficulty)
    lives.wait(made, industry, subcategory, difficulty)
    return Cast(made, answered.provider, answered.model)


def _made_ahead(industry: str, subcategory: str | None, difficulty: Difficulty) -> Cast | None:
    known = subcategory and parts().data.subcategory_of(industry, subcategory)
    kept = pregenerated_profiles.find(industry, known, difficulty)
    return Cast(kept.profile, kept.provider, kept.model, ahead=True) if kept else None
