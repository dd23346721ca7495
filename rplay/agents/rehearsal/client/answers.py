"""Answers to what was asked."""

import re
from collections.abc import Iterator, Mapping, Sequence

from rplay.agents.persona.life import Figure, Kind, Subject
from rplay.agents.rehearsal.client.facts import deeper, overview, sentences_of, spoken
from rplay.agents.rehearsal.client.follow_ups import followed, follows_up, on_event
from rplay.agents.rehearsal.client.moment import Moment
from rplay.agents.rehearsal.client.story import alike
from rplay.agents.rehearsal.client.words import bare, capital, listed
from rplay.agents.rehearsal.reading.types import Amount, Claim, Sentence, Target

_MOST_ASKED = 3
_GUESS, _LEAST = 0.79, 0.6  # scores of questions, measured: below the first most are wrong, below the second all
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
# Questions that weigh something: whether the answer amounts to yes is not for its words to tell.
_WEIGHS = re.compile(
    r"\b(?:worr\w+|afraid|scared|happy|secure|safe|enough|like|enjoy|stable|steady|confident|comfortable|nervous|"
    r"easy|hard|good|bad|okay|well|still|ever|anything|any other|else)\b"
)
_OPPOSITES = (("rent", "own"), ("rent", "bought"), ("rent", "mortgage"), ("own", "rent"), ("single", "married"))


def answers(moment: Moment) -> list[str]:
    """Each question answered in turn, the first most fully."""
    asked = _asked(moment)
    said: list[str] = []
    for at, (target, sentence) in enumerate(asked):
        depth = _depth(moment, sentence, len(asked)) if at < 2 else 1
        if len(asked) == 1 and not _is_plain(target) and (recalled := moment.recall(moment.reading.text)):
            return [recalled]
        if follows_up(moment, sentence):
            said += followed(moment, sentence)
            continue
        said += ([] if said else _recalled(moment, sentence, target)) or _answer(
            moment, sentence, target, depth, alone=not said
        )
    return [one for one in said if one]


def _asked(moment: Moment) -> list[tuple[Target, Sentence]]:
    """The questions worth an answer: a guess is dropped beside one that was understood."""
    asked = list({target: sentence for sentence, target in moment.turn.questions}.items())
    best = max((sentence.score for _, sentence in asked), default=0.0)
    least = _GUESS if best >= _GUESS else _LEAST
    return [(target, sentence) for target, sentence in asked if sentence.score >= least][:_MOST_ASKED]


_TRIGGERS = frozenset({
    ("meeting", "what"), ("lately", "what"), ("lately", "when"), ("lately", "why"), ("worry", "since"), ("goal", "why"),
})  # fmt: skip


def _told_again(moment: Moment, sentence: Sentence, target: Target) -> str:
    """What the background said to this before, once more; else what came of it."""
    told = moment.story_on(sentence.text, target)
    if told and target.kind == "self":
        return _again(moment, told)
    return on_event(moment, sentence.text)


def _is_plain(target: Target) -> bool:
    """What no story answers."""
    return (target.kind, target.aspect) in _PLAIN


_PLAIN = frozenset({
    ("self", "how_are_you"), ("self", "name"), ("self", "age"), ("partner", "name"), ("child", "age"),
    ("meeting", "next"), ("meeting", "contact"), ("meeting", "time"), ("debt", "rate"), ("income", "what"),
})  # fmt: skip


def _recalled(moment: Moment, sentence: Sentence, target: Target) -> list[str]:
    """What the background itself says to a question, before anything else that is known."""
    if not _is_plain(target):
        one = moment.recall(sentence.text) or moment.recall_on(sentence.text, target)
        if one:
            return [one]
        if moment.background_alone(target):
            return [_told_again(moment, sentence, target)]
    triggers = (target.kind, target.aspect) in _TRIGGERS and moment.tells_of_itself
    if triggers and (event := moment.event()):
        return [*moment.opener(target), event]
    return []


def _depth(moment: Moment, sentence: Sentence, questions: int) -> int:
    """How many sentences an answer has."""
    if questions > 2:
        return 1
    style, state = moment.life.style, moment.state
    many = 2 if sentence.open else 1
    many += (state.warm and style.warm >= 45) + (style.terse < 35 and not state.cool)
    many -= (style.terse > 65) + state.cool
    return max(1, min(3 if questions == 1 else 2, many))


