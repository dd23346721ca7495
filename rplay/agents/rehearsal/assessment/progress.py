"""How far the advisor has come with the four objectives, as the review would judge the talk so far."""

from collections.abc import Mapping, Sequence
from typing import Any

from rplay.agents.rehearsal.assessment.evidence import gather, without_breaches
from rplay.agents.rehearsal.assessment.record import Record
from rplay.agents.rehearsal.assessment.scoring import score
from rplay.agents.rehearsal.tables import table
from rplay.agents.types import OBJECTIVES, Difficulty, Message
from rplay.agents.wording import spoken

_WELL = 70
# The competency whose current score measures each objective.
COMPETENCY = {
    "rapport": "communication",
    "needs": "needs-assessment",
    "objections": "objection-handling",
    "recommendations": "option-suggestions",
}


def measured(messages: Sequence[Message], difficulty: Difficulty = "beginner") -> dict[str, Any]:
    """Return numbers from 0 to 100, an explanation for the advisor, and the reason for each number that has fallen."""
    said = spoken(messages)
    now, record = _levels(said, difficulty)
    before, _ = _levels(_without_last(said), difficulty)
    progress: dict[str, Any] = {name: round(now[name]) for name in OBJECTIVES}
    progress["explanation"] = _explanation(now, record.turns)
    kinds = _last_kinds(record, said)
    fallen = {name: _reason(name, kinds) for name in OBJECTIVES if round(now[name]) < round(before[name])}
    return progress | ({"decreaseReason": fallen} if fallen else {})


def _levels(said: Sequence[Message], difficulty: Difficulty) -> tuple[Mapping[str, float], Record]:
    record = gather(said).record
    if not record.turns:
        return dict.fromkeys(OBJECTIVES, 0.0), record
    levels = {name: score(key, record, difficulty).level for name, key in COMPETENCY.items()}
    return {name: 100 * (level - 1) / 9 for name, level in levels.items()}, record


def _without_last(said: Sequence[Message]) -> Sequence[Message]:
    """Return the talk as it was at the last measurement: up to the advisor's line before this one."""
    lines = [at for at, one in enumerate(said) if one["role"] == "user"]
    return said[: lines[-2] + 1] if len(lines) > 1 else []


def _last_kinds(record: Record, said: Sequence[Message]) -> list[str]:
    lines = [one for one in said if one["role"] == "user"]
    if broken := without_breaches(lines[-1:])[1]:
        return broken[0].kinds
    last = max((one.at for one in record.moments), default=-1)
    return [one.kind for one in record.moments if one.at == last]


def _reason(objective: str, kinds: Sequence[str]) -> str:
    texts = table("progress")
    weights = texts["losses"][objective]
    worst = max((kind for kind in kinds if kind in weights), key=lambda kind: weights[kind], default="thin")
    return f"Lower because {texts['reasons'][worst]}."


def _explanation(now: Mapping[str, float], turns: int) -> str:
    texts = table("progress")
    if turns < 2:
        return f"{texts['next']['start']} {texts['next']['rapport']}"
    best, weakest = max(OBJECTIVES, key=lambda name: now[name]), _weakest(now)
    if weakest is None:
        return str(texts["next"]["done"])
    lead = f"Furthest along: {best}." if now[best] >= 20 else ""
    return f"{lead} {texts['next'][weakest]}".strip()


def _weakest(now: Mapping[str, float]) -> str | None:
    """Return the first objective, in the order of a talk, that lags behind; None if none does."""
    return next((name for name in OBJECTIVES if now[name] < _WELL), None)
