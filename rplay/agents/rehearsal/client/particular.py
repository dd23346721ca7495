"""Answers questions that are not about one subject of the life: what the client could pay, which of two options they
would take, what they want to ask, what else there is."""

import re
from collections.abc import Callable, Sequence

from rplay.agents.rehearsal.client.concepts import Concept
from rplay.agents.rehearsal.client.facts import spoken
from rplay.agents.rehearsal.client.moment import Moment
from rplay.agents.rehearsal.client.tables import pattern, table
from rplay.agents.rehearsal.client.voice import digest
from rplay.agents.rehearsal.client.words import bare

Said = list[str]
_CLEAR = 0.6  # from this score on a question certainly asks about the life
_LIKELY = 0.3  # the profile's own texts come before a small made-up fact from this certainty on

_AFFORDS = re.compile(
    r"\b(?:what|how much) (?:could|can|would) you (?:\w+ ){0,2}(?:put|set|spend|pay|afford|spare|manage|commit|"
    r"contribute)"
    r"\b|\b(?:what|how much) (?:would|could|can|does) (?:\w+ )?(?:feel|be|is) (?:ok|okay|comfortable|doable|"
    r"realistic|"
    r"affordable|too much)\b|\b(?:budget|room) (?:for|in your month for) (?:this|that|it|a premium|premiums|"
    r"insurance)\b|"
    r"\bcan you afford\b|\bcomfortable (?:paying|putting|setting aside|spending)\b"
)
_QUESTIONS = re.compile(
    r"\b(?:what|any|other|more) (?:other )?questions (?:do you have|for me|so far|about|on)\b|"
    r"\b(?:anything|what) (?:else )?(?:you(?:'d| would)? (?:want|like)|would you like|do you want) to (?:ask|know)\b|"
    r"\bask me anything\b|\bdo you have (?:any )?questions\b|\bquestions on (?:that|this|it)\b|\bhaven't asked me\b"
)
_ELSE = re.compile(
    r"\b(?:anything|something|what) (?:else|more|important)?(?: that)? ?(?:i|we) (?:should|need to|ought to|haven't|"
    r"didn't|missed|forgot|left)\b|\banything else\b"
    r"(?!.*\b(?:car|card|loan|debt|owe|account|own|pay|bill|kid|child|polic|cover|house)\w*)|"
    r"\bdid (?:i|we) (?:miss|forget|leave)\b|\bwhat (?:am i|did i|have i) (?:miss|forg|not ask|left)\w*|"
    r"\bnot telling me\b|\bwhat'?s really\b|\bis there more\b"
)
_UNKNOWN = re.compile(
    r"\bdoes (?:that|it|this|the \w+) (?:stay|go with|come with|cover|include|count|transfer|end|pay out|follow)\b|"
    r"\bwhat happens to (?:it|that|the \w+) (?:if|when)\b|\bis (?:that|it) (?:taxable|covered|included|"
    r"transferable)\b|"
    r"^(?:does|is|will|would|can|what happens)\b.*\bdo you know$"
)
_CHOICE = re.compile(
    r"\bwould you (?:rather|prefer)\b|\bwhich (?:one|of the two)\b|\bdo you want (?:the|a) \w+ (?:at )?\w+ or\b|"
    r"\byou want that or\b|\b(?:deductible|limits?|liability)\b.* or (?:a )?\w+\b"
)
_OPINION = re.compile(
    r"\b(?:how (?:does|do|would) (?:that|this|it|those) (?:sound|land|strike|feel)|what do you think(?: so far|"
    r" of (?:that|"
    r"this|it))?$|what'?s your (?:take|reaction|gut)|your thoughts|sounds? good$|does that (?:work|sound)|would that "
    r"(?:work|help)|sound(?:s)? (?:like|fair|good|right))\b"
)
_PROPOSES = frozenset({"propose", "explain", "compare", "disclose"})


def particular(moment: Moment) -> Said:
    """Return the answer if the line asks about a budget, a choice, the client's own questions or anything else that is
    no subject of the life; an empty list if not."""
    if wants_the_start(moment) and (told := _from_the_start(moment)):
        return told
    asked = _questions(moment)
    if small := _everyday(moment, asked):
        return [small]
    plain = [bare(one.text) for one in moment.reading.sentences if one.asks == "life" and one.score >= _CLEAR]
    for expression, answer in _KINDS:
        if answer is _chooses and (plain or moment.reading.follow_up):
            continue
        if any(expression.search(text) for text in asked) and (said := [one for one in answer(moment) if one]):
            return said
    return []


def wants_the_start(moment: Moment) -> bool:
    """Return whether the client is asked to tell the story from its beginning."""
    return any(_FROM_THE_START.search(text) for text in _questions(moment))


def _questions(moment: Moment) -> list[str]:
    return [bare(one.text) for one in moment.reading.sentences if one.question or one.act in ("check", "ask")]


_FROM_THE_START = re.compile(
    r"\b(?:from the (?:start|beginning|top)|(?:start|begin) (?:me )?at the beginning|(?:short|quick|minute"
    r"|long) version"
    r"|where (?:are you|you are) in life|(?:what's the|about your|describe (?:the|your)) operation\b|about your place"
    r"|tell me (?:your story|about yourself|a (?:bit|little) about you(?:rself)?$))"
)


def _from_the_start(moment: Moment) -> Said:
    """Return who the client is and the first of what the profile tells."""
    story = [one for one in moment.story if not any(one == each.text and each.guarded for each in moment.statements)]
    job = moment.occupation if moment.voice.is_new(moment.occupation) else ""
    told = [one for one in (job, *story[:2]) if one]
    for one in told:
        moment.voice.note(one)
    return told


