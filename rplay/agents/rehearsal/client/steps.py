"""Next steps and leave-taking: what is agreed, and how the talk ends."""

import re

from rplay.agents.ending import Ended
from rplay.agents.rehearsal.client.moment import Moment

_DAY = r"(?:mon|tues|wednes|thurs|fri|satur|sun)days?"
_TIME = re.compile(
    rf"\b(?:(?:this |next |on |a week from )?{_DAY}(?: (?:the \w+|morning|afternoon|evening|night|"
    rf"week))*(?: (?:at|around|after) (?:noon|\w+(?::\d\d)?(?: ?[ap]\.?m)?|\d+))?"
    r"|tomorrow(?: (?:morning|afternoon|evening|night))?|next week|in (?:a|two|three|2|3) weeks?|in a month|"
    r"next month|the \d+(?:st|nd|rd|th))\b",
    re.IGNORECASE,
)
_BRING = re.compile(
    r"\b(?:bring|dig (?:up|out)|find|have|send me|get me|email me|gather)\b(?: along| in| with you)? ((?:the|your|"
    r"a copy of|that|any|all|copies of)\b[^.?!,;]{3,70})",
    re.IGNORECASE,
)
_SENDS = re.compile(
    r"\b(?:i'll|i will|let me|i can|i'm going to|ill)\b.{0,20}\b(?:send|e-?mail|mail|text|write|put together|"
    r"forward)\b",
    re.IGNORECASE,
)
_OR = re.compile(r"\bor\b", re.IGNORECASE)


def next_step(moment: Moment) -> list[str]:
    """Yes with a time and what the client will bring, or no with the reason."""
    if moment.state.trust < 22 or moment.state.breaches > 1:
        return [moment.say("next_step.no") or moment.say("next_step.cool")]
    if moment.state.cool or moment.state.trust < 38:
        return [moment.say("next_step.cool") or moment.say("next_step.no")]
    when = time_of(moment)
    said = [_yes(moment, when)]
    if brings := _brings(moment):
        said.append(brings)
    elif when and moment.voice.slots["partner"] and moment.voice.chance("partner", 60):
        said.append(moment.say("next_step.with_partner"))
    elif not when:
        own = moment.more(("meeting", "next"))
        said.append(own)
    return [one for one in said if one]


def _yes(moment: Moment, when: str) -> str:
    if when:
        return moment.say("next_step.yes", time=when) or moment.say("next_step.yes_open")
    if _SENDS.search(moment.reading.text):
        return moment.say("next_step.send") or moment.say("next_step.yes_open")
    return moment.say("next_step.yes_open")


def _brings(moment: Moment) -> str:
    found = _BRING.search(moment.reading.text)
    if not found:
        return ""
    docs = re.sub(r"\byour\b", "my", found[1].lower()).replace(" you ", " I ").strip()
    docs = re.split(r"\b(?:and i|so i|so we|that shows|if you|when|before|to the)\b", docs)[0].strip()
    return moment.say("next_step.bring", docs=docs)


def time_of(moment: Moment) -> str:
    """The time named in this line; of two offered, one."""
    return _time_in(moment.reading.text, moment)


def _time_in(text: str, moment: Moment) -> str:
    found = [one[0].lower() for one in _TIME.finditer(text)]
    if not found:
        return ""
    chosen = found[-1] if len(found) > 1 and _OR.search(text) and moment.voice.chance("day", 50) else found[0]
    chosen = re.sub(r"^on ", "", chosen)
    return re.sub(rf"\b{_DAY}\b", lambda day: day[0].capitalize(), chosen)


def agreed(moment: Moment) -> str:
    """The time agreed on earlier in the talk; empty when there is none."""
    for turn in reversed(moment.turns):
        if "next_step" in turn.acts or "goodbye" in turn.acts:
            said = " ".join(turn.answer)
            when = _time_in(said, moment) or ("" if turn.answer else _time_in(turn.reading.text, moment))
            if when:
                return when
    return ""


def goodbye(moment: Moment) -> tuple[list[str], Ended]:
    """A leave that fits how it went and names the next step."""
    why = "the advisor said goodbye"
    state, when = moment.state, agreed(moment)
    if state.cool or state.trust < 30:
        said = [moment.say("goodbye.cold"), moment.say("goodbye.open_cold") if not moment.life.style.terse > 65 else ""]
        return [one for one in said if one], Ended("advisor", why)
    lead = moment.say("goodbye.warm" if state.trust >= 64 else "goodbye.fair")
    if when:
        return [moment.say("goodbye.agreed", time=when), lead], Ended("advisor", f"{why}; agreed on {when}")
    if "next_step" in moment.turn.acts or _SENDS.search(moment.reading.text):
        return [moment.say("next_step.send"), lead], Ended("advisor", why)
    early = len(moment.turns) < 3
    return [one for one in (moment.say("goodbye.open") if not early else "", lead) if one], Ended("advisor", why)
