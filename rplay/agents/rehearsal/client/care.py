"""The client's reactions to care: apologies, sympathy, comfort, and feelings that the advisor names."""

import re
from collections.abc import Mapping

from rplay.agents.rehearsal.client.feelings import on_theme, to_condolence, to_feeling, to_own_loss
from rplay.agents.rehearsal.client.heard import heard
from rplay.agents.rehearsal.client.moment import Moment
from rplay.agents.rehearsal.client.offers import product
from rplay.agents.rehearsal.client.recap import sums_up
from rplay.agents.rehearsal.client.words import bare, kept

Said = list[str]


def to_care(moment: Moment) -> Said:
    """Return the reaction to an apology, condolences, the advisor's own bad news, or sympathy."""
    if sums_up(moment):
        return []
    for one in heard(moment):
        if one.name == "own_loss":
            return to_own_loss(moment, one)
        if one.name == "condolence":
            return to_condolence(moment, one)
    if _only_begs_pardon(moment):
        return []
    if (moment.does("apologise") or _SORRY.search(bare(moment.reading.text))) and not _feels_with(moment):
        return to_apology(moment)
    if moment.does("normalise") and not moment.does("check") and _NORMAL.search(moment.reading.text.lower()):
        return to_normalising(moment)
    if moment.does("propose", "next_step", "disclose") or (product(moment) and not moment.does("empathise", "reflect")):
        return []
    said = kept(*to_feeling(moment))
    return said or (to_apology(moment) if moment.does("apologise") else [])


def _only_begs_pardon(moment: Moment) -> bool:
    """Return whether `sorry` only introduces a question: `Sorry, did you say you were married?` is no apology."""
    return bool(_PARDON.match(bare(moment.reading.text)))


_PARDON = re.compile(
    r"(?:oh |um |uh |i'm )?sorry (?:but )?(?:did|do|what|are|is|was|were|how|when|where|who|which|why|you (?:said|"
    r"mean)|your|"
    r"can|could|have|has|one more|phone|i (?:lost|missed|didn't (?:catch|get|hear)|have to ask|forgot (?:to ask|"
    r"what)))\b"
)


_NORMAL = re.compile(
    r"\b(?:you(?:'re| are) (?:\w+ )?not (?:alone|the only)|(?:lots? of|most|many|plenty of) \w+|common|normal|"
    r"(?:everybody|everyone) (?:gets|feels|has|struggles|needs|does|worries)|nobody (?:teaches|likes|learns))\b"
)


def to_empathy(moment: Moment) -> Said:
    cool = moment.state.cool or moment.life.style.warm < 20
    return kept(moment.say("empathy.cool" if cool else "empathy.thanks"), on_theme(moment))


def to_normalising(moment: Moment) -> Said:
    return kept(moment.say("normalise.doubt" if moment.state.cool else "normalise.relief"), on_theme(moment))


_SORRY = re.compile(
    r"^sorry\b|\bsorry$|\bi beg your pardon\b(?!.*\bwhat\b)|^(?:please )?forgive me\b|\bsorry (?:about|"
    r"for) (?:how|what) i\b|"
    r"\b(?:sorry i\b|sorry (?:i(?:'m| am)?|about|for) (?:a bit |the |that |so |being |my |late|jump|rush|all)|"
    r"apologi[sz]e)"
)


_OWN_FAULT = re.compile(
    r"\b(?:late|my (?:fault|bad)|should have|shouldn't have|came out|interrupt\w*|mess\w*|rude|out of line|apolog\w+|"
    r"jumping|confus\w+|forgot|slow|bad (?:morning|day)|don't know what|hold on|one second|noisy|wrong|started|rush\w*|"
    r"flying|fast|sorry for the|sorry i|clumsy|blunt|too (?:direct|fast|much|personal|pushy)|put it|system|"
    r"computer|file|whoops|oops|jargon|my side|ramble\w*)\b"
)


_HARD: frozenset[str] = frozenset({"lately", "worry", "relatives", "if", "child", "partner", "debt", "advisor"})


_FEELS = re.compile(
    r"\bmust(?:'ve| have| be)\b|\bsounds (?:hard|tough|like)|\bcan imagine\b|\bto hear\b|\bsorry (?:about|for) your\b"
)


def _feels_with(moment: Moment) -> bool:
    """Return whether `I'm sorry` is about what the client told, and not about something that the advisor did."""
    text = moment.reading.text.lower()
    if moment.before.strikes or moment.before.insults or _OWN_FAULT.search(text):
        return False
    if moment.does("empathise", "reflect") or _FEELS.search(text):
        return True
    topic, told = moment.topic, moment.memory.just_told(moment.number)
    return moment.told_story or (topic is not None and topic.kind in _HARD and bool(told))


# An apology without a fault of one's own is sympathy.
_BARE_SORRY = re.compile(
    r"(?:oh |aw |gosh )?i(?:'m| am) (?:so |really |very )?sorry|(?:oh |aw |gosh )?i(?:'m| am) (?:so|very|"
    r"really) sorry about that"
)


_FAULTS: Mapping[str, re.Pattern[str]] = {
    "start": re.compile(r"\b(?:how i|started|earlier|again sorry|and again)\b"),
    "late": re.compile(
        r"\b(?:(?:i'm|so|being|running|a bit|minutes) late|waiting|(?:the|your) wait|delay\w*)\b(?! for you)"
    ),
    "rush": re.compile(r"\b(?:rush\w*|fast|flying|quick\w*|short|hurry)\b"),
    "words": re.compile(r"\b(?:came out|meant|mean|put that|wording|sounded|phras\w+)\b"),
    "name": re.compile(r"\b(?:name|pronounc\w+|my bad \w+$)\b"),
}


def to_apology(moment: Moment) -> Said:
    if moment.before.strikes or moment.before.insults:
        return kept(moment.say("apologise.cool"), moment.say("apologise.condition"))
    text = bare(moment.reading.text)
    for fault, expression in _FAULTS.items():
        if expression.search(text) and (said := moment.say(f"sorry.{fault}")):
            return [said]
    if moment.number and any(_BARE_SORRY.fullmatch(bare(one.text)) for one in moment.reading.sentences):
        return kept(moment.say("empathy.cool" if moment.state.cool else "empathy.thanks"))
    if any("apologise" in turn.acts for turn in moment.turns[:-1]):
        return kept(moment.say("sorry.again") or moment.say("apologise.accept"))
    return kept(moment.say("apologise.accept" if moment.number else "apologise.nothing"))


def asks_whether_felt(moment: Moment) -> bool:
    """Return whether the advisor asks if a feeling is right: `I get the feeling that money isn't just a number to you.
    Am I wrong?`"""
    felt = moment.does("reflect") and not moment.does("summarise")
    return felt and any(one.asks == "check" for one in moment.reading.sentences)


def to_reflection(moment: Moment) -> Said:
    return kept(moment.say("reflect.cool" if moment.state.cool else "reflect.yes"), on_theme(moment))
