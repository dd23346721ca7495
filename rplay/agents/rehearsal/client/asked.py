"""Parses a question by its grammar: what it asks for, about whom, and what that person did.

It uses simple rules and small word lists. A question that they cannot parse cleanly gives None, because no answer is
better than a broken one.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from rplay.agents.rehearsal.client.asking import ASKING_WORDS, core, expressions
from rplay.agents.rehearsal.client.clause import (
    NEGATED,
    PRONOUNS,
    Asked,
    inverted,
    is_subject_start,
    stated,
    subject_asked,
)
from rplay.agents.rehearsal.client.inflection import (
    AUXILIARIES,
    DO,
    MODALS,
    base_of_past,
    base_of_third,
    is_base,
    is_participle,
    turned,
    words_of,
)

_MOST_WORDS = 32
_LONGEST_REST = 13  # limit in words; a longer rest contains more than one thing
_TAG = re.compile(rf" (?:{expressions('tags')})$")
_ASKS_ON = re.compile(expressions("asks_on"))
_SCALE = re.compile(r"(?:on a )?scale (?:of|from) \w+ (?:to|through) \w+ (?:where .+? )?(how .+)")
_DEGREES = frozenset({
    "sure", "comfortable", "confident", "worried", "important", "likely", "happy", "ready", "serious", "familiar",
    "bad", "big", "hard", "easy", "soon", "close", "flexible", "certain", "concerned", "nervous", "satisfied", "late",
    "open", "involved", "stressful", "tight", "difficult", "good", "well", "quickly", "fast", "willing", "safe",
    "prepared", "secure", "attached", "strongly", "realistic", "risky", "stable", "reliable", "busy", "clear",
    "urgent", "afraid", "scared", "stressed", "healthy", "upset", "angry", "motivated", "committed", "honest",
})  # fmt: skip


def asked(question: str, first_name: str = "") -> Asked | None:
    """Return the parsed question; None if it cannot be parsed cleanly."""
    asks = core(question, first_name)
    words = [word for word in asks.words if word != "never"]
    if not 0 < len(words) <= _MOST_WORDS:
        return None
    if scale := _SCALE.match(" ".join(words)):
        return Asked("scale", rest=scale[1])
    marked = question.rstrip("\"')* ").endswith("?")
    found = _wh(words, asks.embedded) if words[0] in ASKING_WORDS else _closed(words, asks.embedded, marked)
    if found is None or not _is_clean(found):
        return None
    # `how'd` with a condition means `how would`, as in `how'd you feel if`
    auxiliary = "would" if asks.condition and found.auxiliary == "did" else found.auxiliary
    return replace(
        found,
        auxiliary=auxiliary,
        guess=asks.guess,
        condition=asks.condition,
        negative=found.negative != ("never" in asks.words),
    )


def _is_clean(found: Asked) -> bool:
    """Return whether only one thing follows the verb, and no second question."""
    return len(found.rest.split()) <= _LONGEST_REST and not _ASKS_ON.search(f"{found.rest} | {found.subject}")


# Questions with an asking word


def _wh(words: Sequence[str], embedded: bool) -> Asked | None:
    form, of, rest = _head(words)
    if not form:
        return None
    if not rest:
        return Asked(form, of=of)
    if form in ("how come",):
        return stated(Asked("why"), rest)
    first = rest[0]
    if form == "why" and is_base(first) and first not in AUXILIARIES:
        return inverted(Asked(form), ["do", "you", *rest])  # the client is the subject, as in `why sell now`
    if first in MODALS and form in ("what", "who") and rest[1:2] and is_base(rest[1]):
        return subject_asked(Asked(form, of=of), rest)
    if first in AUXILIARIES or NEGATED.match(first):
        if embedded and first not in DO:
            return stated(Asked(form, of=of), rest)
        return inverted(Asked(form, of=of), rest) or subject_asked(Asked(form, of=of), rest)
    # the verb comes later, as in `who else in the family helps`
    if of == "else" and rest[0] in words_of("prepositions"):
        at = next((at for at, word in enumerate(rest) if at and base_of_third(word)), 0)
        return subject_asked(Asked(form, of=of), rest[at:]) if at else None
    if form in ("what", "who", "which", "how many", "how much", "what kind", "whose") and (
        did := subject_asked(Asked(form, of=of), rest)
    ):
        return did
    if embedded:
        return stated(Asked(form, of=of), rest)
    return None


def _head(words: Sequence[str]) -> tuple[str, str, list[str]]:
    """Return the form, the noun or degree that belongs to it, and the remaining words."""
    word, rest = words[0], list(words[1:])
    following = rest[0] if rest else ""
    if word == "how":
        return _how(following, rest)
    if word == "why" and rest and (len(rest) == 1 or following == "now" or "not" in rest[1:]):
        return "why", following, []
    if word == "whom":
        return "who", "", rest
    if word == "what" and following in ("kind", "sort", "type", "kinds", "sorts", "types") and rest[1:2] == ["of"]:
        noun, after = _noun(rest[2:])
        return "what kind", noun, after
    if word == "what" and rest == ["for"]:
        return "why", "", []
    if (
        word in ("what", "which", "whose")
        and following
        and not _is_clause_start(following)
        and following not in ("if", "about")
    ):
        noun, after = _noun(rest)
        if word == "what" and following in ("time", "year", "month", "day", "point", "age"):
            return "when", noun, after
        return {"what": "which"}.get(word, word), noun, after
    if following in ("else", "all") and word in ("what", "who", "where", "how"):
        return word, "else", rest[1:]
    return word, "", rest


def _how(following: str, rest: list[str]) -> tuple[str, str, list[str]]:
    if following == "come":
        return "how come", "", rest[1:]
    if rest[:2] in (["long", "ago"], ["long", "back"]):
        return "when", "ago", rest[2:]
    if following in ("long", "often", "old", "far"):
        return f"how {following}", "", _skip(rest[1:], ("ago", "back", "along")) if following != "long" else rest[1:]
    if following in ("many", "much"):
        noun, after = _noun(rest[1:])
        return f"how {following}", noun, after
    if following in _DEGREES:
        return "how very", following, rest[1:]
    return ("how", "", rest) if following in AUXILIARIES or is_subject_start(following) else ("", "", rest)


def _skip(words: list[str], which: Sequence[str]) -> list[str]:
    return words[1:] if words and words[0] in which else words


def _is_clause_start(word: str) -> bool:
    return (
        word in AUXILIARIES or bool(NEGATED.match(word)) or is_subject_start(word)
        or bool(base_of_third(word)) or bool(base_of_past(word)) or word in ("else", "happens")
    )  # fmt: skip


def _noun(words: Sequence[str]) -> tuple[str, list[str]]:
    """Return the words before the first auxiliary or verb as the noun, and the remaining words."""
    for at, word in enumerate(words):
        if word in AUXILIARIES or NEGATED.match(word) or (at and word in PRONOUNS):
            return " ".join(words[:at]), list(words[at:])
        done_to = words[at + 1 : at + 2] in (["you"], ["me"], ["him"], ["her"], ["them"])
        if at and (base_of_past(word) or base_of_third(word)) and ("of" not in words[:at] or done_to):
            return " ".join(words[:at]), list(words[at:])
    return " ".join(words), []


# Questions for yes or no, either-or questions, and statements that ask


def _closed(words: Sequence[str], embedded: bool, marked: bool) -> Asked | None:
    if words[0] in ("if", "whether") and embedded:
        return _yes_no_told(words[1:])
    if words[:3] == ["have", "you", "got"]:
        words = ["do", "you", "have", *words[3:]]
    if words[0] in AUXILIARIES or NEGATED.match(words[0]):
        return _either_or(words) or inverted(Asked("yes_no"), words)
    if words[0] == "ever" and len(words) > 1 and is_base(words[1]):
        return inverted(Asked("yes_no"), ["do", "you", *words[1:]])
    if words[0] == "ever" and len(words) > 1 and is_participle(words[1]):
        return inverted(Asked("yes_no"), ["have", "you", *words[1:]])
    text = " ".join(words)
    if hit := _TAG.search(text):
        return _yes_no_told(text[: hit.start()].split(), "stated")
    return (
        _yes_no_told(words, "stated")
        if marked and len(words) < 12 and words[0] in ("you", "they", "he", "she")
        else None
    )


def _yes_no_told(words: Sequence[str], form: str = "yes_no") -> Asked | None:
    negative = any(
        word in ("not", "didn't", "don't", "haven't", "wasn't", "isn't", "aren't", "won't", "doesn't") for word in words
    )
    plain = [word for word in words if word != "not"]
    found = stated(Asked(form), plain) if plain else None
    return replace(found, negative=negative) if found else None


def _either_or(words: Sequence[str]) -> Asked | None:
    """Return a question such as `do you pay monthly or once a year`; None if `or` does not join two answers."""
    if "or" not in words or words[1] == "there" or {"anything", "something", "any"} & set(words):
        return None
    cut = len(words) - 1 - list(reversed(words)).index("or")
    first, second = list(words[:cut]), list(words[cut + 1 :])
    first = [word for at, word in enumerate(first) if at < 2 or word not in ("more", "mostly", "mainly", "either")]
    asks_on = second and second[0] in AUXILIARIES and "rather" not in first
    if not second or asks_on or "ever" in first or (first[2:3] == ["have"] and first[0] == "do"):
        return None  # it is a second question, or a list of what one may have
    found = inverted(Asked("or"), first)
    if found and set(ASKING_WORDS) & {*found.rest.split()[:1], second[0]}:
        return None
    return replace(found, of=" ".join(turned(["-", *second])[1:])) if found and second else None


__all__ = ["Asked", "asked"]
