"""Verbs and their forms: what stands behind `he` and what behind `I`."""

from functools import cache

from rplay.agents.persona.grammar import base
from rplay.agents.persona.tables import table


@cache
def class_of(name: str) -> frozenset[str]:
    """A class of words out of texts/speaking.toml."""
    return frozenset(str(table("speaking")[name]).split())


def finite(low: str) -> str:
    """The form behind `I` of a verb that has a subject of the third person; empty for other words."""
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
        return ""  # nouns as often, or before one
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
    """`takes` as `take`; empty where it is no such form."""
    return base(low) if low.endswith("s") and base(low) != low else ""


def _stem_of_past(low: str) -> str:
    forms = (low[:-1], low[:-2], low[:-3] if low[-3:-2] == low[-4:-3] else low[:-2], low[:-3] + "y")
    return next((form for form in forms if form in class_of("verbs")), "")
