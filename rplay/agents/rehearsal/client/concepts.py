"""What a layman knows about the products and terms that an advisor uses."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from rplay.agents.rehearsal.client.tables import pattern, table
from rplay.agents.rehearsal.reading.types import Reading

# Everyday words that the patterns of some terms also match.
_EVERYDAY = re.compile(r"\b(?:days?|questions?|records?|exam|tests?|blood|options?|excluded?|wait)\b")
_LECTURE = 75  # a line with more words than this, and no question, is a lecture


@dataclass(frozen=True, slots=True)
class Concept:
    """A product or term of the trade. `spoken` are the advisor's words for it; `about` the kinds and aspects of a life
    that say more about it."""

    id: str
    spoken: str
    hard: bool
    gloss: tuple[str, ...]
    ask: tuple[str, ...]
    doubt: tuple[str, ...]
    about: tuple[tuple[str, str], ...]


@lru_cache(maxsize=4096)
def concepts_in(text: str) -> tuple[Concept, ...]:
    """Return the concepts in the text, in the order of the table: special ones before the general ones they
    belong to."""
    found = ((id_, entry, pattern(entry["match"]).search(text)) for id_, entry in table("concepts").items())
    return tuple(_concept(id_, entry, match[0]) for id_, entry, match in found if match)


def _concept(id_: str, entry: Mapping[str, Any], spoken: str) -> Concept:
    about = tuple((one.split(".")[0], one.split(".")[1]) for one in entry["about"])
    return Concept(
        id_,
        " ".join(spoken.lower().split()).strip(" ,.?!"),
        bool(entry.get("hard")) and not _EVERYDAY.search(spoken.lower()),
        tuple(entry["gloss"]),
        tuple(entry["ask"]),
        tuple(entry["doubt"]),
        about,
    )


def hard_words(reading: Reading) -> Sequence[Concept]:
    """Return the terms of the trade in the advisor's line."""
    return [one for one in concepts_in(reading.text) if one.hard]


_EXPLAINS = (
    r"[\s,]+(?:that |which |just |basically |really )*"
    r"(?:is|are|means?|meaning|it's|that's|pays?|covers?|works?|like|so)\b"
)


def unexplained_in(text: str) -> Sequence[Concept]:
    """Return the terms that the text uses without explaining them."""
    low = text.lower()
    hard = (one for one in concepts_in(text) if one.hard)
    return [one for one in hard if not re.search(re.escape(one.spoken) + _EXPLAINS, low)]


def lectures(reading: Reading) -> bool:
    return len(reading.text.split()) > _LECTURE and not reading.asks


@cache
def general() -> frozenset[str]:
    """Return the ids of concepts that occur in nearly every line of an advisor."""
    return frozenset({"insurance", "investing", "plan", "premium", "quote", "budget"})
