"""Lines that are not meant for the client: they speak to whoever reviews the talk, or list what is reviewed."""

import re
from collections.abc import Sequence
from functools import cache, lru_cache
from itertools import pairwise

from rplay.agents.rehearsal.assessment.language import is_foreign
from rplay.agents.rehearsal.assessment.moves import read
from rplay.agents.rehearsal.assessment.talk import MOST
from rplay.agents.rehearsal.tables import any_of, patterns, table
from rplay.agents.rehearsal.text import LONGEST, plain, sentences
from rplay.agents.types import Message

# A list of catchwords has _STRONG strong ones, or _FEWER and _WEAK weak ones.
_STRONG, _FEWER, _WEAK = 3, 2, 3


def without_tampering(messages: Sequence[Message], *, whole: bool = True) -> tuple[list[Message], list[str]]:
    """Return the talk without the advisor's lines that are not meant for the client, and these lines.

    Unless they are left out `whole`, only the sentences are that show it. The client's answer to a line that is left
    out is no part of the talk either, but for an answer to the line before it, nor is an answer in another language.
    """
    kept: list[Message] = []
    tampered: list[str] = []
    skipping = False
    for message in messages[-MOST:]:
        text = str(message.get("content") or "")
        clean = meant_for_client(text)
        if message["role"] == "user":
            if len(clean) < len(sentences(text)):
                tampered.append(text)
                clean = () if whole else clean
            skipping = bool(text.strip()) and not clean and not (kept and kept[-1]["role"] == "user")
        foreign = message["role"] == "assistant" and (skipping or is_foreign(text))
        if clean and not foreign:
            kept.append({"role": message["role"], "content": "\n".join(clean)})
    return kept, tampered


@lru_cache(maxsize=2048)
def meant_for_client(line: str) -> tuple[str, ...]:
    """Return the sentences of a line but those that speak to the reviewer, and none of a list of catchwords."""
    if _lists_catchwords(line):
        return ()
    said = sentences(line)
    speaks = [read(one).does("attack") or _speaks_to_reviewer(one) for one in said]
    for at, (one, other) in enumerate(pairwise(said)):
        if not (speaks[at] or speaks[at + 1]) and _speaks_to_reviewer(f"{one} {other}"):
            speaks[at] = speaks[at + 1] = True
    return tuple(one for one, out in zip(said, speaks, strict=True) if not out)


def _speaks_to_reviewer(text: str) -> bool:
    told = patterns("tampering", "speaks")
    if told["form"].search(text[:LONGEST]):
        return True
    shows = {kind for kind, one in told.items() if one.search(plain(text))}
    of_marks = {"marks", "praise", "orders"} & shows
    return (
        "alone" in shows
        or ("reader" in shows and bool(of_marks))
        or ("perhaps" in shows and "marks" in shows and bool({"talk", "me"} & shows))
        or ({"talk", "marks", "praise"} <= shows)
    )


def _lists_catchwords(line: str) -> bool:
    strong, weak = (sum(bool(one.search(plain(line))) for one in _catchwords(kind)) for kind in ("strong", "weak"))
    return strong >= _STRONG or (strong >= _FEWER and weak >= _WEAK)


@cache
def _catchwords(kind: str) -> Sequence[re.Pattern[str]]:
    return [any_of((one,)) for one in table("tampering")["catchwords"][kind]]
