"""The talk as turns: the advisor's lines with their readings, and the client's answers."""

import re
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from hashlib import blake2b

from gevent.monkey import get_original

from rplay.agents.persona.life import Life
from rplay.agents.rehearsal.client.tables import pattern, table
from rplay.agents.rehearsal.client.words import bare, sentences
from rplay.agents.rehearsal.reading import read
from rplay.agents.rehearsal.reading.acts import ruled
from rplay.agents.rehearsal.reading.gloss import spoken_in
from rplay.agents.rehearsal.reading.stances import belittles, means_no_harm, talks_down
from rplay.agents.rehearsal.reading.types import Act, Asks, Reading, Sentence, Target
from rplay.agents.rehearsal.repertoire import recognised
from rplay.agents.types import Message

_KEPT = 20_000  # limit of cached readings: those of some hundred talks


# Words that a harsh act must contain, so that nobody is accused because a sentence is only similar.
_SOUNDS: Mapping[Act, re.Pattern[str]] = {
    "dismiss": re.compile(
        r"\b(?:(?:not|isn't|hardly) (?:that )?(?:important|relevant|the point)|doesn't matter|don't worry about|"
        r"overthink\w*|just trust me|let's not|never ?mind|forget (?:about )?(?:it|that)|move on|whatever\b(?! \w)|"
        r"too complicated|(?:don't|won't) need to (?:know|understand|read)|relax|calm down|take it personal\w*|"
        r"you wouldn't|not now|boring|silly|small stuff|fine print|skip (?:that|it)|stick to)\b|^(?:yeah )?whatever"
    ),
    "press": re.compile(
        r"\b(?:today|tonight|right now|by (?:friday|monday|tomorrow|the end)|deadline|expires?|last chance|"
        r"definitely need|have to|must|got to|gotta|need to (?:sign|decide|act|move|do)|sign|crazy not|waiting for|"
        r"don't wait|hurry|before (?:it's|the|they|rates?)|too late|only (?:a few|two|one|until)|just do it|"
        r"no brainer|"
        r"no-brainer|be sorry|regret|come on|yes or no|in or out|or not|take it or leave it|make up your mind|all day|"
        r"afford not)\b"
    ),
    "disclose": re.compile(
        r"\b(?:earn|paid|pays? me|commission\w*|fees?|charge\w*|drawbacks?|downsides?|honest\w*|straight|"
        r"should know|"
        r"can't promise|won't promise|don't know|exclud\w*|catch|lie to you|percent|incentive|hear it|"
        r"not a cpa|"
        r"up ?front|transparent|conflict|disclos\w*|truth|against)\b|%"
    ),
    "promise": re.compile(
        r"\b(?:guarantee\w*|promise|can't (?:lose|go wrong)|never (?:lose|lost|had a)|double|sure thing|risk[- ]free|"
        r"no risk|zero risk|for sure|always (?:pays|goes)|certain\w*|trust me|safe as|100 ?(?:%|percent))\b"
    ),
}


# Words that decide what a line does, whatever else it is similar to.
_MEANS: Mapping[Act, re.Pattern[str]] = {
    "propose": re.compile(
        r"\b(?:here's what i(?:'d| would) (?:propose|do|suggest|recommend)|i(?:'d| would) (?:propose|recommend|"
        r"suggest)|"
        r"my (?:recommendation|suggestion|proposal) (?:is|would)|i'd go with|i think you should|you should (?:get|"
        r"buy|go))\b"
    ),
    "dismiss": re.compile(r"\b(?:you're|you are|honestly) overthinking|\bdon't overthink\b"),
}
# Text that only sounds like an insult, because it is about the speaker, a thing, or what the speaker just said.
_OF_ONESELF = re.compile(
    r"\bmy \w+ (?:is|was|are)\b|\b(?:i'm|i am|i was|i feel|call me)\b|\b(?:that|it) was (?:dumb|stupid|rude|silly)\b|"
    r"\b(?:dumb|stupid|silly) (?:joke|question|idea of mine|mistake)\b"
)