def _everyday(moment: Moment, asked: Sequence[str]) -> str:
    """Return a small fact that is always the same for this client. What the background says about it comes first."""
    for name, entry in table("everyday").items():
        if any(pattern(entry["match"]).search(text) for text in asked):
            if recalled := moment.recall(moment.reading.text, _LIKELY):
                return recalled
            partner = moment.voice.slots["partner"]
            ways = entry["with_partner"] if partner and "with_partner" in entry else entry["ways"]
            said = str(ways[digest(moment.life.name, moment.life.age, name) % len(ways)])
            said = said.replace("{partner}", partner[0] if partner else "")
            return said if moment.voice.is_new(said) else moment.led(moment.say("again.lead"), said)
    return ""


def _affords(moment: Moment) -> Said:
    spending = next(iter(moment.life.of_kind("spending")), None)
    left = spending.figures.get("saves") if spending else None
    if left is None or left.unit != "dollars a month" or left.value < _LITTLE:
        return [moment.voice.one(_TIGHT, "tight"), moment.more(("spending", "cut"), ("spending", "goes"))]
    part = max(20, round(left.value * (0.12 if moment.life.style.anxious > 60 else 0.2) / 10) * 10)
    ways = (
        f"Maybe ${part:,} a month, since what's left is about {spoken(left).removesuffix(' a month')}",
        f"I could do ${part:,} a month without it pinching",
        f"${part:,} a month I wouldn't feel much, beyond that it hurts",
        f"I said it before, about ${part:,} a month",
    )
    return [moment.voice.one(ways, "affords"), moment.more(("spending", "cut"), ("spending", "goes"))]


_LITTLE = 100  # a client with less than this many dollars left in a month can pay little
_TIGHT = (
    "Not much, thirty dollars a month at most",
    "Twenty-five, thirty dollars a month, and I'd have to find it first",
    "Thirty dollars, as I said, and that's stretching it",
)


def _lump(moment: Moment) -> Said:
    """Return what the client could pay at once, from the money in the bank."""
    held = [
        one for one in moment.life.of_kind("asset") if "savings account" in one.words or "checking account" in one.words
    ]
    cash = sum(one.figures["what"].value for one in held if "what" in one.figures)
    sum_ = next((one for one in (2500, 1000, 500, 250) if one * 8 <= cash), 250)
    ways = (
        f"${sum_:,} I could write a check for tomorrow, more than that hurts",
        f"With about ${cash:,.0f} in the bank, ${sum_:,} is where I'd stop",
        f"${sum_:,}, no more",
    )
    return [moment.voice.one(ways, "lump")]


def _works_as(moment: Moment) -> Said:
    return [moment.more(("work", "what"), ("work", "employer"), ("work", "like"))]


def _asks_back(moment: Moment) -> Said:
    concept = next(iter(moment.recent_concepts), None)
    own = moment.voice.one(concept.ask, f"{concept.id} ask") if concept else ""
    other = moment.new_of(moment.life.questions)
    return [own or other, other if own and moment.life.style.terse < 60 else ""]


def _something_else(moment: Moment) -> Said:
    unsaid = _UNSAID.search(bare(moment.reading.text))
    for subject in moment.life.subjects if unsaid else ():
        if subject.reserve == 2 and moment.unlocked(subject) and (secret := moment.deeper(subject)):
            return [moment.say("withhold.open_up"), secret, moment.deeper(subject, "why")]
    wanted = (("worry", "what"), ("goal", "what"), ("decision", "holds"), ("worry", "why"), ("advisor", "want"))
    return [moment.new_of(moment.story) or moment.more(*wanted)]


_UNSAID = re.compile(
    r"\b(?:not telling me|really|haven't (?:said|told)|anything else|is there more|not (?:said|told))\b"
)


def _does_not_know(moment: Moment) -> Said:
    """Return that the client does not know how a product works which they only own."""
    return [moment.say("unclear.unknown"), moment.say("acknowledge.ask") if moment.voice.chance("asks", 50) else ""]


def _chooses(moment: Moment) -> Said:
    """Return which of two options of the advisor the client would take, and why."""
    offered = any(turn.acts & _PROPOSES for turn in moment.turns[-2:])
    concept = next(iter(moment.recent_concepts if offered else moment.concepts), None)
    if concept is None or not (offered or re.search(r"\bor\b", moment.reading.text.lower())):
        return []
    return [moment.say(f"compare.{leaning(moment)}"), reason(moment, concept)]


def leaning(moment: Moment) -> str:
    style = moment.life.style
    return "pick_cheap" if style.numbers > 60 else "pick_safe" if style.anxious > 45 else "pick_bold"


def reason(moment: Moment, concept: Concept) -> str:
    return moment.voice.one(concept.ask, f"{concept.id} ask") or moment.say("compare.need")


_LUMP = re.compile(
    r"\b(?:deductible|out of pocket|emergency)\b.*\b(?:could|can) you\b.*\b(?:write|pay|cover|"
    r"handle|afford|come up)\b"
)
_WORK = re.compile(r"^(?:so |and |um |okay |well )*what do you do(?: for (?:a living|work))?$")
_KINDS: Sequence[tuple[re.Pattern[str], Callable[[Moment], Said]]] = (
    (_WORK, _works_as),
    (_LUMP, _lump),
    (_AFFORDS, _affords),
    (_QUESTIONS, _asks_back),
    (_ELSE, _something_else),
    (_UNKNOWN, _does_not_know),
    (_CHOICE, _chooses),
)


def asks_opinion(moment: Moment) -> bool:
    """Return whether the line asks what the client thinks of the advisor's latest proposal."""
    offered = any(turn.acts & _PROPOSES for turn in moment.turns[-2:])
    return offered and any(_OPINION.search(bare(one.text)) for one in moment.reading.sentences)
