"""The client's reactions to small talk: greetings, names, the agenda, set phrases, and short words."""

import re

from rplay.agents.rehearsal.client.echo import echoed
from rplay.agents.rehearsal.client.heard import Heard, heard, says
from rplay.agents.rehearsal.client.moment import Moment
from rplay.agents.rehearsal.client.offers import aims, names
from rplay.agents.rehearsal.client.repertoire import of_statement
from rplay.agents.rehearsal.client.words import bare, kept
from rplay.agents.rehearsal.reading import forms
from rplay.agents.rehearsal.repertoire import recognised

Said = list[str]


AGENDA_UNTIL = 3  # after this many lines nobody plans the talk any more


_ADVISOR = re.compile(
    r"(?:\bI'm|\bI am|\bi'm|\bim|\bi am|[Mm]y name(?:'s| is)|\b[Tt]his is|\b[Ii]t'?s)(?:,| uh| um| its)* "
    r"(?P<name>[A-ZÀ-Þ][a-zß-ÿ]+)(?! ?-)|\b(?:this is|its|it's|i'm|im|my names?(?: is)?) (?:uh |um |"
    r"its )*(?P<low>[a-z]+) (?:with|from|at|here from)\b"
    r"|\bmy name(?:'?s| is) (?P<lower>[a-z]+)\b|^\W*(?:[\w ]+[,!.] )?(?P<here>[A-ZÀ-Þ][a-zß-ÿ]+) here\b"
    r"|^(?:[^.!?]*?, )(?P<after>[A-ZÀ-Þ][a-zß-ÿ]+) [A-ZÀ-Þ][a-zß-ÿ]+\."
)


def advisor_name(moment: Moment) -> str:
    """Return the name that the advisor gives in this line; empty if there is none."""
    found = _ADVISOR.search(moment.reading.text)
    name = (found["name"] or found["low"] or found["after"] or found["lower"] or found["here"] or "") if found else ""
    return name.capitalize() if name and name.lower() not in _NO_NAMES and name != moment.life.first_name else ""


_NO_NAMES = frozenset({
    "not", "just", "here", "so", "glad", "new", "sorry", "good", "fine", "calling", "working", "still", "is", "in", "a",
    "the", "with", "happy", "your", "going", "sure", "mr", "mrs", "dr", "one", "two", "at", "from",
})  # fmt: skip


def to_greeting(moment: Moment) -> Said:
    if moment.number:
        return kept(moment.say("greeting.again"))
    cool = moment.difficulty == "advanced" or moment.state.cool
    name = advisor_name(moment)
    hello = moment.say("greeting.named_wary" if cool else "greeting.named", advisor=name) if name else ""
    return kept(hello or moment.say("greeting.back_wary" if cool else "greeting.back"), moment.reason_for_coming())


def to_courtesy(moment: Moment) -> Said:
    """Return the answer to a polite question beside the greeting: the way here, the time, the chair; an empty list if
    there is none, or the line asks for a fact as well."""
    if moment.number >= _COURTEOUS_UNTIL:
        return []
    polite = [one for one in heard(moment) if one.name in _COURTESIES]
    texts = {one.sentence.text for one in polite}
    asked = [one for one in moment.turn.asked if "?" in one.text or forms.asks(one.text)]
    if any(one.score >= _SURE and one.text not in texts and not _HOW_ARE_YOU.search(bare(one.text)) for one in asked):
        return []
    said = kept(*(phrase_for(moment, one) for one in polite[:1]))
    if not said and any(_HOW_ARE_YOU.search(bare(one.text)) for one in asked):
        return kept(moment.say("how_are_you.tense" if moment.life.style.anxious > _TENSE else "how_are_you.lead"))
    return said or (of_statement(moment, _SMALL_TALK) if _makes_small_talk(moment) else [])


_COURTEOUS_UNTIL = 2
_COURTESIES = frozenset({
    "hear_me", "good_time", "the_way", "weekend", "weather", "refreshments", "calling_from", "woke_you", "comfortable",
})  # fmt: skip
_SURE = 0.5  # from this score on a question is about the client's life
_SMALL_TALK = 0.45
_TENSE = 65


_HOW_ARE_YOU = re.compile(r"\bhow (?:are|r|have) (?:you|ya)(?: been| doing| today| feeling)*$|\bhow's it going\b")


