"""People's judgements of a review: learners dispute a score; trainers and admins resolve, override and mark.

Each function uses the caller's transaction, so that nobody is erased or demoted in between.
"""

from collections.abc import Collection, Mapping
from typing import Literal
from uuid import UUID

from rplay.db import Connection, audit_log, review_disputes, review_marks, review_overrides, review_views, reviews
from rplay.db.review_disputes import Dispute
from rplay.db.review_marks import Mark
from rplay.db.review_overrides import Override
from rplay.db.sessions import SignedIn
from rplay.errors import BadRequest, Conflict, Duplicate, NotFound
from rplay.reviews.access import judged_by, owned_by
from rplay.reviews.numbers import OVERALL


def dispute(user: SignedIn, simulation_id: UUID, review_id: UUID, number: str, reason: str, tx: Connection) -> Dispute:
    """Dispute one score, as the owner of the talk; each score once."""
    owned_by(user, simulation_id, tx)
    _check_number(simulation_id, review_id, number, tx)
    try:
        return review_disputes.create(simulation_id, review_id, number, reason, tx)
    except Duplicate:
        raise Conflict("This number was already disputed") from None


def disputed(dispute_id: UUID) -> Dispute:
    found = review_disputes.get(dispute_id)
    if found is None:
        raise NotFound("Dispute not found")
    return found


def resolve(
    user: SignedIn,
    found: Dispute,
    resolution: Literal["kept", "changed"],
    score: float | None,
    reason: str,
    tx: Connection,
) -> Dispute:
    """Keep the disputed score, or replace it by another, which is stored as an override."""
    talk = judged_by(user, found.simulation_id, tx)
    review_views.note(found.simulation_id, user.id, tx)  # the learner's reason may reveal the score
    resolved = review_disputes.resolve(found.id, resolution, score, reason, user.id, tx)
    if resolved is None:
        raise Conflict("This dispute is already resolved")
    if score is not None:
        _put(user, found.simulation_id, found.review_id, found.number, score, reason, tx, found.id)
    audit_log.record(
        "dispute.resolve", user.id, about=talk.user_id, subject=found.id, tx=tx, resolution=resolution, score=score
    )
    return resolved


def override(
    user: SignedIn, simulation_id: UUID, review_id: UUID, number: str, score: float, reason: str, tx: Connection
) -> Override:
    """Replace the machine's score, for this version and later ones."""
    talk = judged_by(user, simulation_id, tx)
    _check_number(simulation_id, review_id, number, tx)
    made = _put(user, simulation_id, review_id, number, score, reason, tx)
    audit_log.record(
        "review.override", user.id, about=talk.user_id, subject=simulation_id, tx=tx, number=number, score=score
    )
    return made


def mark(
    user: SignedIn,
    simulation_id: UUID,
    scores: Mapping[str, float],
    competencies: Collection[str],
    tx: Connection,
    *,
    blind: bool,
    notes: str | None,
) -> Mark:
    """Store the user's own scores for `overall`, any of these competencies, or any that reviews of the talk contain."""
    talk = judged_by(user, simulation_id, tx)
    if not scores.keys() <= {OVERALL, *competencies, *reviews.names_of(simulation_id, tx)}:
        raise BadRequest(UNKNOWN)
    try:
        made = review_marks.create(simulation_id, user.id, dict(scores), blind, notes, tx)
    except Duplicate:
        raise Conflict("You have already marked this simulation") from None
    if made is None:
        raise Conflict("You have seen this review's numbers")
    audit_log.record("review.mark", user.id, about=talk.user_id, subject=simulation_id, tx=tx, blind=blind)
    return made


UNKNOWN = "Unknown competency"


def _check_number(simulation_id: UUID, review_id: UUID, number: str, tx: Connection) -> None:
    scores = reviews.scores_of(review_id, simulation_id, tx)
    if scores is None:
        raise NotFound("Review not found")
    if number not in scores:
        raise BadRequest(UNKNOWN)


def _put(
    user: SignedIn,
    simulation_id: UUID,
    review_id: UUID,
    number: str,
    score: float,
    reason: str,
    tx: Connection,
    dispute_id: UUID | None = None,
) -> Override:
    made = review_overrides.create(simulation_id, review_id, number, score, reason, user.id, tx, dispute_id)
    if made is None:
        raise Conflict(f"There are {review_overrides.MOST} overrides of this simulation already, the most there can be")
    return made
