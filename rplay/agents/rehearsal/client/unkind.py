"""The client's reactions to bad manners: pressure, promises, flattery, blame, and being talked down to."""

import re

from rplay.agents.ending import Ended
from rplay.agents.rehearsal.client.moment import Moment
from rplay.agents.rehearsal.client.words import bare, kept

Said = list[str]


def to_pressure(moment: Moment) -> Said:
    """Return a no to being hurried into a decision; only a word where nothing is to be decided."""
    if not hurries_a_decision(moment):
        return kept(moment.say("press.hasty"))
    return kept(moment.say("press.back_off"), moment.say("press.why_rush") or moment.more(("decision", "long")))


def hurries_a_decision(moment: Moment) -> bool:
    text = bare(moment.reading.text)
    return bool(_DECIDES.search(text)) and not _NOTHING_TO_SIGN.search(text)


_DECIDES = re.compile(
    r"\b(?:sign\w*|decid\w*|decision|deadline|expires?|last chance|today|tonight|tomorrow|by (?:friday|monday|the)"
    r"|don't wait|too late|hurry|offer|quote|price|rates?|buy|in or out|take it or leave it|make up your mind)\b"
)


_NOTHING_TO_SIGN = re.compile(r"\b(?:nothing|don't|not|no need|needn't)(?: \w+){0,3} (?:sign|decide|today)\b")


def to_promise(moment: Moment) -> Said:
    return kept(moment.say("promise.doubt"), moment.more(("risk", "past"), ("advisor", "want"), ("risk", "what")))


def to_flattery(moment: Moment) -> Said:
    return kept(moment.say("flatter.shrug"))


def to_belittling(moment: Moment) -> tuple[Said, Ended | None]:
    """Return the reaction to being belittled: the client becomes cooler, and at last leaves."""
    if moment.state.has_enough:
        return [moment.say("insult.leave")], Ended("client", "was talked down to once too often")
    return to_dismissal(moment), None


def to_dismissal(moment: Moment) -> Said:
    if moment.turn.belittles:
        before = any(turn.belittles or "insult" in turn.acts for turn in moment.turns[:-1])
        return kept(moment.say("belittle.again" if before else "belittle.first") or moment.say("belittle.first"))
    return kept(moment.say("dismiss.hurt"))
