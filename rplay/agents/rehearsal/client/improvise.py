"""Makes up answers to questions that neither the client's story nor the life answers, from the form of the question.

The details are derived from the client and the words of the question, so that the same question always gets the same
answer. The answer is empty if nothing may be made up (a figure that the life knows, a relative that the client does not
have, health), or if the question cannot be parsed cleanly.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from rplay.agents.persona.life import Kind, Life
from rplay.agents.rehearsal.client.asked import asked
from rplay.agents.rehearsal.client.clause import Asked
from rplay.agents.rehearsal.client.details import details
from rplay.agents.rehearsal.client.inflection import AUXILIARIES
from rplay.agents.rehearsal.client.off_limits import is_off_limits
from rplay.agents.rehearsal.client.said_back import Told, told
from rplay.agents.rehearsal.client.spoken_of import names_in
from rplay.agents.rehearsal.client.story import content
from rplay.agents.rehearsal.client.tables import pattern, table
from rplay.agents.rehearsal.client.voice import Voice, digest
from rplay.agents.rehearsal.client.words import bare, capital
from rplay.agents.rehearsal.reading.text import clauses, sentences

_SLOT = re.compile(r"\{(\w+)\}")
_AGREES = re.compile(r"\[([^\]|]+)\|([^\]]+)\]")
_WARY = 30  # with less trust than this an advanced client asks back


def improvised(
    question: str,
    life: Life,
    voice: Voice,
    *,
    trust: int = 50,
    story: Sequence[str] = (),
    earlier: Sequence[str] = (),
    line: str = "",
) -> str:
    """Return a believable answer to a question of the advisor, and note it in the voice; empty if there is none.

    `story` holds the sentences of the profile's story, which the answer must not contradict. `earlier` holds the
    advisor's lines before this one, because a repeated question must get the same answer. `line` is the whole line,
    because the question may be one half of an either-or question.
    """
    names = names_in(life, story, line or question)
    question = _with_its_head(question, line)
    if halves := _halves(question, line or question):
        return "" if _is_told(halves, life, story) else _one_of(halves, life, voice, names)
    for clause, found in _questions(question, life.first_name):
        one = _Question(clause, found, life, names)
        if not is_off_limits(clause, found, life, story):
            return _answer(one, voice, trust, earlier)
    return ""


_HEAD = re.compile(r"\b(?:what|which|whose|how (?:much|many))(?: \w+){1,6}$")


def _with_its_head(question: str, line: str) -> str:
    """Return the question with its beginning, if only the end was read as a question: `what part of that sixty do you
    need`."""
    asked_ = bare(question)
    before = next((bare(one).partition(asked_)[0].strip() for one in sentences(line) if asked_ in bare(one)), "")
    head = _HEAD.search(before)
    inverted = asked_.split(" ", 1)[0] in AUXILIARIES
    joins = head and inverted and not any(word in AUXILIARIES for word in head[0].split())
    return f"{head[0]} {question}" if head and joins else question


# Either-or questions, such as `does that leave you short or does it come out even`

_OR_ELSE = re.compile(
    r" or (?=(?:is|was|were|are|did|do|does|have|has|would|will) "
    r"(?:it|that|he|she|they|you|the|there|your|this|somebody|someone)\b)"
)


def _halves(question: str, line: str) -> list[str]:
    """Return the two halves of an either-or question that contains this one; an empty list if there is none."""
    asked_ = bare(question)
    whole = next((bare(one) for one in sentences(line) if asked_ in bare(one)), asked_)
    return [half.strip() for half in _OR_ELSE.split(whole, maxsplit=1)] if _OR_ELSE.search(whole) else []


_KNOWN_KINDS: frozenset[Kind] = frozenset({"work", "income", "asset", "debt", "home", "cover", "child", "children"})


def _is_told(halves: Sequence[str], life: Life, story: Sequence[str]) -> bool:
    """Return whether the life or the story may know which half is true."""
    text = f" {' '.join(halves)} "
    if re.search(r"\b(?:employ\w+|rents?|own|salar\w+|contracts?)\b", text):
        return True
    known = (word for one in life.subjects if one.kind in _KNOWN_KINDS for word in one.words if len(word) > 4)
    words = content(text)
    return any(f" {bare(word)} " in text for word in known) or any(words & content(one) for one in story)


def _one_of(halves: Sequence[str], life: Life, voice: Voice, names: frozenset[str]) -> str:
    """Return one of the two halves as a statement. It is said only once, whichever half is asked first."""
    found = [(half, one) for half in halves for one in [_last(half, life.first_name)] if one]
    questions = [_Question(half, one, life, names) for half, one in found if one.form == "yes_no"]
    if not questions or any(is_off_limits(one.text, one.asked, life, ()) for one in questions):
        return ""
    chosen = min(questions, key=lambda one: one.number)
    clause, behind = chosen.told.slots["clause"], "as far as I remember" if chosen.asked.past else "mostly"
    text = f"{capital(clause)}, {behind}."
    whole = len(clause.split()) > (2 if chosen.asked.verb == "be" else 1) and not re.match(
        r"\w+ \w+ (?:I|we|he|she|they)\b", clause
    )
    return _noted(voice, text) if whole and voice.is_new(text) else ""


def _last(half: str, first_name: str) -> Asked | None:
    pieces = _pieces(half, first_name)
    return asked(pieces[-1], first_name) if pieces else None


def _questions(line: str, first_name: str) -> list[tuple[str, Asked]]:
    """Return the questions of a line that can be parsed, the last one first, because that is the one to answer."""
    marked = "?" in line
    asking = [one for one in sentences(line) if not marked or "?" in one]
    found = [(piece, asked(piece, first_name)) for one in asking for piece in _pieces(one, first_name)]
    return [(piece, one) for piece, one in reversed(found) if one]


def _pieces(sentence: str, first_name: str) -> list[str]:
    """Return the sentence, or its single questions if it has several."""
    if asked(sentence, first_name):
        return [sentence]
    parts = clauses(sentence)
    last = f"{parts[-1].rstrip('?')}?" if parts and "?" in sentence else ""
    return [*parts[:-1], last or parts[-1]] if parts else []


@dataclass(frozen=True)
class _Question:
    text: str
    asked: Asked
    life: Life
    names: frozenset[str]

    @cached_property
    def told(self) -> Told:
        return told(self.asked, self.life, self.names)

    @cached_property
    def number(self) -> int:
        """A number that depends only on the client and the question."""
        return digest(self.life.name, self.life.age, self.asked.form, *sorted(content(self.text)))


def _answer(question: _Question, voice: Voice, trust: int, earlier: Sequence[str]) -> str:
    rule = _rule(question)
    ways = _ways(rule, question) if rule else []
    filled = [text for way in ways if (text := _filled(way, question))]
    if not filled:
        return ""
    if _asked_before(question, earlier):
        return _noted(voice, f"As I said, {_lowered(filled[0])}")
    text = next((one for one in filled if voice.is_new(one)), "")
    return _noted(voice, _wary(text, question, voice, trust) if text else "")


def _noted(voice: Voice, text: str) -> str:
    if text:
        voice.note(text)
    return text


def _wary(text: str, question: _Question, voice: Voice, trust: int) -> str:
    """Return the answer, sometimes with a question back if a client with little trust is asked about private
    matters."""
    wary = trust < _WARY and question.life.difficulty == "advanced" and question.asked.mine
    back = next((one for one in _WHY_ASKED if voice.is_new(one)), "")
    return f"{text} {back}" if wary and back and question.number % 3 == 0 else text


_WHY_ASKED = ("Why do you ask?", "What do you need that for?")
_KEEPS_CAPITAL = re.compile(r"I\b|[A-Z]{2}")


def _lowered(text: str) -> str:
    return text if _KEEPS_CAPITAL.match(text) else text[:1].lower() + text[1:]


def _asked_before(question: _Question, earlier: Iterable[str]) -> bool:
    """Return whether the same question was asked before. `what happened then` counts as new every time."""
    if not any("'" not in word for word in content(question.text)):
        return False
    return any(
        found == question.asked for line in earlier for _, found in _questions_kept(line, question.life.first_name)
    )


@lru_cache(maxsize=4096)
def _questions_kept(line: str, first_name: str) -> tuple[tuple[str, Asked], ...]:
    return tuple(_questions(line, first_name))


# The choice among several sentences for one answer


def _rule(question: _Question) -> Mapping[str, Any] | None:
    rules: Sequence[Mapping[str, Any]] = table("improvise").get(question.asked.form.replace(" ", "_"), ())
    return next((rule for rule in rules if _fits(rule, question)), None)


def _fits(rule: Mapping[str, Any], question: _Question) -> bool:
    one = question.asked
    if "who" in rule and question.told.who not in rule["who"].split("|"):
        return False
    if any(rule.get(key, value) != value for key, value in (("guess", one.guess), ("negative", one.negative))):
        return False
    if "aux" in rule and not re.fullmatch(rule["aux"], one.auxiliary):
        return False
    return all(pattern(rule[key]).search(getattr(one, key)) for key in _SEARCHED if key in rule)


_SEARCHED = ("verb", "rest", "of", "subject", "condition", "still")


def _ways(rule: Mapping[str, Any], question: _Question) -> list[str]:
    """Return the sentences for the answer, for yes or no if the rule distinguishes them, in an order that is fixed for
    this question."""
    ways = rule.get("ways", ())
    if "yes" in rule:
        ways = rule["yes"] if question.number % 100 < rule["lean"] else rule["no"]
    return sorted(ways, key=lambda way: digest(question.number, way))


def _filled(way: str, question: _Question) -> str:
    """Return the way with its slots filled; empty if one of them has no value."""
    slots = question.told.slots | details(question.number, question.life, question.asked)
    values: list[str] = []

    def value(hit: re.Match[str]) -> str:
        known = slots.get(hit[1].lower(), "")
        values.append(known)
        return capital(known) if hit[1][0].isupper() else known

    text = _SLOT.sub(value, way)
    text = _AGREES.sub(lambda hit: hit[1] if question.told.singular else hit[2], text)
    return capital(text) if all(values) else ""


__all__ = ["improvised"]
