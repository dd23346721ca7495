"""Decides what must not be made up: what the life or the story knows, relatives that do not exist, and what is answered
elsewhere."""

import re
from collections.abc import Mapping, Sequence

from rplay.agents.persona.life import Kind, Life
from rplay.agents.rehearsal.client.asking import expressions
from rplay.agents.rehearsal.client.clause import Asked
from rplay.agents.rehearsal.client.story import content
from rplay.agents.rehearsal.client.words import bare

_KIN: Mapping[Kind, str] = {
    "partner": r"\b(?:wife|husband|spouse|fiancée?|girlfriend|boyfriend)\b",
    "child": r"\b(?:son|daughter|kids?|children|boys?|girls?|oldest|youngest|teenager)\b",
}
_SIBLING = re.compile(r"\b(brother|sister)s?\b")
_PARENT = re.compile(r"\b(mother|mom|father|dad|parents)\b")
_PRIVATE = re.compile(rf"\b(?:{expressions('private')})\b")
_FIGURE_FORMS = frozenset({"how much", "how many", "how old"})
_SINCE = {
    "how long": re.compile(r"\b(?:have|had|own|owned|work|worked|live|lived|been)\b"),
    "when": re.compile(r"\b(?:buy|bought|get|got|open|start|begin|take out|move|join|marry|retire)\b"),
}
_ASKS_ADVISOR = re.compile(
    r"\b(?:can|could|may|should|shall|would|do|did|will|am|have) i\b|\bmy (?:fee|fees|plan|idea|offer)\b"
)
_ELSEWHERE = re.compile(expressions("elsewhere"))
# A question with more than two alternatives, as in `was it a letter, a phone call`.
_LISTS = re.compile(
    r"^\W*(?:\w+ ){0,2}(?:is|was|are|were|do|does|did|have) [^,]*,[^,]*(?:, |\bor\b)"
    r"|^\W*(?:is|was) (?:it|that|this) an? [^,]+, an? ",
    re.IGNORECASE,
)


def is_off_limits(question: str, asked: Asked, life: Life, story: Sequence[str]) -> bool:
    """Return whether a made-up answer may contradict something, or the question is answered elsewhere."""
    text = bare(question)
    return (
        any(one.search(text) for one in (_PRIVATE, _ASKS_ADVISOR, _ELSEWHERE))
        or bool(_LISTS.match(question))
        or f"is it {life.first_name.lower()}" in text
        or _lacks_kin(text, life)
        or _has_figure(text, asked, life)
        or _told_figure(text, asked, story)
    )


def _has(life: Life, kind: Kind) -> bool:
    """Return whether the client has a relative of this kind now. The life of a widow also tells of a partner."""
    return any({"age", "since"} & set(one.figures) or kind == "child" for one in life.of_kind(kind))


def _lacks_kin(text: str, life: Life) -> bool:
    """Return whether the question is about a relative whom the client does not have or has lost."""
    if any(re.search(kin, text) and not _has(life, kind) for kind, kin in _KIN.items()):
        return True
    relatives = " ".join(
        said for one in life.of_kind("relatives") for texts in one.says.values() for said in texts
    ).lower()
    if (sibling := _SIBLING.search(text)) and sibling[1] not in relatives:
        return True
    parent = _PARENT.search(text)
    return bool(
        parent
        and re.search(r"\b(?:does|is|will|has|can|would|do|are)\b", text)
        and re.search(r"\b(?:died|passed|gone|late|lost)\b", relatives)
    )


def _has_figure(text: str, asked: Asked, life: Life) -> bool:
    dated = asked.form in _SINCE and bool(_SINCE[asked.form].search(text))
    if not dated and (asked.form not in _FIGURE_FORMS or (asked.form == "how much" and asked.of)):
        return False
    padded = f" {asked.of if asked.form == 'how many' else text} "
    return any(
        any(len(word) > 3 and f" {bare(word)} " in padded for word in one.words)
        for one in life.subjects
        if one.figures
        and one.kind not in ("if", "retirement", "relatives")
        and one.reserve < 2
        and (not dated or "since" in one.figures)
    )


_FIGURE = re.compile(
    r"\d|\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|year|month|week)s?\b", re.IGNORECASE
)


def _told_figure(text: str, asked: Asked, story: Sequence[str]) -> bool:
    """Return whether the story has a figure on this question, which a made-up one would contradict."""
    if not asked.form.startswith(("how long", "how m", "how o", "when")):
        return False
    words = content(text)
    return any(len(words & content(one)) > 1 and _FIGURE.search(one) for one in story)
