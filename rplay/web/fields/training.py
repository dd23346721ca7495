"""Field types of practice talks."""

from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field

from rplay import briefing
from rplay.agents.types import Difficulty
from rplay.values import is_storable, storable
from rplay.web import bounds
from rplay.web.body import Body, Json, JsonList, LargeObject, Secret, Short, Text, Title, problem
from rplay.web.bounds import Bytes

DEPTH = 254  # nesting depth up to which orjson writes JSON
STORABLE = Bytes(None)
ROLES = frozenset({"system", "user", "assistant"})
DIFFICULTIES = briefing.DIFFICULTIES
difficulty_of = briefing.difficulty_of


def _difficulty(value: object) -> Difficulty:
    difficulty = difficulty_of(value)
    if difficulty is None:
        raise problem("Invalid difficulty")
    return difficulty


def _turns(turns: list[Any]) -> list[Any]:
    for turn in turns:
        if not (isinstance(turn, dict) and isinstance(turn.get("role"), str) and isinstance(turn.get("content"), str)):
            raise ValueError("a turn has a role and a content")
    return turns


def _said(turns: list[Any]) -> list[Any]:
    """Repair turns whose text cannot be stored, as with half an emoji that a browser cut off. That is no reason to
    refuse a talk.
    """
    return [turn if is_storable(turn["content"]) else {**turn, "content": storable(turn["content"])} for turn in turns]


def _kept(turns: list[Any]) -> Any:
    """Repair all texts of a saved talk that cannot be stored. Otherwise every later save of the talk would be
    refused too.
    """
    try:
        return STORABLE.checked(turns)
    except ValueError:
        return STORABLE.checked(_mended(turns))


def _mended(thing: Any, depth: int = DEPTH) -> Any:
    if isinstance(thing, str):
        return storable(thing)
    if depth and isinstance(thing, list):
        return [_mended(one, depth - 1) for one in thing]
    if depth and isinstance(thing, dict):
        return {storable(name): _mended(one, depth - 1) for name, one in thing.items()}
    return thing


def _known_roles(turns: list[Any]) -> list[Any]:
    if any(turn["role"] not in ROLES for turn in turns):
        raise ValueError("unknown role")
    return turns


def _not_empty(turns: list[Any]) -> list[Any]:
    if not turns:
        raise ValueError("no messages")
    return turns


def _names(things: object) -> object:
    """Return the names of competencies or focus areas, which clients send as texts or as objects with a name."""
    if not isinstance(things, list) or len(things) > bounds.FEW:
        return things
    return [str(thing.get("name") or thing.get("id") or "") if isinstance(thing, dict) else thing for thing in things]


DifficultyLevel = Annotated[Difficulty, BeforeValidator(_difficulty)]
_Turns = Annotated[list[Any], Field(strict=True, max_length=bounds.TURNS), AfterValidator(_turns)]
# What the frontend saves: turns, with any other keys it stores in them.
History = Annotated[_Turns, AfterValidator(_kept)]
# Turns that are to be reviewed, and the messages that an agent continues.
Turns = Annotated[_Turns, AfterValidator(_said), STORABLE]
Messages = Annotated[Turns, AfterValidator(_known_roles), AfterValidator(_not_empty)]
Names = Annotated[list[Title], Field(max_length=bounds.FEW, fail_fast=True), BeforeValidator(_names)]


class SimulationSettings(Body):
    industry: Title | None = None
    subcategory: Title | None = None
    difficulty: Json = None
    competencies: Names | None = None
    focus_areas: Names | None = None
    ai_role_label: Title | None = None
    ai_role_description: Text | None = None
    simulation_id: Short | None = None


class Talk(Body):
    """The talk so far, as client and coach are asked to continue it."""

    messages: Messages
    client_profile: LargeObject
    simulation_settings: SimulationSettings
    personality_settings: LargeObject | None = None
    emotional_state: LargeObject | None = None
    objectives: JsonList | None = None
    session_id: Short | None = None


class ChatRequest(Talk):
    """The talk so far, which may come with the caller's own API key."""

    api_key: Secret | None = None
