"""The state of the talk when the client is about to speak."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from rplay.agents.rehearsal.assessment.moves import Moves
from rplay.agents.rehearsal.assessment.objections import Objection, Raised, pool, raised, slug
from rplay.agents.rehearsal.assessment.rapport import warmth
from rplay.agents.rehearsal.assessment.talk import Talk, Turn, talk_of
from rplay.agents.rehearsal.assessment.topics import asked
from rplay.agents.rehearsal.coach.facts import Facts
from rplay.agents.rehearsal.coach.hidden import gate, hidden_topics, without_secrets
from rplay.agents.rehearsal.pick import Picker, digest_talk
from rplay.agents.rehearsal.tables import table
from rplay.agents.rehearsal.text import plain
from rplay.agents.types import Message, Scene

_TEMPERS = {
    "nervous": r"anxi|nervous|worr|stress|overwhelm|tense|fear",
    "rushed": r"busy|impatient|rush|irritat|frustrat|hurr",
    "upbeat": r"happy|friendly|optimis|cheer|enthus|excit|upbeat|curious",
}
_TERSE = re.compile(
    r"\b(?:direct|concise|brief|blunt|terse|reserved|curt|to the point|laconic|driver)\b", re.IGNORECASE
)
_NUMBERS = re.compile(r"\b(?:analy\w+|detail\w*|data\w*|logical|methodical|precise|engineer\w*)\b", re.IGNORECASE)

_HOW_MUCH = re.compile(r"(?:and |so |ok(?:ay)?,? )?how much(?: is (?:it|that))?\W*")
_AMOUNTS = ("income", "assets", "debts", "budget")


@dataclass(frozen=True)
class Situation:
    scene: Scene
    talk: Talk
    seed: int
    facts: Facts

    @cached_property
    def pick(self) -> Picker:
        return Picker(self.seed, self.talk.client)

    @cached_property
    def rapport(self) -> float:
        return warmth(self.scene, self.talk, self.names["name"])

    @property
    def turn(self) -> Turn:
        """The advisor's line that is to be answered."""
        return self.talk.turns[-1]

    @property
    def moves(self) -> Moves:
        return self.turn.moves

    @cached_property
    def asked(self) -> tuple[str, ...]:
        """The topics that the line to be answered asks about."""
        return asked(self.moves) or self._meant if self.talk.turns else ()

    @cached_property
    def _meant(self) -> tuple[str, ...]:
        """The topic of a bare `How much?`, which refers to the question before it."""
        if len(self.talk.turns) < 2 or not _HOW_MUCH.fullmatch(plain(self.moves.text)):
            return ()
        return tuple(topic for topic in asked(self.talk.turns[-2].moves) if topic in _AMOUNTS)[:1]

    @cached_property
    def asked_before(self) -> frozenset[str]:
        return frozenset(topic for turn in self.talk.turns[:-1] for topic in asked(turn.moves))

    @property
    def mood(self) -> str:
        """`nervous`, `rushed` or `upbeat`; empty if none of them."""
        mood = str(self.scene.personality.get("mood") or "")[:60].lower()
        return next((kind for kind, pattern in _TEMPERS.items() if re.search(pattern, mood)), "")

    @property
    def terse(self) -> bool:
        return bool(_TERSE.search(self._manner))

    @property
    def likes_numbers(self) -> bool:
        return bool(_NUMBERS.search(self._manner))

    @property
    def _manner(self) -> str:
        return " ".join(str(self.scene.personality.get(key) or "")[:80] for key in ("communicationStyle", "archetype"))

    @property
    def temperature(self) -> str:
        """`warm`, `mid` or `cool`."""
        return "warm" if self.rapport >= 60 else "mid" if self.rapport >= 35 else "cool"

    @cached_property
    def objections(self) -> list[Objection]:
        return pool(self.scene, self.facts.profile)

    @cached_property
    def raised(self) -> list[Raised]:
        return raised(self.objections, self.scene.difficulty, self.talk.turns)

    @property
    def just_settled(self) -> Raised | None:
        """The objection that the line to be answered has settled; None if it settled none."""
        before = raised(self.objections, self.scene.difficulty, self.talk.turns[:-1])
        was_open = {one.objection for one in before if not one.settled}
        return next((one for one in self.raised if one.settled and one.objection in was_open), None)

    @property
    def open_objection(self) -> Raised | None:
        """The latest objection that is not settled; None if all are."""
        return next((one for one in reversed(self.raised) if not one.settled), None)

    @property
    def fresh_objection(self) -> Raised | None:
        """The open objection if it was raised in one of the client's last three lines, else None."""
        one = self.open_objection
        return one if one and len(self.talk.turns) - 2 - one.at < 3 else None

    @cached_property
    def next_objection(self) -> Objection | None:
        known = {one.objection.line for one in self.raised}
        return next((one for one in self.objections if one.line not in known and self.safe(one.line)), None)

    def told(self, topic: str) -> bool:
        """Return whether the client has told this topic already, in any wording."""
        trace = self.facts.of(topic).trace
        if trace:
            return bool(trace.search(self.talk.client_words))
        return any(self.talk.told(way) for way in self.facts.ways(topic) if "{" not in way)

    def withheld(self, topic: str) -> bool:
        """Return whether the topic is hidden, not told yet, and the rapport too low to tell it."""
        return topic in self.hidden and self.rapport < gate(self.scene, topic)

    @cached_property
    def hidden(self) -> frozenset[str]:
        """Topics that were hidden at first and have not been told since."""
        return frozenset(topic for topic in hidden_topics(self.scene) if not self.told(topic))

    def safe(self, text: str, *released: str) -> str:
        """Return the text without sentences that would reveal a hidden detail, except the `released` topics."""
        traces = (self.facts.of(topic).trace for topic in self.hidden - set(released))
        return without_secrets(text, [trace for trace in traces if trace])

    def say(self, section: str, key: str, **values: str) -> str:
        """Return one of the client's texts for this key."""
        return self.pick.one(f"{section}.{key}", table("client")[section][key], **self.names, **values)

    @cached_property
    def names(self) -> dict[str, str]:
        return {"name": self.facts.profile.first_name, "full": self.facts.profile.name, "topic": self._topic}

    @property
    def _topic(self) -> str:
        topics = table("client")["topics"]
        wanted = [
            *map(slug, self.scene.focus_areas),
            slug(self.scene.subcategory or ""),
            slug(self.scene.industry),
            "other",
        ]
        return str(next(topics[key] for key in wanted if key in topics))

    def asks_for(self, kind: str) -> bool:
        """Return whether one of the questions is this kind of small talk."""
        pattern = table("client")["patterns"][kind]
        return any(re.search(pattern, plain(question.text)) for question in self.moves.questions)


def situation_of(scene: Scene, messages: Sequence[Message]) -> Situation:
    return Situation(scene, talk_of(messages), digest_talk(messages, scene.profile), Facts(scene))
