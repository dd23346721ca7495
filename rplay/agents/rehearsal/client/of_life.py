"""Answers from the client's life, if it is certain what the question asks about."""

import re
from collections.abc import Mapping, Sequence

from rplay.agents.persona.life import Kind, Subject
from rplay.agents.rehearsal.client.facts import overview, sentences_of, spoken
from rplay.agents.rehearsal.client.moment import Moment
from rplay.agents.rehearsal.client.owned import named_holdings
from rplay.agents.rehearsal.client.story import alike
from rplay.agents.rehearsal.client.words import bare, capital, names
from rplay.agents.rehearsal.reading.types import Sentence, Target

_NEGATION = re.compile(r"\b(?:no|not|never|none|nobody|nothing|neither|nor|without|\w+n't|hardly)\b")
_WH = re.compile(r"\b(?:what|when|where|who|why|how|which)\b(?! (?:if|you|i)\b)")
_SAYS_YES_OR_NO = re.compile(
    r"\b(?:yes|no|yeah|yep|nope|sure|never|not|none|nothing|nobody|of course|maybe|sometimes|kind of|mostly|partly|"
    r"hardly|sort of|a little|more or less|depends)\b"
)
_OFFERS = re.compile(
    r"\b(?:can|could|would|will) (?:you|i|we)\b|\bare you able\b|\bor\b|\bmind (?:if|telling|sharing)\b|"
    r"\bdo you (?:know|remember|mind|recall|think|feel|want to|happen)\b"
)
# A question for yes or no begins with a verb, or states something to confirm.
_YES_OR_NO = re.compile(
    r"(?:(?:and|so|but|ok|okay|well|oh|now|then|or|right|wait|um|uh|hm|also|got it|great|cool|nice|sure) )*"
    r"(?:do|does|did|are|is|was|were|have|has|had|can|could|would|will|you|your|he|she|they|it|that|there|any|ever|"
    r"[a-z]+ (?:works?|smokes?|drives?|retired|owns?))\b"
)
# Questions for a judgement: the words of the answer do not show whether it amounts to a yes.
_WEIGHS = re.compile(
    r"\b(?:worr\w+|afraid|scared|happy|secure|safe|enough|like|enjoy|stable|steady|confident|comfortable|nervous|"
    r"easy|hard|good|bad|okay|well|still|ever|anything|any other|else)\b"
)
_OPPOSITES = (("rent", "own"), ("rent", "bought"), ("rent", "mortgage"), ("own", "rent"), ("single", "married"))


def depth_of(moment: Moment, sentence: Sentence, questions: int) -> int:
    """Return the number of sentences of an answer."""
    if questions > 2:
        return 1
    style, state = moment.life.style, moment.state
    many = 2 if sentence.open else 1
    many += (state.warm and style.warm >= 45) + (style.terse < 35 and not state.cool)
    many -= (style.terse > 65) + state.cool
    return max(1, min(3 if questions == 1 else 2, many))


def from_life(moment: Moment, sentence: Sentence, depth: int, alone: bool) -> list[str]:
    """Return what the life says to this question; an empty list if it says nothing, or if it is unclear what is
    asked."""
    target = sentence.target
    if target is None:
        return []
    if choice := _chosen(moment, sentence, target):
        return choice
    if _is_guess(sentence, target):
        return []
    named = _all_named(moment, sentence, target)
    if _AND_SO_ON.search(bare(moment.reading.text)) and (every := _everything(moment, sentence, target)):
        named = [every]
    if len(named) > 1:
        return _of_several(moment, named, target, depth)
    subject = named[0] if named else _everything(moment, sentence, target) or moment.subject_of(target)
    if subject is None:
        return []
    if not moment.tells(subject):
        return _withheld(moment, subject)
    opened = [moment.say("withhold.open_up")] if subject.reserve == 2 and not _known(moment, subject) else []
    said = _told(moment, sentence, subject, target.aspect, depth, alone)
    return [*opened, *said] if said else []