def _answer(moment: Moment, sentence: Sentence, target: Target, depth: int, alone: bool) -> list[str]:
    if choice := _chosen(moment, sentence, target):
        return choice
    if _is_guess(sentence, target):
        return []
    named = _all_named(moment, sentence, target)
    if len(named) > 1:
        return _of_several(moment, named, target, depth)
    subject = named[0] if named else moment.subject_of(target)
    if subject is None:
        return []
    if not moment.tells(subject):
        return _withheld(moment, subject)
    opened = [moment.say("withhold.open_up")] if subject.reserve == 2 and not _known(moment, subject) else []
    return [*opened, *_told(moment, sentence, subject, target.aspect, depth, alone)]


_CHOOSES = re.compile(
    r"\bwhich (?:one|of (?:those|these|them))\b|\bwhich\b.*\b(?:most|first|worst|more|biggest|top|matters?|"
    r"worr\w+|important|bothers?)\b|"
    r"\bwhat\b.*\bmost\b|\bwhat'?s? (?:is )?(?:number one|the (?:biggest|main|worst))\b"
)
_GOALS = re.compile(r"\b(?:goals?|first|priorit\w+|matters?|important|number one)\b")


def _chosen(moment: Moment, sentence: Sentence, target: Target) -> list[str]:
    """Which of several is the one that counts, with its reason."""
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
    return [_again(moment, what), why]


def _dearest(moment: Moment) -> list[str]:
    """The debt that costs most."""
    rated = [(figure.value, one) for one in moment.life.of_kind("debt") if (figure := one.figures.get("rate"))]
    if not rated:
        return []
    rate, worst = max(rated, key=lambda one: one[0])
    return [f"{capital(worst.name)}, at {rate:g} percent", moment.deeper(worst, "feel")]


def _all_named(moment: Moment, sentence: Sentence, target: Target) -> list[Subject]:
    """The things of the kind asked about that the question names, or whose house it speaks of."""
    things = [one for one in moment.life.of_kind(target.kind) if one.reserve < 2 and one.id not in ("assets", "debts")]
    if len(things) < 2 or target.kind not in ("asset", "debt", "child", "goal", "worry"):
        return []
    text = f" {bare(sentence.text)} "
    named = [one for one in things if any(_names(text, word) for word in one.words)]
    if target.kind == "debt" and not named and re.search(r"\b(?:house|home|place)\b", bare(moment.reading.text)):
        named = [one for one in things if "mortgage" in one.words]
    return named if len(named) < len(things) else []


def _names(text: str, word: str) -> bool:
    plain = bare(word)
    return len(plain) > 2 and (f" {plain} " in text or f" {plain}s " in text)


# Answers so full that the question must have asked for them.
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
    """A question about several things of a kind: one figure of each, or each in its own words."""
    if said := overview(subjects, target.aspect):
        return [_first_or_again(moment, said)]
    each = [moment.new_of(sentences_of(one, target.aspect)[:1]) for one in subjects[: depth + 1]]
    return [text for text in each if text] or [_again(moment, subjects[0].says["what"][0])]


def _first_or_again(moment: Moment, text: str) -> str:
    if moment.voice.is_new(text):
        moment.voice.note(text)
        return text
    return _again(moment, text)


def _again(moment: Moment, text: str) -> str:
    """The same thing once more, in other words."""
    return moment.led(moment.say("again.lead") or moment.say("again.already"), text)


def _told(moment: Moment, sentence: Sentence, subject: Subject, aspect: str, depth: int, alone: bool) -> list[str]:
    said = list(sentences_of(subject, aspect))
    if not said:
        return []
    fresh = [one for one in said if moment.voice.is_new(one)]
    if said[0] in fresh:
        first = said[0]
        moment.voice.note(first)
        lead = yes_or_no(sentence, first) if alone else ""
        rest = _going_on(moment, said[1:], depth - 1)
        return [moment.led(f"{lead},", first) if lead else first, *rest]
    again = _asked_before(moment, sentence, aspect, subject)
    if not again and not (moment.reading.follow_up or sentence.open):
        return []  # told already and never asked like this: something else was meant
    if not again:
        onward = _onward(moment, subject, aspect, depth)
        if onward:
            return onward
        if not alone:
            return []
        if moment.reading.follow_up:
            return [moment.say("again.all", topic=subject.name)]
        return [_restated(moment, subject, aspect, said[0])]
    return [_restated(moment, subject, aspect, said[0]), *fresh[: depth - 1]]


def _asked_before(moment: Moment, sentence: Sentence, aspect: str, subject: Subject) -> bool:
    """Whether the same was asked before, in words that come near."""
    return any(
        target.aspect == aspect and target.kind == subject.kind and alike(sentence.text, earlier.text)
        for turn in moment.turns[:-1]
        for earlier, target in turn.questions
    )


