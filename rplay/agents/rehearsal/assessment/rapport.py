"""How warm the client is towards the advisor, from 0 to 100, after what the advisor did so far."""

import re
from collections.abc import Iterator

from rplay.agents.rehearsal.assessment.talk import Talk, Turn
from rplay.agents.rehearsal.profile import number
from rplay.agents.rehearsal.tables import patterns
from rplay.agents.rehearsal.text import plain
from rplay.agents.types import Difficulty, Scene

_START = {"beginner": 50.0, "intermediate": 30.0, "advanced": 15.0}
# The most that one line can win: a sceptic is won over slowly, however much a line contains.
_MOST = {"beginner": 16.0, "intermediate": 11.0, "advanced": 8.0}
_PENALTIES = {
    "pressure": 12.0,
    "guarantee": 10.0,
    "dismiss": 12.0,
    "bias": 12.0,
    "insult": 25.0,
    "jargon": 4.0,
    "attack": 2.0,
}


def worried(line: str) -> bool:
    """Return whether the client's line voices a worry or an objection."""
    return bool(patterns("moves", "client")["worry"].search(plain(line)))


def warmth(scene: Scene, talk: Talk, name: str) -> float:
    return warmth_by_turn(scene, talk, name)[-1]


def warmth_by_turn(scene: Scene, talk: Talk, name: str) -> list[float]:
    """Return the rapport before the first line and after each line."""
    levels = [_start(scene)]
    seen: dict[str, int] = {}
    called = re.compile(rf"\b{re.escape(name)}\b", re.IGNORECASE)
    for turn in talk.turns:
        change = _change(scene.difficulty, turn, seen, called)
        levels.append(min(100.0, max(0.0, levels[-1] + change)))
    return levels


def _start(scene: Scene) -> float:
    traits = scene.personality.get("traits")
    agreeable = number(traits.get("agreeableness"), 50) if isinstance(traits, dict) else 50
    trust = number(scene.emotional_state.get("trust"), 50)
    return _START[scene.difficulty] + (agreeable - 50) / 10 + (trust - 50) / 5


def _change(difficulty: Difficulty, turn: Turn, seen: dict[str, int], called: re.Pattern[str]) -> float:
    lost = sum(cost for fault, cost in _PENALTIES.items() if turn.moves.does(fault))
    if ignores_worry(turn):
        lost += 4
    if turn.again:
        return -lost - 2
    won = min(_MOST[difficulty], sum(_gains(turn, seen, called)))
    return (won if lost < 10 else 0) - lost


def _gains(turn: Turn, seen: dict[str, int], called: re.Pattern[str]) -> Iterator[float]:
    for kind, worth, often in _kinds(turn, called):
        seen[kind] = seen.get(kind, 0) + 1
        # Repeating the same kind counts less.
        yield worth if seen[kind] <= often else worth / 3


def _kinds(turn: Turn, called: re.Pattern[str]) -> Iterator[tuple[str, float, int]]:
    """Yield what this line does for the rapport: kind, worth, and how often it counts in full."""
    moves = turn.moves
    if moves.does("empathy"):
        yield "empathy", 6 if turn.before and (worried(turn.before) or turn.listens) else 3, 6
    if turn.listens:
        yield "listens", 5, 8
    if moves.opens:
        yield "open", 4, 8
    elif moves.questions:
        yield "asks", 0.6, 6
    for mark, worth, often in (
        ("intro", 3, 1),
        ("agenda", 3, 1),
        ("permission", 3, 2),
        ("autonomy", 4, 3),
        ("check", 2, 4),
        ("summary", 4, 2),
        ("humility", 3, 2),
    ):
        if moves.does(mark):
            yield mark, worth, often
    if moves.does("explain") and not moves.jargon and moves.length >= 12:
        yield "explain", 3, 4
    if called.search(moves.text):
        yield "name", 2, 3


def ignores_worry(turn: Turn) -> bool:
    moves = turn.moves
    return (
        worried(turn.before)
        and not turn.listens
        and not moves.questions
        and not moves.does("empathy", "autonomy", "explain", "reflect")
    )
