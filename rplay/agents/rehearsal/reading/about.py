"""The topics of a talk so far, and the subjects of a life that some words name."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache

from rplay.agents.persona.life import Kind, Life, Subject
from rplay.agents.rehearsal.reading.amounts import amounts
from rplay.agents.rehearsal.reading.people import KIN, Person, meant, named, people, relative
from rplay.agents.rehearsal.reading.text import bare, sentences
from rplay.agents.rehearsal.reading.types import Target

_RECENT = 6
_PASSING = {("self", "how_are_you"), ("self", "name"), ("meeting", "next"), ("meeting", "time"), ("meeting", "contact")}
_PERSONS: frozenset[Kind] = frozenset({"partner", "child", "children", "relatives", "advisor"})
# Kinds that every life has: single words of theirs ("here", "before", "want") occur in any sentence and prove nothing.
_ABSTRACT: frozenset[Kind] = frozenset({
    "self", "if", "lately", "meeting", "decision", "product", "knowledge", "risk", "goal", "worry", "advisor",
})  # fmt: skip
_GENERAL: Mapping[Kind, str] = {"partner": "your wife", "child": "your kid", "relatives": "your family"}
_ACCOUNT = re.compile(r"\b(?:457b?|403b?|tsp|thrift plan)\b")
_ANYBODYS = frozenset({"about", "would", "could", "there", "their", "where", "which", "right", "think"})
# Words that do not name a subject on their own: half of a client's subjects are "the account" or "my loan".
_VAGUE = frozenset({
    "the", "a", "my", "account", "accounts", "loan", "money", "plan", "policy", "insurance", "it", "fund", "funds",
    "debt", "balance",
})  # fmt: skip


@dataclass(frozen=True)
class About:
    """The topics of the talk so far. `recent` holds the last targets asked about and told, `people` the persons
    mentioned, both with the latest first; `heard` is the client's last line."""

    recent: tuple[Target, ...] = ()
    asked: Target | None = None
    heard: str = ""
    people: tuple[Person, ...] = ()

    @property
    def last(self) -> Target | None:
        return self.recent[0] if self.recent else None

    def person(self) -> Target | None:
        return next((one for one in self.recent if one.kind in _PERSONS), None)

    def naming(self, person: Person | None) -> "About":
        if person is None:
            return self
        others = (one for one in self.people if one != person)
        return replace(self, people=(person, *others)[:_RECENT])

    def after(self, *targets: Target) -> "About":
        """Return the topics with these targets added. A later target comes before an earlier one."""
        lasting = [one for one in targets if (one.kind, one.aspect) not in _PASSING]
        seen = dict.fromkeys([*reversed(lasting), *self.recent])
        return replace(self, recent=tuple(seen)[:_RECENT])


