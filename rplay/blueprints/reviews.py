"""/api/simulation/:id/reviews: all reviews of a talk, and creating a new one."""

from typing import Annotated
from uuid import UUID

from flask import Blueprint
from pydantic import BeforeValidator

from rplay.db.reviews import Review
from rplay.db.sessions import SignedIn
from rplay.errors import AIError, AINotConfigured, NotConfigured, UpstreamFailed
from rplay.reviews import access, shown
from rplay.reviews.shown import Blind, Judged
from rplay.web import reviewing
from rplay.web.answers import Answer, ok
from rplay.web.auth import signed_in
from rplay.web.body import Query, asks, takes_nothing, with_id
from rplay.web.disconnect import while_waited_for
from rplay.web.limits import limited
from rplay.web.openapi import responds
from rplay.web.parts import parts

bp = Blueprint("reviews", __name__, url_prefix="/api/simulation/<simulation_id>/reviews")


def _yes_or_no(text: str) -> bool:
    if text not in ("true", "false"):
        raise ValueError("true or false")
    return text == "true"


class View(Query):
    blind: Annotated[bool, BeforeValidator(_yes_or_no)] = False


@bp.get("")
@signed_in
@with_id("simulation")
@asks(View)
@responds(200, 403, data=Judged | Blind)
def every(user: SignedIn, simulation_id: UUID, query: View) -> Answer:
    """Return a talk with its reviews and people's judgements, for its owner, their trainers or an admin.

    With `blind` scores and texts of reviews are left out: whoever has seen them can no longer mark the talk blind.
    """
    talk = access.seen_by(user, simulation_id)
    show = shown.blind if query.blind else shown.judged
    return ok(data=show(user, talk, parts().data, reviewing.difficulty_in(talk)))


@bp.post("")
@signed_in
@limited("ai", "ai_address")
@with_id("simulation")
@takes_nothing
@while_waited_for
@responds(201, 403, 409, 502, 503, data=Review)
def create(user: SignedIn, simulation_id: UUID) -> Answer:
    """Create a new review version on the server, which knows the client's life and what stayed hidden."""
    talk = access.seen_by(user, simulation_id)
    try:
        made = reviewing.review(user, talk)
    except AINotConfigured:
        raise NotConfigured("OpenAI API key not configured") from None
    except AIError:
        raise UpstreamFailed("Failed to generate review from AI") from None
    return ok(201, data=made)
