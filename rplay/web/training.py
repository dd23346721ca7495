"""Field types of training talks, and what an AI agent is told about one."""

from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator

from rplay.agents.types import Difficulty, Message, Parameter, Scene
from rplay.db import fusion, parameters
from rplay.web.body import Body, Json, JsonList, JsonObject, Text, problem
from rplay.web.parts import parts

DIFFICULTIES: tuple[Difficulty, ...] = ("beginner", "intermediate", "advanced")
ROLES = frozenset({"system", "user", "assistant"})


def difficulty_of(value: object) -> Difficulty | None:
    """One of the three, in any case or as a number: 1, 2, 3 and more. None for anything else."""
    if isinstance(value, str):
        value = value.strip().lower()
        value = int(value) if value.isascii() and value.isdigit() and len(value) < 10 else value
    if isinstance(value, bool):
        return None
    if isinstance(value, (int, float)) and value >= 1 and int(value) == value:
        return DIFFICULTIES[min(int(value), 3) - 1]
    return value if value in DIFFICULTIES else None


def _difficulty(value: object) -> Difficulty:
    found = difficulty_of(value)
    if found is None:
        raise problem("Invalid difficulty")
    return found


def _turns(turns: list[Any]) -> list[Any]:
    for turn in turns:
        if not (isinstance(turn, dict) and isinstance(turn.get("role"), str) and isinstance(turn.get("content"), str)):
            raise ValueError("a turn has a role and a content")
    return turns


def _known_roles(turns: list[Any]) -> list[Any]:
    if any(turn["role"] not in ROLES for turn in turns):
        raise ValueError("unknown role")
    return turns


def _not_empty(turns: list[Any]) -> list[Any]:
    if not turns:
        raise ValueError("no messages")
    return turns


def _names(things: object) -> object:
    """Competencies, areas: names, or objects that have one."""
    if not isinstance(things, list):
        return things
    return [str(thing.get("name") or thing.get("id") or "") if isinstance(thing, dict) else thing for thing in things]


DifficultyLevel = Annotated[Difficulty, BeforeValidator(_difficulty)]
# What the frontend saves: turns with whatever else it keeps on them.
Turns = Annotated[JsonList, AfterValidator(_turns)]
# What an agent is asked to go on with.
Messages = Annotated[Turns, AfterValidator(_known_roles), AfterValidator(_not_empty)]
Names = Annotated[list[Text], BeforeValidator(_names)]


class SimulationSettings(Body):
    industry: Text | None = None
    subcategory: Text | None = None
    difficulty: Json = None
    competencies: Names | None = None
    focus_areas: Names | None = None
    ai_role_label: Text | None = None
    ai_role_description: Text | None = None
    simulation_id: Text | None = None


class Talk(Body):
    """A talk so far, as both chats are asked to go on with it."""

    messages: Messages
    client_profile: JsonObject
    simulation_settings: SimulationSettings
    personality_settings: JsonObject | None = None
    emotional_state: JsonObject | None = None
    objectives: JsonList | None = None
    session_id: Text | None = None


def messages_of(turns: list[Any]) -> list[Message]:
    """The turns without what the frontend keeps on them."""
    return [{"role": turn["role"], "content": turn["content"]} for turn in turns]


def scene_of(talk: Talk) -> Scene:
    """What the client and the coach know."""
    chosen = talk.simulation_settings
    difficulty = difficulty_of(chosen.difficulty) or "beginner"
    personality = talk.personality_settings or {}
    return Scene(
        profile=talk.client_profile,
        industry=chosen.industry or "",
        difficulty=difficulty,
        subcategory=chosen.subcategory,
        competencies=chosen.competencies or (),
        focus_areas=chosen.focus_areas or (),
        role_label=chosen.ai_role_label,
        role_description=chosen.ai_role_description,
        personality=personality,
        emotional_state=talk.emotional_state or {},
        fusion=fusion.named([str(personality[key]) for key in _FUSED if personality.get(key)]),
        visible=visible_details(chosen.industry or "", difficulty),
        objectives=[objective for objective in talk.objectives or () if isinstance(objective, dict)],
        parameters=steering(),
    )


_FUSED = ("archetype", "mood", "communicationStyle", "quirk")


def visible_details(industry: str, difficulty: Difficulty) -> dict[str, bool]:
    """Which details of the profile a client of this difficulty tells right away."""
    levels = parts().data.difficulty_settings().get(industry, {})
    visible: dict[str, bool] = levels.get(difficulty, {}).get("visibleDetails", {})
    return visible


def steering() -> list[Parameter]:
    """The parameters that admins steer the agents with."""
    return [Parameter(row.name, row.type, row.value, row.description) for row in parameters.steering()]
