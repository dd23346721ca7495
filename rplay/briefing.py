"""Builds what agents are told about a talk from data files, parameters and arguments, for both web and terminal."""

from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any, TypedDict, Unpack

import orjson

from rplay.agents.persona.life import Life
from rplay.agents.persona.style import style_in
from rplay.agents.types import Difficulty, Memory, Message, Parameter, ProfileWish, Scene, Transcript
from rplay.data import DataFiles

DIFFICULTIES: tuple[Difficulty, ...] = ("beginner", "intermediate", "advanced")
_NAMED = ("archetype", "mood", "communicationStyle", "quirk")
# What the web frontend sends with every talk, whoever the client is.
_CONSTANTS = {"archetype": "analyst", "mood": "confident"}


class Client(TypedDict, total=False):
    """What the server knows about a stored talk; the keys are fields of Transcript."""

    profile: Mapping[str, Any]
    industry: str
    subcategory: str | None
    life: Life | None
    hidden: Sequence[str]


class Chosen(TypedDict, total=False):
    """What was chosen for a talk; the keys are fields of Scene."""

    subcategory: str | None
    competencies: Sequence[str]
    focus_areas: Sequence[str]
    role_label: str | None
    role_description: str | None
    emotional_state: Mapping[str, Any]
    objectives: Sequence[Mapping[str, Any]]
    memory: Memory


def scene(
    data: DataFiles,
    parameters: Sequence[Parameter],
    profile: Mapping[str, Any],
    industry: str,
    difficulty: Difficulty,
    *,
    personality: Mapping[str, Any] | None = None,
    fusion: Sequence[Mapping[str, Any]] = (),
    life: Life | None = None,
    **chosen: Unpack[Chosen],
) -> Scene:
    """Return what client and coach know. `fusion` are the rows of the names in `fusion_names`."""
    personality = _outranked(profile, personality or {})
    style = style_in({**_own_personality(profile), **personality}, fusion)
    level = data.difficulty_setting(industry, difficulty)
    return Scene(
        profile=profile,
        industry=industry,
        difficulty=difficulty,
        personality=personality,
        fusion=fusion,
        visible=level.get("visibleDetails", {}),
        behavior=level.get("clientBehavior") or "",
        rules=data.compliance(),
        parameters=parameters,
        life=life and life.model_copy(update={"style": style}),
        **chosen,
    )


def fusion_names(profile: Mapping[str, Any], personality: Mapping[str, Any]) -> list[str]:
    """Return the names in the fusion model that describe this client."""
    manner = {**_own_personality(profile), **_outranked(profile, personality)}
    return [str(manner[key]) for key in _NAMED if manner.get(key)]


def wish(
    data: DataFiles,
    parameters: Sequence[Parameter],
    industry: str,
    difficulty: Difficulty,
    subcategory: str | None = None,
    *,
    focus_areas: Sequence[str] = (),
    existing: Sequence[Mapping[str, Any]] = (),
) -> ProfileWish:
    """Return what the profile agent is told. `existing` are profiles that the new one should not resemble."""
    return ProfileWish(
        industry=industry,
        difficulty=difficulty,
        subcategory=subcategory and data.subcategory_of(industry, subcategory),
        focus_areas=focus_areas,
        existing=existing,
        industry_settings=data.industry_metadata().get(industry, {}),
        difficulty_settings=data.difficulty_setting(industry, difficulty),
        parameters=parameters,
    )


def transcript(
    data: DataFiles,
    parameters: Sequence[Parameter],
    turns: Sequence[Mapping[str, Any]],
    difficulty: Difficulty,
    competencies: Sequence[Mapping[str, Any]] | None = None,
    rubrics: Sequence[Mapping[str, Any]] | None = None,
    **client: Unpack[Client],
) -> Transcript:
    """Return what the evaluation agent is told. Competencies and rubrics default to those of the data files."""
    assessed = competencies or data.competencies()
    ids = {str(competency["id"]) for competency in assessed if competency.get("id")}
    return Transcript(
        messages=messages_of(turns),
        competencies=assessed,
        difficulty=difficulty,
        rubrics=rubrics or data.rubrics(difficulty, ids or None),
        rubric_hash=_hash(rubrics) if rubrics else data.rubric_hash(),
        parameters=parameters,
        rules=data.compliance(),
        **client,
    )


def difficulty_of(value: object) -> Difficulty | None:
    """Return a difficulty, given by name in any case or as a number: 1, 2, 3 or more. None for anything else."""
    if isinstance(value, str):
        value = value.strip().lower()
        value = int(value) if value.isascii() and value.isdigit() and len(value) < 10 else value
    if isinstance(value, bool):
        return None
    if isinstance(value, (int, float)) and value >= 1 and int(value) == value:
        return DIFFICULTIES[min(int(value), 3) - 1]
    return value if value in DIFFICULTIES else None


def messages_of(turns: Sequence[Mapping[str, Any]]) -> list[Message]:
    """Return the messages without the frontend's own keys, except for the coach mark and the measurements of the
    voice.
    """
    return [_message(turn) for turn in turns]


def _message(turn: Mapping[str, Any]) -> Message:
    plain: Message = {"role": turn["role"], "content": turn["content"]}
    if turn.get("coach") is True:
        plain["coach"] = True
    if isinstance(turn.get("voice"), dict):
        plain["voice"] = turn["voice"]
    return plain


def _outranked(profile: Mapping[str, Any], chosen: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the personality chosen for this talk, without the frontend's constants where the profile has values of
    its own.
    """
    own = _own_personality(profile)
    if {key: chosen.get(key) for key in _CONSTANTS} != _CONSTANTS:
        return chosen
    return {key: value for key, value in chosen.items() if key not in _CONSTANTS or not own.get(key)}


def _own_personality(profile: Mapping[str, Any]) -> Mapping[str, Any]:
    own = profile.get("personality")
    return own if isinstance(own, dict) else {}


def _hash(rubrics: Sequence[Mapping[str, Any]]) -> str:
    return sha256(orjson.dumps(rubrics, option=orjson.OPT_SORT_KEYS)).hexdigest()[:12]
