"""Finds the person whom a clause means: by name, by the relation to the client, or by `she` and `he`.

The people come from the client's life and from the profile's own text.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

from rplay.agents.rehearsal.reading.text import bare

Sex = Literal["f", "m", ""]

_SEX_OF: Mapping[str, Sex] = {
    **dict.fromkeys((
        "wife", "girlfriend", "fiancée", "mother", "mom", "stepmother", "grandmother", "grandma", "aunt", "sister",
        "daughter", "granddaughter", "niece", "widow", "stepdaughter", "ex-wife",
    ), "f"),
    **dict.fromkeys((
        "husband", "boyfriend", "fiancé", "father", "dad", "stepfather", "grandfather", "granddad", "grandpa", "uncle",
        "brother", "son", "grandson", "nephew", "stepson", "ex-husband",
    ), "m"),
    **dict.fromkeys((
        "partner", "cousin", "friend", "neighbor", "coworker", "colleague", "boss", "manager", "agent", "advisor",
        "accountant", "lawyer", "attorney", "cpa", "landlord", "tenant", "roommate", "doctor", "caregiver", "teacher",
        "contractor", "foreman", "pastor", "godson", "goddaughter", "in-law", "ex", "buddy", "broker", "adjuster",
        "mentor", "business partner", "brother-in-law", "sister-in-law", "father-in-law", "mother-in-law",
    ), ""),
}  # fmt: skip
# Other words that an advisor may use for the same relation.
_SAME: Mapping[str, str] = {
    "mother": "mom", "father": "dad", "grandmother": "grandma", "grandfather": "grandpa", "coworker": "colleague",
    "attorney": "lawyer", "advisor": "adviser",
}  # fmt: skip
_OF_ADVISORS: frozenset[str] = frozenset({"advisor", "agent", "broker", "accountant", "cpa", "lawyer", "attorney"})
_RELATION = "|".join(sorted(map(re.escape, _SEX_OF), key=len, reverse=True))
_NAMED = re.compile(
    rf"\b(?P<relation>{_RELATION})(?:(?:,? (?:named |called )?|: | to )(?P<name>[A-Z][a-zà-ÿ]+))?\b(?!\))"
)
_MARRIED = re.compile(
    r"\b(?:[Mm]arried|[Ee]ngaged|[Ww]idow(?:ed|er)?(?: of)?|[Dd]ivorced|[Ss]eparated|[Ll]iv(?:es|ing)) "
    r"(?:to|from|with|of) (?:partner )?(?P<name>[A-Z][a-zà-ÿ]+)"
)
_AGED = re.compile(r"\b(?P<name>[A-Z][a-zà-ÿ]+) \(\d{1,2}\b")
_SHE, _HE = re.compile(r"\b(?:she|her|hers|she's|she'd)\b"), re.compile(r"\b(?:he|him|his|he's|he'd)\b")


@dataclass(frozen=True, slots=True)
class Person:
    """A person. `name` is how the client is asked about them: "aunt Birgit", "Keisha", "old agent". `words` are other
    ways to name them."""

    name: str
    words: tuple[str, ...]
    sex: Sex = ""

    def joined(self, other: "Person") -> "Person":
        """Return this person with the words and the sex that `other` adds."""
        return replace(self, words=tuple(dict.fromkeys((*self.words, *other.words))), sex=self.sex or other.sex)


# Words that others use for partners and children.
KIN: frozenset[str] = frozenset({
    "partner", "wife", "husband", "spouse", "fiancé", "fiancée", "girlfriend", "boyfriend", "son", "daughter",
})  # fmt: skip


def relative(name: str, words: Iterable[str]) -> Person | None:
    """Return a partner or child of the life; None if the subject has no name."""
    own = next((word for word in reversed(name.split()) if word[:1].isupper()), "")
    if not own:
        return None
    by = [word for word in bare(name).split() if word in KIN] or [word for word in words if word in KIN]
    sex: Sex = _SEX_OF.get(by[0], "") if len(by) == 1 else ""
    return Person(own, (own.lower(), *(word for word in words if word in KIN)), sex)


@lru_cache(maxsize=256)
def people(story: str, own: str = "") -> tuple[Person, ...]:
    """Return everybody whom a profile's text names, except the client, whose names are `own`."""
    found: dict[str, Person] = {}
    taken = {*own.split(), ""}
    for hit in _NAMED.finditer(story):
        relation, name = hit["relation"], hit["name"] or ""
        if name not in taken or not name:
            _add(found, relation, "" if name in taken else name)
    for pattern in (_MARRIED, _AGED):
        for hit in pattern.finditer(story):
            if hit["name"] not in taken and hit["name"] not in _MONTHS:
                _add(found, "", hit["name"])
    return tuple(found.values())


_MONTHS = frozenset({"January", "February", "March", "April", "May", "June", "July", "August", "September", "October"})


def _add(found: dict[str, Person], relation: str, name: str) -> None:
    """Add a person. Somebody who was named with a relation is the same person later, with the name or the relation
    alone."""
    known = next((key for key, one in found.items() if name and name.lower() in one.words), None)
    known = known or next((key for key, one in found.items() if relation in one.words and not name), None)
    if known:
        return
    words = (name.lower(), relation, _SAME.get(relation, ""))
    spoken = f"{relation} {name}".strip()
    found[spoken] = Person(spoken, tuple(filter(None, words)), _SEX_OF.get(relation, ""))


def named(clause: str, among: Sequence[Person]) -> Person | None:
    """Return the person whom a clause names; None if it names nobody."""
    text = f" {bare(clause)} ".replace("'s ", " ")
    return next((one for one in among if any(f" {word} " in text for word in one.words)), None)


def meant(clause: str, recent: Iterable[Person]) -> Person | None:
    """Return the person meant by `she` or `he`, the most recent one who fits; None if there is no such word."""
    text = bare(clause)
    she, he = _SHE.search(text), _HE.search(text)
    if not (she or he):
        return None
    sex: Sex = "f" if she else "m"
    known = tuple(recent)
    return next((one for wanted in (sex, "") for one in known if one.sex == wanted), None)
