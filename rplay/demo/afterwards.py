"""What learners and trainers do after a demo talk: feedback, disputes, corrections and marks."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from rplay.db import Connection, feedback
from rplay.db.reviews import Review
from rplay.demo.people import Planned
from rplay.demo.talk import Held
from rplay.reviews import judging
from rplay.reviews.numbers import OVERALL

_COMMENTS = {
    "promoter": (
        "The client reacted just like the ones I meet. I went into my next meeting much calmer.",
        "The review told me exactly which question I had skipped.",
        "Best way to practise objections that I know of.",
        None,
    ),
    "passive": (
        "Good practice, but I would like to see the objectives before I start.",
        "The client came across as real, the review could be shorter.",
        None,
    ),
    "detractor": (
        "The client never warmed up to me, and I don't know why.",
        "I lost the thread when the client changed the subject.",
        None,
    ),
}


def log_of(held: Held) -> list[dict[str, Any]]:
    """Return what the web frontend would have logged, each entry with its time."""
    entries = [
        _entry("simulation_load", held.began, {}),
        *[_entry("message_sent", turn.at, {"messageLength": len(turn.content)}) for turn in held.lines],
        *[_entry("objective_completed", at, {"objectiveId": name}) for name, at in held.reached.items()],
    ]
    coach = held.asked_the_coach
    if coach:
        entries += [_entry("help_opened", coach[0].at, {}), _entry("help_closed", coach[-1].at, {})]
    if held.planned.number % 4 == 1:
        note = len(held.turns[2].content)
        entries += [_entry(kind, held.turns[3].at, {"noteLength": note}) for kind in ("note_created", "note_updated")]
    return [*sorted(entries, key=lambda one: one["at"]), _entry("simulation_exit", held.ended, _totals(held))]


def _entry(kind: str, at: Any, metadata: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": kind, "at": at, "metadata": metadata}


def _totals(held: Held) -> dict[str, Any]:
    """Return the summary that the web frontend logs when a session is left."""
    return {
        "isEngagementSummary": True,
        "totalMessages": len(held.lines),
        "objectivesCompleted": len(held.reached),
        "timeInSimulationMinutes": round(held.seconds / 60, 1),
        "usedNeedsHelp": bool(held.asked_the_coach),
    }


def answer(held: Held, score: float, tx: Connection) -> None:
    """Store the learner's feedback. A learner who did well tends to give a higher score."""
    planned = held.planned
    liked = min(10, max(2, round(5 + 0.6 * score + planned.random.choice((-2, -1, 0, 1)))))
    kind = "promoter" if liked >= 9 else "passive" if liked >= 7 else "detractor"
    comment = planned.random.choice(_COMMENTS[kind])
    feedback.create(planned.key, planned.learner.id, liked, kind, None, comment, tx)


def judge(held: Held, talk: UUID, review: Review, tx: Connection) -> None:
    """Mark every second talk blind; for some talks let the learner dispute a score, or the trainer correct one."""
    planned = held.planned
    if planned.number % 2 == 0:
        judging.mark(
            planned.trainer.signed_in(), talk, _marks(planned, review), review.scores, tx, blind=True, notes=None
        )
    lowest = min((name for name in review.scores if name != OVERALL), key=review.scores.__getitem__)
    if planned.number % 7 == 3:
        _dispute(planned, talk, review, lowest, tx)
    elif planned.number % 11 == 5:
        reason = "The client said so only after being asked, and the advisor did ask: this deserves more."
        score = min(10.0, review.scores[lowest] + 1)
        judging.override(planned.trainer.signed_in(), talk, review.id, lowest, score, reason, tx)


def _marks(planned: Planned, review: Review) -> dict[str, float]:
    """Return a trainer's scores: whole numbers that are mostly close to the review's."""
    random = planned.random
    return {
        name: float(min(10, max(1, round(score + random.gauss(0.2, 0.8))))) for name, score in review.scores.items()
    }


def _dispute(planned: Planned, talk: UUID, review: Review, number: str, tx: Connection) -> None:
    """Dispute a score. Of three disputes one stays open, one is rejected, one is granted."""
    reason = f"I did work on {number.lower()}: please look at the second half of the talk again."
    made = judging.dispute(planned.learner.signed_in(), talk, review.id, number, reason, tx)
    trainer, turn = planned.trainer.signed_in(), planned.number // 7 % 3
    if turn == 1:
        judging.resolve(trainer, made, "kept", None, "I read it again. The lines named in the review bear it out.", tx)
    elif turn == 2:
        score = min(10.0, review.scores[number] + 1.5)
        judging.resolve(trainer, made, "changed", score, "You are right, the last third was better than that.", tx)
