"""The background of a profile, sentence by sentence in the client's own words: found again by what a question means."""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from rplay.agents import meaning
from rplay.agents.persona import first_person
from rplay.agents.persona.first_person import Speaker, sex_told
from rplay.agents.rehearsal.client.tables import pattern, table
from rplay.agents.rehearsal.client.words import bare, capital, ended

_MOST = 12
# Measured on 22 talks: above the first a sentence answers the question, above the second it does where they also share
# a word of weight.
SURE, LIKELY = 0.5, 0.38
ALIKE = 0.55  # of two questions that ask the same in other words
_NEAR_ON_THEME = 0.12
_EVENT = re.compile(
    r"\b(?:last (?:year|fall|spring|summer|winter|month|week)|this (?:year|spring|fall)|ago|since|when|after|"
    r"in (?:january|february|march|april|may|june|july|august|september|october|november|december|the spring)|"
    r"recently|died|moved|sold|told|suggested|letter|offer|wrote|recommended|new|matures|end of the month)\b"
)
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


def found(question: str, story: Sequence[str], least: float = SURE) -> str:
    """The sentence that answers the question; empty when none comes near enough."""
    if not story:
        return ""
    score, best = max((_nearness(question, one), one) for one in story)
    return best if score >= least else ""


def on_theme(question: str, story: Sequence[str], kind: str, aspect: str) -> str:
    """The sentence about what is asked that comes nearest to the question; empty when none is about it."""
    about = theme(kind, aspect)
    near = [(_nearness(question, one), one) for one in story if about and about.search(one)]
    score, best = max(near, default=(0.0, ""))
    return best if score >= _NEAR_ON_THEME else ""


def theme(kind: str, aspect: str) -> re.Pattern[str] | None:
    themes = table("themes")["themes"]
    found = themes.get(f"{kind}.{aspect}") or themes.get(kind)
    return pattern(rf"\b(?:{found})") if found else None


def knows_better(story: Sequence[str], kind: str, aspect: str) -> bool:
    """Whether the background tells of what is asked, so that nothing made up may stand beside it."""
    alone = table("themes")["alone"]
    about = theme(kind, aspect) if kind in alone or f"{kind}.{aspect}" in alone else None
    return bool(about) and any(about.search(one) for one in story if about)


def events(story: Sequence[str]) -> list[str]:
    """What happened lately, as far as the story says, the most telling first."""
    scored = [(len(_EVENT.findall(one.lower())), -at, one) for at, one in enumerate(story)]
    return [one for many, _, one in sorted(scored, reverse=True) if many]


def _nearness(question: str, sentence: str) -> float:
    shared = len(content(question) & content(sentence))
    if not meaning.on():
        return 0.22 * shared
    near = float(meaning.vector(bare(question)) @ meaning.vector(sentence))
    return near + min(0.16, 0.08 * shared)


@lru_cache(maxsize=4096)
def content(text: str) -> frozenset[str]:
    """Stems of the words that carry a meaning of their own."""
    words = (word for word in bare(text).split() if word not in _COMMON and len(word) > 2)
    return frozenset(re.sub(r"(?:ing|ed|es|s|ly|'s)$", "", word) for word in words)


def alike(question: str, other: str) -> bool:
    """Whether two questions ask the same."""
    if meaning.on():
        return float(meaning.vector(bare(question)) @ meaning.vector(bare(other))) >= ALIKE
    mine, theirs = content(question), content(other)
    return bool(mine & theirs) and len(mine & theirs) >= 0.5 * min(len(mine), len(theirs))


def overlaps(text: str, other: str) -> bool:
    """Whether two sentences tell the same thing."""
    mine, theirs = content(text), content(other)
    return bool(mine) and len(mine & theirs) >= 0.6 * min(len(mine), len(theirs)) and len(mine & theirs) > 2
