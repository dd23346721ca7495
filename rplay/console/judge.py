"""A trainer's view of a learner's talk: first marked blind, then shown with the machine's scores, which the trainer
may correct.
"""

from typing import Annotated, Any
from uuid import UUID

from flask import Blueprint, Response, request
from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from rplay.console.forms import Form, FormBody, takes_form
from rplay.console.new_talk import difficulty_name, kind_name
from rplay.console.rendering import page as rendered
from rplay.console.rendering import to
from rplay.console.review import client_name
from rplay.console.reviews_shown import told
from rplay.console.transcripts import lines_of
from rplay.console.words import N_, gettext
from rplay.db import simulations
from rplay.db.sessions import SignedIn
from rplay.db.simulations import Simulation
from rplay.errors import Conflict
from rplay.reviews import access, judging, shown
from rplay.reviews.numbers import NUMBERS, OVERALL
from rplay.web import reviewing
from rplay.web.auth import signed_in
from rplay.web.body import Text, Title, problem, uuid_of, with_id
from rplay.web.fields.reviews import Score
from rplay.web.parts import parts

bp = Blueprint("judge", __name__, url_prefix="/talks/<simulation_id>/judge")

DONE = {
    "marked": N_("Your marks are kept. Here are the machine’s numbers beside them."),
    "changed": N_("The number is changed. The learner sees yours and your reason."),
    "answered": N_("The learner reads your answer beside the number."),
}


def _number(text: Any) -> Any:
    """Parse a score that was typed with a point or a comma; None if the field is empty."""
    if not isinstance(text, str) or not text.strip():
        return None
    try:
        return float(text.strip().replace(",", "."))
    except ValueError:
        raise problem("Score must be a number between 1 and 10") from None


Typed = Annotated[Score | None, BeforeValidator(_number)]


def _id(text: str) -> str:
    if uuid_of(text) is None:
        raise problem("Invalid review ID format")
    return text


class Marks(FormBody):
    """The form of a mark. `numbers` (the names) and `scores` correspond one to one; a score may be left out."""

    several = frozenset({"numbers", "scores"})

    numbers: Annotated[list[Title], Field(max_length=NUMBERS, default_factory=list)]
    scores: Annotated[list[Typed], Field(max_length=NUMBERS, default_factory=list)]
    notes: Text | None = None

    @model_validator(mode="after")
    def _some(self) -> "Marks":
        if not self.given():
            raise problem("Missing required fields: scores")
        return self

    def given(self) -> dict[str, float]:
        pairs = zip(self.numbers, self.scores, strict=False)
        return {number: score for number, score in pairs if score is not None}


class Override(FormBody):
    review: Annotated[Title, AfterValidator(_id)]
    number: Title
    score: Annotated[Score, BeforeValidator(_number)]
    reason: Text


class Answer(FormBody):
    """A trainer's answer to a dispute. Without a score the disputed one stays."""

    dispute: Annotated[Title, AfterValidator(_id)]
    score: Typed = None
    reason: Text


@bp.get("")
@signed_in
@with_id("simulation")
def page(user: SignedIn, simulation_id: UUID) -> Response:
    talk = access.seen_by(user, simulation_id)
    if talk.user_id == user.id:
        return to("console.review.page", simulation_id=talk.id)
    return _page(user, talk, request.args.get("numbers") == "shown")


@bp.post("/marks")
@signed_in
@with_id("simulation")
@takes_form(Marks)
def mark(user: SignedIn, simulation_id: UUID, form: Form[Marks]) -> Response:
    """Store a mark: blind if the trainer has not seen the machine's scores yet, else not blind."""
    talk = access.seen_by(user, simulation_id)
    if form.body is None:
        return _page(user, talk, False, gettext("Give at least one number from 1 to 10."), 400)
    known = [one["name"] for one in parts().data.competencies()]
    blind = not shown.blind(user, talk, parts().data, reviewing.difficulty_in(talk)).seen
    try:
        with reviewing.judging(user, talk.id) as (now, tx):
            judging.mark(now, talk.id, form.body.given(), known, tx, blind=blind, notes=form.body.notes)
    except Conflict:
        return _page(user, talk, False, gettext("You have marked this talk already."), 409)
    return to("console.judge.page", simulation_id=talk.id, numbers="shown", done="marked")


@bp.post("/numbers")
@signed_in
@with_id("simulation")
@takes_form(Override)
def override(user: SignedIn, simulation_id: UUID, form: Form[Override]) -> Response:
    talk = access.seen_by(user, simulation_id)
    body = form.body
    if body is None:
        return _page(user, talk, True, next(iter(form.errors.values()), gettext("This is not valid.")), 400)
    with reviewing.judging(user, talk.id) as (now, tx):
        judging.override(now, talk.id, UUID(body.review), body.number, body.score, body.reason, tx)
    return to("console.judge.page", simulation_id=talk.id, numbers="shown", done="changed")


@bp.post("/disputes")
@signed_in
@with_id("simulation")
@takes_form(Answer)
def answer(user: SignedIn, simulation_id: UUID, form: Form[Answer]) -> Response:
    """Resolve a dispute: keep the score or replace it."""
    talk = access.seen_by(user, simulation_id)
    body = form.body
    if body is None:
        return _page(user, talk, True, next(iter(form.errors.values()), gettext("This is not valid.")), 400)
    found = judging.disputed(UUID(body.dispute))
    with reviewing.judging(user, found.simulation_id) as (now, tx):
        judging.resolve(now, found, "kept" if body.score is None else "changed", body.score, body.reason, tx)
    return to("console.judge.page", simulation_id=talk.id, numbers="shown", done="answered")


def _page(user: SignedIn, talk: Simulation, numbers: bool, wrong: str | None = None, status: int = 200) -> Response:
    difficulty = reviewing.difficulty_in(talk)
    blind = shown.blind(user, talk, parts().data, difficulty)
    judged = shown.judged(user, talk, parts().data, difficulty) if numbers or blind.seen else None
    current = next((one for one in judged.reviews if one.id == judged.current), None) if judged else None
    return rendered(
        "judge.html",
        user,
        status,
        talk=talk,
        learner=blind.simulation.learner or gettext("a learner"),
        client=client_name(talk),
        kind=kind_name(parts().data.industry_metadata(), talk.industry, talk.subcategory),
        difficulty=difficulty_name(talk.difficulty),
        lines=lines_of(simulations.history(talk.id)),
        competencies=blind.competencies,
        rubrics=_by_competency(blind.rubrics),
        judged=judged,
        review=current,
        told=told(current.review, judged.numbers) if judged and current else None,
        overall=OVERALL,
        wrong=wrong,
        done=gettext(DONE[done]) if (done := request.args.get("done")) in DONE else None,
    )


def _by_competency(rubrics: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for row in rubrics:
        found.setdefault(str(row.get("competency_name")), []).append(row)
    return found