_OPINION = re.compile(
    r"\b(?:think|opinion|sounds?|thoughts?|reaction|take on|makes? sense|reasonable|fair|worth|interested|comfortable"
    r"|okay with|feel|appeal\w*|like (?:that|it|this|the idea)|open to|up for|willing|helps?|concerns?|objections?"
    r"|doubts?|work for you|agree|disagree|like to see|do that|sensible|good (?:idea|step)|first step|correct"
    r"|prefer|prefiere\w*|okay|fine|ready|strikes?|lands?|sits?|seems?)\b"
)


def only_reads_as_opinion(sentence: Sentence) -> bool:
    """Return whether a question is only similar to questions for an opinion: `Give me the short version of your
    life`."""
    text = bare(sentence.text)
    if sentence.asks != "opinion" or not sentence.question or pattern(table("heard")["opinion"]["match"]).search(text):
        return False
    return not _OPINION.search(text) or bool(
        re.match(r"(?:so |and |of those )*(?:which|what) (?!do you think(?:$| of | about | so far))", text)
    )


def _asks_flatly(sentence: Sentence) -> bool:
    return sentence.asks is None and sentence.act in _FLAT and offers_two(sentence.text)


def offers_two(text: str) -> bool:
    """Return whether a text without the form of a question offers two answers: `u work alone or got somebody`."""
    return bool(_TWO.search(bare(text)))


_FLAT: frozenset[Act] = frozenset({"explain", "acknowledge", "unclear"})
_TWO = re.compile(
    r"^(?:so |and |ok |okay )*you (?:work|live|own|rent|have|got|pay|buy|do|run|drive|still|both|alone|home|"
    r"here|there|off) [\w' ]+ or [\w' ]+$"
    r"|\b(?:is|are|was|were|does|did) (?:that|it|they|he|she|this) [\w' ]+ or [\w' ]+$"
)
_TELL: frozenset[Asks | None] = frozenset({"life", "story", "detail", "follow", "advisor"})


@dataclass(frozen=True)
class Turn:
    """One line of the advisor. `answer` holds the client's sentences; it is empty for the line to be answered. `spoken`
    is the advisor's language, while the reading is of the English translation if the line was understood."""

    reading: Reading
    answer: tuple[str, ...] = ()
    spoken: str = "en"

    @cached_property
    def acts(self) -> frozenset[Act]:
        """The acts that the advisor certainly performed."""
        text = self.reading.text.lower()
        meant = {act for act, cue in _MEANS.items() if cue.search(text)}
        if self.belittles:
            meant.add("dismiss")
        return frozenset(meant | {act for act in self.reading.acts if self._is_sure(act)})

    @cached_property
    def belittles(self) -> bool:
        """Whether the advisor belittles the client, or what matters to the client."""
        whole = "apologise" not in self.reading.acts and talks_down(
            self.reading.text
        )  # speech may be cut in the middle
        return whole or any(belittles(one) for one in self.reading.sentences)

    def _is_sure(self, act: Act) -> bool:
        if act == "promise" and "apologise" in self.reading.acts:
            return False  # it takes the promise back
        if act in _ASIDE and self.reading.acts & _SUBSTANCE:
            return any(act in ruled(one.text) for one in self.reading.sentences if not one.question)
        if act == "insult":
            meant = (one.text.lower() for one in self.reading.sentences if one.act == act)
            return any(not _OF_ONESELF.search(text) for text in meant)
        return act not in _SOUNDS or any(
            _SOUNDS[act].search(one.text.lower()) and not (act == "dismiss" and means_no_harm(one.text))
            for one in self.reading.sentences
            if one.act == act
        )

    @cached_property
    def asked(self) -> tuple[Sentence, ...]:
        """The questions that want the client to tell something, in order, without those for opinion, permission or
        understanding."""
        meant = (one for one in self.reading.sentences if not talks_down(one.text))
        told = (
            replace(one, asks="detail") if only_reads_as_opinion(one) or _asks_flatly(one) else one for one in meant
        )
        return tuple(asked for one in told if (asked := _as_asked(one)) and not self._relates(asked))

    @property
    def targets(self) -> tuple[Target, ...]:
        """What the questions ask about the client's life, in order."""
        return tuple(one.target for one in self.asked if one.target)

    def _relates(self, sentence: Sentence) -> bool:
        """Return whether a relative clause only looks like a question: `which can be two years` within an
        explanation."""
        return sentence.text.lower().startswith("which ") and "explain" in self.acts and "?" not in sentence.text


