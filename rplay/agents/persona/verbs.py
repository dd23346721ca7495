"""Verbs and their forms after `he` and after `I`."""

from functools import cache

from rplay.agents.persona.grammar import base
from rplay.agents.persona.tables import table


@cache
def class_of(name: str) -> frozenset[str]:
    """Return a class of words from texts/speaking.toml."""
    return frozenset(str(table("speaking")[name]).split())


def finite(low: str) -> str:
    """Return the form after `I` of a verb in the third person or the past; empty if the word is no such verb."""
    if low in (
        "cost",
        "cut",
        "hit",
        "spread",
        "split",
        "bit",
        "lay",
        "wound",
        "required",
        "limited",
        "needed",
        "increased",
    ):
        return ""  # these are nouns just as often, or stand before a noun
    if low in class_of("past") or (low.endswith("ed") and _stem_of_past(low) in class_of("verbs")):
        return low
    if low in class_of("auxiliaries") or stem_of(low) in class_of("verbs"):
        return for_me(low)
    return ""


def for_me(verb: str) -> str:
    return {"has": "have", "is": "am", "does": "do", "isn't": "am not", "hasn't": "haven't", "doesn't": "don't"}.get(
        verb
    ) or (verb if verb in class_of("auxiliaries") or verb in class_of("past") else base(verb))


def stem_of(low: str) -> str:
    """Return the stem of a verb in the third person: `takes` becomes `take`; empty for other words."""
    return base(low) if low.endswith("s") and base(low) != low else ""


def _stem_of_past(low: str) -> str:
    forms = (low[:-1], low[:-2], low[:-3] if low[-3:-2] == low[-4:-3] else low[:-2], low[:-3] + "y")
    return next((form for form in forms if form in class_of("verbs")), "")
