"""Answers lines about the talk itself: `have I lost you?`, `you were saying?`, `why not?`, `what was the first thing
you told me?`."""

import re
from collections.abc import Callable, Sequence

from rplay.agents.rehearsal.client.jargon import terms
from rplay.agents.rehearsal.client.moment import Moment
from rplay.agents.rehearsal.client.refusals import refused
from rplay.agents.rehearsal.client.steps import asks_for_plan, next_step, went_badly
from rplay.agents.rehearsal.client.tables import table
from rplay.agents.rehearsal.client.words import bare, sentences
from rplay.agents.rehearsal.reading.forms import body

Said = list[str]
_SAY_AGAIN = re.compile(
    r"\b(?:you were saying|what were you saying|where were we|where was i"
    r"|what did you (?:just )?say(?! (?:[\w']+ ){2,}\w+)|"
    r"(?:say|repeat|run) that (?:again|by me|once more)|can you repeat|could you repeat|come again|"
    r"didn't (?:quite )?(?:catch|hear|get) (?:that|you|what you)|what was that (?:last|again)|"
    r"lost my (?:page|place|notes|thread|train)|go on (?:please )?you were|the last bit|one more time)\b"
)
_LOST = re.compile(
    r"\b(?:have|did|do) i (?:lose|lost|confuse\w*|bore)\b|\b(?:am i|was i) (?:losing|boring|confusing|going too|"
    r"talking too|"
    r"making (?:any )?sense|too fast|too technical)\b|\bare you (?:still )?(?:with me|following|lost)\b|"
    r"^you(?:'re)? (?:still )?"
    r"(?:with me|following|there)\b|\byou look (?:puzzled|confused|lost|unsure)\b|\bwas that too (?:much|fast|"
    r"technical)\b"
)
_WHY_NOT = re.compile(
    r"^(?:and |but |so |well |okay )*(?:why not|why wouldn't you|what's stopping you|why no)(?: then| \w+)?$"
)
_FIRST = re.compile(
    r"\b(?:first thing you (?:told|said|mentioned)|what you (?:told|said to) me (?:first|at the (?:start|beginning))|"
    r"what (?:did|was it) you (?:say|said|tell me|told me) (?:first|at the (?:start|beginning)))\b"
)
_KNOWN = re.compile(
    r"\b(?:what (?:would you say )?(?:do )?i know about you|what (?:have|did) i (?:learn\w*|hear\w*|understand|"
    r"understood) "
    r"about you|have i (?:listened|understood) (?:better|well))\b"
)


def about_the_talk(moment: Moment) -> Said:
    """Return the answer to a line that asks about the talk and not about the life; an empty list for any other line."""
    if not moment.number:
        return []
    if asks_for_plan(moment):
        return next_step(moment)
    texts = [body(one.text) for one in moment.reading.sentences]
    for expression, answer in _WAYS:
        if any(expression.search(text) for text in texts) and (said := [one for one in answer(moment) if one]):
            return said
    return []


# Repeating the client's own words


def _again(moment: Moment) -> Said:
    """Return the client's last point again; an empty list if the same line also asks something of its own."""
    if any(not _SAY_AGAIN.search(body(one.text)) for one in moment.turn.asked):
        return []
    for turn in reversed(moment.turns[-4:-1]):
        if point := _point(turn.answer):
            return [moment.led(moment.say("aside.again"), point)]
    return [moment.say("aside.nothing")]


def _point(answer: Sequence[str]) -> str:
    """Return the sentence of an answer that says most and is no set phrase."""
    told = [one for one in answer if not one.endswith("?") and len(one.split()) > 3 and not _is_lead(one)]
    return max(told, key=len, default="")


def _is_lead(sentence: str) -> bool:
    return bare(sentence) in {
        bare(one) for ways in table("wording")["breach"].values() for way in ways for one in sentences(way)
    }


def _first(moment: Moment) -> Said:
    if not _ASKS_WHAT.search(bare(moment.reading.text)):
        return []
    said = [one for turn in moment.turns[:3] for one in turn.answer if len(one.split()) > 5 and not one.endswith("?")]
    opening = [one for one in moment.talk.opening if len(one.split()) > 5 and not one.endswith("?")]
    points = [one for one in (*opening, *said) if not re.match(r"(?:hi|hello|good)\b", one.lower())]
    return [moment.led(moment.say("aside.first"), points[0])] if points else []


