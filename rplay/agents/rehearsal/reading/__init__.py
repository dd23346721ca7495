"""Reads an advisor's line: its acts, what it asks about, what it proposes, which rules it breaks.

It combines meaning and rules, and reads speech without punctuation as well as writing. With meaning switched on a new
line takes about 10 ms of processor, so run this in a thread; lines read before are cached.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cache, lru_cache

from rplay.agents.persona.life import Life
from rplay.agents.rehearsal.reading import acts, forms
from rplay.agents.rehearsal.reading.about import About, Index, index
from rplay.agents.rehearsal.reading.amounts import amounts
from rplay.agents.rehearsal.reading.compliance import breaches
from rplay.agents.rehearsal.reading.cuts import marked, spoken_pieces
from rplay.agents.rehearsal.reading.language import language
from rplay.agents.rehearsal.reading.purpose import SURE, purpose
from rplay.agents.rehearsal.reading.similarity import nearness
from rplay.agents.rehearsal.reading.tables import table
from rplay.agents.rehearsal.reading.targets import NOTHING, Found, find, supposition
from rplay.agents.rehearsal.reading.text import bare, clauses, sentences, words
from rplay.agents.rehearsal.reading.types import (
    Act,
    Amount,
    Asks,
    Breach,
    Claim,
    FollowUp,
    Reading,
    Sentence,
    Target,
)
from rplay.agents.types import Message

__all__ = ["Act", "Amount", "Asks", "Breach", "Claim", "FollowUp", "Reading", "Sentence", "Target", "read"]


def read(line: str, before: Sequence[Message], life: Life, story: str = "") -> Reading:
    """Return the reading of `line`, said after the messages `before` to a client with this life.

    `story` is the profile's own text.
    """
    known = index(life, story)
    return _read(line, _about(before, known), known)


def _about(before: Sequence[Message], known: Index) -> About:
    about = About()
    for message in before:
        if message["role"] == "user":
            about = _after_advisor(message["content"], about, known)
        elif message["role"] == "assistant":
            about = _after_client(message["content"], about, known)
    return about


@lru_cache(maxsize=4096)
def _after_advisor(line: str, about: About, known: Index) -> About:
    asked = tuple(one.target for one in _read(line, about, known).sentences if one.target and one.score >= SURE)
    after = about.naming(known.person(line, about.people)).after(*asked)
    return replace(after, asked=asked[-1] if asked else None)


@lru_cache(maxsize=4096)
def _after_client(line: str, about: About, known: Index) -> About:
    """Update the topics: `it` now means what the client told last. Subjects that were only mentioned come after the one
    that was asked about."""
    asked = (about.asked,) if about.asked else ()
    after = about.naming(known.person(line, ())).after(*known.mentioned(line), *asked, *known.told(line))
    return replace(after, heard=line)


@lru_cache(maxsize=4096)
def _read(line: str, about: About, known: Index) -> Reading:
    speech = language(line)
    read_ = _sentences(line, about, known)
    told = [sentence for sentence, _ in read_]
    done = frozenset(sentence.act for sentence in told)
    done |= frozenset(act for sentence in told for act in acts.beside(sentence.text))
    return Reading(
        text=line,
        sentences=tuple(told),
        acts=done or frozenset({"silence"}),
        asks=_asks(told),
        breaches=breaches(line),
        amounts=amounts(line),
        concepts=_concepts(told),
        claims=tuple(_claims(told, about, known)),
        follow_up=any(found.follows for _, found in read_) or _takes_up(line, about.heard),
        language=speech,
    )


def _sentences(line: str, about: About, known: Index) -> list[tuple[Sentence, Found]]:
    read_: list[tuple[Sentence, Found]] = []
    supposed: Target | None = None
    written = marked(line)
    for whole in sentences(line):
        spoken = [whole] if written else spoken_pieces(whole)
        pieces = [clause for piece in spoken for clause in clauses(piece)]
        for number, clause in enumerate(pieces):
            # Only the last clause keeps the question mark of its sentence.
            asked = (
                clause + "?"
                if whole.rstrip("\"') ").endswith("?") and number == len(pieces) - 1 and not clause.endswith("?")
                else clause
            )
            sentence, found = _in_place(*_sentence(asked, clause, about, known, supposed), [one for one, _ in read_])
            supposed = supposition(clause, known) or (supposed if not sentence.question else None)
            read_.append((sentence, found))
            about = about.naming(known.person(clause, ()))
            if found.target and sentence.question:
                about = about.after(found.target)
    return read_


def _sentence(marked: str, clause: str, about: About, known: Index, supposed: Target | None) -> tuple[Sentence, Found]:
    question = forms.asks(marked) or _short_ask(clause, about, known)
    tagged = not question and forms.tagged(clause)
    found = find(clause, about, known, supposed) if question or tagged else NOTHING
    if not (question or tagged):
        person = known.person(clause, about.people)
        act, score = acts.of_statement(clause)
        return Sentence(clause, act, person=person.name if person else None, act_score=score), found
    act = _act_of(clause, found)
    kept = found if act in ("ask", "next_step", "small_talk", "press") else NOTHING
    person = known.person(clause, about.people)
    return (
        Sentence(
            clause, act, kept.target, kept.score,
            question=True, open=question and forms.is_open(clause), yes_no=tagged or forms.wants_yes_or_no(clause),
            asks=purpose(clause, act, found, person, known), follow=found.follow,
            person=person.name if person else None,
        ),
        kept,
    )  # fmt: skip


_FEELING = re.compile(
    r"\bhow (?:does|did|do|is|was) (?:that|this|it|all (?:that|this)|you)\b.{0,20}\b(?:feel|sit|land|hit|"
    r"go down|take)\b|"
    r"\bwhat (?:does|did|do|was) (?:that|this|it)\b.{0,12}\b(?:feel like|do to you|like for you|bring up|"
    r"mean to you)\b|"
    r"\bhow (?:do|did) you (?:feel|take|sleep|cope|deal)\b"
)


def _in_place(sentence: Sentence, found: Found, before: Sequence[Sentence]) -> tuple[Sentence, Found]:
    """Return `How does that feel?` as a question for an opinion if a proposal precedes it, else as one about the
    client's own words."""
    unsure = sentence.act == "check" or sentence.asks in ("opinion", "check")
    if not (sentence.question and unsure and _FEELING.search(bare(sentence.text))):
        return sentence, found
    if any(one.act in _PUT or (one.act == "explain" and not _OF_THEM.match(bare(one.text))) for one in before):
        return sentence, found
    return replace(sentence, act="ask", asks="follow", follow="feel"), found


