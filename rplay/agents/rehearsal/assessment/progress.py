"""How far the advisor has come with the four objectives, by what was really done so far."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rplay.agents.rehearsal.assessment.doubts import care_for_doubt
from rplay.agents.rehearsal.assessment.evidence import take, without_tampering
from rplay.agents.rehearsal.assessment.record import Record
from rplay.agents.rehearsal.assessment.talk import Talk, talk_of
from rplay.agents.rehearsal.tables import table
from rplay.agents.types import OBJECTIVES, Message

_WELL = 70


def measured(messages: Sequence[Message]) -> dict[str, Any]:
    """Numbers from 0 to 100, a word to the advisor, and the reason for each number that the last line brought down."""
    talk = talk_of(without_tampering(messages)[0])
    levels, kinds = _levels(talk)
    now, before = levels[-1], levels[-2] if len(levels) > 1 else levels[-1]
    progress: dict[str, Any] = {name: round(now[name]) for name in OBJECTIVES}
    progress["explanation"] = _explanation(now, len(talk.turns))
    fallen = {name: _reason(name, kinds) for name in OBJECTIVES if round(now[name]) < round(before[name])}
    return progress | ({"decreaseReason": fallen} if fallen else {})


def _levels(talk: Talk) -> tuple[list[Mapping[str, float]], list[str]]:
    """The numbers before the first line and after each, and what the last line showed."""
    record, seen, topics = Record(), Counter[str](), 0
    levels: list[Mapping[str, float]] = [dict.fromkeys(OBJECTIVES, 0.0)]
    kinds: list[str] = []
    for at in range(len(talk.turns)):
        kinds = [*take(talk, at, record), *care_for_doubt(talk, at)]
        kinds += ["topic"] * (len(record.topics) - topics)
        topics = len(record.topics)
        levels.append({name: _moved(levels[-1][name], name, kinds, seen) for name in OBJECTIVES})
        seen.update(kinds)
    return levels, kinds


def _moved(level: float, objective: str, kinds: Sequence[str], seen: Mapping[str, int]) -> float:
    losses = table("progress")["losses"][objective]
    lost = float(sum(losses.get(kind, 0) for kind in kinds))
    # A line that presses or belittles earns nothing, however it is wrapped.
    won = 0.0 if lost else sum(_won(objective, kinds, seen))
    return min(100.0, max(0.0, level + won - lost))


def _won(objective: str, kinds: Sequence[str], seen: Mapping[str, int]) -> Iterator[float]:
    for kind, (points, times) in table("progress")["points"][objective].items():
        fresh = min(kinds.count(kind), max(0, times - seen.get(kind, 0)))
        yield points * fresh


def _reason(objective: str, kinds: Sequence[str]) -> str:
    texts = table("progress")
    losses = texts["losses"][objective]
    worst = max((kind for kind in kinds if kind in losses), key=lambda kind: losses[kind])
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
    """The first objective, in the order of a talk, that lags behind."""
    return next((name for name in OBJECTIVES if now[name] < _WELL), None)
