"""The client's reactions to trouble: broken rules, insults, silence, straying, attacks on the role, other languages."""

import re
from collections.abc import Sequence
from functools import cache
from importlib.resources import files

import orjson

from rplay.agents.ending import Ended
from rplay.agents.rehearsal.client.answers import answers
from rplay.agents.rehearsal.client.heard import heard
from rplay.agents.rehearsal.client.moment import Moment
from rplay.agents.rehearsal.client.refusals import argued, argues_again, refusals, refused, takes_back
from rplay.agents.rehearsal.client.tables import table
from rplay.agents.rehearsal.client.words import bare, sentences
from rplay.agents.rehearsal.reading.compliance import BY_WORDS, SURE
from rplay.agents.rehearsal.reading.stances import talks_down
from rplay.agents.rehearsal.reading.types import Reading

Said = list[str]
# Confidence of a breach: of 400 lines of talks that break no rule, none is above SURE and 4 are above LIKELY.
_LIKELY, _SURE_OF_QUESTION = 0.6, 0.85
_QUOTED = 12  # limit of words that the client quotes
_REFUSALS = 4  # after this many refusals the next broken rule ends the talk
_PUSHES = 2  # after this many pushes for something refused the next one ends the talk
_LEAVES = ("insult.leave", "breach.leave", "silence.leave")


def has_left(moment: Moment) -> bool:
    """Return whether the client has left the talk and was not won back by an apology, which works only once."""
    ways = {bare(one) for key in _LEAVES for way in _ways(key) for one in sentences(way)[-1:]}
    left = [at for at, turn in enumerate(moment.turns) if any(bare(one) in ways for one in turn.answer)]
    if len(left) != 1:
        return bool(left)
    return not any(_apologises(turn.reading) for turn in moment.turns[left[0] + 1 : -1])


def _ways(key: str) -> Sequence[str]:
    section, name = key.split(".")
    ways: Sequence[str] = table("wording")[section][name]
    return ways


def _apologises(reading: Reading) -> bool:
    return "apologise" in reading.acts and not reading.acts & {"insult", "press"}


def after_leaving(moment: Moment) -> tuple[Said, Ended | None]:
    """Return the reaction of a client who has left: only an apology gets more than a goodbye."""
    if _apologises(moment.reading) and (said := moment.say("left.apology")):
        return [said], None
    key = "left.bye" if moment.does("goodbye") else "left.firm"
    return [moment.say(key) or moment.say("left.bye") or moment.say("left.firm")], Ended("client", "has left")


# Languages


_TAKES_LEAVE = re.compile(
    r"\b(?:adi[oó]s|hasta (?:luego|pronto|ma[nñ]ana)|(?:que )?le vaya|cu[ií]dese|auf wieder\w+|tsch[uü]ss|"
    r"bis (?:bald|dann)|au revoir|à bientôt|tchau|até (?:logo|breve))\b|再见",
    re.IGNORECASE,
)
_BYES = {"es": "Adiós", "de": "Auf Wiedersehen", "fr": "Au revoir", "pt": "Até logo", "zh": "再见"}


def foreign(moment: Moment) -> Said:
    """Return a fixed sentence in the advisor's language, each only once; after that a short phrase, which may be
    repeated."""
    spoken = moment.reading.language
    if _TAKES_LEAVE.search(moment.reading.text) and (
        bye := moment.say("foreign.bye", leave=_BYES.get(spoken, "Goodbye"))
    ):
        return [bye]
    own = table("native")[spoken]["says"] if _is_native(moment, spoken) else table("wording")["foreign"].get(spoken, ())
    said = next((one for one in own if moment.voice.is_new(one)), "")
    moment.voice.note(said)
    return [said or (moment.say("foreign.en") if not own else "") or _ENGLISH.get(spoken, "In English, please")]


def _is_native(moment: Moment, code: str) -> bool:
    """Return whether the profile says that the client comes from a place where this language is spoken."""
    known = table("native").get(code)
    found = re.findall(known["from"], " ".join(moment.told_texts).lower()) if known else []
    return bool(found)


def in_english(moment: Moment) -> str:
    """Return the words before an English answer to a line in another language; empty when all were used."""
    spoken = moment.turn.spoken
    if sum(turn.spoken == spoken for turn in moment.turns[:-1]) >= _EXPLAINED:
        return ""  # they have heard it, and understand English
    ways = table("wording")["in_english"].get(spoken, ())
    if _is_native(moment, spoken):
        ways = (*table("native")[spoken]["says"][:2], *ways[1:])
    said = next((one for one in ways if moment.voice.is_new(one)), "")
    moment.voice.note(said)
    return said