_ASKS_WHAT = re.compile(r"\b(?:what (?:did|was|were)|do you (?:remember|recall)|remind me|again)\b")


def _known(moment: Moment) -> Said:
    """Return the first and the last thing that the client told about themselves."""
    told = [one for turn in moment.turns[:-1] for one in turn.answer if _OF_SELF.match(one) and len(one.split()) > 5]
    if len(told) < 2:
        return [moment.say("aside.little")]
    first, last = (moment.led("That", one.rstrip(".")) for one in (told[0], told[-1]))
    return [f"{first}. And {last[:1].lower()}{last[1:]}"]


_OF_SELF = re.compile(
    r"(?:I|I've|I'm|My|We|We've) (?!(?:don't|can't|couldn't|wouldn't|won't|said|guess|think|suppose|worry)\b)"
)

# Whether the client can follow


def _lost(moment: Moment) -> Said:
    """Return what the client cannot follow: an unexplained word, or something that the client refused; else that all is
    clear."""
    hard = next(
        (found for turn in reversed(moment.turns[-3:]) if (found := terms(moment, turn.reading.text, new=False))), ()
    )
    if hard:
        return [moment.say("aside.lost_at", term=hard[0])]
    if any(map(refused, moment.turns[-4:-1])) or moment.state.cool:
        return [moment.say("aside.lost_trust")]
    return [moment.say("check.not_lost")]


# Why not


def _why_not(moment: Moment) -> Said:
    """Return the reason for the client's own no."""
    last = moment.turns[-2]
    if "press" in last.acts or re.search(r"\b(?:sign\w*|today|right now)\b", last.reading.text.lower()):
        return [moment.say("why_not.hurry")]
    if any(map(refused, moment.turns[-3:-1])):
        return [moment.say("why_not.wrong")]
    doubt = next((one for one in moment.life.objections if moment.memory.raised.get(one.id) == moment.number - 1), None)
    if doubt and (why := moment.new_of(doubt.deeper)):
        return [why]
    if "propose" in last.acts or "next_step" in last.acts:
        return [moment.say("why_not.unsure")]
    return []


def _careful(moment: Moment) -> Said:
    """Return why the client hesitates, or what they think, after they had to refuse something."""
    if not any(map(refused, moment.turns[-4:-1])):
        return []
    return [moment.say("aside.careful" if _CAREFUL.search(bare(moment.reading.text)) else "aside.thinking")]


_CAREFUL = re.compile(
    r"\bwhat makes you (?:so )?(?:cautious|careful|hesitate|suspicious|nervous|doubt)\w*\b|"
    r"\bwhy (?:are you|so|the) (?:so )?(?:cautious|careful|suspicious|hesitant|nervous)\b"
)
_THINKING = re.compile(r"^(?:so |and )*what are you thinking$|\bwhat's (?:going through your|on your) (?:mind|head)\b")


# Trust, and whether they will meet again


def _won_back(moment: Moment) -> Said:
    return [moment.say("aside.won_back")]


def _comes_back(moment: Moment) -> Said:
    if went_badly(moment) or any("dismiss" in turn.acts or "insult" in turn.acts for turn in moment.turns):
        return [moment.say("aside.back_maybe")]
    return [moment.say("step.again_yes" if moment.state.trust >= 44 else "step.again_no")]


_GROUND = re.compile(
    r"\b(?:lost (?:some |a bit of )?(?:ground|your trust)|back to where we were|(?:earn|win|get) (?:back )?your trust|"
    r"(?:win|get) you back|make (?:it|this|that) (?:right|up to you)|start (?:over|again) with you)\b"
)
_COMES_BACK = re.compile(
    r"^(?:so |and |will |would |are )*you (?:be )?(?:coming|come) back\b|\bwill (?:i|we) see (?:you|each other) again\b"
)
_WAYS: Sequence[tuple[re.Pattern[str], Callable[[Moment], Said]]] = (
    (_FIRST, _first), (_KNOWN, _known), (_WHY_NOT, _why_not), (_GROUND, _won_back), (_CAREFUL, _careful),
    (_THINKING, _careful), (_COMES_BACK, _comes_back), (_LOST, _lost), (_SAY_AGAIN, _again),
)  # fmt: skip
