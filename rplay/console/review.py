"""The review of a talk: creating it, reading it beside the transcript, disputing it, and trying the talk again."""

from typing import Annotated, Any
from uuid import UUID

from flask import Blueprint, Response, request
from pydantic import Field

from rplay import db
from rplay.console.forms import Form, FormBody, takes_form, takes_no_fields
from rplay.console.new_talk import difficulty_name, kind_name, own
from rplay.console.rendering import led, link_to, talk_address, to
from rplay.console.rendering import page as rendered
from rplay.console.reviews_shown import told
from rplay.console.transcripts import before, lines_of
from rplay.console.words import N_, gettext
from rplay.db import simulation_origins, simulations, users
from rplay.db.reviews import Review
from rplay.db.sessions import SignedIn
from rplay.db.simulations import Simulation
from rplay.errors import AIError, BadRequest, Conflict, NotFound
from rplay.reviews import judging, shown
from rplay.reviews.numbers import OVERALL, numbers_in
from rplay.reviews.shown import Judged
from rplay.web import reviewing, talks
from rplay.web.auth import acting, signed_in
from rplay.web.body import Text, Title, uuid_of, with_id
from rplay.web.disconnect import while_waited_for
from rplay.web.limits import limited
from rplay.web.parts import parts

bp = Blueprint("review", __name__, url_prefix="/talks/<simulation_id>")

NO_REVIEW = N_("The review could not be made just now. The talk is kept: try again in a minute.")
NOTHING_SAID = N_("You have not said anything in this talk, so there is nothing to review.")
DISPUTED = N_("Your doubt is noted. A trainer looks at it; until then the number stands.")


class Dispute(FormBody):
    review: Title
    number: Title
    reason: Text


class Again(FormBody):
    """The form for another try. `line` is the line from which to continue; 0 is the start."""

    line: Annotated[int, Field(ge=0, le=100_000)] = 0


@bp.get("/review")
@signed_in
@with_id("simulation")
def page(user: SignedIn, simulation_id: UUID) -> Response:
    return _page(user, own(user, simulation_id))


@bp.post("/review")
@signed_in
@limited("ai", "ai_address")
@with_id("simulation")
@takes_no_fields
@while_waited_for
def make(user: SignedIn, simulation_id: UUID) -> Response:
    """Complete the talk if it is still open, and create a review."""
    talk = own(user, simulation_id)
    if not any(line.who == "advisor" for line in lines_of(simulations.history(talk.id))):
        return _page(user, talk, gettext(NOTHING_SAID), 400)
    if talk.completed_at is None:
        talks.complete(user, talk.id, talk.total_xp, {}, None, None)
        talk = own(user, simulation_id)
    try:
        made = reviewing.review(user, talk)
    except (AIError, Conflict):
        return _page(user, talk, gettext(NO_REVIEW), 502)
    _keep_with_the_talk(user, talk, made)
    return to("console.review.page", simulation_id=talk.id)


@bp.post("/disputes")
@signed_in
@with_id("simulation")
@takes_form(Dispute)
def dispute(user: SignedIn, simulation_id: UUID, form: Form[Dispute]) -> Response:
    talk = own(user, simulation_id)
    if form.body is None:
        return _page(user, talk, form.errors.get("reason", gettext("This is not valid.")), 400)
    try:
        with acting(user) as (now, _, tx):
            judging.dispute(now, talk.id, _review_id(form.body.review), form.body.number, form.body.reason, tx)
    except Conflict:
        return _page(user, talk, gettext("You have disputed this number already."), 409)
    return to("console.review.page", simulation_id=talk.id, done="disputed")


@bp.post("/again")
@signed_in
@with_id("simulation")
@takes_form(Again)
def again(user: SignedIn, simulation_id: UUID, form: Form[Again]) -> Response:
    """Begin another talk with the same client, from the start or from one of the advisor's lines."""
    talk = own(user, simulation_id)
    if form.body is None:
        raise BadRequest("Invalid value for line")
    said = before(simulations.history(talk.id), form.body.line) if form.body.line else []
    if said is None:
        raise NotFound("There is no such line")
    return led(talk_address(talks.again(user, talk, said, form.body.line).id))


def _keep_with_the_talk(user: SignedIn, talk: Simulation, made: Review) -> None:
    """Store the review with the talk too, where the web frontend saves and reads it."""
    score = numbers_in(made.review).get(OVERALL)
    link = link_to("console.review.page", simulation_id=talk.id)
    with db.transaction() as tx:
        users.keep(user.id, tx)
        simulations.complete(talk.id, user.id, talk.total_xp, made.review, score, talk.duration_seconds, tx=tx)
        if made.version == 1:
            parts().outbox.put("simulation_completed", user.id, link, tx, score)
    parts().outbox.wake()


def _review_id(text: str) -> UUID:
    found = uuid_of(text)
    if found is None:
        raise BadRequest("Invalid review ID format")
    return found


def _page(user: SignedIn, talk: Simulation, wrong: str | None = None, status: int = 200) -> Response:
    judged = shown.judged(user, talk, parts().data, reviewing.difficulty_in(talk))
    current = next((one for one in judged.reviews if one.id == judged.current), None)
    return rendered(
        "review.html",
        user,
        status,
        talk=talk,
        client=client_name(talk),
        kind=kind_name(parts().data.industry_metadata(), talk.industry, talk.subcategory),
        difficulty=difficulty_name(talk.difficulty),
        review=current,
        told=told(current.review, judged.numbers) if current else None,
        disputes={one.number: one for one in judged.disputes},
        reasons=_reasons(judged),
        lines=lines_of(simulations.history(talk.id)),
        tries=len(simulation_origins.tries_of(talk.id, user.id)),
        wrong=wrong,
        done=gettext(DISPUTED) if request.args.get("done") == "disputed" else None,
    )


def client_name(talk: Simulation) -> str:
    profile: Any = talk.client_profile
    return str(profile.get("name") or gettext("The client")) if isinstance(profile, dict) else gettext("The client")


def _reasons(judged: Judged) -> dict[str, str]:
    """Return, for each score that people replaced, the reason of the newest replacement."""
    return {one.number: one.reason for one in reversed(judged.overrides)}
