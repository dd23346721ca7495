"""What a clause does: by rules where its words are plain, else like the nearest examples."""

from functools import lru_cache
from typing import cast, get_args

from rplay.agents import meaning
from rplay.agents.rehearsal.reading.forms import body
from rplay.agents.rehearsal.reading.similarity import nearness
from rplay.agents.rehearsal.reading.tables import patterns
from rplay.agents.rehearsal.reading.text import bare, words
from rplay.agents.rehearsal.reading.types import Act

ACTS: tuple[Act, ...] = get_args(Act)
# Acts that a question can be, beside asking about the client's life, by how sure an example has to be.
_ASKING: dict[Act, float] = {
    "check": 0.85, "permission": 0.9, "summarise": 0.95, "off_topic": 0.85, "role_attack": 0.85, "press": 0.95,
}  # fmt: skip
# Rules that decide over a statement, in this order.
_TOLD: tuple[Act, ...] = (
    "role_attack", "insult", "off_topic", "apologise", "goodbye", "summarise", "acknowledge", "filler", "empathise",
    "reflect", "normalise", "press", "promise", "flatter", "dismiss", "reassure", "permission", "disclose",
    "handle_objection", "next_step", "agenda", "introduce", "greet", "thank", "compare", "propose", "explain",
    "small_talk",
)  # fmt: skip
_ASKED: tuple[Act, ...] = ("role_attack", "insult", "off_topic", "press", "check", "permission", "summarise")
# What is done beside the main thing and still counts: thanks in front of a proposal, a drawback within an explanation.
_BESIDE: frozenset[Act] = frozenset({
    "greet", "introduce", "empathise", "normalise", "thank", "apologise", "goodbye", "reassure", "disclose", "press",
    "promise", "compare", "propose", "insult", "handle_objection", "explain", "dismiss", "flatter", "next_step",
    "agenda", "reflect",
})  # fmt: skip
_LEAST = 0.6


@lru_cache(maxsize=8192)
def ruled(clause: str) -> frozenset[Act]:
    """Every act whose words stand in the clause."""
    text, full = body(clause), bare(clause)
    found = patterns("rules", "acts")
    return frozenset(cast(Act, act) for act, pattern in found.items() if pattern.search(full) or pattern.search(text))


def beside(clause: str) -> frozenset[Act]:
    return ruled(clause) & _BESIDE


def of_question(clause: str, target_score: float) -> Act:
    """`ask`, or what else a question can be where that is surer than any subject of the client's life."""
    rules = ruled(clause)
    if by_rule := next((act for act in _ASKED if act in rules), None):
        return by_rule
    near = _near(clause)
    best = max(_ASKING, key=lambda act: near.get(act, 0.0) - _least(_ASKING[act]))
    return best if near.get(best, 0.0) > max(_least(_ASKING[best]), target_score) else "ask"


def of_statement(clause: str) -> Act:
    full = bare(clause)
    if not full:
        return "filler" if words(clause) else "silence"
    rules = ruled(clause)
    if by_rule := next((act for act in _TOLD if act in rules), None):
        return by_rule
    near = {act: score for act, score in _near(clause).items() if act not in ("check", "permission", "role_attack")}
    best = max(near, key=lambda act: near[act])
    if near[best] >= _least(_LEAST):
        return best
    return _guess(full)


def _guess(text: str) -> Act:
    """Where neither rule nor example fits: a long statement explains, a short one takes note."""
    count = len(text.split())
    return "explain" if count >= 8 else "acknowledge" if count >= 3 else "unclear"


def nearest(clause: str) -> float:
    """How near the clause comes to something that is said and not asked."""
    return max((score for act, score in _near(clause).items() if act not in ("check", "permission")), default=0.0)


def _near(clause: str) -> dict[Act, float]:
    return {cast(Act, label[0]): score for label, score in nearness("acts", body(clause)).items()}


def _least(score: float) -> float:
    return score if meaning.on() else 0.7 * score