# What a line is taken for by similarity alone is nothing beside what it explains, proposes or plans.
_ASIDE: frozenset[Act] = frozenset({"role_attack", "off_topic"})
_SUBSTANCE: frozenset[Act] = frozenset({"explain", "propose", "next_step", "compare", "summarise", "check"})
_BRIEF = 3  # words that say too little by themselves
_SURELY = 0.75  # how likely an entry of the repertoire must be to outdo the reading


def _as_asked(sentence: Sentence) -> Sentence | None:
    """Return the sentence if it wants the client to tell something; None if not."""
    entry, share = recognised(sentence.text)
    few = len(bare(sentence.text).split()) <= _BRIEF
    if entry is None or few or share < _SURELY or entry.asks == (sentence.asks in _TELL):
        return sentence if sentence.asks in _TELL else None
    if entry.asks:
        return replace(sentence, asks="detail")
    return sentence if sentence.question else None


@dataclass(frozen=True, slots=True)
class Talk:
    """The turns of a talk. `opening` is what the client said before the advisor spoke; `waits` says that the client
    spoke last."""

    opening: tuple[str, ...]
    turns: tuple[Turn, ...]
    waits: bool


def talk_of(life: Life, messages: Sequence[Message], story: str = "") -> Talk:
    """Return the talk as turns. `story` is the profile's own text."""
    spoken = [message for message in messages if message["role"] != "system" and message["content"].strip()]
    raw = [message["content"] for message in spoken]
    spoken = [_understood(message) for message in spoken]
    opening: list[str] = []
    turns: list[Turn] = []
    lines: list[str] = []
    key = blake2b(f"{life.name}\x1f{life.age}".encode("utf-8", "replace"), digest_size=16).digest()
    for at, message in enumerate(spoken):
        text = message["content"]
        key = blake2b(key + message["role"].encode() + text.encode("utf-8", "replace"), digest_size=16).digest()
        if message["role"] == "user":
            lines.append(text)
            if at + 1 == len(spoken) or spoken[at + 1]["role"] == "assistant":
                found = _read(key, " ".join(lines), spoken[: at + 1 - len(lines)], life, story)
                turns.append(Turn(found, spoken=spoken_in(raw[at])[0]))
                lines = []
        elif turns:
            turns[-1] = replace(turns[-1], answer=(*turns[-1].answer, *sentences(text)))
        else:
            opening.extend(sentences(text))
    return Talk(tuple(opening), tuple(turns), not spoken or spoken[-1]["role"] == "assistant")


def _understood(message: Message) -> Message:
    """Return the message, with the advisor's words in English if another language is understood."""
    if message["role"] != "user":
        return message
    return {"role": "user", "content": spoken_in(message["content"])[1]}


_readings: OrderedDict[bytes, Reading] = OrderedDict()
# Only threads of the pool take this lock, so it is a real one: a lock of gevent hung when two threads met at it.
_lock = get_original("threading", "Lock")()


def _read(key: bytes, line: str, before: Sequence[Message], life: Life, story: str) -> Reading:
    """Return the reading of a line. It is cached under the talk up to this line, because each answer reads the whole
    talk again."""
    with _lock:
        if key in _readings:
            _readings.move_to_end(key)
            return _readings[key]
    found = read(line, before, life, story)
    with _lock:
        _readings[key] = found
        while len(_readings) > _KEPT:
            _readings.popitem(last=False)
    return found
