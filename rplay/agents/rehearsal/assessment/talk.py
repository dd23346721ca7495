"""The talk as turns: each line of the advisor, with the client's words before and after it."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from rplay.agents.rehearsal.assessment.moves import Moves, read
from rplay.agents.rehearsal.text import LONGEST, content, plain
from rplay.agents.talk import without_coach
from rplay.agents.types import Message

# Two lines that share this part of their words count as the same line.
_SAME = 0.8
# _RECENT: a line is compared with this many turns before it. MOST: this many of the newest messages are read.
_RECENT = 40
MOST = 400
_PARROT = 0.8
# In a line of at most _SHORT words, a single word of the client's shows listening if it makes up this share.
_SHORT = 20
_TAKEN_UP = 0.3
# A line with this many kinds of skill is a list of words. Kinds of an opening do not count, as they may come together.
_HEAP = 7
_ANYWHERE = frozenset({"intro", "greeting", "agenda", "time", "permission", "check", "goodbye", "product"})


@dataclass(frozen=True)
class Turn:
    """One line of the advisor. `heard` holds the important words of everything that the client said before, `just`
    those of the client's last line."""

    moves: Moves
    before: str
    reply: str | None
    heard: frozenset[str]
    just: frozenset[str]
    again: bool

    @cached_property
    def echoes(self) -> frozenset[str]:
        """The client's words that the line takes up."""
        return content(self.moves.text) & self.heard

    @cached_property
    def parrots(self) -> bool:
        """Whether the line repeats the client's line word for word."""
        mine = content(self.moves.text)
        fresh = mine & self.just
        return len(mine) >= 4 and len(fresh) >= _PARROT * len(mine) and len(fresh) >= _PARROT * len(self.just)

    @cached_property
    def listens(self) -> bool:
        """Whether the line takes up what the client said, in the client's words."""
        mine = content(self.moves.text)
        fresh = mine & self.just
        if self.parrots:
            return False
        if len(fresh) >= 2 or len(self.echoes) >= 3:
            return True
        return (len(self.echoes) >= 2 and self.moves.does("reflect", "summary", "tie")) or (
            self.moves.length <= _SHORT and len(fresh) >= _TAKEN_UP * max(1, len(mine)) and bool(fresh)
        )

    @cached_property
    def sums_up(self) -> bool:
        """Whether one sentence takes up several things that the client said, not all of them in the last line."""
        told = [one.text for one in self.moves.sentences if one.text.count(",") + one.text.count(" and ") >= 2]
        return any(len(found := content(text) & self.heard) >= 3 and bool(found - self.just) for text in told)

    @property
    def stuffed(self) -> bool:
        """Whether the line is a heap of good words that takes up nothing of the client's."""
        if self.listens:
            return False
        return len(self.moves.marks - _ANYWHERE) >= _HEAP or any(_heaped(one.text) for one in self.moves.sentences)

    @cached_property
    def follows_up(self) -> bool:
        """Whether the line asks a question that comes from the client's last words."""
        asked = frozenset().union(*(content(question.text) for question in self.moves.questions))
        return bool(self.moves.questions) and (bool(asked & self.just) or self.listens)


@dataclass(frozen=True)
class Talk:
    turns: tuple[Turn, ...]
    client: tuple[str, ...]

    @property
    def last(self) -> Turn | None:
        return self.turns[-1] if self.turns else None

    @cached_property
    def client_words(self) -> str:
        return " ".join(plain(line) for line in self.client)

    def told(self, phrase: str) -> bool:
        return bool(phrase) and plain(phrase) in self.client_words


def talk_of(messages: Sequence[Message]) -> Talk:
    """Return the turns of advisor and client. Messages to and from the coach are no part of the talk."""
    turns: list[Turn] = []
    client: list[str] = []
    heard: frozenset[str] = frozenset()
    for role, text in _lines(messages):
        if role == "assistant":
            client.append(text)
            heard |= content(text)
            _answered(turns, text)
        else:
            before = client[-1] if client else ""
            moves = read(text)
            turns.append(Turn(moves, before, None, heard, content(before), _again(moves, turns)))
    return Talk(tuple(turns), tuple(client))


def _answered(turns: list[Turn], reply: str) -> None:
    if turns and turns[-1].reply is None:
        last = turns[-1]
        turns[-1] = Turn(last.moves, last.before, reply, last.heard, last.just, last.again)


def _again(moves: Moves, turns: Sequence[Turn]) -> bool:
    mine = content(moves.text)
    return any(_alike(mine, content(turn.moves.text)) for turn in turns[-_RECENT:]) if mine else False


def _alike(one: frozenset[str], other: frozenset[str]) -> bool:
    return bool(other) and len(one & other) / len(one | other) >= _SAME


def _heaped(sentence: str) -> bool:
    """Return whether the sentence is a row of catchwords between commas."""
    pieces = [len(piece.split()) for piece in sentence.split(",")]
    return len(pieces) >= _HEAP + 1 and sum(pieces) <= 4 * len(pieces)


def _lines(messages: Sequence[Message]) -> list[tuple[str, str]]:
    lines: list[tuple[str, str]] = []
    for message in without_coach(messages[-MOST:]):
        role, text = message["role"], str(message.get("content") or "")[:LONGEST]
        if role in ("user", "assistant"):
            lines.append((role, text))
    return lines