_EXPLAINED = 2  # lines in another language that are told why the answer is in English
_ENGLISH = {
    "es": "En inglés, gracias", "de": "Auf Englisch, bitte", "fr": "En anglais, merci", "pt": "Em inglês, obrigado",
    "zh": "请说英语",
}  # fmt: skip


# Rules of the trade


@cache
def catalogue() -> dict[str, list[str]]:
    """Return what a client says to each breach, by the rule's id."""
    path = files("rplay").joinpath("data", "compliance.json")
    if not path.is_file():
        return {}
    entries = orjson.loads(path.read_bytes())
    return {
        one["id"]: [one["clientSays"]] if isinstance(one["clientSays"], str) else one["clientSays"] for one in entries
    }


def _least(moment: Moment, quote: str) -> float:
    """Return the confidence that a breach needs. A question needs more, because it may be meant harmlessly."""
    asked = any(one.question and quote.strip(" .?!") in one.text for one in moment.reading.sentences)
    return _SURE_OF_QUESTION if asked or moment.does("summarise") else _LIKELY


def to_breach(moment: Moment) -> tuple[Said, Ended | None]:
    """Return the reaction to a breach: a refusal if it is certain, a question if it is only likely. A repeated demand
    is refused again."""
    breaches = [one for one in moment.reading.breaches if one.confidence >= _least(moment, one.quote)]
    # A push often sounds like some other breach; only words prove that it is one.
    new = bool(breaches) and breaches[0].confidence >= BY_WORDS and breaches[0].id != _refused_last(moment)
    if not new and not _mocks(moment) and argues_again(moment):
        return _refused_again(moment, _refused_last(moment))
    if not breaches:
        return [], None
    answered = moment.does("goodbye", "thank", "next_step") or moment.turn.belittles or moment.does("insult")
    if breaches[0].confidence < SURE and answered:
        return [], None
    if breaches[0].confidence < SURE:
        return [_asked_about(moment, breaches[0].quote)], None
    ways = [one for one in catalogue().get(breaches[0].id, []) if _fits(moment, one)]
    own = moment.voice.one(ways, breaches[0].id) or moment.say("breach.fallback")
    before = refusals(moment)
    if before >= _REFUSALS:
        return [own, moment.say("breach.leave")], Ended("client", f"a rule of the trade was broken: {breaches[0].id}")
    key = "breach.second" if moment.before.breaches == 1 else "breach.again"
    again = moment.say(key) if moment.before.breaches and moment.voice.chance("again", 60) else ""
    refuses = re.search(r"\b(?:won't|not going to|no thank|leave me out|don't want|i'm not|wouldn't)\b", own.lower())
    return [one for one in (own, "" if refuses else moment.say("breach.wont"), again) if one], None


def _mocks(moment: Moment) -> bool:
    return any(talks_down(one.text) for one in moment.reading.sentences)


def taken_back(moment: Moment) -> Said:
    """Return a word to an advisor who takes back what the client has just refused."""
    if not any(map(refused, moment.turns[-3:-1])) or not takes_back(moment.turn) or moment.does("apologise"):
        return []
    return [moment.say("taken_back.cool" if moment.state.cool or refusals(moment) > 1 else "taken_back.good")]


def _refused_last(moment: Moment) -> str:
    """Return the rule in the latest line that the client refused; empty if there is none."""
    for turn in reversed(moment.turns[:-1]):
        if turn.reading.breaches and refused(turn):
            return turn.reading.breaches[0].id
    return ""


def _refused_again(moment: Moment, rule: str) -> tuple[Said, Ended | None]:
    """Return a firmer refusal; after several, the end of the talk."""
    pushed = sum(argued(turn) for turn in moment.turns[:-1])
    if pushed >= _PUSHES or refusals(moment) > _REFUSALS:
        return [moment.say("breach.leave")], Ended("client", f"was asked once more for what they refused: {rule}")
    if pushed:
        return [moment.say("breach.firm")], None
    act = moment.voice.one(table("wording")["act"].get(rule, ()), f"act {rule}")
    return [moment.say("breach.still_no_to", act=act) if act else moment.say("breach.still_no")], None


def _asked_about(moment: Moment, quote: str) -> str:
    words = quote.strip(' .,!?…"').split()
    key = "breach.unsure_of" if len(words) <= _QUOTED else "breach.unsure"
    return moment.say(key, quote=" ".join(words)) or moment.say("breach.unsure")


def _fits(moment: Moment, way: str) -> bool:
    """Return whether the text suits the client: it must not mention relatives, sums or people that do not exist or were
    not named."""
    low = way.lower()
    line = moment.reading.text.lower()
    if any(word in low and word not in line for word in _PARTICULAR):
        return False
    partner = " ".join(moment.voice.slots["partner"])
    spouse = re.search(r"\b(husband|wife)\b", low)
    if spouse and spouse[1] not in partner:
        return False
    return not re.search(r"\b(?:kids?|children|son|daughter)\b", low) or _has_children(moment)


