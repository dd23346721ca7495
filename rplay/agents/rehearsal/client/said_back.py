"""A question turned round into what the client says: `has your brother said anything` as `he hasn't said anything`."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from rplay.agents.persona.life import Life
from rplay.agents.persona.names import sex_of
from rplay.agents.rehearsal.client.asked import Asked
from rplay.agents.rehearsal.client.inflection import (
    AUXILIARIES,
    BE,
    HAVE,
    MODALS,
    base_of_past,
    base_of_third,
    is_ing,
    participle,
    past,
    third,
    words_of,
)
from rplay.agents.rehearsal.client.words import capital

_FEMALE = re.compile(
    r"\b(?:she|wife|mother|mom|sister|daughter|aunt|grandmother|girlfriend|niece|widow|grandma|mrs|ms)$"
)
_MALE = re.compile(r"\b(?:he|husband|father|dad|brother|son|uncle|grandfather|boyfriend|nephew|grandpa|mr)$")
_SEVERAL = re.compile(
    r"\b(?:they|these|those|people|parents|grandparents|folks|kids|grandkids|grandchildren|children|sons|daughters|guys|folks|friends|partners|siblings|brothers|"
    r"sisters|boys|girls|relatives|neighbors|coworkers|colleagues|others|company|insurer|bank|insurance|carrier|firm|"
    r"agency|government|irs|office|team|hospital|school|union|county|church|brokerage|practice|city|district|state|department|customers|clients|employees|bosses|doctors|twins|girls)$"
)
_PERSON = re.compile(
    r"\b(?:partner|boss|manager|agent|broker|advisor|adviser|doctor|lawyer|attorney|accountant|friend|neighbor|foreman|"
    r"landlord|adjuster|coworker|colleague|employer|cousin|ex|cpa|banker|supervisor|owner|spouse|fiancée?|kid|child|"
    r"oldest|youngest|baby|nephew|marshal|inspector|contractor|buyer|partner|roommate|grandson|granddaughter|guy|lady|man|woman|person|teacher|nurse|principal|planner)$"
)
_BODIES = frozenset(
    {
        "anyone",
        "anybody",
        "somebody",
        "someone",
        "anyone else",
        "anybody else",
        "nobody",
        "anything",
        "everybody",
        "everyone",
    }
)
_PRONOUNS = {
    "f": ("she", "her"),
    "m": ("he", "his"),
    "they": ("they", "their"),
    "it": ("it", "its"),
    "I": ("I", "my"),
    "we": ("we", "our"),
}


_WHERE = re.compile(r" (?:at|from|in|of|with|on) ")  # `the guys at the shop` are guys


@dataclass(frozen=True)
class Told:
    """`who` the question is about, for a rule; whether `singular` verbs follow; and words to fill in."""

    who: str
    singular: bool
    slots: dict[str, str]


def told(question: Asked, life: Life, names: frozenset[str]) -> Told:
    subject = _WHERE.split(question.subject)[0]
    who = _who(subject, names)
    pronoun, own = _pronouns(subject, who, life, names)
    singular = pronoun in ("he", "she", "it") or pronoun not in ("I", "we", "they", "there")
    short = _agreed(question.auxiliary, pronoun, singular)
    slots = {
        "she": pronoun, "them": _OBJECTIVE.get(pronoun, pronoun), "her": own,
        "shes": f"{pronoun}{_contracted(pronoun)}", "partner": _partner(life),
        "she_does": f"{pronoun} {short}", "she_doesnt": f"{pronoun} {_not(short)}",
        "clause": statement(question, pronoun, singular, names),
        "denied": statement(question, pronoun, singular, names, denied=True),
        "rest": _cased(question.rest, names), "of": question.of,
        "verb_rest": _cased(f"{question.verb} {question.rest}".strip(), names),
        "first": _cased(_first(question), names), "other": _other(question, names),
        "by": question.rest.removeprefix("by "),
    }  # fmt: skip
    return Told(who, singular, slots)


_OBJECT = re.compile(r"^(?:that|it|them|this|those|these) (?=\w)")  # what both answers are of: `that monthly`


def _first(question: Asked) -> str:
    """The first of two answers, without what belongs to both: `in state` of `planning on in state or private`."""
    words = _OBJECT.sub("", question.rest).split()
    size = len(question.of.split())
    if size > 3 or size >= len(words) or words[-size - 1] in ("the", "a", "an", "my", "your", "some"):
        return " ".join(words)
    at = len(words) - size
    return " ".join(words[at - (words[at - 1] in words_of("prepositions")) :])


def _other(question: Asked, names: frozenset[str]) -> str:
    """The second of two answers; empty where it is a question by itself."""
    return (
        "" if question.of.split(" ", 1)[0] in BE | HAVE | MODALS | {"do", "does", "did"} else _cased(question.of, names)
    )


_OBJECTIVE = {"she": "her", "he": "him", "they": "them", "I": "me", "we": "us"}


def _who(subject: str, names: frozenset[str]) -> str:
    if not subject:
        return "nobody"
    if is_ing(subject.split()[0]):
        return "thing"  # `becoming a dad`
    if subject in ("I", "we", "there"):
        return {"I": "me"}.get(subject, subject)
    if subject in _BODIES or subject.split()[0] in ("anyone", "anybody", "someone", "somebody"):
        return "anybody"
    if subject.split()[0] in ("mr", "mrs", "ms", "dr"):
        return "person"
    if _SEVERAL.search(subject) and subject not in ("these", "those"):
        return "they"
    return (
        "person"
        if _FEMALE.search(subject) or _MALE.search(subject) or _PERSON.search(subject) or _named(subject, names)
        else "thing"
    )


def _named(subject: str, names: frozenset[str]) -> str:
    """The subject with its capital where it is a first name; empty where it is none."""
    name = capital(subject)
    return name if subject.isalpha() and (name in names or sex_of(name)) else ""


def names_in(life: Life, story: Sequence[str], question: str) -> frozenset[str]:
    """Names of people, as far as life, story and question tell."""
    lived = tuple(text for one in life.subjects for said in one.says.values() for text in (one.name, *said))
    return _names_lived(lived) | _names_told(tuple(story)) | frozenset(_NAME.findall(question))


_NAME = re.compile(r"(?<=[a-z,] )[A-Z][a-z][\w-]+")
_DOES = re.compile(r"([A-Z][a-z]+) (\w+)")


@lru_cache(maxsize=64)
def _names_lived(texts: tuple[str, ...]) -> frozenset[str]:
    return frozenset(word for text in texts for word in re.findall(r"\b[A-Z][a-z][\w-]+", text) if sex_of(word))


@lru_cache(maxsize=256)
def _names_told(story: tuple[str, ...]) -> frozenset[str]:
    within = {word for text in story for word in _NAME.findall(text)}
    first = {hit[1] for text in story if (hit := _DOES.match(text)) and _is_done(hit[2]) and not _is_common(hit[1])}
    return frozenset(within | first)


def _is_done(verb: str) -> bool:
    return verb in AUXILIARIES or bool(base_of_past(verb) or base_of_third(verb))


def _is_common(word: str) -> bool:
    return word.lower() in words_of("determiners") | words_of("prepositions") or word in _FIRST_WORDS


_FIRST_WORDS = frozenset({"He", "She", "It", "They", "We", "Nobody", "Somebody", "Everybody", "What", "Who", "There"})


def _pronouns(subject: str, who: str, life: Life, names: frozenset[str]) -> tuple[str, str]:
    if who in ("me", "we"):
        return _PRONOUNS[{"me": "I"}.get(who, who)]
    if who == "thing" and is_ing(subject.split()[0]):
        return _PRONOUNS["it"]
    if who == "thing":
        return _PRONOUNS[
            "they" if re.search(r"(?:these|those|[^s]s)$", subject) and not subject.endswith(("is", "us")) else "it"
        ]
    if subject.startswith(("mrs ", "ms ", "mr ")):
        return _PRONOUNS["m" if subject.startswith("mr ") else "f"]
    if _FEMALE.search(subject) or _MALE.search(subject):
        return _PRONOUNS["f" if _FEMALE.search(subject) else "m"]
    if who == "they":
        return _PRONOUNS["they"]
    if name := _named(subject, names):
        sex = _sex(name, life)
        return _PRONOUNS[sex] if sex else (name, "their")
    return {"person": _PRONOUNS["they"], "there": ("there", "")}.get(who, ("somebody", "their"))


def _sex(name: str, life: Life) -> str:
    """By what the life says of them, else by what the name tells."""
    told_ = " ".join(
        said
        for one in life.subjects
        if name in one.name or name.lower() in one.words
        for texts in one.says.values()
        for said in texts
    )
    female, male = len(re.findall(r"\b[Ss]he\b", told_)), len(re.findall(r"\b[Hh]e\b", told_))
    if female != male:
        return "f" if female > male else "m"
    return sex_of(name) or ""


def _partner(life: Life) -> str:
    """The name of whoever the client lives with; empty if nobody."""
    known = [one for one in life.of_kind("partner") if "age" in one.figures or "since" in one.figures]
    return known[0].name.split()[-1] if known else ""


def _cased(text: str, names: frozenset[str]) -> str:
    """With capitals for names, days and months."""
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


# The statement


def statement(question: Asked, pronoun: str, singular: bool, names: frozenset[str], denied: bool = False) -> str:
    """The question as a statement, or as its denial; empty where there is nothing to say it of."""
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
