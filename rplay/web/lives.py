"""The life of a client, kept by the server: made with the profile, given to the simulation, told to nobody."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from pydantic import ValidationError

from rplay.agents.persona.life import VERSION, Life
from rplay.agents.persona.make import facts_digest, life_of
from rplay.agents.types import Difficulty
from rplay.db import client_lives
from rplay.web.parts import parts


def wait(profile: Mapping[str, Any], industry: str, subcategory: str | None, difficulty: Difficulty) -> None:
    """Keeps the life of a generated profile until a simulation is begun with it."""
    about = industry, parts().data.subcategory_of(industry, subcategory), difficulty
    client_lives.wait(facts_digest(profile, *about), life_of(profile, *about).model_dump(mode="json"))


def of_profile(profile: Mapping[str, Any], industry: str, subcategory: str | None, difficulty: Difficulty) -> Life:
    """The life that waits for a simulation with this profile, else one made now."""
    about = industry, parts().data.subcategory_of(industry, subcategory), difficulty
    return _read(client_lives.waiting(facts_digest(profile, *about))) or life_of(profile, *about)


def of_talk(
    simulation: str | None,
    user_id: UUID | None,
    profile: Mapping[str, Any],
    industry: str,
    subcategory: str | None,
    difficulty: Difficulty,
) -> Life:
    """That of the caller's own simulation; of another difficulty, or without one, the profile's."""
    kept = _read(client_lives.of_simulation(simulation, user_id)) if simulation and user_id else None
    if kept and kept.difficulty == difficulty:
        return kept
    return life_of(profile, industry, subcategory, difficulty)


def _read(kept: Any) -> Life | None:
    """None when there is none, or one of a version that is no longer understood."""
    if not isinstance(kept, dict) or kept.get("version") != VERSION:
        return None
    try:
        return Life.model_validate(kept)
    except ValidationError:
        return None
