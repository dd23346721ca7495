"""What the client keeps back until the advisor asks for it and has won some trust."""

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
# The rapport from which the client tells hidden details when asked: first about family and work, second about money.
_GATES: Mapping[Difficulty, tuple[float, float]] = {"beginner": (0, 0), "intermediate": (38, 44), "advanced": (38, 52)}
_MONEY = frozenset({"income", "assets", "debts"})


def hidden_topics(scene: Scene) -> frozenset[str]:
    """Return the topics that are hidden at first, among age, family, occupation, income, assets, debts and goals."""
    topics = {entry["hidden_by"]: topic for topic, entry in table("facts").items() if "hidden_by" in entry}
    shown = _SHOWN.get(scene.difficulty, _SHOWN["beginner"])
    return frozenset(topics[detail] for detail in _DETAILS if not scene.visible.get(detail, detail in shown)) - {"name"}


def gate(scene: Scene, topic: str) -> float:
    """Return the rapport from which the client tells this topic."""
    personal, money = _GATES.get(scene.difficulty, _GATES["beginner"])
    return money if topic in _MONEY else personal


def without_secrets(text: str, patterns: Iterable[re.Pattern[str]]) -> str:
    """Return the text without the sentences that match one of the patterns."""
    known = tuple(patterns)
    kept = [piece for piece in sentences(text) if not any(pattern.search(plain(piece)) for pattern in known)]
    return " ".join(kept)
