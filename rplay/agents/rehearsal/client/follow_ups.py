"""Answers questions that name no subject: `since when?`, `why is that?`, `what happened then?`, `tell me more`."""

import re
from collections.abc import Mapping, Sequence

from rplay.agents.persona.life import Kind, Subject
from rplay.agents.rehearsal.client.facts import deeper, spoken
from rplay.agents.rehearsal.client.moment import Moment
from rplay.agents.rehearsal.client.words import bare
from rplay.agents.rehearsal.reading.types import FollowUp, Sentence

# The aspects that answer each follow-up, the best first.
_WANTED: Mapping[FollowUp, tuple[str, ...]] = {
    "more": (), "why": ("why", "happened"), "since": ("since", "when"), "when": ("when", "since", "until"),
    "where": ("where", "lender"), "who": ("who",), "which": ("example",), "then": ("then", "happened", "done"),
    "feel": ("feel", "sleep", "view", "worst"), "how_much": ("cost", "monthly"),
}  # fmt: skip
# Kinds that have a story to continue. For other kinds the client only finishes what was begun.
_TELLS: frozenset[Kind] = frozenset({
    "work", "partner", "child", "relatives", "home", "asset", "debt", "goal", "worry", "lately", "advisor", "risk",
    "retirement",
})  # fmt: skip


def followed(moment: Moment, sentence: Sentence) -> list[str]:
    """Return an answer from the subject that the client spoke of last; an empty list if it has none."""
    told = moment.memory.just_told(moment.number)
    if moment.told_story and not (told and moment.ended_on(told[-1])):
        return []  # the story is continued elsewhere, with its own words
    subject = moment.life.subject(told[-1].subject) if told else moment.topic
    if subject is None or not moment.tells(subject):
        return []
    return _on(moment, subject, told[-1].aspect if told else "what", sentence.follow or "more")


def _on(moment: Moment, subject: Subject, aspect: str, follow: FollowUp) -> list[str]:
    for wanted in _WANTED[follow]:
        if new := moment.new_of(subject.says.get(wanted, ())):
            return [new]
        if (figure := subject.figures.get(wanted)) and figure.unit == "year":
            return [f"That was in {spoken(figure)}"]
    return _more(moment, subject, aspect) if follow == "more" else []


def _more(moment: Moment, subject: Subject, aspect: str) -> list[str]:
    if rest := moment.new_of(subject.says.get(aspect, ())):
        return [rest]
    if subject.kind in _TELLS and (more := moment.new_of(said for _, said in deeper(subject, aspect))):
        return [more]
    return [moment.say("again.all", topic=subject.name)]


_WAYS: Sequence[tuple[re.Pattern[str], str]] = (
    (re.compile(r"\b(?:how did you|get through|manage|cope|pay for|money)\b"), "story.how"),
    (re.compile(r"\b(?:feel|felt|like for you|take (?:that|it)|hardest|worst|reaction)\b"), "story.feel"),
    (re.compile(r"\b(?:why|how come|what makes|what made|reason)\b"), "story.why"),
    (re.compile(r"\bwho\b"), "story.who"),
)


def on_event(moment: Moment, text: str) -> str:
    """Return more about the event of a story than the story itself tells."""
    key = next((key for pattern, key in _WAYS if pattern.search(bare(text))), "story.then")
    return moment.say(key)