_PUT: frozenset[Act] = frozenset({"propose", "disclose", "compare", "next_step", "promise", "press"})
_OF_THEM = re.compile(
    r"(?:so |and |okay |right |now )*(?:right now |then )?(?:everything|you|your|he|she|it's all|that)\b"
)


def _act_of(clause: str, found: Found) -> Act:
    act = acts.of_question(clause, found)
    if act != "ask" or not found.target:
        return act
    if (found.target.kind, found.target.aspect) == ("self", "how_are_you"):
        return "small_talk"
    return "next_step" if (found.target.kind, found.target.aspect) == ("meeting", "next") else "ask"


_NO_ASK: frozenset[Act] = frozenset({
    "acknowledge", "filler", "greet", "goodbye", "thank", "apologise", "insult", "role_attack", "off_topic", "dismiss",
    "reassure", "propose", "press", "permission", "next_step",
})  # fmt: skip


def _short_ask(clause: str, about: About, known: Index) -> bool:
    """Return whether the clause asks without the form of a question: `kids`, `and the rate`, `you pull a lot of
    overtime`."""
    text = forms.body(clause)
    count = len(text.split())
    if not 0 < count <= _LONGEST_ASK or acts.ruled(clause) & _NO_ASK or _NOTHING_ASKED.search(text):
        return False
    if supposition(clause, known) and _WONDERS.search(text):
        return True
    if count > 4 and max(nearness("targets", text).values()) < VERY_NEAR:
        return False
    found = find(clause, about, known)
    return found.score >= max(SHORT, acts.nearest(clause) - NEARER) and found.target != _HOW_ARE_YOU


_NOTHING_ASKED = re.compile(r"^(?:forget|skip|leave|never mind|let's|no|not|of)\b|\bof course$")
_LONGEST_ASK = 16  # words of a clause that may ask without the form of a question
_WONDERS = re.compile(r"\b(?:who|who's|what|how|where|would|could|then what)\b")
SHORT, NEARER, VERY_NEAR = 0.5, 0.3, 0.8
_HOW_ARE_YOU = Target("self", "how_are_you", "self")


def _asks(told: Iterable[Sentence]) -> tuple[Target, ...]:
    return tuple(dict.fromkeys(one.target for one in told if one.question and one.target))


def _concepts(told: Iterable[Sentence]) -> tuple[str, ...]:
    spoken = " ".join(bare(one.text) for one in told if not one.question)
    return tuple(name for name, found in _spoken_as().items() if found.search(spoken))


@cache
def _spoken_as() -> Mapping[str, re.Pattern[str]]:
    """Return the pattern of each concept. They are more than Python keeps of those that are not compiled beforehand."""
    return {name: re.compile(expression) for name, expression in table("concepts").items()}


_ABOUT_CLIENT = re.compile(r"\b(?:you|your|you're|you've|you'd|yours|he's|she's|he|she|his|her)\b")
_STATES = re.compile(r"^(?:so|and|okay|then|remind me|let me|which means)\b")


def _claims(told: Iterable[Sentence], about: About, known: Index) -> Iterable[Claim]:
    """Yield the advisor's statements about the client that contain figures or want the client to confirm them."""
    for one in told:
        if (forms.asks(one.text) and not amounts(one.text)) or one.act in ("explain", "propose", "disclose", "compare"):
            continue
        figures = amounts(one.text)
        stated = forms.tagged(one.text) or one.act in ("summarise", "reflect") or _STATES.search(bare(one.text))
        if (
            _ABOUT_CLIENT.search(bare(one.text))
            and (figures or stated)
            and not forms.form("opens", f"{forms.body(one.text)} ")
        ):
            yield Claim(one.target or find(one.text, about, known).target, one.text, figures)


def _takes_up(line: str, heard: str) -> bool:
    """Return whether the line repeats enough of the longer words that the client has just said."""
    mine = {word for word in words(line) if len(word) > 4}
    theirs = {word for word in words(heard) if len(word) > 4}
    return len(mine & theirs) >= 1 and len(mine) > 0 and len(mine & theirs) / len(mine) >= 0.25
