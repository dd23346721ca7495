"""The background of a profile, as sentences in the client's words."""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from rplay.agents import meaning
from rplay.agents.persona import first_person
from rplay.agents.persona.first_person import Speaker, sex_told
from rplay.agents.rehearsal.client.words import bare, capital, ended

_MOST = 12
ALIKE = 0.55  # two questions count as the same from this similarity on
_COMMON = frozenset({
    "the", "a", "an", "and", "or", "but", "of", "to", "in", "on", "at", "for", "with", "from", "by", "is", "are",
    "was", "were", "be", "been", "have", "has", "had", "i", "my", "me", "you", "your", "it", "its", "that", "this",
    "what", "how", "when", "where", "who", "which", "do", "did", "does", "not", "no", "so", "if", "as", "they",
    "them", "their", "he", "his", "she", "her", "we", "our", "about", "any", "there", "then", "than", "up", "out",
    "all", "more", "one", "two", "get", "got", "think", "know", "like", "just", "really", "would", "could",
    "happened", "happen", "happens", "makes", "made", "make", "feel", "felt", "say", "tell", "mean", "going",
    "came", "come", "back", "next", "before", "after", "thing", "something", "anything", "maybe", "long",
})  # fmt: skip


@lru_cache(maxsize=256)
def story_of(background: str, first_name: str) -> tuple[str, ...]:
    speaker = Speaker(first_name, sex_told(first_name, "", background))
    pieces = [piece for whole in first_person.story(background, speaker) for piece in whole.split(";")]
    return tuple(ended(capital(piece.strip(" ."))) for piece in pieces[:_MOST] if len(piece.split()) > 2)


_LIVES_WITH = re.compile(r"\b(?:one|an?|two|her|his|their)? ?(dog|cat|pet|horse)s? \(([^)]{2,60})\)", re.IGNORECASE)


def background_of(profile: Mapping[str, Any]) -> str:
    animals = "".join(
        f" There's my {kind}, {name}." for kind, name in _LIVES_WITH.findall(str(profile.get("family"))[:400])
    )
    return _background(profile) + animals


def _background(profile: Mapping[str, Any]) -> str:
    found = profile.get("background") or profile.get("story") or profile.get("bio") or ""
    if isinstance(found, Sequence) and not isinstance(found, str):
        found = ". ".join(map(str, found))
    return str(found)[:1500]


@lru_cache(maxsize=4096)
def content(text: str) -> frozenset[str]:
    """Return the stems of the words that are specific to this text."""
    words = (word for word in bare(text).split() if word not in _COMMON and len(word) > 2)
    return frozenset(re.sub(r"(?:ing|ed|es|s|ly|'s)$", "", word) for word in words)


def alike(question: str, other: str) -> bool:
    """Return whether two questions ask the same."""
    if meaning.on():
        return float(meaning.vector(bare(question)) @ meaning.vector(bare(other))) >= ALIKE
    mine, theirs = content(question), content(other)
    return bool(mine & theirs) and len(mine & theirs) >= 0.5 * min(len(mine), len(theirs))


def overlaps(text: str, other: str) -> bool:
    """Return whether two sentences tell the same thing."""
    mine, theirs = content(text), content(other)
    return bool(mine) and len(mine & theirs) >= 0.6 * min(len(mine), len(theirs)) and len(mine & theirs) > 2
