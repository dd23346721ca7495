"""The objections of a client: which ones there are, when the client raises them, and how well the advisor
handles them."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from rplay.agents.rehearsal import fragments
from rplay.agents.rehearsal.assessment.talk import Turn
from rplay.agents.rehearsal.pick import digest
from rplay.agents.rehearsal.profile import Lookup
from rplay.agents.rehearsal.tables import any_of, table
from rplay.agents.rehearsal.text import plain, sentence
from rplay.agents.rehearsal.values import pieces
from rplay.agents.types import Difficulty, Scene

# How many kinds of care (acknowledging, asking, answering, checking) settle an objection. Except for a friendly client,
# an answer must be one of them.
_CARE = {"beginner": 1, "intermediate": 2, "advanced": 3}
_MOST = {"beginner": 1, "intermediate": 2, "advanced": 4}
_CONSTANT = {"beginner": 0, "intermediate": 2, "advanced": 3}


@dataclass(frozen=True)
class Objection:
    kind: str
    line: str
    raw: str = ""

    @property
    def label(self) -> str:
        return str(table("objections")["kinds"][self.kind]["label"])

    @property
    def more(self) -> list[str]:
        return list(table("objections")["kinds"][self.kind]["more"])


@dataclass(frozen=True)
class Raised:
    """An objection that was raised: `at` is the advisor's line that it answers, `care` what the advisor did about it
    since."""

    objection: Objection
    at: int
    care: frozenset[str]
    settled: bool


@cache
def _kinds() -> dict[str, re.Pattern[str]]:
    return {kind: any_of([entry["about"]]) for kind, entry in table("objections")["kinds"].items()}


def kind_of(text: str) -> str:
    return next((kind for kind, pattern in _kinds().items() if pattern.search(text.lower())), "other")


def pool(scene: Scene, profile: Lookup) -> list[Objection]:
    """Return the objections of this client, in the order in which they are raised."""
    own = [_from_profile(text, profile.first_name) for text in _own(scene, profile)]
    if scene.difficulty == "beginner":
        return _mild(scene, own)
    kinds = {objection.kind for objection in own}
    added = [objection for objection in _defaults(scene) if objection.kind not in kinds]
    wanted = _CONSTANT[scene.difficulty]
    return (own + added[: max(0, wanted - len(own))])[: _MOST[scene.difficulty]]


def _from_profile(text: str, name: str) -> Objection:
    return Objection(kind_of(text), sentence(fragments.worry(text, name)), text)


def _own(scene: Scene, profile: Lookup) -> Iterator[str]:
    for key in ("hiddenObjections", "objections"):
        yield from pieces(profile.get(key) or [])
    if scene.difficulty == "advanced":
        yield from pieces(profile.get("concerns", "worries") or [])[:2]


def _mild(scene: Scene, own: list[Objection]) -> list[Objection]:
    kinds = [objection.kind for objection in own] or [objection.kind for objection in _defaults(scene)]
    ways = table("objections")["kinds"][kinds[0]]["mild"]
    if not ways or (not own and digest(scene.profile.get("name"), "mild") % 3 == 0):
        return []
    return [Objection(kinds[0], ways[0])]


def _defaults(scene: Scene) -> Iterator[Objection]:
    orders = table("objections")["defaults"]
    area = next((slug(area) for area in scene.focus_areas if slug(area) in orders), scene.industry)
    for kind in str(orders.get(area, orders["other"])).split():
        ways = table("objections")["kinds"][kind]["raise"]
        yield Objection(kind, ways[digest(scene.profile.get("name"), kind) % len(ways)])


def slug(name: str) -> str:
    return re.sub(r"[^a-z]+", "-", str(name).lower()).strip("-")


def raised(those: Sequence[Objection], difficulty: Difficulty, turns: Sequence[Turn]) -> list[Raised]:
    when = {objection: _when(turns, objection) for objection in those}
    found = [_follow(difficulty, turns, objection, at) for objection, at in when.items() if at is not None]
    return sorted(found, key=lambda one: one.at)


def _when(turns: Sequence[Turn], objection: Objection) -> int | None:
    needles = {plain(text).rstrip(".!?") for text in (objection.line, objection.raw) if len(text) > 3}
    replies = [plain(turn.reply or "") for turn in turns]
    return next((at for at, reply in enumerate(replies) if any(needle in reply for needle in needles)), None)


def _follow(difficulty: Difficulty, turns: Sequence[Turn], objection: Objection, at: int) -> Raised:
    care: set[str] = set()
    for turn in turns[at + 1 : at + 5]:
        if turn.moves.does("pressure", "dismiss", "insult"):
            care.clear()
        else:
            care |= care_in(turn) - (frozenset() if is_about(turn, objection) else {"answers"})
        if len(care) >= _CARE[difficulty] and (difficulty == "beginner" or "answers" in care):
            return Raised(objection, at, frozenset(care), settled=True)
    return Raised(objection, at, frozenset(care), settled=False)


def is_about(turn: Turn, objection: Objection) -> bool:
    """Return whether the line has to do with the objection, so that an explanation in it can answer this objection."""
    return objection.kind == "other" or bool(_kinds()[objection.kind].search(turn.moves.text.lower()))


def care_in(turn: Turn) -> frozenset[str]:
    """Return the ways in which a line takes a worry seriously."""
    moves, kinds = turn.moves, set()
    if moves.does("empathy", "autonomy", "concede"):
        kinds.add("acknowledges")
    if moves.questions and (moves.opens or turn.follows_up):
        kinds.add("asks")
    if (moves.does("explain", "tradeoff", "options") and moves.length >= 14) or (
        moves.does("humility") and moves.length >= 8
    ):
        kinds.add("answers")
    if moves.does("check"):
        kinds.add("checks")
    return frozenset(kinds) if not turn.again and not turn.stuffed else frozenset()
