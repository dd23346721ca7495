"""Drafts scenarios for trainers, using the same providers that generate clients."""

from collections.abc import Mapping
from typing import Any

from rplay.agents.chain import Answered
from rplay.agents.types import Difficulty, ScenarioWish
from rplay.db.sessions import SignedIn
from rplay.errors import BadRequest
from rplay.training import drafting, scenarios
from rplay.training.scenario import Content
from rplay.web.parts import chain_of, parts
from rplay.web.scenes import steering


def drafted(
    user: SignedIn, text: str, difficulty: Difficulty, industry: str | None, subcategory: str | None
) -> Answered[Content]:
    """Return a drafted scenario, which is not stored. Without an industry the provider chooses the one that fits the
    text. Raise AIError if no provider can draft it.
    """
    scenarios.for_trainers(user)
    kinds = _kinds(parts().data.industry_metadata())
    if industry and f"{industry}/{subcategory or ''}" not in kinds and (subcategory or not _has(kinds, industry)):
        raise BadRequest("Invalid industry")
    wish = ScenarioWish(industry or "", difficulty, subcategory, parameters=steering(), text=text, kinds=kinds)
    return drafting.draft(chain_of(user), wish)


def _has(kinds: Mapping[str, str], industry: str) -> bool:
    return any(kind.partition("/")[0] == industry for kind in kinds)


def _kinds(metadata: Mapping[str, Any]) -> dict[str, str]:
    """Return what can be practised as `industry/subcategory`, each with the description that admins gave it."""
    return {
        f"{industry}/{name}": f"{_named(industry, about)}: {_named(name, one)}. {about.get('aiRoleDescription') or ''}"
        for industry, about in metadata.items()
        for name, one in (about.get("subcategories") or {"": {}}).items()
    }


def _named(key: str, about: Mapping[str, Any]) -> str:
    return str(about.get("displayName") or key)
