"""Turns a question into a statement of the client: `has your brother said anything` into `he hasn't said anything`."""

import re
from dataclasses import dataclass

from rplay.agents.persona.life import Life
from rplay.agents.rehearsal.client.clause import Asked
from rplay.agents.rehearsal.client.inflection import (
    BE,
    HAVE,
    MODALS,
    is_base,
    participle,
    past,
    third,
    words_of,
)
from rplay.agents.rehearsal.client.spoken_of import OBJECTIVE, partner_of, pronouns_of, who_is
from rplay.agents.rehearsal.client.words import capital

_WHERE = re.compile(r" (?:at|from|in|of|with|on) ")  # the words before it are the subject, as in `the guys at the shop`


@dataclass(frozen=True)
class Told:
    """Words to answer a question with: `who` is the kind of person it is about, `singular` selects the verb form,
    `slots` fill templates."""

    who: str
    singular: bool
    slots: dict[str, str]


def told(question: Asked, life: Life, names: frozenset[str]) -> Told:
    subject = _WHERE.split(question.subject)[0]
    who = who_is(subject, names)
    pronoun, own = pronouns_of(subject, who, life, names)
    singular = pronoun in ("he", "she", "it") or pronoun not in ("I", "we", "they", "there")
    short = _agreed(question.auxiliary, pronoun, singular)
    slots = {
        "she": pronoun, "them": OBJECTIVE.get(pronoun, pronoun), "her": own,
        "shes": f"{pronoun}{_contracted(pronoun)}", "partner": partner_of(life),
        "she_does": f"{pronoun} {short}", "she_doesnt": f"{pronoun} {_not(short)}",
        "clause": statement(question, pronoun, singular, names),
        "denied": statement(question, pronoun, singular, names, denied=True),
        "rest": _cased(question.rest, names), "of": question.of,
        "verb_rest": _cased(f"{question.verb} {question.rest}".strip(), names),
        "first": _cased(_first(question), names), "other": _other(question, names),
        "by": question.rest.removeprefix("by "),
    }  # fmt: skip
    return Told(who, singular, slots)


# words that belong to both answers, as in `that monthly`
_OBJECT = re.compile(r"^(?:that|it|them|this|those|these) (?=\w)")


def _first(question: Asked) -> str:
    """Return the first of two answers without words that belong to both: `in state` in `planning on in state or
    private`."""
    if question.rest.startswith("to ") and is_base(question.of.split(" ", 1)[0]):
        return question.rest.removeprefix("to ")
    words = _OBJECT.sub("", question.rest).split()
    size = len(question.of.split())
    if size > 3 or size >= len(words) or words[-size - 1] in ("the", "a", "an", "my", "your", "some"):
        return " ".join(words)
    at = len(words) - size
    return " ".join(words[at - (words[at - 1] in words_of("prepositions")) :])


def _other(question: Asked, names: frozenset[str]) -> str:
    """Return the second of two answers; empty if it is a question of its own."""
    return (
        "" if question.of.split(" ", 1)[0] in BE | HAVE | MODALS | {"do", "does", "did"} else _cased(question.of, names)
    )


def _cased(text: str, names: frozenset[str]) -> str:
    """Return the text with capitals for names, days and months."""
    return " ".join(
        capital(word) if capital(word.removesuffix("'s")) in names and word not in _LOWER else _ALWAYS.get(word, word)
        for word in text.split()
    )


_LOWER = frozenset({"i", "the", "a", "my", "will", "may", "it", "she", "he", "we", "they"})
_ALWAYS = {
    "ira": "IRA",
    "401k": "401(k)",
    "403b": "403(b)",
    "monday": "Monday",
    "friday": "Friday",
    "sunday": "Sunday",
    "saturday": "Saturday",
    "thursday": "Thursday",
    "wednesday": "Wednesday",
    "tuesday": "Tuesday",
    "irs": "IRS",
    "cd": "CD",
    "hsa": "HSA",
    "tv": "TV",
    "christmas": "Christmas",
    "medicare": "Medicare",
}


# Building the statement


def statement(question: Asked, pronoun: str, singular: bool, names: frozenset[str], denied: bool = False) -> str:
    """Return the question as a statement or as its denial; empty if it has no subject or no verb."""
    if not question.subject or not question.verb:
        return ""
    parts = [
        pronoun,
        _helper(question, pronoun, singular, denied),
        _main(question, singular, denied),
        _rest(question, denied, names),
    ]
    return " ".join(part for part in parts if part)


def _helper(question: Asked, pronoun: str, singular: bool, denied: bool) -> str:
    auxiliary = _agreed(question.auxiliary, pronoun, singular)
    if question.auxiliary in ("do", "does", "did"):
        return _not(auxiliary) if denied else _kept(question)
    return (_not(auxiliary) if denied else auxiliary) + (
        f" {_kept(question)}" if _kept(question) and question.still != "rather" else ""
    )


def _kept(question: Asked) -> str:
    return question.still if question.still in ("still", "usually", "normally", "last", "first", "already") else ""


def _main(question: Asked, singular: bool, denied: bool) -> str:
    if question.auxiliary in BE and question.verb == "be":
        return ""
    if question.auxiliary in HAVE:
        return participle(question.verb)
    if question.auxiliary in MODALS or denied:
        return question.verb
    if question.auxiliary == "did":
        return past(question.verb) if question.verb != "be" else "was"
    return third(question.verb) if singular else question.verb


_SOME = ((r"\bany(one|body|thing)\b", r"some\1"), (r"\bany\b", "some"), (r" ?\b(?:yet|ever|either)\b", ""))


def _rest(question: Asked, denied: bool, names: frozenset[str]) -> str:
    text = question.rest
    if not denied:
        for wrong, right in _SOME:
            text = re.sub(wrong, right, text)
    return _cased(text.strip(), names)


def _agreed(auxiliary: str, pronoun: str, singular: bool) -> str:
    if pronoun == "there":
        return auxiliary
    if auxiliary in ("is", "are", "am"):
        return "am" if pronoun == "I" else "is" if singular else "are"
    if auxiliary in ("was", "were"):
        return "was" if singular or pronoun == "I" else "were"
    if auxiliary in ("do", "does"):
        return "does" if singular else "do"
    if auxiliary in ("have", "has"):
        return "has" if singular else "have"
    return auxiliary


def _not(auxiliary: str) -> str:
    return {
        "am": "am not",
        "will": "won't",
        "can": "can't",
        "might": "might not",
        "may": "may not",
        "must": "must not",
    }.get(auxiliary, f"{auxiliary}n't")


def _contracted(pronoun: str) -> str:
    return {"I": "'m", "we": "'re", "they": "'re"}.get(pronoun, "'s")
