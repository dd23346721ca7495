"""Makes the client's next line."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rplay.agents.ending import Ended
from rplay.agents.persona.life import Life
from rplay.agents.rehearsal.client import objections, presumed, secret, trouble
from rplay.agents.rehearsal.client.answers import answer, answers, onward, subjects_named
from rplay.agents.rehearsal.client.aside import about_the_talk
from rplay.agents.rehearsal.client.claims import confirmed
from rplay.agents.rehearsal.client.jargon import to_jargon
from rplay.agents.rehearsal.client.known import best_known
from rplay.agents.rehearsal.client.moment import Moment
from rplay.agents.rehearsal.client.offers import to_proposal
from rplay.agents.rehearsal.client.particular import particular, wants_the_start
from rplay.agents.rehearsal.client.reactions import before_answer, reaction, to_statement
from rplay.agents.rehearsal.client.recap import read_back
from rplay.agents.rehearsal.client.repertoire import CERTAIN, LIKELY, asks_surely, of_statement
from rplay.agents.rehearsal.client.small import asks_for_language, to_address, to_greeting
from rplay.agents.rehearsal.client.state import says_nothing
from rplay.agents.rehearsal.client.statements import given_of, statements_of
from rplay.agents.rehearsal.client.steps import goodbye, takes_leave
from rplay.agents.rehearsal.client.story import background_of, content
from rplay.agents.rehearsal.client.turns import talk_of
from rplay.agents.rehearsal.client.unkind import to_belittling
from rplay.agents.rehearsal.client.wary import looked_at
from rplay.agents.rehearsal.client.words import bare, ended, sentences
from rplay.agents.rehearsal.profile import own_words
from rplay.agents.rehearsal.reading import forms
from rplay.agents.rehearsal.reading.types import Act
from rplay.agents.types import Message, Scene

MOST_SENTENCES = 4
LONGEST = 600
_SURE = 0.5  # from this score on a question is about the client's life, whatever else the line says


@dataclass(frozen=True, slots=True)
class Line:
    text: str
    ended: Ended | None = None


def next_line(scene: Scene, life: Life, messages: Sequence[Message]) -> Line:
    """Return the client's next line. It is a pure function: the same scene, life and messages always give the same
    line."""
    talk = talk_of(life, messages, own_words(scene.profile))
    statements = statements_of(scene.profile)
    moment = Moment(life, scene.difficulty, talk, background_of(scene.profile), statements, given_of(scene.profile))
    if talk.waits or not talk.turns:
        return Line(_finished(moment, _unprompted(moment)))
    said, end = _said(moment)
    lead = trouble.in_english(moment) if moment.reading.language == "en" else ""
    return Line(f"{lead} {_finished(moment, said)}".strip(), end)


def _unprompted(moment: Moment) -> list[str]:
    """Return the first line of a talk, or a further line of a client who has spoken last."""
    if moment.talk.opening or moment.turns:
        return [moment.say("silence.notice"), moment.say("silence.last")][: 1 if moment.number < 2 else 2]
    style = moment.life.style
    if moment.difficulty == "advanced" and style.warm < 60:
        hello = moment.say("greeting.first_wary")
    else:
        hello = moment.say("greeting.first_terse" if style.terse > 65 else "greeting.first")
    return [hello, moment.reason_for_coming()]


def _said(moment: Moment) -> tuple[list[str], Ended | None]:
    if trouble.has_left(moment):
        return trouble.after_leaving(moment)
    if moment.reading.language != "en":
        return trouble.foreign(moment), None
    said, end = trouble.to_breach(moment)
    if said:
        return said, end
    if moment.does("role_attack"):
        return trouble.to_attack(moment), None
    if moment.does("insult"):
        return trouble.to_insult(moment)
    if moment.number and takes_leave(moment):
        return goodbye(moment)
    if said := trouble.taken_back(moment):
        return [*said, *(_conversation(moment) if _goes_on(moment) else [])], None
    if says_nothing(moment.turn) and (moment.does("silence", "filler") or moment.state.silent > 1):
        return trouble.to_silence(moment)
    if moment.turn.belittles and not moment.turn.asked:
        return to_belittling(moment)
    if moment.does("off_topic") and all(one.score < _SURE for one in moment.turn.asked):
        return trouble.to_straying(moment), None
    return _conversation(moment), None


def _conversation(moment: Moment) -> list[str]:
    if said := looked_at(moment):
        return said
    if said := read_back(moment):
        return said
    if said := presumed.corrected(moment) or presumed.confirmed_status(moment):
        return said
    if said := about_the_talk(moment) or secret.asked_for(moment):
        return said
    if not moment.does(*_CARES) and (said := to_jargon(moment)):
        return said
    handled = [] if moment.does("reflect") or _explains_a_term(moment) else objections.handled(moment)
    hello = (
        to_greeting(moment)[:1]
        if moment.number == 0 and not moment.talk.opening and moment.does("greet", "introduce")
        else []
    )
    if said := to_address(moment):
        return [*hello, *said, *_beside_address(moment)]
    surely = asks_surely(moment) and not wants_the_start(moment)
    said = [] if surely else presumed.guessed(moment) or to_statement(moment)
    if handled and said:
        return [*handled, *(said if moment.does("summarise", "next_step") else [])]
    if said:
        doubts = objections.raised(moment, said) if moment.does("propose") and not moment.does("summarise") else []
        return [*(hello if not _greets_too(moment) else []), *said, *doubts]
    if not surely and (said := particular(moment)):
        return [*hello, *((handled if moment.does(*_DEALS) else []) or before_answer(moment))[:1], *said]
    if not surely and (said := of_statement(moment, CERTAIN, explained=False)):
        return [*hello, *said]
    if moment.turn.asked:
        return [*hello, *_answered(moment, handled)]
    if hello and not handled and not _asks_in_vain(moment):
        greets = moment.turn.acts <= _HELLO or not (said := reaction(moment, greeted=True))
        return [*hello, moment.reason_for_coming()] if greets else [*hello, *said]
    in_vain = _asks_in_vain(moment)
    said = handled or ([] if in_vain else reaction(moment)) or of_statement(moment, LIKELY) or _at_a_loss(moment)
    return [*hello, *said, *objections.raised(moment, said)]


def _goes_on(moment: Moment) -> bool:
    asks = any(one.question for one in moment.reading.sentences)
    return bool(moment.turn.asked) or asks or moment.does(*_GOES_ON)


_CARES = ("summarise", "apologise", "goodbye")
_GOES_ON = ("propose", "explain", "next_step", "compare")


def _beside_address(moment: Moment) -> list[str]:
    """Return the answer to a question after the one about how to call the client, or in which language to talk."""
    if asks_for_language(moment):
        return []
    asked = [
        one
        for one in moment.turn.asked
        if not re.search(
            r"\bcall you\b|\bgo by\b|\bor \w+\?|prefer|\bshorter\b|prefiere|espa[ñn]ol|\benglish\b|hablemos"
            r"|deutsch|\bname\b|\bshort\b|\bsay (?:it|that) right\b",
            one.text.lower(),
        )
    ]
    return answer(moment, asked[-1]) if asked else []


def _explains_a_term(moment: Moment) -> bool:
    """Return whether an explanation deserves more words than a doubt that was waiting."""
    return moment.does("explain", "propose") and any(one.asks == "check" for one in moment.reading.sentences)


def _greets_too(moment: Moment) -> bool:
    """Return whether the line is only a greeting, which its own reaction answers."""
    return moment.turn.acts <= _HELLO


_HELLO: frozenset[Act] = frozenset({"greet", "introduce", "thank", "small_talk", "acknowledge", "filler"})


def _asks_in_vain(moment: Moment) -> bool:
    """Return whether the line asks something that was not understood, and does nothing else that could be answered."""
    puts = ("propose", "explain", "compare", "disclose", "check", "next_step", "permission", "press", "dismiss")
    asked = any(one.question and one.act in ("ask", "unclear") for one in moment.reading.sentences)
    return asked and not moment.does(*puts)


def _answered(moment: Moment, handled: Sequence[str]) -> list[str]:
    before = list(handled[:1] if moment.does(*_DEALS) else []) or before_answer(moment)
    if before and moment.does("apologise") and not any(forms.asks(one.text) for one in moment.turn.asked):
        return before  # `might cost more, might not` after an apology asks nothing
    holds = any((one.kind, one.aspect) in _REASONS for one in moment.asks)
    doubts = objections.hidden_doubt(moment) if holds else []
    said = [*confirmed(moment), *answers(moment)]
    if not (said or doubts):
        # In the first turn the client says why they came before they evade a question.
        if _is_of_proposal(moment) and (taken := [one for one in to_proposal(moment) if one]):
            return taken
        first = moment.reason_for_coming() if moment.number == 0 else _held_back(moment) or best_known(moment)
        said = [first] if first else _at_a_loss(moment)
    return [*(before if moment.life.style.terse < 75 else []), *doubts, *said]


def _held_back(moment: Moment) -> str:
    """Return a question back if the client knows the answer but does not trust the advisor yet; else an empty text."""
    known = (moment.subject_of(one) for one in moment.asks)
    return moment.say("withhold.reason") if any(one and one.says and not moment.tells(one) for one in known) else ""


def _is_of_proposal(moment: Moment) -> bool:
    """Return whether the last question is what the client thinks of what the line proposes, in whatever words."""
    return moment.does("propose") and not _OF_FACTS.search(bare(moment.turn.asked[-1].text))


_OF_FACTS = re.compile(r"\b(?:he|she|they|your|what|what's|whats|which|why|who|when|where)\b")
_DEALS = ("handle_objection", "answer", "disclose", "reassure")
_REASONS = frozenset({("decision", "holds")})
_HAS = re.compile(
    r"\b(?:do|did|are|have) you (?:ever |also |still )?(?:have|got|had|own|in|on|been|any|use|do)\b|"
    r"\bany \w+$"
)
_KNOWS = re.compile(
    r"\b(?:do|did|would|does|will|is|are|can|has|have|could) (?:you know|that|it|they|this|there|the|he|she|your)\b"
)


def _at_a_loss(moment: Moment) -> list[str]:
    """Return the best answer to a line that was not understood: what was recognised in it, or a question."""
    topic = moment.topic
    asks = any(sentence.question for sentence in moment.reading.sentences)
    if asks and (recalled := moment.recall(moment.reading.text)):
        return [recalled]
    if moment.reading.follow_up and topic and moment.tells(topic):
        more = moment.deeper(topic, "why")
        return [more or moment.say("again.all", topic=topic.name)]
    concept = next(iter(moment.concepts), None)
    named = [one for one in subjects_named(moment) if moment.tells(one)]
    if asks and concept and not named:
        fact = moment.more(*concept.about)
        return [fact or moment.voice.one(concept.doubt, concept.id) or moment.say("advisor_world.dont_know")]
    if len(named) == 1:
        more = moment.new_of(onward(named[0]))
        return [more or moment.say("unclear.one", one=named[0].name)]
    if len({one.name for one in named}) > 1:
        return [moment.say("unclear.which", one=named[0].name, other=named[1].name)]
    text = bare(moment.reading.text)
    if asks and _HAS.search(text):
        return [moment.say("unclear.no")]
    if asks and (_KNOWS.search(text) or re.search(r"\bhow (?:much|many|long|often|far)\b", text)):
        return [moment.say("unclear.unknown")]
    if asks:
        return [moment.say("unclear.none")]
    more = moment.deeper(topic, "why") if topic and moment.tells(topic) else ""
    return [more or moment.say("acknowledge.ask")]


# Completing the line


def _finished(moment: Moment, parts: Sequence[str]) -> str:
    """Return the line: at most a few sentences, none of which was said before in this talk."""
    kept: list[str] = []
    for part in filter(None, parts):
        new = [sentence for sentence in sentences(ended(part)) if _is_new(moment, sentence, kept)]
        new = [sentence for sentence in new if not _is_same_sum(sentence, kept)]
        if not kept or len(kept) + len(new) <= MOST_SENTENCES:
            kept += new
    kept = kept[:MOST_SENTENCES]
    text = " ".join(kept) or _something(moment)
    return text if len(text) <= LONGEST else _cut(text)


def _is_new(moment: Moment, sentence: str, kept: Sequence[str]) -> bool:
    plain = bare(sentence)
    return sentence not in kept and (plain not in moment.memory.said or len(plain.split()) < 4)


def _is_same_sum(sentence: str, kept: Sequence[str]) -> bool:
    """Return whether a sentence names only sums of a thing that this line has named already."""
    sums = set(_SUM.findall(sentence))
    return bool(sums) and any(
        sums <= set(_SUM.findall(one)) and len(content(one) & content(sentence)) > 1 for one in kept
    )


_SUM = re.compile(r"\$[\d,]+")


def _something(moment: Moment) -> str:
    """Return something else from the life, when everything that fits was said before."""
    for subject in moment.life.subjects:
        if subject.reserve == 0 and subject.kind in ("goal", "worry", "decision", "work", "home", "asset", "debt"):
            more = moment.deeper(subject)
            if more:
                return ended(more)
    return ended(moment.say("unclear.none") or moment.say("silence.last") or "I think that's all from my side")


def _cut(text: str) -> str:
    kept = ""
    for sentence in sentences(text):
        if len(kept) + len(sentence) >= LONGEST:
            break
        kept = f"{kept} {sentence}".strip()
    return kept or text[: LONGEST - 1].rsplit(" ", 1)[0] + "…"