def _makes_small_talk(moment: Moment) -> bool:
    asked = [one.text for one in moment.reading.sentences if one.question]
    known = (recognised(text) for text in asked[-1:])
    return any(entry is not None and entry.id in _SMALL and share >= _SMALL_TALK for entry, share in known)


_SMALL = frozenset({
    "small.how_are_you", "small.weather", "small.traffic", "small.weekend", "small.day", "small.coffee",
})  # fmt: skip


_TITLE = r"(?:mr|mrs|ms|miss|dr|doctor|major|professor|captain|sergeant)"


_ADDRESS = re.compile(
    r"\b(?:may|can|could|should|shall|is it okay if|okay if|all right if) i (?:just )?(?:call|say) "
    r"(?:you )?(?!back|at|on|in|next|to|when|if|for|about|again|mon|tue|wed|thu|fri|sat|sun|that|it|something)\w+|"
    rf"\b{_TITLE}\b[^?]{{0,40}}?,? or (?P<first>\w+)\b|\bor (?:do|would) you (?:prefer|rather) (?P<pref>\w+)$|"
    r"\b(?:do you go by|what (?:should|shall|do|may) i call you|first name okay)\b"
)


_LANGUAGE = re.compile(
    r"\b(?:english|spanish|german|french|portuguese|chinese)(?: or|,? or in) (?:in )?(?:english|spanish|german|"
    r"french|portuguese|chinese)\b|"
    r"\b(?:more comfortable|easier|rather|prefer\w*)\b.{0,25}\b(?:in )?(?:english|spanish|german|french|"
    r"portuguese|chinese)\b"
)


def asks_for_language(moment: Moment) -> bool:
    return bool(_LANGUAGE.search(bare(moment.reading.text)))


def to_address(moment: Moment) -> Said:
    """Return how the client wants to be called, if the advisor asks at the beginning of the talk."""
    if moment.number < AGENDA_UNTIL and says(moment, "short_time") and "?" not in moment.reading.sentences[-1].text:
        return to_small(moment)
    if asks_for_language(moment):
        return kept(moment.say("address.language"))
    texts = (bare(one) for one in (*(each.text for each in moment.reading.sentences), moment.reading.text))
    found = next(filter(None, map(_ADDRESS.search, texts)), None) if moment.number < AGENDA_UNTIL else None
    named = (found["first"] or found["pref"]) if found else ""
    if not found or (
        named and named != moment.life.first_name.lower() and not re.search(r"\bi (?:just )?(?:call|say)\b", found[0])
    ):
        return []
    cool = moment.difficulty == "advanced" and moment.life.style.warm < 30
    return kept(moment.say("address.cool" if cool else "address.first"))


def to_agenda(moment: Moment) -> Said:
    if moment.number > AGENDA_UNTIL:
        return []
    cool = moment.difficulty == "advanced" or moment.state.cool
    return kept(moment.say("agenda.wary" if cool else "agenda.yes"))


def to_thanks(moment: Moment) -> Said:
    return kept(moment.say("thank.welcome"))


_CARE = frozenset({"condolence", "own_loss"})


def to_small(moment: Moment) -> Said:
    """Return a set phrase for what was said, at most two of them."""
    passed = _CARE if moment.number < AGENDA_UNTIL else _CARE | {"agenda"}
    known = {one.name: one for one in heard(moment) if "ways" in one.entry and one.name not in passed}
    said = [text for one in list(known.values())[:3] if (text := phrase_for(moment, one))]
    return said[:2]


def phrase_for(moment: Moment, one: Heard) -> str:
    cool = moment.state.cool or moment.state.trust < 36 or moment.life.style.warm < 20
    ways = one.entry.get("cool") if cool else None
    after = aims(moment)
    named = {key: echoed(text, names(moment)) for key, text in one.groups.items()}
    return moment.voice.one(ways or one.entry["ways"], one.name, goal=after["aim"], worry=after["fear"], **named)


def to_acknowledgement(moment: Moment) -> Said:
    """Return a short word, or a question that the client has wanted to ask."""
    if moment.state.cool:
        return kept(moment.say("acknowledged.cool"))
    question = moment.new_of(moment.life.questions) if moment.number > 2 and moment.voice.chance("asks", 45) else ""
    if question:
        return kept(moment.led(moment.say("own_question.lead"), question))
    return kept(moment.say("acknowledged.short") or moment.say("acknowledge.ask"))


def has_small(moment: Moment) -> bool:
    return any("ways" in one.entry and one.name not in _CARE for one in heard(moment))
