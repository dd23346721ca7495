"""People whom a profile names with their age: `two children: Maya (7) and Jonah (4)`."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

Role = Literal["partner", "child", "grandchild", "mother", "father", "brother", "sister", "other"]

_NAME = r"[A-Z][\w'’-]+"
_PERSON = re.compile(rf"(?:({_NAME}) and )?({_NAME}) \((\d{{1,2}})(?:[,;] ?([^)]*))?\)")
# What stands nearest before a name says who it is.
_ROLES: tuple[tuple[Role, re.Pattern[str]], ...] = (
    ("grandchild", re.compile(r"\bgrand(?:child(?:ren)?|kids?|sons?|daughters?)\b", re.IGNORECASE)),
    ("mother", re.compile(r"\b(?:mother|mom)\b", re.IGNORECASE)),
    ("father", re.compile(r"\b(?:father|dad)\b", re.IGNORECASE)),
    ("sister", re.compile(r"\bsisters?\b", re.IGNORECASE)),
    ("brother", re.compile(r"\bbrothers?\b", re.IGNORECASE)),
    ("other", re.compile(r"\b(?:roommates?|neighbor|friend|dog|cat|aunt|uncle|nephew|niece|cousin)\b", re.IGNORECASE)),
    ("child", re.compile(r"\b(?:child(?:ren)?|kids?|sons?|daughters?|boys?|girls?|twins|one with)\b", re.IGNORECASE)),
    (
        "partner",
        re.compile(
            r"\b(?:married(?: since \d{4})?(?: \w+)? to|engaged to|remarried to|wife|husband|spouse|partner|fianc[eé]e?"
            r"|girlfriend|boyfriend|lives with)\b",
            re.IGNORECASE,
        ),
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Named:
    role: Role
    name: str
    age: int
    detail: str = ""

    @property
    def income(self) -> int | None:
        hit = re.search(r"\$([\d,]{4,})", self.detail)
        return int(hit[1].replace(",", "")) if hit else None

    @property
    def job(self) -> str:
        """What they do, in lower case; empty where nothing is said."""
        parts = (part.strip() for part in re.split(r"[,;]", re.sub(r"(?:about |around )?\$[\d,]+.*", "", self.detail)))
        return next((part for part in parts if part and not re.fullmatch(r"[\d\s%]*", part)), "")


@lru_cache(maxsize=256)
def named_in(text: str) -> tuple[Named, ...]:
    return tuple(_found(text))


_ALONE = re.compile(r"\b[Ss]ingle (?:mother|father|mom|dad|parent)\b( of)?")


def _found(text: str) -> Iterator[Named]:
    text = _ALONE.sub(lambda hit: "child" if hit[1] else "", text)
    role: Role = "other"
    end = 0
    for hit in _PERSON.finditer(text):
        role = _role_before(text[end : hit.start()]) or role
        if hit[1]:
            yield Named(role, hit[1], int(hit[3]))
        yield Named(role, hit[2], int(hit[3]), hit[4] or "")
        end = hit.end()


def _role_before(text: str) -> Role | None:
    """The role named last in what leads to a name; None where it goes on with the ones before."""
    last = [(found[-1].end(), role) for role, pattern in _ROLES if (found := list(pattern.finditer(text)))]
    return max(last)[1] if last else None
