"""/api/reviews: the queue of talks to look at, and how far the machine agrees with people."""

from typing import Annotated, Literal

import gevent
from flask import Blueprint
from pydantic import BeforeValidator, Field

from rplay.db import review_marks
from rplay.db.review_queue import Waiting
from rplay.db.sessions import SignedIn
from rplay.reviews import agreement, queue
from rplay.reviews.agreement import Agreements
from rplay.web.answers import Answer, ok
from rplay.web.auth import admin_only, signed_in
from rplay.web.body import Query, asks, problem
from rplay.web.openapi import responds

bp = Blueprint("review_queue", __name__, url_prefix="/api/reviews")

REASONS = ("disputed", "flagged", "unreviewed")


def _reason(text: str) -> str:
    if text not in REASONS:
        raise problem(f"Invalid why. Must be one of: {', '.join(REASONS)}")
    return text


class Wanted(Query):
    why: Annotated[Literal["disputed", "flagged", "unreviewed"], BeforeValidator(_reason)] | None = None
    limit: int = Field(100, ge=1, le=1_000)
    offset: int = Field(0, ge=0, le=2**31)


@bp.get("/queue")
@signed_in
@asks(Wanted)
@responds(200, 403, data=list[Waiting], total=int)
def waiting(user: SignedIn, query: Wanted) -> Answer:
    """Return completed talks to look at: of a trainer's learners, or all for an admin.

    These are disputed, flagged or not judged by anybody. No scores are included, as the talks may be marked blind.
    """
    found = queue.of(user, query.why, query.limit, query.offset)
    return ok(data=found.waiting, total=found.total)


@bp.get("/agreement")
@admin_only
@responds(200, data=Agreements)
def measured(user: SignedIn) -> Answer:  # noqa: ARG001
    """Return the agreement of reviews with blind marks: weighted kappa and mean difference, with 95 % intervals."""
    return ok(data=gevent.get_hub().threadpool.apply(agreement.measured, (review_marks.pairs(),)))
