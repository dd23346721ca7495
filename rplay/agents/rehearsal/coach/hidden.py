"""What the client keeps to itself until it was asked for and trusts the advisor."""

import re
from collections.abc import Iterable, Mapping

from rplay.agents.rehearsal.tables import table
from rplay.agents.rehearsal.text import plain, sentences
from rplay.agents.types import Difficulty, Scene

_DETAILS = ("name", "age", "familyStatus", "occupation", "income", "assets", "debt", "primaryGoals")
_SHOWN: Mapping[Difficulty, frozenset[str]] = {
    "beginner": frozenset(_DETAILS),
    "intermediate": frozenset({"name", "age", "familyStatus", "occupation"}),
    "advanced": frozenset({"name"}),
}
# Rapport at which a hidden detail is told to somebody who asks; numbers are harder to come by than a family or a job.
_GATES: Mapping[Difficulty, tuple[float, float]] = {"beginner": (0, 0), "intermediate": (38, 44), "advanced": (38, 52)}
_MONEY = frozenset({"income", "assets", "debts"})


def hidden_topics(scene: Scene) -> frozenset[str]:
    """Of name, age, family, occupation, income, assets, debts and goals."""
    topics = {entry["hidden_by"]: topic for topic, entry in table("facts").items() if "hidden_by" in entry}
    shown = _SHOWN.get(scene.difficulty, _SHOWN["beginner"])
    return frozenset(topics[detail] for detail in _DETAILS if not scene.visible.get(detail, detail in shown)) - {"name"}


def gate(scene: Scene, topic: str) -> float:
    """Rapport from which this topic is told."""
    personal, money = _GATES.get(scene.difficulty, _GATES["beginner"])
    return money if topic in _MONEY else personal


def without_secrets(text: str, patterns: Iterable[re.Pattern[str]]) -> str:
    """The sentences that give nothing away."""
    known = tuple(patterns)
    kept = [piece for piece in sentences(text) if not any(pattern.search(plain(piece)) for pattern in known)]
    return " ".join(kept)
