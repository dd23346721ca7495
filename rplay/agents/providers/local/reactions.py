"""How the client takes what the advisor says: pressure, care, explanations, recommendations, small talk, goodbyes."""

import re
from collections.abc import Callable

from rplay.agents.rehearsal.assessment.objections import Raised, care_in, is_about
from rplay.agents.rehearsal.assessment.talk import Turn
from rplay.agents.rehearsal.assessment.topics import asked
from rplay.agents.rehearsal.coach.situation import Situation
from rplay.agents.rehearsal.tables import table
from rplay.agents.rehearsal.text import plain

_FAULTS = ("insult", "pressure", "guarantee", "bias", "dismiss")
_ELABORATES = {
    "income": "money",
    "assets": "money",
    "debts": "money",
    "finances": "money",
    "kids_future": "family",
    "beneficiary": "family",
    "loss": "concerns",
    "reason": "goals",
}


def to_fault(situation: Situation) -> list[str]:
    """Pushes back on pressure, promises, assumptions and rudeness."""
    fault = next((fault for fault in _FAULTS if situation.moves.does(fault)), None)
    if fault is None:
        return []
    if fault == "insult":
        return [situation.say("role", "insult")]
    return [situation.say("pressure", situation.scene.difficulty if fault == "pressure" else fault)]


def to_apology(situation: Situation) -> list[str]:
    """Accepts it, more or less."""
    if not re.search(table("client")["patterns"]["apology"], plain(situation.moves.text)):
        return []
    return [situation.say("small", "apology_cool" if situation.temperature == "cool" else "apology")]


def to_sharing(situation: Situation) -> list[str]:
    """To a misfortune of the advisor's own."""
    shared = re.search(table("client")["patterns"]["sharing"], plain(situation.moves.text))
    return [situation.say("small", "sympathy")] if shared and not situation.moves.questions else []


def to_goodbye(situation: Situation) -> list[str]:
    """Ends the talk when the advisor does, as warmly as it went."""
    moves = situation.moves
    if not _closes(situation) or (moves.questions and situation.asked and not moves.does("goodbye")):
        return []
    if any(_closed(turn) for turn in situation.talk.turns[-3:-1]) and not moves.questions:
        return [situation.say("close", "again")]
    if len(situation.talk.turns) < 3:
        return [situation.say("close", "early")]
    open_one = situation.open_objection
    temperature = "mid" if open_one and situation.temperature == "warm" else situation.temperature
    said = [situation.say("close", temperature)]
    return [*said, situation.say("close", "open", label=open_one.objection.label)] if open_one else said


def _closes(situation: Situation) -> bool:
    moves = situation.moves
    return _closed(situation.turn) or (
        moves.does("next_step") and moves.does("dated") and len(situation.talk.turns) > 3 and not moves.questions
    )


def _closed(turn: Turn) -> bool:
    moves = turn.moves
    return moves.does("goodbye") and not moves.does("intro", "agenda", "greeting") and not moves.opens


def to_care(situation: Situation) -> list[str]:
    """A short word for empathy, freedom to decide, or a proper introduction."""
    moves, first = situation.moves, len(situation.talk.turns) == 1
    if situation.asks_for("how_are_you"):
        return [situation.say("small", "how_are_you")]
    if first and moves.does("intro"):
        return [situation.say("small", "welcome")]
    if first and moves.does("greeting") and situation.talk.client and not moves.questions:
        return [situation.say("small", "hello")]
    if moves.does("agenda") and not moves.does("summary"):
        return [situation.say("small", "agenda_ok")] if situation.pick.chance("agenda", 60) else []
    if moves.does("autonomy"):
        return [situation.say("small", "relieved")]
    if moves.does("empathy") and situation.pick.chance("thanks", 55):
        return [situation.say("small", "thanks_cool" if situation.temperature == "cool" else "thanks")]
    return []


