"""Finds the client's own statement that answers a question, with its probability."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from rplay.agents import meaning
from rplay.agents.persona.grammar import lower_first
from rplay.agents.rehearsal.client.statements import SMALL, Statement, part
from rplay.agents.rehearsal.client.tables import pattern, table
from rplay.agents.rehearsal.client.words import bare, capital, ended, sentences

# Probability from which an answer is certain. It was fitted on 661 questions to 60 profiles, four of ten of which the
# profiles do not answer (bench/practice/story, and what training/told-*.jsonl keeps aside). On profiles that were left
# out, 85 of 100 answers above SURE were right, and 55 of 100 questions that have an answer got it.
SURE = 0.5
LIKELY = 0.35  # enough if nothing else is known: 80 of 100 such answers are right
_WEIGHTS = {"told": 5.7, "near": 3.0, "shared": 1.7, "both": -0.2, "background": 1.2, "goal": -0.2, "goal asked": 1.6,
            "plain": 0.0, "lacks": -1.0, "somebody else": -0.7, "another count": 0.2, "describes": -2.2,
            "supposes": -1.5, "guarded": -1.15, "says": -0.4, "no reason": -0.6, "no place": -0.6, "then": 0.4,
            "thin": -0.9, "bias": -4.7}  # fmt: skip
_BY_WORDS = {"told": 0.0, "near": 0.0, "shared": 4.7, "both": 0.0, "background": 2.8, "goal": -2.8,
             "goal asked": 3.7, "plain": -2.0, "lacks": -3.0, "somebody else": -1.6, "another count": -1.5,
             "describes": -4.0, "supposes": -2.5, "guarded": -1.0, "says": -2.0, "no reason": -1.6, "no place": -2.5,
             "then": 3.5, "thin": 0.0, "bias": -4.4}  # fmt: skip
_THIN = 0.35  # with less similarity than this, one shared word is too little
_COUNTED = ("when", "long", "much", "often")
_ENOUGH = 0.5  # a clause is told alone if it has this share of the whole sentence's probability


@dataclass(frozen=True)
class Answer:
    """The answer that the client's texts give to a question. `confidence` is the probability that the question asked
    for it."""

    text: str = ""
    confidence: float = 0.0
    statement: Statement | None = None

    @property
    def sure(self) -> bool:
        return self.confidence >= SURE


def answer(question: str, statements: Sequence[Statement], said: Sequence[str] = (), led: str = "") -> Answer:
    """Return the statement that answers the question.

    `said` holds what the client has said so far, the latest last. `led` is what the advisor said in the same line
    before the question.
    """
    if not statements:
        return Answer()
    if led and len(content(question)) < 2 and content(led):
        alone, behind = (_answered(one, statements, said) for one in (question, f"{sentences(led)[-1]} {question}"))
        return max(alone, behind, key=lambda one: one.confidence)
    before = _last_told(statements, said)
    if before and _points_back(question):
        return _onward(question, before, statements, said)
    return _answered(question, statements, said)


def _answered(question: str, statements: Sequence[Statement], said: Sequence[str]) -> Answer:
    asked = _Asked(question, statements)
    scored = [(asked.confidence(unit, one), one, unit) for one in statements for unit in _units(one)]
    confidence, best, unit = max(scored, key=lambda one: one[0])
    if _OPEN.search(asked.text):
        unit = best.text
    elif unit == best.text or asked.closed:
        unit = _clause(asked, best, confidence)
    text = _put(asked.wants, best, unit, said)
    return Answer(text, confidence if text else 0.0, best)


_OPEN = re.compile(r"\bwhat(?:'s| is| was)? (?:happened|the story|that about)\b|\btell me\b|\bwalk me\b|\bhow did\b")


def _clause(asked: "_Asked", one: Statement, confidence: float) -> str:
    """Return the clause that answers the question alone, else the whole sentence."""
    nearest = max(one.clauses, key=lambda clause: asked.confidence(clause, one))
    lacks = (asked.weights.keys() & content(one.text)) - content(nearest)
    sure = asked.confidence(nearest, one) >= _ENOUGH * confidence
    return nearest if sure and not (asked.closed and lacks) else one.text


def _units(one: Statement) -> tuple[str, ...]:
    return tuple(dict.fromkeys((one.text, *one.clauses)))


# -- what is asked -----------------------------------------------------------------------------------------------------

_GOAL = re.compile(
    r"\b(?:want|goals?|hope|plans?|planning|like to|wish|dream|looking to|list|some ?day|one day|going to)\b"
)
_SUPPOSES = re.compile(
    r"^(?:and |so |but )?(?:if|suppose|imagine|say)\b|\bif you\b|\bwould (?!you say)|\bwhat happens\b"
    r"|\b(?:could|can|should) (?:we|i)\b"
)
_TELL = re.compile(
    r"\b(?:can|could|would|will) you (?:please |maybe |just )?"
    r"(?:tell|walk|explain|describe|share|give|say|remember|talk)\b"
)
_ASKS = re.compile(
    r"\b(?:what|why|how|when|who|whose|where|which|tell me|walk me)\b"
    r"|\b(?:do|does|did|are|is|was|were|have|has|had|can|could|would|will|any)"
    r" (?:you|your|it|that|this|he|she|they|there|the|i|we|anybody|anyone|somebody)\b"
)
# What a statement about the subject seldom tells: what somebody is like, the kind or name of a thing, whether somebody
# likes it.
_DESCRIBES = re.compile(
    r"\b(?:was|is|are|were) \w+ like\b|\bhow (?:old|big|far|tall)\b|\bdo for (?:work|a living)\b"
    r"|\bwhat does (?:\w+ ){1,2}do\b|\bnames?\b|\bcalled\b|\bdie[ds]? of\b"
    r"|\b(?:what|which) (?!did\b|kind\b|sort\b|year\b|was\b|is\b|are\b|were\b)\w+ (?:is|are|was|were|do|does|did)\b"
    r"|\b(?:do|does|did) (?:you|he|she|they|your \w+) (?:like|enjoy|love|mind|hate|miss)\b"
)
_DATE = re.compile(
    r"\b(?:january|february|march|april|may|june|july|august|september|october|november|december|(?:19|20)\d\d)\b"
)
_PLACE = re.compile(r"\b(?:in|at|near|next|on|through) (?:[A-Z]|the\b|my\b|an?\b|door\b)")
_SPAN = re.compile(r"\bhow (?:long|many (?:years|months|weeks))\b(?! ago)")
_OFTEN = re.compile(r"\bhow often\b|\bhow many (?:times|days|hours)\b")
_MANY = re.compile(r"\bhow many (\w+)")


def wants(question: str) -> str:
    """Return what the question asks for: `when`, `long`, `often`, `much`, `why`, `who` or `where`; empty for other
    questions."""
    asked = bare(question)
    if _SPAN.search(asked):
        return "long"
    if _OFTEN.search(asked):
        return "often"
    found = [(hit.start(), name) for name, words in table("story")["wants"].items()
             if (hit := pattern(rf"\b(?:{words})\b").search(asked)) and _asks(asked, hit, name)]  # fmt: skip
    return min(found)[1] if found else ""


def _asks(asked: str, hit: re.Match[str], name: str) -> bool:
    """Return whether the word leads a question: `what did you do when he called` does not ask for a time."""
    before = asked[: hit.start()].split()
    return (
        name in ("why", "much") or len(before) < 3 or before[-1] in ("and", "or", "so", "but", "know", "remember", "me")
    )


_CLOSED = re.compile(r"(?:(?:so|and|but|or) )*(?:do|does|did|are|is|was|were|have|has|had)\b")


# The rate of a loan or an account, which a sentence on what an insurer charges does not tell.
_RATE_OF = re.compile(r"\b(?:rate|interest)\b.*\b(?:mortgage|loans?|cards?|line|heloc|debts?|savings|account|note)\b")
_A_RATE = re.compile(r"%|\bpercent\b|\binterest\b|\brefinanc")


class _Asked:
    """A question, prepared for comparing it with statements."""

    def __init__(self, question: str, statements: Sequence[Statement]) -> None:
        self.text = bare(question)
        self.wants = wants(question)
        self.where = bool(re.search(r"\bwhere(?:'s| is| are| was| were)\b", self.text))
        self.closed = bool(_CLOSED.match(self.text))
        self.asks = question.rstrip().endswith("?") or bool(_ASKS.search(self.text))
        words = content(question)
        known = [content(one.text) for one in statements]
        self.weights = {word: 1 / (1 + 0.5 * sum(word in one for one in known)) for word in words}
        self.people = _people(self.text) | {word for word in words if word in _names(tuple(statements))}
        self.many = _MANY.search(self.text)
        self.vector = meaning.vector(self.text) if meaning.on() else None
        self.direction = meaning.asked(self.text) if meaning.on() else None

    def confidence(self, unit: str, one: Statement) -> float:
        if _RATE_OF.search(self.text) and not _A_RATE.search(one.text):
            return 0.0
        by = _BY_WORDS if self.vector is None else _WEIGHTS
        total = by["bias"] + sum(by[name] * value for name, value in self._signs(unit, one).items())
        return 1 / (1 + math.exp(-total))

    def _signs(self, unit: str, one: Statement) -> dict[str, float]:
        told = content(one.text)
        near = 0.0 if self.vector is None else float(self.vector @ meaning.vector(unit))
        answers = 0.0 if self.direction is None else float(self.direction @ meaning.asked(bare(unit)))
        weight = sum(self.weights.values()) or 1.0
        shared = sum(value for word, value in self.weights.items() if word in told) / weight
        wishes = one.source == "goal"
        return {
            "told": answers,
            "near": near,
            "shared": shared,
            "both": near * shared,
            "background": one.source == "background",
            "goal": wishes,
            "goal asked": wishes and bool(_GOAL.search(self.text)),
            "plain": not self.weights,
            "lacks": self.wants in _COUNTED and not part(unit, self.wants),
            "no reason": self.wants == "why" and not part(one.text, "why"),
            "no place": self.where and not _PLACE.search(unit),
            "somebody else": bool(self.people - told),
            "another count": bool(self.many) and not self._counts(unit),
            "supposes": bool(_SUPPOSES.search(self.text)) and not _TELL.search(self.text),
            "says": not self.asks,
            "thin": bool(self.weights) and near < _THIN and sum(word in told for word in self.weights) < 2,
            "guarded": one.guarded,
            "then": "happen" in self.text and any(date in bare(unit).split() for date in _DATE.findall(self.text)),
            "describes": bool(_DESCRIBES.search(self.text)),
        }

    def _counts(self, unit: str) -> bool:
        noun = self.many[1][:4] if self.many else ""
        return bool(re.search(rf"(?i)\b{SMALL} (?:\w+ )?{noun}|\d (?:\w+ )?{noun}", unit)) or noun in ("peop", "folk")


@lru_cache(maxsize=64)
def _names(statements: tuple[Statement, ...]) -> frozenset[str]:
    found = (name for one in statements for name in re.findall(r"(?<=[a-z,] )[A-Z][a-zé]+", one.text))
    return frozenset(name.lower() for name in found)


_KIN = frozenset({
    "mother", "father", "parents", "brother", "sister", "wife", "husband", "daughter", "son", "child", "children",
    "kids", "ex", "grandmother", "grandchildren", "aunt", "uncle", "cousin", "boss", "landlord", "tenant", "mom", "dad",
    "lawyer", "doctor", "accountant", "neighbors", "colleagues",
})  # fmt: skip


def _people(text: str) -> set[str]:
    return {_canonical().get(word, word) for word in text.replace("'s", "").split() if word in _KIN}


# -- words -------------------------------------------------------------------------------------------------------------


@cache
def _canonical() -> dict[str, str]:
    """Return words with the same meaning, each with the word that stands for its group."""
    groups = [line.split() for line in table("story")["alike"].strip().splitlines()]
    return {word: group[0] for group in reversed(groups) for word in group}


@cache
def _common() -> frozenset[str]:
    return frozenset(table("story")["common"].split())


@lru_cache(maxsize=4096)
def content(text: str) -> frozenset[str]:
    """Return the important words of a text. Words with the same meaning count as one."""
    words = (word.removesuffix("'s") for word in bare(text).split())
    return frozenset(_canonical().get(word) or _stem(word) for word in words if _tells(word))


def _tells(word: str) -> bool:
    return word in _canonical() or (len(word) > 2 and word not in _common())


def _stem(word: str) -> str:
    cut = re.sub(r"(?:ing|ed|es|s|ly)$", "", word)
    return _canonical().get(cut, cut)


def same(text: str, other: str) -> bool:
    """Return whether two sentences tell the same thing."""
    if bare(text) in bare(other) or bare(other) in bare(text):
        return True
    mine, theirs = content(text), content(other)
    return len(mine & theirs) > 2 and len(mine & theirs) >= 0.6 * min(len(mine), len(theirs))


# -- how it is said ----------------------------------------------------------------------------------------------------


def _put(wanted: str, one: Statement, unit: str, said: Sequence[str]) -> str:
    """Return the part of the statement that was asked for. What was told before is not repeated word for word."""
    if wanted == "why" and (reason := part(one.text, "why")):
        return _new(_reason(reason), said) or _again(one, unit, said)
    if wanted in _COUNTED and not part(unit, wanted):
        unit = next((clause for clause in one.clauses if part(clause, wanted)), one.text)
    if new := _new(unit, said):
        return new
    short = part(one.text, wanted) if wanted in _COUNTED else ""
    alone = ended(capital(short)) if short else ""
    return alone if alone and alone not in said else _again(one, unit, said)


def _reason(reason: str) -> str:
    if reason.startswith(("after", "over", "from")):
        return f"It was {reason}."
    return ended(capital(reason))


def _new(text: str, said: Sequence[str]) -> str:
    return "" if any(same(text, one) for one in said) else text


_REFERS = "As I said,"


def _again(one: Statement, unit: str, said: Sequence[str]) -> str:
    """Return what is left to tell of the same event, else, once in a talk, the same again with "As I said"."""
    rest = [clause for clause in one.clauses if _new(clause, said)]
    if rest:
        return rest[0]
    if any(_REFERS in text for text in said):
        return ""
    return f"{_REFERS} {lower_first(unit)}"


# -- going on with what was told ---------------------------------------------------------------------------------------

_BACK = re.compile(r"\b(?:that|it|this|then|there|they|he|she|him|her|them|those|next)\b")
_WENT = re.compile(r"\b(?:how did (?:that|it|this) (?:go|turn out|end|work out)|what came of)\b")
_NEXT = re.compile(
    r"\b(?:then|next|after that"
    r"|what happened|go on|tell me more|say more|more about)\b"
)
_ALONE = re.compile(
    r"^(?:so |and |ok |okay |um )*(?:why|when|how long|how much|who|where|how come)(?: (?:was|is|did|ago))?"
    r"(?: (?:that|it|this|so|happen|they|he|she))*$"
)


def _points_back(question: str) -> bool:
    """Return whether the question names nothing itself, like `when was that?` and `what happened then?`."""
    text = bare(question)
    return len(content(question)) <= 1 and bool(
        _ALONE.match(text) or _WENT.search(text) or _BACK.search(text) or _NEXT.search(text)
    )


def _last_told(statements: Sequence[Statement], said: Sequence[str]) -> Statement | None:
    """Return the statement that the client told in the latest line; None if there is none."""
    latest = said[-3:]
    told = [one for one in statements if one.source in ("background", "family")
            if any(same(clause, text) for text in latest for clause in _units(one))]  # fmt: skip
    return told[-1] if told else None


def _onward(question: str, before: Statement, statements: Sequence[Statement], said: Sequence[str]) -> Answer:
    wanted = wants(question)
    if wanted == "why" and (reason := part(before.text, "why")):
        return Answer(_reason(reason), 0.9, before)
    if wanted in _COUNTED and (short := part(before.text, wanted)):
        return Answer(ended(capital(short)), 0.9, before)
    if _WENT.search(bare(question)):
        rest = next((clause for clause in before.clauses if _new(clause, said)), "")
        return Answer(rest, 0.8, before) if rest else Answer()
    if _NEXT.search(bare(question)) and (more := _next_told(before, statements, said)):
        return Answer(more, 0.8, before)
    found = _answered(question, [one for one in statements if abs(one.event - before.event) <= 1], said)
    return found if found.sure else Answer()


def _next_told(before: Statement, statements: Sequence[Statement], said: Sequence[str]) -> str:
    """Return the rest of the event that was begun, else the sentence about the next event."""
    rest = [clause for clause in before.clauses if _new(clause, said)]
    after = [one.text for one in statements if one.event == before.event + 1 and _new(one.text, said)]
    return next(iter((*rest, *after)), "")