def _going_on(moment: Moment, said: Sequence[str], many: int) -> list[str]:
    more = [one for one in said if moment.voice.is_new(one)][: max(0, many)]
    for one in more:
        moment.voice.note(one)
    return more


def _onward(moment: Moment, subject: Subject, aspect: str, depth: int) -> list[str]:
    """What goes deeper on something already told."""
    found = [moment.deeper(subject, aspect) for _ in range(max(1, min(2, depth)))]
    return [one for one in found if one]


def _restated(moment: Moment, subject: Subject, aspect: str, text: str) -> str:
    figure = subject.figures.get(aspect)
    if figure and (short := f"{spoken(figure)} on {subject.name}") and moment.voice.chance(f"short {aspect}", 40):
        return _again(moment, short)
    return _again(moment, text)


def _withheld(moment: Moment, subject: Subject) -> list[str]:
    if subject.reserve == 2:
        return [moment.say("withhold.hidden") or moment.say("withhold.reason")]
    said = moment.say("withhold.personal", name_of=subject.name)
    asks = moment.say("withhold.reason") if "for?" not in said else ""
    return [one for one in (said, asks) if one]


# Yes or no


def yes_or_no(sentence: Sentence, answer: str) -> str:
    """What the answer begins with, where the question wants it and the answer does not say so itself."""
    asked, text = bare(sentence.text), answer.lower()
    if not sentence.yes_no or _OFFERS.search(asked) or _WH.search(asked) or _SAYS_YES_OR_NO.search(text[:40]):
        return ""
    for asks, says in _OPPOSITES:
        if re.search(rf"\b{asks}\b", asked) and re.search(rf"\b{says}", text) and asks not in text:
            return "No"
    clause = re.split(r"[,;:]| but | and ", text, maxsplit=1)[0]
    negative = bool(_NEGATION.search(clause))
    if _WEIGHS.search(asked):
        return ""
    return "No" if negative else "Yes"


# Claims


def confirmed(moment: Moment) -> list[str]:
    """Claims about the client confirmed, or put right with the true figure."""
    checked = [(claim, _true(moment, claim)) for claim in moment.reading.claims]
    wrong = [true for _, true in checked if true]
    if wrong:
        return [moment.say("claim.wrong"), *wrong[:2]]
    return []


def _true(moment: Moment, claim: Claim) -> str:
    """What is right instead; empty where the claim is right or cannot be judged."""
    subject = moment.subject_of(claim.target) if claim.target else None
    text = f" {bare(claim.text)} "
    if subject is None or not moment.tells(subject) or not any(_names(text, word) for word in subject.words):
        return ""
    wrong = (_instead(amount, subject) for amount in claim.amounts if amount.value not in _NAMES_OF_PLANS)
    return " and ".join(dict.fromkeys(one for one in wrong if one))


_NAMES_OF_PLANS = frozenset({401.0, 403.0, 457.0, 529.0, 401_000.0, 403_000.0, 457_000.0, 529_000.0})
_CHECKED = frozenset({"dollars", "dollars a month", "dollars a year", "percent"})


def _instead(amount: Amount, subject: Subject) -> str:
    """The figure that the amount should have been; empty if it is right or nothing it can be meant for."""
    meant = [one for one in subject.figures.values() if one.unit in _CHECKED and _alike(amount, one)]
    if not meant or any(_same(amount, figure) for figure in meant):
        return ""
    nearest = min(meant, key=lambda figure: abs(figure.value - amount.value))
    return f"it's {spoken(nearest)}" + (f" on {subject.name}" if subject.kind == "debt" else "")


def _same(amount: Amount, figure: Figure) -> bool:
    return abs(amount.value - figure.value) <= 0.06 * abs(figure.value)


def _alike(amount: Amount, figure: Figure) -> bool:
    """Whether the amount can be meant for this figure."""
    if (amount.unit or figure.unit) != figure.unit:
        return False
    return figure.value > 0 and 0.2 <= amount.value / figure.value <= 5


def subjects_named(moment: Moment) -> list[Subject]:
    """Subjects of the life that the line names by the words others use for them."""
    text = f" {bare(moment.reading.text)} "
    return [
        one
        for one in moment.life.subjects
        if one.reserve < 2 and any(len(word) > 3 and f" {bare(word)} " in text for word in one.words)
    ]


def onward(subject: Subject, aspect: str = "what") -> Iterator[str]:
    return (one for _, one in deeper(subject, aspect))


def names(subjects: Sequence[Subject]) -> str:
    return listed([one.name for one in subjects])


__all__ = ["answers", "confirmed", "names", "onward", "subjects_named", "yes_or_no"]