@dataclass(eq=False)
class Index:
    """A life and the profile's own words, prepared for finding what a text is about."""

    subjects: tuple[Subject, ...]
    story: str = ""
    people: tuple[Person, ...] = ()
    partner: str = ""
    _kinds: Mapping[str, Kind] = field(init=False)

    def __post_init__(self) -> None:
        self._kinds = {one.id: one.kind for one in self.subjects}

    @cached_property
    def _words(self) -> list[tuple[re.Pattern[str], Subject, float]]:
        """A pattern for each word of each subject, and how much a match of it counts."""
        words = [(one, _words_of(one)) for one in self.subjects]
        shared = Counter(word for _, own in words for word in own)
        return [
            (re.compile(rf"(?<![\w$]){re.escape(word)}(?:'?s)?(?!\w)"), subject, _weight(word, subject, shared[word]))
            for subject, own in words
            for word in own
        ]

    @cached_property
    def _names(self) -> list[tuple[re.Pattern[str], str]]:
        """The names of people, with a general word for each, because the examples contain no names."""
        return [
            (re.compile(rf"\b{re.escape(word)}\b(?! (?:street|county|road|avenue))"), _GENERAL[one.kind])
            for one in self.subjects
            if one.kind in _GENERAL
            for word in dict.fromkeys(map(bare, one.words))
            if word.isalpha() and _proper(word, one)
        ]

    def general(self, text: str) -> str:
        """Return the text with general words in place of names, such as `your wife`."""
        for pattern, general in self._names:
            text = pattern.sub(general, text)
        return _ACCOUNT.sub("401k", text)

    @cached_property
    def _said(self) -> Mapping[str, Target]:
        """The target of each sentence in the life, by the plain words of the sentence."""
        return {
            bare(piece): Target(subject.kind, aspect, subject.id)
            for subject in self.subjects
            for aspect, said in subject.says.items()
            for text in said
            for piece in sentences(text)
        }

    @cached_property
    def _figures(self) -> Mapping[float, list[Subject]]:
        found: dict[float, list[Subject]] = {}
        for subject in self.subjects:
            for figure in subject.figures.values():
                found.setdefault(figure.value, []).append(subject)
        return found

    def named(self, text: str) -> list[tuple[Subject, float]]:
        """Return the subjects that these plain words name, with their weights, the most certain first."""
        found: dict[str, float] = {}
        for pattern, subject, weight in self._words:
            if pattern.search(text):
                found[subject.id] = max(found.get(subject.id, 0.0), weight)
        for subject in self._by_figure(text):
            found[subject.id] = found.get(subject.id, 0.0) + 0.6
        by_id = {one.id: one for one in self.subjects}
        return sorted(((by_id[id_], weight) for id_, weight in found.items()), key=lambda one: -one[1])

    def _by_figure(self, text: str) -> Iterable[Subject]:
        """Yield the subjects that have this figure: `the 8,900`, or `the 150` for 150,000."""
        for amount in amounts(text):
            for value in (amount.value, amount.value * 1000 if amount.value >= 10 else amount.value):
                holders = self._figures.get(value, [])
                if 0 < len(holders) <= 2 and value > 12:
                    yield from holders[:1]

    def person(self, clause: str, recent: Iterable[Person]) -> Person | None:
        """Return the person whom a clause names or means by `she` or `he`; None if it means nobody."""
        return named(clause, self.people) or meant(clause, recent)

    def strange(self, person: Person) -> bool:
        """Return whether a person occurs in the profile's text, but not in the life."""
        return not any(self.named(word)[:1] for word in person.words if word in person.name.lower())

    def in_story(self, text: str) -> float:
        """Return the share of longer words that occur in the profile's text but name no subject of the life."""
        mine = {word[:6] for word in text.split() if len(word) > 4} - _ANYBODYS
        return len(mine & self._storied) / len(mine) if mine else 0.0

    @cached_property
    def _storied(self) -> frozenset[str]:
        known = {word[:6] for one in self.subjects for words in one.words for word in bare(words).split()}
        return frozenset(word[:6] for word in bare(self.story).split() if len(word) > 4) - known

    def told(self, line: str) -> list[Target]:
        """Return the targets that the client's line tells word for word, sentence by sentence."""
        return [known for piece in sentences(line) if (known := self._said.get(bare(piece)))]

    def mentioned(self, line: str) -> list[Target]:
        """Return the subjects that are mentioned in those sentences of the client's line that do not come from the
        life."""
        others = (bare(piece) for piece in sentences(line))
        named = (self.named(text)[:1] for text in others if text not in self._said)
        return [Target(one.kind, "what", one.id) for hits in named for one, weight in hits if weight >= 1]

    def of_kind(self, kind: Kind) -> list[Subject]:
        return [one for one in self.subjects if one.kind == kind]

    def kind(self, id_: str) -> Kind | None:
        return self._kinds.get(id_)


def _words_of(subject: Subject) -> list[str]:
    """Return the plain words of a subject; none for the client itself, because `you` is in every question."""
    return [] if subject.kind == "self" else [word for word in dict.fromkeys(map(bare, subject.words)) if word]


def _weight(word: str, subject: Subject, shared: int) -> float:
    """Return how much a word counts: from 1 on it names the subject. Shared and common words count little."""
    parts = [part for part in word.split() if part not in _VAGUE]
    if _proper(word, subject):
        return 1.4 / shared if shared > 2 else 1.4
    if not parts or (subject.kind in _ABSTRACT and len(parts) < 2):
        return 0.3
    return min(2.0, 0.8 + 0.3 * len(parts) + 0.02 * len(word)) * (1.0, 0.75, 0.5)[min(shared, 3) - 1]


def _proper(word: str, subject: Subject) -> bool:
    """Return whether the word is a name or a figure."""
    texts = (subject.name, *(said for aspect in ("what", "name") for said in subject.says.get(aspect, ())))
    return word[0].isdigit() or any(
        re.search(rf"(?<=[\w,] ){re.escape(word.title())}\b", f", {text}") for text in texts if word.isalpha()
    )


def index(life: Life, story: str = "") -> Index:
    return _index(tuple(map(_Same, life.subjects)), story, life.name)


class _Same:
    """A subject as a cache key: two are equal if everything that is read from them is equal."""

    __slots__ = ("_hash", "_key", "subject")

    def __init__(self, subject: Subject) -> None:
        self.subject = subject
        self._key = (subject.id, subject.words, *subject.says.values())
        self._hash = hash((subject.id, subject.words, subject.name))

    def __hash__(self) -> int:
        return self._hash

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self._key == other._key


@lru_cache(maxsize=128)
def _index(subjects: tuple[_Same, ...], story: str, name: str) -> Index:
    known = tuple(one.subject for one in subjects)
    return Index(known, story, _people(known, story, name))


def _people(subjects: Iterable[Subject], story: str, name: str) -> tuple[Person, ...]:
    """Return the people of the profile, with what the life adds about them, and people who occur only in the life."""
    told = people(story, name)
    family = [kin for one in subjects if one.kind in ("partner", "child") and (kin := relative(one.name, one.words))]
    mine = {word: one for one in family for word in one.words if word not in KIN}
    joined = tuple(next((one.joined(mine[word]) for word in one.words if word in mine), one) for one in told)
    known = {word for one in told for word in one.words}
    return (*joined, *(one for one in family if not known & set(one.words) - KIN))
