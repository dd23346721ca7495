"""A profile's goals, worries and doubts as the client says them: `Leaving the family with debts` becomes a sentence."""

import re
from functools import cache

from rplay.agents.persona.grammar import base, first_person, is_of, lower_first, sentence
from rplay.agents.persona.tables import table


@cache
def _form(name: str) -> re.Pattern[str]:
    return re.compile(rf"^{table('grammar')['forms'][name]}", re.IGNORECASE)


_WISH = re.compile(
    r"(?:to|wants? to|i want to|i'd like to|would like to|hopes? to|hoping to|looking to|plans? to|needs? to) ", re.I
)


def goal(text: str, name: str) -> tuple[str, str]:
    """What follows `I want to`, or where it is no deed, what it is as a noun."""
    bare = _WISH.sub("", text.rstrip(". "), count=1) if _WISH.match(text) else text.rstrip(". ")
    first = bare.split(" ", 1)[0].lower()
    if is_of("goal_verbs", first):
        return _mine(first_person(lower_first(bare), name)), ""
    if first.endswith("ing") and is_of("goal_verbs", _verb(first)):
        return _mine(first_person(f"{_verb(first)}{bare[len(first) :]}", name)), ""
    return "", _mine(first_person(lower_first(bare), name))


_DOUBLED = frozenset(["set", "get", "put", "cut", "plan", "stop", "begin", "let", "shop", "swim", "run"])


def gerund(deed: str) -> str:
    """`make sure of it` as `making sure of it`."""
    verb, _, rest = deed.partition(" ")
    if verb.endswith("e") and not verb.endswith(("ee", "be")):
        verb = verb[:-1]
    elif verb in _DOUBLED:
        verb += verb[-1]
    return f"{verb}ing {rest}".strip()


def _verb(gerund: str) -> str:
    """`saving` as `save`, `paying` as `pay`."""
    stem = gerund[:-3]
    forms = (stem, stem + "e", stem[:-1] if len(stem) > 2 and stem[-1] == stem[-2] else stem)
    return next((form for form in forms if is_of("goal_verbs", form)), stem)


def _mine(text: str) -> str:
    return re.sub(r"\bthe (family|children|kids|grandchildren|wife|husband)\b", r"my \1", text)


def worry(text: str, name: str, way: int = 0) -> str:
    """A concern as something the client says of themselves; `way` chooses among ways to put a noun."""
    text = text.rstrip(". ")
    first = text.split(" ", 1)[0].lower().rstrip(",")
    rest = text[len(first) :]
    if _form("own").match(text) or text.endswith("?"):
        return sentence(text)
    if (name and first == name.lower()) or first in {"he", "she", "client", "the client"}:
        return sentence(first_person(text, name))
    if re.match(r"(?:not|never|having to|being|losing) ", text, re.IGNORECASE):
        return _noun(_mine(first_person(lower_first(text), name)), way)
    if is_of("adjectives", first):
        return sentence(f"I'm {first_person(first + rest, name)}")
    if is_of("verbs", first):
        return sentence(first_person(f"I {base(first)}{rest}", name).replace("I am ", "I'm ", 1))
    if is_of("past", first):
        return sentence(first_person(f"I {first}{rest}", name))
    if _form("clause").match(text):
        return sentence(f"I keep thinking that {_mine(first_person(lower_first(text), name))}")
    noun = _mine(first_person(lower_first(text), name))
    return _noun(f"the {noun}" if is_of("needs_the", first) else noun, way)


_NOUNS = (
    "What worries me is {noun}.", "{Noun}. That's what I think about.", "It's {noun} that bothers me.",
    "{Noun}, that's the one.", "Mostly it's {noun}.", "I worry about {noun}.",
)  # fmt: skip


def _noun(noun: str, way: int) -> str:
    upper = noun[:1].upper() + noun[1:]
    return _NOUNS[way % len(_NOUNS)].replace("{noun}", noun).replace("{Noun}", upper)


def doubt(text: str, name: str) -> str:
    """An objection as it is said aloud."""
    text = text.rstrip(". ")
    if _form("own").match(text) or _form("clause").match(text):
        return sentence(first_person(text, name))
    return worry(text, name, 0)


def told(text: str, name: str, sex: str = "") -> str:
    """A sentence about the client as one of their own; what has no subject is about them, and who is of another sex
    is somebody else."""
    first, _, rest = text.partition(" ")
    if is_of("adjectives", first):
        text = f"{name} is {first.lower()} {rest}"
    elif is_of("past", first) or is_of("verbs", first) or _DID.fullmatch(first):
        text = f"{name} {first.lower()} {rest}"
    return sentence(first_person(text, name, sex))


_DID = re.compile(r"[A-Z][a-z]+ed|Took|Grew|Has|Was|Lives|Owns|Runs|Came|Left|Sold|Built|Began|Drove|Moved")
