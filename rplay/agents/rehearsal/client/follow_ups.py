"""Questions that name nothing themselves: `since when?`, `why is that?`, `what happened then?`, `tell me more`."""

import re
from collections.abc import Sequence

from rplay.agents.persona.life import Kind, Subject
from rplay.agents.rehearsal.client.facts import deeper, spoken
from rplay.agents.rehearsal.client.moment import Moment
from rplay.agents.rehearsal.client.story import content
from rplay.agents.rehearsal.client.words import bare
from rplay.agents.rehearsal.reading.types import Sentence

_LONGEST = 9  # words; a longer question names what it is about
_WANTS: Sequence[tuple[re.Pattern[str], tuple[str, ...]]] = (
    (re.compile(r"\b(?:why|how come|what makes|what made|reason)\b"), ("why", "happened", "feel", "example")),
    (re.compile(r"\b(?:since when|how long|when)\b"), ("since", "when", "until")),
    (re.compile(r"\b(?:then|next|after that|happened|how did (?:that|it)|"
                r"end up)\b"), ("then", "happened", "done", "plan")),
    (re.compile(r"\b(?:feel|felt|take that|take it|sit with|for you)\b"), ("feel", "sleep", "view", "worst", "loss")),
    (re.compile(r"\b(?:who)\b"), ("who", "partner", "lender")),
    (re.compile(r"\b(?:example|mean|like what|such as)\b"), ("example", "happened", "why")),
    (re.compile(r"\b(?:how much|cost|number)\b"), ("cost", "monthly", "what")),
)  # fmt: skip
# Subjects with a story to go on with; of others only what was begun is finished.
_TELLS: frozenset[Kind] = frozenset({
    "work", "partner", "child", "relatives", "home", "asset", "debt", "goal", "worry", "lately", "advisor", "risk",
    "retirement",
})  # fmt: skip


def follows_up(moment: Moment, sentence: Sentence) -> bool:
    """Whether the question is about whatever the client said last."""
    words = bare(sentence.text).split()
    bare_form = len(words) <= _LONGEST and len(content(sentence.text)) <= 1
    return moment.reading.follow_up and bare_form and not _names_something(moment)


def _names_something(moment: Moment) -> bool:
    text = f" {bare(moment.reading.text)} "
    subjects = (one for one in moment.life.subjects if one.reserve < 2 and one.kind not in ("if", "lately", "meeting"))
    return any(len(word) > 3 and f" {bare(word)} " in text for one in subjects for word in one.words)


def followed(moment: Moment, sentence: Sentence) -> list[str]:
    told = moment.memory.just_told(moment.number)
    if moment.told_story and not (told and told[-1].turn == moment.number - 1 and moment.ended_on(told[-1])):
        return _story_on(moment, sentence.text)
    subject = moment.life.subject(told[-1].subject) if told else moment.topic
    if subject is None or not moment.tells(subject):
        return _story_on(moment, sentence.text)
    return _on(moment, subject, told[-1].aspect if told else "what", sentence.text)


def _story_on(moment: Moment, text: str) -> list[str]:
    """Goes on with the background, else with what happened lately and what it leaves."""
    more = moment.recall(text, 0.32) or on_event(moment, text)
    more = more or moment.more(
        ("lately", "then"), ("lately", "feel"), ("worry", "why"), ("worry", "worst"), ("goal", "why")
    )
    return [more] if more else []


_HELD: frozenset[Kind] = frozenset({"asset", "debt", "home", "work", "income", "cover"})
_SAYS_SO = re.compile(r"\b(?:say|said|think|feel|believe) (?:that|so|this|it)\b")
_EVENT_WAYS: Sequence[tuple[re.Pattern[str], str]] = (
    (re.compile(r"\b(?:how did you|get through|manage|cope|pay for|money)\b"), "story.how"),
    (re.compile(r"\b(?:feel|felt|like for you|take (?:that|it)|hardest|worst|reaction)\b"), "story.feel"),
    (re.compile(r"\b(?:why|how come|what makes|what made|reason)\b"), "story.why"),
    (re.compile(r"\bwho\b"), "story.who"),
)


def on_event(moment: Moment, text: str) -> str:
    """More on what the background told, beyond its own words."""
    key = next((key for pattern, key in _EVENT_WAYS if pattern.search(bare(text))), "story.then")
    return moment.say(key) or moment.say("story.then")


def _on(moment: Moment, subject: Subject, aspect: str, text: str) -> list[str]:
    wanted = next((aspects for pattern, aspects in _WANTS if pattern.search(bare(text))), ())
    if subject.kind in _HELD and _SAYS_SO.search(bare(text)):
        wanted = ("feel", "risk", "plan")  # why they say so, and not why they have it
    for one in wanted:
        if new := moment.new_of(subject.says.get(one, ())):
            return [new]
        if (figure := subject.figures.get(one)) and figure.unit == "year":
            return [f"That was in {spoken(figure)}"]
    if rest := moment.new_of(subject.says.get(aspect, ())):
        return [rest]
    if subject.kind in _TELLS and (more := moment.new_of(said for _, said in deeper(subject, aspect))):
        return [more]
    return _story_on(moment, text) if wanted else [moment.say("again.all", topic=subject.name)]
