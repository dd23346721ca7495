"""Looks up values in a client profile, whatever its keys are called and however deep they are nested."""

import re
from collections.abc import Iterator, Mapping
from functools import cached_property, lru_cache
from typing import Any

from rplay.agents.rehearsal.values import spoken

# Keys whose values steer the client and are no facts about the person.
INNER = frozenset({
    "personality", "personalitytraits", "traits", "fusionmodeltraits", "fusion", "hiddenobjections", "objections",
    "mood", "emotionalstate", "archetype", "communicationstyle", "id", "sessionid", "simulationid", "difficulty",
    "industry", "subcategory", "visibledetails", "avatar", "voice", "image", "metadata",
})  # fmt: skip
_NAMELESS = {"none", "null", "undefined", "nan", "client", "unknown"}
_TITLES = {"mr", "mrs", "ms", "dr", "miss", "prof", "maj", "capt", "col", "sgt", "lt", "cmdr", "rev"}


@lru_cache(maxsize=4096)
def plain_key(key: str) -> str:
    return re.sub(r"[^a-z0-9]", "", key[:80].lower())


class Lookup:
    """A profile's values by key: the first value that is not empty, at the top level or in a nested object."""

    def __init__(self, profile: Mapping[str, Any]) -> None:
        self._known: dict[str, Any] = {}
        for key, value in _entries(profile):
            if key not in self._known and _says(value):
                self._known[key] = value

    def get(self, *names: str) -> Any:
        return next((self._known[key] for key in map(plain_key, names) if key in self._known), None)

    @cached_property
    def name(self) -> str:
        """The client's name; a made-up one if the profile has none, so that the client can introduce itself."""
        given = self.get("name", "fullName", "clientName", "firstName")
        parts = given.values() if isinstance(given, Mapping) else [given]
        name = " ".join(part for part in parts if isinstance(part, str))[:200]
        name = re.sub(r"[^\w .,'’-]", "", name).strip()[:60].strip()
        return name if re.search(r"[^\W\d_]", name) and name.lower() not in _NAMELESS else "Alex Morgan"

    @cached_property
    def first_name(self) -> str:
        parts = [part for part in self.name.replace(",", " ").split() if part.lower().rstrip(".") not in _TITLES]
        return parts[0] if parts else self.name


_OWN = (
    "family", "occupation", "background", "story", "bio", "goals", "concerns", "hiddenObjections", "assets", "debts",
)  # fmt: skip
_OWN_AT_MOST = 6000


def own_words(profile: Mapping[str, Any]) -> str:
    """Return what a profile tells about the client, as sentences."""
    known = Lookup(profile)
    told = (piece for key in _OWN for piece in _pieces(known.get(key)))
    return " ".join(f"{piece.strip(' .')}." for piece in told)[:_OWN_AT_MOST]


def _pieces(value: Any) -> list[str]:
    each = value if isinstance(value, (list, tuple)) else [value]
    return [text for text in map(spoken, each) if text]


def _entries(profile: Any, depth: int = 3) -> Iterator[tuple[str, Any]]:
    """Yield the normalised keys with their values, outer ones first."""
    if not isinstance(profile, Mapping):
        return
    items = [(plain_key(str(key)), value) for key, value in list(profile.items())[:80]]
    yield from items
    if depth > 0:
        for key, value in items:
            if isinstance(value, Mapping) and key not in INNER:
                yield from _entries(value, depth - 1)


def _says(value: Any) -> bool:
    return isinstance(value, (list, tuple)) or bool(spoken(value))


def number(value: Any, default: float) -> float:
    """Return a trait or state as a number from 0 to 100; `default` if the value is no number."""
    if isinstance(value, bool) or not isinstance(value, (int, float)) or value != value:
        return default
    return min(100.0, max(0.0, float(value)))
