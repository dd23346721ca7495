"""The moment of an answer: the life, the talk so far, the client's memory and feelings, and the voice that words the
answer."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from rplay.agents.persona.given import Given
from rplay.agents.persona.grammar import article, lower_title
from rplay.agents.persona.life import Kind, Life, Subject
from rplay.agents.rehearsal.client.concepts import Concept, concepts_in, general
from rplay.agents.rehearsal.client.facts import deeper
from rplay.agents.rehearsal.client.memory import Memory, Told, remembered
from rplay.agents.rehearsal.client.state import State, state_after
from rplay.agents.rehearsal.client.statements import Statement
from rplay.agents.rehearsal.client.story import overlaps, story_of
from rplay.agents.rehearsal.client.telling import SURE, Answer, answer
from rplay.agents.rehearsal.client.turns import Talk, Turn
from rplay.agents.rehearsal.client.voice import Voice
from rplay.agents.rehearsal.client.words import bare, listed
from rplay.agents.rehearsal.reading.types import Reading, Target
from rplay.agents.types import Difficulty

_TRUST_FOR_PERSONAL: dict[Difficulty, int] = {"beginner": 0, "intermediate": 28, "advanced": 30}
_TRUST_FOR_HIDDEN: dict[Difficulty, int] = {"beginner": 50, "intermediate": 52, "advanced": 52}
_OPENS = {"empathise": "empathy", "reflect": "empathy", "disclose": "drawback", "explain": "explained"}
_REASON = re.compile(
    r"\b(?:reason i(?:'m)? ask|i(?:'m)? ask(?:ing)? because|i'm asking|so (?:that )?i (?:can|don't)|it helps me|"
    r"because (?:i|it|that|the)|in order to)\b"
)

_FOLLOWED = 3  # with this many lines that took up the client's own words, the advisor counts as listening
_NOTHING = Turn(Reading("", (), frozenset()))


@dataclass(frozen=True)
class Moment:
    life: Life
    difficulty: Difficulty
    talk: Talk
    background: str = ""
    statements: Sequence[Statement] = ()
    given: Given | None = None

    @property
    def turns(self) -> Sequence[Turn]:
        return self.talk.turns

    @property
    def reading(self) -> Reading:
        return self.turn.reading

    @property
    def number(self) -> int:
        return len(self.talk.turns) - 1

    @cached_property
    def memory(self) -> Memory:
        return remembered(self.life, self.talk)

    @cached_property
    def state(self) -> State:
        return state_after(self.life, self.difficulty, self.talk.turns)

    @cached_property
    def before(self) -> State:
        """The client's state before the line to be answered."""
        return state_after(self.life, self.difficulty, self.talk.turns[:-1])

    @cached_property
    def voice(self) -> Voice:
        return Voice(f"{self.life.name} {self.life.age}", self.number, set(self.memory.said), self._slots())

    def say(self, key: str, **slots: str) -> str:
        return self.voice.say(key, **slots)

    @property
    def turn(self) -> Turn:
        """The line to be answered."""
        return self.talk.turns[-1] if self.talk.turns else _NOTHING

    def does(self, *acts: str) -> bool:
        return any(act in self.turn.acts for act in acts)

    @cached_property
    def asks(self) -> Sequence[Target]:
        return self.turn.targets

    @cached_property
    def _names(self) -> frozenset[str]:
        """Words that always keep their capital, because they have one within a sentence of the life or the profile."""
        texts = (text for one in self.life.subjects for said in one.says.values() for text in said)
        return frozenset(
            word for text in (*texts, *self.told_texts) for word in re.findall(r"(?<=[a-z,] )[A-Z][\w'’-]+", text)
        )

    def led(self, lead: str, text: str) -> str:
        """Return the text after its lead-in, as one sentence unless the lead-in is a sentence itself."""
        if not lead or not text:
            return text or lead
        first = re.split(r"[ ,.;:]", text, maxsplit=1)[0]
        keeps = lead[-1] in ".!?" or first in self._names or re.match(r"(?:I\b|[A-Z]{2})", first)
        return f"{lead} {text if keeps else text[:1].lower() + text[1:]}"

    # The topic of the talk

    @cached_property
    def topic(self) -> Subject | None:
        """The latest topic: what the client has just told, else what the client was asked."""
        told = self.memory.just_told(self.number)
        if told:
            return self.life.subject(told[-1].subject)
        if self.memory.last_asked:
            return self.subject_of(self.memory.last_asked)
        return self.life.subject(self.memory.told[-1].subject) if self.memory.told else None

    @cached_property
    def concepts(self) -> Sequence[Concept]:
        """Products and terms in this line, special ones first."""
        spoken = concepts_in(self.reading.text)
        return sorted(spoken, key=lambda one: one.id in general())

    @cached_property
    def recent_concepts(self) -> Sequence[Concept]:
        """Products and terms in this line, else those in the latest line that has any."""
        lines = [self.reading.text, *(turn.reading.text for turn in reversed(self.turns[-4:-1]))]
        for line in lines:
            if spoken := sorted(concepts_in(line), key=lambda one: one.id in general()):
                return spoken
        return ()

    @staticmethod
    def asks_anew(text: str) -> bool:
        """Return whether a question asks about other things than those mentioned, as in `any other loans`."""
        return bool(re.search(r"\b(?:other|else|another|besides|more)\b", text))

    def subject_of(self, target: Target) -> Subject | None:
        if target.subject and (subject := self.life.subject(target.subject)):
            return subject
        subjects = [one for one in self.life.of_kind(target.kind) if one.says] or self.life.of_kind(target.kind)
        named = self._named(subjects)
        return named or next((one for one in subjects if one.reserve < 2), subjects[0] if subjects else None)

    def _named(self, subjects: Iterable[Subject]) -> Subject | None:
        text = f" {bare(self.reading.text)} "
        return next((one for one in subjects if any(f" {bare(word)} " in text for word in one.words)), None)

    # The profile's own story

    @cached_property
    def story(self) -> Sequence[str]:
        """The sentences of the story that the client has not told yet."""
        whole = story_of(self.background, self.life.first_name)
        return [one for one in whole if self.voice.is_new(one) and not self._told_like(one)]

    @cached_property
    def told_story(self) -> bool:
        """Whether the client's latest line told something of the background."""
        whole = {bare(one) for one in story_of(self.background, self.life.first_name)}
        return self.number > 0 and any(bare(one) in whole for one in self.turns[-2].answer)

    def ended_on(self, told: Told) -> bool:
        """Return whether the client's latest line ended with this fact."""
        subject = self.life.subject(told.subject)
        last = self.turns[-2].answer[-1:] if self.number > 0 else ()
        said = subject.says.get(told.aspect, ()) if subject else ()
        return any(bare(one) in bare(text) for one in last for text in said)

    def _told_like(self, sentence: str) -> bool:
        return any(overlaps(sentence, one) for turn in self.turns[:-1] for one in turn.answer)

    @cached_property
    def own_texts(self) -> Sequence[str]:
        """The profile's texts that are not hidden, word for word."""
        if self.given is None:
            return ()
        held = (one.text for one in self.given.assets or ())
        return (self.given.occupation, self.given.family, *held, self.given.background, *self.given.concerns,
                *self.given.goals)  # fmt: skip

    @cached_property
    def told_texts(self) -> Sequence[str]:
        """The profile's texts that tell a story, without lists of assets."""
        return (self.given.occupation, self.given.family, self.given.background) if self.given else ()

    @cached_property
    def occupation(self) -> str:
        """The client's occupation as a sentence, in the profile's own words."""
        plain = re.split(r"[,;(]", self.given.occupation)[0].strip() if self.given else ""
        if not re.search(r"[a-z]{3}", plain):
            return ""
        over = re.match(r"(?i)retired ", plain)
        title_ = lower_title(plain[over.end() :] if over else plain)
        owns = re.match(r"owner\b", title_)
        lead = "I was" if over else "I'm"
        if title_ == "self-employed":
            return f"{lead} {title_}"
        return f"{lead} the {title_}" if owns else f"{lead} {article(title_)}"

    @property
    def trusts(self) -> bool:
        return self._trusts_with_personal()

    def told_by_texts(self, question: str) -> Answer:
        """Return the answer that the profile's own texts give to a question."""
        said = [one for turn in self.turns for one in turn.answer]
        led = "" if question == self.reading.text else self.reading.text.partition(question)[0]
        found = answer(question, self.statements, [*self.talk.opening, *said], led)
        shy = found.statement is not None and found.statement.guarded
        return Answer() if shy and not self._trusts_with_personal() else found

    def recall(self, question: str, least: float = SURE) -> str:
        """Return the same answer as text, noted in the voice; empty if it is not certain enough or was said before."""
        found = self.told_by_texts(question)
        if not found.text or found.confidence < least or not self.voice.is_new(found.text):
            return ""
        self.voice.note(found.text)
        return found.text

    def reason_for_coming(self) -> str:
        """Return the reason for the meeting, told only once."""
        first = [text for one in self.life.of_kind("meeting") for text in one.says.get("what", ())[:1]]
        return self.new_of(first) or self.more(("goal", "what"), ("worry", "what"))

    # What the client is willing to tell

    def tells(self, subject: Subject) -> bool:
        if subject.reserve == 2:
            return self.unlocked(subject)
        if subject.reserve == 1:
            return self._trusts_with_personal() or self.asked_before(subject)
        return True

    def _trusts_with_personal(self) -> bool:
        return self.state.trust >= _TRUST_FOR_PERSONAL[self.difficulty]

    def asked_before(self, subject: Subject) -> bool:
        """Return whether the advisor asked about this subject before and gave a reason, so that the client tells it."""
        return any(self.gave_reason(turn.reading) for turn in self.turns[-2:]) and any(
            target.subject == subject.id or target.kind == subject.kind for target in self.memory.asked
        )

    def unlocked(self, subject: Subject) -> bool:
        if any(one.subject == subject.id for one in self.memory.told):
            return True
        return self.opens_up and any(one in self._opened for one in subject.unlock)

    @cached_property
    def opens_up(self) -> bool:
        """Whether the client trusts the advisor enough to tell hidden subjects."""
        pushed = any(turn.acts & {"press", "dismiss", "insult"} for turn in self.turns)
        return self.state.trust >= _TRUST_FOR_HIDDEN[self.difficulty] and not pushed

    @cached_property
    def _opened(self) -> frozenset[str]:
        """What the advisor has done so far that unlocks hidden subjects."""
        opened: set[str] = set()
        for turn in self.turns:
            opened.update(_OPENS[act] for act in turn.acts if act in _OPENS)
            if self.gave_reason(turn.reading):
                opened.add("reason")
        if sum(turn.reading.follow_up for turn in self.turns) >= _FOLLOWED:
            opened.add("follow_up")
        return frozenset(opened)

    @staticmethod
    def gave_reason(reading: Reading) -> bool:
        return bool(_REASON.search(reading.text.lower()))

    # Facts that were not told yet

    def more(self, *wanted: tuple[str, str]) -> str:
        """Return the first sentence of these kinds and aspects that the client has not said; empty if all were told."""
        for kind, aspect in wanted:
            for subject in self.life.subjects:
                fits = subject.kind == kind and subject.reserve < 2 and self.tells(subject)
                if fits and (new := self.new_of(subject.says.get(aspect, ()))):
                    return new
        return ""

    def new_of(self, sentences: Iterable[str]) -> str:
        new = next((one for one in sentences if self.voice.is_new(one)), "")
        if new:
            self.voice.note(new)
        return new

    def deeper(self, subject: Subject, aspect: str = "what") -> str:
        """Return the next sentence to tell about a subject; empty if all was told."""
        return self.new_of(one for _, one in deeper(subject, aspect))

    # Values for the slots of texts

    def _slots(self) -> dict[str, list[str]]:
        life = self.life
        concept = [one.spoken for one in self.recent_concepts[:1]]
        slots = {
            "name": [life.name],
            "first_name": [life.first_name],
            "worry": self._of("worry"),
            "goal": self._of("goal"),
            "debt": self._of("debt"),
            "asset": self._of("asset"),
            "partner": [one.name for one in life.of_kind("partner") if "since" in one.figures or "age" in one.figures][
                :1
            ],
            "topic": [self.topic.name] if self.topic and self.topic.reserve < 2 and _is_noun(self.topic.name) else [],
            "concept": concept,
            "amount": [one.text.strip(" ,.") for one in self.reading.amounts[:1]],
        }
        slots["worry"] = slots["worry"] or slots["goal"]
        slots["goal"] = slots["goal"] or slots["worry"]
        return slots

    def _of(self, kind: Kind) -> list[str]:
        return [self._within(one.name) for one in self.life.of_kind(kind) if one.reserve < 2 and _is_noun(one.name)]

    def _within(self, name: str) -> str:
        """Return a name as it stands within a sentence: `Fees I cannot see` there begins with a small letter."""
        first = re.split(r"[ ,.;:]", name, maxsplit=1)[0]
        keeps = first.removesuffix("'s") in self._names or not first[1:].islower()
        return name if keeps else name[:1].lower() + name[1:]

    def docs(self) -> str:
        """Return the papers that the client can bring."""
        held = [one.name for one in (*self.life.of_kind("asset"), *self.life.of_kind("debt")) if one.reserve == 0]
        return f"the statements for {listed(held[:2])}" if held else "my last pay stub"


def _is_noun(name: str) -> bool:
    """Return whether a name can stand within a sentence: a worry may have a whole clause as its name."""
    return len(name) < 60 and not re.match(r"(?:I|we|it|there|what)\b(?!')", name, re.IGNORECASE)