_PARTICULAR = ("seven thousand", "he was good to me", "my uncle", "my neighbor", "that man")


def _has_children(moment: Moment) -> bool:
    return any("age" in one.figures for one in moment.life.of_kind("child"))


# Insults


def to_insult(moment: Moment) -> tuple[Said, Ended | None]:
    if moment.state.has_enough:
        return [moment.say("insult.leave")], Ended("client", "was insulted once too often")
    said = [
        moment.say("insult.first" if moment.before.insults == 0 else "insult.second") or moment.say("insult.defend")
    ]
    if moment.asks:
        said += answers(moment)[:1]
    elif moment.voice.chance("defend", 55):
        said.append(moment.say("insult.defend"))
    return [one for one in said if one], None


# Attacks on the role


_MACHINE = re.compile(
    r"\b(?:ai|a\.i|bot|robot|chat ?bot|chatgpt|machine|computer|human|real person|"
    r"language model)\b"
)


def to_attack(moment: Moment) -> Said:
    machine = _MACHINE.search(moment.reading.text.lower())
    return [moment.say("role_attack.robot" if machine else "role_attack.puzzled") or moment.say("off_topic.weary")]


# Straying from the subject


_POLITICS = re.compile(
    r"\b(?:president|politic\w*|election|vote|democrat\w*|republican\w*|congress|trump|biden|religio\w+)\b"
)
_SUM = re.compile(
    r"\b(?:\d+|\w+teen|twenty|thirty) ?(?:times|plus|minus|divided|x|\*|\+) ?(?:\d+|\w+)|square root|calculate|math"
)
_TASK = re.compile(r"\b(?:write|code|python|function|translate|essay|poem|homework|recipe|script|program)\b")
_FACT = re.compile(r"\bdid you know\b|\bfun fact\b")
_PERSONAL = re.compile(
    r"\b(?:broke up|girlfriend|boyfriend|my (?:wife|husband|mom|dad|dog|cat) (?:left|died|is sick)|fired|"
    r"depressed|lonely)\b"
)


def to_straying(moment: Moment) -> Said:
    text = moment.reading.text.lower()
    kinds = (
        (_PERSONAL, "personal"), (_POLITICS, "politics"), (_SUM, "sums"), (_FACT, "fun_fact"), (_TASK, "task"),
    )  # fmt: skip
    kind = next((name for expression, name in kinds if expression.search(text)), "")
    first = moment.say(f"off_topic.{kind}") if kind else ""
    if kind == "personal" and first:
        return [first]
    weary = moment.say("off_topic.weary") if moment.state.strayed > 3 and moment.voice.chance("weary", 50) else ""
    back = "" if first and moment.voice.chance("back", 40) else moment.say("off_topic.lead_back")
    return [one for one in (weary, first, back) if one][:2]


# Silence


def to_silence(moment: Moment) -> tuple[Said, Ended | None]:
    """Return the reaction to silence: at first the client carries the talk, then loses patience."""
    if re.fullmatch(r"[\s?]+", moment.reading.text):
        return [moment.say("question_mark.what")], None
    if any(one.name == "hold_on" for one in heard(moment)):
        return [moment.say("silence.wait")], None
    silent = moment.state.silent
    if silent == 1:
        return _carries_on(moment), None
    if silent == 2:
        return [moment.say("silence.first" if moment.number < 2 else "silence.notice")], None
    if silent == 3:
        return _carries_on(moment) or [moment.say("silence.impatient")], None
    if silent == 4:
        return [moment.say("silence.impatient")], None
    if silent < 8:
        return [moment.say("silence.last") or moment.say("silence.impatient")], None
    return [moment.say("silence.leave")], Ended("client", "the advisor had nothing to say")


def _carries_on(moment: Moment) -> Said:
    if moment.before.strikes or moment.before.insults:
        return [moment.say("silence.notice")]
    told = moment.memory.just_told(moment.number)
    topic = moment.life.subject(told[-1].subject) if told else None
    hears = re.search(r"\w", moment.reading.text)
    if moment.number and moment.turns[-2].answer[-1:] and moment.turns[-2].answer[-1].endswith("?") and hears:
        return [moment.say("silence.asked") or moment.say("silence.notice")]
    why = topic.says.get("why", ()) if hears and topic and moment.tells(topic) else ()
    if (more := moment.new_of(why)) and not more.startswith(("Because", "By ")):
        return [moment.led(moment.say("silence.more"), more) if moment.state.silent > 1 else more]
    if moment.number == 0:
        return [moment.say("silence.first")]
    return [moment.say("silence.heard" if hears else "silence.pause") or moment.say("silence.notice")]
