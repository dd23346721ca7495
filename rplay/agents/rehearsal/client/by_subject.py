"""The last answers before an evasion: by the question's subject, by somebody or something it names, or one of two
options.

Only plain words decide, so that the client does not answer something that was not asked.
"""

import re
from collections.abc import Iterator, Mapping
from itertools import chain, islice
from typing import Any

from rplay.agents.rehearsal.client.echo import echoed, names_in
from rplay.agents.rehearsal.client.household import meant, partner
from rplay.agents.rehearsal.client.moment import Moment
from rplay.agents.rehearsal.client.offers import names
from rplay.agents.rehearsal.client.owned import last_spoken_of, named_holdings
from rplay.agents.rehearsal.client.story import content
from rplay.agents.rehearsal.client.tables import pattern, table
from rplay.agents.rehearsal.client.voice import digest
from rplay.agents.rehearsal.client.words import bare, capital, ended
from rplay.agents.rehearsal.reading.types import Sentence

_MOST = 2  # limit of sentences about the family at once


def by_subject(moment: Moment, sentence: Sentence) -> list[str]:
    """Return what the life or the profile says about the subject of the question; an empty list if it says nothing."""
    text = bare(sentence.text)
    entries = (one for one in table("by_subject")["subject"] if _fits(one, text))
    found = next(filter(None, (_facts(moment, one) for one in entries)), [])
    return found or naming(moment, text)


def _fits(entry: Mapping[str, Any], text: str) -> bool:
    unless = entry.get("unless")
    return bool(pattern(entry["match"]).search(text)) and not (unless and pattern(unless).search(text))


def _facts(moment: Moment, entry: Mapping[str, Any]) -> list[str]:
    own = [moment.occupation] if entry.get("occupation") and moment.voice.is_new(moment.occupation) else []
    holds = pattern(entry.get("holds", ""))
    facts = [one.split(".") for one in entry["facts"]]
    told = (moment.new_of(filter(holds.search, _says(moment, kind, aspect))) for kind, aspect in facts)
    return list(islice(filter(None, chain(own, told)), entry.get("most", _MOST)))


def _says(moment: Moment, kind: str, aspect: str) -> list[str]:
    """Return what may be told about the subjects of this kind, or about the subject with this id or word."""
    of_it = (
        one for one in moment.life.subjects if kind in (one.kind, one.id) or (kind == "cash" and kind in one.words)
    )
    return [text for one in of_it if moment.tells(one) for text in one.says.get(aspect, ())]


_KIN = r"(?:grand)?(?:sons?|daughters?|kids|children)|mother|father|brothers?|sisters?|nieces?|nephews?"
_NAMES = re.compile(rf"(?<=[a-z,;(] )[A-Z][\w'’-]+|\b(?:{_KIN})\b")


def naming(moment: Moment, text: str) -> list[str]:
    """Return what the profile tells about a person in the question, or else about two of the question's
    specific words."""
    whom = frozenset(text.split()) & _people(moment)
    if whom:
        said = moment.new_of(one for one in _open(moment) if whom & set(bare(one).split())) or _kin(moment, text, whom)
    else:
        asked = content(text)
        said = moment.new_of(one for one in _open(moment) if len(asked & content(one)) >= _SHARED)
    return [said] if said else []


_SHARED = 2


def _people(moment: Moment) -> frozenset[str]:
    texts = (moment.given.family, moment.given.background) if moment.given else ()
    return frozenset(bare(one) for text in texts for one in _NAMES.findall(text)) - {bare(moment.life.first_name)}


def _kin(moment: Moment, text: str, whom: frozenset[str]) -> str:
    """Return what a child does, else the part of the family that names somebody: `two grandsons, 21 and 18`."""
    if not re.search(r"\b(?:what|who|tell|about)\b", text):
        return ""
    of_child = (
        says for one in meant(moment, text) for key in ("future", "school", "what") for says in one.says.get(key, ())
    )
    pieces = re.split(r"; | and (?=(?:a|an|one|two|three) )", moment.given.family if moment.given else "")
    of_piece = (
        ended(capital(_AGED.sub(r", \1", one.strip())))
        for one in pieces
        if whom & set(bare(one).split()) and not _HIM.search(one)
    )
    return moment.new_of(chain(of_child, of_piece))


_AGED = re.compile(r" \((\d+)\)")
_HIM = re.compile(r"\b(?:him|her|his|he|she)\b|^(?:Married|Widow|Divorced|Single|Engaged)")


def _open(moment: Moment) -> Iterator[str]:
    return (
        one.text
        for one in moment.statements
        if one.source in ("background", "family") and not (one.guarded and not moment.trusts)
    )


# Questions for one of two options

_OR = re.compile(r"^(?P<lead>.*?)\b(?P<one>[\w'’-]+) or (?P<other>(?:(?:a|an|the|by|on|only|just|in) )?[\w'’-]+)$")
_TAIL = re.compile(
    r"\b(?:who|that|which|then|these days|right now|for you|better|best|easier|today|at the moment)\b.*$"
)
_BETTER = re.compile(r"\b(?:better|best|easier|preferred)(?= or\b)")
_NO_HALF = frozenset({
    "not", "no", "so", "more", "less", "two", "three", "what", "anything", "something", "somebody", "anybody", "else",
    "whatever", "other", "both", "never", "them", "him", "her", "it", "that", "too", "yes", "now", "later", "dollars",
    "ever", "thing", "things", "better", "worse", "any", "someone", "anyone", "me",
})  # fmt: skip


