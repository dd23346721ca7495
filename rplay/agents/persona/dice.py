"""Chance that repeats: the same client and the same question always fall the same way."""

import hashlib
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import TypeVar

T = TypeVar("T")
_BITS = 2**64 - 1


def digest(*parts: object) -> int:
    """A number that depends on nothing but these."""
    joined = "\x1f".join(map(str, parts)).encode("utf-8", "replace")
    return int.from_bytes(hashlib.blake2b(joined, digest_size=8).digest(), "big")


@dataclass(frozen=True, slots=True)
class Dice:
    """Each draw has a key of its own, so that a new one changes none of the others."""

    seed: int

    def draw(self, key: str) -> int:
        """A number of 64 bits. A life draws a thousand, and a cryptographic hash for each took 3 ms."""
        mixed = (zlib.crc32(key.encode()) ^ self.seed) * 0x9E3779B97F4A7C15 & _BITS
        mixed = (mixed ^ mixed >> 30) * 0xBF58476D1CE4E5B9 & _BITS
        return mixed ^ mixed >> 31

    def share(self, key: str) -> float:
        """From 0 to below 1."""
        return self.draw(key) / 2**64

    def between(self, key: str, low: int, high: int) -> int:
        """A whole number, both ends included; `low` where they cross."""
        return low + int(self.share(key) * max(1, high - low + 1))

    def chance(self, key: str, percent: float) -> bool:
        return self.share(key) * 100 < percent

    def one(self, key: str, things: Sequence[T]) -> T:
        return things[self.draw(key) % len(things)]

    def order(self, key: str, things: Sequence[T]) -> list[T]:
        """All of them, shuffled."""
        return Random(self.draw(key)).sample(things, len(things))  # noqa: S311  variety, no secret
