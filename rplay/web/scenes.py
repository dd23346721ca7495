"""Collects what the database and the server know about a talk, from which `briefing` builds the agent's scene."""

import time
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from rplay import briefing
from rplay.agents.types import Memory, Parameter, Scene
from rplay.db import fusion, parameters, simulations
from rplay.db.sessions import SignedIn
from rplay.web import lives
from rplay.web.fields.training import Talk, difficulty_of
from rplay.web.parts import parts

SECONDS = 1.0
_steering: dict[str, tuple[float, tuple[Parameter, ...]]] = {}


def scene_of(talk: Talk, user: SignedIn | None, memory: Memory = Memory()) -> Scene:  # noqa: B008
    """Return what client and coach know about the talk."""
    chosen, data = talk.simulation_settings, parts().data
    industry, difficulty = chosen.industry or "", difficulty_of(chosen.difficulty) or "beginner"
    subcategory = chosen.subcategory and data.subcategory_of(industry, chosen.subcategory)
    personality = talk.personality_settings or {}
    learner = user.id if user else None
    profile = talk.client_profile or _kept_profile(chosen.simulation_id, learner)
    return briefing.scene(
        data,
        steering(),
        profile,
        industry,
        difficulty,
        fusion=fusion.named(briefing.fusion_names(profile, personality)),
        life=lives.of_talk(chosen.simulation_id, learner, profile, industry, subcategory, difficulty),
        subcategory=subcategory,
        competencies=chosen.competencies or (),
        focus_areas=chosen.focus_areas or (),
        role_label=chosen.ai_role_label,
        role_description=chosen.ai_role_description,
        personality=personality,
        emotional_state=talk.emotional_state or {},
        objectives=[objective for objective in talk.objectives or () if isinstance(objective, dict)],
        memory=memory,
    )


def _kept_profile(simulation: str | None, learner: UUID | None) -> Mapping[str, Any]:
    """Return the profile stored with the caller's own simulation, for pages that do not send it."""
    return simulations.profile_of(simulation, learner) if simulation and learner else {}


def steering() -> Sequence[Parameter]:
    """Return the parameters with which admins steer the agents. They are cached for a second, so that concurrent talks
    share one query.
    """
    read, found = _steering.get("all", (-SECONDS, ()))
    if time.monotonic() - read >= SECONDS:
        found = tuple(Parameter(row.name, row.type, row.value, row.description) for row in parameters.steering())
        _steering["all"] = time.monotonic(), found
    return found


def forget_steering() -> None:
    """Clear the cache after a change in this process. Other processes see the change within a second."""
    _steering.clear()
