"""Trial reviews of stored talks, which are not stored: a talk reviewed several times, or with changed rules."""

import statistics
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass

from pydantic import ValidationError

from rplay.agents.chain import Chain
from rplay.agents.persona.life import VERSION, Life
from rplay.agents.persona.make import life_of
from rplay.agents.types import Difficulty, Message, Parameter
from rplay.briefing import difficulty_of
from rplay.data import DataFiles, Name, Store, Stored
from rplay.db import client_lives, simulations
from rplay.db.simulations import Simulation
from rplay.reviews.making import made, messages_in
from rplay.reviews.numbers import OVERALL, numbers_in

NOTICED = 0.05  # smallest change of a score, in points, that counts


@dataclass(frozen=True)
class Prepared:
    """A stored talk with everything its review is made of."""

    talk: Simulation
    said: Sequence[Message]
    difficulty: Difficulty
    life: Life


@dataclass(frozen=True, slots=True)
class Spread:
    """The spread of one score over several reviews of the same talk."""

    number: str
    n: int
    mean: float
    least: float
    most: float
    deviation: float


@dataclass(frozen=True, slots=True)
class Move:
    """The change of one score over several talks, between the current rules and the tried ones.

    It changed in `moved` of `talks`; `down` and `up` are the largest changes.
    """

    number: str
    talks: int
    before: float
    after: float
    moved: int
    down: float
    up: float


class Tried(Store):
    """Data files in which one is replaced for a trial; nothing is written."""

    def __init__(self, data: DataFiles, name: Name, raw: bytes) -> None:
        self._data, self._name, self._raw = data, name, raw

    def lay_out(self) -> list[str]:
        return []

    def place(self, name: Name) -> str:
        return f"the tried {name}"

    def stamp(self, name: Name) -> object:
        return name

    def read(self, name: Name, *, writing: bool = False) -> Stored:  # noqa: ARG002
        return Stored(name, self._raw if name == self._name else self._data.raw(name))

    def only_writer(self) -> AbstractContextManager[None]:
        raise NotImplementedError("what is tried is never written")

    def write(self, name: Name, raw: bytes) -> None:
        raise NotImplementedError("what is tried is never written")


def with_file(data: DataFiles, name: Name, raw: bytes) -> DataFiles:
    return DataFiles(data.folder, Tried(data, name, raw))


def prepared(talk: Simulation) -> Prepared:
    difficulty = difficulty_of(talk.difficulty) or "beginner"
    return Prepared(talk, messages_in(simulations.history(talk.id)), difficulty, _life(talk, difficulty))


def reviewed(chain: Chain, data: DataFiles, parameters: Sequence[Parameter], one: Prepared) -> dict[str, float]:
    return numbers_in(made(chain, data, parameters, one.talk, one.said, one.difficulty, one.life))


def tried(
    chain: Chain,
    data: DataFiles,
    name: Name,
    raw: bytes,
    parameters: Sequence[Parameter],
    most: int,
    said: Callable[[int], None] = lambda _: None,
) -> tuple[int, list[Move]]:
    """Review the newest completed talks twice: with the current data files, and with `raw` in place of this one. Return
    how many there were, and how the scores would change.

    `said` is called with the number of talks done. No database connection is held meanwhile.
    """
    changed = with_file(data, name, raw)
    stored = [one for one in map(prepared, simulations.newest_completed(most)) if _spoke(one)]
    pairs = []
    for done, one in enumerate(stored, 1):
        pairs.append((reviewed(chain, data, parameters, one), reviewed(chain, changed, parameters, one)))
        said(done)
    return len(pairs), moves(pairs)


def _spoke(one: Prepared) -> bool:
    return any(said["role"] == "user" for said in one.said)


def spread(reviews: Sequence[Mapping[str, float]]) -> list[Spread]:
    """Return the spread of each score: overall first, then by name."""
    return [_spread(number, scores) for number, scores in _by_number(reviews)]


def moves(pairs: Sequence[tuple[Mapping[str, float], Mapping[str, float]]]) -> list[Move]:
    """Return the change of each score that a talk's reviews have both before and after."""
    befores = _by_number([{name: one[name] for name in one if name in other} for one, other in pairs])
    afters = dict(_by_number([{name: other[name] for name in other if name in one} for one, other in pairs]))
    return [_move(number, before, afters[number]) for number, before in befores]


def _by_number(reviews: Sequence[Mapping[str, float]]) -> Iterator[tuple[str, list[float]]]:
    found: dict[str, list[float]] = defaultdict(list)
    for review in reviews:
        for name, score in review.items():
            found[name].append(score)
    yield from sorted(found.items(), key=lambda item: (item[0] != OVERALL, item[0]))


def _spread(number: str, scores: Sequence[float]) -> Spread:
    mean, deviation = round(statistics.fmean(scores), 2), round(statistics.pstdev(scores), 2)
    return Spread(number, len(scores), mean, min(scores), max(scores), deviation)


def _move(number: str, before: Sequence[float], after: Sequence[float]) -> Move:
    changes = [round(other - one, 2) for one, other in zip(before, after, strict=True)]
    return Move(
        number,
        len(changes),
        before=round(statistics.fmean(before), 2),
        after=round(statistics.fmean(after), 2),
        moved=sum(abs(change) >= NOTICED for change in changes),
        down=min(0.0, *changes),
        up=max(0.0, *changes),
    )


def _life(talk: Simulation, difficulty: Difficulty) -> Life:
    """Return the life stored with the talk. If there is none, or one of another version or difficulty, create it
    from the profile.
    """
    kept = client_lives.of_simulation(str(talk.id), talk.user_id) if talk.user_id else None
    profile = talk.client_profile if isinstance(talk.client_profile, dict) else {}
    try:
        life = Life.model_validate_json(kept) if kept else None
    except ValidationError:
        life = None
    fits = life is not None and (life.version, life.difficulty) == (VERSION, difficulty)
    return life if life and fits else life_of(profile, talk.industry, talk.subcategory, difficulty)
