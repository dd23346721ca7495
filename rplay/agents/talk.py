"""Who speaks with whom: what the coach was asked, and what it answered, is no part of the talk with the client."""

import re
from collections.abc import Sequence
from functools import cache

from rplay.agents.prompts import prompt
from rplay.agents.types import Message

_BEGINNING = 2_000  # characters in which an answer of the coach has its first heading


def parted(messages: Sequence[Message]) -> tuple[list[Message], list[Message]]:
    """The talk with the client, and the questions to the coach with its answers.

    A turn of the coach's is marked so, or has one of its headings; then the advisor's turn before it was the question.
    """
    talk: list[Message] = []
    coaching: list[Message] = []
    asked: int | None = None  # the place of the advisor's last line, until somebody answers
    for message in messages:
        if is_coach(message):
            if asked is not None:
                coaching.append(talk.pop(asked))
            coaching.append(message)
            asked = None
        elif message.get("coach"):
            coaching.append(message)
            asked = None
        else:
            if message["role"] != "system":
                asked = len(talk) if message["role"] == "user" else None
            talk.append(message)
    return talk, coaching


def without_coach(messages: Sequence[Message]) -> list[Message]:
    return parted(messages)[0]


def is_coach(message: Message) -> bool:
    """Whether this is an answer of the coach."""
    if message["role"] != "assistant":
        return False
    if message.get("coach") is True:
        return True
    beginning = message["content"][:_BEGINNING]
    return "##" in beginning and bool(_headings().search(beginning))


@cache
def _headings() -> re.Pattern[str]:
    """The second-level headings that an answer of the coach has, as the prompts of its tiers ask for them."""
    named = {line[3:] for tier in (1, 2, 3) for line in prompt(f"expert-{tier}").text.splitlines() if line[:3] == "## "}
    return re.compile(rf"^[ \t]*##[ \t]+(?:{'|'.join(map(re.escape, sorted(named)))})[ \t]*#*[ \t]*$", re.M | re.I)
