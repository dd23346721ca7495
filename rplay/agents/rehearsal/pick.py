"""Chooses among several ways to say something: the same talk always gets the same choice, and none is repeated
at once."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rplay.agents.rehearsal.text import plain, upper_first
from rplay.agents.types import Message


def digest(*parts: object) -> int:
    """Return a number of 64 bits that depends only on the parts, and is the same in every process."""
    joined = "\x1f".join(str(part) for part in parts).encode("utf-8", "replace")
    return int.from_bytes(hashlib.blake2b(joined, digest_size=8).digest(), "big")


def digest_talk(messages: Sequence[Message], profile: Mapping[str, Any]) -> int:
    said = [f"{message['role']}:{message.get('content')}" for message in messages[-12:]]
    return digest(len(messages), profile.get("name"), profile.get("age"), *said)


@dataclass(frozen=True)
class Picker:
    """Chooses texts. `said` holds the client's lines so far, oldest first."""

    seed: int
    said: Sequence[str]

    def one(self, key: str, ways: Iterable[str], **values: str) -> str:
        """Return one of these ways, filled in. Those that were not used, or not for the longest time, come first."""
        filled = [fill(way, **values) for way in ways]
        last_used = [self._last_use(way) for way in filled]
        oldest = min(last_used)
        fresh = [way for way, used in zip(filled, last_used, strict=True) if used == oldest]
        return fresh[digest(self.seed, key) % len(fresh)]

    def chance(self, key: str, percent: int) -> bool:
        return digest(self.seed, key) % 100 < percent

    def _last_use(self, way: str) -> int:
        """Return the index of the client's latest line that contains this text; -1 if there is none."""
        needle = plain(way)
        return max((index for index, line in enumerate(self.said) if needle in plain(line)), default=-1)


def fill(way: str, **values: str) -> str:
    """Return the text with `{v}` and other keys replaced. A key with a capital gets its value with a capital."""
    for key, value in values.items():
        way = way.replace(f"{{{key}}}", value).replace(f"{{{key.capitalize()}}}", upper_first(value))
    return way
