"""What the client remembers of the talk: what they told, what they were asked, and which doubts they raised."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from rplay.agents.persona.life import Life, Objection, Subject
from rplay.agents.rehearsal.client.turns import Talk, Turn
from rplay.agents.rehearsal.client.words import bare, sentences, suffixes
from rplay.agents.rehearsal.reading.types import Target


@dataclass(frozen=True, slots=True)
class Told:
    """A sentence of the life that the client has said. `turn` is -1 for the first line of the talk."""

    subject: str
    aspect: str
    place: int  # index among the sentences of the aspect
    turn: int


@dataclass
class Memory:
    """`said` holds the client's sentences as plain words, `told` the facts among them, the latest last."""

    said: set[str] = field(default_factory=set)
    told: list[Told] = field(default_factory=list)
    asked: Counter[Target] = field(default_factory=Counter)
    last_asked: Target | None = None
    # the ids of raised objections, with the turn in which each came up
    raised: dict[str, int] = field(default_factory=dict)

    def has_told(self, subject: Subject, aspect: str, place: int | None = None) -> bool:
        return any(
            one.subject == subject.id and one.aspect == aspect and (place is None or one.place == place)
            for one in self.told
        )

    def just_told(self, turn: int) -> list[Told]:
        """Return the facts in the client's latest line before this turn."""
        return [one for one in self.told if one.turn == turn - 1]


def remembered(life: Life, talk: Talk) -> Memory:
    memory = Memory()
    facts, objections = _facts(life), {bare(one.text): one.id for one in life.objections}
    _hear(memory, talk.opening, -1, facts, objections)
    for number, turn in enumerate(talk.turns):
        _hear(memory, turn.answer, number, facts, objections)
        if number + 1 < len(talk.turns):
            _note_asked(memory, turn)
    return memory


def _note_asked(memory: Memory, turn: Turn) -> None:
    asked = list(turn.targets)
    memory.asked.update(asked)
    if asked:
        memory.last_asked = asked[-1]


def _hear(
    memory: Memory,
    answer: Sequence[str],
    number: int,
    facts: Mapping[str, tuple[str, str, int]],
    objections: Mapping[str, str],
) -> None:
    for sentence in answer:
        memory.said.add(bare(sentence))
        for text in suffixes(sentence):
            if text in objections:
                memory.raised.setdefault(objections[text], number)
            if text in facts:
                memory.said.add(text)
                memory.told.append(Told(*facts[text], number))
                break


def _facts(life: Life) -> dict[str, tuple[str, str, int]]:
    """Return for every sentence of the life, as plain words, its subject, its aspect, and its index in the aspect."""
    return {plain: place for subject in life.subjects for plain, place in _sentences(subject)}


def _sentences(subject: Subject) -> Iterator[tuple[str, tuple[str, str, int]]]:
    for aspect, said in subject.says.items():
        for place, text in enumerate(said):
            for piece in sentences(text):
                yield bare(piece), (subject.id, aspect, place)


def objection_of(life: Life, id_: str) -> Objection | None:
    return next((one for one in life.objections if one.id == id_), None)


def ids(subjects: Iterable[Subject]) -> frozenset[str]:
    return frozenset(one.id for one in subjects)