_AND_SO_ON = re.compile(r"\b(?:and so on|or whatever|and whatnot|and such|anything|and stuff|et cetera|etc)\b")
_WHOLE = re.compile(
    r"\b(?:what do you (?:have|owe|own)|what have you (?:got|put|saved)|how much (?:do|have) you (?:have|got|owe|saved)"
    r"|debts?|money ?wise|set aside|put away|where is it all|what(?:'s| is) owed)\b"
)


def _everything(moment: Moment, sentence: Sentence, target: Target) -> Subject | None:
    """Return the subject for all assets or all debts, if the question asks what there is and names none of them."""
    if target.kind not in ("asset", "debt") or not _WHOLE.search(bare(sentence.text)):
        return None
    every = moment.life.subject(f"{target.kind}s")
    return every if every and every.says and target.aspect in ("what", "where") else None


_CHOOSES = re.compile(
    r"\bwhich (?:one|of (?:those|these|them))\b|\bwhich\b.*\b(?:most|first|worst|more|biggest|top|matters?|"
    r"worr\w+|important|bothers?)\b|"
    r"\bwhat\b.*\bmost\b|\bwhat'?s? (?:is )?(?:number one|the (?:biggest|main|worst))\b"
)
_GOALS = re.compile(r"\b(?:goals?|first|priorit\w+|matters?|important|number one)\b")


def _chosen(moment: Moment, sentence: Sentence, target: Target) -> list[str]:
    """Return the most important one of several, with its reason."""
    if not _CHOOSES.search(bare(sentence.text)) or target.kind in ("asset", "child"):
        return []
    kind: Kind = "goal" if _GOALS.search(bare(sentence.text)) else "worry"
    if target.kind == "debt":
        return _dearest(moment)
    first = next((one for one in moment.life.of_kind(kind) if one.reserve < 2 and moment.tells(one)), None)
    if first is None:
        return []
    what = next(iter(first.says.get("what", ())), "")
    why = moment.deeper(first, "why")
    if moment.voice.is_new(what):
        moment.voice.note(what)
        return [what, why]
    return [again(moment, what), why]


def _dearest(moment: Moment) -> list[str]:
    """Return the debt with the highest rate."""
    rated = [(figure.value, one) for one in moment.life.of_kind("debt") if (figure := one.figures.get("rate"))]
    if not rated:
        return []
    rate, worst = max(rated, key=lambda one: one[0])
    return [f"{capital(worst.name)}, at {rate:g} percent", moment.deeper(worst, "feel")]


def _all_named(moment: Moment, sentence: Sentence, target: Target) -> list[Subject]:
    """Return the subjects of the kind in question that the question names; an empty list if it means all."""
    things = [one for one in moment.life.of_kind(target.kind) if one.reserve < 2 and one.id not in ("assets", "debts")]
    if len(things) < 2 or target.kind not in ("asset", "debt", "child", "goal", "worry"):
        return []
    text = f" {bare(sentence.text)} "
    if target.kind in ("asset", "debt"):
        named = [one for one in named_holdings(moment, text.strip(), (target.kind,)) if one in things]
    else:
        named = [one for one in things if any(names(text, word) for word in one.words)]
    return named if len(named) < len(things) else []


# Answers so long that only a question with these words may get them.
_CUES: Mapping[tuple[str, str], re.Pattern[str]] = {
    ("asset", "what"): re.compile(
        r"\b(?:own|have|got|sav\w+|accounts?|invest\w*|assets?|worth|put away|put aside|retire\w*|401k|ira|"
        r"stocks?|funds?)\b"
    ),
    ("estate", "what"): re.compile(
        r"\b(?:wills?|trusts?|attorneys?|papers|estate|guardian|set up|beneficiar\w+|"
        r"plan)\b"
    ),
    ("cover", "what"): re.compile(r"\b(?:insur\w+|cover\w*|polic\w+|protect\w*|have|got)\b"),
}


def _is_guess(sentence: Sentence, target: Target) -> bool:
    cue = _CUES.get((target.kind, target.aspect))
    general = target.subject in (None, "assets", "estate", "cover")
    return cue is not None and general and not cue.search(bare(sentence.text))


def _known(moment: Moment, subject: Subject) -> bool:
    return any(one.subject == subject.id for one in moment.memory.told)