def to_objection_handling(situation: Situation) -> list[str]:
    """Softens, elaborates or insists, by what the advisor just did about the open objection."""
    settled = situation.just_settled
    if settled:
        return (
            [_handling(situation, "resolved", settled)] if care_in(situation.turn) & {"acknowledges", "answers"} else []
        )
    one = situation.open_objection
    if one is None or one.at >= len(situation.talk.turns) - 1:
        return []
    care = care_in(situation.turn)
    if set(situation.asked) - {"concerns", "budget"} and care <= {"asks", "checks"}:
        return []
    since = len(situation.talk.turns) - 2 - one.at
    follows = since == 0 or situation.asks_for("more") or is_about(situation.turn, one.objection)
    if "asks" in care and not situation.asked and follows:
        return [_handling(situation, "heard", one), situation.pick.one("more", one.objection.more)]
    if care:
        return [_handling(situation, "partly", one)] if follows else []
    insists = situation.scene.difficulty != "beginner" and since in (0, 2) and not situation.moves.questions
    return [_handling(situation, "insist", one)] if insists else []


def _handling(situation: Situation, key: str, one: Raised) -> str:
    return situation.pick.one(f"handling.{key}", table("objections")["handling"][key], label=one.objection.label)


def to_recommendation(situation: Situation) -> list[str]:
    moves = situation.moves
    if not moves.does("recommend") or (moves.opens and situation.asked):
        return []
    if len(situation.asked_before) < 2:
        return [situation.say("recommend", "premature")]
    if moves.jargon:
        return [situation.say("small", "lost_there", term=moves.jargon[0])]
    tied = len(situation.turn.echoes) >= 2 and situation.temperature != "cool"
    return [situation.say("recommend", "tied" if tied else "loose")]


def to_next_step(situation: Situation) -> list[str]:
    """To an announcement: I'll send you a summary."""
    if situation.moves.questions or not situation.moves.does("next_step"):
        return []
    return [situation.say("small", f"next_{situation.temperature}")]


def to_explanation(situation: Situation) -> list[str]:
    moves = situation.moves
    if moves.jargon:
        return [situation.say("small", "lost_there", term=moves.jargon[0])]
    if moves.length > 180:
        return [situation.say("unclear", "over")]
    if moves.does("explain") and moves.length >= 10:
        return [situation.say("small", "learned_cool" if situation.temperature == "cool" else "learned")]
    return []


def to_small_question(situation: Situation) -> list[str]:
    """Questions that ask for no fact: opinions, confirmations, permissions, appointments."""
    for kind, answer in _SMALL.items():
        if situation.asks_for(kind):
            return answer(situation)
    return []


def _by_temperature(stem: str) -> Callable[[Situation], list[str]]:
    def answer(situation: Situation) -> list[str]:
        open_one = situation.open_objection
        temperature = "mid" if open_one and situation.temperature == "warm" else situation.temperature
        return [situation.say("small", f"{stem}_{temperature}")]

    return answer


def _clear(situation: Situation) -> list[str]:
    jargon = situation.moves.jargon
    return [situation.say("small", "lost", term=jargon[0])] if jargon else [situation.say("small", "clear")]


def _confirm(situation: Situation) -> list[str]:
    return [situation.say("small", "confirm" if situation.turn.listens else "confirm_cool")]


def _permission(situation: Situation) -> list[str]:
    return [situation.say("small", "go_ahead_cool" if situation.temperature == "cool" else "go_ahead")]


def _questions(situation: Situation) -> list[str]:
    return [situation.say("questions", "any" if len(situation.talk.turns) < 8 else "none")]


def _more(situation: Situation) -> list[str]:
    """Says more about what was talked of last."""
    if situation.open_objection:
        return [situation.pick.one("more", situation.open_objection.objection.more)]
    before = situation.talk.turns[-2].moves if len(situation.talk.turns) > 1 else None
    if before and before.does("recommend", "options"):
        return [situation.say("elaborate", "concerns")]
    last = next((asked(turn.moves)[-1] for turn in reversed(situation.talk.turns[:-1]) if asked(turn.moves)), "other")
    ways = table("client")["elaborate"]
    key = _ELABORATES.get(last, last)
    return [situation.say("elaborate", key if key in ways else "other")]


def _plainly(section: str, key: str) -> Callable[[Situation], list[str]]:
    return lambda situation: [situation.say(section, key)]


_SMALL: dict[str, Callable[[Situation], list[str]]] = {
    "reversal": _plainly("role", "reversal"),
    "proceed": _by_temperature("proceed"),
    "right": _confirm,
    "clear": _clear,
    "any_questions": _questions,
    "schedule": _by_temperature("schedule"),
    "permission": _permission,
    "opinion": _by_temperature("opinion"),
    "feeling": _plainly("small", "feeling"),
    "more": _more,
}
