"""What an agent is told about a talk, with what the database and the server keep of it: `briefing` makes it of that."""

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
    """What the client and the coach know."""
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
    """Whoever the caller's own simulation is with, where a page does not send it along."""
    return simulations.profile_of(simulation, learner) if simulation and learner else {}


def steering() -> Sequence[Parameter]:
    """The parameters that admins steer the agents with. Kept for a second: talks that go on at once share one look."""
    read, found = _steering.get("all", (-SECONDS, ()))
    if time.monotonic() - read >= SECONDS:
        found = tuple(Parameter(row.name, row.type, row.value, row.description) for row in parameters.steering())
        _steering["all"] = time.monotonic(), found
    return found


def forget_steering() -> None:
    """They were changed here; other processes see it within the second."""
    _steering.clear()