def _of_several(moment: Moment, subjects: Sequence[Subject], target: Target, depth: int) -> list[str]:
    """Return the answer to a question about several things: one figure for each, else each in its own words."""
    if said := overview(subjects, target.aspect):
        return [_first_or_again(moment, said)]
    each = [moment.new_of(sentences_of(one, target.aspect)[:1]) for one in subjects[: depth + 1]]
    return [text for text in each if text] or [again(moment, subjects[0].says["what"][0])]


def _first_or_again(moment: Moment, text: str) -> str:
    if moment.voice.is_new(text):
        moment.voice.note(text)
        return text
    return again(moment, text)


def again(moment: Moment, text: str) -> str:
    """Return a text that was told before, with words that say so."""
    return moment.led(moment.say("again.lead") or moment.say("again.already"), text)


def _told(moment: Moment, sentence: Sentence, subject: Subject, aspect: str, depth: int, alone: bool) -> list[str]:
    said = _says(subject, aspect)
    if not said:
        return []
    if moment.voice.is_new(said[0]):
        first = said[0]
        moment.voice.note(first)
        own = any(bare(first) == bare(one.text) for one in moment.statements)
        lead = yes_or_no(sentence, first) if alone and not own else ""
        rest = _going_on(moment, said[1:], depth - 1)
        return [moment.led(f"{lead},", first) if lead else first, *rest]
    if _asked_before(moment, sentence, aspect, subject):
        return [_restated(moment, subject, aspect, said[0]), *_going_on(moment, said[1:], depth - 1)]
    # It was told already, but not asked like this: the question must mean something else, or the next detail.
    return _going_on(moment, said[1:], depth) if sentence.open or moment.reading.follow_up else []


def _says(subject: Subject, aspect: str) -> Sequence[str]:
    """Return the sentences on the aspect, else its figure as a sentence."""
    figure = subject.figures.get(aspect)
    return subject.says.get(aspect, ()) or ((f"{spoken(figure)} on {subject.name}",) if figure else ())


def _asked_before(moment: Moment, sentence: Sentence, aspect: str, subject: Subject) -> bool:
    """Return whether the same was asked before in similar words."""
    return any(
        one.target
        and one.target.aspect == aspect
        and one.target.kind == subject.kind
        and alike(sentence.text, one.text)
        for turn in moment.turns[:-1]
        for one in turn.asked
    )


def _going_on(moment: Moment, said: Sequence[str], many: int) -> list[str]:
    more = [one for one in said if moment.voice.is_new(one)][: max(0, many)]
    for one in more:
        moment.voice.note(one)
    return more


def _restated(moment: Moment, subject: Subject, aspect: str, text: str) -> str:
    figure = subject.figures.get(aspect)
    if figure and (short := f"{spoken(figure)} on {subject.name}") and moment.voice.chance(f"short {aspect}", 40):
        return again(moment, short)
    return again(moment, text)


def _withheld(moment: Moment, subject: Subject) -> list[str]:
    if subject.reserve == 2:
        return [moment.say("withhold.hidden") or moment.say("withhold.reason")]
    said = moment.say("withhold.personal", name_of=subject.name)
    asks = moment.say("withhold.reason") if "for?" not in said else ""
    return [one for one in (said, asks) if one]


# Yes or no


def yes_or_no(sentence: Sentence, answer: str) -> str:
    """Return "Yes" or "No" for a question that wants it; empty if the answer says so itself, or it cannot be
    decided."""
    asked, text = bare(sentence.text), answer.lower()
    if (
        not sentence.yes_no
        or not _YES_OR_NO.match(asked)
        or _OFFERS.search(asked)
        or _WH.search(asked)
        or _SAYS_YES_OR_NO.search(text[:40])
    ):
        return ""
    for asks, says in _OPPOSITES:
        if re.search(rf"\b{asks}\b", asked) and re.search(rf"\b{says}", text) and asks not in text:
            return "No"
    clause = re.split(r"[,;:]| but | and ", text, maxsplit=1)[0]
    negative = bool(_NEGATION.search(clause))
    if _WEIGHS.search(asked):
        return ""
    return "No" if negative else "Yes"
