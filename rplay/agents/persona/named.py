"""People whom a profile names with their age, as in `two children: Maya (7) and Jonah (4)`."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

from rplay.agents.persona.names import sex_of
from rplay.agents.persona.verbs import class_of, finite

Role = Literal["partner", "child", "grandchild", "parent", "mother", "father", "brother", "sister", "other"]

_NAME = r"[A-Z][\w'’-]+"
_WITHIN = r"(?:[^;,.(]|(?<=\d),(?=\d{3}))"  # a clause, with the sums in it
_PERSON = re.compile(
    rf"(?:({_NAME}) and )?({_NAME})(?: {_NAME}| [JS]r\.)?(?P<before>, (?:an? |the )?[a-z][a-z' -]+)?"
    r" \((?P<age>\d{1,2})(?P<months> (?:months?|weeks?))?(?:[,;] ?(?P<inner>[^)]*))?\)"
    rf"(?P<behind>,? who (?:(?! and {_NAME}){_WITHIN})+|, (?:both )?(?:an? (?!son |daughter |brother |sister "
    rf"|grand)|in "
    rf"|at |studying |still working )(?:(?! and {_NAME}){_WITHIN})+)?"
)
# The word nearest before a name says what role this person has.
_ROLES: tuple[tuple[Role, re.Pattern[str]], ...] = (
    ("grandchild", re.compile(r"\bgrand(?:child(?:ren)?|kids?|sons?|daughters?)\b", re.IGNORECASE)),
    ("parent", re.compile(r"\bparents\b", re.IGNORECASE)),
    ("mother", re.compile(r"\b(?:mother|mom)\b", re.IGNORECASE)),
    ("father", re.compile(r"\b(?:father|dad)\b", re.IGNORECASE)),
    ("sister", re.compile(r"\bsisters?\b", re.IGNORECASE)),
    ("brother", re.compile(r"\bbrothers?\b", re.IGNORECASE)),
    ("other", re.compile(r"\b(?:roommates?|neighbor|friend|dog|cat|aunt|uncle|nephew|niece|cousin)\b", re.IGNORECASE)),
    ("child", re.compile(r"\b(?:(?:step-?)?(?:child(?:ren)?|sons?|daughters?)|kids?|boys?|girls?|twins"
        r"|one with)\b", re.IGNORECASE)),
    (
        "partner",
        re.compile(
            r"\b(?:(?:re)?married(?: \w+){0,3} to|engaged to|wife|husband|spouse|partner(?:ed)?"
            r"|marriage,? to|fianc[eé]e?"
            r"|girlfriend|boyfriend|lives with)\b",
            re.IGNORECASE,
        ),
    ),
)  # fmt: skip


_EARNS = r"(?:(?:who )?(?:earning|earns|making|makes|bringing in|brings in) )?"


@dataclass(frozen=True, slots=True)
class Named:
    role: Role
    name: str
    age: int
    detail: str = ""
    sex: Literal["f", "m"] | None = None  # known only from words such as `sons` or `wife`
    of_both: bool = (
        False  # whether the detail is told of the person before too: `Ada (22) and Mo (19), both at college`
    )

    @property
    def earns(self) -> bool:
        """Whether this person brings in money, as far as the text tells."""
        return not re.search(r"\bstays (?:at )?home\b|\bat home with\b|\bnot working\b|\bdoesn't work\b", self.detail)

    @property
    def income(self) -> int | None:
        hit = re.search(r"\$([\d,]*\d{3})", self.detail)
        return int(hit[1].replace(",", "")) if hit else None

    @property
    def job(self) -> str:
        """The person's job in lower case; empty if the text names none."""
        parts = (
            part.strip()
            for part in re.split(r"[,;]", re.sub(rf"{_EARNS}(?:about |around )?\$[\d,]+.*", "", self.detail))
        )
        plain = (re.sub(r"^(?:an? |who is an? )", "", part) for part in parts)
        return next((part for part in plain if part and not re.fullmatch(r"[\d\s%]*", part)), "")


def is_act(detail: str) -> bool:
    """Return whether the detail begins with what the person does: `works on the farm` does, `bus mechanic` does not."""
    words = detail.split(" ")
    if len(words) > 1 and words[0] in class_of("adverbs"):
        return bool(finite(words[1]))
    led = class_of("prepositions") | class_of("determiners") | {"part-time", "full-time", "his", "her", "their"}
    return words[0].endswith("s") and bool(finite(words[0])) and (len(words) == 1 or words[1] in led)


@lru_cache(maxsize=256)
def named_in(text: str) -> tuple[Named, ...]:
    """Return the people named. Nobody has two partners, so who follows a partner without a word of kin is a child."""
    found = list(_found(text))
    partners = 0
    for at, one in enumerate(found):
        partners += one.role == "partner"
        if one.role == "partner" and partners > 1:
            found[at] = replace(one, role="child", sex=None)
        elif one.role == "parent":
            found[at] = replace(one, role=_parent(one, found[:at]))
        if one.of_both and at and not found[at - 1].detail:
            found[at - 1] = replace(found[at - 1], detail=one.detail)
    return tuple(found)


def _parent(one: Named, before: list[Named]) -> Role:
    if sex := sex_of(one.name):
        return "mother" if sex == "f" else "father"
    return "father" if any(other.role == "mother" for other in before) else "mother"


_ALONE = re.compile(r"\b[Ss]ingle (?:mother|father|mom|dad|parent)\b( of)?")


def _found(text: str) -> Iterator[Named]:
    text = _ALONE.sub(lambda hit: "child" if hit[1] else "", text)
    role: Role = "other"
    sex: Literal["f", "m"] | None = None
    end = 0
    for hit in _PERSON.finditer(text):
        before = text[end : hit.start()]
        if found := _role_before(before):
            tail = before.rpartition(";")[2]
            role, sex = found, _sex_before(_NEUTRAL.split(tail)[-1] if found == "child" else tail)
        detail = (hit["inner"] or hit["before"] or hit["behind"] or "").lstrip(", ")
        both = detail[5:] if detail.startswith("both ") else ""
        if hit[1]:
            yield Named(role, hit[1], _age(hit), both, sex)
        yield Named(role, hit[2], _age(hit), both or detail, sex, of_both=bool(both))
        end = hit.end()


_NEUTRAL = re.compile(r"\b(?:children|kids)\b")  # what stands before it is told of somebody else


def _age(hit: re.Match[str]) -> int:
    return 0 if hit["months"] else int(hit["age"])


_FEMALE = re.compile(
    r"\b(?:(?:step-?|grand)?daughters?|girls?|wife|girlfriend|fiancée|mother|sisters?)\b", re.IGNORECASE
)
_MALE = re.compile(r"\b(?:(?:step-?|grand)?sons?|boys?|husband|boyfriend|fiancé|father|brothers?)\b", re.IGNORECASE)


def _sex_before(text: str) -> Literal["f", "m"] | None:
    """Return the sex that the last noun before a name tells; None if none does."""
    last = [
        (found[-1].end(), sex) for sex, form in (("f", _FEMALE), ("m", _MALE)) if (found := list(form.finditer(text)))
    ]
    return ("f" if max(last)[1] == "f" else "m") if last else None


def _role_before(text: str) -> Role | None:
    """Return the role that is mentioned last before a name; None if there is none, so that the previous person's role
    applies."""
    last = [(found[-1].end(), role) for role, pattern in _ROLES if (found := list(pattern.finditer(text)))]
    return max(last)[1] if last else None
