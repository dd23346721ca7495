"""Separates the talk with the client from the questions to the coach and the coach's answers."""

import re
from collections.abc import Sequence
from functools import cache

from rplay.agents.prompts import prompt
from rplay.agents.types import Message

_BEGINNING = 2_000  # an answer of the coach has its first heading within this many characters


def parted(messages: Sequence[Message]) -> tuple[list[Message], list[Message]]:
    """Return the talk with the client, and the questions to the coach with the coach's answers.

    A message belongs to the coach if it is marked with `coach` or has one of the coach's headings. The advisor's
    message before such an answer was the question.
    """
    talk: list[Message] = []
    coaching: list[Message] = []
    asked: int | None = None  # index in `talk` of the advisor's last line, until somebody answers it
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
    if message["role"] != "assistant":
        return False
    if message.get("coach") is True:
        return True
    beginning = message["content"][:_BEGINNING]
    return "##" in beginning and bool(_headings().search(beginning))


@cache
def _headings() -> re.Pattern[str]:
    """Return a pattern for the second-level headings that the prompts of the three tiers ask the coach for."""
    named = {line[3:] for tier in (1, 2, 3) for line in prompt(f"expert-{tier}").text.splitlines() if line[:3] == "## "}
    return re.compile(rf"^[ \t]*##[ \t]+(?:{'|'.join(map(re.escape, sorted(named)))})[ \t]*#*[ \t]*$", re.M | re.I)
