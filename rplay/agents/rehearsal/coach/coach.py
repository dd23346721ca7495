"""The coach's view of the talk so far: what was covered, what the client said last, what went wrong."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from rplay.agents.rehearsal.assessment.doubts import objects, says
from rplay.agents.rehearsal.assessment.evidence import gather
from rplay.agents.rehearsal.assessment.rapport import worried
from rplay.agents.rehearsal.assessment.record import Record
from rplay.agents.rehearsal.coach.situation import Situation, situation_of
from rplay.agents.rehearsal.pick import fill
from rplay.agents.rehearsal.tables import patterns, table
from rplay.agents.rehearsal.text import capped, listed, plain, sentences
from rplay.agents.types import Message, Scene

_LONGEST_QUOTE = 160
_ENOUGH_TOPICS = 5
_FACTS = ("occupation", "family", "age")


@dataclass(frozen=True)
class Coach:
    situation: Situation
    record: Record

    @property
    def name(self) -> str:
        return self.situation.names["name"]

    @cached_property
    def quote(self) -> str:
        """The client's latest objection, worry or wish that the advisor should take up; empty if there is none."""
        told = [
            piece
            for line in reversed(self.situation.talk.client[-8:])
            for piece in reversed(sentences(line))
            if _is_statement(piece)
        ]
        best = next(
            (piece for test in (objects, worried, wishes, tells_of_family) for piece in told if test(piece)), ""
        )
        return capped(best.replace("“", "").replace("”", "").rstrip(". "), _LONGEST_QUOTE) if self.record.turns else ""

    @property
    def own_question(self) -> list[str]:
        return [fill(table("coach")["questions"]["quote"], quote=self.quote)] if self.quote else []

    def own_exchange(self, then: str) -> list[str]:
        """Return the beginning of a sample conversation with this client's words. `then` is the speaker who continues
        it."""
        if not self.quote:
            return []
        lines = table("coach")["questions"]["exchange"]
        # The speakers take turns, so the last line is dropped if its speaker comes next.
        told = [fill(line, name=self.name, quote=self.quote) for line in lines]
        return told if then == "Advisor" else told[:-1]

    @property
    def stage(self) -> str:
        """The topic that is due: opening, needs, objections, a suggestion or the close."""
        client = self.situation.talk.client
        if self.record.turns < 2:
            return "opening"
        if client and objects(client[-1]):
            return "difficult-client"
        if len(self.record.topics) < _ENOUGH_TOPICS:
            return "needs-analysis"
        return "closing" if self.record.total(("fits", "loose")) else "recommending"

    @property
    def bridge(self) -> str:
        """A sentence that leads from an explanation to this client; empty if there is no quote."""
        return self.say("situation", "said", quote=self.quote) + " Tie the explanation to that." if self.quote else ""

    @property
    def assessment(self) -> str:
        return " ".join(self._assessment())

    def _assessment(self) -> Iterator[str]:
        if not self.record.turns:
            yield self.say("situation", "start")
            yield from self._known()
            return
        if self.quote:
            yield self.say("situation", "said", quote=self.quote)
            yield self.say("situation", self._kind_of_quote)
        yield from self._coverage()
        yield from self._faults()
        yield self.say("situation", self.situation.temperature)

    @property
    def _kind_of_quote(self) -> str:
        """The kind of the quote. A hardship counts as a worry even if it is worded as an objection."""
        if says(self.quote, "hardship") or not objects(self.quote):
            return "worry" if worried(self.quote) else "neutral"
        return "objection"

    def _known(self) -> Iterator[str]:
        """Yield the known facts of the profile. Hidden ones are left for the learner to find out."""
        facts = [self.situation.facts.of(topic) for topic in _FACTS if topic not in self.situation.hidden]
        known = [fact.raw[0] for fact in facts if fact.raw]
        if known:
            yield self.say("situation", "known", facts=listed(f"{text}" for text in known))

    def _coverage(self) -> Iterator[str]:
        names = table("coach")["names"]
        covered = [words for topic, words in names.items() if topic in self.record.topics]
        missing = [words for topic, words in names.items() if topic not in self.record.topics]
        if covered:
            yield self.say("situation", "covered", topics=listed(covered))
        if missing:
            yield self.say("situation", "missing", topics=listed(missing[:4]))
        else:
            yield self.say("situation", "all_covered")

    def _faults(self) -> Iterator[str]:
        if self.record.total(("pressure", "guarantee")):
            yield self.say("situation", "pressure")
        elif self.record.total(("premature",)):
            yield self.say("situation", "quick")
        terms = dict.fromkeys(term for turn in self.situation.talk.turns for term in turn.moves.jargon)
        if terms:
            yield self.say("situation", "jargon", terms=listed(list(terms)[:3]))

    def say(self, section: str, key: str, **values: str) -> str:
        return fill(table("coach")[section][key], name=self.name, **values)


def _is_statement(piece: str) -> bool:
    return len(piece.split()) > 3 and not piece.endswith("?")


def wishes(piece: str) -> bool:
    return bool(patterns("moves", "tells")["goals"].search(plain(piece)))


def tells_of_family(piece: str) -> bool:
    return bool(patterns("moves", "tells")["family"].search(plain(piece)))


def coach_of(scene: Scene, messages: Sequence[Message]) -> Coach:
    """Return the coach for this talk. `messages` do not include the question to the coach."""
    return Coach(situation_of(scene, messages), gather(messages).record)
