"""Recognises whom a question is about, by words and names, and finds the pronouns for them."""

import re
from collections.abc import Sequence
from functools import lru_cache

from rplay.agents.persona.life import Life
from rplay.agents.persona.names import sex_of
from rplay.agents.rehearsal.client.inflection import AUXILIARIES, base_of_past, base_of_third, is_ing, words_of
from rplay.agents.rehearsal.client.words import capital

_FEMALE = re.compile(
    r"\b(?:she|wife|mother|mom|sister|daughter|aunt|grandmother|girlfriend|niece|widow|grandma|mrs|ms)$"
)
_MALE = re.compile(r"\b(?:he|husband|father|dad|brother|son|uncle|grandfather|boyfriend|nephew|grandpa|mr)$")
_SEVERAL = re.compile(
    r"\b(?:they|these|those|people|parents|grandparents|folks|kids|grandkids|grandchildren|children|sons|"
    r"daughters|guys|folks|friends|partners|siblings|brothers|"
    r"sisters|boys|girls|relatives|neighbors|coworkers|colleagues|others|company|insurer|bank|insurance|carrier|firm|"
    r"agency|government|irs|office|team|hospital|school|union|county|church|brokerage|practice|city|district|"
    r"state|department|customers|clients|patients|employees|staff|crew|bosses|doctors|twins|girls)$"
)
_PERSON = re.compile(
    r"\b(?:partner|boss|manager|agent|broker|advisor|adviser|doctor|lawyer|attorney|accountant|friend|neighbor|foreman|"
    r"landlord|adjuster|coworker|colleague|employer|cousin|ex|cpa|banker|supervisor|owner|spouse|fiancée?|kid|child|"
    r"oldest|youngest|baby|nephew|marshal|inspector|contractor|buyer|partner|roommate|grandson|granddaughter|"
    r"guy|lady|man|woman|person|teacher|nurse|principal|planner)$"
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

OBJECTIVE = {"she": "her", "he": "him", "they": "them", "I": "me", "we": "us"}


def who_is(subject: str, names: frozenset[str]) -> str:
    if not subject:
        return "nobody"
    if is_ing(subject.split()[0]):
        return "thing"  # an activity such as `becoming a dad`
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
    """Return the subject with a capital if it is a first name, else an empty text."""
    name = capital(subject)
    return name if subject.isalpha() and (name in names or sex_of(name)) else ""


def names_in(life: Life, story: Sequence[str], question: str) -> frozenset[str]:
    """Return the names of people in life, story and question."""
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


def pronouns_of(subject: str, who: str, life: Life, names: frozenset[str]) -> tuple[str, str]:
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
    """Return the sex of a person, from the pronouns in the life or else from the name; empty if unknown."""
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


def partner_of(life: Life) -> str:
    """Return the name of the partner whom the client lives with; empty if there is none."""
    known = [one for one in life.of_kind("partner") if "age" in one.figures or "since" in one.figures]
    return known[0].name.split()[-1] if known else ""
