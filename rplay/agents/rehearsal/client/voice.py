"""Chooses among several ways to say something: the same talk always gets the same choice, and nothing is said twice."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from rplay.agents.rehearsal.client.tables import table
from rplay.agents.rehearsal.client.words import bare, capital, sentences

_SLOT = re.compile(r"\{(\w+)\}")


def digest(*parts: object) -> int:
    """Return a number of 64 bits that depends only on the parts, and is the same in every process."""
    joined = "\x1f".join(map(str, parts)).encode("utf-8", "replace")
    return int.from_bytes(hashlib.blake2b(joined, digest_size=8).digest(), "big")


@dataclass
class Voice:
    """Chooses the client's sentences. `said` holds the plain sentences said so far, including those of this line;
    `slots` holds the values for each slot, the best first."""

    seed: str
    number: int
    said: set[str]
    slots: Mapping[str, Sequence[str]]
    _begun: set[str] = field(init=False)

    def __post_init__(self) -> None:
        self._begun = {_beginning(one) for one in self.said}

    def say(self, key: str, **slots: str) -> str:
        """Return one of the ways under `section.name` that is new to this talk; empty if none is left."""
        return self.one(_ways(key), key, **slots)

    def one(self, ways: Sequence[str], key: str = "", **slots: str) -> str:
        filled = [text for way in self._shuffled(ways, key) if (text := self._filled(way, slots)) and self.is_new(text)]
        best = next((text for text in filled if not self._begins_alike(text)), filled[0] if filled else "")
        self.note(best)
        return best

    def is_new(self, text: str) -> bool:
        return not any(self._known(sentence) for sentence in sentences(text))

    def note(self, text: str) -> None:
        self.said.update(map(bare, sentences(text)))

    def chance(self, key: str, percent: int) -> bool:
        return digest(self.seed, self.number, key) % 100 < percent

    def _known(self, sentence: str) -> bool:
        plain = bare(sentence)
        return len(plain.split()) > 1 and plain in self.said

    def _begins_alike(self, text: str) -> bool:
        return any(_beginning(bare(sentence)) in self._begun for sentence in sentences(text)[:1])

    def _shuffled(self, ways: Sequence[str], key: str) -> list[str]:
        return sorted(ways, key=lambda way: digest(self.seed, self.number, key, way))

    def _filled(self, way: str, slots: Mapping[str, str]) -> str:
        """Return the way with its slots filled; empty if one of them has no value."""

        def value(found: re.Match[str]) -> str:
            name = found[1]
            base = name.removesuffix("_cap").removesuffix("_low")
            known = slots.get(base) or self._offered(base, way)
            values.append(known)
            return capital(known) if name.endswith("_cap") else known

        values: list[str] = []
        text = _SLOT.sub(value, way)
        return text if all(values) else ""

    def _offered(self, name: str, way: str) -> str:
        offers = self.slots.get(name, ())
        return offers[digest(self.seed, self.number, way) % len(offers)] if offers else ""


def _beginning(plain: str) -> str:
    return " ".join(plain.split()[:4])


def _ways(key: str) -> Sequence[str]:
    section, name = key.split(".")
    ways: Any = table("wording")[section][name]
    return ways  # type: ignore[no-any-return]
