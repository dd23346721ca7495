"""Sentences of whole talks, labelled by hand: `reading/gold.jsonl`, a line of the advisor each.

`acts` are those that may be read in a sentence. `asks` stands with a question: `kind.aspect` of the life, `story`
(only the profile's own words tell it), `detail` (nobody wrote it down), `follow` with how, `advisor`, `opinion`,
`permission` or `check`; any of several is right, the first fits best.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from rplay.agents.persona.life import Life
from rplay.agents.persona.make import life_of
from rplay.agents.rehearsal.profile import own_words
from rplay.agents.rehearsal.reading.text import bare
from rplay.agents.types import Message

HERE = Path(__file__).parent
GOLD = HERE / "reading" / "gold.jsonl"


@dataclass(frozen=True)
class Label:
    text: str
    acts: tuple[str, ...]
    asks: tuple[str, ...] = ()

    @property
    def targets(self) -> frozenset[str]:
        return frozenset(one for one in self.asks if "." in one)

    @property
    def purposes(self) -> frozenset[str]:
        """Targets by name, all else by what kind of question it is."""
        return frozenset(one.partition(":")[0] for one in self.asks)


@dataclass(frozen=True)
class Line:
    """`labels` are by the plain words of a sentence."""

    text: str
    answer: str
    labels: Mapping[str, Label]


@cache
def gold() -> Mapping[str, Sequence[Line]]:
    talks: dict[str, list[Line]] = {}
    for row in map(json.loads, GOLD.read_text(encoding="utf-8").splitlines()):
        labels = [Label(one["text"], tuple(one["acts"]), tuple(one.get("asks", ()))) for one in row["sentences"]]
        talks.setdefault(row["talk"], []).append(
            Line(row["line"], row["answer"], {bare(one.text): one for one in labels})
        )
    return talks


def fresh() -> Sequence[Label]:
    """Lines of no talk: nothing is learned from them."""
    rows = map(json.loads, (HERE / "reading" / "fresh.jsonl").read_text(encoding="utf-8").splitlines())
    return [Label(row["text"], tuple(row["acts"]), tuple(row.get("asks", ()))) for row in rows]


def kept_aside(talks: Iterable[str]) -> frozenset[str]:
    """Every fifth talk: nothing is learned from it, so that it tells how good the reading is."""
    return frozenset(sorted(talks)[::5])


@cache
def client(talk: str) -> tuple[Life, str]:
    """The life of the client of a talk, and the profile's own words."""
    folder = next(one for one in (HERE / "talks", HERE / "opened", HERE / "third") if (one / f"{talk}.json").exists())
    script: dict[str, Any] = json.loads((folder / f"{talk}.json").read_text(encoding="utf-8"))
    life = life_of(script["profile"], script["industry"], script.get("subcategory"), script["difficulty"])
    return life, own_words(script["profile"])


def heard(talk: str) -> Iterator[tuple[Line, list[Message]]]:
    """Each line with what was said before it."""
    before: list[Message] = []
    for line in gold()[talk]:
        yield line, list(before)
        before += [{"role": "user", "content": line.text}, {"role": "assistant", "content": line.answer}]
