"""A stored talk as numbered lines. As in reviews, only lines of client and advisor have numbers, those of the coach
have none.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from rplay.agents.wording import spoken
from rplay.reviews.making import ROLES, messages_in

Who = Literal["advisor", "client", "coach"]


@dataclass(frozen=True, slots=True)
class Line:
    """One line. `number` is None for questions to the coach and its answers; `turn` is the index in the stored
    history.
    """

    number: int | None
    who: Who
    words: str
    turn: int


def lines_of(history: Sequence[Any]) -> list[Line]:
    turns = [turn for turn, one in enumerate(history) if _is_turn(one)]
    messages = messages_in(history)
    numbers = {id(one): number for number, one in enumerate(spoken(messages), start=1)}
    return [
        Line(numbers.get(id(one)), _who(one["role"], id(one) in numbers), one["content"], turn)
        for turn, one in zip(turns, messages, strict=True)
        if one["role"] != "system" or id(one) in numbers
    ]


def before(history: Sequence[Any], number: int) -> list[Any] | None:
    """Return the messages before the line with this number; None if the advisor has no such line."""
    found = next((line for line in lines_of(history) if line.number == number and line.who == "advisor"), None)
    return list(history[: found.turn]) if found else None


def _who(role: str, is_spoken: bool) -> Who:
    if not is_spoken:
        return "coach"
    return "advisor" if role == "user" else "client"


def _is_turn(turn: Any) -> bool:
    return isinstance(turn, dict) and turn.get("role") in ROLES and isinstance(turn.get("content"), str)
