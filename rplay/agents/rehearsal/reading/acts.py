"""The act of a clause: decided by rules if its words are clear, else by the nearest examples."""

import re
from functools import lru_cache
from math import log
from typing import cast, get_args

from rplay.agents import meaning
from rplay.agents.rehearsal.reading.forms import body
from rplay.agents.rehearsal.reading.learned import Signs, likely, shares
from rplay.agents.rehearsal.reading.similarity import nearness
from rplay.agents.rehearsal.reading.tables import patterns
from rplay.agents.rehearsal.reading.targets import Found
from rplay.agents.rehearsal.reading.text import bare, words
from rplay.agents.rehearsal.reading.types import Act

ACTS: tuple[Act, ...] = get_args(Act)
# Acts that a question can perform besides asking about the client's life, and how near an example must be for each.
_ASKING: dict[Act, float] = {"summarise": 0.95, "off_topic": 0.85, "role_attack": 0.85, "press": 0.95}
_SURE = 0.8  # from this score on a question asks about the life, however near another act comes
# Acts that a rule can find in a statement, in order of precedence.
_TOLD: tuple[Act, ...] = (
    "role_attack", "insult", "off_topic", "apologise", "goodbye", "summarise", "acknowledge", "filler", "empathise",
    "reflect", "normalise", "reassure", "press", "promise", "flatter", "dismiss", "permission", "disclose",
    "handle_objection", "next_step", "agenda", "introduce", "greet", "thank", "compare", "propose", "explain",
    "small_talk",
)  # fmt: skip
_ASKED: tuple[Act, ...] = ("role_attack", "insult", "off_topic", "press", "check", "permission", "summarise")
# Acts that count in addition to the main one: thanks before a proposal, a drawback within an explanation.
_BESIDE: frozenset[Act] = frozenset({
    "greet", "introduce", "empathise", "normalise", "thank", "apologise", "goodbye", "reassure", "disclose", "press",
    "promise", "compare", "propose", "insult", "handle_objection", "explain", "dismiss", "flatter", "next_step",
    "agenda", "reflect",
})  # fmt: skip
# Acts whose words always decide, whatever else speaks against it.
_ALWAYS: tuple[Act, ...] = ("role_attack", "insult", "off_topic")
_YOU = frozenset({"you", "your", "you're", "you've", "you'd", "you'll"})
_I = frozenset({"i", "i'm", "i'd", "i'll", "i've", "my", "me", "we", "we'd", "we'll", "let's"})


@lru_cache(maxsize=8192)
def ruled(clause: str) -> frozenset[Act]:
    """Return every act whose words occur in the clause."""
    text, full = body(clause), bare(clause)
    found = patterns("rules", "acts")
    return frozenset(cast(Act, act) for act, pattern in found.items() if pattern.search(full) or pattern.search(text))


def beside(clause: str) -> frozenset[Act]:
    return (ruled(clause) & _BESIDE) - (_PLANS if supposes(clause) else frozenset())


# Acts that a supposition cannot perform: `say you take it, it's a Tuesday in October`.
_PLANS: frozenset[Act] = frozenset({"next_step", "goodbye"})
_SUPPOSES = re.compile(
    r"^(?:and |so |but |okay |now |or |then )*(?:if (?!i\b|we\b)|say (?!hi\b|hello\b)|suppose|supposing|imagine|"
    r"picture|"
    r"let's say|let's assume|what if (?!i\b|we\b))"
)


@lru_cache(maxsize=8192)
def supposes(clause: str) -> bool:
    return bool(_SUPPOSES.match(bare(clause)))


# `May I ask how your health is` asks about health, and not for permission.
_ASKS_ALL_THE_SAME = re.compile(
    r"\b(?:ask|asking|know|telling me|sharing|check)(?: you)?(?: a bit| a little)? (?:about|how|what|why|when|"
    r"where|who|which|"
    r"whether|if you) (?!that\b|it\b|something\b)\w+|^(?!(?:would|do) you mind).*\bif (?:you don't mind|"
    r"i may)(?: my)?(?: me)?"
    r"(?: asking)?$|\bif that's not too personal$"
)


def of_question(clause: str, found: Found) -> Act:
    """Return `ask`, or another act if that is more certain than any subject of the client's life."""
    rules = ruled(clause)
    if _ASKS_ALL_THE_SAME.search(bare(clause)):
        rules -= {"permission"}
    if by_rule := next((act for act in _ASKED if act in rules), None):
        return by_rule
    asked_leave = found.other == "permission" and _ASKS_ALL_THE_SAME.search(bare(clause))
    if found.other in ("check", "permission") and found.other_score > found.score and not asked_leave:
        return cast(Act, found.other)
    near = _near(clause)
    best = max(_ASKING, key=lambda act: near.get(act, 0.0) - _least(_ASKING[act]))
    return best if near.get(best, 0.0) > _least(_ASKING[best]) and found.score < _SURE else "ask"


def of_statement(clause: str) -> tuple[Act, float]:
    """Return the act of a statement, and the probability that it is right."""
    full = bare(clause)
    if not full:
        return ("filler" if words(clause) else "silence"), 1.0
    rules = ruled(clause)
    if by_rule := next((act for act in _ALWAYS if act in rules), None):
        return by_rule, 1.0
    likely = shares(candidates(clause), "acts")
    if supposes(clause):
        likely = {act: share for act, share in likely.items() if act not in _PLANS}
    best = max(likely, key=lambda act: likely[act])
    return cast(Act, best), likely[best]


def candidates(clause: str) -> dict[str, Signs]:
    """Return the features of each act, whose weights are learned (`weights.toml`)."""
    text, rules = body(clause), ruled(clause)
    near, learned = nearness("acts", text), likely("acts", bare(text))
    first, nearest_ = next((act for act in _TOLD if act in rules), None), max(near.values())
    spoken = bare(clause).split()
    found: dict[str, Signs] = {}
    for (act, *_), score in near.items():
        found[act] = {
            "near": score, "nearest": score - nearest_, "learned": log(max(learned.get(act, 0.0), 0.001)),
            "ruled": float(act in rules), "first": float(act == first), f"ruled_{act}": float(act in rules),
            act: 1.0, f"long_{act}": min(len(spoken), 20) / 10, f"you_{act}": float(bool(_YOU & set(spoken))),
            f"i_{act}": float(bool(_I & set(spoken))),
        }  # fmt: skip
    return found


def nearest(clause: str) -> float:
    """Return how near the clause comes to an example of a statement, as opposed to a question."""
    return max((score for act, score in _near(clause).items() if act not in ("check", "permission")), default=0.0)


def _near(clause: str) -> dict[Act, float]:
    return {cast(Act, label[0]): score for label, score in nearness("acts", body(clause)).items()}


def _least(score: float) -> float:
    return score if meaning.on() else 0.7 * score