def one_of_two(moment: Moment, sentence: Sentence) -> list[str]:
    """Return one of two single options: `own or rent`, `is mail better or e-mail`."""
    text = _BETTER.sub("", bare(sentence.text).replace("e mail", "email"))
    if " or " in text and {"own", "rent"} <= set(text.split()):
        return [_own_place(moment) or moment.more(("home", "what"))]
    if re.search(r"\b(?:smoke|vape|chew|dip)\b(?! into)", text):
        return [moment.more(("self", "smoker"))]
    if _LEASED.search(text) and (whose := _bought_or_leased(moment, text)):
        return [whose]
    if _WHOSE.search(text) and (owner := _owner(moment, text)):
        return [owner]
    if picked := _picked(moment, " ".join(text.split())):
        return [picked]
    hit = _OR.match(_TAIL.sub("", " ".join(text.split())).strip())
    if not hit or re.search(r"\b(?:any|how)\b", hit["lead"]) or _NO_HALF & {hit["one"], *hit["other"].split()}:
        return []
    return [_said_of(moment, _chosen(moment, hit["one"], hit["other"]))]


_LEASED = re.compile(
    r"\b(?:own|owned|yours|bought|paid off|financed) or (?:\w+ )?(?:leas|rent)|\b(?:leased?"
    r"|rented) or (?:\w+ )?(?:own|yours|bought)"
)


def _bought_or_leased(moment: Moment, text: str) -> str:
    """Return whether something is the client's own, from the form; empty if it is not on it."""
    held = named_holdings(moment, text, ("asset", "debt"))
    if any("lease" in one.name.lower() for one in held):
        return "Leased"
    own = next((one for one in held if one.kind == "asset"), None)
    loan = next((one for one in held if one.kind == "debt"), None)
    return f"It's mine{', with a loan on it' if loan else ''}" if own else ""


_WHOSE = re.compile(r"\b(?:yours?|his|hers?|theirs?|name) or (?:in )?(?:yours?|his|hers?|theirs?|the kids|[a-z]+'?s)\b")


def _owner(moment: Moment, text: str) -> str:
    """Return whose a loan or an account is: the parents' if it is a loan to parents, else of the name it bears."""
    held = named_holdings(moment, text, ("asset", "debt")) or last_spoken_of(moment, ("asset", "debt"))
    name = held[0].name if len(held) == 1 else next((one.name for one in held if "parent" in one.name.lower()), "")
    if "parent" in name.lower():
        return "Ours, as the parents" if partner(moment) else "Mine. I signed it as the parent"
    if owner := re.match(r"(?:the |my )?([A-Z]\w+)['’]s ", name):
        return f"{owner[1]}'s"
    return "Mine" if name.startswith("my ") and not partner(moment) else ""


_EITHER = re.compile(
    r"(?:\bis it|\bwould you (?:like|want|rather|prefer)|\b(?:most|best|more|worse|harder|easier)"
    r"(?: about (?:it|that|this))?) (?P<options>[\w'’$%,-]+(?: [\w'’$%,-]+){0,3} or [\w'’$%, -]+)$"
)
_COMES = re.compile(r" (?:to be )?(?:there|here|along|with us)\b|\b(?:is it|rather|maybe) ")
# what is no thing that one of two can be
_NO_OPTION = re.compile(
    r"^(?:to|put|pay|take|have|keep|get|start|wait|go|do|be|not|are|is|did|something|anything|else|so|what|now|more)\b"
)


def _picked(moment: Moment, text: str) -> str:
    """Return one of two or three things that the client likes, fears or wants: `is it the price or is it us`."""
    hit = _EITHER.search(text)
    options = [one.strip(" ,") for one in re.split(r"\bor\b", _COMES.sub(" ", hit["options"]))] if hit else []
    if not options or not all(0 < len(one.split()) < _LONG and not _NO_OPTION.match(one) for one in options):
        return ""
    chosen = options[digest(moment.life.name, text) % len(options)]
    return moment.say("either.picked", one=capital(echoed(chosen, (*names(moment), *names_in(moment.reading.text)))))


_LONG = 6  # words of an option


_PLACES = re.compile(
    r"\b(?:building|shop|store|office|land|farm|ranch|orchard|practice|restaurant|warehouse|studio|bakery)\b"
)


def _own_place(moment: Moment) -> str:
    """Return that the client owns a place of business, if the talk is about it and it is one of the client's assets."""
    lines = [bare(turn.reading.text) for turn in moment.turns[-2:]]
    if not any(_PLACES.search(line) for line in lines):
        return ""
    held = [one for one in moment.life.of_kind("asset") if _PLACES.search(one.name) and "what" in one.figures]
    return f"I own it, {held[0].name}" if held else ""


def _chosen(moment: Moment, one: str, other: str) -> str:
    """Return the option that the profile mentions, else the second one, which needs no change."""
    if "english" in (one, other):
        return "english"
    if "you" in (one, other):
        return "you"
    told = {word for text in moment.own_texts for word in bare(text).split()}
    return one if one in told and other not in told else other


_KNOWN = {
    "english": "english", "you": "me", "email": "email", "mail": "mail", "letter": "mail", "phone": "phone",
    "call": "phone", "text": "text",
}  # fmt: skip


def _said_of(moment: Moment, chosen: str) -> str:
    key = _KNOWN.get(chosen)
    return moment.say(f"either.{key}") if key else moment.say("either.other", one=capital(chosen))
