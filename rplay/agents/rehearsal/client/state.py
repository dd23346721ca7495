"""How the client feels about the advisor, computed turn by turn from the life and the advisor's acts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from rplay.agents.persona.life import Life
from rplay.agents.rehearsal.client.concepts import hard_words, lectures
from rplay.agents.rehearsal.client.turns import Turn
from rplay.agents.rehearsal.reading.compliance import SURE
from rplay.agents.rehearsal.reading.types import Act, Reading
from rplay.agents.types import Difficulty

_START: Mapping[Difficulty, tuple[int, int]] = {"beginner": (58, 80), "intermediate": (46, 68), "advanced": (34, 56)}
# The effect of each act on trust, patience and interest.
_EFFECT: Mapping[Act, tuple[int, int, int]] = {
    "greet": (1, 0, 0), "introduce": (1, 0, 0), "small_talk": (1, 0, 0), "agenda": (2, 2, 2), "permission": (3, 2, 0),
    "ask": (2, 2, 2), "check": (2, 2, 1), "summarise": (5, 3, 3), "reflect": (5, 3, 2), "empathise": (6, 4, 1),
    "acknowledge": (0, 0, 0), "normalise": (2, 1, 0), "explain": (1, -1, 3), "propose": (0, 0, 3), "compare": (2, 0, 3),
    "disclose": (7, 1, 2), "reassure": (2, 1, 0), "answer": (3, 2, 2), "handle_objection": (4, 2, 3),
    "press": (-9, -8, -6), "promise": (-7, -2, -4), "flatter": (-1, -1, 0), "insult": (-18, -14, -8),
    "dismiss": (-9, -8, -5), "apologise": (4, 4, 0), "thank": (2, 1, 0), "next_step": (1, 1, 2), "goodbye": (0, 0, 0),
    "silence": (-2, -7, -3), "off_topic": (-1, -6, -2), "role_attack": (-2, -5, -2), "filler": (-1, -4, -1),
    "unclear": (0, -2, 0),
}  # fmt: skip
_UNKIND: frozenset[Act] = frozenset({"insult", "dismiss", "press"})
# The strikes that each unkindness adds. With ENOUGH strikes the client leaves.
_STRIKES: Mapping[Act, float] = {"insult": 1.0, "dismiss": 0.34, "press": 0.34}
_BELITTLED = 0.4  # added to the strikes of the dismissal itself
ENOUGH = 5.0
SILENT = 6  # lines in a row without content


@dataclass(frozen=True, slots=True)
class State:
    """The client's feelings, each from 0 to 100.

    `strikes` are unkindnesses that are not forgiven, `breaches` is the number of rules broken so far, and `silent` is
    the number of the advisor's latest lines in a row that said nothing.
    """

    trust: int
    patience: int
    understanding: int
    interest: int
    strikes: float = 0.0
    insults: int = 0
    breaches: int = 0
    silent: int = 0
    strayed: int = 0

    @property
    def warm(self) -> bool:
        return self.trust >= 60

    @property
    def cool(self) -> bool:
        return self.trust < 35 or self.patience < 30

    @property
    def has_enough(self) -> bool:
        return self.strikes >= ENOUGH


def state_after(life: Life, difficulty: Difficulty, turns: Sequence[Turn]) -> State:
    trust, patience = _START[difficulty]
    warm = (life.style.warm - 50) // 8
    state = State(trust + warm, patience + warm - life.style.blunt // 12, 55, 50)
    for turn in turns:
        state = _after(state, turn)
    return state


def _after(state: State, turn: Turn) -> State:
    reading, acts = turn.reading, turn.acts
    trust, patience, interest = (sum(_EFFECT[act][part] for act in acts) for part in range(3))
    if reading.follow_up:
        trust, interest = trust + 2, interest + 2
    patience -= 6 if lectures(reading) else 0
    broken = [breach for breach in reading.breaches if breach.confidence >= SURE]
    trust -= round(sum(9 * breach.confidence for breach in broken))
    return replace(
        state,
        trust=_within(state.trust + max(-30, min(12, trust))),
        patience=_within(state.patience + max(-25, min(8, patience))),
        understanding=_within(state.understanding + _learned(reading)),
        interest=_within(state.interest + max(-15, min(8, interest))),
        strikes=_strikes(state, acts, turn.belittles),
        insults=state.insults + ("insult" in acts),
        breaches=state.breaches + bool(broken),
        silent=state.silent + 1 if says_nothing(turn) else 0,
        strayed=state.strayed + ("off_topic" in acts),
    )


def _strikes(state: State, acts: frozenset[Act], belittles: bool) -> float:
    if "apologise" in acts and not acts & _UNKIND:
        return max(0.0, state.strikes - 1.0)
    if "insult" in acts:  # one remark counts once
        return state.strikes + sum(_STRIKES[act] for act in acts & _UNKIND - {"dismiss"})
    return state.strikes + sum(_STRIKES[act] for act in acts & _UNKIND) + (_BELITTLED if belittles else 0)


def _learned(reading: Reading) -> int:
    if "explain" not in reading.acts:
        return 0
    return -7 * min(2, len(hard_words(reading))) if len(hard_words(reading)) > 1 else 5


def says_nothing(turn: Turn) -> bool:
    nothing: frozenset[Act] = frozenset({"silence", "filler", "acknowledge"})
    return not turn.asked and turn.acts <= nothing and len(turn.reading.text) < 40


def _within(value: int) -> int:
    return max(0, min(100, value))
