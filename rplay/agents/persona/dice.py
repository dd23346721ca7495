"""Repeatable random choices: the same client and the same key always give the same result."""

import hashlib
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import TypeVar

T = TypeVar("T")
_BITS = 2**64 - 1


def digest(*parts: object) -> int:
    """Return a number of 64 bits that depends only on the parts, and is the same in every process."""
    joined = "\x1f".join(map(str, parts)).encode("utf-8", "replace")
    return int.from_bytes(hashlib.blake2b(joined, digest_size=8).digest(), "big")


@dataclass(frozen=True, slots=True)
class Dice:
    """Random numbers from a seed. Each draw has a key of its own, so that adding a draw changes none of the others."""

    seed: int

    def draw(self, key: str) -> int:
        """Return a number of 64 bits.

        It is no cryptographic hash, because a life draws a thousand numbers, and such a hash took 3 ms for them.
        """
        mixed = (zlib.crc32(key.encode()) ^ self.seed) * 0x9E3779B97F4A7C15 & _BITS
        mixed = (mixed ^ mixed >> 30) * 0xBF58476D1CE4E5B9 & _BITS
        return mixed ^ mixed >> 31

    def share(self, key: str) -> float:
        """Return a number from 0 to below 1."""
        return self.draw(key) / 2**64

    def between(self, key: str, low: int, high: int) -> int:
        """Return a whole number from `low` to `high`, both included; `low` if `high` is lower."""
        return low + int(self.share(key) * max(1, high - low + 1))

    def chance(self, key: str, percent: float) -> bool:
        return self.share(key) * 100 < percent

    def one(self, key: str, things: Sequence[T]) -> T:
        return things[self.draw(key) % len(things)]

    def order(self, key: str, things: Sequence[T]) -> list[T]:
        """Return all things in a random order."""
        return Random(self.draw(key)).sample(things, len(things))  # noqa: S311  only for variety
